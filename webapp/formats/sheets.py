"""Workbooks out: a head that stays in sight, columns as wide as what they hold, days and instants as Excel's own."""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

WIDEST = 60  # characters; a longer text is broken into lines
NARROWEST = 6
_FIRST_YEAR = 1900  # Excel knows no day before it
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_A4 = 9
# A text stays a text, whatever it begins with.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Share(float):
    """A share of 1, shown in percent."""


NAME = 31  # characters in the name of a sheet


@dataclass(frozen=True)
class Sheet:
    """One sheet. A cell is a text, a number, a :class:`Share`, a date, an instant in local time without a zone, or None."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


@dataclass(frozen=True)
class DayFormats:
    """How Excel shows a day and an instant."""

    day: str = "yyyy-mm-dd"
    instant: str = "yyyy-mm-dd hh:mm"


def write_book(sheets: Iterable[Sheet], formats: DayFormats | None = None) -> bytes:
    """A workbook with these sheets, each with a filter on its head; it prints one page wide with the head repeated."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        looks = _looks(book, formats or DayFormats())
        taken: set[str] = set()
        for one in sheets:
            _fill(book.add_worksheet(_free_name(one.name, taken)), one, looks)
    return out.getvalue()


def _free_name(name: str, taken: set[str]) -> str:
    """The sheet's name as Excel takes it: two of one name, however they are written, are told apart by a number."""
    plain = _NOT_IN_A_NAME.sub(" ", name).strip("'")[:NAME].rstrip("'")
    found, number = plain, 1
    while found.lower() in taken:
        number += 1
        end = f" ({number})"
        found = plain[: NAME - len(end)] + end
    taken.add(found.lower())
    return found


def _looks(book: xlsxwriter.Workbook, formats: DayFormats) -> dict:
    """A cell's format by what it holds."""
    body, left = {"valign": "top"}, {"align": "left", "valign": "top"}
    looks = {
        "head": {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF0", "bottom": 1},
        "text": body,
        "long": {**body, "text_wrap": True},
        "share": {**body, "num_format": "0.0%"},
        "day": {**left, "num_format": formats.day},
        "instant": {**left, "num_format": formats.instant},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _fill(sheet, one: Sheet, looks: dict) -> None:
    widths = [_width(title) + 3 for title in one.header]  # room for the filter's arrow
    last = 0
    sheet.write_row(0, 0, one.header, looks["head"])
    for last, row in enumerate(one.rows, start=1):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], _write(sheet, last, column, cell, looks))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, max(NARROWEST, min(width, WIDEST)))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(one.header) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _write(sheet, row: int, column: int, cell: object, looks: dict) -> int:
    """Write one cell; how wide it wants to be."""
    if isinstance(cell, date) and cell.year < _FIRST_YEAR:
        cell = cell.isoformat()
    if cell is None or cell == "":
        return 0
    if isinstance(cell, date):
        instant = isinstance(cell, datetime)
        sheet.write_datetime(row, column, cell, looks["instant" if instant else "day"])
        return 19 if instant else 13
    if isinstance(cell, int | float):
        sheet.write_number(row, column, cell, looks["share" if isinstance(cell, Share) else "text"])
        return len(f"{cell:g}") + 2
    text = str(cell)
    width = max((_width(line) for line in text.split("\n")), default=0) + 2
    sheet.write_string(row, column, text, looks["long" if width > WIDEST or "\n" in text else "text"])
    return width


def _width(text: str) -> int:
    """How many columns of a fixed font a text takes: a Chinese character is two wide."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
