"""Tables: CSV and XLSX in and out. A file is known by its bytes, never by its name; what is unreadable is ``bad-file``.

Reasons under ``file``: empty, large, rows, columns, encoding, old-excel, broken, quotes (the line stands after a colon).
"""

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice

import openpyxl
import xlsxwriter

from webapp.core.problems import Problem

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_LINES = 100_000  # with the empty ones: a sheet may claim that its next row is the millionth
MAX_UNPACKED = 96 * 1024 * 1024  # what 20,000 rows of 60 columns may come to as XML
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORMULA_TEXT = re.compile(r'="([^"]*)"')  # how exports keep Excel from rounding a number
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """The first row that is not empty, and the others with their line numbers (1 is the file's first line)."""

    header: list[str]
    rows: list[Line]
    header_line: int = 1


def read_table(data: bytes, filename: str = "") -> Table:
    """The table in a CSV (UTF-8 with or without BOM, UTF-16 with one, GB18030; ``,`` ``;`` or tab) or XLSX file.

    Cells are trimmed texts; numbers have no exponent, dates are ISO. Raises ``bad-file``.
    """
    if not data.strip():
        raise _bad("empty")
    if len(data) > MAX_BYTES:
        raise _bad("large")
    if data.startswith(_OLE):
        raise _bad("old-excel")  # the old .xls, and a workbook with a password: both are OLE files
    lines = _sheet_lines(data) if data.startswith(_ZIP) else _text_lines(_decoded(data))
    return _table(lines)


def _bad(reason: str) -> Problem:
    return Problem("bad-file", {"file": reason})


def _table(lines: Iterator[Line]) -> Table:
    rows = []
    for number, cells in lines:
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise _bad("columns")
        if cells:
            rows.append((number, cells))
        if len(rows) > MAX_ROWS + 1 or number > MAX_LINES:
            raise _bad("rows")
    if not rows:
        raise _bad("empty")
    header_line, header = rows[0]
    return Table(header, [(number, _padded(cells, len(header))) for number, cells in rows[1:]], header_line)


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


# ---------------------------------------------------------------- CSV


def _decoded(data: bytes) -> str:
    """Strictly UTF-8 first: a text in GB18030 is almost never valid UTF-8, while the reverse often decodes to noise."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _bad("encoding")


def _text_lines(text: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Above all a quote that is never closed: read loosely it would swallow the rows after it.
            raise _bad(f"quotes:{before + 1}") from error
        yield before + 1, [_cell(cell) for cell in cells]
        before = reader.line_num


def _delimiter(text: str) -> str:
    """The one of ``,`` ``;`` tab that stands most often in the first line that is not empty, outside quotes."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", head)
    return max(",;\t", key=bare.count)


def _cell(text: str) -> str:
    text = text.strip()
    if match := _FORMULA_TEXT.fullmatch(text):
        return match[1].strip()
    # What write_csv protects is read back as it was.
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text


# ---------------------------------------------------------------- XLSX


def _sheet_lines(data: bytes) -> Iterator[Line]:
    _refuse_bombs(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that do not concern us
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
            for number, values in enumerate(
                islice(sheet.iter_rows(values_only=True), MAX_LINES + 1), start=1
            ):
                yield number, [_cell(_text(value)) for value in values]
    except Exception as error:  # the library raises whatever its parsers raise
        raise _bad("broken") from error


def _refuse_bombs(data: bytes) -> None:
    """The sizes in the directory are binding: zipfile reads no more than they say."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _bad("broken") from error
    if size > MAX_UNPACKED:
        raise _bad("large")


def _text(value: object) -> str:
    """A cell as a person sees it in a list: 9876543210987, never 9.87654E+12; 2026-11-20; nothing for an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


# ---------------------------------------------------------------- out


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV that Excel opens in Chinese: UTF-8 with BOM. No cell can be taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (header, *rows):
        writer.writerow([_harmless(cell) for cell in row])
    return codecs.BOM_UTF8 + out.getvalue().encode()


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[object]], name: str = "1") -> bytes:
    """A workbook with one sheet; a text stays a text, whatever it begins with."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 18)
        sheet.write_row(0, 0, header, bold)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    return out.getvalue()
