"""How the ledger's figures are put on a page: order of rows, sums of statuses, shares and their intervals. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.ledger.rules import roll_up

ORDER = ("met", "partial", "due", "unknown", "missed")


@dataclass(frozen=True)
class Overall:
    """A row's lines of all duties together."""

    status: str
    lines: dict[str, int]
    met: int
    applicable: int
    idle: bool


def overall(row) -> Overall:
    """The row summed over its duties: lines by status, never the required numbers, whose measures differ."""
    cells = list(row.cells.values())
    lines: Counter = Counter()
    for cell in cells:
        lines.update(cell.lines or {cell.status: 1})
    applicable = sum(lines[status] for status in ORDER)
    return Overall(
        status=roll_up(lines),
        lines=dict(lines),
        met=lines["met"],
        applicable=applicable,
        idle=applicable > 0 and not any((cell.done or cell.items) and not cell.passive for cell in cells),
    )


def ordered(rows: Iterable) -> list:
    """Rows where nobody did anything first, then by missed and undecided lines, then by code; what has no duty last."""

    def key(row):
        sums = overall(row)
        bad = sums.lines.get("missed", 0) + sums.lines.get("unknown", 0)
        return (sums.applicable == 0, not sums.idle, -bad, row.unit.code)

    return sorted(rows, key=key)


# The worst first; a cell where nothing applies comes last.
WORST = ("missed", "unknown", "due", "partial", "met")


def worst_in(rows: Iterable, duty: str) -> list:
    """Rows by one duty, the worst first: by status, then by what was done of what is required, then by missed lines and code."""

    def key(row):
        cell = row.cells.get(duty)
        if cell is None or cell.status not in WORST:
            return (len(WORST), 0, 0, row.unit.code)
        share = cell.done / max(least(cell), 1)
        return (WORST.index(cell.status), share, -cell.lines["missed"], row.unit.code)

    return sorted(rows, key=key)


def rate(passed: int | None, items: int | None) -> float | None:
    """The share that passed; None where nothing was checked."""
    return passed / items if items else None


def least(cell) -> int:
    """At least how much was required where the whole is not known; 0 where nothing can be said of it.

    What is missed lacks something, whatever the missing volume was: more than was done was required.
    """
    several = sum(cell.lines.values()) > 1
    if cell.status == "missed" and not several:
        return max(cell.required or 0, cell.done + 1)
    return max(cell.required or 0, 1 if cell.status == "missed" else 0)


def bounded(cell) -> bool:
    """Whether the cell's rate has an honest interval: drawn items that nobody knew beforehand or picked."""
    return bool(cell.interval and cell.drawn)
