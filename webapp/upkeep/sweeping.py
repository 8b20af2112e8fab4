"""What `flask tick` does with photo files that must go: a batch in a transaction, the files outside of any.

Several ticks at once share the work. What was swept is not looked at again: a tick costs what has become due since the last.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.database import db, insert_missing, transaction
from webapp.core.problems import Problem
from webapp.photos import sweeping
from webapp.photos.store import PhotoStore
from webapp.signals import operations as signals
from webapp.upkeep.models import UpkeepMark

log = logging.getLogger(__name__)
MOST = 40  # batches of each sort in one tick: 20,000 photos; the next one goes on
ROUND = timedelta(days=7)  # of the walk through all files
FILES = 2000  # of a walk's step, unless one prefix has more
DRAFT = timedelta(days=1)
WALK = "files"
FIRST_PREFIX, LAST_PREFIX = "00", 0xFF


def run(store: PhotoStore, before: datetime, now: datetime) -> int:
    """Sweep: photos that arrived before ``before``, those that nobody names, a step through all files; how many files went."""
    _batches(lambda session: sweeping.purge(session, before, now))
    _batches(lambda session: sweeping.forget_unreferenced(session, now))
    try:
        walk(store, now)
        store.forget_aside_before((now - DRAFT).timestamp())
    except Problem as problem:
        log.warning("the walk through all files stops, the store of photos is away: %s", problem.code)
    return delete_files(store)


def _batches(some: Callable[[Session], sweeping.Batch]) -> None:
    for _ in range(MOST):
        with transaction() as session:
            looked = some(session).looked
        if looked < sweeping.CHUNK:
            return


def delete_files(store: PhotoStore) -> int:
    """Delete what is leaving, that of a tick that died included, with what was seen on the photos; how many."""
    count = 0
    while True:
        with transaction() as session:
            mine = sweeping.claim(session, clock.now())
        if not mine:
            return count
        gone = sweeping.delete_files(store, mine)
        with transaction() as session:
            signals.forget(session, gone)
            sweeping.forget_left(session, gone)
            sweeping.release(session, mine[len(gone) :])
        count += len(gone)
        if len(gone) < len(mine):
            return count  # the next tick goes on


# ---------------------------------------------------------------- files of which the database knows nothing


def walk(store: PhotoStore, now: datetime) -> int:
    """Go on with this week's walk through all files, prefix by prefix of two characters; how many files were looked at.

    A step looks at one prefix, and at more while they hold few files: a small store is walked through at once. Two ticks that
    look at the same prefix do no harm.
    """
    first, looked = _prefix(now), 0
    prefix = first
    while prefix and looked < FILES:
        files = store.listing(prefix)
        looked += len(files)
        maybe = sweeping.may_be_orphans(db.session, files, now)
        if maybe:
            with transaction() as session:
                sweeping.leave_orphans(session, {one: files[one] for one in maybe}, now)
        store.forget_drafts((now - DRAFT).timestamp(), prefix)
        prefix = _after(prefix)
    if first:
        _go_on(first, prefix, now)
    return looked


def _after(prefix: str) -> str:
    """The next prefix; empty after the last."""
    number = int(prefix, 16) + 1
    return f"{number:02x}" if number <= LAST_PREFIX else ""


def _prefix(now: datetime) -> str:
    """Which prefix is next; empty: the week's walk is done."""
    mark = db.session.get(UpkeepMark, WALK, populate_existing=True)
    if mark is None:
        return FIRST_PREFIX
    done = not mark.reached and now - ROUND < mark.begun_at <= now
    return "" if done else mark.reached or FIRST_PREFIX


def _go_on(first: str, reached: str, now: datetime) -> None:
    """A step from ``first`` on is done: the next one begins at ``reached``, unless another tick has come further meanwhile."""
    row = {"work": WALK, "begun_at": now, "reached": reached}
    with transaction() as session:
        new = insert_missing(session, UpkeepMark, [row])
        mark = session.get(UpkeepMark, WALK, with_for_update=True, populate_existing=True)
        if not new and mark.reached in (first, ""):
            mark.reached = reached
            if first == FIRST_PREFIX:
                mark.begun_at = now
