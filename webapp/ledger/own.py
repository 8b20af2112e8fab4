"""What a unit above departments owes by its own work, read only: its lines, whom one of them covers, and the same of the
units right below [15, 16]. Never part of the sums of the departments."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.ledger import rules
from webapp.ledger.cells import Cell, of_period
from webapp.ledger.lines import Covered, Line
from webapp.ledger.models import LedgerLine
from webapp.ledger.months import SUMS
from webapp.ledger.operations import fold_all
from webapp.ledger.reasons import sentence
from webapp.ledger.touched import Key
from webapp.org.models import Unit
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Duty, Rulebook, Text


@dataclass(frozen=True)
class OwnDuty:
    """An upper duty of a unit in a period with its lines, the oldest first, each with its status."""

    duty: Duty
    lines: tuple[tuple[LedgerLine, str], ...]

    @property
    def cell(self) -> Cell:
        """Its lines summed."""
        return summed(self.lines)

    @property
    def closes_at(self) -> datetime | None:
        """When the next of its open lines closes; of a single one that is closed, when it did."""
        still_open = [line.closes_at for line, status in self.lines if status in (rules.DUE, rules.PARTIAL)]
        if still_open:
            return min(still_open)
        return self.lines[0][0].closes_at if len(self.lines) == 1 else None


@dataclass(frozen=True)
class OwnHalf:
    """The own duties of a unit, and those of the units right below by their codes."""

    duties: list[OwnDuty] = field(default_factory=list)
    below: list[tuple[Unit, dict[str, OwnDuty]]] = field(default_factory=list)
    columns: list[Duty] = field(default_factory=list)  # of the units right below

    @property
    def statuses(self) -> Counter:
        """The unit's own lines by status."""
        return Counter(status for one in self.duties for _, status in one.lines)


@dataclass(frozen=True)
class Member:
    """A unit that a line asks about, and why it does not count."""

    unit: Unit
    covered: Covered
    why: Text | None


def summed(lines: Iterable[tuple[LedgerLine, str]]) -> Cell:
    """Lines of one duty of one unit as a cell; what is not applicable asks for nothing."""
    cell = Cell()
    for line, status in lines:
        unknown = line.applicable and line.required is None
        values = {name: getattr(line, name) or 0 for name in SUMS}
        cell.add(Cell(Counter({status: 1}), unknown_required=unknown, **values))
    return cell


def own_half(session: Session, unit: Unit, period: Period, now: datetime) -> OwnHalf:
    """The own duties of the unit and of those right below it in the period; a fixed number of queries.

    A line stands in the period that holds it: a quarter's with its last month. A department has none of them.
    """
    if unit.level == "department":
        return OwnHalf()
    below = list(
        session.scalars(
            select(Unit).where(Unit.parent_code == unit.code, Unit.level != "department").order_by(Unit.code)
        )
    )
    duties = {code: duty for code, duty in editions_of(session).during(period).items() if duty.upper}
    found = _by_unit(session, [unit, *below], duties, period, now)
    rows = [(one, found[one.code]) for one in below if found[one.code]]
    columns = [duty for code, duty in duties.items() if any(code in cells for _, cells in rows)]
    return OwnHalf(list(found[unit.code].values()), rows, columns)


def _by_unit(
    session: Session, units: list[Unit], duties: dict[str, Duty], period: Period, now: datetime
) -> dict[str, dict[str, OwnDuty]]:
    query = select(LedgerLine).where(
        LedgerLine.unit_code.in_([one.code for one in units]),
        LedgerLine.duty.in_(list(duties)),
        of_period(period),
    )
    lines: dict[tuple[str, str], list] = {}
    for line in session.scalars(query.order_by(LedgerLine.last_day)):
        lines.setdefault((line.unit_code, line.duty), []).append((line, rules.status(line, now)))
    return {
        unit.code: {
            code: OwnDuty(duty, tuple(lines[unit.code, code]))
            for code, duty in duties.items()
            if (unit.code, code) in lines
        }
        for unit in units
    }


def told_anew(session: Session, keys: Iterable[Key], now: datetime) -> dict[Key, Line]:
    """The lines folded anew: only so they say whom they cover. What has no line is left out."""
    return {key: line for _, lines in fold_all(session, keys, now) for key, _, line in lines}


def members(session: Session, line: Line, book: Rulebook) -> list[Member]:
    """Whom the line covers, who is still missing first, then by code; the book is that of the line's period."""
    codes = [one.unit for one in line.covered]
    units = {unit.code: unit for unit in session.scalars(select(Unit).where(Unit.code.in_(codes)))}
    found = [Member(units[one.unit], one, _why(one, book)) for one in line.covered]
    return sorted(found, key=lambda one: (one.covered.counts, one.unit.code))


def _why(one: Covered, book: Rulebook) -> Text | None:
    if not one.reason:
        return None
    return sentence((one.reason, {"done": one.done, "required": one.required}), book)
