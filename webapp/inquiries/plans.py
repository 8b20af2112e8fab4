"""Plans of special checks as pages show them: where each stands, who was called at by whom, and what is left; read only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.campaigns.queries import steps_of
from webapp.campaigns.rules import RUNNING, Plan, Step, plans_of
from webapp.core.clock import local_date
from webapp.ledger import inputs
from webapp.ledger.lines import Check, Covered
from webapp.ledger.measures.plan import Carried
from webapp.org.models import Person, Role, Unit
from webapp.org.names import shown_name
from webapp.org.queries import within
from webapp.org.rules import CARRIER
from webapp.rulebook.periods import NOT_SET, Period, period_of
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Duty

SHORTEST = "quarter"  # the period to which a plan belongs where nothing else is said
MOST_PEOPLE = 500  # who can be proposed for a team


@dataclass(frozen=True)
class Progress:
    """A plan with how far it is: ``units`` as its line counts them; ``checks`` of each, those below it included."""

    plan: Plan
    state: str
    duty: Duty | None
    period: Period
    units: tuple[Covered, ...] = ()
    checks: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)
    days_left: int = 0  # of the days on which one checks, today included

    @property
    def counting(self) -> int:
        """How many of its units are done."""
        return sum(one.counts for one in self.units if not one.left)

    @property
    def asked(self) -> int:
        """How many there are."""
        return sum(not one.left for one in self.units)


def progress(session: Session, unit: Unit, plans: Iterable[Plan], now: datetime) -> list[Progress]:
    """Each of the unit's plans with what was done for it until now; the queries do not depend on how many there are."""
    plans, today = list(plans), local_date(now)
    if not plans:
        return []
    editions = editions_of(session)
    duty = planned_duty(session, unit)
    kind = SHORTEST if duty is None or duty.period == NOT_SET else duty.period
    periods = {plan.id: period_of(kind, plan.report_day) for plan in plans}
    if duty is None:
        return [Progress(one, one.state(today), None, periods[one.id]) for one in plans]
    material = inputs.load(session, unit, [(duty, period) for period in periods.values()], today, editions)
    found = []
    for plan in plans:
        period = periods[plan.id]
        cut = material.cut(duty, period, editions.on(period.first))
        done = Carried.of(plan, duty, period, cut)
        checks = {
            code: tuple(one for one in done.checks if code in cut.below.path(one.unit)) for code in plan.units
        }
        state = plan.state(today)
        left = (plan.last_day - max(today, plan.first_day)).days + 1 if state == RUNNING else 0
        found.append(Progress(plan, state, duty, period, tuple(done.units), checks, max(0, left)))
    return found


def planned_duty(session: Session, unit: Unit) -> Duty | None:
    """The duty that plans of the unit fulfil, as the latest edition has it; None where there is none."""
    book = editions_of(session).books[-1]
    return next((one for one in book.duties.values() if one.way.planned and unit.level in one.levels), None)


@dataclass(frozen=True)
class Story:
    """A plan with all that was ever said of it, and who said it."""

    plan: Plan
    steps: tuple[Step, ...]


def story(session: Session, unit: Unit, plan_id: str) -> Story | None:
    """The plan of the unit with its facts, the first first."""
    steps = steps_of(session, unit.code, plan_id)
    found = plans_of(steps)
    return Story(found[0], tuple(steps)) if found else None


def eligible(session: Session, unit: Unit, day: date) -> list[tuple[str, str, str, str]]:
    """Who can be named in a plan of the unit: (person, login, name, unit where they work), carriers alone left out."""
    query = (
        select(Person.id, Person.login, shown_name(), Unit.name)
        .join(Role, Role.person_id == Person.id)
        .join(Unit, Unit.code == Role.unit_code)
        .where(within([unit.path]), Person.active, Role.plan_id.is_(None), Role.role != CARRIER)
        .where(Role.first_day <= day, Role.last_day.is_(None) | (Role.last_day >= day))
        .order_by(Unit.level == "department", Unit.code, Person.login)
        .limit(MOST_PEOPLE)
    )
    found: dict[str, tuple[str, str, str, str]] = {}
    for row in session.execute(query):
        found.setdefault(row[0], tuple(row))
    return list(found.values())
