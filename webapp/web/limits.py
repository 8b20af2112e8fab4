"""How often one address may knock where guessing pays. Accounts have their own limit, in the database (``org/throttling.py``).

Where knocks are counted is a setting: in this process, in the database (all servers of a county together), or in a Redis.
"""

import time
from datetime import UTC, datetime

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.org import throttling

# A whole office may share one address: this stops machines, not a Monday morning.
KNOCKING = "60 per minute"

limiter = Limiter(get_remote_address, default_limits=[])


class DatabaseStorage(Storage):
    """Counts in the table ``knocks``, so that several servers are one to whoever guesses. The library finds it by its scheme."""

    STORAGE_SCHEME = ["database"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may be raised by the database."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """One knock more at ``key``, forgotten after ``expiry`` seconds; how many there are."""
        with transaction() as session:
            return throttling.knock(session, clock.now(), key, expiry, amount)

    def get(self, key: str) -> int:
        """How many there are."""
        return throttling.knocks(db.session, clock.now(), key)[0]

    def get_expiry(self, key: str) -> float:
        """When they are forgotten, in seconds since 1970."""
        ends = throttling.knocks(db.session, clock.now(), key)[1]
        return ends.timestamp() if ends else time.time()

    def check(self) -> bool:
        """Whether they can be counted."""
        try:
            throttling.knocks(db.session, datetime.now(UTC), "")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget all; how many keys there were."""
        with transaction() as session:
            return throttling.forget_knocks(session)

    def clear(self, key: str) -> None:
        """Forget one."""
        with transaction() as session:
            throttling.forget_knocks(session, key)


def init_limits(app: Flask) -> None:
    """Attach them to the application; a store that cannot be is an error of its settings."""
    limiter.init_app(app)


def counted(app: Flask) -> bool:
    """Whether the store answers in which knocks are counted, if any are."""
    if not app.config.get("RATELIMIT_ENABLED", True):
        return True
    with app.app_context():
        try:
            return limiter.storage.check()
        finally:
            db.session.remove()
