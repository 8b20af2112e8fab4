"""QR codes as inline SVG: attributes only, no style, so that a strict content policy lets them be."""

import segno
from markupsafe import Markup

BORDER = 4  # light modules around the code, as ISO/IEC 18004 asks
_SVG = Markup(
    '<svg class="qr" width="264" height="264" viewBox="0 0 {size} {size}" role="img" aria-label="{label}" '
    'shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
)


def svg(text: str, label: str) -> Markup:
    """A QR code of ``text`` as an ``<svg>``, black on white in any colour scheme; ``label`` is read aloud."""
    code = segno.make(text, micro=False, error="m")
    dark = (
        (x + BORDER, y + BORDER)
        for y, row in enumerate(code.matrix)
        for x, module in enumerate(row)
        if module
    )
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
    return _SVG.format(size=code.symbol_size(border=BORDER)[0], label=label, path=path)
