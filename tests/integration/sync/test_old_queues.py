"""What phones of each release hold and send is understood by today's server (docs/offline.md, "Updates")."""

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta

import pytest

from tests.cast import CITY, client_for
from tests.fixtures import place
from tests.fixtures.record_queues import QUEUES
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.journal import chain
from webapp.journal.models import Fact
from webapp.ledger.operations import differences
from webapp.org.models import Unit
from webapp.org.rules import DEPARTMENT_ROLES
from webapp.rulebook.rules import load
from webapp.settings import VERSION

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}
RELEASES = sorted(path.stem for path in QUEUES.glob("*.json"))
# What a phone can say besides the kinds of the rulebook.
SORTS = {"inspection", "capture", "selection", "withdrawal", "confirmation", "volume", "point"}


def recorded(release: str) -> dict:
    return json.loads((QUEUES / f"{release}.json").read_text())


@pytest.fixture
def office(app, monkeypatch):
    """The office of the recordings, an hour after a phone of that release last saved something."""

    def at(release: str):
        now = datetime.fromisoformat(recorded(release)["recorded"]) + timedelta(hours=3)
        monkeypatch.setattr(clock, "now", lambda: now)
        with app.app_context(), transaction() as session:
            return place.build(session)

    return at


def replay(client, phone: dict, sent: dict) -> list[dict]:
    """Everything that was sent, once more: facts, then photos, each of which must arrive; the facts' results."""
    headers = {**HEADERS, "X-Toucha-Person": phone["person"]}
    results = []
    for body in sent["pushes"]:
        answer = client.post("/api/sync/push", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        results += answer.json["results"]
    for photo in sent["photos"]:
        data = base64.b64decode(photo["bytes"])
        answer = client.put(
            f"/api/photos/{photo['sha256']}", data=data, headers={**headers, "Content-Type": photo["type"]}
        )
        assert answer.json == {"sha256": hashlib.sha256(data).hexdigest(), "state": "stored"}
    return results


@pytest.mark.parametrize("release", RELEASES)
def test_the_queue_of_an_old_phone_is_stored_whole_photos_and_all(app, office, release):
    cast, phones = office(release), recorded(release)["phones"]
    for phone in phones:
        client = client_for(app, cast, phone["login"])
        before = replay(client, phone, phone["earlier"])
        assert sorted(str(row["held"]) for row in before) == ["None", "None", "clock"]
        results = replay(client, phone, phone["waiting"])
        assert {row["id"]: row["problem"] for row in results if row["problem"]} == {}
        assert {row["state"] for row in [*before, *results]} == {"stored"}
        again = replay(client, phone, phone["waiting"])
        assert {(row["state"], tuple(row["photos_missing"])) for row in again} == {("known", ())}
    with app.app_context():
        sent = [
            fact
            for phone in phones
            for body in [*phone["earlier"]["pushes"], *phone["waiting"]["pushes"]]
            for fact in body["facts"]
        ]
        kept = {fact.id: (fact.open, fact.personal or "", fact.digest) for fact in db.session.query(Fact)}
        assert kept == {one["id"]: (one["open"], one["personal"], one["digest"]) for one in sent}
        assert chain.broken_rows(db.session) == []
        assert differences(db.session, db.session.get(Unit, CITY), clock.now()) == []


def test_this_release_has_its_recording_with_every_sort_of_record():
    """Failing: `python -m tests.fixtures.record_queues`, and commit the file."""
    assert VERSION in RELEASES
    phones = recorded(VERSION)["phones"]
    facts = [
        json.loads(fact["open"])
        for phone in phones
        for body in phone["waiting"]["pushes"]
        for fact in body["facts"]
    ]
    assert {fact["type"] for fact in facts} == SORTS
    assert {fact["kind"] for fact in facts if "kind" in fact} == {
        kind.code for kind in load().kinds.values() if kind.roles & DEPARTMENT_ROLES
    }
    assert {fact["op"] for fact in facts if fact["type"] == "point"} == {
        "open", "confirm", "change", "close", "reopen",
    }  # fmt: skip
    assert any(fact.get("amends") for fact in facts)


def test_each_release_of_the_last_year_is_recorded():
    """A changelog entry is a release: its phones are in use for a year at least."""
    changelog = (QUEUES.parents[2] / "CHANGELOG.md").read_text()
    released = set(re.findall(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE))
    assert released <= set(RELEASES)
