"""Lines that close at the end of a day and are not met yet, read only: what somebody can still do something about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import end_of_day, local_date
from webapp.ledger.cells import below
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

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
