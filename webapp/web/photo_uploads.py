"""A photo that a phone sent, a page took or a file brought: checked, put on disk, then into the database."""

import hashlib
import re

from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from webapp.core.database import db, is_sqlite, transaction
from webapp.core.problems import Problem
from webapp.formats.files import DigestStore
from webapp.formats.images import inspect_photo, thumbnail
from webapp.inspections.models import Photo, PhotoSender
from webapp.org.rules import Actor
from webapp.recording.photos import photo_arrived
from webapp.recording.sweeping import THUMBNAIL, keeping

_SHA256 = re.compile(r"[0-9a-f]{64}")


def photo_store() -> DigestStore:
    """Where photos are kept."""
    return DigestStore(current_app.config["PHOTO_DIRECTORY"])


def keep(me: Actor, time, digest: str, data: bytes, author_id: str | None = None) -> bool:
    """Check the photo, put it on disk durably, then into the database; whether it is news from its author.

    ``author_id``: in whose name it comes (None: the actor's own); only their records show it. The bytes of a photo that
    is here already are not stored twice.
    """
    if not _SHA256.fullmatch(digest) or hashlib.sha256(data).hexdigest() != digest:
        raise Problem("photo-digest", {"photo": "does not match its name"})
    config = current_app.config
    info = inspect_photo(data, config["PHOTO_MAX_BYTES"], config["PHOTO_MAX_PIXELS"])
    sender = {"digest": digest, "person_id": author_id or me.person_id, "received_at": time}
    if _purged(digest):  # its time is over: taken and checked like any other, and forgotten
        with transaction() as session:
            keeping(session)
            if session.get(Photo, digest):
                _sent(session, sender)
        return False
    files = {"": data, THUMBNAIL: thumbnail(data)}
    _write(digest, files)
    row = {
        "digest": digest, "size": len(data), "mime": info.mime, "width": info.width, "height": info.height,
        "uploaded_by": me.person_id, "received_at": time,
    }  # fmt: skip
    insert = (sqlite if is_sqlite() else postgresql).insert(Photo).on_conflict_do_nothing()
    with transaction() as session:
        keeping(session)
        session.execute(insert.values(row))
        new = _sent(session, sender)
        if new:
            photo_arrived(session, digest, sender["person_id"], time)
        # A sweep may have taken the file as nobody's between the two; from here on it waits for this commit.
        if not photo_store().holds(digest):
            _write(digest, files)
    return new


def _sent(session, sender: dict) -> bool:
    """Note who has sent the photo; whether that is news."""
    insert = (sqlite if is_sqlite() else postgresql).insert(PhotoSender).on_conflict_do_nothing()
    return session.scalar(insert.values(sender).returning(PhotoSender.digest)) is not None


def _purged(digest: str) -> bool:
    query = select(Photo.digest).where(Photo.digest == digest, Photo.purged_at.is_not(None))
    return db.session.scalar(query) is not None


def _write(digest: str, files: dict[str, bytes]) -> None:
    for variant, data in files.items():
        photo_store().write(digest, data, variant)
