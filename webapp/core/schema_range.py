"""Which schemas a release can serve, and which releases a schema lets serve: so that servers can be upgraded one after another.

A release is known by the newest migration that it brings. It says the oldest schema on which its code works (``OLDEST_SCHEMA``), and,
when it upgrades a database, the oldest release whose code still works on it (``OLDEST_RELEASE``, kept in ``schema_floor``): an older one
that starts anew, or is asked whether it may serve, reads that there. A migration that only adds (tables, columns that may be empty,
indexes) leaves both as they are; one that takes away or changes what older code reads raises ``OLDEST_RELEASE`` to itself, and belongs into the
release after the one that no longer reads it.
"""

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, String, delete, insert, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp import settings
from webapp.core.database import Base

OLDEST_SCHEMA = "0027"
OLDEST_RELEASE = "0027"


class SchemaFloor(Base):
    """One row: the oldest release that may serve this database, by its newest migration."""

    __tablename__ = "schema_floor"
    oldest: Mapped[str] = mapped_column(String(32), primary_key=True)


@cache
def newest_schema() -> str:
    """The newest migration that this release brings."""
    return ScriptDirectory(settings.folder("migrations")).get_current_head()


def schema_of(session: Session) -> str | None:
    """The newest migration that the database has been through."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def note_floor(connection: Connection, oldest: str = OLDEST_RELEASE) -> None:
    """After an upgrade: who may serve it from now on. Nothing where the schema is too old to hold that."""
    if inspect(connection).has_table(SchemaFloor.__tablename__):
        connection.execute(delete(SchemaFloor.__table__))
        connection.execute(insert(SchemaFloor.__table__), {"oldest": oldest})


def serves(connection: Connection, present: str | None, newest: str, oldest: str = OLDEST_SCHEMA) -> bool:
    """Whether the release of ``newest``, which works from ``oldest`` on, may serve a database of schema ``present``.

    Migrations are numbered in order with as many digits, so that their names compare.
    """
    if present is None:
        return False
    if present <= newest:
        return oldest <= present
    floor = connection.execute(select(SchemaFloor.oldest)).scalar_one_or_none()
    return floor is not None and floor <= newest
