"""May this server be sent requests? Asked by a load balancer every second or two, by anybody: so the answer is kept for a second."""

import os
import threading
import time

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from webapp.core.database import db
from webapp.core.schema_range import newest_schema, schema_of, serves

KEPT = 1.0  # seconds


class State:
    """What was found when, of one application; whoever asks while another looks is told what was found last."""

    def __init__(self, app: Flask):
        self._app, self._guard = app, threading.Lock()
        self._reasons, self._looked = ["starting"], -KEPT

    def reasons(self) -> list[str]:
        """Why it may not; none where it may."""
        if time.monotonic() - self._looked >= KEPT and self._guard.acquire(blocking=False):
            try:
                self._reasons = self._look()
                self._looked = time.monotonic()
            finally:
                self._guard.release()
        return self._reasons

    def _look(self) -> list[str]:
        found = [] if os.access(self._app.config["DATA_DIRECTORY"], os.W_OK) else ["data"]
        try:
            present = schema_of(db.session)
            if not serves(db.session.connection(), present, newest_schema()):
                found.append("schema")
        except SQLAlchemyError:
            found.append("database")
        return found


def init_state(app: Flask) -> None:
    """Keep what is found with the application."""
    app.extensions["toucha_state"] = State(app)
