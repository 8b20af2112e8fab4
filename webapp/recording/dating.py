"""On which day a held record's work was done: what the server can know of it, what a confirmation may say, what holds.

A record itself is never rewritten: its own date stays in it, and the day that it counts on is said by a second fact.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.core.ranges import FIRST_DAY
from webapp.inspections import operations as inspections, schemas as inspection_schemas
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.org.models import Person, Unit
from webapp.org.queries import actor_of
from webapp.recording import guards
from webapp.recording.entries import Entry
from webapp.recording.guards import Context
from webapp.recording.lookahead import look

CONFIRMATION = "confirmation"


@dataclass(frozen=True)
class Days:
    """On which days the work can have been done: not before ``first`` (None: not known), not after ``last``."""

    first: date | None
    last: date

    def __contains__(self, day: date) -> bool:
        return (self.first or FIRST_DAY) <= day <= self.last


def possible(fact: Fact) -> Days:
    """The days from the phone's last contact, at which it held nothing yet, to the record's arrival."""
    contact = local_date(fact.contact_at) if fact.contact_at else None
    return Days(contact, local_date(fact.received_at))


def check(context: Context, target: Fact, day: date | None) -> None:
    """Raise why the held ``target`` cannot count as work of ``day`` (None: as it is dated).

    ``day-ahead`` where a day is said that has not come, whoever asks; ``bad-day`` outside what the server can know; and whatever
    would have refused the record if it had been dated so.
    """
    if day is not None and target.hold != "clock":
        raise Problem("bad-fact", {"day": "its clock is not in doubt"})
    confirmed = confirmed_days(context.session, {target.id: target}).get(target.id)
    if confirmed is not None:
        if day in (None, confirmed):
            return  # two people confirmed the same
        raise Problem("bad-fact", {"target": "waits for no confirmation"})
    worked = day or target.work_date
    if worked > local_date(context.now):
        if day is None:
            return  # void: see confirmed_days
        raise ahead(day)
    if day is not None and day not in possible(target):
        raise _outside(context, target)
    _check_as_of(context, target, worked)


def ahead(day: date) -> Problem:
    """``day-ahead``: the day has not come."""
    return Problem("day-ahead", {"date": day.isoformat()}, date=day.isoformat())


def _outside(context: Context, target: Fact) -> Problem:
    days = possible(target)
    first = days.first or context.session.get(Unit, target.unit_code).opened_on
    return Problem("bad-day", {"day": "range"}, first=first.isoformat(), last=days.last.isoformat())


def _check_as_of(context: Context, target: Fact, day: date) -> None:
    """What was left open while nobody knew the day: roles, the unit's life, the list's day, people, routes."""
    session, books = context.session, context.rulebook
    data = json.loads(target.open)
    draft = inspection_schemas.read(data, books.on(target.work_date).kinds)
    entry = Entry(
        target.id, target.open, "", "", target.digest, target.personal_hash, target.type, target.kind,
        target.unit_code, target.acting_code, day, draft.ended or draft.started, target.amends, None, data,
        replace(draft, date=day),
    )  # fmt: skip
    author = actor_of(session, session.get(Person, target.author_id), context.actor.today)
    # The grace of a role is counted from the arrival: nobody loses work because it was confirmed late.
    own = Context(session, author, target.received_at, books, ahead=look(session, [entry], books))
    if guards.as_dated(own, entry)[1] == "role" and not _decides_on_roles(context, target):
        raise Problem("forbidden")


def _decides_on_roles(context: Context, target: Fact) -> bool:
    path = context.session.get(Unit, target.unit_code).path
    return context.actor.can("withdraw-judged", path) and context.actor.person_id != target.author_id


def confirmed_days(session: Session, targets: Mapping[str, Fact]) -> dict[str, date]:
    """As of which day held records were confirmed: the day that was said first, or their own; none where nobody did.

    A word that came before the day that it speaks of is void: what lies ahead is confirmed by nobody. (Phones of the first
    release say it all the same, and their queues must go on.)
    """
    query = select(Fact.target, Fact.open, Fact.received_at).where(
        Fact.target.in_(list(targets)), Fact.type == CONFIRMATION, Fact.state == IN_FORCE
    )
    days: dict[str, date] = {}
    for target, text, received_at in session.execute(query.order_by(Fact.id)):
        named_day = json.loads(text).get("day")
        day = date.fromisoformat(named_day) if named_day else targets[target].work_date
        if day <= local_date(received_at):
            days.setdefault(target, day)
    return days


def apply(session: Session, target: Fact, day: date) -> None:
    """Put the rows of a record that was held on the day as of which it was confirmed, with its author's roles of that day."""
    if target.hold is not None:
        about = json.loads(target.open).get("about")
        inspections.put_on_day(session, target.id, day, date.fromisoformat(about) if about else day)
