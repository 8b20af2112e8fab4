"""Control characters, wherever they come in, crash nothing: PostgreSQL stores no NUL, and nobody types a bell."""

import json
import secrets

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY
from tests.desk_lists import DAY, imported, items, listed, one, post, words
from tests.desk_records import inspection, parcels
from webapp.core import clock
from webapp.core.ids import new_id
from webapp.inspections.models import Item
from webapp.journal.rules import fact_digest, personal_hash
from webapp.org.models import Person
from webapp.sampling.models import ManifestItem

PUSH = {"X-Toucha": "1", "Origin": "http://localhost"}


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def director(app, cast):
    return company.client_for(app, cast, "director")


def test_a_reason_with_a_nul_is_kept_without_it(app, director):
    manifest = imported(director, listed(20))
    post(director, manifest, "seal")
    post(director, manifest, "reveal")
    drawn = next(row for row in items(app, manifest).values() if row.rank == 1)
    assert post(director, manifest, "void", number=drawn.number, reason="\x00").status_code == 422
    assert (
        post(director, manifest, "void", number=f"{drawn.number}\x00", reason="雪\x00大\x07\x1b").status_code
        == 302
    )
    voided = company.read(app, lambda session: session.scalars(select(ManifestItem.void_reason).where(ManifestItem.voided_at.is_not(None))).all())  # fmt: skip
    assert voided == ["雪大"]
    assert "雪大" in words(director.get(f"/manifests/{manifest}"))


def test_a_name_with_a_bell_is_kept_without_it(app, cast):
    county = company.client_for(app, cast, "county")
    path = f"/people/{cast.people['carrier']}/name"
    assert county.post(path, data={"name": "张\x00巴\x07图\x9f尔"}).status_code == 302
    assert company.read(app, lambda session: session.get(Person, cast.people["carrier"]).name) == "张巴图尔"


@pytest.mark.parametrize("login", ["director", "county", "nobody"])
def test_no_address_with_a_nul_crashes_anything(app, cast, login):
    client = company.client_for(app, cast, login)
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/static")]
    assert len(rules) > 40
    for rule in rules:
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<path:{name}>", "a%00b").replace(f"<{name}>", "a%00b")
        for method in rule.methods & {"GET", "POST", "PUT"}:
            fields = dict.fromkeys(("unit", "day", "period", "month", "q", "cursor", "token", "login", "password", "name", "code", "role", "reason", "number", "rows"), "a\x00b\x1b")  # fmt: skip
            answer = client.open(
                path, method=method, query_string={**fields, "lang": "en"}, data=fields, headers=PUSH
            )
            assert answer.status_code < 500, (method, rule.rule)
            if "%00" in path:
                assert answer.status_code == 404, (method, rule.rule)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda open: open["items"][0].update(subject="98801\x00"),
        lambda open: open.update(**{"a\x00b": 1}),
        lambda open: open.update(unit=f"{CITY}\x00"),
        lambda open: open["items"][0].update(subject="\ud800"),
        lambda open: open.update(method="on\x00site"),
    ],
)
def test_a_fact_with_an_escaped_nul_is_refused_and_sinks_no_neighbour(app, cast, spoil):
    bad = inspection(parcels(20))
    spoil(bad)
    facts = [_frozen(bad), _frozen(inspection(parcels(20, first=40)))]
    lead = company.client_for(app, cast, "lead")
    sent = {
        "device_time": clock.now().isoformat(),
        "holding": None,
        "heads": {CITY: [1, "\x00"]},
        "facts": facts,
    }
    answer = lead.post("/api/sync/push", json=sent, headers=PUSH)
    assert answer.status_code == 200
    assert [result["state"] for result in answer.json["results"]] == ["refused", "stored"]
    assert answer.json["results"][0]["problem"]["code"] == "bad-fact"
    assert company.read(app, lambda session: len(session.scalars(select(Item.subject)).all())) == 20


def test_a_note_with_an_escaped_nul_is_refused(app, cast):
    sent = _frozen(inspection(parcels(20)), {"notes": {"0": "雪\x00大"}})
    answer = company.client_for(app, cast, "lead").post(
        "/api/sync/push", json={"facts": [sent]}, headers=PUSH
    )
    assert answer.json["results"][0]["problem"]["code"] == "bad-fact"


def test_a_journal_of_no_unit_is_a_plain_error(app, cast):
    sent = {"heads": {"a\x00": [1, "x"]}, "facts": []}
    assert (
        company.client_for(app, cast, "lead").post("/api/sync/push", json=sent, headers=PUSH).status_code
        == 422
    )


def _frozen(open: dict, personal: dict | None = None) -> dict:
    """An envelope whose texts hold every character as an escape, as JavaScript writes control characters."""
    texts = [json.dumps(part) if part else "" for part in (open, personal)]
    salt = secrets.token_hex(16)
    digest = fact_digest(texts[0], personal_hash(salt, texts[1]))
    return {"id": new_id(), "open": texts[0], "personal": texts[1], "salt": salt, "digest": digest}


def test_a_list_is_not_found_by_a_crooked_id(app, director):
    manifest = imported(director, listed(3))
    for crooked in (f"{manifest}%00", "%00", manifest.upper(), f"{manifest} ", "..%2f..", "%ff%fe"):
        assert director.get(f"/manifests/{crooked}").status_code in (404, 308), crooked
    assert one(app, manifest).day == DAY


THUMB = "👍🏽"  # one character of two code points


def test_a_name_at_its_limit_is_counted_as_a_person_sees_it_and_one_more_is_refused_not_cut(app, cast):
    county = company.client_for(app, cast, "county")
    path = f"/people/{cast.people['carrier']}/name"
    for name, status in (("𠮷" * 40, 302), (THUMB * 40, 302), ("𠮷" * 41, 422), ("王" * 41, 422)):
        assert county.post(path, data={"name": name}).status_code == status
    assert company.read(app, lambda session: session.get(Person, cast.people["carrier"]).name) == THUMB * 40
    form = {"name": THUMB * 80, "code": "152502777", "setting": "city", "opened_on": DAY.isoformat()}
    assert county.post(f"/units?unit={company.COUNTY}", data=form).status_code == 302


def test_a_reason_for_voiding_that_is_too_long_is_refused_not_cut(app, director):
    manifest = imported(director, listed(20))
    post(director, manifest, "seal")
    post(director, manifest, "reveal")
    drawn = next(row for row in items(app, manifest).values() if row.rank == 1)
    assert post(director, manifest, "void", number=drawn.number, reason="雪" * 121).status_code == 422
    assert items(app, manifest)[drawn.number].voided_at is None
    assert post(director, manifest, "void", number=drawn.number, reason=THUMB * 120).status_code == 302
    assert items(app, manifest)[drawn.number].void_reason == THUMB * 120
