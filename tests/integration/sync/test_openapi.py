"""The OpenAPI document is complete and true: what it says is answered, and nothing else.

Schemathesis makes requests from the document, good and bad ones, as several roles, from a fixed seed; then the real
answers of a working county are held against it.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.cast import CITY, RURAL, build_in, client_for
from tests.databases import dispose, settings_for
from tests.desk_lists import imported, post
from tests.desk_records import envelope, inspection, parcels, today
from tests.photos import HEADERS, named, picture, put
from webapp import create_app
from webapp.sync.rows import ROWS
from webapp.sync.sections import BUILDERS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
WHO = ("carrier", "director", "county", "admin", "nobody")
OPERATIONS = {
    "GET /api/ping",
    "GET /api/ready",
    "POST /api/sync/push",
    "GET /api/sync/pull",
    "GET /api/photos/{digest}",
    "PUT /api/photos/{digest}",
    "GET /api/photos/{digest}/thumbnail",
    "GET /api/ledger",
}
MODEST = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PLAIN = {"Accept-Encoding": "identity"}  # the transport within the process does not unpack
PHOTO = picture("blue")


@pytest.fixture(scope="module")
def county(sqlite_template, tmp_path_factory):
    """An app with the cast, a failed check with a photo, and a second content; and its people."""
    folder = tmp_path_factory.mktemp("openapi")
    app = create_app(settings_for(sqlite_template.fresh(folder), folder))
    cast = build_in(app)
    lead = client_for(app, cast, "lead")
    items = parcels(20, failed=1)
    items[-1]["photos"] = [named(PHOTO)]
    sent = envelope(inspection(items))
    facts = [sent, envelope(inspection(parcels(9)), id=sent["id"]), {"id": "nonsense"}]
    for some in (facts[:1], facts[1:]):
        assert lead.post("/api/sync/push", json={"facts": some}, headers=HEADERS).status_code == 200
    assert put(lead, PHOTO).status_code == 201
    _working_day(app, cast)
    yield app, cast
    dispose(app)


def _working_day(app, cast) -> None:
    """Something of everything that a section can hold."""
    director, day = client_for(app, cast, "director"), today().isoformat()
    rows = [
        f"98765432{n:05},国内小包,1,{'是' if n == 3 else ''},{'查无此人' if n == 3 else ''}"
        for n in range(30)
    ]
    text = "\n".join(["邮件号,邮件种类,道段,退件,退因", *rows])
    manifest = imported(director, text.encode())
    for step in ("seal", "reveal"):
        assert post(director, manifest, step).status_code == 302
    nothing = [{"subject": "-"}]
    balance = {"opening": 3, "received": 40, "delivered": 35, "returned": 2, "forwarded": 1, "carried": 5}
    meeting = {"present": [cast.people["lead"]], "notes": 2, "requirements": ["班前讲评"]}
    letters = {name: {"items": 7, "returned": None} for name in ("letter",)}
    pick = [{"subject": "W1", "class": "express"}]
    facts = [
        envelope(inspection(nothing, kind="balance", about=day, header=balance)),
        envelope(inspection(nothing, kind="meeting", header=meeting), {"notes": {"header.notes": "会议"}}),
        envelope(inspection(pick, kind="watch-pick", about=day, type="selection")),
        envelope(inspection(nothing, type="volume", about=day, volumes=letters)),
    ]
    push(director, *facts)
    drawn = [row["number"] for row in section(director, "draws")[0]["items"]]
    item = {"subject": drawn[0], "photos": [named(PHOTO)]}
    push(
        client_for(app, cast, "carrier"),
        envelope(inspection([item], type="capture", kind="capture", about=day)),
    )
    verdict = {"subject": drawn[1], "class": "parcel", "verdict": "fail", "answers": {"time": "fail"}}
    push(client_for(app, cast, "inspector"), envelope(inspection([verdict], kind="receipt", about=day)))


def push(client, *facts) -> None:
    answer = client.post("/api/sync/push", json={"facts": list(facts)}, headers=HEADERS)
    assert [row["state"] for row in answer.json["results"]] == ["stored"] * len(facts), answer.json


def section(client, name: str) -> list[dict]:
    pulled = client.get("/api/sync/pull").json["sections"]
    return next(one["rows"] for one in pulled if (one["unit"], one["name"]) == (CITY, name))


@pytest.fixture(scope="module")
def document(county):
    """The document as read by a stranger, without its catch-all answer: every status must be named by itself."""
    app, _cast = county
    raw = app.test_client().get("/api/openapi.json").json
    for operations in raw["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation.get("responses", {}).pop("default", None)
    schema = schemathesis.openapi.from_dict(raw)
    schema.app = app
    return schema


def cookie(county, login: str) -> dict[str, str]:
    """The session cookie of somebody who is signed in."""
    client = client_for(*county, login)
    found = client.get_cookie("toucha")
    return {"toucha": found.value} if found else {}


def operations(document) -> dict:
    return {one.ok().label: one.ok() for one in document.get_all_operations()}


def test_the_document_names_every_route_of_the_api(county, document):
    app, _cast = county
    routes = {
        f"{method} {rule.rule.replace('<', '{').replace('>', '}')}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint.partition(".")[0] not in ("api-docs", "api_docs")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert set(operations(document)) == OPERATIONS == routes


@pytest.mark.parametrize(
    "operation, mode",
    [
        (operation, mode)
        for operation in sorted(OPERATIONS)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        # Ping and ready ask nothing: nothing can be wrong.
        if operation not in ("GET /api/ping", "GET /api/ready") or mode is GenerationMode.POSITIVE
    ],
)
def test_requests_made_from_the_document_are_answered_as_it_says(county, document, operation, mode):
    asked = operations(document)[operation]
    sessions = [cookie(county, login) for login in WHO]
    count = {}

    @MODEST
    @given(case=asked.as_strategy(generation_mode=mode))
    def ask(case):
        for session in sessions:
            answer = case.call(cookies=session, headers=PLAIN)
            count[answer.status_code] = count.get(answer.status_code, 0) + 1
            case.validate_response(answer, checks=CHECKS)

    ask()
    assert sum(count.values()) >= len(WHO), count


def held(document, operation: str, cookies: dict, **parts):
    """The answer to one real request, held against the document."""
    case = operations(document)[operation].Case(**parts)
    answer = case.call(cookies=cookies, headers=PLAIN)
    case.validate_response(answer, checks=CHECKS)
    return answer


@pytest.mark.parametrize(
    "login", ["carrier", "lead", "inspector", "director", "head", "county", "league", "region", "admin"]
)
def test_what_a_phone_pulls_is_documented_field_by_field(county, document, login):
    cookies = cookie(county, login)
    whole = held(document, "GET /api/sync/pull", cookies)
    assert whole.status_code == 200
    assert whole.json()["complete"] and {"person", "kinds", "classes"} <= set(whole.json())
    again = held(document, "GET /api/sync/pull", cookies, query={"cursor": whole.json()["cursor"]})
    assert not again.json()["complete"]


def test_every_section_is_documented_and_was_seen_with_rows(county):
    assert set(ROWS) == set(BUILDERS)
    seen = set()
    for login in ("carrier", "lead", "director", "county"):
        pulled = client_for(*county, login).get("/api/sync/pull").json["sections"]
        seen |= {one["name"] for one in pulled if one["rows"]}
    assert seen == set(ROWS)


def test_each_answer_of_a_push_is_documented(county, document):
    fresh = envelope(inspection(parcels(3)))
    facts = [fresh, {**fresh, "digest": "0" * 64}, {"id": 7}, envelope({"v": 1, "type": "volume"})]
    for _ in range(2):
        answer = held(
            document, "POST /api/sync/push", cookie(county, "lead"), headers={"X-Toucha": "1"},
            body={"facts": facts}, media_type="application/json",
        )  # fmt: skip
        assert answer.status_code == 200
    states = {row["state"] for row in answer.json()["results"]}
    assert {"refused"} <= states
    assert all(
        set(row["problem"]) == {"code", "message", "fields"}
        for row in answer.json()["results"]
        if row["problem"]
    )


@pytest.mark.parametrize("period", ["day", "2026-W47", "2026-11", "2026-Q4", "2026", "2026-13", "gestern"])
@pytest.mark.parametrize("unit", ["15", "1525", "152502", CITY, RURAL, "9"])
def test_the_ledger_of_every_level_is_documented(county, document, unit, period):
    asked = {"unit": unit, "period": today().isoformat() if period == "day" else period}
    status = held(document, "GET /api/ledger", cookie(county, "region"), query=asked).status_code
    bad = period in ("2026-13", "gestern")
    assert status == (404 if unit == "9" else 422 if bad else 200)


def test_a_photo_and_its_thumbnail_are_documented(county, document):
    name = {"digest": named(PHOTO)["sha256"]}
    for operation in ("GET /api/photos/{digest}", "GET /api/photos/{digest}/thumbnail"):
        assert held(document, operation, cookie(county, "county"), path_parameters=name).status_code == 200
        assert (
            held(document, operation, cookie(county, "nextcounty"), path_parameters=name).status_code == 404
        )
