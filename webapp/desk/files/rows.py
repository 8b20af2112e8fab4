"""The rows of a file as they will stand: some at a time, each new, changed or as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

SIZE = 50  # rows of a page
MOST = 2000  # that are shown at once where somebody asks for all
NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Cell:
    """What will stand in a column, in words; ``before`` where that changes."""

    text: str
    before: str | None = None


@dataclass(frozen=True)
class FileRow:
    """A line of the file, what becomes of it, and its cells in the order of the columns."""

    line: int
    state: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Page:
    """Some of ``total`` rows: page ``number`` of ``pages``, or all of them (``number`` 0)."""

    rows: Sequence
    number: int
    pages: int
    total: int

    @property
    def may_show_all(self) -> bool:
        """Whether all fit on one page."""
        return self.number > 0 and SIZE < self.total <= MOST


def page_of(rows: Sequence) -> Page:
    """The rows that this request asks for: ``page=2``, ``page=all``, else the first ones."""
    asked, pages = request.form.get("page", ""), max(1, -(-len(rows) // SIZE))
    if asked == "all" and len(rows) <= MOST:
        return Page(rows, 0, 1, len(rows))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    number = max(1, min(number, pages))
    return Page(rows[(number - 1) * SIZE : number * SIZE], number, pages, len(rows))
