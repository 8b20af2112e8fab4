"""The migrations make what the models say, on both databases, wholly or not at all."""

from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from tests.databases import dispose, settings_for
from webapp import create_app
from webapp.core.database import db, transaction
from webapp.org.models import Unit


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request, tmp_path):
    """An app whose database has no table at all."""
    if request.param == "sqlite":
        url, drop = f"sqlite:///{tmp_path / 'bare.sqlite'}", None
    else:
        server = request.getfixturevalue("postgres_server")
        url, drop = server.url("toucha_bare"), lambda: server.drop("toucha_bare")
        server.drop("toucha_bare")
        server.create("toucha_bare")
    app = create_app(settings_for(url, tmp_path))
    yield app
    dispose(app)
    if drop:
        drop()


def checks(inspector) -> dict[str, dict[str, str]]:
    """{table: {constraint: its text}} as the database itself tells it."""
    return {
        table: {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table)}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_migrations_and_models_agree(bare_app):
    with bare_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []


def test_check_constraints_are_those_of_the_models(bare_app):
    # Autogenerate does not compare them: what create_all makes is held against what the migrations make.
    with bare_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            migrated = checks(inspect(connection))
        downgrade(revision="base")
        with db.engine.begin() as connection:
            db.metadata.create_all(connection)
        with db.engine.connect() as connection:
            modelled = checks(inspect(connection))
    assert migrated == modelled
    named = {
        constraint.name
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert named, "the models have no check constraint at all?"
    assert named == {name for table in migrated.values() for name in table}


def test_the_database_itself_refuses_an_unknown_level(bare_app):
    with bare_app.app_context():
        upgrade()
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(Unit(code="1", path="/1/", level="village", name="嘎查", opened_on=date(2026, 1, 1)))


def test_going_back_leaves_nothing_behind(bare_app):
    with bare_app.app_context():
        upgrade()
        downgrade(revision="base")
        with db.engine.connect() as connection:
            assert inspect(connection).get_table_names() == ["alembic_version"]


def test_an_upgrade_that_fails_in_the_middle_changes_nothing(bare_app):
    with bare_app.app_context():
        url = db.engine.url
        last = list(db.metadata.sorted_tables)[-1].name
        # From a connection of its own: as if somebody had made that table by hand.
        stranger = create_engine(url)
        with stranger.begin() as connection:
            connection.execute(text(f"CREATE TABLE {last} (anything INTEGER)"))
        stranger.dispose()
        with pytest.raises((OperationalError, ProgrammingError), match="already exists"):
            upgrade()
        with db.engine.connect() as connection:
            assert inspect(connection).get_table_names() == [last]
