"""A second PostgreSQL that only reads and follows the first: may a page be read there now?

It may if it has whatever the first one had ``seconds`` ago. Every few seconds one thread of a process asks both how far they are;
a replica that is away, or too far behind, is asked again then, and meanwhile everything is read where it is written.
"""

import logging
import threading
import time
from collections import deque

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from webapp.core.outages import told

PAUSE = 2.0  # seconds between two looks
# Bytes of the log since the beginning; of a server that follows none (after it was promoted, or in a test) those that it wrote.
WRITTEN = text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
FOLLOWED = text(
    "SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0')"
)
log = logging.getLogger(__name__)


class Replica:
    """The one that follows ``primary``; at most ``seconds`` behind, else it is not read."""

    def __init__(self, primary: Engine, url: str, seconds: float, **options):
        """``url``, ``options``: as :func:`create_engine` takes them."""
        self.engine = create_engine(url, **options)
        self._primary, self._seconds = primary, seconds
        self._guard = threading.Lock()
        self._looked, self._near = -PAUSE, False
        self._written: deque[tuple[float, int]] = deque(
            maxlen=64
        )  # (when, how far the primary was), the oldest first

    def near(self) -> bool:
        """Whether pages may be read there. Waits for nobody: while one thread looks, the others take what was seen last."""
        if time.monotonic() - self._looked >= PAUSE and self._guard.acquire(blocking=False):
            try:
                self._near = self._look()
                self._looked = time.monotonic()
            finally:
                self._guard.release()
        return self._near

    def lost(self) -> None:
        """A page met an error there: nobody reads there until somebody has looked again."""
        self._near, self._looked = False, time.monotonic()

    def _look(self) -> bool:
        try:
            with self.engine.connect() as connection:
                followed = _number(connection, FOLLOWED)
        except SQLAlchemyError as error:
            if self._near:
                log.warning("the replica is away: %s", told(error))
            return False
        try:
            with self._primary.connect() as connection:
                self._written.append((time.monotonic(), _number(connection, WRITTEN)))
        except SQLAlchemyError:
            # Nobody writes now: whatever the replica had just now is as new as anything.
            return self._near
        return followed >= self._owed()

    def _owed(self) -> int:
        """How far the primary was ``seconds`` ago, or at the last look before that; of a new process: as far as it is now."""
        since = time.monotonic() - self._seconds
        while len(self._written) > 1 and self._written[1][0] <= since:
            self._written.popleft()
        return self._written[0][1]


def _number(connection: Connection, statement) -> int:
    return int(connection.execute(statement).scalar_one())
