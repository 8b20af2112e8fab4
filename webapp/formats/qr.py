"""QR codes as SVG: inline in a page, with attributes only and no style, so that a strict content policy lets them be, or as a picture."""

import segno
from markupsafe import Markup

BORDER = 4  # light modules around the code, as ISO/IEC 18004 asks
_SVG = Markup(
    '<svg class="qr" width="264" height="264" viewBox="0 0 {size} {size}" role="img" aria-label="{label}" '
    'shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
)


_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
    '<path d="{path}" fill="#000"/></svg>'
)


def svg(text: str, label: str) -> Markup:
    """A QR code of ``text`` as an ``<svg>``, black on white in any colour scheme; ``label`` is read aloud."""
    size, path = _drawn(text, BORDER)
    return _SVG.format(size=size, label=label, path=path)


def picture(text: str) -> str:
    """A QR code of ``text`` as a file of SVG, black on what lies below it, without a border."""
    size, path = _drawn(text, 0)
    return _PICTURE.format(size=size, path=path)


def _drawn(text: str, border: int) -> tuple[int, str]:
    """Modules of a side, and the path of the dark ones."""
    code = segno.make(text, micro=False, error="m")
    dark = (
        (x + border, y + border)
        for y, row in enumerate(code.matrix)
        for x, module in enumerate(row)
        if module
    )
    return code.symbol_size(border=border)[0], "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
