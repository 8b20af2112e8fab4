"""What recording does about photos and personal parts: journal their arrival, delete them in time."""

from datetime import datetime

from sqlalchemy import select, update

from webapp.inspections.models import Inspection, PhotoRef
from webapp.org.models import RelayChange
from webapp.recording import journal
from webapp.recording.journal import Note
from webapp.recording.models import Conflict, Fact


def photo_arrived(session, digest: str, now: datetime) -> None:
    """Journal the arrival of a photo for each unit whose inspections or relay points name it."""
    query = select(PhotoRef.inspection_id, Inspection.unit_code).join(
        Inspection, Inspection.id == PhotoRef.inspection_id
    )
    rows = session.execute(query.where(PhotoRef.digest == digest).distinct()).all()
    changes = select(RelayChange.fact_id, RelayChange.unit_code).where(RelayChange.photo_digest == digest)
    rows += session.execute(changes).all()
    journal.lock(session, {code for _, code in rows})
    journal.append(
        session, [Note(code, "photo", fact_id, digest) for fact_id, code in sorted(map(tuple, rows))], now
    )


def purge_personal(session, before: datetime) -> int:
    """Delete notes, positions and salts of facts received before ``before``; returns how many.

    Second contents too, decided or not: afterwards only the first can be kept.
    """
    count = 0
    for table in (Fact, Conflict):
        stale = update(table).where(table.received_at < before, table.personal.is_not(None))
        count += session.execute(stale.values(personal=None, salt=None)).rowcount
    return count
