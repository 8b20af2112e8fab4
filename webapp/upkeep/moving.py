"""Photos move from files to a bucket while the server runs: `flask photos move`. What ends it in the middle costs nothing.

First, while the server still keeps files, they are copied. Once it keeps its photos in the bucket (and looks for what is not there in
the folder, ``photos/two_stores.py``) the rest is copied and each file deleted, but only after its bytes have come back from the
bucket and are those of its name. At last the folder's name goes: then it is no store any more, and nobody looks there.
"""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.formats.files import DigestStore
from webapp.photos.models import Photo
from webapp.photos.store import THUMBNAIL, PhotoStore

FOLDERS = [f"{number:02x}" for number in range(256)]
AT_ONCE = 8  # photos on their way
COPIED, THERE, DELETED, DAMAGED = "copied", "there", "deleted", "damaged"


@dataclass
class Moved:
    """How many photos were copied, were there already, had outlived their time; and those whose bytes are not what their name says."""

    copied: int
    there: int
    aged: int
    damaged: list[str]


def move(session: Session, old: DigestStore, new: PhotoStore, delete: bool) -> Moved:
    """Copy what the new store lacks; ``delete``: and let each file go that is there. Raises the problem of a store that is away.

    What is past its time is not copied, and goes too.
    """
    done = Moved(0, 0, 0, [])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for folder in FOLDERS:
            digests = old.digests(folder)
            aged = _aged(session, digests)
            here = [digest for digest in digests if digest not in aged]
            became = list(pool.map(partial(_one, old, new, delete), here))
            done.copied += became.count(COPIED)
            done.there += became.count(THERE)
            done.damaged += [digest for digest, what in zip(here, became, strict=True) if what == DAMAGED]
            # Whose time was over meanwhile is not brought back by a copy that was on its way.
            late = _aged(session, here)
            for digest in sorted(late):
                _forget(new, digest)
            if delete:
                for digest in sorted(aged | late):
                    _forget(old, digest)
            done.aged += len(aged | late)
    if delete and not done.damaged:
        old.close_down()
    return done


def _one(old: DigestStore, new: PhotoStore, delete: bool, digest: str) -> str:
    """What became of one photo."""
    there = new.holds(digest)
    if not there:
        data = old.read(digest)
        if data is None:
            return DELETED  # for its age, or by another run of this
        if hashlib.sha256(data).hexdigest() != digest:
            return DAMAGED
        new.write(digest, data)
        if small := old.read(digest, THUMBNAIL):
            new.write(digest, small, THUMBNAIL)
    if delete:
        back = new.read(digest)
        if back is None or hashlib.sha256(back).hexdigest() != digest:
            return DAMAGED
        _forget(old, digest)
    return THERE if there else COPIED


def _forget(store: PhotoStore, digest: str) -> None:
    store.delete(digest)
    store.delete(digest, THUMBNAIL)


def _aged(session: Session, digests: Iterable[str]) -> set[str]:
    """Those past their time."""
    session.rollback()  # what others have said meanwhile counts
    purged = select(Photo.digest).where(Photo.digest.in_(digests), Photo.purged_at.is_not(None))
    return set(session.scalars(purged))
