"""A department's lists and typed volumes: changes that are no facts of their own, and who said what of a day.

Until it is sealed a list may still change, so an import is no fact; but it makes the day's volume missing [Reading:
volume] and says who delivered [Reading: who], so it is journalled, and the lines that it can move are counted anew.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp.journal import chain
from webapp.journal.chain import Note
from webapp.journal.models import Fact
from webapp.ledger import operations as ledger
from webapp.ledger.operations import Key
from webapp.org.models import Person, Route, Unit
from webapp.org.names import name_on
from webapp.sampling.deliveries import standing
from webapp.sampling.handovers import apply_handover
from webapp.sampling.models import Handover, Manifest, Volume
from webapp.sampling.operations import canonical_list


def change_list(
    session: Session, now: datetime, unit: Unit, day: date, change: Callable[[], Manifest | None]
) -> Manifest | None:
    """Lock the unit's journal, change a draft of ``day``, and recompute what its volume and its deliverers decide.

    ``change`` imports into a draft or throws one away and returns it, or None where nothing has changed.
    """
    # The journal first, as everywhere: whoever locked the list before would wait for whoever seals it, and that one for it.
    chain.lock(session, [unit.code])
    before = standing(session, unit.code, day)
    manifest = change()
    if manifest is None:
        return None
    session.flush()
    digest = hashlib.sha256(canonical_list(session, manifest)).hexdigest()
    chain.append(session, [Note(unit.code, "lists", manifest.id, digest)], now)
    changed = {number for number, _, _ in before ^ standing(session, unit.code, day)}
    ledger.recompute(session, _keys(session, unit, day, changed), now)
    return manifest


def hand_over(session: Session, fact_id: str, open: dict) -> set[Key]:
    """Store the hand-over that a fact tells of; returns the lines that it can change."""
    day, numbers = apply_handover(session, fact_id, open)
    return _keys(session, session.get(Unit, open["unit"]), day, numbers)


def _keys(session: Session, unit: Unit, day: date, numbers: Iterable[str]) -> set[Key]:
    """The lines of the day's volume, and those in which somebody judged these numbers of the day, then or later."""
    measured = [duty for duty in ledger.duties_at(session, unit.level) if duty.of]
    return ledger.keys(unit.code, measured, [day]) | ledger.keys_of_deliveries(session, unit, numbers, day)


@dataclass(frozen=True)
class Handed:
    """A hand-over as a page shows it: what goes to whom, by whose word, when and why."""

    at: datetime
    author: str
    to: str
    route: str | None  # its code and name
    numbers: list[str]
    reason: str


def handovers_on(session: Session, unit_code: str, day: date) -> list[Handed]:
    """The unit's hand-overs for ``day``, the latest first; of two about one thing that one counts."""
    author, to = aliased(Person), aliased(Person)
    query = (
        select(Handover, Fact.received_at, author.name, to.name, Route.code, Route.name)
        .join(Fact, Fact.id == Handover.fact_id)
        .join(author, author.id == Fact.author_id)
        .join(to, to.id == Handover.person_id)
        .outerjoin(Route, Route.id == Handover.route_id)
        .where(Handover.unit_code == unit_code, Handover.day == day)
        .order_by(Handover.fact_id.desc(), Handover.ordinal)
    )
    found: dict[str, Handed] = {}
    for row, at, by, name, code, title in session.execute(query):
        route = f"{code} {title}" if code else None
        one = found.setdefault(row.fact_id, Handed(at, by, name, route, [], row.reason))
        one.numbers.extend([row.number] if row.number else [])
    return list(found.values())


@dataclass(frozen=True)
class Correction:
    """One recording of a class's volume: ``before`` and ``after`` as (items, returned), None for unknown."""

    mail_class: str
    at: datetime
    author: str
    before: tuple[int | None, int | None]
    after: tuple[int | None, int | None]


def volume_history(session: Session, unit_code: str, day: date) -> list[Correction]:
    """Everything that was recorded of the unit's volumes of ``day``, the latest first."""
    query = (
        select(Volume, Fact.received_at, name_on(Fact.work_date, Fact.received_at))
        .join(Fact, Fact.id == Volume.fact_id)
        .join(Person, Person.id == Fact.author_id)
        .where(Volume.unit_code == unit_code, Volume.day == day)
        .order_by(Volume.fact_id)
    )
    known: dict[str, tuple[int | None, int | None]] = {}
    found = []
    for row, at, author in session.execute(query):
        after = row.items, row.returned
        found.append(Correction(row.mail_class, at, author, known.get(row.mail_class, (None, None)), after))
        known[row.mail_class] = after
    return found[::-1]
