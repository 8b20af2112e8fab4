"""What fell short in a unit's period, read only: closed lines that were not met, by unit right below, duty and cause."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from webapp.ledger import rules
from webapp.ledger.cells import departments_below, of_period, status_case
from webapp.ledger.measures import measure_of
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.org.queries import child_path
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Duty

# Why a closed line is not met: nothing was checked, too little was, not often enough, or its volume is missing.
NOTHING, SHORT, LAPSED, UNDECIDED = CAUSES = ("nothing", "short", "lapsed", "undecided")


@dataclass
class Shortfall:
    """A duty's closed lines that were not met. ``done`` and ``required`` are their sums; ``required`` None: not known."""

    duty: Duty
    causes: dict[str, int] = field(default_factory=dict)  # how many lines for each
    done: int = 0
    required: int | None = 0

    @property
    def lines(self) -> int:
        """How many lines."""
        return sum(self.causes.values())


def shortfalls(session: Session, unit: Unit, period: Period, now: datetime) -> dict[str, list[Shortfall]]:
    """{path of the unit right below (of a department: its own): its shortfalls, in the order of the articles}."""
    path, line = child_path(session, unit), LedgerLine
    cause = case(
        (status_case(now) == rules.UNKNOWN, UNDECIDED),
        (and_(line.done == 0, line.items == 0), NOTHING),
        else_=SHORT,
    ).label("cause")
    unknown = func.sum(case((line.required.is_(None), 1), else_=0))
    query = (
        select(path, line.duty, cause, func.count(), func.sum(line.done), func.sum(line.required), unknown)
        .join(Unit, Unit.code == line.unit_code)
        .where(departments_below(unit), of_period(period), line.applicable, ~line.met, line.closes_at <= now)
        .group_by(path, line.duty, cause)
    )
    duties, found = editions_of(session).during(period), {}
    for child, code, why, *sums in session.execute(query):
        if code in duties:
            one = found.setdefault(child, {}).setdefault(code, Shortfall(duties[code]))
            _add(one, why, *sums)
    order = list(duties)
    return {
        child: sorted(each.values(), key=lambda one: order.index(one.duty.code))
        for child, each in found.items()
    }


def _add(one: Shortfall, cause: str, lines: int, done: int, required: int | None, unknown: int) -> None:
    if cause == SHORT and measure_of(one.duty).lapses:
        cause = LAPSED
    one.causes[cause] = int(lines)
    one.done += int(done)
    one.required = None if unknown or one.required is None else one.required + int(required or 0)
