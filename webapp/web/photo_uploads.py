"""A photo that comes in by a door: with the settings of this server, in transactions of its own."""

from flask import current_app

from webapp.core.database import db, transaction
from webapp.org.rules import Actor
from webapp.photos import keeping
from webapp.photos.chosen_store import store_of
from webapp.photos.store import PhotoStore


def photo_store() -> PhotoStore:
    """Where photos are kept."""
    return store_of(current_app.config)


def keep(me: Actor, time, digest: str, data: bytes, author_id: str | None = None) -> bool:
    """Check the photo, put it into the store durably, then into the database; whether it is news from its author.

    ``author_id``: in whose name it comes (None: the actor's own); only their records show it. The store is never asked inside the
    transaction: one that does not answer would hold up everybody who waits for the same journal.
    """
    config, author = current_app.config, author_id or me.person_id
    upload = keeping.read(digest, data, config["PHOTO_MAX_BYTES"], config["PHOTO_MAX_PIXELS"])
    if keeping.is_purged(db.session, digest):
        with transaction() as session:
            keeping.note_sender(session, digest, author, time)
        return False
    store = photo_store()
    upload.write(store)
    with transaction() as session:
        new = keeping.keep(session, upload, me.person_id, author, time)
    upload.make_sure(store)
    return new
