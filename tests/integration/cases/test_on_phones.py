"""What a phone is told of cases: the moves with their days, what only the desk can do, and whose photos are shown to whom."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import cast as company
from tests.cases import answer, cases_in, move, photo, send_at
from tests.cast import CITY, client_for
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.phone_sections import rows_of
from tests.photos import named, picture, put
from webapp.core import clock
from webapp.core.database import db
from webapp.org.models import Person
from webapp.org.queries import actor_of

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)  # ten in the morning


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def found(app, cast, at: datetime = FRIDAY):
    """A parcel check of the inspector's in which one fails."""
    sent = envelope(inspection(parcels(20, 1), date=clock.local_date(at).isoformat()))
    assert send_at(app, cast, "inspector", sent, at).state == "stored"
    return cases_in(app)


def rows(app, cast, login: str, at: datetime) -> list[dict]:
    """The section as the person's phone gets it at that instant."""
    with app.app_context():
        person = db.session.get(Person, cast.people[login])
        actor = actor_of(db.session, person, clock.local_date(at))
        return rows_of(db.session, actor, "cases", CITY, at)


def may(app, cast, login: str, at: datetime) -> dict[str, dict]:
    [row] = [row for row in rows(app, cast, login, at) if row["type"] == "problem"]
    return {one["move"]: one for one in row["may"]}


def test_the_days_that_a_phone_is_told_are_those_that_the_server_takes(app, cast):
    [case] = found(app, cast)
    told = may(app, cast, "director", FRIDAY)["ask"]
    assert told["until"] == "2026-11-27"
    assert told["days"] == {
        "first": "2026-11-28",
        "last": "2026-12-04",
    }  # the first span of seven days once more
    first, last = (date.fromisoformat(told["days"][end]) for end in ("first", "last"))
    for day, state in (
        (first - timedelta(1), "refused"),
        (last + timedelta(1), "refused"),
        (last, "stored"),
    ):
        sent = move(case.id, "ask", FRIDAY, "材料未到", day=day.isoformat())
        assert send_at(app, cast, "director", sent, FRIDAY).state == state, day
    assert "ask" not in may(app, cast, "director", FRIDAY)  # it waits for an answer


def test_what_is_too_late_is_not_offered(app, cast):
    [case] = found(app, cast)
    assert may(app, cast, "director", FRIDAY)["dispute"]["until"] == "2026-11-25"  # three workdays
    late = FRIDAY + timedelta(days=6)
    assert set(may(app, cast, "director", late)) == {"answer", "ask"}
    refused = send_at(app, cast, "director", move(case.id, "dispute", late, "系统延迟"), late)
    assert (refused.state, refused.problem.code) == ("refused", "too-late-for-move")
    assert set(may(app, cast, "director", FRIDAY + timedelta(days=8))) == {"answer"}  # overdue


def test_who_decides_at_the_desk_is_told_so_and_who_disputed_sees_what_became_of_it(app, cast):
    [case] = found(app, cast)
    sent = move(case.id, "dispute", FRIDAY, "系统延迟")
    assert send_at(app, cast, "director", sent, FRIDAY).state == "stored"
    desk = {row["type"]: row["desk"] for row in rows(app, cast, "county", FRIDAY)}
    assert desk == {"problem": False, "dispute": True}
    assert {row["type"] for row in rows(app, cast, "director", FRIDAY) if row["mine"]} == {
        "problem",
        "dispute",
    }
    assert not any(row["desk"] for row in rows(app, cast, "inspector", FRIDAY))


def test_the_photo_of_an_answer_is_seen_by_who_looks_again_and_by_nobody_else(app, cast):
    now, evidence = clock.now(), picture("orange")
    [case] = found(app, cast, now)
    sent = answer(case.id, now, photos=[named(evidence)])
    assert send_at(app, cast, "director", sent, now).state == "stored"
    address = f"/api/photos/{named(evidence)['sha256']}"
    inspector, county = client_for(app, cast, "inspector"), client_for(app, cast, "county")
    assert inspector.get(address).status_code == 404  # its bytes have not come
    assert put(client_for(app, cast, "director"), evidence).status_code == 201
    seen = {login: client_for(app, cast, login).get(address).status_code for login in ("inspector", "county", "carrier", "nextcounty")}  # fmt: skip
    assert seen == {"inspector": 200, "county": 200, "carrier": 404, "nextcounty": 404}
    assert county.get(f"{address}/thumbnail").status_code == 200


def test_a_move_that_names_somebody_elses_photo_opens_nothing(app, cast):
    """Zhang owns the case; the photo of the register of another department is none of his business."""
    now, secret = clock.now(), picture("red")
    day, digest = today().isoformat(), named(secret)
    assert put(client_for(app, cast, "head"), secret).status_code == 201
    item = {"subject": cast.points["额尔敦社区居委会"], "verdict": "fail", "answers": {"handover": "fail"}, "photos": [photo()], "position": "refused"}  # fmt: skip
    failed = {"v": 1, "type": "inspection", "unit": CITY, "acting": CITY, "date": day, "kind": "relay", "method": "on-site", "items": [item]}  # fmt: skip
    assert send(app, cast, "inspector", envelope(failed)).state == "stored"
    [case] = cases_in(app)
    assert case.owner_id == cast.people["carrier"]
    sent = move(
        case.id, "ask", now, "材料未到", day=(today() + timedelta(days=9)).isoformat(), photos=[digest]
    )
    assert send_at(app, cast, "carrier", sent, now).state == "stored"
    assert client_for(app, cast, "carrier").get(f"/api/photos/{digest['sha256']}").status_code == 404
