"""The app's page: the same for everybody as the worker keeps it; to a browser that comes without, its picture and its pull."""

import json
import re

import pytest

from tests.cast import CITY, build_in, client_for
from webapp.core.database import db, transaction
from webapp.org.models import Unit
from webapp.sync import shell

PULL = re.compile(r'<script type="application/json" id="first-pull">(.*?)</script>', re.DOTALL)
HOSTILE = '</script><script>alert("1")</script><!-- & {{ 7 * 7 }}'


@pytest.fixture
def cast(sqlite_app):
    return build_in(sqlite_app)


@pytest.fixture
def lead(sqlite_app, cast):
    return client_for(sqlite_app, cast, "lead")


def test_the_page_has_the_very_pull_that_the_app_would_ask_for(lead):
    page = lead.get("/app/")
    told, asked = json.loads(PULL.search(page.text)[1]), lead.get("/api/sync/pull").json
    assert {**told, "server_time": None} == {**asked, "server_time": None}
    assert "data-picture" in page.text and 'rel="preload"' not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_what_people_wrote_is_text_in_the_picture_and_in_the_pull(sqlite_app, lead):
    with sqlite_app.app_context(), transaction() as session:
        session.get(Unit, CITY).name = HOSTILE
    page = lead.get("/app/").text
    assert HOSTILE not in page and "49" not in re.sub(
        r"<script.*?</script>|<svg.*?</svg>", "", page, flags=re.DOTALL
    )
    sections = json.loads(PULL.search(page)[1])["sections"]
    assert HOSTILE in {row["name"] for one in sections if one["name"] == "unit" for row in one["rows"]}


def test_as_the_worker_keeps_it_it_is_the_same_for_everybody(sqlite_app, cast, lead):
    stranger = client_for(sqlite_app, cast, "nobody")
    kept = lead.get("/app/?kept").text
    assert kept == stranger.get("/app/?kept").text
    assert "first-pull" not in kept and "data-picture" not in kept
    assert "first-pull" not in stranger.get("/app/").text


def test_nobody_is_kept_out_of_the_app_for_a_picture_that_cannot_be_drawn(lead, monkeypatch, caplog):
    def broken(*_given):
        raise KeyError("a row of another kind")

    monkeypatch.setattr(shell, "picture", broken)
    page = lead.get("/app/")
    assert page.status_code == 200
    assert "first-pull" not in page.text and 'class="starting"' in page.text
    assert "no first picture: KeyError" in caplog.text and "another kind" not in caplog.text


def test_a_database_that_is_away_is_told_as_such(lead, monkeypatch):
    def away(*_given):
        raise db.exc.OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(shell, "working_set", away)
    assert lead.get("/app/").status_code == 503
