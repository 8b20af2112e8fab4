"""The relay register: changes from phones and from the desk, who may make them, and what stands there afterwards."""

import hashlib
import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select

from tests.cast import CITY, COUNTY, NEXT_RURAL, RURAL, build_in, client_for, read
from tests.desk_lists import words
from tests.desk_records import envelope, inspection, send, today
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.journal import chain
from webapp.ledger.operations import differences, open_lines
from webapp.org.models import Unit
from webapp.recording.conflicts import decide
from webapp.recording.personal_parts import purge_personal
from webapp.registers.models import RelayChange, RelayPoint
from webapp.registers.queries import confirmations, register_of

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}
TODAY = today()


def ago(days: int):
    return TODAY - timedelta(days=days)


@pytest.fixture
def cast(app):
    return build_in(app)


def change(op: str, point: str, unit: str = CITY, **more) -> dict:
    """The open part of a change made today."""
    own = {"v": 1, "type": "point", "unit": unit, "acting": unit, "date": TODAY.isoformat()}
    return {**own, "point": point, "op": op, **more}


def opening(name: str = "站前小区物业", **more) -> dict:
    values = {"name": name, "kind": "property", "address": "团结大街 5 号", **more.pop("values", {})}
    return change("open", more.pop("point", None) or new_id(), values=values, **more)


def point(app, point_id: str) -> RelayPoint | None:
    return read(app, lambda session: session.get(RelayPoint, point_id))


def faults(app, unit: str = CITY) -> list[str]:
    with app.app_context():
        here = db.session.get(Unit, unit)
        return chain.broken_rows(db.session) + differences(db.session, here, clock.now())


# ---------------------------------------------------------------- from the phone


def test_a_director_enters_a_point_on_the_phone(app, cast):
    body = opening(values={"route": cast.routes[CITY, "1"], "latitude": 43.93, "longitude": 116.08})
    outcome = send(app, cast, "director", envelope(body, {"keeper": "白音", "contact": "13904790000"}))
    found = point(app, body["point"])
    assert (outcome.state, outcome.problem) == ("stored", None)
    assert (found.name, found.initials, found.kind) == ("站前小区物业", "zqxqwy", "property")
    assert (found.keeper, found.contact, found.agreement) == ("白音", "13904790000", "none")
    assert (found.route_id, found.latitude, found.opened_on) == (cast.routes[CITY, "1"], 43.93, TODAY)
    assert faults(app) == []


def test_the_same_change_twice_is_known_and_counted_once(app, cast):
    sent = envelope(opening())
    assert [send(app, cast, "director", sent).state for _ in range(2)] == ["stored", "known"]
    assert read(app, lambda session: session.scalar(select(func.count()).select_from(RelayChange))) == 1


def test_another_content_under_the_same_number_waits_and_cannot_be_put_in_force(app, cast):
    sent = envelope(opening())
    other = envelope(opening("另一个物业"), id=sent["id"])
    assert [send(app, cast, "director", one).state for one in (sent, other)] == ["stored", "conflict"]
    with app.app_context(), pytest.raises(Problem, match="not-amendable"), transaction() as session:
        decide(session, cast.actor(session, "county"), clock.now(), sent["id"], other["digest"], "second")
    with app.app_context(), transaction() as session:
        decide(session, cast.actor(session, "county"), clock.now(), sent["id"], other["digest"], "first")
    assert faults(app) == []


def test_the_phone_gets_the_point_with_its_new_fields(app, cast):
    director = client_for(app, cast, "director")
    cursor = director.get("/api/sync/pull").json["cursor"]
    body = opening(values={"agreement": "written", "route": cast.routes[CITY, "1"]})
    send(app, cast, "director", envelope(body, {"keeper": "白音", "note": "周日休息"}))
    tail = director.get(f"/api/sync/pull?cursor={cursor}").json
    [rows] = [section["rows"] for section in tail["sections"] if section["name"] == "points"]
    [row] = [row for row in rows if row["id"] == body["point"]]
    wanted = {"agreement": "written", "keeper": "白音", "note": "周日休息", "photo": None, "checked": None}
    assert {name: row[name] for name in wanted} == wanted
    assert row["confirmed"] == TODAY.isoformat()
    carrier = client_for(app, cast, "carrier2").get("/api/sync/pull").json
    [others] = [section["rows"] for section in carrier["sections"] if section["name"] == "points"]
    assert others == []  # route 1 is another one's


@pytest.mark.parametrize("login", ["carrier", "lead", "inspector", "former"])
def test_who_keeps_no_register_changes_none(app, cast, login):
    outcome = send(app, cast, login, envelope(opening()))
    assert (outcome.state, outcome.problem.code) == ("refused", "role-not-held")


def test_the_county_manager_changes_the_register_but_does_not_confirm_for_the_director(app, cast):
    body = opening(acting=COUNTY)
    assert send(app, cast, "county", envelope(body)).state == "stored"
    outcome = send(app, cast, "county", envelope(change("confirm", body["point"], acting=COUNTY)))
    assert outcome.problem.code == "role-not-held"
    assert send(app, cast, "director", envelope(change("confirm", body["point"]))).state == "stored"


def test_a_point_of_the_next_county_is_answered_like_one_that_never_was(app, cast):
    theirs = cast.points["陶力嘎查"]
    answers = [
        send(app, cast, "director", envelope(change("confirm", one))).problem for one in (theirs, new_id())
    ]
    assert [answer.code for answer in answers] == ["unknown-point", "unknown-point"]
    assert answers[0].fields == answers[1].fields
    other_unit = send(app, cast, "director", envelope(change("confirm", theirs, unit=NEXT_RURAL)))
    assert other_unit.problem.code == "unknown-unit"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (lambda cast: opening(values={"name": ""}), "values.name"),
        (lambda cast: opening(values={"route": cast.routes[RURAL, "1"]}), "values.route"),
        (lambda cast: change("open", cast.points["额尔敦社区居委会"], values={"name": "甲", "kind": "village"}), "point"),
        (lambda cast: change("reopen", cast.points["额尔敦社区居委会"]), "op"),
        (lambda cast: change("close", cast.points["额尔敦社区居委会"], day=ago(40).isoformat()), "day"),
        (lambda cast: opening(date=(TODAY + timedelta(days=1)).isoformat()), "date"),
    ],
)  # fmt: skip
def test_a_bad_change_is_refused_by_its_field(app, cast, body, field):
    outcome = send(app, cast, "director", envelope(body(cast)))
    assert (outcome.state, outcome.problem.code, list(outcome.problem.fields)) == (
        "refused",
        "bad-fact",
        [field],
    )


def test_a_point_is_entered_and_visited_in_one_push(app, cast):
    body = opening(values={"route": cast.routes[CITY, "1"]})
    photo = {"sha256": "ab" * 32, "size": 10, "type": "image/jpeg"}
    item = {
        "subject": body["point"],
        "verdict": "pass",
        "answers": {},
        "photos": [photo],
        "position": "no-signal",
    }
    facts = [envelope(body), envelope(inspection([item], kind="relay"))]
    answer = client_for(app, cast, "director").post("/api/sync/push", json={"facts": facts}, headers=HEADERS)
    assert [row["state"] for row in answer.json["results"]] == ["stored", "stored"]
    assert faults(app) == []


# ---------------------------------------------------------------- days, order, the ledger


def test_a_late_change_of_an_earlier_day_does_not_undo_a_later_one(app, cast):
    one = cast.points["额尔敦社区居委会"]
    now = envelope(change("change", one, values={"name": "额尔敦物业"}), {"keeper": "新人"})
    late = envelope(
        change("change", one, day=ago(5).isoformat(), values={"name": "旧名", "address": "旧址"}),
        {"keeper": "旧人", "contact": "1390"},
    )
    assert [send(app, cast, "director", sent).state for sent in (now, late)] == ["stored", "stored"]
    found = point(app, one)
    assert (found.name, found.address, found.keeper, found.contact) == ("额尔敦物业", "旧址", "新人", "1390")


def test_a_point_that_was_closed_and_reopened_was_not_open_in_between(app, cast):
    one = cast.points["额尔敦社区居委会"]
    for op, days in (("close", 20), ("reopen", 4)):
        assert (
            send(app, cast, "director", envelope(change(op, one, day=ago(days).isoformat()))).state
            == "stored"
        )
    found = point(app, one)
    spans = read(
        app, lambda session: [row[1:] for row in register_of(session, [CITY]).spans(CITY) if row[0] == one]
    )
    assert found.closed_on is None
    assert spans == [(found.opened_on, ago(20)), (ago(4), None)]


def pulled(client) -> dict[str, dict]:
    """The points of the city department as a phone gets them, by id."""
    sections = client.get("/api/sync/pull").json["sections"]
    return {
        row["id"]: row
        for one in sections
        if (one["unit"], one["name"]) == (CITY, "points")
        for row in one["rows"]
    }


def test_the_phone_still_lists_a_point_closed_of_late_and_reopens_it(app, cast):
    one, long_ago, later = sorted(cast.points[name] for name in cast.points if "社区" in name)[:3]
    with app.app_context(), transaction() as session:
        session.get(RelayPoint, long_ago).closed_on = ago(400)
        session.get(RelayPoint, later).closed_on = ago(-3)
    director = client_for(app, cast, "director")
    assert send(app, cast, "director", envelope(change("close", one, reason="小区拆迁"))).state == "stored"
    rows = pulled(director)
    assert long_ago not in rows
    assert (rows[one]["closed"], rows[later]["closed"]) == (TODAY.isoformat(), None)
    assert send(app, cast, "director", envelope(change("reopen", one))).state == "stored"
    assert pulled(director)[one]["closed"] is None


def test_a_county_manager_keeps_the_register_of_a_department_from_the_phone(app, cast):
    county, one = client_for(app, cast, "county"), cast.points["额尔敦社区居委会"]
    assert one in pulled(county)
    closing = change("close", one, acting=COUNTY, reason="小区拆迁")
    assert send(app, cast, "county", envelope(closing)).state == "stored"
    assert pulled(county)[one]["closed"] == TODAY.isoformat()


def test_a_closed_point_leaves_the_thresholds_of_the_ledger(app, cast):
    with app.app_context(), transaction() as session:
        open_lines(session, session.get(Unit, CITY), clock.now())
    county = client_for(app, cast, "county")

    def required() -> int:
        answer = county.get(f"/api/ledger?unit={CITY}&period={TODAY:%Y-%m}").json["ledger"]
        return next(line["required"] for line in answer if line["duty"] == "relay-monthly")

    before = required()
    one = cast.points["额尔敦社区居委会"]
    send(app, cast, "director", envelope(change("close", one)))
    assert (before, required()) == (8, 7)
    assert faults(app) == []


def test_a_point_counts_as_confirmed_by_entering_reopening_and_the_directors_word(app, cast):
    body = opening(day=ago(30).isoformat())
    for sent in (
        body,
        change("change", body["point"], day=ago(25).isoformat(), values={"agreement": "oral"}),
        change("confirm", body["point"], day=ago(20).isoformat()),
        change("close", body["point"], day=ago(15).isoformat()),
        change("reopen", body["point"], day=ago(10).isoformat()),
    ):
        assert send(app, cast, "director", envelope(sent)).state == "stored"
    found = read(app, lambda session: confirmations(session, CITY, ago(90), TODAY))
    assert found[body["point"]] == [ago(30), ago(20), ago(10)]
    later = read(app, lambda session: confirmations(session, CITY, ago(19), TODAY))
    assert later[body["point"]] == [ago(10)]
    first = read(app, lambda session: session.get(RelayPoint, cast.points["额尔敦社区居委会"]).opened_on)
    entered = read(app, lambda session: confirmations(session, CITY, first, first))
    assert entered[cast.points["额尔敦社区居委会"]] == [first]  # made with its unit


# ---------------------------------------------------------------- photos and personal parts


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(out, "JPEG")
    return out.getvalue()


def test_the_photo_of_a_point_arrives_later_and_is_seen_by_those_who_work_there(app, cast):
    data = picture()
    name = hashlib.sha256(data).hexdigest()
    body = opening(values={"photo": {"sha256": name, "size": len(data)}})
    director = client_for(app, cast, "director")
    answer = director.post("/api/sync/push", json={"facts": [envelope(body)]}, headers=HEADERS)
    assert answer.json["results"][0]["photos_missing"] == [name]
    headers = {**HEADERS, "Content-Type": "image/jpeg"}
    assert director.put(f"/api/photos/{name}", data=data, headers=headers).status_code == 201
    codes = {
        login: client_for(app, cast, login).get(f"/api/photos/{name}").status_code
        for login in ("carrier", "inspector", "county", "league", "nextcounty", "admin", "head")
    }
    assert codes == {
        "carrier": 200, "inspector": 200, "county": 200, "league": 200, "nextcounty": 404, "admin": 404, "head": 404,
    }  # fmt: skip
    assert f"/api/photos/{name}/thumbnail" in director.get(f"/points/{body['point']}").text
    assert faults(app) == []


def test_after_half_a_year_the_history_no_longer_says_who_kept_the_point(app, cast):
    one = cast.points["额尔敦社区居委会"]
    send(app, cast, "director", envelope(change("change", one), {"keeper": "旧负责人"}))
    send(app, cast, "director", envelope(change("change", one), {"keeper": "白音"}))
    director = client_for(app, cast, "director")
    assert "旧负责人 → 改为 白音" in words(director.get(f"/points/{one}"))
    with app.app_context(), transaction() as session:
        purge_personal(session, clock.now())
    page = words(director.get(f"/points/{one}"))
    assert "旧负责人" not in page
    assert "个人信息已满 180 天删除" in page
    assert point(app, one).keeper == "白音"  # who keeps it now is still needed
    assert read(app, chain.broken_rows) == []


def test_the_directors_word_is_counted_in_the_ledger_for_ninety_days(app, cast):
    county = client_for(app, cast, "county")

    def line() -> tuple[int, int]:
        answer = county.get(f"/api/ledger?unit={CITY}&period={TODAY:%Y-%m}").json["ledger"]
        return next((row["done"], row["required"]) for row in answer if row["duty"] == "relay-register")

    for name, days in (("额尔敦社区居委会", 0), ("回民社区居委会", 31)):
        worked = ago(60) if days else TODAY
        sent = change(
            "confirm",
            cast.points[name],
            date=worked.isoformat(),
            day=(worked - timedelta(days=days)).isoformat(),
        )
        assert send(app, cast, "director", envelope(sent)).state == "stored"
    assert line() == (1, 8)  # 91 days ago is too long
    assert faults(app) == []
