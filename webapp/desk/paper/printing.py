"""Filled forms as PDF, and what is said of a character that cannot be printed: in which sheet, row and column it stands."""

import re
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from webapp.core.dates import moment_text
from webapp.desk.paper.sheets import Filled, document, on_paper
from webapp.formats.typeset import MissingGlyph, typeset
from webapp.rulebook.forms import Form

TEMPLATE = "form"
_CELL = re.compile(r"sheets\[(\d+)\]\.rows\[(\d+)\]\[(\d+)\]")
_SHEET = re.compile(r"sheets\[(\d+)\]")


def pdf(form: Form, filled: Sequence[Filled], made_at: datetime, language: str) -> bytes:
    """The sheets as one document; raises ``missing-glyph`` with the place in words."""
    sheets = [on_paper(one, language) for one in filled]
    footer = _("Toucha, %(when)s", when=moment_text(made_at, language))
    try:
        return typeset(TEMPLATE, document(sheets, form.title.in_(language), footer, made_at, language))
    except MissingGlyph as missing:
        raise MissingGlyph(missing.character, _in_words(missing.place, sheets)) from missing


def _in_words(place: str, sheets: Sequence[dict]) -> str:
    """``sheets[0].rows[3][1]`` as somebody finds it: the unit, the first cell of the row, the column."""
    sheet = _SHEET.match(place)
    if sheet is None:
        return place
    one = sheets[int(sheet[1])]
    parts = [one["bookmark"]]
    if cell := _CELL.fullmatch(place):
        row, column = one["rows"][int(cell[2])], int(cell[3])
        parts += [row[0], one["columns"][column]] if len(row) > 1 else [row[0]]
    return " · ".join(parts)
