"""The whole database goes from SQLite to PostgreSQL: the same rows, the same ledger, and phones go on."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, insert, text

from tests.cast import CITY, build_in, client_for, read
from tests.databases import dispose, settings_for
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.photos import named, picture, put
from webapp import create_app
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.formats.files import DigestStore
from webapp.ledger import operations as ledger
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.signals.models import MarkedPhoto
from webapp.upkeep import check, database_move, tick

PHOTO = picture("red")


@pytest.fixture
def county(sqlite_app):
    """A county on SQLite with records, a photo that was marked, and lines that a tick opened."""
    cast = build_in(sqlite_app)
    items = parcels(20, failed=3)
    items[-1]["photos"] = [named(PHOTO)]
    assert send(sqlite_app, cast, "lead", envelope(inspection(items))).state == "stored"
    assert put(client_for(sqlite_app, cast, "lead"), PHOTO).status_code == 201
    with sqlite_app.app_context():
        with transaction() as session:
            session.get(Unit, CITY).ledger_from = today() - timedelta(days=20)
        tick.run(sqlite_app.config, DigestStore(sqlite_app.config["PHOTO_DIRECTORY"]), clock.now())
    return sqlite_app, cast


@pytest.fixture
def empty(postgres_server):
    """The address of an empty PostgreSQL database."""
    postgres_server.create("moved_to")
    yield postgres_server.url("moved_to").replace("postgresql+psycopg", "postgresql")
    postgres_server.drop("moved_to")


def moved(app, address):
    return app.test_cli_runner().invoke(args=["database", "move", "--to", address])


def lines(session) -> list:
    columns = [column for column in LedgerLine.__table__.columns if column.name != "computed_at"]
    return sorted(map(repr, session.execute(db.select(*columns)).all()))


def test_everything_comes_along_and_the_county_goes_on(county, empty, tmp_path):
    app, cast = county
    done = moved(app, empty)
    assert done.exit_code == 0, done.output
    assert "read back and the same" in done.output
    options = settings_for(empty.replace("postgresql", "postgresql+psycopg", 1), tmp_path)
    there = create_app({**options, "PHOTO_DIRECTORY": app.config["PHOTO_DIRECTORY"]})
    try:
        assert read(there, lines) == read(app, lines) != []
        with there.app_context():
            assert check.faults(db.session, DigestStore(app.config["PHOTO_DIRECTORY"])) == []
            assert ledger.differences(db.session, db.session.get(Unit, CITY), clock.now()) == []
            with transaction() as session:  # a number that the database gives
                session.execute(
                    insert(MarkedPhoto).values(
                        digest="0" * 64, method=1, state="plain", marked_at=clock.now()
                    )
                )
        assert send(there, cast, "lead", envelope(inspection(parcels(3, first=40)))).state == "stored"
        client = client_for(there, cast, "lead")
        assert client.get(f"/api/photos/{named(PHOTO)['sha256']}").status_code == 200
    finally:
        dispose(there)


def test_a_database_that_is_not_empty_is_left_as_it_is(county, empty):
    app, _cast = county
    assert moved(app, empty).exit_code == 0
    again = moved(app, empty)
    assert again.exit_code == 1
    assert "not empty" in again.output


def test_nothing_is_moved_where_a_row_would_say_something_else(county, empty, monkeypatch):
    app, _cast = county
    honest = database_move._batches

    def careless(connection, table):
        for rows in honest(connection, table):
            yield rows[:-1] if table.name == "ledger_lines" else rows

    monkeypatch.setattr(database_move, "_batches", careless)
    done = moved(app, empty)
    assert done.exit_code == 1 and "ledger_lines" in done.output
    engine = create_engine(empty.replace("postgresql", "postgresql+psycopg", 1))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM units")) == 0
    engine.dispose()
