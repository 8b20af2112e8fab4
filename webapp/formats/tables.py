"""Tables: CSV and XLSX in and out. A file is known by its bytes, never by its name; what is unreadable is ``bad-file``.

Reasons under ``file``: empty, large, unpacked, rows, columns, encoding, old-excel, macros, broken, quotes (the line stands
after a colon).
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from webapp.core.budgets import UNPACKING
from webapp.core.problems import Problem
from webapp.formats.cells import Figure
from webapp.formats.sheets import DayFormats, Sheet, write_book
from webapp.formats.workbooks import MAX_COLUMNS, MAX_LINES, Sheet as ReadSheet, Unreadable, read_workbook

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SNIFFED = 40  # lines from which the delimiter is told
_BETWEEN = re.compile(r'"[^"]*"|[（(][^（）()]*[）)]')  # a comma in quotes or brackets delimits nothing
_SEPARATOR = re.compile(r'"?sep=([,;\t])"?', re.IGNORECASE)  # the first line of what Excel exports for itself
_FORMULA_TEXT = re.compile(r'="([^"]*)"')  # how exports keep Excel from rounding a number
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """The first row that is not empty, and the others with their line numbers (1 is the file's first line).

    ``hidden_rows`` (line numbers) and ``hidden_columns`` (places, the first is 0) hold something that Excel does not show:
    whoever imports asks whether they are meant (:meth:`visible`, :meth:`whole`).
    """

    header: list[str]
    rows: list[Line]
    header_line: int = 1
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @property
    def hides(self) -> bool:
        """Whether there is anything that a person does not see."""
        return bool(self.hidden_rows or self.hidden_columns)

    def whole(self) -> "Table":
        """All of it, the hidden rows and columns too."""
        return replace(self, hidden_rows=frozenset(), hidden_columns=frozenset())

    def visible(self) -> "Table":
        """What a person sees. The header is read where it is hidden, too: it says what the columns are."""
        rows = [(line, self._seen(cells)) for line, cells in self.rows if line not in self.hidden_rows]
        return replace(self.whole(), header=self._seen(self.header), rows=rows)

    def _seen(self, cells: list[str]) -> list[str]:
        return [cell for place, cell in enumerate(cells) if place not in self.hidden_columns]


def read_table(data: bytes, filename: str = "") -> Table:
    """The table in a CSV (UTF-8 with or without BOM, UTF-16 with one, GB18030; ``,`` ``;`` or tab) or XLSX file:
    of a workbook the first visible sheet that has rows.

    Cells are trimmed texts; numbers have no exponent, dates are ISO. Raises ``bad-file``.
    """
    if len(data) > MAX_BYTES:
        raise _bad("large")
    with UNPACKING.using(UNPACKING.total):  # the worst of eight megabytes takes a hundred
        return _read(data)


def _read(data: bytes) -> Table:
    if not data.strip():
        raise _bad("empty")
    if data.startswith(_OLE):
        raise _bad("old-excel")  # the old .xls, and a workbook with a password: both are OLE files
    if not data.startswith(_ZIP):
        return _table(_text_lines(_decoded(data)))
    try:
        return _of_sheet(read_workbook(data, MAX_ROWS + 1))
    except Unreadable as error:
        raise _bad(error.reason) from error


def _bad(reason: str) -> Problem:
    return Problem("bad-file", {"file": reason})


def _of_sheet(sheet: ReadSheet) -> Table:
    table = _table((line, [_cell(cell) for cell in cells]) for line, cells in sheet.lines)
    used = {place for _, cells in table.rows for place, cell in enumerate(cells) if cell}
    return replace(
        table,
        hidden_rows=sheet.hidden_lines & {line for line, _ in table.rows},
        hidden_columns=frozenset(used & {place - 1 for place in sheet.hidden_columns}),
    )


def _table(lines: Iterable[Line]) -> Table:
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
    first, _, rest = text.partition("\n")
    told = _SEPARATOR.fullmatch(first.strip("\r"))
    body, before = (rest, 1) if told else (text, 0)
    reader = csv.reader(
        io.StringIO(body, newline=""), delimiter=told[1] if told else _delimiter(text), strict=True
    )
    skipped = before
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Above all a quote that is never closed: read loosely it would swallow the rows after it.
            raise _bad(f"quotes:{before + 1}") from error
        if len(cells) > MAX_LINES:  # empty ones too: a line of nothing but commas
            raise _bad("columns")
        yield before + 1, [_cell(cell) for cell in cells]
        before = reader.line_num + skipped


def _delimiter(text: str) -> str:
    """The one of ``,`` ``;`` tab that most of the first lines have, and if several, have most often.

    Not the first line alone: that is often a title with a comma of its own (``投递清单,2026年11月20日``).
    """
    lines = [_BETWEEN.sub("", line) for line in islice(_filled(text), _SNIFFED)]
    return max(",;\t", key=lambda mark: _spread([line.count(mark) for line in lines]))


def _filled(text: str) -> Iterator[str]:
    return (line for line in io.StringIO(text, newline=None) if line.strip())


def _spread(counts: Sequence[int]) -> tuple[int, int]:
    """In how many lines something stands, and how often in most of them."""
    found = Counter(count for count in counts if count)
    return found.total(), max(found, key=lambda count: (found[count], count), default=0)


def _cell(text: str) -> str:
    if isinstance(text, Figure):
        return text
    text = text.strip()
    if match := _FORMULA_TEXT.fullmatch(text):
        return match[1].strip()
    # What write_csv protects is read back as it was.
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text


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


def write_xlsx(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    name: str = "1",
    formats: DayFormats | None = None,
) -> bytes:
    """A workbook with one sheet; a text stays a text, whatever it begins with."""
    return write_book([Sheet(name, header, rows)], formats)
