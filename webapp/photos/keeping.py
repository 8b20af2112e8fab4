"""A photo or voice note that a phone sent, a page took or a file brought: checked, put into the store, then into the database.

First :func:`read`, then :meth:`Upload.write` before the transaction, then :func:`keep` in it, then :meth:`Upload.make_sure`
after it, and only then the answer; of a photo whose time is over (:func:`is_purged`) nothing is written. No store is asked inside
the transaction. A sweep deletes files only while the database says that they are leaving: :func:`keep` then asks to come again,
and what was deleted just before it is seen to be gone afterwards.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core.database import insert_missing
from webapp.core.problems import Problem
from webapp.formats.audio import inspect_audio, is_audio
from webapp.formats.images import inspect_photo
from webapp.photos.models import LeavingPhoto, Photo, PhotoSender
from webapp.photos.operations import photo_arrived
from webapp.photos.store import PhotoStore

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LOCK = 0x70686F746F  # "photo": PostgreSQL's advisory lock between those who keep and the one who sweeps


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


@dataclass(frozen=True)
class Upload:
    """A photo or voice note that was checked: its bytes are those of its name, and it is whole. A voice note has no size in pixels."""

    digest: str
    data: bytes
    mime: str
    width: int
    height: int

    def write(self, store: PhotoStore) -> None:
        """Put it into the store, durably. Its thumbnail is made afterwards (``photos/thumbnails.py``)."""
        store.write(self.digest, self.data)

    def make_sure(self, store: PhotoStore) -> None:
        """Write it again if a sweep took it as nobody's before the database knew of it."""
        if not store.holds(self.digest):
            self.write(store)


def read(digest: str, data: bytes, most_bytes: int, most_pixels: int) -> Upload:
    """The photo or voice note of that name; raises ``photo-digest``, ``photo-too-large`` or what is wrong with it.

    What its sender calls it is not asked.
    """
    if not _SHA256.fullmatch(digest) or hashlib.sha256(data).hexdigest() != digest:
        raise Problem("photo-digest", {"photo": "does not match its name"})
    if is_audio(data):
        return Upload(digest, data, inspect_audio(data), 0, 0)
    info = inspect_photo(data, most_bytes, most_pixels)
    return Upload(digest, data, info.mime, info.width, info.height)


def is_purged(session: Session, digest: str) -> bool:
    """Whether the photo was here and its time is over: it is taken and checked like any other, and forgotten."""
    query = select(Photo.digest).where(Photo.digest == digest, Photo.purged_at.is_not(None))
    return session.scalar(query) is not None


def keep(session: Session, upload: Upload, brought_by: str, author_id: str, now: datetime) -> bool:
    """Note the photo whose bytes are in the store, and in whose name it came; whether it is news from its author. Raises ``busy``.

    Only records of ``author_id`` show it. The bytes of a photo that is here already are not stored twice.
    """
    row = {
        "digest": upload.digest, "size": len(upload.data), "mime": upload.mime, "width": upload.width,
        "height": upload.height, "uploaded_by": brought_by, "received_at": now,
    }  # fmt: skip
    keeping(session)
    if session.get(LeavingPhoto, upload.digest):  # its file is being deleted: in a moment it is as new
        raise Problem("busy")
    insert_missing(session, Photo, [row])
    new = _sent(session, upload.digest, author_id, now)
    if new:
        photo_arrived(session, upload.digest, author_id, now)
    return new


def note_sender(session: Session, digest: str, author_id: str, now: datetime) -> None:
    """Note who has sent a photo whose time is over, if the database still knows it."""
    keeping(session)
    if session.get(Photo, digest):
        _sent(session, digest, author_id, now)


def _sent(session: Session, digest: str, author_id: str, now: datetime) -> bool:
    """Note who has sent the photo; whether that is news."""
    sender = {"digest": digest, "person_id": author_id, "received_at": now}
    return insert_missing(session, PhotoSender, [sender]) > 0
