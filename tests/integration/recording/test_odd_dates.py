"""Each sort of record × each of its dates × what no calendar knows: refused alone, through the push and in a file.

Values are raw JSON, so that there is what no program of ours would write.
"""

import io
import json
import re
import secrets
import zipfile

import pytest

from tests.cast import CITY, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, today
from tests.photos import HEADERS
from webapp.core import clock
from webapp.core.ids import new_id
from webapp.journal import chain
from webapp.journal.models import Fact, Refusal
from webapp.journal.rules import fact_digest, personal_hash
from webapp.ledger.operations import differences
from webapp.org.models import Unit

DAY = today().isoformat()
MOMENT = f"{DAY}T08:00:00+08:00"
ODD = (
    '"0001-01-01"', '"9999-12-31"', '"0000-00-00"', '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-12:00"',
    '"2016-12-31T23:59:60Z"', f'"{DAY}T24:00:00+08:00"', f'"{DAY}T23:59:60+08:00"', '"24:00"', "NaN", "-Infinity", "1e999",
    "1" + "0" * 400, "1" + "0" * 5_000, '"\\ud800"', '"\\u0000"', '"\x00"', "[" * 20_000 + "]" * 20_000,
    '{"a":' * 3_000 + "1" + "}" * 3_000, "true", "{}", '""',
)  # fmt: skip
AWAY = {"value": None}  # stands where the odd value goes


def sorts_of_records(cast, target: str) -> list[tuple[str, dict, dict | None, list[tuple[str, ...]]]]:
    """(author, open part, personal part, where dates stand in them) of each sort."""
    own = {"v": 1, "unit": CITY, "acting": CITY, "date": DAY}
    times = {"started": MOMENT, "ended": MOMENT}
    point, photo = cast.points["额尔敦社区居委会"], {"sha256": "a" * 64, "size": 9, "type": "image/jpeg"}
    visit = {"subject": point, "verdict": "pass", "answers": {}, "photos": [photo], "position": "given"}
    taken = {"photos": {"a" * 64: {"taken": MOMENT}}}
    made = ("date", "started", "ended")
    letter = {"subject": "1", "class": "parcel", "verdict": None, "answers": {}, "photos": []}
    return [
        ("inspector", inspection(parcels(1), **times), None, [(one,) for one in made]),
        ("inspector", inspection([visit], kind="relay", **times), taken, [("photos", "a" * 64, "taken")]),
        ("director", {**own, "type": "selection", "kind": "watch-pick", "method": "on-site", "about": DAY, "items": [letter]}, None,
         [("date",), ("about",)]),
        ("carrier", {**inspection([letter], kind="capture", about=DAY, **times), "type": "capture"}, None, [("date",), ("about",), ("ended",)]),
        ("inspector", {**own, "type": "withdrawal", "target": target, "reason": "记错"}, None, [("date",)]),
        ("director", {**own, "type": "confirmation", "target": target, "day": DAY}, None, [("date",), ("day",)]),
        ("director", {**own, "type": "volume", "about": DAY, "volumes": {"letter": {"items": 2}}}, None, [("date",), ("about",)]),
        ("director", {**own, "type": "point", "point": point, "op": "confirm", "day": DAY, "values": {}}, None, [("date",), ("day",)]),
    ]  # fmt: skip


def frozen(open: dict, personal: dict | None, place: tuple[str, ...], odd: str) -> dict:
    """The envelope of the record with the raw value in one place."""
    parts = []
    for part in (open, personal):
        copy = json.loads(json.dumps(part))
        spot = copy
        for step in place[:-1]:
            spot = spot.get(step) if isinstance(spot, dict) else None
        if isinstance(spot, dict) and place[-1] in spot:
            spot[place[-1]] = AWAY
        text = json.dumps(copy, ensure_ascii=False) if copy else ""
        parts.append(text.replace(json.dumps(AWAY), odd))
    assert odd in "".join(parts)
    salt = secrets.token_hex(16)
    try:
        digest = fact_digest(parts[0], personal_hash(salt, parts[1]))
    except UnicodeEncodeError:
        digest = "0" * 64
    return {"id": new_id(), "open": parts[0], "personal": parts[1], "salt": salt, "digest": digest}


def odd_records(cast, target: str) -> dict[str, list[dict]]:
    """{author: all odd records of theirs}."""
    found: dict[str, list[dict]] = {}
    for author, open, personal, places in sorts_of_records(cast, target):
        for place in places:
            found.setdefault(author, []).extend(
                frozen(open, personal, place, odd) for odd in (*ODD, '"\ud800"')
            )
    return found


def kept(app) -> set[str]:
    return read(app, lambda session: {row.fact_id for row in session.query(Refusal)})


def readable(record: dict) -> bool:
    """Whether what was sent is a record at all: a text of which a person can read something."""
    text = record["open"]
    if re.search("[\x00\ud800-\udfff]|\\\\u0000|\\\\ud800", text + record["personal"]) or len(text) > 60_000:
        return False
    try:
        json.loads(text, parse_constant=lambda name: int(name))
    except (ValueError, RecursionError):
        return False
    return True


@pytest.fixture
def office(app):
    cast = build_in(app)
    target = envelope(inspection(parcels(2, first=900)))
    answer = client_for(app, cast, "inspector").post(
        "/api/sync/push", json={"facts": [target]}, headers=HEADERS
    )
    assert answer.json["results"][0]["state"] == "stored"
    return app, cast, odd_records(cast, target["id"])


def neighbour(author: str, cast, number: int) -> dict:
    """A right record of the author's own."""
    if author == "inspector":
        return envelope(inspection(parcels(1, first=number)))
    point = cast.points["回民社区居委会"]
    own = {"v": 1, "unit": CITY, "acting": CITY, "date": DAY}
    if author == "director":
        return envelope({**own, "type": "point", "point": point, "op": "confirm", "day": DAY, "values": {}})
    return envelope(
        inspection([{"subject": point, "verdict": "pass", "answers": {}, "photos": [{"sha256": "b" * 64, "size": 9, "type": "image/jpeg"}], "position": "given"}], kind="relay")
    )  # fmt: skip


def test_no_odd_date_of_any_sort_of_record_stops_a_push(office):
    app, cast, odd = office
    for author, records in odd.items():
        client = client_for(app, cast, author)
        for start in range(0, len(records), 90):
            first, last = (neighbour(author, cast, start + n) for n in (1, 2))
            sent = [first, *records[start : start + 90], last]
            answer = client.post("/api/sync/push", data=json.dumps({"facts": sent}), headers=HEADERS, content_type="application/json")  # fmt: skip
            assert answer.status_code == 200, answer.text
            results = {row["id"]: row for row in answer.json["results"]}
            assert len(results) == len(sent)
            assert [results[one["id"]]["state"] for one in (first, last)] == ["stored", "stored"], author
            assert_each_is_answered(app, results, sent[1:-1])
    assert_whole(app)


def assert_each_is_answered(app, results: dict[str, dict], sent: list[dict]) -> None:
    refused = {one for one, row in results.items() if row["state"] == "refused"}
    codes = {row["problem"]["code"] for row in results.values() if row["problem"]}
    assert "server-error" not in codes
    # What is not refused is held for its clock: a day of 9999 nobody believes, but nobody loses it either.
    stored = [one for one in sent if one["id"] not in refused]
    assert all(results[one["id"]]["held"] == "clock" for one in stored), [one["open"][:300] for one in stored]
    assert {one["id"] for one in sent if one["id"] in refused and readable(one)} <= kept(app)


def packed(cast, login: str, facts: list[dict]) -> bytes:
    said = {"format": 1, "person": {"id": cast.people[login], "login": login}, "device_time": MOMENT}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", json.dumps(said))
        archive.writestr("facts.jsonl", "".join(json.dumps(fact) + "\n" for fact in facts))
    return file.getvalue()


def test_no_odd_date_of_any_sort_of_record_stops_a_file(office):
    app, cast, odd = office
    for author, records in odd.items():
        # The own file, and for the inspector the director's hand.
        bringer = client_for(app, cast, "director" if author == "inspector" else author)
        first, last = (neighbour(author, cast, n) for n in (500, 501))
        data = packed(cast, author, [first, *records, last])
        page = bringer.post("/rescue", data={"file": (io.BytesIO(data), "toucha.zip")})
        assert page.status_code == 200, page.text
        form = re.search(r'name="file" value="([^"]+)"', page.text)
        result = bringer.post("/rescue/import", data={"file": form[1]})
        assert result.status_code == 200 and "服务器出错了" not in result.text
        found = read(app, lambda session: {fact.id for fact in session.query(Fact)})
        assert {first["id"], last["id"]} <= found
        assert {one["id"] for one in records if one["id"] not in found and readable(one)} <= kept(app)
    assert_whole(app)


def assert_whole(app) -> None:
    now = clock.now()
    assert read(app, chain.broken_rows) == []
    assert read(app, lambda session: differences(session, session.get(Unit, CITY), now)) == []
