"""The cells of an .xlsx workbook, read as a stream: what it costs is bounded by what this module allows, not by the file.

A zip of a few kilobytes can hold a row of six million cells or five million texts, so sizes are checked before
anything is unpacked and every part is counted while it is parsed. Only values are read: no formula, link or macro.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from xml.parsers import expat

from webapp.formats.cells import EPOCHS, column_of, format_of, number_shown, unescaped
from webapp.formats.merged import Cells, Range, TooManyError, filled

MAX_UNPACKED = 24 * 1024 * 1024  # all parts together; 20,000 rows of 30 columns take about this much
MAX_TEXTS = 400_000  # distinct texts of the whole workbook
MAX_STYLES = 70_000  # Excel itself allows 64,000
MAX_SHEETS = 255
MAX_ELEMENTS = 2_000_000  # of all parts: real ones have one to a dozen bytes
MAX_COLUMNS = 64  # with something in them
MAX_CLAIMED = 16_384  # with the empty ones: Excel has no more
MAX_LINES = 100_000  # with the empty ones: a sheet may claim that its next row is the millionth
MAX_MERGES = 60_000
_CHUNK = 64 * 1024

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_YES = ("1", "true")


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet with their line numbers, and what of them Excel does not show."""

    lines: list[Cells]
    hidden_lines: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()  # A is 1


class Unreadable(Exception):
    """Why a workbook is not read: ``broken``, ``unpacked``, ``macros``, ``rows`` or ``columns``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def read_workbook(data: bytes, most: int = MAX_LINES) -> Sheet:
    """The first visible sheet that has rows, at most ``most``, as a person sees them; empty rows are left out.

    Numbers have no exponent, those shown with leading zeros keep them, dates are ISO; what a merged range shows stands in
    each row and column of it. Hidden rows and columns are there, and named. Raises :class:`Unreadable`.
    """
    with _opened(data) as book:
        return next((sheet for _, sheet in book.sheets(most)), Sheet([]))


def read_sheets(data: bytes, most: int = MAX_LINES) -> list[tuple[str, Sheet]]:
    """All visible sheets that have rows, by name, each of at most ``most``; as :func:`read_workbook` reads one."""
    with _opened(data) as book:
        return list(book.sheets(most))


@contextmanager
def _opened(data: bytes) -> Iterator["_Workbook"]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield _Workbook(archive)
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile, expat.ExpatError, OSError, EOFError, ValueError, LookupError, RuntimeError, zlib.error,
    ) as error:  # fmt: skip
        # A damaged archive or part, an unknown compression, a password: zipfile has no common error for them.
        raise Unreadable("broken") from error


class _Workbook:
    """An open archive and what its sheets refer to: texts, number formats, the first day of its calendar."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive, self._elements = archive, 0
        # Some programs write backslashes, some other capitals.
        self._parts = {
            part.filename.replace("\\", "/").lstrip("/").lower(): part for part in archive.infolist()
        }
        # The sizes in the directory are binding: zipfile unpacks no more than they say.
        if sum(part.file_size for part in self._parts.values()) > MAX_UNPACKED:
            raise Unreadable("unpacked")
        if any(name.endswith("vbaproject.bin") for name in self._parts):
            raise Unreadable("macros")

    def sheets(self, most: int) -> Iterator[tuple[str, Sheet]]:
        """Name and rows of the visible sheets that have rows."""
        path = next(
            (target for kind, target in self._links("").values() if kind == "officedocument"),
            "xl/workbook.xml",
        )
        links = self._links(path)
        book = _Book()
        self._parse(path, book)
        texts, styles = _Texts(), _Styles()
        for kind, target in links.values():
            if kind in ("sharedstrings", "styles"):
                self._parse(target, texts if kind == "sharedstrings" else styles)
        for name, link in book.visible:
            kind, target = links.get(link, ("", ""))
            if kind == "worksheet":
                read = _Sheet(texts.found, styles.formats(), EPOCHS[book.from_1904])
                if lines := self._rows(target, read, most):
                    yield name, Sheet(lines, frozenset(read.hidden_lines), frozenset(read.hidden_columns))

    def _links(self, path: str) -> dict[str, tuple[str, str]]:
        """{id: (kind, path of the part)} of what the part at ``path`` refers to."""
        folder, _, name = path.rpartition("/")
        links = _Links(folder)
        part = f"{folder}/_rels/{name}.rels".lstrip("/")
        if part.lower() in self._parts:
            self._parse(part, links)
        return links.found

    def _parse(self, path: str, reader: "_Reader") -> None:
        for _ in self._chunks(path, reader):
            pass

    def _rows(self, path: str, sheet: "_Sheet", most: int) -> list[Cells]:
        # All of them before any is given: a sheet names its merged ranges at its end.
        lines: list[Cells] = []
        for _ in self._chunks(path, sheet):
            lines += sheet.ready
            sheet.ready = []
            if len(lines) > most:
                raise Unreadable("rows")
        try:
            return filled(lines, sheet.merges, MAX_COLUMNS)
        except TooManyError as error:
            raise Unreadable("unpacked") from error

    def _chunks(self, path: str, reader: "_Reader") -> Iterator[None]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True

        def start(name: str, attributes: dict[str, str]) -> None:
            self._elements += 1
            if self._elements > MAX_ELEMENTS:
                raise Unreadable("unpacked")
            reader.start(name, attributes)

        parser.StartElementHandler, parser.EndElementHandler = start, reader.end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = _no_doctype
        with self._archive.open(self._parts[path.lower()]) as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
            yield


def _no_doctype(*_) -> None:
    raise Unreadable("broken")  # no office program writes one; entities could be told to grow without end


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


class _Reader:
    """Listens to one part; knows elements by their name without the namespace, which has two spellings."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text, possibly a part of it."""


class _Links(_Reader):
    def __init__(self, folder: str):
        self._folder, self.found = folder, {}

    def start(self, name, attributes):
        if _local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{self._folder}/{target}".lstrip("/")
            self.found[attributes.get("Id", "")] = (
                attributes.get("Type", "").rpartition("/")[2].lower(),
                path,
            )


class _Book(_Reader):
    def __init__(self):
        self.visible: list[tuple[str, str]] = []  # name, and by which link it is found
        self.from_1904 = False

    def start(self, name, attributes):
        if _local(name) == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")
        elif _local(name) == "sheet" and attributes.get("state", "visible") == "visible":
            name = attributes.get("name", "")
            self.visible += [(name, value) for key, value in attributes.items() if key.endswith(" id")]
            if len(self.visible) > MAX_SHEETS:
                raise Unreadable("unpacked")


class _Texts(_Reader):
    """The texts that cells name by their place; the reading marks above Chinese ones (``rPh``) are no part of them."""

    def __init__(self):
        self.found: list[str] = []
        self._parts: list[str] = []
        self._inside = self._beside = False

    def start(self, name, attributes):
        match _local(name):
            case "si":
                self._parts = []
            case "t":
                self._inside = not self._beside
            case "rPh":
                self._beside = True

    def end(self, name):
        match _local(name):
            case "si":
                self.found.append(unescaped("".join(self._parts)))
                if len(self.found) > MAX_TEXTS:
                    raise Unreadable("unpacked")
            case "t":
                self._inside = False
            case "rPh":
                self._beside = False

    def text(self, data):
        if self._inside:
            self._parts.append(data)


class _Styles(_Reader):
    """Number formats by the place of a cell's style."""

    def __init__(self):
        self._codes: dict[str, str] = {}
        self._used: list[str] = []
        self._cells = False

    def start(self, name, attributes):
        match _local(name):
            case "numFmt":
                self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            case "cellXfs":
                self._cells = True
            case "xf" if self._cells:
                self._used.append(attributes.get("numFmtId", "0"))
                if len(self._used) > MAX_STYLES:
                    raise Unreadable("unpacked")

    def end(self, name):
        if _local(name) == "cellXfs":
            self._cells = False

    def formats(self) -> list[tuple[bool, int]]:
        """(is a date, digits to show at least) of each style."""
        known = {number: format_of(number, self._codes.get(number, "")) for number in set(self._used)}
        return [known[number] for number in self._used]


def _unseen(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, by a filter or by hand, or drawn to nothing."""
    said = attributes.get(size)
    return attributes.get("hidden") in _YES or (said is not None and float(said) == 0)


class _Sheet(_Reader):
    """Rows in ``ready`` as they end; merged ranges, and what is hidden, as they are named."""

    def __init__(self, texts: list[str], formats: list[tuple[bool, int]], epoch: datetime):
        self.ready: list[Cells] = []
        self.merges: list[Range] = []
        self.hidden_lines: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._texts, self._formats, self._epoch = texts, formats, epoch
        self._line, self._column = 0, 0
        self._row: dict[int, str] = {}
        self._kind, self._style, self._parts = "n", "", []
        self._inside = self._beside = False

    def start(self, name, attributes):
        match _local(name):
            case "row":
                self._line = max(1, int(attributes.get("r", self._line + 1)))
                self._column, self._row = 0, {}
                if _unseen(attributes, "ht"):
                    self.hidden_lines.add(self._line)
            case "c":
                reference = _REFERENCE.fullmatch(attributes.get("r", ""))
                self._column = column_of(reference[1]) if reference else self._column + 1
                if self._column > MAX_CLAIMED:
                    raise Unreadable("columns")
                self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
                self._parts = []
            case "v" | "t":
                self._inside = not self._beside
            case "rPh":
                self._beside = True
            case "col" if _unseen(attributes, "width"):
                first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
                self.hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def _merge(self, written: str) -> None:
        if place := _RANGE.fullmatch(written):
            self.merges.append((int(place[2]), column_of(place[1]), int(place[4]), column_of(place[3])))
        if len(self.merges) > MAX_MERGES:
            raise Unreadable("unpacked")

    def text(self, data):
        if self._inside:
            self._parts.append(data)

    def end(self, name):
        match _local(name):
            case "v" | "t":
                self._inside = False
            case "rPh":
                self._beside = False
            case "c":
                self._end_cell()
            case "row" if self._row:
                if self._line > MAX_LINES:
                    raise Unreadable("rows")
                last = max(self._row)
                self.ready.append((self._line, [self._row.get(place, "") for place in range(1, last + 1)]))

    def _end_cell(self) -> None:
        written = self._value("".join(self._parts)) if self._parts else ""
        if not written.strip():
            return
        if self._column > MAX_COLUMNS:
            raise Unreadable("columns")
        self._row[self._column] = written

    def _value(self, written: str) -> str:
        match self._kind:
            case "s":
                return self._texts[int(written)]
            case "n":
                style = int(self._style)
                return number_shown(
                    written,
                    *(self._formats[style] if style < len(self._formats) else (False, 0)),
                    self._epoch,
                )
            case "b" | "e" | "d":
                return written
            case _:
                return unescaped(written)
