"""Errors that speak of the server's state and not of what somebody sent: later the same request may go well.

A full disk must never be told to a phone as a refused record: a person would make it again, or throw it away.
"""

import errno
import os
import re
import traceback

from sqlalchemy.exc import DBAPIError, PendingRollbackError, TimeoutError as NoConnection

from webapp.core.turns import NoTurn

# SQLite's primary result codes (the low byte of the extended ones).
_SQLITE_FULL = 13
_SQLITE_UNWRITABLE = {8, 10, 11, 14, 23, 26}  # READONLY, IOERR, CORRUPT, CANTOPEN, AUTH, NOTADB
_SQLITE_BUSY = {4, 5, 6, 7, 9, 15, 17}  # ABORT, BUSY, LOCKED, NOMEM, INTERRUPT, PROTOCOL, SCHEMA
# PostgreSQL: SQLSTATE, or the class that its first two characters are.
_FULL = {"53100"}
_UNWRITABLE = {"58030", "58P01", "XX001", "XX002"}
_BUSY = {"08", "25", "26", "34", "40", "53", "55", "57", "58", "72", "42P05"}
# The server behind this connection is not, or no longer, the one that writes (25006: a demoted primary; 57P01 to 57P03: it stops or
# starts), or it does not know what was prepared or opened on it (26000, 34000, 42P05: a pooler changed it). A new connection finds another.
_MOVED = {"25006", "26000", "34000", "42P05", "57P01", "57P02", "57P03"}
# Kinds of errors that come without a code: the connection broke, or there was none. Others are mistakes of the code or of a value.
_CODELESS = {"OperationalError", "InterfaceError", "InternalError"}
_LOST_BEFORE = (
    "8s2b"  # SQLAlchemy's code: a connection that was lost, and whoever goes on with what had begun on it
)
# Of files: photos, and what a page writes.
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NAMES_SOMETHING = re.compile(r"[0-9a-f-]{16,}")  # in a file's name: a photo's digest, a person's id
_NO_WAY = {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENODEV}


def outage(error: Exception) -> str | None:
    """The problem code (``busy``, ``disk-full``, ``cannot-write``) of an error that passes; None for all others."""
    if isinstance(error, (NoConnection, NoTurn)):
        return "busy"
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, PendingRollbackError):
        return "busy" if error.code == _LOST_BEFORE else None
    if _of_psycopg(error):
        return _of_driver(error)
    if isinstance(error, OSError):
        return "disk-full" if error.errno in _NO_ROOM else "cannot-write" if error.errno in _NO_WAY else None
    return None


def told(error: BaseException) -> str:
    """What a log may say of an error that somebody's data raised: its kind and place, never its words.

    A database's message quotes the values, and so does many a ValueError.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame
        for frame in frames
        if f"{os.sep}webapp{os.sep}" in frame.filename and ".venv" not in frame.filename
    ]
    places = [
        f"{frame.filename.rpartition(os.sep + 'webapp' + os.sep)[2]}:{frame.lineno}" for frame in own[-4:]
    ]
    return f"{kind_of(error)} at {' < '.join(reversed(places)) or '?'}"


def kind_of(error: BaseException) -> str:
    """The classes of an error, the database's or system's code, and the file it is about without digests and ids."""
    cause = getattr(error, "orig", None) or error
    kind = type(cause).__name__ if cause is error else f"{type(error).__name__} ({type(cause).__name__})"
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    if isinstance(cause, OSError) and cause.errno is not None:
        code = errno.errorcode.get(cause.errno, str(cause.errno))
    file = getattr(cause, "filename", None)
    about = _NAMES_SOMETHING.sub("…", file) if isinstance(file, str) and file.startswith(os.sep) else ""
    return " ".join(filter(None, [kind, code, about]))


def moved(error: BaseException) -> bool:
    """Whether a driver's error says that the connection leads to a PostgreSQL that is not the right one any more."""
    state = getattr(error, "sqlstate", None) or ""
    return state in _MOVED or state.startswith("08")


def _of_psycopg(error: BaseException) -> bool:
    """An error of the driver that SQLAlchemy did not wrap; the driver is not imported where SQLite is enough."""
    return any(one.__module__.startswith("psycopg") for one in type(error).__mro__)


def _of_database(error: DBAPIError) -> str | None:
    if error.connection_invalidated:
        return "busy"
    if getattr(error.orig, "sqlite_errorcode", None) is None and not getattr(error.orig, "sqlstate", None):
        return "busy" if _codeless(error) or _codeless(error.orig) else None
    return _of_driver(error.orig)


def _codeless(error: BaseException) -> bool:
    return not _CODELESS.isdisjoint(one.__name__ for one in type(error).__mro__)


def _of_driver(error: BaseException) -> str | None:
    number = getattr(error, "sqlite_errorcode", None)
    if number is not None:
        return _of_sqlite(number & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state:
        return _of_postgres(state)
    return "busy" if _codeless(error) else None


def _of_sqlite(code: int) -> str | None:
    if code == _SQLITE_FULL:
        return "disk-full"
    if code in _SQLITE_UNWRITABLE:
        return "cannot-write"
    return "busy" if code in _SQLITE_BUSY else None


def _of_postgres(state: str) -> str | None:
    if state in _FULL:
        return "disk-full"
    if state in _UNWRITABLE:
        return "cannot-write"
    return "busy" if state[:2] in _BUSY or state in _BUSY else None
