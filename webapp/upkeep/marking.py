"""What `flask tick` does with photos that arrived: marked one after another, each in a transaction of its own."""

import logging
from datetime import datetime

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.photos.store import PhotoStore
from webapp.signals import operations as signals

log = logging.getLogger(__name__)
MOST = 600  # photos of one tick: one core for four minutes at most; more arrive in ten minutes only after an outage


def run(store: PhotoStore, now: datetime, most: int = MOST) -> int:
    """Mark what waits, the oldest first; how many were looked at.

    A photo that a second tick marks meanwhile is written twice the same. A broken one is noted as broken and not tried again.
    """
    done = 0
    for digest in signals.waiting(db.session, most):
        try:
            looked = signals.look(db.session, store, digest)
        except Problem as problem:
            log.warning("marking stops, the store of photos is away: %s", problem.code)
            break  # the next tick goes on
        with transaction() as session:
            signals.note(session, looked, now)
        done += 1
    return done
