"""Where the columns of somebody's file stand."""

from collections.abc import Callable, Sequence

from webapp.core.problems import Problem
from webapp.formats.tables import Line, Table

HEADER_ROWS = 10  # a title or two may stand above the header


def located(
    table: Table, column_of: Callable[[str], str | None], needed: Sequence[str], reason: str
) -> tuple[dict[str, int], list[Line]]:
    """Where each known column stands, and the lines below the header; a title above it is passed over.

    Raises ``bad-file`` with ``reason`` where no line names all that is ``needed``.
    """
    lines = [(table.header_line, table.header), *table.rows]
    for place, (_, cells) in enumerate(lines[:HEADER_ROWS]):
        columns: dict[str, int] = {}
        for index, cell in enumerate(cells):
            if (name := column_of(cell)) is not None:
                columns.setdefault(name, index)
        if all(name in columns for name in needed):
            return columns, lines[place + 1 :]
    raise Problem("bad-file", {"file": reason})
