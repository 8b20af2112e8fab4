"""The queue in front of SQLite's write lock, with real processes: who dies leaves it, who waits too long is told so."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cast import build_in, client_for
from tests.photos import picture, put
from tests.server.test_locks import County, checks, kept, push, turned_away
from webapp.core import database

HOLD = """
import sys
from pathlib import Path
from webapp.core.turns import Turn
with Turn(Path(sys.argv[1])).held(5):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def county(make_app, monkeypatch):
    """On a SQLite file for whose turn one waits only a fifth of a second."""
    app = make_app("sqlite", TESTING=False)
    cast = build_in(app)
    readers = {login: client_for(app, cast, login) for login in ("lead", "county", "nobody")}
    monkeypatch.setattr(database, "WAIT", 200)
    return County(app, readers)


@pytest.fixture
def holder(county):
    """Another process that has the turn and does not write."""
    file = county.app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    command = [sys.executable, "-c", HOLD, file]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


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
