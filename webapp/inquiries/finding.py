"""Find by one box: an item number, a relay point, a person, a unit or a work order; only what the actor may see. Read only."""

import re
from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from webapp.cases.models import Case
from webapp.core.spelling import sought, spelt
from webapp.inspections.models import Inspection, Item
from webapp.org.models import Person, Role, Unit
from webapp.org.names import shown_name
from webapp.org.queries import called, holds, within
from webapp.org.rules import Actor
from webapp.registers.models import RelayPoint
from webapp.rulebook.queries import editions_of
from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.rules import read_number

MOST = 20  # of each sort
ENDING = re.compile("[0-9]{4,12}")  # of an item number, as people call it


@dataclass(frozen=True)
class Found:
    """One thing that was found: where it leads is the door's to say."""

    sort: str  # unit, person, point, check, list, case
    id: str
    name: str
    unit: str
    kind: str | None = None
    day: date | None = None
    verdict: str | None = None
    path: str = ""  # of a unit


def find(session: Session, actor: Actor, text: str, most: int = MOST) -> list[Found]:
    """Everything that the text names, at most so many of each sort, units first; a fixed number of queries.

    Nothing for fewer than two characters (one Chinese one is enough).
    """
    text = "".join(filter(str.isprintable, spelt(text)))
    if len(text) < 2 and text.isascii():
        return []
    return [
        *_units(session, actor, text, most),
        *_people(session, actor, text, most),
        *_points(session, actor, text, most),
        *_checks(session, actor, text, most),
        *_lists(session, actor, text, most),
        *_cases(session, actor, text, most),
    ]


def _within(actor: Actor, *actions: str) -> ColumnElement[bool]:
    return within({path for action in actions for path in actor.reach(action)})


def _units(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    query = (
        select(Unit)
        .where(
            _within(actor, "see-ledger", "see-people"), or_(holds(Unit.name, text), Unit.code == spelt(text))
        )
        .order_by(func.length(Unit.path), Unit.code)
        .limit(most)
    )
    return [Found("unit", unit.code, unit.name, unit.name, path=unit.path) for unit in session.scalars(query)]


def _people(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    query = (
        select(Person.id, shown_name(), func.min(Unit.name), Person.login)
        .join(Role, Role.person_id == Person.id)
        .join(Unit, Unit.code == Role.unit_code)
        .where(_within(actor, "see-people"), called(text))
        .group_by(Person.id, Person.name, Person.login)
        .order_by(Person.name, Person.id)
        .limit(most)
    )
    return [Found("person", *row) for row in session.execute(query)]


def _points(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    named = or_(holds(RelayPoint.name, text), RelayPoint.initials.startswith(sought(text), autoescape=True))
    query = (
        select(RelayPoint.id, RelayPoint.name, Unit.name)
        .join(Unit, Unit.code == RelayPoint.unit_code)
        .where(_within(actor, "see-register", "keep-register"), named)
        .order_by(func.coalesce(RelayPoint.closed_on <= actor.today, False), RelayPoint.name, RelayPoint.id)
        .limit(most)
    )
    return [Found("point", *row) for row in session.execute(query)]


def _called(number: ColumnElement[str], tail: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a stored number is the one in the text: a whole one, or the last four to twelve digits of one."""
    typed = read_number(text).text
    if not ENDING.fullmatch(typed):
        return number == typed
    # The index finds the last four; of the few that have them the rest is compared.
    return (tail == typed[-4:]) & func.rtrim(number, ascii_uppercase).endswith(typed)


def _checks(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    """Inspections of the item with this number, the latest first."""
    query = (
        select(Inspection.id, Item.subject, Unit.name, Inspection.kind, Inspection.day, Item.verdict)
        .join(Item, Item.inspection_id == Inspection.id)
        .join(Unit, Unit.code == Inspection.unit_code)
        .where(_within(actor, "see-inspections"), _called(Item.subject, Item.tail, text), Inspection.in_force)
        .order_by(Inspection.day.desc(), Inspection.id)
        .limit(most)
    )
    return [Found("check", *row) for row in session.execute(query)]


def _lists(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    """Lists on which this number stands."""
    query = (
        select(Manifest.id, ManifestItem.number, Unit.name, ManifestItem.mail_class, Manifest.day)
        .join(ManifestItem, ManifestItem.manifest_id == Manifest.id)
        .join(Unit, Unit.code == Manifest.unit_code)
        .where(_within(actor, "see-lists"), _called(ManifestItem.number, ManifestItem.tail, text))
        .where(Manifest.discarded_at.is_(None))
        .order_by(Manifest.day.desc(), Manifest.id)
        .limit(most)
    )
    return [Found("list", *row) for row in session.execute(query)]


def _cases(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    """Work orders of which the number holds the text, the latest first: of the units in sight, and the actor's own ones."""
    orders = editions_of(session).on(actor.today).cases.of_orders.code
    query = (
        select(Case.id, Case.number, Unit.name, Case.type, Case.opened_on)
        .join(Unit, Unit.code == Case.unit_code)
        .where(Case.type == orders, Case.number.contains(text, autoescape=True))
        .where(or_(_within(actor, "see-inspections"), Case.owner_id == actor.person_id))
        .order_by(Case.opened_on.desc(), Case.id)
        .limit(most)
    )
    return [Found("case", *row) for row in session.execute(query)]
