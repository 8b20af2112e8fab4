"""The queue in front of SQLite's write lock, with real processes: who dies leaves it, who waits too long is told so."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cast import build_in, client_for
from tests.photos import picture, put
from tests.server.test_locks import County, checks, kept, push, turned_away
from webapp.core import database

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from webapp.core.turns import Turn
with Turn(Path(sys.argv[1])).held(5):
    print("held", flush=True)
    sys.stdin.read()
"""

WRITE_ON = """
import sys, time
from pathlib import Path
from webapp.core.turns import Turn
turn = Turn(Path(sys.argv[1]))
for number in range(100_000):
    with turn.held(5):
        time.sleep(0.01)
    if not number:
        print("held", flush=True)
"""


@pytest.fixture
def county(make_app, monkeypatch):
    """On a SQLite file for whose turn one waits only a fifth of a second."""
    app = make_app("sqlite", TESTING=False)
    cast = build_in(app)
    readers = {login: client_for(app, cast, login) for login in ("lead", "county", "nobody")}
    monkeypatch.setattr(database, "WAIT", 200)
    return County(app, readers)


@contextmanager
def beside(county, program: str):
    """Another process at the county's database, once it has had the turn."""
    file = county.app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    process = subprocess.Popen(
        [sys.executable, "-c", program, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def holder(county):
    """Another process that has the turn and does not write."""
    with beside(county, HOLD) as process:
        yield process


def test_whose_turn_does_not_come_tries_again_and_pages_are_read(county, holder):
    facts = checks(3)
    turned_away(push(county.lead, *facts), "busy")
    turned_away(push(county.lead, facts[0]), "busy")
    turned_away(put(county.lead, picture("red")), "busy")
    county.can_be_read()
    assert kept(county.app) == (0, 0, 0)
    holder.communicate("")
    assert [row["state"] for row in push(county.lead, *facts).json["results"]] == ["stored"] * 3


def test_a_process_that_is_killed_while_it_has_the_turn_holds_up_nobody(county, holder):
    turned_away(push(county.lead, *checks(1)), "busy")
    holder.kill()
    holder.wait(30)
    assert push(county.lead, *checks(1)).status_code == 200


def test_a_transaction_that_fails_leaves_the_turn_to_the_next(county):
    with county.app.app_context():
        for error in (ValueError, KeyboardInterrupt):
            with pytest.raises(error), database.transaction():
                raise error
            with database.transaction() as session:
                session.connection()
    assert push(county.lead, *checks(1)).status_code == 200


def test_a_job_that_writes_on_and_on_lets_phones_in(county, monkeypatch):
    monkeypatch.setattr(database, "WAIT", 15_000)
    with beside(county, WRITE_ON) as job:
        for check in checks(5):
            assert push(county.lead, check).status_code == 200
        assert put(county.lead, picture("red")).status_code == 201
        assert job.poll() is None


def test_a_copied_process_has_a_queue_of_its_own(tmp_path):
    program = """
import os, sys, threading
from pathlib import Path
from sqlalchemy import create_engine
from webapp.core.turns import turn_of
engine, held, end = create_engine(f"sqlite:///{sys.argv[1]}"), threading.Event(), threading.Event()
def hold():
    with turn_of(engine, 5):
        held.set()
        end.wait()
thread = threading.Thread(target=hold)
thread.start()
held.wait()
child = os.fork()
if not child:  # nobody here holds the turn; the parent gives it back
    with turn_of(engine, 30):
        os._exit(7)
end.set()
thread.join()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    command = [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "toucha.sqlite")]
    assert subprocess.run(command, cwd=ROOT, timeout=60).returncode == 7
