"""Engine settings, column types, and the one place that commits.

SQLite: the driver's own transaction handling is switched off and every transaction begins with an explicit
``BEGIN``: ``IMMEDIATE`` for those opened by :func:`transaction`, ``DEFERRED`` for reads. The driver's default
upgrades a read to a write in mid-transaction, which loses updates under concurrency. Writers queue (:mod:`turns`).
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import JSON, DateTime, MetaData, Select, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from webapp.core.outages import moved, told
from webapp.core.prepared import ask, put
from webapp.core.text_lengths import BIG
from webapp.core.turns import turn_of

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

WAIT, SHORT_WAIT = 15_000, 2_000  # milliseconds for another's lock
# secure_delete: what was deleted is overwritten, not only given free.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"busy_timeout={WAIT}",
)

# Whether the code now running is inside `transaction`: read by `_begin` in the same thread.
_writing: ContextVar[bool] = ContextVar("toucha_writing", default=False)


class Base(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMING)


class ReadingSession(FlaskSession):
    """May read from a replica: ``info["replica"]``, its engine; whatever is inside :func:`transaction` is asked of the primary."""

    def get_bind(self, *words, **named) -> Engine:
        """The engine of the next statement."""
        replica = self.info.get("replica")
        return super().get_bind(*words, **named) if replica is None or _writing.get() else replica


db = SQLAlchemy(model_class=Base, session_options={"class_": ReadingSession})
log = logging.getLogger(__name__)


def init_database(app: Flask) -> None:
    """Bind ``db`` to the app; its sessions end with their context, whatever became of their connections."""
    db.init_app(app)
    app.teardown_appcontext(_end_session)  # runs before Flask-SQLAlchemy's own


def _end_session(_error: BaseException | None) -> None:
    """The answer is made by now: a connection that is gone cannot end what was read on it, and that costs nobody the answer."""
    try:
        db.session.remove()
    except DBAPIError as error:
        log.warning("a connection was gone at the end of a request: %s", told(error))
        db.session.registry.clear()


class UtcDateTime(TypeDecorator):
    """An aware instant, stored as naive UTC so that SQLite and PostgreSQL compare it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect):
        """From aware to naive UTC; an instant without an offset is an error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its UTC offset")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect):
        """From naive UTC to aware."""
        return None if value is None else value.replace(tzinfo=UTC)


Id = String(36)


def line(most: int) -> String:
    """A text of at most ``most`` characters as a person sees them, each of up to 16 code points (``core/text_lengths.py``)."""
    # SQLite keeps any length; its columns need not be made anew.
    return String(most).with_variant(String(most * BIG), "postgresql")


Digest = String(64)
Json = JSON(none_as_null=True)


def watch_engine(engine: Engine) -> None:
    """Attach the SQLite recipe (pragmas, explicit BEGIN) to ``engine``, or PostgreSQL's: leave a server that is not the right one."""
    if engine.dialect.name != "sqlite":
        _leave_moved(engine)
        return

    @event.listens_for(engine, "connect")
    def _connect(connection, record):
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    # Not as a listener: an engine that has one asks at every statement whether there are more, which costs half as much as asking.
    engine.dialect.do_begin = _begin


def _leave_moved(engine: Engine) -> None:
    """Connections to a demoted primary would stay in the pool and refuse every write; so one such answer ends them all."""
    broken = engine.dialect.is_disconnect
    # Not as a listener, for the same reason as below.
    engine.dialect.is_disconnect = lambda error, connection, cursor: (
        moved(error) or broken(error, connection, cursor)
    )


def _begin(connection: DBAPIConnection) -> None:
    connection.cursor().execute("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def is_writing() -> bool:
    """Whether the code now running is inside of :func:`transaction`, where nothing slow may be asked."""
    return _writing.get()


def is_sqlite() -> bool:
    """Whether the bound engine is SQLite."""
    return db.engine.dialect.name == "sqlite"


_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}


def _insert(session: Session, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """The insert of the session's database: only its own can say what becomes of a row that is there already."""
    return _DIALECTS[session.get_bind().dialect.name].insert(model)


def insert_missing(session: Session, model: type[Base], rows: Sequence[dict]) -> int:
    """Insert the rows whose key is not there yet and leave the others as they are; how many were new.

    In one statement, so that of two writers at once neither fails; of few rows, for each value is a parameter of it.
    """
    statement = _insert(session, model).values(list(rows)).on_conflict_do_nothing()
    return session.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def upsert(
    session: Session, model: type[Base], rows: Sequence[dict] | Select, key: Sequence[str], **values
) -> None:
    """Insert the rows, and where one of the same ``key`` is there, let it say the same as the new one.

    ``rows``: all with the same names, or a query whose columns bear the names of the model's: a constant of its module, with a
    ``bindparam`` for each of the ``values``. Objects of the session that bear one of the rows go on saying what they said.
    """
    query, names = (
        (rows, tuple(rows.selected_columns.keys())) if isinstance(rows, Select) else (None, tuple(rows[0]))
    )
    statement = _upserting(session.get_bind().dialect.name, model, names, tuple(key), query)
    if query is not None:
        ask(session, statement, **values)
    else:
        put(session, statement, rows)


@cache
def _upserting(
    dialect: str, model: type[Base], names: tuple[str, ...], key: tuple[str, ...], query: Select | None
) -> sqlite.Insert | postgresql.Insert:
    """Put together once: with 20 columns that takes longer than to run it."""
    statement = _DIALECTS[dialect].insert(model.__table__)
    if query is not None:
        statement = statement.from_select(names, query)
    changes = {name: statement.excluded[name] for name in names if name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changes)


def empty_wal() -> bool:
    """Write SQLite's log back into the database and cut it to nothing, so that no old page of it holds what was deleted.

    False where somebody read for too long: writers wait meanwhile, so it is not waited for; the next time will do.
    """
    if not is_sqlite():
        return True
    db.session.rollback()  # a read of our own would be waited for, too
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={SHORT_WAIT}")
        busy, _pages, _written = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={WAIT}")
        return not busy
    finally:
        connection.close()


@contextmanager
def transaction() -> Iterator:
    """The one committer: yields the session inside a write transaction, commits at the end, rolls back on error.

    A read transaction that is already open on the session is ended first, so that ``BEGIN IMMEDIATE`` takes
    the lock before anything is read; objects loaded before stay usable and are refreshed on access. On SQLite writers
    come one after another (``core/turns.py``); raises :class:`NoTurn` for whom SQLite itself would have turned away. On PostgreSQL
    at most as many write at a time as the settings say.
    """
    if _writing.get():
        raise RuntimeError("transactions do not nest: operations flush, the door commits")
    session = db.session()
    session.rollback()
    session.info.pop("replica", None)  # what is read afterwards shows what was written
    with turn_of(session.get_bind(), WAIT / 1000):
        mark = _writing.set(True)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _writing.reset(mark)
