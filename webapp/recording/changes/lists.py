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

from webapp.journal.models import Fact
from webapp.ledger.touched import Key, by_deliveries, by_volume
from webapp.org.models import Person, Route, Unit
from webapp.org.names import name_on
from webapp.org.rules import Actor
from webapp.recording.journal_entries import LISTS
from webapp.recording.writing import writing
from webapp.sampling.deliveries import standing
from webapp.sampling.models import Handover, Manifest, Volume
from webapp.sampling.operations import canonical_list


def change_list(
    session: Session, actor: Actor, now: datetime, unit: Unit, day: date, change: Callable[[Actor], Manifest | None]
) -> Manifest | None:  # fmt: skip
    """Change a draft of ``day`` under the lock of the unit's journal; moves what its volume and its deliverers decide.

    ``change`` imports into a draft or throws one away and returns it, or None where nothing has changed. It is given the
    actor with the roles that are held under the lock.
    """
    # The journal first, as everywhere: whoever locked the list before would wait for whoever seals it, and that one for it.
    with writing(session, now, [unit.code], actor) as work:
        before = standing(session, unit.code, day)
        manifest = change(work.actor)
        if manifest is None:
            return None
        session.flush()
        digest = hashlib.sha256(canonical_list(session, manifest)).hexdigest()
        work.note([unit.code], LISTS.name, manifest.id, digest)
        changed = {number for number, _, _ in before ^ standing(session, unit.code, day)}
        work.dirty |= lines_of_delivery(session, unit, day, changed)
    return manifest


def lines_of_delivery(session: Session, unit: Unit, day: date, numbers: Iterable[str]) -> set[Key]:
    """The lines of the day's volume, and those in which somebody judged these numbers of the day, then or later."""
    return by_volume(session, unit, day) | by_deliveries(session, unit, numbers, day)


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
    handovers: dict[str, Handed] = {}
    for row, at, by, name, code, title in session.execute(query):
        route = f"{code} {title}" if code else None
        handed = handovers.setdefault(row.fact_id, Handed(at, by, name, route, [], row.reason))
        handed.numbers.extend([row.number] if row.number else [])
    return list(handovers.values())


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
    corrections = []
    for row, at, author in session.execute(query):
        after = row.items, row.returned
        corrections.append(
            Correction(row.mail_class, at, author, known.get(row.mail_class, (None, None)), after)
        )
        known[row.mail_class] = after
    return corrections[::-1]
