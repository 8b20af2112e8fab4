"""The server with one safeguard of its promise against power loss switched off; only test_fsync.py starts it."""

import os
import stat

from sqlalchemy import event

from webapp.core.database import db
from webapp.formats import files
from webapp.wsgi import app

honest = os.fsync


def _files_left_to_chance(handle: int) -> None:
    if stat.S_ISDIR(os.fstat(handle).st_mode):
        honest(handle)


def _leave_database_to_chance() -> None:
    with app.app_context():
        off = "PRAGMA synchronous=OFF"
        event.listen(db.engine, "connect", lambda connection, _: connection.execute(off).close())


match os.environ["CARELESS"]:
    case "database":
        _leave_database_to_chance()
    case "files":
        os.fsync = _files_left_to_chance
    case "folders":
        files._sync_folder = lambda folder: None

__all__ = ["app"]
