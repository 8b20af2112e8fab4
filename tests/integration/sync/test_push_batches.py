"""A phone that was long without signal sends many facts at once: together they mean what each would alone."""

import pytest

from tests.cast import CITY, RURAL, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, today
from webapp.core import clock
from webapp.core.database import db
from webapp.core.ids import new_id
from webapp.journal import chain
from webapp.journal.models import Fact, Refusal
from webapp.ledger.operations import differences
from webapp.org.models import Unit

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}


@pytest.fixture
def cast(app):
    return build_in(app)


def push(client, *facts) -> list[dict]:
    answer = client.post("/api/sync/push", json={"facts": list(facts)}, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json["results"]


def states(app) -> dict[str, str]:
    return read(app, lambda session: dict(session.query(Fact.id, Fact.state).all()))


def faults(app, unit: str) -> list[str]:
    with app.app_context():
        found = chain.broken_rows(db.session)
        return found + differences(db.session, db.session.get(Unit, unit), clock.now())


def withdrawal(target: str) -> dict:
    own = {"v": 1, "type": "withdrawal", "unit": CITY, "acting": CITY, "date": today().isoformat()}
    return envelope({**own, "target": target, "reason": "看错了号码"})


def test_a_batch_of_checks_corrections_and_withdrawals_is_what_each_would_be_alone(app, cast):
    first, second, third = (envelope(inspection(parcels(20, first=n * 20))) for n in range(3))
    better = envelope(inspection(parcels(20, failed=3, first=20), amends=second["id"]))
    refused = envelope(inspection(parcels(20), kind="receipt", about=today().isoformat()))
    sent = [first, refused, second, withdrawal(third["id"]), better, third, withdrawal(first["id"])]
    results = push(client_for(app, cast, "lead"), *sent)
    expected = ["stored", "refused", "stored", "waiting", "stored", "stored", "stored"]
    assert [row["state"] for row in results] == expected
    found = states(app)
    assert {name: found[one["id"]] for name, one in (("1", first), ("2", second), ("2b", better), ("3", third))} == {
        "1": "withdrawn", "2": "superseded", "2b": "in-force", "3": "withdrawn",
    }  # fmt: skip
    assert faults(app, CITY) == []


def test_one_number_twice_in_a_batch_is_one_record(app, cast):
    sent = envelope(inspection(parcels(20)))
    lead = client_for(app, cast, "lead")
    assert [row["state"] for row in push(lead, sent, sent)] == ["stored"]
    assert list(states(app)) == [sent["id"]]
    assert faults(app, CITY) == []


def test_what_was_refused_once_and_comes_again_rightly_is_no_longer_shown_as_refused(app, cast):
    bad = envelope(inspection(parcels(20), kind="receipt", about=today().isoformat()))
    good = envelope(inspection(parcels(20)), id=bad["id"])
    lead = client_for(app, cast, "lead")
    assert push(lead, bad)[0]["state"] == "refused"
    assert push(lead, good)[0]["state"] == "stored"
    assert read(app, lambda session: session.query(Refusal).count()) == 0


def test_a_new_relay_point_and_the_call_at_it_come_in_one_batch(app, cast):
    point = new_id()
    own = {"v": 1, "type": "point", "unit": RURAL, "acting": RURAL, "date": today().isoformat()}
    opened = {**own, "point": point, "op": "open", "values": {"name": "新村嘎查", "kind": "village"}}
    photo = {"sha256": "a" * 64, "size": 1000, "type": "image/jpeg"}
    item = {"subject": point, "verdict": "pass", "answers": {}, "photos": [photo], "position": "no-signal"}
    call = inspection([item], kind="relay", unit=RURAL, acting=RURAL)
    village = cast.points["巴彦淖尔嘎查"]
    before = inspection([{**item, "subject": village}], kind="relay", unit=RURAL, acting=RURAL)
    results = push(client_for(app, cast, "head"), envelope(before), envelope(opened), envelope(call))
    assert [row["state"] for row in results] == ["stored"] * 3, results
    assert faults(app, RURAL) == []


def test_a_call_at_a_point_of_another_office_sinks_only_itself(app, cast):
    item = {
        "verdict": "pass",
        "answers": {},
        "photos": [{"sha256": "b" * 64, "size": 9}],
        "position": "given",
    }
    here, there = cast.points["额尔敦社区居委会"], cast.points["巴彦淖尔嘎查"]
    sent = [envelope(inspection([{**item, "subject": point}], kind="relay")) for point in (there, here)]
    results = push(client_for(app, cast, "inspector"), *sent)
    assert [row["state"] for row in results] == ["refused", "stored"]
    assert results[0]["problem"]["fields"] == {"items[0].subject": "not on the register"}
    assert faults(app, CITY) == []


def test_a_withdrawal_of_no_possible_number_is_refused_by_name(app, cast):
    strange = withdrawal("x" * 3000)
    amending = envelope(inspection(parcels(20), amends="nonsense"))
    results = push(client_for(app, cast, "lead"), strange, amending, envelope(inspection(parcels(20))))
    assert [row["state"] for row in results] == ["refused", "refused", "stored"]
    assert [list(row["problem"]["fields"]) for row in results[:2]] == [["target"], ["amends"]]
