"""What a phone is told of the person's notices, and what it says was seen."""

from datetime import timedelta

import pytest

from tests import cast as company
from tests.notices import tell
from webapp.core import clock
from webapp.core.database import db
from webapp.journal.models import JournalRow
from webapp.notices.models import Notice
from webapp.sync.pull import _serializer

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}


@pytest.fixture
def cast(app):
    return company.build_in(app)


def pull(client, cursor: str | None = None) -> dict:
    answer = client.get("/api/sync/pull", query_string={"cursor": cursor} if cursor else {})
    assert answer.status_code == 200, answer.text
    return answer.json


def push(client, seen) -> int:
    body = {"facts": []} if seen is None else {"facts": [], "seen": seen}
    return client.post("/api/sync/push", json=body, headers=HEADERS).status_code


def told(app, cast, key: str, **more) -> None:
    with app.app_context():
        tell(cast, "lead director", key, clock.now(), **more)


def test_notices_come_once_and_again_only_when_something_changed(app, cast):
    lead = company.client_for(app, cast, "lead")
    first = pull(lead)
    assert first["notices"] == []
    assert "notices" not in pull(lead, first["cursor"])
    told(app, cast, "a", phone="/app/record/1")
    told(app, cast, "b", grave=True)
    second = pull(lead, first["cursor"])
    assert not second["complete"]
    grave, plain = second["notices"]
    assert (grave["grave"], grave["address"], plain["address"]) == (True, "/problems?q=b", "/app/record/1")
    assert plain["zh"] == "宝力根街道投递部的问题2026年11月27日到期。"
    assert plain["en"].endswith("is due on 27 Nov 2026.") and plain["seen"] is False
    assert "notices" not in pull(lead, second["cursor"])
    lead.post("/notices/seen")
    third = pull(lead, second["cursor"])
    assert [one["seen"] for one in third["notices"]] == [True, True], "seen at the desk is seen on the phone"


def test_what_was_seen_on_the_phone_is_seen_of_the_own_alone_and_stands_in_no_journal(app, cast):
    lead = company.client_for(app, cast, "lead")
    told(app, cast, "a")
    told(app, cast, "b")
    mine = [one["id"] for one in pull(lead)["notices"]]
    with app.app_context():
        query = db.session.query(Notice).filter_by(person_id=cast.people["director"])
        theirs = query.first().id
        before = db.session.query(JournalRow).count()
    assert push(lead, [mine[0], theirs, "no id", "\x00", "9" * 64]) == 200
    assert push(lead, [mine[0]]) == 200
    assert [one["seen"] for one in pull(lead)["notices"]] == [True, False]
    with app.app_context():
        assert db.session.query(Notice).filter(Notice.seen_at.is_not(None)).count() == 1
        assert db.session.query(JournalRow).count() == before


def test_a_phone_of_an_older_release_says_nothing_of_it_and_a_broken_one_is_refused(app, cast):
    lead = company.client_for(app, cast, "lead")
    assert push(lead, None) == 200
    for odd in ("x", [1], [["x"]], ["x" * 65], ["x"] * 101):
        assert push(lead, odd) == 422


def test_a_cursor_of_before_is_gone_on_with_and_brings_what_the_person_was_told(app, cast):
    lead = company.client_for(app, cast, "lead")
    told(app, cast, "a")
    with app.test_request_context():
        *before, _mark = _serializer().loads(pull(lead)["cursor"])
        old = _serializer().dumps(before)
    answer = pull(lead, old)
    assert not answer["complete"] and len(answer["notices"]) == 1


def test_a_phone_is_told_the_latest_of_thirty_days(app, cast):
    now = clock.now()
    with app.app_context():
        tell(cast, "lead", "old", now - timedelta(days=31))
        for number in range(55):
            tell(cast, "lead", f"n{number}", now + timedelta(milliseconds=number))
    notices = pull(company.client_for(app, cast, "lead"))["notices"]
    assert len(notices) == 50 and notices[0]["address"] == "/problems?q=n54"
