"""Documents as PDF/A-2b by typst: a template of ours, and data that are only ever data.

Text from outside reaches typst as JSON and is drawn as it stands, whatever markup it looks like. The fonts are ours and no
others, so that a document looks alike on every server, and the same data give the same bytes.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import typst

from webapp.core.problems import Problem
from webapp.formats import qr
from webapp.formats.glyphs import characters_of
from webapp.settings import ROOT, folder

TEMPLATES = Path(folder("templates")) / "paper"
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
WEIGHTS = ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf")
# They only turn the direction of what stands between them, and no writing that runs from right to left can be drawn here.
_TURNING = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
# What is never drawn: ends of lines, and what only says how to join, break or vary the character before it.
_UNSEEN = {*map(ord, "\t\n\r\x85\u2028\u2029\xad\u200b\u200c\u200d\u2060\ufeff"), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}  # fmt: skip


class FontError(RuntimeError):
    """The server has no font to write with."""


class TemplateError(RuntimeError):
    """A template of ours is wrong; the text is typst's."""


class MissingGlyph(Problem):
    """A character that the font cannot draw: ``character``, and ``place`` in the data, as in ``sheets[0].rows[3][1]``."""

    def __init__(self, character: str, place: str):
        self.character, self.place = character, place
        shown = character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        super().__init__("missing-glyph", character=shown, point=f"U+{ord(character):04X}", place=place)


class _Pen(NamedTuple):
    fonts: typst.Fonts
    drawn: frozenset[int]


def typeset(template: str, data: Mapping[str, object]) -> bytes:
    """The PDF of ``templates/paper/<template>.typ`` with ``data`` (what JSON can hold).

    ``data`` has at least ``title``, ``language`` (``zh`` or ``en``) and ``made_at`` (ISO, with its offset), which become the
    document's own; of a ``digest`` the template finds the QR code under ``qr``. Raises :class:`MissingGlyph`,
    :class:`FontError` and :class:`TemplateError`.
    """
    made_at = datetime.fromisoformat(str(data["made_at"]))
    pen = _pen()
    told = _printable(data, pen.drawn)
    if told.get("digest"):
        told["qr"] = qr.picture(told["digest"])
    try:
        return typst.compile(
            str(TEMPLATES / f"{template}.typ"), root=str(TEMPLATES), font_paths=pen.fonts, ignore_system_fonts=True,
            format="pdf", pdf_tags=False, pdf_standards="a-2b", timestamp=int(made_at.timestamp()), sys_inputs={"data": json.dumps(told)},
        )  # fmt: skip
    except RuntimeError as error:  # typst raises its own, and plain ones of a file that is not there
        raise TemplateError(f"{template}: {getattr(error, 'diagnostic', error)}") from error


@cache
def _pen() -> _Pen:
    files = [FONTS / name for name in WEIGHTS]
    if missing := [str(file) for file in files if not file.is_file()]:
        raise FontError(f"No font to write PDF with: {', '.join(missing)}. Run: python3 run.py prepare")
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(file.parent) for file in files],
    )
    drawn = frozenset.intersection(*(characters_of(file.read_bytes()) for file in files))
    return _Pen(fonts, drawn | _UNSEEN)


def _printable(value: object, drawn: frozenset[int], place: str = "") -> object:
    """``value`` with its texts as they can be drawn."""
    if isinstance(value, str):
        text = value.translate(_TURNING)
        for character in text:
            if ord(character) not in drawn:
                raise MissingGlyph(character, place)
        return text
    if isinstance(value, Mapping):
        return {key: _printable(one, drawn, f"{place}.{key}".lstrip(".")) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one, drawn, f"{place}[{n}]") for n, one in enumerate(value)]
    return value
