"""The small picture of a photo: made when it is first wanted, else by the tick, and again where it is damaged.

Whoever sends a photo does not wait for it (5 of the 17 ms that keeping a photo took): it proves nothing and can be made at any time.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.formats.audio import is_audio
from webapp.formats.images import is_whole, thumbnail
from webapp.photos.models import Photo
from webapp.photos.queries import is_picture
from webapp.photos.store import THUMBNAIL, PhotoStore

LATELY = timedelta(days=2)
MOST = 6000  # of one tick: half a minute of one core; more are left only by an outage of the timer


def thumbnail_of(store: PhotoStore, digest: str) -> bytes | None:
    """The JPEG of 320 px; None where the photo is gone, damaged or a voice note. Raises ``busy``.

    Of several who want it at once one makes it, and the others wait and find it made.
    """
    if (kept := _whole(store, digest)) is not None:
        return kept
    with store.alone(digest):
        return _whole(store, digest) or _made(store, digest)


def _whole(store: PhotoStore, digest: str) -> bytes | None:
    data = store.read(digest, THUMBNAIL)
    return data if data is not None and is_whole(data) else None


def _made(store: PhotoStore, digest: str) -> bytes | None:
    photo = store.read(digest)
    if photo is None or is_audio(photo):
        return None
    try:
        small = thumbnail(photo)
    except Problem as problem:
        if problem.code == "busy":
            raise
        return None  # `flask check` tells of it
    with suppress(OSError):  # a full disk: it is shown all the same, and kept another time
        store.write(digest, small, THUMBNAIL)
    if not store.holds(digest):  # its time was over meanwhile; the sweep takes the photo first
        store.delete(digest, THUMBNAIL)
        return None
    return small


def make_missing(
    session: Session, store: PhotoStore, now: datetime, most: int = MOST, since: datetime | None = None
) -> int:
    """Make those of photos of the last days (that came ``since``) that nobody has wanted yet, or that a killed server left; how many.

    Of older ones it is made when somebody looks: no tick walks through all that the store holds. Reads the database only. A store
    that is away raises its problem.
    """
    first = max(since, now - LATELY) if since else now - LATELY
    query = select(Photo.digest).where(Photo.received_at >= first, Photo.purged_at.is_(None), is_picture())
    made = 0
    for digest in session.scalars(query.order_by(Photo.received_at)).all():
        if made == most:
            break
        if not store.holds(digest, THUMBNAIL):
            made += thumbnail_of(store, digest) is not None
    return made
