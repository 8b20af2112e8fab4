"""A database of every release is opened by this one: migrated, counted, found whole (docs/operating.md, "Upgrade").

The recordings (tests/fixtures/record_database.py) are made with SQLite; on PostgreSQL the schema of their release is made
by its migrations and their rows are copied.
"""

import gzip
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import MetaData, create_engine, func, select, text

from tests.cast import CITY, COUNTY, RURAL
from tests.databases import dispose, settings_for
from tests.fixtures.record_database import DATABASES
from tests.ledger_stories import noon
from webapp import create_app
from webapp.cases import verifying
from webapp.cases.models import Case, Occurrence
from webapp.core.clock import local_date
from webapp.core.database import db, transaction
from webapp.journal import chain
from webapp.journal.models import Fact
from webapp.ledger.models import LedgerClock, LedgerLine
from webapp.ledger.operations import FOLD, differences, open_lines
from webapp.org.models import Unit
from webapp.org.queries import services_of
from webapp.recording.facts import case_move, case_order
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import load
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
    """``opened(release)``: an app on the recording of that release, migrated to this one, or to an earlier revision."""
    made = []

    def open_it(release: str, revision: str = "head"):
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
            upgrade(revision=revision)
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


# ---------------------------------------------------------------- what was found before there were cases (0016)

LISTED, BY_HAND, UNLISTED = "9880123400001", "9880123400002", "9880123400003"


class Before:
    """A database of the release before, in which records found something: rows as that release kept them."""

    def __init__(self, connection):
        self.connection, self.tables = connection, MetaData()
        self.tables.reflect(connection)
        self.today = local_date(datetime.now(UTC))
        self.facts = 0
        self.pattern = self.row("inspections", kind="parcel", in_force=True)
        connection.execute(self.tables.tables["problems"].delete())
        connection.execute(self.tables.tables["route_carriers"].update().values(first_day=date(2020, 1, 1)))

    def row(self, table: str, **where) -> dict:
        """One row of a table that has these values."""
        one = self.tables.tables[table]
        query = select(one).where(*(one.c[name] == value for name, value in where.items()))
        return dict(self.connection.execute(query).mappings().first())

    def like(self, table: str, row: dict, **more) -> None:
        """A row like that one, with other values."""
        self.connection.execute(self.tables.tables[table].insert(), [{**row, **more}])

    def found(
        self,
        kind: str,
        items: dict,
        ago: int = 3,
        unit: str = CITY,
        acting: str = CITY,
        in_force: bool = True,
    ) -> str:
        """A record of so many days ago with failed items {subject: criteria}; its id."""
        self.facts += 1
        name, day = f"01a20000-0000-7000-8000-{self.facts:012}", self.today - timedelta(days=ago)
        fact = self.row("facts", id=self.pattern["id"])
        self.like("facts", fact, id=name, unit_code=unit, acting_code=acting)
        self.like(
            "inspections", self.pattern, id=name, kind=kind, unit_code=unit, acting_code=acting, day=day, work_date=day,
            in_force=in_force,
        )  # fmt: skip
        for n, (subject, criteria) in enumerate(items.items()):
            self.like(
                "problems", {}, inspection_id=name, ordinal=n, unit_code=unit, kind=kind, subject=subject,
                criteria=criteria, day=day, opened_at=datetime(2026, 1, 1), in_force=in_force,
            )  # fmt: skip
        return name

    def listed(self, ago: int, **numbers) -> None:
        """The list of so many days ago: {number: (route, person)}."""
        manifest = self.row("manifests")
        name = "01a2ffff-0000-7000-8000-000000000001"
        day = self.today - timedelta(days=ago)
        self.like("manifests", manifest, id=name, unit_code=CITY, day=day, discarded_at=None)
        item = self.row("manifest_items")
        for n, (number, (route, person)) in enumerate(numbers.items(), 1):
            more = {"position": n} if "position" in item else {}
            self.like(
                "manifest_items",
                item,
                manifest_id=name,
                number=number,
                route_id=route,
                delivered_by=person,
                **more,
            )


@pytest.fixture
def before(opened):
    """An app at the release before, and what it found: three days ago, 90, 91 days ago."""
    app = opened("0.1.0", "0015")
    with app.app_context(), db.engine.begin() as connection:
        old = Before(connection)
        route = old.row("routes", unit_code=CITY)
        other = next(
            one for one in connection.execute(select(old.tables.tables["people"].c.id)).scalars()
            if one != old.row("route_carriers", route_id=route["id"])["person_id"]
        )  # fmt: skip
        point = old.row("relay_points", unit_code=CITY)
        old.connection.execute(
            old.tables.tables["relay_points"].update().where(old.tables.tables["relay_points"].c.id == point["id"])
            .values(route_id=route["id"])
        )  # fmt: skip
        old.listed(4, **{LISTED: (route["id"], None), BY_HAND: (None, other)})
        old.ids = {
            "route": old.found("parcel", {LISTED: ["intact", "signature"], UNLISTED: ["intact"]}),
            "again": old.found("parcel", {LISTED: ["intact"]}, ago=2),
            "hand": old.found("parcel", {BY_HAND: ["intact"]}),
            "point": old.found("relay", {point["id"]: ["no-backlog"]}),
            "visit": old.found("dept-visit", {CITY: ["backlog", "upload"]}, acting=COUNTY),
            "review": old.found("form-review", {"x": ["true"]}, acting=COUNTY, unit=RURAL),
            "day 90": old.found("receipt", {UNLISTED: ["signed"]}, ago=90),
            "day 91": old.found("receipt", {UNLISTED: ["legible"]}, ago=91),
            "gone": old.found("return", {UNLISTED: ["true"]}, in_force=False),
        }
        old.carrier, old.other = old.row("route_carriers", route_id=route["id"])["person_id"], other
        old.point, old.route = point["id"], route["id"]
    with app.app_context():
        upgrade()
    return app, old


def cases_of(name: str) -> dict[str, Case]:
    """{criterion: case} of those that the record is in."""
    rows = db.session.execute(
        select(Occurrence.criterion, Case).join(Case).where(Occurrence.inspection_id == name)
    )
    return dict(rows.all())


def test_what_was_found_before_becomes_cases_grouped_by_place(before):
    app, old = before
    with app.app_context():
        found = db.session.execute(
            select(Case.place_kind, Case.place, Case.criterion, func.count())
            .join(Occurrence).where(Case.kind == "parcel").group_by(Case.id)
        )  # fmt: skip
        # The listed item twice is one case of its route; its other criterion, the item on no list and that of the person are others.
        assert sorted(tuple(row) for row in found) == sorted(
            [
                ("route", old.route, "intact", 2), ("route", old.route, "signature", 1), ("unit", CITY, "intact", 1),
                ("person", old.other, "intact", 1),
            ]
        )  # fmt: skip
        assert cases_of(old.ids["point"])["no-backlog"].place == old.point
        assert cases_of(old.ids["gone"]) == {}


def test_they_have_the_owners_and_severities_that_they_would_have_had(before):
    app, old = before
    with app.app_context():
        owners = {name: {case.owner_id for case in cases_of(old.ids[name]).values()} for name in old.ids}
        assert owners["again"] == {old.carrier}  # who walks the route
        assert owners["hand"] == {old.other}  # who delivered
        assert owners["point"] == {old.carrier}  # the route of the point
        assert owners["visit"] == {None}  # whoever leads the department
        severities = {
            (case.kind, case.criterion): case.severity
            for name in old.ids
            for case in cases_of(old.ids[name]).values()
        }
        kinds = load().kinds
        given = {
            (kind, code): next(one.severity for one in kinds[kind].criteria if one.code == code)
            for kind, code in severities
        }
        assert severities == given
        assert set(severities.values()) == {"ordinary", "serious", "grave"}
        assert cases_of(old.ids["visit"])["upload"].found_by == COUNTY


def test_their_time_begins_with_the_change_and_what_is_older_is_owed_by_nobody(before):
    app, old = before
    with app.app_context():
        kept, older = cases_of(old.ids["day 90"])["signed"], cases_of(old.ids["day 91"])["legible"]
        assert (kept.state, kept.before, kept.ended) == ("open", False, False)
        assert (kept.deadline, kept.due_on) == (kept.opened_on + timedelta(days=7),) * 2
        assert abs((kept.opened_on - old.today).days) <= 1
        assert (older.state, older.before, older.ended, older.due_on) == ("before", True, True, None)
        assert (
            verifying.differences(
                db.session, editions_of(db.session), case_move.TYPE.name, case_order.TYPE.name
            )
            == []
        )


def test_this_release_is_among_the_recordings():
    assert VERSION in RELEASES
