"""Which requests are read from a replica of the database, where there is one: pages of the desk that only read.

Never a phone's (its API, and the field app's own pages): what it was told it has must be there at the next question. Nor a page of a
browser that wrote in the last seconds: its session's cookie holds when. What another browser wrote may be missing as long as the
replica is allowed to be behind.
"""

import time

from flask import Flask, current_app, request, session as cookie
from sqlalchemy.exc import DBAPIError

from webapp.core.database import db
from webapp.core.replica import Replica

WROTE = "wrote"  # in the cookie: when this browser wrote last, in seconds
FIELD = "field"  # the blueprint of the field app


def init_reading(app: Flask) -> None:
    """Ask before everything else that asks the database; nothing is done where the settings name no replica."""
    if not app.config.get("REPLICA_URI"):
        return
    with app.app_context():
        replica = Replica(
            db.engine,
            app.config["REPLICA_URI"],
            app.config["REPLICA_SECONDS"],
            **app.config["REPLICA_OPTIONS"],
        )
    app.extensions["toucha_replica"] = replica
    app.before_request(_choose)
    app.after_request(_mark)
    app.teardown_request(_notice)


def _choose() -> None:
    replica: Replica = current_app.extensions["toucha_replica"]
    if _only_reads() and not _wrote_lately() and replica.near():
        db.session().info["replica"] = replica.engine


def _only_reads() -> bool:
    if request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
        return False
    return request.blueprint is not None and request.blueprint != FIELD


def _wrote_lately() -> bool:
    return time.time() - cookie.get(WROTE, 0) < current_app.config["REPLICA_SECONDS"]


def _mark(response):
    """A browser that signs in writes, too."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        cookie[WROTE] = int(time.time()) + 1
    return response


def _notice(error: BaseException | None) -> None:
    """Whoever meets a replica that is gone is told to come again; the next one reads elsewhere."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        current_app.extensions["toucha_replica"].lost()
