"""The last weeks of the units right below one: which share of their closed lines was met. Read only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.ledger.cells import departments_below
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.org.queries import child_path
from webapp.rulebook.periods import Period, period_of

WEEKS = 8


@dataclass(frozen=True)
class WeekShare:
    """Of a week and its days: the lines that are met, and those met or closed. What is still open is in neither."""

    week: Period
    met: int
    settled: int

    @property
    def share(self) -> float | None:
        """The share that was met; None where nothing was owed."""
        return self.met / self.settled if self.settled else None


def weekly_shares(session: Session, unit: Unit, now: datetime) -> dict[str, list[WeekShare]]:
    """{path of the unit right below: its last eight weeks, the oldest first, this one too}; one query."""
    weeks = [period_of("week", local_date(now))]
    while len(weeks) < WEEKS:
        weeks.insert(0, weeks[0].previous())
    week_of = {code: week.code for week in weeks for code in (week.code, *(f"{day}" for day in week.days()))}
    line, child = LedgerLine, child_path(session, unit)
    settled = and_(line.applicable, line.met | (line.closes_at <= now))
    sums = [func.sum(case((one, 1), else_=0)) for one in (and_(line.applicable, line.met), settled)]
    # The departments and months by name: then the index leads to their few lines, however long the ledger is.
    codes = select(Unit.code).where(departments_below(unit))
    months = {week.month for week in weeks} | {f"{day:%Y-%m}" for week in weeks for day in week.days()}
    query = (
        select(child, line.period, *sums)
        .join(Unit, Unit.code == line.unit_code)
        .where(line.unit_code.in_(codes), line.month.in_(sorted(months)), line.period.in_(week_of))
        .group_by(child, line.period)
    )
    found: dict[str, dict[str, list[int]]] = {}
    for path, period, *counts in session.execute(query):
        held = found.setdefault(path, {}).setdefault(week_of[period], [0, 0])
        held[0] += int(counts[0])
        held[1] += int(counts[1])
    return {
        path: [WeekShare(week, *by_week.get(week.code, (0, 0))) for week in weeks]
        for path, by_week in found.items()
    }
