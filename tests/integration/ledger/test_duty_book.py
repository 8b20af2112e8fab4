"""Every duty of Article 14, sent as phones send it and read in the ledger, each with its reasons."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from tests.cast import CITY, RURAL, build_in, client_for
from tests.desk_lists import imported, listed, post
from tests.desk_records import envelope, today
from tests.integration.sync.test_push import push
from webapp.core import clock
from webapp.core.database import db
from webapp.core.dates import day_text
from webapp.inspections.queries import watched
from webapp.journal import chain
from webapp.ledger.operations import differences
from webapp.org.models import Unit
from webapp.rulebook.rules import period_of
from webapp.sampling.models import Manifest, ManifestItem


@pytest.fixture
def cast(app):
    return build_in(app)


@pytest.fixture(autouse=True)
def whole(app):
    """After every story the ledger is what its facts give, and no journal is broken."""
    yield
    with app.app_context():
        assert chain.broken_rows(db.session) == []
        for code in (CITY, RURAL):
            assert differences(db.session, db.session.get(Unit, code), clock.now()) == []


def form(kind: str, items: list[dict] | None = None, unit: str = CITY, **more) -> dict:
    return {
        "v": 1, "type": "inspection", "kind": kind, "unit": unit, "acting": unit, "date": today().isoformat(),
        "method": "on-site", "items": items or [{"subject": "-"}], **more,
    }  # fmt: skip


def sent(client, open: dict, notes: dict | None = None) -> dict:
    return push(client, envelope(open, {"notes": notes} if notes else None))[0]


def line(client, duty: str, period: str | None = None, unit: str = CITY) -> dict:
    period = period or today().isoformat()
    answer = client.get(f"/api/ledger?unit={unit}&period={period}&lang=en")
    assert answer.status_code == 200, answer.text
    return next(row for row in answer.json["ledger"] if row["duty"] == duty)


def volumes(**counts) -> dict:
    said = {name: {"items": n, "returned": None} for name, n in counts.items()}
    return form("", None) | {"type": "volume", "about": today().isoformat(), "volumes": said}


def letters(stratum: str, tags: list[str | None], first: int = 0) -> list[dict]:
    return [
        {"subject": f"{stratum}{n}", "stratum": stratum, "verdict": "pass", "answers": {}, "photos": []}
        | ({"tag": tag} if tag else {})
        for n, tag in enumerate(tags, start=first)
    ]


def test_a_balance_is_met_when_entered_and_a_gap_becomes_a_problem(app, cast):
    director = client_for(app, cast, "director")
    header = {"opening": 3, "received": 40, "delivered": 35, "returned": 2, "forwarded": 1, "carried": 3}
    answer = sent(director, form("balance", about=today().isoformat(), header=header))
    assert answer["state"] == "stored", answer
    found = line(director, "registered-balance")
    assert (found["status"], found["required"], found["done"]) == ("met", 1, 1)
    assert found["problems"] == 1
    assert any("2 件" in why or "2 more" in why for why in found["why"]), found["why"]


def test_a_day_with_nothing_to_balance_is_not_applicable(app, cast):
    director = client_for(app, cast, "director")
    empty = dict.fromkeys(("opening", "received", "delivered", "returned", "forwarded", "carried"), 0)
    sent(director, form("balance", about=today().isoformat(), header=empty))
    assert line(director, "registered-balance")["status"] == "not applicable"


def test_a_balance_without_its_counts_is_refused_by_name(app, cast):
    director = client_for(app, cast, "director")
    answer = sent(
        director, form("balance", about=today().isoformat(), header={"received": -1, "opening": None})
    )
    assert answer["state"] == "refused"
    assert {"header.received", "header.delivered", "header.carried"} <= answer["problem"]["fields"].keys()


def test_twenty_chosen_items_with_an_outcome_meet_the_watch_and_strangers_do_not_count(app, cast):
    director = client_for(app, cast, "director")
    day = today().isoformat()
    chosen = [{"subject": f"W{n:02}", "class": "letter" if n % 2 else "express"} for n in range(20)]
    pick = form("watch-pick", chosen, about=day) | {"type": "selection"}
    assert sent(director, pick)["state"] == "stored"
    assert line(director, "advance-watch")["status"] == "due"  # choosing is not yet checking
    outcomes = [one | {"verdict": "pass", "answers": {}} for one in chosen]
    stranger = {"subject": "X1", "class": "parcel", "verdict": "pass", "answers": {}}
    sent(director, form("watch", [*outcomes[:19], stranger], about=day, method="covert"))
    assert line(director, "advance-watch")["done"] == 19
    sent(director, form("watch", outcomes[19:], about=day, method="call"))
    assert (line(director, "advance-watch")["status"], line(director, "advance-watch")["done"]) == ("met", 20)


def test_only_the_server_draws(app, cast):
    director = client_for(app, cast, "director")
    pick = form("watch-pick", [{"subject": "W1", "class": "express"}], about=today().isoformat(), drawn=True)
    answer = sent(director, pick | {"type": "selection"})
    assert (answer["state"], "drawn" in answer["problem"]["fields"]) == ("refused", True)
    seal = form("") | {"type": "seal", "manifest": "x", "seal": "0" * 64, "seed": "0" * 64}
    answer = sent(director, seal)
    assert (answer["state"], answer["problem"]["fields"]) == ("refused", {"type": "not from a phone"})


def test_nonlocal_letters_count_by_their_address(app, cast):
    director = client_for(app, cast, "director")
    week = period_of("week", today()).code
    same = letters("nonlocal", ["1号楼"] * 3 + ["2号楼", "3号楼", None])
    sent(director, form("letter", [*same, *letters("local", [None] * 4)]))
    found = line(director, "letter-check-city", week)
    # Three addresses and four local letters count towards the minimum; all ten are judged.
    assert (found["done"], found["items"]) == (0, 10)
    sent(director, form("letter", letters("nonlocal", ["4号楼", "5号楼", "6号楼"], first=50)))
    found = line(director, "letter-check-city", week)
    assert (found["done"], found["items"]) == (1, 13)


def test_a_rural_office_checks_five_letters_a_month(app, cast):
    head = client_for(app, cast, "head")
    month = f"{today():%Y-%m}"
    sent(head, form("letter", letters("local", [None] * 4), unit=RURAL))
    assert line(head, "letter-check-rural", month, RURAL)["status"] == "partial"
    sent(head, form("letter", letters("nonlocal", ["供销社"]), unit=RURAL))
    assert line(head, "letter-check-rural", month, RURAL)["status"] == "met"


def test_a_meeting_needs_its_notes_and_people_who_work_there(app, cast):
    director = client_for(app, cast, "director")
    present = [cast.people["carrier"], cast.people["lead"]]
    header = {"present": present, "notes": 6, "requirements": ["签收必须注明代收关系"]}
    assert sent(director, form("meeting", header=header))["state"] == "refused"  # the notes are not there
    assert (
        sent(director, form("meeting", header=header), {"header.notes": "昨日抽查通报"})["state"] == "stored"
    )
    assert line(director, "pre-shift-meeting")["status"] == "met"
    stranger = header | {"present": [cast.people["nextcarrier"]]}
    answer = sent(director, form("meeting", header=stranger), {"header.notes": "昨日抽查通报"})
    assert answer["problem"]["fields"].keys() == {"header.present"}


def test_every_returned_item_is_to_be_judged(app, cast):
    director = client_for(app, cast, "director")
    said = {
        name: {"items": 9, "returned": n} for name, n in (("express", 1), ("registered", 0), ("parcel", 1))
    }
    body = form("") | {"type": "volume", "about": today().isoformat(), "volumes": said}
    assert sent(director, body)["state"] == "stored"
    assert line(director, "return-audit")["required"] == 2
    items = [{"subject": f"R{n}", "class": "parcel", "verdict": "pass", "answers": {}} for n in range(2)]
    sent(director, form("return", items, about=today().isoformat()))
    assert line(director, "return-audit")["status"] == "met"


def test_shortages_are_looked_after_every_three_days(app, cast):
    director = client_for(app, cast, "director")
    header = {"short": 2, "damaged": 0, "replaced": 1, "refunded": 1, "refund": 150}
    item = {"subject": "-", "verdict": "pass", "answers": {}}
    assert sent(director, form("shortage", [item], header=header))["state"] == "stored"
    found = line(director, "shortage-damage", f"{today():%Y-%m}")
    assert found["done"] == 1
    assert any(day_text(today(), "en") in why for why in found["why"])
    # A phone speaks of the next check, due by the day on which the line closes, not of all that are left to the month's end.
    row = next(one for one in section(director, "duties") if one["code"] == "shortage-damage")
    assert row["required"] - row["done"] <= 1


def test_a_monthly_analysis_has_requirements_that_come_back_until_settled(app, cast):
    director = client_for(app, cast, "director")
    header = {"present": [cast.people["lead"]], "notes": 2, "requirements": ["班前讲评", "补盖日戳"]}
    first = envelope(form("analysis", header=header), {"notes": {"header.notes": "分析"}})
    assert push(director, first)[0]["state"] == "stored"
    assert line(director, "monthly-analysis", f"{today():%Y-%m}")["status"] == "met"
    assert [row["text"] for row in section(director, "requirements")] == ["班前讲评", "补盖日戳"]
    settled = {"present": [cast.people["lead"]], "notes": 2, "settled": [f"{first['id']}/1"]}
    sent(director, form("meeting", header=settled), {"header.notes": "会议"})
    assert [row["text"] for row in section(director, "requirements")] == ["班前讲评"]


def test_a_problem_stands_before_the_first_meeting_after_it_was_found_and_before_no_later_one(app, cast):
    director = client_for(app, cast, "director")
    four, three, one, now = ((today() - timedelta(days=n)).isoformat() for n in (4, 3, 1, 0))
    gap = {"opening": 3, "received": 9, "delivered": 8, "returned": 1, "forwarded": 0, "carried": 2}
    outcome = sent(director, form("balance", header=gap, about=four, date=three))
    assert outcome["state"] == "stored", outcome
    held = {"present": [cast.people["lead"]], "notes": 2}
    for day, raised in ((three, {}), (now, {"meeting": now}), (one, {"meeting": one})):
        sent(director, form("meeting", header=held, date=day), {"header.notes": "会议"})
        [row] = section(director, "problems")
        assert (row["day"], row["found"], row["raised"]) == (four, three, raised)


def section(client, name: str, unit: str = CITY) -> list[dict]:
    pulled = client.get("/api/sync/pull").json
    return next(one["rows"] for one in pulled["sections"] if (one["unit"], one["name"]) == (unit, name))


def test_a_phone_is_told_the_forms_and_what_each_duty_still_wants(app, cast):
    director = client_for(app, cast, "director")
    pulled = director.get("/api/sync/pull").json
    kinds = {kind["code"]: kind for kind in pulled["kinds"]}
    assert [one["code"] for one in kinds["letter"]["strata"]] == ["nonlocal", "local"]
    assert kinds["balance"]["sums"]["came"] == ["opening", "received"]
    assert {one["code"] for one in pulled["classes"] if one["numbered"]} == {
        "express",
        "registered",
        "parcel",
    }
    duties = {row["code"]: row for row in section(director, "duties")}
    assert len(duties) == 12  # a city department's part of the fifteen
    assert duties["letter-check-city"]["strata"] == {"nonlocal": 6, "local": 4}
    assert duties["relay-register"]["kind"] is None
    assert all(row["why"] for row in duties.values())
    assert [row["name"] for row in section(director, "people")]


def test_volumes_typed_on_a_phone_reach_the_ledger(app, cast):
    director = client_for(app, cast, "director")
    assert sent(director, volumes(express=5, registered=5, parcel=11))["state"] == "stored"
    found = line(director, "receipt-sample")
    assert (found["required"], found["status"]) == (3, "due")
    assert section(director, "volumes")[-1]["volumes"]["parcel"]["items"] == 11
    assert sent(client_for(app, cast, "carrier"), volumes(express=1))["state"] == "refused"


def test_the_server_draws_the_watch_by_the_sealed_seed_and_nobody_picks(app, cast):
    director = client_for(app, cast, "director")
    manifest = imported(director, listed(40))
    post(director, manifest, "seal")
    page = {"unit": CITY, "day": today().isoformat()}
    assert director.post("/watch", data={**page, "count": "20"}).status_code == 302
    with app.app_context():
        seed = db.session.get(Manifest, manifest).seed
        numbers = db.session.scalars(select(ManifestItem.number).where(ManifestItem.manifest_id == manifest))
        order = sorted(numbers, key=lambda number: sha256(f"{seed}watch{number}".encode()).hexdigest())
        chosen = watched(db.session, CITY, today())
    assert {one.subject for one in chosen} == set(order[:20])
    assert all(one.drawn for one in chosen)
    director.post("/watch", data={**page, "count": "5"})  # five more, none twice
    with app.app_context():
        assert {one.subject for one in watched(db.session, CITY, today())} == set(order[:25])
    outcomes = [{"subject": n, "class": "express", "verdict": "pass", "answers": {}} for n in order[:20]]
    sent(director, form("watch", outcomes, about=today().isoformat(), method="call"))
    found = line(director, "advance-watch")
    # Letters and periodicals have no number yet, but twenty outcomes are enough whatever it is.
    assert (found["status"], found["done"], found["drawn"], found["self_chosen"]) == ("met", 20, 20, 0)
    assert f"{order[0]}" in director.get(f"/watch?unit={CITY}").text
