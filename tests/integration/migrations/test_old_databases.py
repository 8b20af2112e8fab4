"""A database of every release is opened by this one: migrated, counted, found whole (docs/operating.md, "Upgrade").

The recordings (tests/fixtures/record_database.py) are made with SQLite; on PostgreSQL the schema of their release is made
by its migrations and their rows are copied.
"""

import gzip
import sqlite3
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import MetaData, create_engine, select, text

from tests.cast import CITY, RURAL
from tests.databases import dispose, settings_for
from tests.fixtures.record_database import DATABASES
from tests.ledger_stories import noon
from webapp import create_app
from webapp.core.database import db, transaction
from webapp.journal import chain
from webapp.journal.models import Fact
from webapp.ledger.models import LedgerClock, LedgerLine
from webapp.ledger.operations import FOLD, differences, open_lines
from webapp.org.models import Unit
from webapp.org.queries import services_of
from webapp.settings import VERSION

RELEASES = sorted(path.name.removesuffix(".sql.gz") for path in DATABASES.glob("*.sql.gz"))
# What of a line must not change by itself, where the release counted as this one does.
FIGURES = ("applicable", "required", "done", "met", "uncertain", "started", "items", "passed", "closes_at")


def restored(release: str, folder: Path) -> str:
    """The address of the SQLite database as it was recorded."""
    file = folder / "old.sqlite"
    with sqlite3.connect(file) as database:
        database.executescript(gzip.decompress((DATABASES / f"{release}.sql.gz").read_bytes()).decode())
    database.close()
    return f"sqlite:///{file}"


def copied(source: str, target: str, app) -> None:
    """Make the recording's schema at ``target`` by its migrations, and copy its rows there."""
    old, new = create_engine(source), create_engine(target)
    with old.connect() as reads:
        revision = reads.scalar(text("SELECT version_num FROM alembic_version"))
        with app.app_context():
            upgrade(revision=revision)
        tables, kept = MetaData(), MetaData()
        tables.reflect(new)
        kept.reflect(old)
        with new.begin() as writes:
            writes.execute(text("SET session_replication_role = replica"))  # rows come in any order
            for table in tables.tables.values():
                rows = [dict(row) for row in reads.execute(select(kept.tables[table.name])).mappings()]
                if rows and table.name != "alembic_version":
                    writes.execute(table.insert(), rows)
    old.dispose()
    new.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request, tmp_path):
    """``opened(release)``: an app on the recording of that release, migrated to this one."""
    made = []

    def open_it(release: str):
        url = restored(release, tmp_path)
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_server")
            server.create(name := f"toucha_old_{len(made)}")
            source, url = url, server.url(name)
            made.append((create_app(settings_for(url, tmp_path)), lambda: server.drop(name)))
            copied(source, url, made[-1][0])
        else:
            made.append((create_app(settings_for(url, tmp_path)), lambda: None))
        with made[-1][0].app_context():
            upgrade()
        return made[-1][0]

    yield open_it
    for app, discard in made:
        dispose(app)
        discard()


def lines() -> dict:
    """The figures of all stored lines."""
    rows = db.session.scalars(select(LedgerLine))
    return {(row.unit_code, row.duty, row.period): [getattr(row, one) for one in FIGURES] for row in rows}


@pytest.mark.parametrize("release", RELEASES)
def test_a_database_of_a_release_is_opened_counted_and_whole(opened, release):
    app = opened(release)
    with app.app_context(), transaction() as session:
        day = session.scalar(select(LedgerClock.opened_through).limit(1))
        facts, before = session.query(Fact).count(), lines()
        same = session.scalar(select(LedgerClock.fold).limit(1)) == FOLD
        now = noon(day, 21)
        for code in (CITY, RURAL):
            open_lines(session, session.get(Unit, code), now)
    with app.app_context():
        after = lines()
        assert facts > 30
        assert after == before if same else after.keys() >= before.keys()
        assert chain.broken_rows(db.session) == []
        opened = dict(
            db.session.execute(select(Unit.code, Unit.opened_on).where(Unit.level == "department")).all()
        )
        delivers = {code: [("delivery", first, None)] for code, first in opened.items()}
        assert delivers and services_of(db.session, opened) == delivers
        for code in (CITY, RURAL):
            assert differences(db.session, db.session.get(Unit, code), now) == []


def test_this_release_is_among_the_recordings():
    assert VERSION in RELEASES
