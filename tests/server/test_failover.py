"""A PostgreSQL with a standby: pages read there, a primary that hangs stops nobody who reads, and one that dies is replaced."""

import random
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from tests.cast import PASSWORD, Cast, build_at, client_for
from tests.databases import build_schema, dispose, settings_for
from tests.postgres import NoPostgres, Server, Standby
from tests.server.crowds import Crowd
from tests.server.keeping import missing, whole
from tests.server.phones import Phone, check_of
from tests.server.test_killed import DURABLE, lives_a_while
from tests.server.test_locks import checks, push
from tests.serving import RunningServer
from webapp import create_app
from webapp.core import replica
from webapp.core.database import db

LONG = 60  # seconds


@dataclass
class Cell:
    """A primary, the standby that follows it, and the data folder of whoever serves from them."""

    primary: Server
    standby: Standby
    data: Path
    cast: Cast

    @property
    def url(self) -> str:
        """The address of both, as an operator writes it."""
        return f"postgresql://toucha@/county?host={self.primary.folder},{self.standby.folder}"

    def says(self, server: Server, *statements: str):
        """Run statements on one of them; the answer of the last."""
        with psycopg.connect(server.url("county").replace("+psycopg", "", 1), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None

    def waits_for(self, name: str) -> None:
        """From now on each commit of the primary waits for that standby; for none where it is empty."""
        self.says(
            self.primary, f"ALTER SYSTEM SET synchronous_standby_names = '{name}'", "SELECT pg_reload_conf()"
        )


@pytest.fixture
def cell(tmp_path):
    """The cast in a database that a standby follows."""
    servers = []
    try:
        try:
            servers.append(Server(DURABLE, own=True))
            primary = servers[0]
            primary.create("county")
            data = tmp_path / "data"
            data.mkdir()
            build_schema(primary.url("county"), data)
            cast = build_at(primary.url("county"), data)
            servers.append(Standby(primary, DURABLE))
        except NoPostgres as error:
            pytest.skip(f"no PostgreSQL of our own: {error}")
        yield Cell(*servers, data, cast)
    finally:
        for server in reversed(servers):
            server.stop()


@pytest.fixture
def reading(cell, monkeypatch):
    """(application, asked): pages are read from the standby; ``asked`` names who was asked for each statement."""
    monkeypatch.setattr(replica, "PAUSE", 0.0)
    more = {
        "REPLICA_URI": cell.standby.url("county"),
        "REPLICA_SECONDS": 1,
        "REPLICA_OPTIONS": {"pool_pre_ping": True},
    }
    app = create_app({**settings_for(cell.primary.url("county"), cell.data), **more, "TESTING": False})
    asked = []
    with app.app_context():
        engines = {"primary": db.engine, "replica": app.extensions["toucha_replica"].engine}
    for name, engine in engines.items():
        event.listen(engine, "before_cursor_execute", _listener(asked, name))
    yield app, asked
    dispose(app)


def _listener(asked: list, name: str):
    def note(_connection, _cursor, statement, *_rest):
        if "_lsn" not in statement:  # how far they are
            asked.append(name)

    return note


def who_answers(browser, asked: list, address: str) -> set[str]:
    """Who was asked for a page that was shown."""
    asked.clear()
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return set(asked)


def test_pages_are_read_from_the_replica_and_phones_never(cell, reading):
    app, asked = reading
    county = _signed_in(app, "county", cell)
    assert who_answers(county, asked, "/ledger") == {"replica"}
    assert who_answers(county, asked, "/manifests") == {"replica"}
    assert who_answers(county, asked, "/api/sync/pull") == {"primary"}
    assert "replica" not in who_answers(county, asked, "/app/")
    asked.clear()
    assert push(county, *checks(1)).status_code == 200
    assert set(asked) == {"primary"}


def test_who_wrote_reads_where_it_was_written_until_the_replica_must_have_it(cell, reading):
    app, asked = reading
    lead = _signed_in(app, "lead", cell)
    assert who_answers(lead, asked, "/ledger") == {"replica"}
    assert push(lead, *checks(1)).status_code == 200
    assert who_answers(lead, asked, "/ledger") == {"primary"}
    _until(lambda: who_answers(lead, asked, "/ledger") == {"replica"})


def test_a_replica_that_is_behind_or_away_is_not_read(cell, reading):
    app, asked = reading
    county = _signed_in(app, "county", cell)
    cell.says(cell.standby, "SELECT pg_wal_replay_pause()")
    cell.says(cell.primary, "CREATE TABLE more AS SELECT 1 AS one")
    _until(lambda: who_answers(county, asked, "/ledger") == {"primary"})
    cell.says(cell.standby, "SELECT pg_wal_replay_resume()")
    _until(lambda: who_answers(county, asked, "/ledger") == {"replica"})
    cell.standby.kill()
    assert who_answers(county, asked, "/ledger") == {"primary"}
    cell.standby.start()
    _until(lambda: who_answers(county, asked, "/ledger") == {"replica"})


def _signed_in(app, login: str, cell: Cell):
    """A browser whose session the standby has, too."""
    browser = client_for(app, cell.cast, login)
    _until(lambda: cell.says(cell.standby, "SELECT pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()"))
    return browser


def _until(true) -> None:
    deadline = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_while_the_primary_hangs_pages_are_read_and_who_writes_is_busy(cell):
    server = RunningServer(
        cell.data, DATABASE_URL=cell.url, TOUCHA_WORKERS="1", TOUCHA_THREADS="6", TOUCHA_WRITERS="2"
    )
    server.start()
    try:
        phones = [Phone(server, password=PASSWORD) for _ in range(10)]
        county = Phone(server, "county", PASSWORD)
        cell.waits_for("nobody")
        answers: list[int] = []
        threads = [
            threading.Thread(
                target=lambda one=one, number=number: answers.append(one.push(check_of(number)).status)
            )
            for number, one in enumerate(phones)
        ]
        for thread in threads:
            thread.start()
        _until(lambda: len(answers) == 8)  # all but the two that are inside
        assert set(answers) == {503}
        for address in ("/api/ping", "/ledger", "/api/sync/pull", "/people"):
            assert county.request("GET", address).status == 200, address
        refused = county.request(
            "POST", "/api/sync/push", '{"facts": []}', **{"X-Toucha": "1", "Content-Type": "application/json"}
        )
        assert (refused.status, refused.json["code"]) == (503, "busy") and refused.headers[
            "Retry-After"
        ] == "5"
        cell.waits_for("")
        for thread in threads:
            thread.join(LONG)
        assert sorted(answers) == [200] * 2 + [503] * 8
        whole(cell.data, *phones, url=cell.primary.url("county"))
    finally:
        cell.waits_for("")
        server.stop()


def test_when_the_primary_dies_and_the_standby_is_promoted_nothing_acknowledged_is_lost(cell):
    cell.waits_for("standby")
    server = RunningServer(cell.data, DATABASE_URL=cell.url)
    server.start()
    try:
        crowd = Crowd([Phone(server, password=PASSWORD) for _ in range(3)])
        dice = random.Random(7)
        with crowd.at_work():
            lives_a_while(crowd, dice)
            cell.primary.kill()
            cell.standby.promote()
            lives_a_while(crowd, dice)
        assert set(crowd.answers) <= {(503, "busy")}, crowd.answers
        whole(cell.data, *crowd.phones, url=cell.standby.url("county"))
        assert missing(cell.data, *crowd.phones, url=cell.standby.url("county")) == []
    finally:
        server.stop()
