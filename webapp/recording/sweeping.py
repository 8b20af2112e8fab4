"""Photo files that must go: those past their time, and those that nothing refers to.

The database first, the disk second: what a crash leaves behind is a file of which the database knows that it may go, and
the next sweep takes it. A photo that the database counts as here is never touched.
"""

import math
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from webapp.formats.files import DigestStore
from webapp.inspections.models import Photo, PhotoRef, PhotoSender
from webapp.journal.models import Conflict, Refusal
from webapp.registers.models import RelayChange, RelayPoint

THUMBNAIL = ".thumbnail"
UNREFERENCED = timedelta(days=30)  # a photo may come long before the record that names it
DRAFT = timedelta(days=1)
CHUNK = 500
_LOCK = 0x70686F746F  # "photo": PostgreSQL's advisory lock between those who keep and the one who sweeps
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def keeping(session: Session) -> None:
    """Hold off a sweep until this transaction ends; SQLite's write lock does so anyway."""
    _lock(session, func.pg_advisory_xact_lock_shared)


def sweeping(session: Session) -> None:
    """Hold off whoever keeps a photo until this transaction ends."""
    _lock(session, func.pg_advisory_xact_lock)


def _lock(session: Session, function) -> None:
    session.connection()  # begins: on SQLite that takes the write lock, which the transaction's first statement waits for
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(function(_LOCK)))


def mark_purged(session: Session, before: datetime, now: datetime) -> int:
    """Mark the photos that arrived before ``before`` as deleted; :func:`sweep` then takes their files.

    What a relay point looks like is no evidence of a visit: it stays as long as the register shows it.
    """
    shown = select(RelayPoint.photo_digest).where(RelayPoint.photo_digest.is_not(None))
    old = (Photo.received_at < before, Photo.purged_at.is_(None), Photo.digest.not_in(shown))
    return session.execute(update(Photo).where(*old).values(purged_at=now)).rowcount


def forget_unreferenced(session: Session, now: datetime) -> int:
    """Delete the rows of photos that came 30 days ago and that nothing refers to; returns how many."""
    sweeping(session)
    named = (select(PhotoRef.digest), select(RelayChange.photo_digest), select(RelayPoint.photo_digest))
    query = select(Photo.digest).where(Photo.received_at < now - UNREFERENCED)
    for those in named:
        column = those.selected_columns[0]
        query = query.where(Photo.digest.not_in(those.where(column.is_not(None))))
    alone = set(session.scalars(query))
    alone -= _spoken_of(session) if alone else set()
    for some in _chunks(sorted(alone)):
        session.execute(delete(PhotoSender).where(PhotoSender.digest.in_(some)))
        session.execute(delete(Photo).where(Photo.digest.in_(some)))
    return len(alone)


def _spoken_of(session: Session) -> set[str]:
    """Digests in what was kept without being counted: a director may still put it in force, an author send it again."""
    texts = [
        *session.scalars(select(Conflict.open).where(Conflict.decision.is_(None))),
        *session.scalars(select(Refusal.text)),
    ]
    return {digest for text in texts for digest in _DIGEST.findall(text)}


def to_sweep(session: Session, store: DigestStore, now: datetime) -> list[str]:
    """Digests whose files must go: of purged photos, and those of 30 days ago that no row speaks of.

    Looks at every file, so it runs before the transaction; :func:`sweep` looks again at each.
    """
    every, old = store.written_before(math.inf), store.written_before((now - UNREFERENCED).timestamp())
    purged = set(session.scalars(select(Photo.digest).where(Photo.purged_at.is_not(None))))
    return sorted((purged & set(every)) | (set(old) - _known(session, old)))


def sweep(session: Session, store: DigestStore, digests: list[str], now: datetime) -> int:
    """Delete those of the files that still must go; returns how many.

    Runs in a transaction that holds off whoever keeps a photo: what is written meanwhile is not lost (sync.photos).
    """
    sweeping(session)
    limit, here = (now - UNREFERENCED).timestamp(), _known(session, digests)
    purged = select(Photo.digest).where(Photo.purged_at.is_not(None))
    aged = {one for some in _chunks(digests) for one in session.scalars(purged.where(Photo.digest.in_(some)))}
    gone = [one for one in digests if one in aged or (one not in here and store.written(one) < limit)]
    for digest in gone:
        store.delete(digest)
        store.delete(digest, THUMBNAIL)
    store.forget_drafts((now - DRAFT).timestamp())
    return len(gone)


def _known(session: Session, digests: Iterable[str]) -> set[str]:
    """Those of which a row says that they are here."""
    found: set[str] = set()
    for some in _chunks(sorted(digests)):
        here = select(Photo.digest).where(Photo.digest.in_(some), Photo.purged_at.is_(None))
        found |= set(session.scalars(here))
    return found


def _chunks(digests: list[str]) -> Iterable[list[str]]:
    return (digests[start : start + CHUNK] for start in range(0, len(digests), CHUNK))
