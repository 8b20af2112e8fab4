"""Servers of one database are one server to a phone: they must have one secret key and one photo store.

The first that starts writes the fingerprints of both into the database; one that differs must not serve, for it would sign people
out and say of photos that they are gone. A fingerprint says what it is of to nobody who has not got it.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.database import insert_missing, transaction, upsert
from webapp.core.ids import new_id
from webapp.photos.store import PhotoStore
from webapp.upkeep.models import CellMark

SECRET_KEY, PHOTO_STORE = "secret-key", "photo-store"
WHAT = (SECRET_KEY, PHOTO_STORE)


def key_fingerprint(config: Mapping) -> str:
    """Of the secret key."""
    return hmac.digest(config["SECRET_KEY"].encode(), b"toucha cell", "sha256").hex()


def store_fingerprint(name: str) -> str:
    """Of the photo store that bears this name."""
    return hashlib.sha256(name.encode()).hexdigest()


def named(store: PhotoStore, new: bool) -> str | None:
    """The name of the store; a ``new`` one is given a name if it has none."""
    name = store.name()
    if name is None and new:
        store.give_name(new_id())
        name = store.name()
    return name


def noted(session: Session) -> dict[str, str]:
    """{what: fingerprint} as the servers before this one wrote them."""
    return {row.what: row.fingerprint for row in session.scalars(select(CellMark))}


def note(mine: Mapping[str, str], now: datetime) -> None:
    """Write what nobody has written yet; of two servers that start at once the first is believed."""
    with transaction() as session:
        insert_missing(session, CellMark, _rows(mine, now))


def accept(mine: Mapping[str, str], now: datetime) -> None:
    """Believe these from now on: somebody has changed them deliberately."""
    with transaction() as session:
        upsert(session, CellMark, _rows(mine, now), ["what"])


def _rows(mine: Mapping[str, str], now: datetime) -> list[dict]:
    return [{"what": what, "fingerprint": mine[what], "noted_at": now} for what in sorted(mine)]
