"""Which units a tick has to open lines of. Of the clock the fold sees the day alone, so a unit is due once a day.

Whatever a fact moves is counted in the fact's transaction. By themselves lines change only with the local day: a period begins, an
edition comes into force, an open line stands as of the next day. A rule, calendar or setting moves the lines that are there and
may want others: it lets the tick look again at once (:func:`look_again`). A release that counts otherwise has another fold.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from webapp.core.clock import end_of_day, local_date
from webapp.ledger.models import LedgerClock
from webapp.org.models import Unit

# Which way of counting the stored lines were folded by. A release that counts otherwise gives it another number, and
# the first tick after it computes every line anew.
FOLD = 3


def _due(now: datetime) -> ColumnElement[bool]:
    """A part for each index. What lies beyond today's end was written by a clock that was wrong: it is due, too."""
    return or_(
        LedgerClock.due_at.is_(None),
        LedgerClock.due_at <= now,
        LedgerClock.due_at > end_of_day(local_date(now)),
        LedgerClock.fold < FOLD,
        LedgerClock.fold > FOLD,
    )


def due_units(session: Session, now: datetime) -> list[str]:
    """Codes of the units whose lines have to be opened, those below before those above; new ones included."""
    begun = select(LedgerClock.unit_code).where(LedgerClock.unit_code == Unit.code)
    codes = [
        *session.scalars(select(LedgerClock.unit_code).where(_due(now))),
        *session.scalars(select(Unit.code).where(~begun.exists())),
    ]
    if not codes:
        return []
    upwards = select(Unit.code).order_by(func.length(Unit.path).desc(), Unit.code)
    wanted = set(codes)
    return [code for code in session.scalars(upwards) if code in wanted]


def is_due(session: Session, unit_code: str, now: datetime) -> bool:
    """Whether it still is, asked under the lock of its journal: another tick may have been there."""
    begun = session.scalar(select(LedgerClock.unit_code).where(LedgerClock.unit_code == unit_code))
    query = select(LedgerClock.unit_code).where(LedgerClock.unit_code == unit_code, _due(now))
    return begun is None or session.scalar(query) is not None


def look_again(session: Session, unit_codes: Collection[str]) -> None:
    """The next tick opens the lines of these units, whatever the hour: what binds them has changed. Before lines are folded."""
    again = update(LedgerClock).where(LedgerClock.unit_code.in_(unit_codes))
    session.execute(again.values(due_at=None))


def fault(clock: LedgerClock | None) -> str | None:
    """What is wrong with the instant that is stored for a unit, which would keep the tick from it."""
    if clock is None or clock.due_at is None or clock.due_at <= end_of_day(clock.opened_through):
        return None
    return f"{clock.unit_code}: opened through {clock.opened_through}, but due only at {clock.due_at.isoformat()}"
