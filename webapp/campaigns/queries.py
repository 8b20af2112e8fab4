"""Plans of special checks, read only: from their facts, in a fixed number of queries."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.campaigns.models import PlanStep
from webapp.campaigns.rules import Ground, Plan, Step, plans_of
from webapp.campaigns.schemas import read_step
from webapp.journal.models import Fact
from webapp.org.models import Role, Unit
from webapp.org.queries import within


def steps_of(session: Session, unit_code: str, plan_id: str | None = None) -> list[Step]:
    """The facts about the unit's plans (about the one), as they came."""
    query = (
        select(PlanStep.plan_id, Fact.id, Fact.open, Fact.work_date, Fact.received_at, Fact.author_id)
        .join(Fact, Fact.id == PlanStep.fact_id)
        .where(PlanStep.unit_code == unit_code)
        .order_by(Fact.received_at, Fact.id)
    )
    if plan_id is not None:
        query = query.where(PlanStep.plan_id == plan_id)
    return [_step(row) for row in session.execute(query)]


def _step(row) -> Step:
    data = json.loads(row.open)
    said, reason = read_step(data["op"], data)
    return Step(
        row.id, row.plan_id, data["op"], row.work_date, row.received_at, row.author_id, said, reason
    )  # fmt: skip


def plans(session: Session, unit_code: str, until: datetime | None = None) -> list[Plan]:
    """The unit's plans, as their facts had them at ``until`` (None: now)."""
    return plans_of(steps_of(session, unit_code), until)


def owner_of(session: Session, plan_id: str) -> str | None:
    """The code of the unit whose plan it is; None where there is no such plan."""
    return session.scalar(
        select(PlanStep.unit_code).where(PlanStep.fact_id == plan_id, PlanStep.plan_id == plan_id)
    )


def ground_of(session: Session, owner: Unit, people: Iterable[str]) -> Ground:
    """What a plan of the owner is held against: every unit below, and where these people work, campaigns apart."""
    units = session.scalars(select(Unit).where(within([owner.path]), Unit.code != owner.code))
    below = {unit.code: (unit.path, _spans(unit)) for unit in units}
    query = (
        select(Role.person_id, Unit.path, Role.first_day, Role.last_day)
        .join(Unit, Unit.code == Role.unit_code)
        .where(Role.person_id.in_(sorted(set(people))), Role.plan_id.is_(None), within([owner.path]))
    )
    posts: dict[str, list] = {}
    for person, path, first, last in session.execute(query):
        posts.setdefault(person, []).append((path, first, last))
    return Ground(owner.path, below, posts)


def _spans(unit: Unit) -> tuple:
    starts = [unit.opened_on, *(again for _, again in unit.pauses)]
    ends = [*(shut for shut, _ in unit.pauses), unit.closed_on]
    return tuple(zip(starts, ends, strict=True))
