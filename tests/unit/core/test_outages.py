"""What passes by itself is told as busy, full or not writable, on each database by its own codes; a mistake never is."""

import errno
import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, PendingRollbackError, TimeoutError as NoConnection

from webapp.core.outages import moved, outage
from webapp.core.turns import NoTurn

STATES = {
    # The server is not there, stops, starts, or was lost.
    "08000": "busy",
    "08001": "busy",
    "08003": "busy",
    "08004": "busy",
    "08006": "busy",
    "08P01": "busy",  # what pgbouncer says when its server went or its queue is full
    "57P01": "busy",
    "57P02": "busy",
    "57P03": "busy",
    "57014": "busy",
    # A demoted primary, or a standby that never was one.
    "25006": "busy",
    "25P02": "busy",
    # Prepared statements and cursors that a pooler left on another connection.
    "26000": "busy",
    "42P05": "busy",
    "34000": "busy",
    # Others write, or ask too much at once.
    "40001": "busy",
    "40P01": "busy",
    "53200": "busy",
    "53300": "busy",
    "55P03": "busy",
    "58000": "busy",
    "72000": "busy",
    "53100": "disk-full",
    "58030": "cannot-write",
    "58P01": "cannot-write",
    "XX001": "cannot-write",
    "XX002": "cannot-write",
    # Mistakes of the code or of a value.
    "22P02": None,
    "22001": None,
    "23505": None,
    "42601": None,
    "42703": None,
    "42P01": None,
    "42501": None,
}


def wrapped(cause: Exception, lost: bool = False) -> DBAPIError:
    """As SQLAlchemy raises a driver's error."""
    return DBAPIError.instance("SELECT 1", None, cause, Exception, connection_invalidated=lost)


def of_postgres(state: str) -> psycopg.Error:
    """As the driver raises an error of that SQLSTATE."""
    kind = errors.lookup(state) if state in errors._sqlcodes else type("Other", (psycopg.DatabaseError,), {})
    error = kind("told by the server")
    error.sqlstate = state
    return error


@pytest.mark.parametrize(("state", "code"), STATES.items())
def test_each_state_of_postgresql(state, code):
    error = of_postgres(state)
    assert outage(wrapped(error)) == code
    assert outage(error) == code  # the driver's own, where SQLAlchemy did not wrap it


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.OperationalError("the connection is lost"), "busy"),
        (psycopg.InterfaceError("the connection is closed"), "busy"),
        (psycopg.InternalError("an answer that was not expected"), "busy"),
        (errors.ConnectionTimeout("nobody answered"), "busy"),
        (psycopg.ProgrammingError("no such adapter"), None),
        (psycopg.DataError("a text with NUL"), None),
    ],
)
def test_errors_of_the_driver_without_a_state(error, code):
    assert outage(error) == code
    assert outage(wrapped(error)) == code
    assert outage(wrapped(error, lost=True)) == "busy"


def test_who_goes_on_after_a_lost_connection_is_told_the_same_and_a_mistake_in_a_session_is_none():
    assert outage(PendingRollbackError("cannot reconnect", code="8s2b")) == "busy"
    assert outage(PendingRollbackError("a flush failed", code="7s2a")) is None


@pytest.mark.parametrize("error", [NoConnection(), NoTurn(), OSError(errno.ENOSPC, "full"), ValueError()])
def test_what_is_of_no_database(error):
    expected = {OSError: "disk-full", ValueError: None}.get(type(error), "busy")
    assert outage(error) == expected


def test_on_sqlite_a_read_only_file_cannot_be_written(tmp_path):
    sqlite3.connect(tmp_path / "file").close()
    database = sqlite3.connect(f"file:{tmp_path / 'file'}?mode=ro", uri=True)
    try:
        with pytest.raises(sqlite3.OperationalError) as refused:
            database.execute("CREATE TABLE one (id)")
        with pytest.raises(sqlite3.ProgrammingError) as mistaken:
            database.execute("SELECT ?", ())
    finally:
        database.close()
    assert outage(wrapped(refused.value)) == "cannot-write"
    assert outage(wrapped(mistaken.value)) is None


@pytest.mark.parametrize("state", ["25006", "26000", "42P05", "57P01", "57P03", "08006"])
def test_such_a_connection_is_not_kept(state):
    assert moved(of_postgres(state))
    assert not moved(of_postgres("23505")) and not moved(of_postgres("40001"))
