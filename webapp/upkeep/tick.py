"""What `flask tick` does every few minutes: open the lines of new periods, delete what is personal and old. Idempotent."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from webapp.cases.telling import remind
from webapp.core import clock
from webapp.core.daily_log import prune
from webapp.core.database import db, empty_wal, transaction
from webapp.core.problems import Problem
from webapp.formats.files import forget_older
from webapp.inquiries import signers
from webapp.notices.operations import forget
from webapp.org.models import Unit
from webapp.org.throttling import forget_knocks
from webapp.photos import thumbnails
from webapp.photos.store import PhotoStore
from webapp.recording.facts import rulings
from webapp.recording.personal_parts import purge_personal
from webapp.rulebook.queries import editions_of
from webapp.upkeep import marking, opening, sending, sighting, sweeping
from webapp.upkeep.progress import TICK, done_before, note_done

log = logging.getLogger(__name__)
SMALL = "thumbnails"


@dataclass(frozen=True)
class Done:
    """How many lines were looked at, personal parts and photo files deleted, notices sent; whether the database's log was emptied."""

    lines: int
    personal: int
    files: int
    emptied: bool
    sent: int = 0


def units_upwards(session) -> list[Unit]:
    """All units, those below before those above."""
    return list(session.scalars(select(Unit).order_by(func.length(Unit.path).desc(), Unit.code)))


def run(config: Mapping, store: PhotoStore, now: datetime) -> Done:
    """One tick, each part in a transaction of its own; ``config`` says how long what is kept, in days, and where."""
    today = clock.local_date(now)
    with transaction() as session:
        rulings.keep_public_days(session, now)
    lines = opening.run(now)
    with transaction() as session:
        remind(session, editions_of(session), now)
        signers.remind(session, now)
    before = now - timedelta(days=config["PERSONAL_DAYS"])
    with transaction() as session:
        personal = purge_personal(session, before)
        forget(session, before)
        forget_knocks(session, before=now)
    files = sweeping.run(store, before, now)
    _make_small_pictures(store, now)
    marking.run(store, now)
    sighting.run(config["DATA_DIRECTORY"], now)
    emptied = empty_wal()
    for folder in ("rescue", "forms"):
        forget_older(config["DATA_DIRECTORY"] / folder, (now - timedelta(days=1)).timestamp())
    prune(config["VIEWS_DIRECTORY"], today - timedelta(days=config["VIEWS_DAYS"]))
    prune(config["EVENTS_DIRECTORY"], today - timedelta(days=config["EVENTS_DAYS"]))
    note_done(TICK, now)
    # Last of all: whatever a mail server does, the rest is done.
    return Done(lines, personal, files, emptied, sending.run(config).sent)


def _make_small_pictures(store: PhotoStore, now: datetime) -> None:
    try:
        made = thumbnails.make_missing(db.session, store, now, since=done_before(SMALL, now))
    except Problem as problem:
        log.warning("no more small pictures, the store of photos is away: %s", problem.code)
        return  # the next tick goes on
    if made < thumbnails.MOST:
        note_done(SMALL, now)
