"""``/api/ready``: a load balancer learns whether to send anybody here, and why not."""

import os

import pytest
from flask_migrate import downgrade
from sqlalchemy import text

from tests.cast import build_in, client_for
from tests.databases import dispose, settings_for
from webapp import create_app
from webapp.core import schema_range
from webapp.core.database import db
from webapp.web import state


@pytest.fixture(autouse=True)
def asked_each_time(monkeypatch):
    """No answer is kept."""
    monkeypatch.setattr(state, "KEPT", 0.0)


def says(app) -> tuple[int, list[str]]:
    """Status and reasons, as anybody is told them."""
    answer = app.test_client().get("/api/ready")
    assert answer.json["ready"] is (answer.status_code == 200)
    return answer.status_code, answer.json["reasons"]


def test_a_server_on_its_own_schema_is_ready(app):
    assert says(app) == (200, [])


def test_a_database_of_before_is_none_of_this_release(app):
    with app.app_context():
        downgrade(revision="0023")
    assert says(app) == (503, ["schema"])


def test_a_newer_database_is_served_if_it_says_so(app):
    newest = schema_range.newest_schema()
    for floor, expected in ((None, (503, ["schema"])), ("9999", (503, ["schema"])), (newest, (200, []))):
        with app.app_context():
            db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            db.session.execute(text("DELETE FROM schema_floor"))
            if floor:
                schema_range.note_floor(db.session.connection(), floor)
            db.session.commit()
        assert says(app) == expected, floor


def test_a_database_that_is_away_and_a_folder_that_cannot_be_written(tmp_path):
    app = create_app(
        {
            **settings_for("postgresql+psycopg://toucha@/none?host=/nowhere", tmp_path / "none"),
            "TESTING": False,
        }
    )
    assert says(app) == (503, ["data", "database"])
    assert app.test_client().get("/api/ping").status_code == 200
    dispose(app)


def test_many_questions_are_one_to_the_database(app, monkeypatch):
    monkeypatch.setattr(state, "KEPT", 60.0)
    assert says(app) == (200, [])
    monkeypatch.setattr(state, "schema_of", lambda session: "none")
    assert says(app) == (200, [])


def test_it_says_nothing_of_the_person_who_asks(app):
    cast = build_in(app)
    assert os.access(app.config["DATA_DIRECTORY"], os.W_OK)
    assert client_for(app, cast, "admin").get("/api/ready").json == {"ready": True, "reasons": []}
