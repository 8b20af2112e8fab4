"""Photo files that must go: those past their time, and those that nothing refers to.

The database first, the disk second: what a crash leaves behind is a file of which the database knows that it may go, and
the next sweep takes it. A photo that the database counts as here is never touched.
"""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.photos.keeping import sweeping
from webapp.photos.models import Photo, PhotoRef, PhotoSender
from webapp.photos.queries import parts
from webapp.photos.store import THUMBNAIL, PhotoStore
from webapp.registers.models import RelayPoint

UNREFERENCED = timedelta(days=30)  # a photo may come long before the record that names it
DRAFT = timedelta(days=1)
CHUNK = 500
# What the register shows now stays as long as it does.
_SHOWN = select(RelayPoint.photo_digest).where(RelayPoint.photo_digest.is_not(None))


def mark_purged(session: Session, before: datetime, now: datetime) -> int:
    """Mark the photos that arrived before ``before`` as deleted; :func:`sweep` then takes their files.

    What a relay point looks like is no evidence of a visit: it stays as long as the register shows it.
    """
    old = (Photo.received_at < before, Photo.purged_at.is_(None), Photo.digest.not_in(_SHOWN))
    return session.execute(update(Photo).where(*old).values(purged_at=now)).rowcount


def forget_unreferenced(session: Session, now: datetime) -> int:
    """Delete the rows of photos that came 30 days ago and that nothing refers to; returns how many."""
    sweeping(session)
    query = select(Photo.digest).where(
        Photo.received_at < now - UNREFERENCED,
        Photo.digest.not_in(select(PhotoRef.digest)),
        Photo.digest.not_in(_SHOWN),
    )
    alone = session.scalars(query).all()
    for some in parts(alone, CHUNK):
        session.execute(delete(PhotoSender).where(PhotoSender.digest.in_(some)))
        session.execute(delete(Photo).where(Photo.digest.in_(some)))
    return len(alone)


def to_sweep(session: Session, store: PhotoStore, now: datetime) -> list[str]:
    """Digests whose files must go: of purged photos, and those of 30 days ago that no row speaks of.

    Looks at every file, so it runs before the transaction; :func:`sweep` looks again at each.
    """
    every, old = store.written_before(math.inf), store.written_before((now - UNREFERENCED).timestamp())
    purged = set(session.scalars(select(Photo.digest).where(Photo.purged_at.is_not(None))))
    return sorted((purged & set(every)) | (set(old) - _known(session, old)))


def sweep(session: Session, store: PhotoStore, digests: list[str], now: datetime) -> int:
    """Delete those of the files that still must go; returns how many.

    Runs in a transaction that holds off whoever keeps a photo: what is written meanwhile is not lost (sync.photos).
    """
    sweeping(session)
    limit, here = (now - UNREFERENCED).timestamp(), _known(session, digests)
    purged = select(Photo.digest).where(Photo.purged_at.is_not(None))
    aged = {
        one for some in parts(digests, CHUNK) for one in session.scalars(purged.where(Photo.digest.in_(some)))
    }
    gone = [one for one in digests if one in aged or (one not in here and store.written(one) < limit)]
    for digest in gone:
        store.delete(digest)
        store.delete(digest, THUMBNAIL)
    store.forget_drafts((now - DRAFT).timestamp())
    return len(gone)


def _known(session: Session, digests: Iterable[str]) -> set[str]:
    """Those of which a row says that they are here."""
    found: set[str] = set()
    for some in parts(set(digests), CHUNK):
        here = select(Photo.digest).where(Photo.digest.in_(some), Photo.purged_at.is_(None))
        found |= set(session.scalars(here))
    return found
