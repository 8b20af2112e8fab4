"""How alembic runs our migrations, on SQLite and PostgreSQL: each upgrade happens wholly or not at all.

After a change of the models: ``flask --app webapp db migrate -m "what changed"``, then read the new file in
``versions/``. What autogenerate does not see (a changed CHECK constraint, a renamed column, data) is written by hand;
``tests/contracts/test_migrations.py`` holds models and migrations against each other on both databases.

A migration that has landed is never changed: the next change is the next file.
"""

from alembic import context
from flask import current_app

from webapp.core.database import UtcDateTime
from webapp.core.schema_range import note_floor

migrate = current_app.extensions["migrate"]
metadata = migrate.db.metadata


def render_item(kind, value, autogen_context):
    """Migrations stand alone: our column type is written as what it is in the database."""
    return "sa.DateTime()" if kind == "type" and isinstance(value, UtcDateTime) else False


def process_revision_directives(migration_context, revision, directives):
    """``db migrate`` makes no file where nothing changed; files are numbered in order (0001, 0002 …)."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        return
    directives[0].rev_id = f"{len(list(migration_context.script.walk_revisions())) + 1:04d}"


def _foreign_keys(connection, on: bool) -> None:
    """SQLite changes a table by copying and dropping it, which foreign keys would turn into deleted rows.

    Said to the driver itself, outside a transaction, where alone SQLite listens.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _check_foreign_keys(connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise RuntimeError(f"the migration would leave rows that point nowhere: {orphans[:5]}")


# Of PostgreSQL: a change of a table waits for whoever reads it, and everybody else then waits for the change.
LOCK_TIMEOUT = "5s"


def _wait_briefly(connection) -> None:
    """For nobody longer than that: the upgrade fails as a whole, phones go on, and it is tried again at a quieter moment."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


def run_online():
    """Upgrade or downgrade the configured database in one transaction."""
    with migrate.db.engine.connect() as connection:
        _foreign_keys(connection, on=False)
        try:
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_item=render_item,
                process_revision_directives=process_revision_directives,
                # The engine begins SQLite's transactions itself, so its DDL can be rolled back like PostgreSQL's.
                transactional_ddl=True,
                **migrate.configure_args,
            )
            with context.begin_transaction():
                _wait_briefly(connection)
                context.run_migrations()
                _check_foreign_keys(connection)
                note_floor(connection)
        finally:
            connection.rollback()
            _foreign_keys(connection, on=True)


def run_offline():
    """Print the SQL instead (``flask db upgrade --sql``)."""
    url = migrate.db.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, target_metadata=metadata, literal_binds=True, render_item=render_item)
    with context.begin_transaction():
        context.run_migrations()


run_offline() if context.is_offline_mode() else run_online()
