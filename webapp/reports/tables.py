"""Tables of a document as values: each figure with a code, what it says, and what it stands on. Pure.

Frozen they are plain JSON without a fraction (a share is two whole numbers, an interval two of a thousand), so that the same
figures always have the same canonical text.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from webapp.core.dates import day_text
from webapp.rulebook.texts import Text

# What a column says: a count, so many of so many, their share, an interval in thousandths, a word, a day.
SORTS = ("count", "of", "rate", "interval", "text", "day")
NONE = "—"
TOTAL = "total"


@dataclass(frozen=True)
class Column:
    """A column by its code."""

    code: str
    title: Text
    sort: str = "count"


@dataclass(frozen=True)
class Cell:
    """A figure: ``value``, of ``of`` where it is a part; None: there is none.

    ``lines``: keys of the ledger's lines that it stands on; ``at``: where else its origin is seen (a path of the desk).
    """

    value: object = None
    of: int | None = None
    lines: tuple[str, ...] = ()
    at: str | None = None


@dataclass(frozen=True)
class Row:
    """A row by its key (a unit's code, a duty's, ``total``)."""

    key: str
    title: Text
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A table by its code; ``none``: what is said instead where it has no row."""

    code: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    none: Text = Text("没有记录。", "None.")

    def frozen(self) -> dict:
        """As plain JSON."""
        return {
            "code": self.code,
            **self.title.as_dict(),
            "columns": [{"code": one.code, "sort": one.sort, **one.title.as_dict()} for one in self.columns],
            "rows": [
                {"key": row.key, **row.title.as_dict(), "cells": [_frozen(cell) for cell in row.cells]}
                for row in self.rows
            ],
            "none": self.none.as_dict(),
        }


def _frozen(cell: Cell) -> dict:
    value = cell.value
    if isinstance(value, Text):
        value = value.as_dict()
    elif isinstance(value, tuple):
        value = list(value)
    elif hasattr(value, "isoformat"):
        value = value.isoformat()
    said = {"v": value, "of": cell.of, "lines": list(cell.lines), "at": cell.at}
    return {name: one for name, one in said.items() if one not in (None, [])}


# ---------------------------------------------------------------- figures of frozen tables


@dataclass(frozen=True)
class Figure:
    """One figure of a frozen table by its code, with its row and column in words."""

    code: str
    table: Mapping
    row: Mapping
    column: Mapping
    cell: Mapping

    @property
    def said(self) -> Text:
        """What it says."""
        return said(self.cell, self.column["sort"])

    @property
    def title(self) -> Text:
        """``宝力根街道投递部：到点检查``."""
        return Text(f"{self.row['zh']}：{self.column['zh']}", f"{self.row['en']}: {self.column['en']}")


def figures_in(tables: Iterable[Mapping]) -> Iterator[Figure]:
    """Every figure of the tables that has something to say of itself; days and words too."""
    for table in tables:
        for row in table["rows"]:
            for column, cell in zip(table["columns"], row["cells"], strict=True):
                yield Figure(f"{table['code']}.{row['key']}.{column['code']}", table, row, column, cell)


def said(cell: Mapping, sort: str) -> Text:
    """What a frozen cell says, in both languages."""
    value, of = cell.get("v"), cell.get("of")
    if sort == "rate":
        text = share_text(value, of) if of else NONE
        return Text(text, text)
    if value is None:
        return Text(NONE, NONE)
    if sort == "text":
        return Text(value["zh"], value["en"]) if isinstance(value, Mapping) else Text(str(value), str(value))
    if sort == "day":
        return Text(_day(value, "zh"), _day(value, "en"))
    if sort == "interval":
        low, high = (f"{one / 10:.1f}" for one in value)
        return Text(f"{low}%–{high}%", f"{low}–{high} %")
    text = f"{value:,}" if of is None else f"{value:,}/{of:,}"
    return Text(text, text)


def _day(value: str, language: str) -> str:
    return day_text(date.fromisoformat(value), language)


def share_text(top: int, bottom: int) -> str:
    """``98.5%``: to a tenth; never rounds up to 100 % or down to 0 % what is not quite so."""
    tenths = (top * 2000 + bottom) // (bottom * 2)
    if top < bottom:
        tenths = min(tenths, 999)
    if top:
        tenths = max(tenths, 1)
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"
