"""Keep the plans of special checks: which fact speaks of which, and the roles that a plan gives."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.campaigns.models import PlanStep
from webapp.campaigns.rules import Member, Plan
from webapp.core.ids import new_id
from webapp.org.models import Role
from webapp.org.rules import CAMPAIGN_INSPECTOR


def keep_step(session: Session, fact_id: str, plan_id: str, unit_code: str) -> None:
    """The fact speaks of the plan; it stands there already."""
    session.add(PlanStep(fact_id=fact_id, plan_id=plan_id, unit_code=unit_code))
    session.flush()


def grant(session: Session, owner: str, plan: Plan, author: str) -> set[str]:
    """Make the roles those of the plan; returns whose were given, ended or changed.

    A role that is there keeps its row: who gave it and since when is history.
    """
    stored = list(session.scalars(select(Role).where(Role.plan_id == plan.id)))
    rows = {(one.person_id, one.reach_code, one.first_day): one for one in stored}
    wanted = {(one.person, one.unit, one.first_day): one for one in plan.grants}
    moved = {person for person, *_ in rows.keys() ^ wanted.keys()}
    session.execute(delete(Role).where(Role.id.in_([rows[key].id for key in rows.keys() - wanted.keys()])))
    for key in rows.keys() & wanted.keys():
        if rows[key].last_day != wanted[key].last_day:
            rows[key].last_day, rows[key].ended_by = wanted[key].last_day, author
            moved.add(key[0])
    session.add_all(_role(owner, plan.id, wanted[key], author) for key in sorted(wanted.keys() - rows.keys()))
    session.flush()
    session.expire_all()
    return moved


def _role(owner: str, plan_id: str, member: Member, author: str) -> Role:
    return Role(
        id=new_id(), person_id=member.person, unit_code=owner, role=CAMPAIGN_INSPECTOR, granted_by=author,
        first_day=member.first_day, last_day=member.last_day, plan_id=plan_id, reach_code=member.unit,
    )  # fmt: skip


def people_of(plans: Iterable[Plan]) -> set[str]:
    """Everybody whom the plans let check something."""
    return {one.person for plan in plans for one in plan.grants}
