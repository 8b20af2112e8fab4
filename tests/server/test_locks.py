"""A database that is locked, read-only or away: an honest answer, nothing by halves, and pages that are read go on."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, text

from tests.cast import CITY, build_in, client_for, read
from tests.databases import dispose, settings_for
from tests.desk_records import envelope, inspection, parcels
from tests.photos import picture, put
from webapp import create_app
from webapp.core.database import db
from webapp.journal import chain
from webapp.journal.models import Fact, Refusal
from webapp.photos.models import Photo
from webapp.recording import taking

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}
HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
held.rollback()
"""


def push(client, *facts):
    return client.post("/api/sync/push", json={"facts": list(facts)}, headers=HEADERS)


def checks(count: int) -> list[dict]:
    return [envelope(inspection(parcels(3, first=3 * n))) for n in range(count)]


def kept(app) -> tuple[int, int, int]:
    """How many facts, refused ones and photos there are."""
    return read(app, lambda session: tuple(session.query(one).count() for one in (Fact, Refusal, Photo)))


def turned_away(answer, code: str) -> None:
    """In the one shape of errors, to be tried again by itself."""
    assert (answer.status_code, answer.json["code"]) == (503, code), answer.text
    assert set(answer.json) == {"code", "message", "fields"}
    assert int(answer.headers["Retry-After"]) > 0


@dataclass
class County:
    """An application with the cast in it, and browsers that signed in before the trouble began."""

    app: Flask
    readers: dict

    @property
    def lead(self):
        """The team lead's phone."""
        return self.readers["lead"]

    def can_be_read(self) -> None:
        """Pages and pulls answer as ever."""
        for login, address in (
            ("lead", "/api/sync/pull"),
            ("county", f"/ledger?unit={CITY}"),
            ("nobody", "/login"),
        ):
            assert self.readers[login].get(address).status_code == 200, address


@pytest.fixture
def county(make_app):
    """On a SQLite file whose lock is waited for only a tenth of a second."""
    app = make_app("sqlite", TESTING=False)
    with app.app_context():
        event.listen(db.engine, "connect", lambda one, _: one.execute("PRAGMA busy_timeout=100").close())
        db.engine.dispose()
    cast = build_in(app)
    return County(app, {login: client_for(app, cast, login) for login in ("lead", "county", "nobody")})


@pytest.fixture
def lock(county):
    """``lock()`` lets another process hold the database's write lock; returns how to let it go."""
    held = []

    def hold():
        file = county.app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
        command = [sys.executable, "-c", HOLD, file]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        held.append(process)
        assert process.stdout.readline() == "held\n"
        return lambda: process.communicate("")

    yield hold
    for process in held:
        if process.poll() is None:
            process.communicate("")


def test_while_another_program_holds_the_database_phones_wait_and_pages_are_read(county, lock):
    facts, photo = checks(3), picture("red")
    let_go = lock()
    turned_away(push(county.lead, *facts), "busy")
    turned_away(push(county.lead, facts[0]), "busy")
    turned_away(put(county.lead, photo), "busy")
    county.can_be_read()
    let_go()
    assert kept(county.app) == (0, 0, 0)
    assert [row["state"] for row in push(county.lead, *facts).json["results"]] == ["stored"] * 3
    assert put(county.lead, photo).status_code == 201
    with county.app.app_context():
        assert chain.broken_rows(db.session) == []


def test_a_record_that_the_database_itself_forbids_sinks_only_itself(county):
    facts = checks(3)
    _forbid(county.app, facts[1]["id"])
    results = push(county.lead, *facts).json["results"]
    assert [row["state"] for row in results] == ["stored", "refused", "stored"]
    assert results[1]["problem"]["code"] == "server-error"


def test_a_lock_that_comes_in_the_middle_of_a_batch_refuses_no_record(county, lock, monkeypatch):
    """The batch fails for its first record; fact by fact, the lock strikes at the second."""
    facts, honest, turns = checks(3), taking._alone, []
    _forbid(county.app, facts[0]["id"])

    def alone(entry, record):
        turns.append(lock() if len(turns) == 1 else None)
        return honest(entry, record)

    monkeypatch.setattr(taking, "_alone", alone)
    turned_away(push(county.lead, *facts), "busy")
    turns[1]()
    results = push(county.lead, *facts).json["results"]
    assert [row["state"] for row in results] == ["refused", "stored", "stored"]
    assert kept(county.app)[0] == 2


def _forbid(app, id: str) -> None:
    """The database refuses this one record, as a constraint would that nobody thought of."""
    rule = f"CREATE TRIGGER never BEFORE INSERT ON facts WHEN NEW.id = '{id}' BEGIN SELECT RAISE(ABORT, 'never'); END"
    with app.app_context():
        db.session.execute(text(rule))
        db.session.commit()


def test_on_a_read_only_database_everything_is_read_and_nothing_is_refused(county, tmp_path):
    assert push(county.lead, *checks(1)).status_code == 200
    before = kept(county.app)
    file = county.app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    app = create_app({**settings_for(f"sqlite:///file:{file}?mode=ro&uri=true", tmp_path), "TESTING": False})
    try:
        frozen = County(app, {login: _same(app, browser) for login, browser in county.readers.items()})
        turned_away(push(frozen.lead, *checks(3)), "cannot-write")
        turned_away(push(frozen.lead, *checks(1)), "cannot-write")
        turned_away(put(frozen.lead, picture("blue")), "cannot-write")
        page = frozen.readers["nobody"].post("/login", data={"login": "lead", "password": "wrong"})
        assert page.status_code == 503 and "cannot-write" in page.text
        frozen.can_be_read()
    finally:
        dispose(app)
    assert kept(county.app) == before


def _same(app, browser):
    """The browser with its session at another server of the same house."""
    other, cookie = app.test_client(), browser.get_cookie("toucha")
    if cookie:
        other.set_cookie("toucha", cookie.value)
    return other


def test_photos_on_a_disk_that_takes_nothing_are_kept_by_the_phone(make_app):
    """The kernel itself lets nobody write below /sys, not even root."""
    app = make_app("sqlite", TESTING=False, PHOTO_DIRECTORY=Path("/sys/toucha"))
    lead = client_for(app, build_in(app), "lead")
    turned_away(put(lead, picture("green")), "cannot-write")
    assert kept(app)[2] == 0
