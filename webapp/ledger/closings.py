"""When lines close, of many units at once, read only: what closes today and is not met, and how long a day's draw is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core.clock import end_of_day, local_date
from webapp.ledger.cells import below
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.rulebook.periods import period_of
from webapp.rulebook.queries import editions_of

MONTHS = 13  # no line closes more than a year after the month it belongs to


@dataclass(frozen=True)
class OpenLine:
    """A line of a unit that closes at midnight. ``required``: None where its volume is missing."""

    unit_code: str
    duty: str
    period: str
    done: int
    required: int | None


def closing_today(session: Session, unit: Unit, now: datetime) -> list[OpenLine]:
    """The open lines of the unit and all below it that close before this day is over, by unit and duty; one query."""
    line = LedgerLine
    months = [period_of("month", local_date(now)).next()]
    while len(months) <= MONTHS:
        months.append(months[-1].previous())
    query = (
        select(line.unit_code, line.duty, line.period, line.done, line.required)
        .join(Unit, Unit.code == line.unit_code)
        .where(below(unit), line.month.in_([month.code for month in months]))
        .where(line.closes_at > now, line.closes_at <= end_of_day(local_date(now)))
        .where(line.applicable, ~line.met)
        .order_by(line.unit_code, line.duty, line.period)
    )
    return [OpenLine(*row) for row in session.execute(query)]


def draws_close(session: Session, paths: Iterable[str], day: date) -> dict[str, datetime]:
    """{code of a department at or below the paths: when the last line closes that is checked on the draws of the day}; one query."""
    duties = [duty.code for duty in editions_of(session).on(day).duties.values() if duty.sampled]
    line = LedgerLine
    query = (
        select(line.unit_code, func.max(line.closes_at))
        .join(Unit, Unit.code == line.unit_code)
        .where(within(paths), line.duty.in_(duties), line.period == day.isoformat(), line.applicable)
        .group_by(line.unit_code)
    )
    return dict(session.execute(query).all())
