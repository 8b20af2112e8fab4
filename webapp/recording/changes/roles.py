"""People and their dated roles at a door: whoever gives or ends a role moves the ledger's lines of those days.

A check counts by its author's role on the day of the work, and a county's check only where one person holds all
department roles that day. A role may begin or end up to thirty days back, so both can change after the check came.
"""

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.inspections import operations as inspections
from webapp.inspections.models import Inspection
from webapp.ledger.touched import Key, by_inspections
from webapp.org import operations as org
from webapp.org.models import Person, Role, Unit
from webapp.org.queries import below
from webapp.org.rules import DEPARTMENT_ROLES, Actor
from webapp.recording.writing import writing
from webapp.rulebook.queries import editions_of


def add_person(session: Session, actor: Actor, now: datetime, form: dict) -> Person:
    """:func:`org.operations.add_person`, and the lines that the first role moves."""
    with writing(session, now, _here_and_below(session, form["unit"]), actor) as work:
        person = org.add_person(session, work.actor, now, form)
        work.dirty |= _moved(session, person.roles[0], form["first_day"], form["last_day"])
    return person


def give_role(session: Session, actor: Actor, now: datetime, person_id: str, form: dict) -> Role:
    """:func:`org.operations.give_role`, and the lines that the role moves."""
    with writing(session, now, _here_and_below(session, form["unit"]), actor) as work:
        role = org.give_role(session, work.actor, person_id, form)
        work.dirty |= _moved(session, role, role.first_day, role.last_day)
    return role


def end_role(
    session: Session, actor: Actor, now: datetime, person_id: str, role_id: str, last_day: date
) -> Role:
    """:func:`org.operations.end_role`, and the lines of the days on which the role is held no more, or again."""
    held = session.get(Role, role_id)
    before = held.last_day if held else None
    with writing(session, now, _here_and_below(session, held.unit_code) if held else [], actor) as work:
        role = org.end_role(session, work.actor, person_id, role_id, last_day)
        work.dirty |= _moved(
            session, role, min(last_day, before or last_day), max(last_day, before or date.max)
        )
    return role


def _here_and_below(session: Session, code: str) -> list[str]:
    """Whoever records at the unit or below meanwhile sees the role as it was, or as it will be."""
    paths = session.scalars(select(Unit.path).where(Unit.code == code))
    return [unit.code for unit in below(session, paths)]


def _moved(session: Session, role: Role, first: date, last: date | None) -> set[Key]:
    """The lines that a role held, or held no more, from ``first`` to ``last`` can move; its author's checks bear it."""
    days = Inspection.work_date.between(first, last or date.max)
    mine = inspections.refresh_roles(
        session, days, Inspection.author_id == role.person_id, Inspection.acting_code == role.unit_code
    )
    # A county's check stands in for the own one where exactly one person holds department roles [Reading: who].
    others = (Inspection.unit_code == role.unit_code) & (Inspection.acting_code != role.unit_code)
    moved = or_(Inspection.id.in_(mine), others if role.role in DEPARTMENT_ROLES else False)
    return by_inspections(session, editions_of(session), days, moved, Inspection.in_force)
