"""Where the columns of somebody's file stand, and how their headings are compared."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from webapp.core.problems import Problem
from webapp.formats.cells import Figure
from webapp.formats.tables import Line, Table
from webapp.org.exact_names import word

HEADER_ROWS = 10  # a title or two may stand above the header
ColumnOf = Callable[[str], str | None]


def located(
    table: Table, column_of: ColumnOf, needed: Sequence[str], reason: str
) -> tuple[dict[str, int], list[Line]]:
    """Where each known column stands, and the lines below the header; a title above it is passed over.

    Raises ``bad-file`` with ``reason`` where no line names all that is ``needed``.
    """
    lines = [(table.header_line, table.header), *table.rows]
    for place, (_, cells) in enumerate(lines[:HEADER_ROWS]):
        columns = _columns(cells, column_of)
        if not all(name in columns for name in needed):
            continue
        below = lines[place + 1 :]
        # A header of two rows, its cells merged downwards: the second row says more, and is no item.
        if below and all(name in (more := _columns(below[0][1], column_of)) for name in needed):
            return columns | more, below[1:]
        return columns, below
    raise Problem("bad-file", {"file": reason})


def _columns(cells: Sequence[str], column_of: ColumnOf) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if (name := column_of(cell)) is not None:
            columns.setdefault(name, index)
    return columns


def narrowed(table: Table, column_of: ColumnOf, needed: Sequence[str], reason: str) -> Table:
    """The known columns and the lines below the header alone, headed by their codes; raises as :func:`located`.

    Where a column stands twice, once hidden, both are kept: which one is meant is asked.
    """
    columns, lines = located(table, column_of, needed, reason)
    heads = [(table.header_line, table.header), *table.rows][: len(table.rows) + 1 - len(lines)]
    codes = {place: name for name, place in columns.items()}
    if table.hidden_columns:
        codes |= {place: name for place, cell in enumerate(heads[-1][1]) if (name := column_of(cell))}
    places = sorted(codes)
    rows = [(line, [cells[place] if place < len(cells) else "" for place in places]) for line, cells in lines]
    return replace(
        table,
        header=[codes[place] for place in places],
        rows=rows,
        hidden_rows=table.hidden_rows & {line for line, _ in rows},
        hidden_columns=frozenset(places.index(place) for place in table.hidden_columns & set(places)),
    )


def tidy(cell: str) -> str:
    """A cell with one space where there were several, and no control characters; a number stays marked as one."""
    if isinstance(cell, Figure):
        return cell
    return " ".join("".join(char if char.isprintable() else " " for char in cell).split())


def key(text: str) -> str:
    """A header to compare by: half-width, no case, spaces, dashes, underscores or asterisks. Never what a row says."""
    return re.sub(r"[\s_\-:*]+", "", unicodedata.normalize("NFKC", text).casefold())


def by_alias(table: dict[str, str]) -> dict[str, str]:
    """Each code by its aliases and by itself, to look up what :func:`key` gives."""
    return {key(alias): name for name, aliases in table.items() for alias in (name, *aliases.split())}


def by_word(table: dict[str, str]) -> dict[str, str]:
    """The same for the words that a row may say, to look up what :func:`exact_names.word` gives."""
    return {word(alias): name for name, aliases in table.items() for alias in (name, *aliases.split())}
