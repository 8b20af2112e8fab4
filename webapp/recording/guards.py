"""What must hold before a fact is stored: roles on the day of the work, the register, the draw.

Who judged the own deliveries is no guard's matter: it may become known later, so the ledger leaves such items out.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.inspections.models import Inspection, Item
from webapp.journal.models import Fact
from webapp.journal.rules import clock_hold, role_hold
from webapp.org.models import Route, Unit
from webapp.org.queries import carriers_on, within, workers_on
from webapp.org.rules import CARRIER, ROLE_GRACE, Actor, fits
from webapp.recording.entries import Entry
from webapp.recording.lookahead import Ahead
from webapp.rulebook.periods import period_of
from webapp.rulebook.purposes import capturing
from webapp.rulebook.queries import Editions, editions_of
from webapp.rulebook.rules import Kind
from webapp.sampling import queries as sampling_queries

# Who begins is entered within this time. What is dated before an author's first role of all and comes later than this is
# dated by a clock that had lost its time, though it may have been set right before the sending.
FIRST_ROLE_ENTERED = timedelta(days=60)


@dataclass(frozen=True)
class Context:
    """Who records, when, and by which rules. ``skew`` is the server's time minus the phone's."""

    session: Session
    actor: Actor
    now: datetime
    rulebook: Editions
    device_id: str | None = None
    skew: timedelta | None = None
    ahead: Ahead = field(default_factory=Ahead)  # of the facts that are recorded together
    contact: datetime | None = None  # the phone's last contact before, at which it held no record
    brought_by: str | None = (
        None  # who brought the facts in as a file; the actor is their author all the same
    )
    # The same as an actor, if it is not the author: what they may bring has bounds.
    bringer: Actor | None = None
    unseen: frozenset[str] = frozenset()  # photos of the author that the bringer neither sees nor brings


def units_of(context: Context, entry: Entry) -> tuple[Unit, Unit]:
    """The unit it is about and the unit that acts; ``unknown-unit`` unless the first lies in the second.

    A person who never worked in the acting unit learns nothing about whether it exists.
    """
    here = context.ahead.units
    about = here.get(entry.unit) or context.session.get(Unit, entry.unit)
    acting = here.get(entry.acting) or context.session.get(Unit, entry.acting)
    known = acting is not None and any(grant.unit_code == acting.code for grant in context.actor.grants)
    if about is None or not known or not about.path.startswith(acting.path):
        raise Problem("unknown-unit", {"unit": entry.unit})
    return about, acting


def inspection(context: Context, entry: Entry) -> tuple[tuple[str, ...], str | None]:
    """The author's roles at the acting unit on the day of the work, and why the fact is held (or None)."""
    kind = context.rulebook.on(entry.date).kinds[entry.kind]
    about, acting = units_of(context, entry)
    if about.level not in kind.levels:
        raise Problem("bad-fact", {"unit": f"not a {' or '.join(kind.levels)}"})
    # The clock before the role: on a day that nobody believes yet, nobody can be said to have held none.
    if hold := _clock_hold(context, entry):
        _subjects(context, entry, kind, None)
        return context.actor.roles_at(entry.acting, entry.date, about.path), hold
    return as_dated(context, entry)


def as_dated(context: Context, entry: Entry) -> tuple[tuple[str, ...], str | None]:
    """The same for an inspection whose date is right, or was said by a person."""
    about, acting = units_of(context, entry)
    kind = context.rulebook.on(entry.date).kinds.get(entry.kind)
    if kind is None:
        raise Problem("bad-fact", {"kind": "unknown"})
    roles = _roles(context, entry, kind, about, acting)
    _life(entry, about, kind)
    if fault := entry.draft.order_fault(kind):
        raise Problem("bad-fact", {"about": fault})
    _subjects(context, entry, kind, roles)
    _header(context, entry, kind)
    return roles, _role_hold(context, entry, kind, about)


def _clock_hold(context: Context, entry: Entry) -> str | None:
    """``clock`` too where the date lies long back and before its author's first role of all: a clock set right since."""
    if hold := clock_hold(entry.date, entry.made, context.now, context.skew):
        return hold
    first = min((grant.first_day for grant in context.actor.grants), default=entry.date)
    return "clock" if entry.date < min(first, local_date(context.now) - FIRST_ROLE_ENTERED) else None


def _life(entry: Entry, unit: Unit, kind: Kind) -> None:
    """Nothing is counted outside a unit's life, so nothing is taken that would count there.

    What is about a period is made after it: the unit was open in it, whatever became of it since.
    """
    if kind.period:
        period = period_of(kind.period, entry.draft.day)
        if not any(map(unit.is_open, period.days())):
            raise Problem(
                "unit-closed", {"about": period.code, "date": period.code}, date=period.first.isoformat()
            )
        return
    for name, day in (("date", entry.date), ("about", entry.draft.day)):
        if not unit.is_open(day):
            raise Problem(
                "unit-closed", {name: day.isoformat(), "date": day.isoformat()}, date=day.isoformat()
            )


def _subjects(context: Context, entry: Entry, kind: Kind, roles: tuple[str, ...] | None) -> None:
    """``roles`` None: those of the day, which is not known yet."""
    if kind.subject == "point":
        _points(context, entry, roles)
    elif kind.subject == "record":
        _records(context, entry)
    elif kind.type == "capture":
        _drawn(context, entry)


def _records(context: Context, entry: Entry) -> None:
    """Who reviews opens records about the unit or one below it that are here."""
    wanted = [item.subject for item in entry.draft.items]
    query = select(Inspection.id).join(Unit, Unit.code == Inspection.unit_code)
    path = context.session.scalar(select(Unit.path).where(Unit.code == entry.unit))
    query = query.where(Inspection.id.in_(wanted), within([path]))
    here = set(context.session.scalars(query)) if wanted else set()
    if strangers := [n for n, subject in enumerate(wanted) if subject not in here]:
        raise Problem("bad-fact", {f"items[{n}].subject": "no record of this unit" for n in strangers})


def _header(context: Context, entry: Entry, kind: Kind) -> None:
    """People named in a form's head work in the unit that day, and routes are its own."""
    routes = [
        field.code for field in kind.fields if field.type == "route" and entry.draft.header.get(field.code)
    ]
    if routes:
        own = set(context.session.scalars(select(Route.id).where(Route.unit_code == entry.unit)))
        if strangers := {code for code in routes if entry.draft.header[code] not in own}:
            raise Problem("bad-fact", {f"header.{code}": "no route of this unit" for code in strangers})
    named = [
        field.code for field in kind.fields if field.type == "people" and entry.draft.header.get(field.code)
    ]
    if not named:
        return
    here = workers_on(context.session, entry.unit, entry.date)
    strangers = {code for code in named if set(entry.draft.header[code]) - here}
    if strangers:
        raise Problem("bad-fact", {f"header.{code}": "somebody who does not work here" for code in strangers})


def _roles(context: Context, entry: Entry, kind: Kind, about: Unit, acting: Unit) -> tuple[str, ...]:
    held = context.actor.roles_at(entry.acting, entry.date, about.path)
    fitting = [role for role in held if role in kind.roles and fits(role, acting.level)]
    if not fitting:
        raise Problem("role-not-held", {"date": entry.date.isoformat()}, date=entry.date.isoformat())
    return held


def _role_hold(context: Context, entry: Entry, kind: Kind, about: Unit) -> str | None:
    ends = [
        grant.last_day
        for grant in context.actor.grants
        if grant.unit_code == entry.acting and grant.role in kind.roles and grant.holds(entry.date)
        if grant.reaches(about.path)
    ]
    last = None if None in ends else max(ends)
    return role_hold(last, context.now, ROLE_GRACE)


def _drawn(context: Context, entry: Entry) -> None:
    """A capture is of items drawn from the own deliveries of that day; one voided meanwhile is still evidence."""
    numbers = [item.subject for item in entry.draft.items]
    open_to = sampling_queries.capturable(
        context.session, entry.unit, entry.draft.about, context.actor.person_id
    )
    strangers = [number for number in numbers if number not in open_to]
    if strangers:
        fields = {f"items[{numbers.index(number)}].subject": "not drawn" for number in strangers}
        raise Problem("not-drawn", fields, numbers=", ".join(strangers))


def _points(context: Context, entry: Entry, roles: tuple[str, ...] | None) -> None:
    wanted = {item.subject for item in entry.draft.items}
    register = context.ahead.points_of(entry.unit)
    allowed = set(register)
    if roles is not None and set(roles) <= {CARRIER}:
        walked = carriers_on(context.session, entry.unit, entry.date)
        mine = {route for route, person in walked.items() if person == context.actor.person_id}
        allowed = {point for point, route in register.items() if route in mine}
    if wanted - allowed:
        fields = {
            f"items[{n}].subject": "not on the register"
            for n, item in enumerate(entry.draft.items)
            if item.subject not in allowed
        }
        raise Problem("unknown-point", fields)


def judged(session: Session, captures: list[Fact]) -> set[str]:
    """Which of the captures a verdict in force names."""
    ids = {capture.id for capture in captures}
    units = {capture.unit_code for capture in captures}
    days = session.scalars(select(Inspection.day).where(Inspection.id.in_(ids))).all()
    evidence = capturing(editions_of(session).books)
    query = (
        select(Item.captures, Inspection.author_id)
        .join(Inspection, Inspection.id == Item.inspection_id)
        .where(Inspection.unit_code.in_(units), Inspection.day.in_(days), Inspection.in_force)
        .where(Inspection.kind.not_in(evidence))
    )
    authors = {capture.id: capture.author_id for capture in captures}
    return {
        capture
        for seen, judge in session.execute(query)
        for capture in seen
        if capture in ids and authors[capture] != judge  # nobody judges the own deliveries
    }


def may_confirm(actor: Actor, fact: Fact, unit: Unit) -> bool:
    """A clock's hold: author, director or county manager; a role's hold: the county manager, never the author."""
    own = fact.author_id == actor.person_id
    if fact.hold == "role":
        return actor.can("withdraw-judged", unit.path) and not own
    return own or actor.can("decide", unit.path)
