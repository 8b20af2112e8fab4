"""The phones' door over HTTP: facts in, photos in, the working set and the ledger out."""

import hashlib
import io

import pytest
from PIL import Image

from tests.cast import CITY, build_in, client_for
from tests.desk_records import envelope, inspection, parcels, today
from webapp.core import clock
from webapp.core.database import db
from webapp.journal import chain
from webapp.ledger.operations import differences
from webapp.org.models import Unit
from webapp.rulebook.rules import period_of

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}


@pytest.fixture
def cast(app):
    return build_in(app)


def push(client, *facts) -> list[dict]:
    answer = client.post("/api/sync/push", json={"facts": list(facts)}, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json["results"]


def faults(app) -> list[str]:
    with app.app_context():
        return chain.broken_rows(db.session) + differences(
            db.session, db.session.get(Unit, CITY), clock.now()
        )


def line(client, duty: str) -> dict:
    week = period_of("week", today()).code
    answer = client.get(f"/api/ledger?unit={CITY}&period={week}")
    assert answer.status_code == 200, answer.text
    return next(row for row in answer.json["ledger"] if row["duty"] == duty)


def test_a_check_of_twenty_parcels_is_one_session_of_two(app, cast):
    lead = client_for(app, cast, "lead")
    assert [row["state"] for row in push(lead, envelope(inspection(parcels(20, failed=2))))] == ["stored"]
    found = line(client_for(app, cast, "county"), "parcel-check")
    figures = {name: found[name] for name in ("article", "required", "done", "items", "passed", "failed")}
    assert figures == {"article": "14.2", "required": 2, "done": 1, "items": 20, "passed": 18, "failed": 2}
    assert faults(app) == []


def test_a_lost_acknowledgement_is_known_and_other_bytes_are_a_conflict(app, cast):
    lead = client_for(app, cast, "lead")
    sent = envelope(inspection(parcels(20)))
    other = envelope(inspection(parcels(5)), id=sent["id"])
    assert [push(lead, one)[0]["state"] for one in (sent, sent, other, other)] == [
        "stored",
        "known",
        "conflict",
        "conflict",
    ]
    assert line(lead, "parcel-check")["items"] == 20
    assert faults(app) == []


def test_one_bad_record_sinks_no_neighbour_and_names_its_fields(app, cast):
    lead = client_for(app, cast, "lead")
    bad = inspection([{**parcels(1)[0], "verdict": None}])
    results = push(lead, envelope(bad), envelope(inspection(parcels(20))), {"id": "nonsense"})
    assert [row["state"] for row in results] == ["refused", "stored", "refused"]
    assert results[0]["problem"]["fields"] == {"items[0].verdict": "required"}


def test_a_language_chosen_on_the_phone_is_the_persons_from_then_on(app, cast):
    lead = client_for(app, cast, "lead")
    for said, kept in (("en", "en"), ("klingon", "en"), (None, "en"), ("zh", "zh")):
        answer = lead.post("/api/sync/push", json={"facts": [], "language": said}, headers=HEADERS)
        assert answer.status_code == 200, answer.text
        assert lead.get("/api/sync/pull").json["person"]["language"] == kept


def test_a_colleague_cannot_take_another_ones_number(app, cast):
    sent = envelope(inspection(parcels(20)))
    push(client_for(app, cast, "lead"), sent)
    [result] = push(client_for(app, cast, "inspector"), sent)
    assert (result["state"], result["problem"]["code"]) == ("refused", "foreign-id")


def test_a_relay_visit_is_counted_at_once_and_its_photo_arrives_later(app, cast):
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(picture, "JPEG")
    data = picture.getvalue()
    name = hashlib.sha256(data).hexdigest()
    photo = {"sha256": name, "size": len(data), "type": "image/jpeg"}
    point = cast.points["额尔敦社区居委会"]
    item = {"subject": point, "verdict": "pass", "answers": {}, "photos": [photo], "position": "no-signal"}
    inspector = client_for(app, cast, "inspector")
    [result] = push(inspector, envelope(inspection([item], kind="relay")))
    assert (result["state"], result["photos_missing"]) == ("stored", [name])
    headers = {**HEADERS, "Content-Type": "image/jpeg"}
    codes = [inspector.put(f"/api/photos/{name}", data=data, headers=headers).status_code for _ in range(2)]
    assert codes == [201, 200]
    cut = inspector.put(f"/api/photos/{name}", data=data[:-9], headers=headers)
    assert (cut.status_code, cut.json["code"]) == (422, "photo-digest")
    assert client_for(app, cast, "county").get(f"/api/photos/{name}").data == data
    assert client_for(app, cast, "nextcounty").get(f"/api/photos/{name}").status_code == 404
    assert faults(app) == []


def test_a_pull_is_whole_first_and_then_only_what_changed(app, cast):
    lead = client_for(app, cast, "lead")
    first = lead.get("/api/sync/pull").json
    assert first["complete"] and {row["name"] for row in first["sections"]} >= {"unit", "points", "duties"}
    again = lead.get(f"/api/sync/pull?cursor={first['cursor']}").json
    assert (again["complete"], again["sections"]) == (False, [])
    push(lead, envelope(inspection(parcels(20))))
    tail = lead.get(f"/api/sync/pull?cursor={first['cursor']}").json
    checked = next(row for row in tail["sections"] if row["name"] == "checked")
    assert not tail["complete"] and len(checked["rows"]) == 20
