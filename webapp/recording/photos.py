"""What recording does about photos and personal parts: journal their arrival or loss, delete them in time."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update

from webapp.inspections.models import Inspection, Photo, PhotoLoss, PhotoRef
from webapp.org.models import RelayChange
from webapp.recording import journal
from webapp.recording.journal import Note
from webapp.recording.models import Conflict, Fact
from webapp.recording.schemas import Entry

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def photos_named(entries: Iterable[Entry]) -> set[str]:
    """Digests that the facts speak of."""
    return {digest for entry in entries for digest in _DIGEST.findall(entry.open_text)}


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


def photos_lost(session, author_id: str, lost: dict[str, str], reporter_id: str, now: datetime) -> int:
    """Keep and journal that a phone cannot send these photos ``{digest: reason}``; how many of them were news.

    Only those that the author's own records name, that are not here, and of which nobody has said it yet.
    """
    known = _settled(session, author_id, lost)
    news = {digest: reason for digest, reason in lost.items() if digest not in known}
    rows = [row for query in _named(author_id, news) for row in session.execute(query.distinct())]
    rows += _contested(session, author_id, news) if news else []
    if not rows:
        return 0
    journal.lock(session, {code for _, code, _ in rows})
    # Another request may have said the same, or brought the photo, while this one waited for the lock.
    settled = _settled(session, author_id, news)
    rows = sorted({tuple(row) for row in rows if row[2] not in settled})
    told = sorted({digest for _, _, digest in rows})
    if told:
        common = {"author_id": author_id, "reported_by": reporter_id, "reported_at": now}
        session.execute(insert(PhotoLoss), [{"digest": one, "reason": news[one], **common} for one in told])
    journal.append(session, [Note(code, "photo-lost", fact, digest) for fact, code, digest in rows], now)
    return len(told)


def _settled(session, author_id: str, digests) -> set[str]:
    """Those that are here, or of which the author's loss is known."""
    here = select(Photo.digest).where(Photo.digest.in_(digests))
    lost = select(PhotoLoss.digest).where(PhotoLoss.digest.in_(digests), PhotoLoss.author_id == author_id)
    return {one for query in (here, lost) for one in session.scalars(query)}


def _contested(session, author_id: str, digests) -> list[tuple[str, str, str]]:
    """The same for the author's second contents that nobody has decided about: one may yet be put in force."""
    query = (
        select(Conflict.fact_id, Fact.unit_code, Conflict.open)
        .join(Fact, Fact.id == Conflict.fact_id)
        .where(Fact.author_id == author_id, Conflict.decision.is_(None))
    )
    return [
        (fact, unit, digest)
        for fact, unit, text in session.execute(query)
        for digest in sorted(set(_DIGEST.findall(text)) & set(digests))
    ]


def _named(author_id: str, digests):
    """Queries of (fact, unit, digest) for the author's records that name the photos."""
    of_points = (RelayChange.fact_id, RelayChange.unit_code, RelayChange.photo_digest)
    return (
        select(PhotoRef.inspection_id, Inspection.unit_code, PhotoRef.digest)
        .join(Inspection, Inspection.id == PhotoRef.inspection_id)
        .where(PhotoRef.digest.in_(digests), Inspection.author_id == author_id),
        select(*of_points).where(RelayChange.photo_digest.in_(digests), RelayChange.author_id == author_id),
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
