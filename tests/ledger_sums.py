"""A parent's sums against its children's and against the lines one by one, for any unit and period."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.ledger.cells import SUMS, Cell, cells_below
from webapp.ledger.models import LedgerLine
from webapp.ledger.queries import page
from webapp.ledger.rules import status
from webapp.org.models import Unit
from webapp.rulebook.periods import Period, parse_period

Sums = dict[tuple[str, str], tuple[Counter, Counter]]


def belongs(line: LedgerLine, period: Period) -> bool:
    """Whether a line is summed in the period: its own, its days, its weeks by their Thursday, its months."""
    own = parse_period(line.period)
    if period.kind in ("day", "week"):
        return own.code == period.code or (own.kind == "day" and own.first in period)
    return parse_period(line.month).first in period


Lines = Sequence[tuple[LedgerLine, str]]


def all_lines(session: Session) -> Lines:
    """Every stored line of a department with its path: what those above owe themselves is in no sum of those below."""
    query = select(LedgerLine, Unit.path).join(Unit, Unit.code == LedgerLine.unit_code)
    query = query.where(Unit.level == "department")
    return session.execute(query).all()


def by_hand(lines: Lines, unit: Unit, period: Period, now: datetime) -> Sums:
    """{(child's path, duty): (lines by status, sums)}, line after line."""
    found: Sums = {}
    for line, path in lines:
        if not path.startswith(unit.path) or not belongs(line, period):
            continue
        rest = path.removeprefix(unit.path).split("/")[0]
        key = (f"{unit.path}{rest}/" if rest else path, line.duty)
        counts, sums = found.setdefault(key, (Counter(), Counter()))
        counts[status(line, now)] += 1
        sums.update({name: getattr(line, name) or 0 for name in SUMS})
    return found


def read(cells: dict[tuple[str, str], Cell]) -> Sums:
    """Cells as plain numbers, to compare."""
    return {
        key: (cell.lines, Counter({name: getattr(cell, name) for name in SUMS}))
        for key, cell in cells.items()
    }


def check_sums(session: Session, lines: Lines, unit: Unit, period: Period, now: datetime) -> int:
    """The unit's cells are those of its lines, and its total is the sum of its children's totals; how many cells."""
    cells = cells_below(session, unit, period, now)
    assert read(cells) == by_hand(lines, unit, period, now), (unit.code, period.code, now)
    if unit.level == "department":
        return len(cells)
    total = page(session, unit, period, now).total.cells
    added: dict[tuple[str, str], Cell] = {}
    for child in session.scalars(select(Unit).where(Unit.parent_code == unit.code)):
        for code, cell in page(session, child, period, now).total.cells.items():
            added.setdefault(("", code), Cell()).add(cell)
    mine = {("", code): cell for code, cell in total.items()}
    assert read(mine) == read(added), (unit.code, period.code, now)
    for key, cell in mine.items():
        assert (cell.status, cell.problems) == (added[key].status, added[key].problems), (key, period.code)
    return len(cells)
