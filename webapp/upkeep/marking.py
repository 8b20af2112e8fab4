"""What `flask tick` does with photos that arrived: marked one after another, each in a transaction of its own."""

import logging
from datetime import datetime

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.photos.store import PhotoStore
from webapp.signals import operations as signals, photo_hash
from webapp.upkeep.progress import done_before, note_done

log = logging.getLogger(__name__)
MOST = 600  # photos of one tick: one core for four minutes at most; more arrive in ten minutes only after an outage

WORK, METHOD = "marks", str(photo_hash.METHOD)


def run(store: PhotoStore, now: datetime, most: int = MOST) -> int:
    """Mark what waits, the oldest first; how many were looked at.

    A photo that a second tick marks meanwhile is written twice the same. A broken one is noted as broken and not tried again.
    """
    digests, done = signals.waiting(db.session, most, done_before(WORK, now, METHOD)), 0
    for digest in digests:
        try:
            looked = signals.look(db.session, store, digest)
        except Problem as problem:
            log.warning("marking stops, the store of photos is away: %s", problem.code)
            return done  # the next tick goes on
        with transaction() as session:
            signals.note(session, looked, now)
        done += 1
    if done < most:
        note_done(WORK, now, METHOD)
    return done
