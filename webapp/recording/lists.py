"""A department's lists and typed volumes: changes that are no facts of their own, and who said what of a day.

Until it is sealed a list may still change, so an import is no fact; but it makes the day's volume missing [Reading:
volume], so it is journalled, and the duties that are measured by volume are counted anew.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.ledger import operations as ledger
from webapp.org.models import Person, Unit
from webapp.recording import journal
from webapp.recording.journal import Note
from webapp.recording.models import Fact
from webapp.sampling.models import Manifest, Volume
from webapp.sampling.operations import canonical_list


def change_list(
    session: Session, now: datetime, unit: Unit, day: date, change: Callable[[], Manifest | None]
) -> Manifest | None:
    """Lock the unit's journal, change a draft of ``day``, and recompute what the day's volume decides.

    ``change`` imports into a draft or throws one away and returns it, or None where nothing has changed.
    """
    # The journal first, as everywhere: whoever locked the list before would wait for whoever seals it, and that one for it.
    journal.lock(session, [unit.code])
    manifest = change()
    if manifest is None:
        return None
    session.flush()
    digest = hashlib.sha256(canonical_list(session, manifest)).hexdigest()
    journal.append(session, [Note(unit.code, "lists", manifest.id, digest)], now)
    ledger.recompute(
        session,
        ledger.keys(unit.code, [d for d in ledger.duties_at(session, unit.level) if d.of], [day]),
        now,
    )
    return manifest


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
        select(Volume, Fact.received_at, Person.name)
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
