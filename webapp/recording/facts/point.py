"""Facts of type ``point``: who may change the relay register, the change itself, and the lines that it can move."""

from datetime import date

from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE, clock_hold, role_hold
from webapp.ledger.touched import by_points
from webapp.org.models import Unit
from webapp.org.rules import ACTIONS, LEVEL_OF, ROLE_GRACE, Actor
from webapp.photos.operations import name_in_point
from webapp.recording.entries import Entry
from webapp.recording.facts.fact_type import REGISTER, FactType
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context, units_of
from webapp.recording.writing import Work
from webapp.registers import operations as register
from webapp.registers.rules import CONFIRM
from webapp.registers.schemas import Draft, read_change
from webapp.rulebook.rules import Text

POINT = "point"


def guard(context: Context, entry: Entry) -> Draft:
    """The change, if its author kept this register on the day of the work; else raises why not.

    Nothing of the register is held back for a confirmation: what a phone with a wrong clock says is refused.
    """
    unit, acting = units_of(context, entry)
    if unit.level != "department":
        raise Problem("bad-fact", {"unit": "not a department"})
    draft = read_change(entry.open, entry.personal_text)
    if entry.date > local_date(context.now):
        raise Problem("bad-fact", {"date": "future"})
    if clock_hold(entry.date, None, context.now, context.skew):
        raise Problem("wrong-clock", {"date": entry.date.isoformat()}, date=entry.date.isoformat())
    _keeper(context, entry, acting, draft.op)
    return draft


def _action_for(op: str) -> str:
    return "confirm-register" if op == CONFIRM else "keep-register"


def _keeper(context: Context, entry: Entry, acting: Unit, op: str) -> None:
    """A director of the unit or a county manager above it on that day; only the director confirms [14.4(1)]."""
    needed = ACTIONS[_action_for(op)]
    held = [
        grant
        for grant in context.actor.grants
        if grant.unit_code == acting.code and grant.role in needed and LEVEL_OF[grant.role] == acting.level
        if grant.holds(entry.date)
    ]
    ends = [role_hold(grant.last_day, context.now, ROLE_GRACE) for grant in held]
    if None not in ends:
        raise Problem("role-not-held", {"date": entry.date.isoformat()}, date=entry.date.isoformat())


def apply(context: Context, entry: Entry, draft: Draft, work: Work) -> Fact:
    """Store the change and apply it; it can move the lines of all periods from its day to today."""
    fact = store(context, entry, IN_FORCE)
    unit = context.session.get(Unit, entry.unit)
    author = context.actor.person_id
    day = register.apply(context.session, unit, draft, entry.id, author, context.now)
    name_in_point(context.session, entry.id, unit.code, author, draft.photo, draft.photo_size)
    work.dirty |= by_points(context.session, unit, day, local_date(context.now))
    return fact


def body(actor: Actor, unit: Unit, today: date, point: str, op: str, **more) -> dict:
    """The open part of a change made at the desk; raises ``forbidden`` where the actor keeps no register of the unit."""
    acting = actor.acting_for(_action_for(op), unit.path)
    if acting is None:
        raise Problem("forbidden")
    own = {"type": POINT, "unit": unit.code, "acting": acting, "date": today.isoformat()}
    return {**own, "point": point, "op": op, **more}


TYPE = FactType(
    POINT, Text("接转点台账", "Relay register"), from_phone=True, guard=guard, apply=apply, shown=REGISTER,
    sections=frozenset({"unit", "points", "duties"}),
)  # fmt: skip
