"""Whatever stands in one record, its neighbours are stored and the phone's queue goes on."""

import json

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.cast import CITY, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, today
from webapp.core.ids import new_id
from webapp.journal.models import Fact, Refusal
from webapp.recording.facts import inspection as recorded

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}
DATES = ("0001-01-01", "1582-10-15", "1899-12-31", "1969-12-31", "1970-01-01", "1999-12-31", "2000-01-01", "2100-02-28",
         "2199-12-31", "2200-01-01", "9999-12-31", "10000-01-01", "-0001-01-01", "2026-02-30", "")  # fmt: skip
INSTANTS = [
    f"{day}T{time}"
    for day in DATES
    for time in ("00:00:00+14:00", "23:59:59.999999-12:00", "00:00:00Z", "12:00:00", "24:00:00+08:00")
]
NUMBERS = (0, -1, 1, 2**31 - 1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 1e308, -1e308, 0.1, True, None)
TEXTS = ("", " ", "\u0000", "a" * 70_000, "𠮷" * 41, "\u202e", "'", "%s", "-", "é" * 500, "null")
OTHERS = ([], {}, [[]], [{}] * 300, {"a": {"b": {"c": 1}}}, [None], "x", False)
ODD = st.sampled_from([*DATES, *INSTANTS, *NUMBERS, *TEXTS, *OTHERS])


@pytest.fixture
def cast(app):
    return build_in(app)


def push(client, *facts, **more) -> list[dict]:
    answer = client.post("/api/sync/push", json={"facts": list(facts), **more}, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json["results"]


def refusals(app) -> dict[str, Refusal]:
    return read(app, lambda session: {row.fact_id: row for row in session.query(Refusal)})


@pytest.mark.parametrize("field", ["ended", "started"])
@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_check_ended_in_year_1_or_9999_is_refused_alone_and_kept(app, cast, field, year):
    odd = envelope(inspection(parcels(2), **{field: f"{year}-01-01T00:00:00+14:00"}))
    good = [envelope(inspection(parcels(2, first=n))) for n in (20, 40)]
    results = push(client_for(app, cast, "lead"), good[0], odd, good[1])
    assert [row["state"] for row in results] == ["stored", "refused", "stored"]
    assert (results[1]["problem"]["code"], list(results[1]["problem"]["fields"])) == ("bad-fact", [field])
    kept = refusals(app)[odd["id"]]
    assert (kept.code, kept.unit_code, kept.text) == ("bad-fact", CITY, odd["open"])


def test_an_odd_day_in_any_sort_of_record_is_refused_alone(app, cast):
    day = today().isoformat()
    own = {"v": 1, "unit": CITY, "acting": CITY, "date": day}
    volume = {**own, "type": "volume", "volumes": {"parcel": {"items": 3, "returned": 0}}}
    point = {**own, "type": "point", "op": "close", "point": cast.points["额尔敦社区居委会"], "values": {}}
    about = {
        "kind": "receipt",
        "items": [{"subject": "X1", "class": "express", "verdict": "pass", "answers": {}}],
    }
    odd = [
        *(envelope({**volume, "about": one}) for one in ("0001-01-01", "1999-12-31", "9999-12-31", "2199-12-31")),
        *(envelope({**volume, "about": one, "date": one}) for one in ("9999-12-31", "2199-12-31", "2199-12-30")),
        *(envelope({**point, "day": one}) for one in ("0001-01-01", "9999-12-31", "1970-01-01")),
        *(envelope({**point, "date": one}) for one in ("0001-01-01", "1970-01-01", "9999-12-31")),
        *(envelope({**inspection([]), **about, "about": one}) for one in ("0001-01-01", "1999-12-31", "9999-12-31")),
    ]  # fmt: skip
    good = envelope(inspection(parcels(2)))
    director = client_for(app, cast, "director")
    results = push(director, *odd, envelope({**volume, "about": day}))
    assert [row["state"] for row in results] == ["refused"] * len(odd) + ["stored"]
    assert set(refusals(app)) == {one["id"] for one in odd}
    assert push(client_for(app, cast, "inspector"), good)[0]["state"] == "stored"
    page = client_for(app, cast, "county").get(f"/attention?unit={CITY}")
    assert page.status_code == 200


@pytest.mark.parametrize("error", [OverflowError("张三"), KeyError("张三"), RecursionError("张三")])
def test_a_record_over_which_the_server_fails_is_refused_kept_and_named_without_its_words(
    app, cast, monkeypatch, caplog, error
):
    bad, good = envelope(inspection(parcels(2))), envelope(inspection(parcels(2, first=20)))
    honest = recorded.findings.open_for

    def fail(into, fact_id, *more):
        if fact_id == bad["id"]:
            raise error
        return honest(into, fact_id, *more)

    monkeypatch.setattr(recorded.findings, "open_for", fail)
    results = push(client_for(app, cast, "lead"), bad, good)
    assert [row["state"] for row in results] == ["refused", "stored"]
    assert results[0]["problem"]["code"] == "server-error"
    kept = refusals(app)[bad["id"]]
    assert (kept.code, kept.unit_code, kept.text) == ("server-error", CITY, bad["open"])
    assert read(app, lambda session: {row.id for row in session.query(Fact)}) == {good["id"]}
    assert bad["id"] in caplog.text and "张三" not in caplog.text and type(error).__name__ in caplog.text
    monkeypatch.undo()  # once the server is mended, the same record comes again
    assert push(client_for(app, cast, "lead"), bad)[0]["state"] == "stored"
    assert refusals(app) == {}


def test_what_no_column_holds_is_found_among_its_neighbours_and_named_without_its_words(
    app, cast, monkeypatch, caplog
):
    """A number that a schema forgot: SQLite and PostgreSQL both refuse it, each in its own way and time."""
    sent = [envelope(inspection(parcels(2, first=n * 5))) for n in range(4)]
    honest = recorded.row_of

    def values(context, entry, *more):
        said = honest(context, entry, *more)
        return {**said, "skew_ms": 2**80} if entry.id == sent[2]["id"] else said

    monkeypatch.setattr(recorded, "row_of", values)
    results = push(client_for(app, cast, "lead"), *sent)
    assert [row["state"] for row in results] == ["stored", "stored", "refused", "stored"]
    assert set(refusals(app)) == {sent[2]["id"]}
    assert "9880123400" not in caplog.text and str(2**80) not in caplog.text


def test_what_is_not_of_the_right_form_is_kept_for_the_own_unit_only(app, cast):
    lead = client_for(app, cast, "lead")
    strange = envelope({**inspection(parcels(2)), "unit": "152501200", "method": "none"})
    wrong = envelope({**inspection(parcels(2)), "method": "none"})
    cut = {**envelope(inspection(parcels(2))), "digest": "0" * 64}
    results = push(lead, strange, wrong, cut, {"id": "nonsense"}, envelope({"v": 1, "unit": [CITY]}))
    assert [row["state"] for row in results] == ["refused"] * 5
    found = {one: row.unit_code for one, row in refusals(app).items()}
    assert found == {strange["id"]: None, wrong["id"]: CITY, results[4]["id"]: None}


def mutated(open: dict, path: list, odd) -> dict:
    """The record with one value replaced; ``path`` picks it by turns."""
    copy = json.loads(json.dumps(open))
    place = copy
    for step in path:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = list(keys)[step % len(keys)]
        if step % 3 == 0 or not isinstance(place[key], (dict, list)) or not place[key]:
            break
        place = place[key]
        key = None
    if key is None:
        key = next(iter(place)) if isinstance(place, dict) else 0
    place[key] = odd
    return copy


def kinds_of_facts(cast, target: str) -> list[dict]:
    """One right record of each sort, with every optional part."""
    day = today().isoformat()
    own = {"v": 1, "unit": CITY, "acting": CITY, "date": day}
    now = f"{day}T08:00:00+08:00"
    full = {"started": now, "ended": now, "elapsed_ms": 1000, "amends": None, "header": {}, "about": None}
    item = {
        **parcels(1)[0], "photos": [{"sha256": "a" * 64, "size": 9, "type": "image/jpeg"}], "captures": [new_id()],
        "warning": "repeat", "position": "given", "tag": "1号楼", "route": new_id(), "stratum": None,
    }  # fmt: skip
    meeting = {"present": [cast.people["director"]], "notes": 3, "requirements": ["按时"]}
    values = {
        "name": "门卫", "kind": "property", "address": "东街", "route": None, "agreement": "none", "latitude": 43.9,
        "longitude": 116.0, "photo": {"sha256": "b" * 64, "size": 9},
    }  # fmt: skip
    return [
        inspection([item], **full),
        inspection([{**item, "subject": "-"}], kind="meeting", header=meeting),
        {**own, "type": "selection", "kind": "watch-pick", "method": "on-site", "about": day, "items": [item]},
        {**own, "type": "withdrawal", "target": target, "reason": "记错"},
        {**own, "type": "confirmation", "target": target, "day": day},
        {**own, "type": "volume", "about": day, "volumes": {"parcel": {"items": 3, "returned": 1}, "letter": {"items": 2}}},
        {**own, "type": "point", "point": new_id(), "op": "open", "day": day, "values": values, "reason": "新"},
    ]  # fmt: skip


PERSONAL = {
    "notes": {"0": "好", "header.notes": "记"}, "keeper": "王", "contact": "1", "note": "x",
    "positions": {"0": {"latitude": 43.9, "longitude": 116.0, "accuracy": 5}},
    "photos": {"a" * 64: {"taken": "2026-11-20T08:00:00+08:00", "latitude": 1.0, "longitude": 1.0, "accuracy": 1.0}},
    "marks": {"a" * 64: [{"shape": "arrow", "from": [0.1, 0.2], "to": [1, 0]}]},
}  # fmt: skip
STEPS = st.lists(st.integers(0, 40), min_size=1, max_size=5)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request, make_app):
    """A director's phone of this test's own, in which every wrong record of hypothesis is tried."""
    app = make_app(request.param)
    cast = build_in(app)
    director = client_for(app, cast, "director")
    target = envelope(inspection(parcels(2)))
    push(client_for(app, cast, "inspector"), target)
    return app, cast, director, kinds_of_facts(cast, target["id"])


@settings(
    max_examples=60, derandomize=True, database=None, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.data())
def test_no_value_in_any_field_of_a_record_stops_its_neighbours(office, data):
    app, cast, director, models = office
    odd = []
    for model in models:
        open = mutated(model, data.draw(STEPS), data.draw(ODD))
        personal = mutated(PERSONAL, data.draw(STEPS), data.draw(ODD)) if data.draw(st.booleans()) else None
        odd.append(envelope(open, personal))
    good = [envelope(inspection(parcels(1, first=n))) for n in (0, 1)]
    more = {
        "device_time": data.draw(
            st.sampled_from([None, *[one for one in INSTANTS[:-5] if one[0].isdigit()][:40]])
        )
    }
    answer = director.post(
        "/api/sync/push", json={"facts": [good[0], *odd, good[1]], **more}, headers=HEADERS
    )
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 422:  # the envelope of all of them, by its own fault
        assert list(answer.json["fields"]) == ["device_time"]
        return
    states = [row["state"] for row in answer.json["results"]]
    # A director makes no parcel check: the role is named, or the clock first. What matters: it is answered for itself.
    assert len(states) == len(odd) + 2 and states[0] == states[-1]
    codes = {row["problem"]["code"] for row in answer.json["results"] if row["problem"]}
    assert "server-error" not in codes, [row for row in answer.json["results"] if row["problem"]]
    assert director.get("/api/sync/pull").status_code == 200


def test_what_the_odd_records_left_behind_can_be_looked_at_and_folded(office):
    app, cast, director, models = office
    for n, odd in enumerate([*DATES, *INSTANTS[:20], *NUMBERS]):
        sent = [envelope(mutated(model, [n, n + 1, n + 2], odd)) for model in models]
        push(director, *sent)
    county = client_for(app, cast, "county")
    for page in (f"/attention?unit={CITY}", f"/ledger?unit={CITY}", "/cases?state=all"):
        assert county.get(page).status_code in (200, 302, 404), page
