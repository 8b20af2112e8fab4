"""Facts of type ``plan``: a special check is planned, its plan changed or cancelled, its summary issued; only at the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.campaigns import operations as campaigns, queries
from webapp.campaigns.rules import (
    CANCEL,
    ENTER,
    LATE,
    SUMMARISE,
    Plan,
    Step,
    faults_of,
    plans_of,
)
from webapp.campaigns.schemas import read_step
from webapp.core.clock import local_date
from webapp.core.ids import is_id
from webapp.core.problems import Problem
from webapp.inspections import operations as inspections
from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.ledger.touched import Key, by_inspections, by_plans
from webapp.org.models import Unit
from webapp.org.queries import below
from webapp.org.rules import HEADS, Actor
from webapp.recording.entries import Entry
from webapp.recording.facts.fact_type import FactType, Frozen, Parts
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context, units_of
from webapp.recording.writing import Work
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Rulebook, Text


@dataclass(frozen=True)
class Admitted:
    """What the guards found out: the plan as it was and as it will be."""

    unit: Unit
    before: Plan | None
    after: Plan


def read(frozen: Frozen) -> Parts:
    """Its own part has the right form; of all but the first fact ``plan`` names the one that entered it."""
    op = frozen.open.get("op")
    read_step(op, frozen.open)
    target = None if op == ENTER else frozen.open.get("plan")
    if op != ENTER and not is_id(target):
        raise Problem("bad-fact", {"plan": "required"})
    return Parts(target=target)


def binds(context: Context, entry: Entry) -> list[str]:
    """The departments in which somebody may check by it, before or after: whoever records there meanwhile sees one or the other."""
    team = [one for one in entry.open.get("team") or () if isinstance(one, dict)]
    codes = {str(one.get("unit")) for one in team}
    plan = _stored(context.session, entry)
    codes |= {one.unit for one in plan.grants} if plan else set()
    paths = [unit.path for code in codes if (unit := context.session.get(Unit, code))]
    return [unit.code for unit in below(context.session, paths, "department")]


def guard(context: Context, entry: Entry) -> Admitted:
    """By who leads the league or region, for itself; the plan makes sense, and what is over is not changed."""
    unit, acting = units_of(context, entry)
    if unit.code != acting.code or not keeps(context.actor, unit):
        raise Problem("forbidden")
    data = entry.open
    said, reason = read_step(data["op"], data)
    step = Step(
        entry.id, entry.target or entry.id, data["op"], entry.date, context.now,
        context.actor.person_id, said, reason,
    )  # fmt: skip
    steps = queries.steps_of(context.session, unit.code, step.plan)
    before = next(iter(plans_of(steps)), None)
    if step.op != ENTER:
        _going_on(before)
    after = plans_of([*steps, step])[0]
    if fields := _faults(context, unit, step, before, after):
        raise Problem("bad-fact", fields)
    return Admitted(unit, before, after)


def keeps(actor: Actor, unit: Unit) -> bool:
    """Whether the actor keeps the plans of the unit: its head, where plans are kept at all."""
    head = HEADS[unit.level]
    return head in actor.roles_at(unit.code, actor.today) and actor.can("keep-plans", unit.path)


def subjects_of(book: Rulebook, level: str) -> tuple[str, ...]:
    """What plans of units of this level can be about: the kinds of record that fulfil a duty which follows plans."""
    duties = [one for one in book.duties.values() if one.way.planned and level in one.levels]
    return tuple(dict.fromkeys(kind for duty in duties for kind in duty.kinds))


def _stored(session: Session, entry: Entry) -> Plan | None:
    steps = queries.steps_of(session, entry.unit, entry.target) if entry.target else []
    return next(iter(plans_of(steps)), None)


def _going_on(plan: Plan | None) -> None:
    """A plan that is cancelled or summarised stays as it is."""
    if plan is None:
        raise Problem("not-found")
    if plan.cancelled is not None or plan.summary is not None:
        raise Problem("plan-over")


def _faults(context: Context, unit: Unit, step: Step, before: Plan | None, after: Plan) -> dict[str, str]:
    today = local_date(context.now)
    if step.op == SUMMARISE:
        issued = after.summary.issued
        early = issued < after.first_day or issued < today - LATE
        return {"issued": "early"} if early else {"issued": "future"} if issued > today else {}
    if step.op == CANCEL:
        return {}
    if after.subject not in subjects_of(context.rulebook.on(step.day), unit.level):
        return {"subject": "choice"}
    people = {one.person for one in after.team}
    return faults_of(after, queries.ground_of(context.session, unit, people), before, today)


def apply(context: Context, entry: Entry, admitted: Admitted, work: Work) -> Fact:
    """Store it, give and end the roles of its team, and count anew what that moves."""
    fact = store(context, entry, IN_FORCE)
    session, unit, author = context.session, admitted.unit, context.actor.person_id
    campaigns.keep_step(session, entry.id, admitted.after.id, unit.code)
    moved = campaigns.grant(session, unit.code, admitted.after, author)
    known = [plan for plan in (admitted.before, admitted.after) if plan is not None]
    work.dirty |= by_plans(session, unit, known)
    work.dirty |= _by_roles(session, unit, moved, min(plan.first_day for plan in known))
    return fact


def _by_roles(session: Session, unit: Unit, people: Iterable[str], first: date) -> set[Key]:
    """The lines that count checks whose author held the role, or holds it no more."""
    which = (Inspection.work_date >= first, Inspection.author_id.in_(people))
    mine = inspections.refresh_roles(session, *which, Inspection.acting_code == unit.code)
    return by_inspections(session, editions_of(session), Inspection.id.in_(mine), Inspection.in_force)


def body(actor: Actor, unit: Unit, now: datetime, op: str, **more) -> dict:
    """The open part of such a fact; raises ``forbidden`` where the actor keeps no plans of the unit."""
    if not keeps(actor, unit):
        raise Problem("forbidden")
    own = {"type": TYPE.name, "unit": unit.code, "acting": unit.code, "date": local_date(now).isoformat()}
    return {**own, "op": op, **more}


TYPE = FactType(
    "plan", Text("专项检查方案", "Plan of a special check"), from_phone=False,
    sections=frozenset({"unit", "duties"}), read=read, binds=binds, guard=guard, apply=apply,
)  # fmt: skip
