"""Photo files that must go: those past their time, and those that nothing refers to.

First the database decides, a batch at a time and by an index of those that it still has to look at; what it decides stands in
``leaving_photos``. Then the files are deleted, in no transaction and under no lock, and last those rows. Whoever sends a photo
whose file is leaving is asked to come again (:func:`webapp.photos.keeping.keep`), so a photo that the database counts as here
is never touched; what a crash leaves behind, the next tick takes.

The row of a photo whose time was over stays: by it a record says that its photo was deleted, and the phone that sends it once
more brings nothing back.
"""

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from webapp.core.database import insert_missing
from webapp.core.problems import Problem
from webapp.photos.keeping import sweeping
from webapp.photos.models import LeavingPhoto, Photo, PhotoRef, PhotoSender
from webapp.photos.queries import parts
from webapp.photos.store import THUMBNAIL, PhotoStore
from webapp.registers.models import RelayPoint

log = logging.getLogger(__name__)
UNREFERENCED = timedelta(days=30)  # a photo may come long before the record that names it
CLAIM = timedelta(hours=1)  # of files that somebody deletes; half of it is used
CHUNK = 500


@dataclass(frozen=True)
class Batch:
    """How many photos were looked at, and the digests of those whose files are to go."""

    looked: int
    gone: Sequence[str]


def purge(session: Session, before: datetime, now: datetime) -> Batch:
    """Mark some of the photos that arrived before ``before`` as deleted; their files are leaving.

    What a relay point looks like is no evidence of a visit: it stays as long as the register shows it.
    """
    shown = select(RelayPoint.id).where(RelayPoint.photo_digest == Photo.digest)
    query = select(Photo.digest).where(Photo.received_at < before, Photo.purged_at.is_(None), ~shown.exists())
    old = session.scalars(query.order_by(Photo.received_at).limit(CHUNK)).all()
    if old:
        session.execute(update(Photo).where(Photo.digest.in_(old)).values(purged_at=now))
        _leave(session, old)
    return Batch(len(old), old)


def forget_unreferenced(session: Session, now: datetime) -> Batch:
    """Of some photos that came 30 days ago and of which nobody has seen yet that something refers to them: see whether it does.

    Those that are named are not looked at again; of the others the rows are deleted, and their files are leaving.
    """
    sweeping(session)
    query = select(Photo.digest).where(~Photo.named, Photo.received_at < now - UNREFERENCED)
    unseen = session.scalars(query.order_by(Photo.received_at).limit(CHUNK)).all()
    named = {
        one
        for column in (PhotoRef.digest, RelayPoint.photo_digest)
        for one in session.scalars(select(column).where(column.in_(unseen)))
    }
    alone = [digest for digest in unseen if digest not in named]
    if named:
        session.execute(update(Photo).where(Photo.digest.in_(named)).values(named=True))
    if alone:
        session.execute(delete(PhotoSender).where(PhotoSender.digest.in_(alone)))
        session.execute(delete(Photo).where(Photo.digest.in_(alone)))
        _leave(session, alone)
    return Batch(len(unseen), alone)


def may_be_orphans(session: Session, files: Mapping[str, float], now: datetime) -> list[str]:
    """Those of the files ``{digest: when it was written}`` that no row counts as here and that are not too young to have one."""
    found: list[str] = []
    for some in parts(files, CHUNK):
        rows = select(Photo.digest, Photo.purged_at.is_(None)).where(Photo.digest.in_(some))
        known = dict(session.execute(rows).all())
        limit = (now - UNREFERENCED).timestamp()
        found += [one for one in some if not known.get(one, files[one] >= limit)]
    return found


def leave_orphans(session: Session, files: Mapping[str, float], now: datetime) -> list[str]:
    """Those that :func:`may_be_orphans` names are leaving, if they still are; asked anew while nobody keeps a photo."""
    sweeping(session)
    gone = may_be_orphans(session, files, now)
    _leave(session, gone)
    return gone


def _leave(session: Session, digests: Sequence[str]) -> None:
    for some in parts(digests, CHUNK):
        insert_missing(session, LeavingPhoto, [{"digest": one} for one in some])


def claim(session: Session, now: datetime) -> list[str]:
    """Some of the photos whose files are leaving and that nobody else is deleting: they are the caller's for an hour."""
    free = or_(LeavingPhoto.claimed_until.is_(None), LeavingPhoto.claimed_until <= now)
    query = select(LeavingPhoto.digest).where(free).order_by(LeavingPhoto.digest).limit(CHUNK)
    mine = session.scalars(query.with_for_update(skip_locked=True)).all()
    held = update(LeavingPhoto).where(LeavingPhoto.digest.in_(mine))
    session.execute(held.values(claimed_until=now + CLAIM))
    return list(mine)


def delete_files(store: PhotoStore, digests: Sequence[str]) -> list[str]:
    """Delete the files of photos just claimed, in no transaction; those that are gone. A slow store gets half the claim's time,
    one that is away none.
    """
    until = time.monotonic() + CLAIM.total_seconds() / 2
    gone: list[str] = []
    for digest in digests:
        if time.monotonic() > until:
            break
        try:
            store.delete(digest)
            store.delete(digest, THUMBNAIL)
        except Problem as problem:
            log.warning("deleting stops, the store of photos is away: %s", problem.code)
            break
        gone.append(digest)
    return gone


def release(session: Session, digests: Collection[str]) -> None:
    """What was claimed and not deleted is anybody's again."""
    held = update(LeavingPhoto).where(LeavingPhoto.digest.in_(digests))
    session.execute(held.values(claimed_until=None))


def forget_left(session: Session, digests: Collection[str]) -> None:
    """The files are gone: the photos may be sent again, if they are not past their time."""
    session.execute(delete(LeavingPhoto).where(LeavingPhoto.digest.in_(digests)))
