"""What a request may cost: refused by length and count before anything is parsed, and never more than its door takes."""

import json

import pytest
from waitress.adjustments import Adjustments

from tests.cast import build_in, client_for
from tests.databases import dispose, settings_for
from tests.desk_records import envelope, inspection, parcels
from tests.photos import HEADERS, picture
from webapp import create_app
from webapp.buffering import BoundedParser
from webapp.core.budgets import Budget
from webapp.core.problems import MOST_CHARACTERS, MOST_FIELDS, Problem
from webapp.web.bodies import EXPLAINED, FIELDS, FORM, HELD, VALUES, allowed, allowed_before

LARGE_DOORS = {
    "checking.verify",
    "case_pages.make", "editions.enter", "editions.preview", "list_files.confirm", "list_files.preview", "photos.PhotoFile",
    "point_files.confirm", "point_files.preview", "point_forms.add", "point_forms.save", "push.Push", "rescue.preview",
    "unit_files.confirm", "unit_files.preview",
}  # fmt: skip
JSON = {**HEADERS, "Content-Type": "application/json"}
FORMS = {"Content-Type": "application/x-www-form-urlencoded"}
MANY = 500_000
# What no phone sends; each was seconds and hundreds of megabytes.
BLOWS = {
    "lost": b'{"lost":[' + b"{}," * MANY + b"{}]}",
    "facts": b'{"facts":[' + b"[]," * MANY + b"[]]}",
    "heads": json.dumps({"heads": {f"u{n}": 1 for n in range(MANY // 10)}}).encode(),
    "confirmed": json.dumps({"confirmed": {f"u{n}": [1, "a"] for n in range(5_000)}}).encode(),
    "deep": b'{"facts":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep and open": b'{"a":' * 200_000,
    "101 facts": b'{"facts":[' + b"7," * 100 + b"7]}",
    "a long number": b'{"facts":[' + b"9" * 5_000 + b"]}",
    "a text without end": b'{"facts":["' + b"\\" * 300_000,
    "no UTF-8": b'{"language": "\xff\xfe"}',
    "half a character": b'{"facts": ["\\ud800"], "lost": 7}',
    "UTF-16": '{"facts": []}'.encode("utf-16"),
    "texts without number": b'{"a":[' + b'"",' * MANY + b'""]}',
    "texts in no JSON": rb'\"\\"' * MANY,
    "quotes": b'"' * 400_000,
}


@pytest.fixture(scope="module")
def world(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bodies")
    app = create_app(settings_for(sqlite_template.fresh(folder), folder))
    yield app, build_in(app)
    dispose(app)


def test_a_large_body_is_taken_at_named_doors_only(world):
    app, _ = world
    writing = {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.methods - {"GET", "HEAD", "OPTIONS"}
    }
    assert {one for one in writing if allowed(app, one) > FORM} == LARGE_DOORS


@pytest.mark.parametrize(
    "path", ["/login", "/api/ping", "/rescue", "/api/sync/push", "/nowhere", "/language"]
)
def test_nobody_who_is_not_signed_in_sends_more_than_a_form(world, path):
    app, cast = world
    answer = client_for(app, cast, "nobody").post(path, data=b"a&" * FORM, headers=FORMS)
    assert answer.status_code in (302, 401, 413)
    assert answer.status_code == 413 or path in ("/rescue", "/api/sync/push")  # they ask to sign in


def test_a_form_of_many_fields_is_refused_before_it_is_read(world):
    app, cast = world
    lead = client_for(app, cast, "lead")
    assert lead.post("/language", data="&".join(["language=en"] * FIELDS), headers=FORMS).status_code == 302
    for fields in ("&" * FIELDS, "a=1&" * FIELDS + "language=en"):
        assert lead.post("/language", data=fields, headers=FORMS).status_code == 413
    parts = {f"f{n}": "1" for n in range(FIELDS + 1)}
    assert (
        lead.post("/language", data=parts, content_type="multipart/form-data; boundary=xx").status_code == 413
    )


@pytest.mark.parametrize("name", BLOWS)
def test_a_push_that_no_phone_sends_is_refused_in_few_words(world, name):
    app, cast = world
    answer = client_for(app, cast, "lead").post("/api/sync/push", data=BLOWS[name], headers=JSON)
    assert answer.status_code in (400, 413, 422) and len(answer.data) < 4_000
    assert set(answer.json) == {"code", "message", "fields"}


def test_an_id_that_is_none_is_refused_alone(world):
    app, cast = world
    good, bad = envelope(inspection(parcels(2, first=900))), envelope(inspection(parcels(2, first=910)))
    odd = [{**bad, "id": one} for one in ("\ud800", bad["id"] + "\ud800", "x" * 70_000, "", 7, None, ["a"])]
    answer = client_for(app, cast, "lead").post(
        "/api/sync/push", data=json.dumps({"facts": [*odd, good]}), headers=JSON
    )
    assert answer.status_code == 200 and len(answer.data) < 8_000
    assert [one["state"] for one in answer.json["results"]] == ["refused"] * len(odd) + ["stored"]


def test_a_list_of_errors_names_the_first_twenty(world):
    app, cast = world
    answer = client_for(app, cast, "lead").post(
        "/api/sync/push", data=json.dumps({"lost": [{}] * 100}), headers=JSON
    )
    assert answer.status_code == 422 and len(answer.json["fields"]) == MOST_FIELDS
    long = Problem("bad-fact", {f"{n}" * 500: "why" * 500 for n in range(10, 60)})
    assert len(long.fields) == MOST_FIELDS
    assert {len(text) for pair in long.fields.items() for text in pair} == {MOST_CHARACTERS}


def test_a_phone_with_a_full_queue_is_far_below_the_limits(world):
    app, cast = world
    notes = {"notes": {str(n): '[{"备注","}' * 20 for n in range(20)}}
    facts = [envelope(inspection(parcels(20, first=20 * n)), notes) for n in range(100)]
    heads = {f"unit-{n}": [n, "a" * 64] for n in range(500)}
    lost = [{"sha256": "a" * 64, "reason": "gone"}] * 100
    sent = json.dumps({"facts": facts, "heads": heads, "confirmed": heads, "lost": lost})
    assert sum(map(sent.count, "[{,")) > VALUES, (
        "counted are the values of the push, not the marks in its texts"
    )
    answer = client_for(app, cast, "lead").post("/api/sync/push", data=sent, headers=JSON)
    assert answer.status_code == 200 and len(answer.json["results"]) == 100


def test_before_a_body_comes_only_a_session_of_this_server_opens_a_large_door(world):
    app, cast = world
    lead = client_for(app, cast, "lead")
    name = app.config["SESSION_COOKIE_NAME"]
    lead.get("/")
    cookie = f"{name}={lead.get_cookie(name).value}"
    photo = f"/api/photos/{'a' * 64}"
    assert allowed_before(app, "PUT", photo, cookie) > app.config["PHOTO_MAX_BYTES"]
    for method, path, cookies in (
        ("PUT", photo, ""), ("PUT", photo, cookie[:-3] + "abc"), ("PUT", photo, f"{name}="), ("POST", photo, cookie),
        ("POST", "/login", cookie), ("POST", "/../rescue", cookie), ("POST", "/rescue\x00", cookie), ("POST", "", cookie),
    ):  # fmt: skip
        assert allowed_before(app, method, path, cookies) == EXPLAINED


def test_all_room_for_bodies_is_free_again_after_any_request(world):
    app, cast = world
    lead = client_for(app, cast, "lead")
    for data in (picture(size=(900, 900)) + b"x" * FORM, b"x" * 200_000):
        lead.put(f"/api/photos/{'a' * 64}", data=data, headers={**HEADERS, "Content-Type": "image/jpeg"})
        lead.post("/api/sync/push", data=data, headers=JSON)
    held = Budget(HELD.total, 0, 0)
    held.__dict__.update(HELD.__dict__, _seconds=0)
    held.take(HELD.total)


def parser_for(app, room: Budget) -> BoundedParser:
    """A parser of requests to ``app`` whose large bodies wait in ``room``."""
    return type("Parser", (BoundedParser,), {"app": app, "on_disk": room})(Adjustments(listen="127.0.0.1:0"))


def test_bodies_on_the_disk_have_room_together_and_leave_it_however_they_end(world):
    app, cast = world
    lead, name = client_for(app, cast, "lead"), app.config["SESSION_COOKIE_NAME"]
    lead.get("/")
    head = (
        f"PUT /api/photos/{'a' * 64} HTTP/1.1\r\nHost: x\r\nCookie: {name}={lead.get_cookie(name).value}\r\n"
        "Content-Length: 1000000\r\n\r\n"
    ).encode()
    room = Budget(1_500_000, seconds=0, waiting=0)
    first, second = parser_for(app, room), parser_for(app, room)
    for parser in (first, second):
        parser.received(head)
    first.received(b"x" * 1_000_000)
    assert first.completed and not first.error
    second.received(b"x" * 400_000)
    assert not second.completed
    second.received(b"x" * 400_000)
    assert second.completed and second.error.code == 503
    first.close()
    first.close()
    room.take(1_100_000)
    room.give_back(1_100_000)
    del parser, second  # as when a connection breaks off
    room.take(1_500_000)


def test_a_budget_lets_in_what_fits_and_sends_away_who_would_wait_too_long():
    budget = Budget(10, seconds=0.05, waiting=1)
    budget.take(7)
    with budget.using(3), pytest.raises(Problem) as full:
        budget.take(1)
    assert full.value.code == "busy"
    budget.give_back(7)
    with budget.using(1_000):  # more than there is takes all there is
        pass
    budget.take(10)
