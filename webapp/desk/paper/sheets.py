"""Filled forms as sheets: what typst sets on paper, and what goes into a workbook. Of several departments a sheet each."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from webapp.core.clock import LOCAL
from webapp.core.dates import day_text, moment_text
from webapp.desk.paper.values import Value
from webapp.formats import sheets as workbook
from webapp.rulebook.forms import Column, Form

_WORD = re.compile(r"[!-~]+")
Values = dict[str, Value]
# How wide a column wants to be, in digits: at least, at most, at most of long texts; a head breaks into so many lines.
NARROW, BROAD, WIDE, HEAD_LINES = 6, 14, 26, 4


@dataclass(frozen=True)
class Part:
    """Rows that belong together, such as those of one check. ``head``: what the form's head says of these alone."""

    title: str
    head: Values
    rows: Sequence[Values]


@dataclass(frozen=True)
class Filled:
    """A form about one unit. ``head``: of all parts together; ``notes``: what stands below the table."""

    form: Form
    unit: str
    head: Values
    parts: Sequence[Part]
    notes: Sequence[str] = ()


# ---------------------------------------------------------------- paper


def on_paper(filled: Filled, language: str) -> dict:
    """The sheet as ``templates/paper/form.typ`` takes it. Several parts have a line above each, a row of one cell."""
    form = filled.form
    rows: list[list[str]] = []
    for part in filled.parts:
        if len(filled.parts) > 1:
            rows.append([part.title])
        rows += [[written(cell, language) for cell in form.cells(row)] for row in part.rows]
    heads = [column.title.in_(language) for column in form.columns]
    fields = zip(form.head, form.fields(filled.head), strict=True)
    return {
        "title": form.title.in_(language),
        "bookmark": filled.unit,
        "head": [[field.title.in_(language), written(value, language, field.source)] for field, value in fields],
        "columns": heads,
        "widths": widths(form.columns, heads, [row for row in rows if len(row) > 1]),
        "figures": [n for n, column in enumerate(form.columns) if column.figure],
        "rows": rows,
        "notes": list(filled.notes),
    }  # fmt: skip


def document(sheets: Iterable[dict], title: str, footer: str, made_at: datetime, language: str) -> dict:
    """Several sheets as one document."""
    at = made_at.astimezone(LOCAL).isoformat(timespec="seconds")
    return {"title": title, "language": language, "made_at": at, "footer": footer, "sheets": list(sheets)}


def written(value: Value, language: str, source: str = "") -> str:
    """A cell in words; nothing of None. ``source`` ``months`` writes days as their months."""
    if value is None:
        return ""
    if isinstance(value, list):
        return _span(value, language, months=source == "months")
    if isinstance(value, datetime):
        return moment_text(value, language)
    return day_text(value, language) if isinstance(value, date) else str(value)


def _span(days: list[date], language: str, months: bool) -> str:
    said = [_month(day, language) if months else day_text(day, language) for day in days]
    return "" if not said else said[0] if len(said) == 1 else f"{said[0]} – {said[-1]}"


def _month(day: date, language: str) -> str:
    return f"{day.year}年{day.month}月" if language == "zh" else f"{day.year}-{day.month:02}"


def widths(columns: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """How much of the line each column gets, in digits: by its texts, and so that its head breaks into few lines."""
    found = []
    for n, (column, head) in enumerate(zip(columns, heads, strict=True)):
        most = WIDE if column.wide else BROAD
        texts = max((digits(row[n]) for row in rows), default=0)
        word = max(len(one) for one in _WORD.findall(head)) + 1 if _WORD.search(head) else 0  # it is in bold
        found.append(max(NARROW, min(most, texts), math.ceil(digits(head) / HEAD_LINES), word))
    return found


def digits(text: str) -> int:
    """How many digits a text is as wide as: a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


# ---------------------------------------------------------------- workbook


def in_book(filled: Filled, language: str) -> workbook.Sheet:
    """The sheet of a workbook: the form's columns in their order, then what its head says of each row."""
    form = filled.form
    known = {column.source for column in form.columns}
    beside = [field for field in form.head if field.source and field.source not in known]
    header = [column.title.in_(language) for column in (*form.columns, *beside)]
    return workbook.Sheet(filled.unit, _once(header), _rows(filled, beside, language))


def _once(header: list[str]) -> list[str]:
    """No two columns are called alike: Excel's filters ask for it."""
    return [name if name not in header[:n] else f"{name} ({n + 1})" for n, name in enumerate(header)]


def _rows(filled: Filled, beside: Sequence[Column], language: str) -> Iterator[list]:
    for part in filled.parts:
        said = filled.head | part.head
        more = [_cell(said.get(field.source), language, field.source) for field in beside]
        for row in part.rows:
            yield [*(_cell(value, language) for value in filled.form.cells(row)), *more]


def _cell(value: Value, language: str, source: str = "") -> object:
    """Days and instants as Excel's own; of a list of days the one that it holds."""
    if isinstance(value, list) and len(value) == 1 and source != "months":
        value = value[0]
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).replace(tzinfo=None, second=0, microsecond=0)
    return written(value, language, source) if isinstance(value, list) else value
