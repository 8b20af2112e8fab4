"""Whether a unit's month can be signed: all its lines are there and closed, and the units below are signed first [DOMAIN2 D]."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.ledger import rules
from webapp.ledger.cells import status_case
from webapp.ledger.models import LedgerClock, LedgerLine, LineSupplement
from webapp.org.models import Unit
from webapp.rulebook.periods import parse_period
from webapp.signing.models import MonthSignature


@dataclass(frozen=True)
class Readiness:
    """A unit's month before it is signed: how many lines there are, and how they stand.

    ``closes_at``: when the last open one closes; ``opened``: the month is over and the tick has opened all its lines.
    """

    lines: int = 0
    met: int = 0
    short: int = 0  # closed and not met
    unknown: int = 0  # of these, not to be told
    waiting: int = 0  # due or under way
    open: int = 0  # not closed yet, met or not
    closes_at: datetime | None = None
    opened: bool = False

    @property
    def ready(self) -> bool:
        """Whether it can be signed."""
        return bool(self.lines) and self.opened and not self.open


def readiness(
    session: Session, unit_codes: Collection[str], month: str, now: datetime
) -> dict[str, Readiness]:
    """How the month of each of the units stands, in two queries; a unit without a line in it has none to sign."""
    line, last = LedgerLine, parse_period(month).last
    over = last < local_date(now)
    clocks = (
        dict(session.execute(select(LedgerClock.unit_code, LedgerClock.opened_through)).all()) if over else {}
    )
    waits = line.closes_at > now
    status = status_case(now)
    query = (
        select(
            line.unit_code, func.count(), _count(status == rules.MET),
            _count(status.in_([rules.MISSED, rules.UNKNOWN])), _count(status == rules.UNKNOWN),
            _count(status.in_([rules.DUE, rules.PARTIAL])), _count(waits),
            func.max(case((waits, line.closes_at))),
        )
        .where(line.unit_code.in_(list(unit_codes)), line.month == month)
        .group_by(line.unit_code)
    )  # fmt: skip
    found = dict.fromkeys(unit_codes, Readiness())
    for code, *figures in session.execute(query):
        found[code] = Readiness(*figures, opened=over and clocks.get(code, date.min) >= last)
    return found


def _count(condition):
    return func.sum(case((condition, 1), else_=0))


def unsigned_below(session: Session, unit: Unit, month: str) -> list[Unit]:
    """The units right below that have lines in the month which nobody signed: they come first."""
    signed = select(MonthSignature.unit_code).where(MonthSignature.month == month)
    owing = select(LedgerLine.unit_code).where(LedgerLine.month == month)
    query = select(Unit).where(Unit.parent_code == unit.code, Unit.code.in_(owing), Unit.code.not_in(signed))
    return list(session.scalars(query.order_by(Unit.code)))


def supplemented(session: Session, unit_codes: Collection[str], month: str) -> dict[str, int]:
    """{unit: lines of its signed month that would say something else today}."""
    query = select(LineSupplement.unit_code, func.count()).where(
        LineSupplement.unit_code.in_(list(unit_codes)), LineSupplement.month == month
    )
    return dict(session.execute(query.group_by(LineSupplement.unit_code)).all())
