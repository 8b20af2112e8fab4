"""A file that was made up: whoever brings it acts within the own right, never with all that its author may do."""

import hashlib
import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest

from tests.cast import (
    CITY,
    COUNTY,
    FIRST_DAY,
    LEAGUE,
    NEXT_COUNTY,
    NEXT_RURAL,
    RURAL,
    build_in,
    client_for,
    read,
)
from tests.desk_records import envelope, inspection, parcels, today
from tests.photos import HEADERS, named, picture, put
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.inspections.models import Inspection
from webapp.journal import chain
from webapp.journal.models import Conflict, Fact, Refusal
from webapp.ledger.operations import differences
from webapp.org.models import Person, Role, Unit
from webapp.photos.models import Photo, PhotoLoss

PAST = date(2026, 5, 31)


@pytest.fixture
def cast(app):
    return cast_in(app)


@pytest.fixture
def office(sqlite_app):
    return sqlite_app, cast_in(sqlite_app)


def cast_in(app):
    """With P, once a carrier in the city, now the next county's manager; and with two who work in two places."""
    made = build_in(app)
    with app.app_context(), transaction() as session:
        _join(session, made, "p", (("carrier", CITY, PAST), ("county_manager", NEXT_COUNTY, None)))
        _join(session, made, "two", (("inspector", CITY, None), ("inspector", NEXT_RURAL, None)))
        _join(session, made, "chief", (("inspector", CITY, None), ("county_manager", COUNTY, None)))
        _join(session, made, "second", (("director", CITY, None),))
    return made


def _join(session, made, login: str, roles) -> None:
    made.people[login] = new_id()
    session.add(
        Person(id=made.people[login], login=login, name=login, password_hash="-", created_at=clock.now())
    )
    session.flush()
    for role, unit, last in roles:
        first = FIRST_DAY if last or role == "inspector" else PAST + timedelta(days=1)
        held = Role(id=new_id(), person_id=made.people[login], unit_code=unit, role=role, first_day=first)
        held.last_day, held.granted_by = last, made.people["admin"]
        session.add(held)


def packed(cast, login: str, facts: list[dict], photos: list[bytes] = (), lost=()) -> bytes:
    """The file as a phone of ``login`` makes it, or as somebody makes it up."""
    said = {
        "format": 1, "person": {"id": cast.people[login], "login": login, "name": login},
        "device_time": clock.now().isoformat(), "lost": [{"sha256": one, "why": "gone"} for one in lost],
    }  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", json.dumps(said))
        archive.writestr("facts.jsonl", "".join(json.dumps(fact) + "\n" for fact in facts))
        for data in photos:
            archive.writestr(f"photos/{hashlib.sha256(data).hexdigest()}", data)
    return file.getvalue()


def bring(client, data: bytes) -> tuple[str, str]:
    """What the two pages say: before, and after the import."""
    before = client.post("/rescue", data={"file": (io.BytesIO(data), "toucha.zip")})
    assert before.status_code == 200, before.text
    form = re.search(r'name="file" value="([^"]+)"', before.text)
    assert form, before.text
    after = client.post("/rescue/import", data={"file": form[1]})
    assert after.status_code == 200, after.text
    return before.text, after.text


def push(client, *sent: dict) -> list[str]:
    answer = client.post("/api/sync/push", json={"facts": list(sent)}, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return [row["state"] for row in answer.json["results"]]


def facts(app) -> dict[str, Fact]:
    return read(app, lambda session: {fact.id: fact for fact in session.query(Fact)})


def kept(app) -> dict[str, str]:
    """{refused record: why}; each is kept with its text and with who brought it."""
    rows = read(app, lambda session: list(session.query(Refusal)))
    assert all(json.loads(row.text) for row in rows)
    return {row.fact_id: row.code for row in rows}


def in_force(app, fact_id: str) -> bool:
    return read(app, lambda session: session.get(Inspection, fact_id).in_force)


def whole(app) -> list[str]:
    with app.app_context():
        units = [db.session.get(Unit, code) for code in (CITY, RURAL, NEXT_RURAL)]
        lines = [one for unit in units for one in differences(db.session, unit, clock.now())]
        return chain.broken_rows(db.session) + lines


def withdrawal(target: str, unit: str = CITY, acting: str | None = None, **more) -> dict:
    own = {"v": 1, "unit": unit, "acting": acting or unit, "date": today().isoformat()}
    return envelope({**own, "type": "withdrawal", "target": target, "reason": "记错", **more})


def check(unit: str = CITY, acting: str | None = None, count: int = 2, **more) -> dict:
    return envelope(inspection(parcels(count), unit=unit, acting=acting or unit, **more))


def next_check(**more) -> dict:
    """A visit of the next county's office, by whoever leads it."""
    return check(NEXT_RURAL, NEXT_COUNTY, **more)


def test_a_director_under_whom_somebody_once_worked_withdraws_nothing_where_that_person_leads_now(app, cast):
    """The attack: P carried letters in the city and is county manager elsewhere; the director makes up P's queue."""
    foreign = check(NEXT_RURAL)
    assert push(client_for(app, cast, "two"), foreign) == ["stored"]
    own = envelope(inspection(parcels(2), date=PAST.isoformat()))
    forged = withdrawal(foreign["id"], NEXT_RURAL, NEXT_COUNTY)
    mixed = withdrawal(foreign["id"], CITY, CITY)
    director = client_for(app, cast, "director")
    before, after = bring(director, packed(cast, "p", [forged, own, mixed]))
    assert in_force(app, foreign["id"]), "the foreign inspection stands"
    assert kept(app) == {forged["id"]: "not-led", mixed["id"]: "not-led", own["id"]: "role-not-held"}
    for page in (before, after):
        assert "现在不负责" in page
    assert whole(app) == []


# bringer, author, unit, acting, whether it is taken
HANDS = [
    ("director", "two", CITY, CITY, True), ("director", "two", NEXT_RURAL, NEXT_RURAL, False),
    ("county", "two", CITY, CITY, True), ("county", "two", NEXT_RURAL, NEXT_RURAL, False),
    ("nextcounty", "two", NEXT_RURAL, NEXT_RURAL, True), ("nextcounty", "two", CITY, CITY, False),
    ("league", "two", NEXT_RURAL, NEXT_RURAL, True), ("two", "two", NEXT_RURAL, NEXT_RURAL, True),
    # Of one person the inspector's record, never the county manager's.
    ("director", "chief", CITY, CITY, True), ("director", "chief", CITY, COUNTY, False),
    ("county", "chief", CITY, COUNTY, True),
    # What stands between units, and in none.
    ("director", "two", NEXT_RURAL, CITY, False), ("director", "two", CITY, NEXT_RURAL, False),
    ("director", "two", "999999999", CITY, False), ("director", "two", CITY, LEAGUE, False),
]  # fmt: skip


def test_whose_records_of_which_units_come_by_whose_hand(office):
    app, cast = office
    files: dict[tuple, list[dict]] = {}
    cases = [(hand, check(hand[2], hand[3])) for hand in HANDS]
    for (bringer, author, *_), sent in cases:
        files.setdefault((bringer, author), []).append(sent)
    for (bringer, author), sent in files.items():  # the neighbours of what is refused are stored
        bring(client_for(app, cast, bringer), packed(cast, author, sent))
    found, refused = facts(app), kept(app)
    assert [(*hand[:4], sent["id"] in found) for hand, sent in cases] == HANDS
    assert refused == {sent["id"]: "not-led" for hand, sent in cases if not hand[4]}


def test_registers_volumes_and_confirmations_never_come_by_somebody_elses_hand(office):
    app, cast = office
    day = today().isoformat()
    own = {"v": 1, "unit": CITY, "acting": CITY, "date": day}
    held = check(date=(today() + timedelta(days=1)).isoformat())
    assert push(client_for(app, cast, "inspector"), held) == ["stored"]
    queue = [
        envelope({**own, "type": "volume", "about": day, "volumes": {"parcel": {"items": 9, "returned": 0}}}),
        envelope({**own, "type": "point", "op": "close", "point": cast.points["额尔敦社区居委会"], "day": day, "values": {}}),
        envelope({**own, "type": "confirmation", "target": held["id"], "day": day}),
    ]  # fmt: skip
    fine = envelope({**own, "type": "volume", "about": day, "volumes": {"letter": {"items": 1}}})
    assert push(client_for(app, cast, "second"), fine) == ["stored"]
    _, after = bring(client_for(app, cast, "county"), packed(cast, "second", [*queue, fine]))
    assert kept(app) == {one["id"]: "author-only" for one in queue}
    assert "只能由本人" in after and facts(app)[held["id"]].state == "held"
    page = client_for(app, cast, "county").get(f"/attention?unit={CITY}").text
    assert "只能由本人" in page and "周苏日娜" in page, "who decides sees the reason, and who brought it"
    # The author loses nothing: the own phone, or the own hand, brings the very same records.
    client = client_for(app, cast, "second")
    bring(client, packed(cast, "second", queue[:1]))
    assert push(client, *queue) == ["known", "stored", "stored"]
    assert kept(app) == {} and whole(app) == []


def test_what_the_author_sent_with_the_own_hand_no_other_hand_corrects_or_withdraws(office):
    app, cast = office
    arrived = envelope(inspection(parcels(4, failed=2)))
    inspector = client_for(app, cast, "inspector")
    push(inspector, arrived)
    polished = envelope(inspection(parcels(4), amends=arrived["id"]))
    gone = withdrawal(arrived["id"])
    unknown, blind = withdrawal(new_id()), envelope(inspection(parcels(3), amends=new_id()))
    others = check()
    push(client_for(app, cast, "two"), others)
    stolen = withdrawal(others["id"])
    director = client_for(app, cast, "director")
    sent = [polished, gone, unknown, blind, stolen]
    bring(director, packed(cast, "inspector", sent))
    assert kept(app) == {one["id"]: "author-only" for one in sent}
    assert in_force(app, arrived["id"]) and in_force(app, others["id"])
    assert push(inspector, polished, gone)[:1] == ["stored"]
    assert whole(app) == []


def test_a_queue_that_withdraws_and_corrects_its_own_records_is_brought_whole_and_once(office):
    app, cast = office
    first, second = check(), envelope(inspection(parcels(3, first=50)))
    correction = envelope(inspection(parcels(4, first=50), amends=second["id"]))
    queue = [first, second, withdrawal(first["id"]), correction]
    director = client_for(app, cast, "director")
    bring(director, packed(cast, "inspector", queue))
    states = {one: fact.state for one, fact in facts(app).items()}
    assert [states[one["id"]] for one in queue] == ["withdrawn", "superseded", "in-force", "in-force"]
    assert {fact.brought_by for fact in facts(app).values()} == {cast.people["director"]}
    answer = director.post("/rescue", data={"file": (io.BytesIO(packed(cast, "inspector", queue)), "x.zip")})
    assert "rescue/import" not in answer.text, "nothing is left to import"
    assert push(client_for(app, cast, "inspector"), *queue) == ["known"] * 4
    assert kept(app) == {} and whole(app) == []


def test_a_second_content_touches_no_record_of_a_unit_that_the_bringer_does_not_lead(office):
    app, cast = office
    foreign = check(NEXT_RURAL)
    two = client_for(app, cast, "two")
    push(two, foreign)
    other = envelope(inspection(parcels(2, first=9)), id=foreign["id"])
    director = client_for(app, cast, "director")
    bring(director, packed(cast, "two", [other]))
    assert kept(app) == {other["id"]: "not-led"}
    assert read(app, lambda session: session.query(Conflict).count()) == 0
    # The very record, which its author sent, is no news.
    again = director.post("/rescue", data={"file": (io.BytesIO(packed(cast, "two", [foreign])), "x.zip")})
    assert "rescue/import" not in again.text


def test_who_brought_the_first_content_does_not_decide_against_the_authors_own(office):
    app, cast = office
    """The genuine file, polished: its numbers are known before the phone comes."""
    genuine = envelope(inspection(parcels(4, failed=2)))
    polished = envelope(inspection(parcels(4)), id=genuine["id"])
    director = client_for(app, cast, "director")
    bring(director, packed(cast, "inspector", [polished]))
    assert push(client_for(app, cast, "inspector"), genuine) == ["conflict"]
    address = f"/attention/conflicts/{genuine['id']}/{genuine['digest']}"
    assert address not in director.get(f"/attention?unit={CITY}").text
    assert director.post(address, data={"decision": "first"}).status_code == 403
    assert client_for(app, cast, "county").post(address, data={"decision": "second"}).status_code == 302
    assert whole(app) == []


def visit(cast, photo: bytes, unit: str = CITY) -> dict:
    point = cast.points["额尔敦社区居委会" if unit == CITY else "陶力嘎查"]
    item = {
        "subject": point,
        "verdict": "pass",
        "answers": {},
        "photos": [named(photo)],
        "position": "no-signal",
    }
    return envelope(inspection([item], kind="relay", unit=unit, acting=unit))


def test_photos_come_with_records_that_are_taken_and_show_no_foreign_evidence(app, cast):
    secret, mine, spare = picture("navy"), picture("teal"), picture("olive")
    two = client_for(app, cast, "two")
    foreign = visit(cast, secret, NEXT_RURAL)
    push(two, foreign)
    assert put(two, secret).status_code == 201
    director = client_for(app, cast, "director")
    name = named(secret)["sha256"]
    assert director.get(f"/api/photos/{name}").status_code == 404
    fine, refused, forged = visit(cast, mine), visit(cast, spare, NEXT_RURAL), visit(cast, secret)
    # Named as if it were in the file: the bytes are others.
    file = packed(cast, "two", [fine, refused, forged, foreign], [mine, spare], lost=[named(spare)["sha256"]])
    with zipfile.ZipFile(whole_file := io.BytesIO(file), "a") as archive:
        archive.writestr(f"photos/{name}", b"other bytes")
    bring(director, whole_file.getvalue())
    assert kept(app) == {refused["id"]: "not-led", forged["id"]: "not-led"}
    assert director.get(f"/api/photos/{name}").status_code == 404, "no made-up record shows it"
    assert director.get(f"/api/photos/{named(mine)['sha256']}").data == mine
    here = read(app, lambda session: {photo.digest for photo in session.query(Photo)})
    assert here == {name, named(mine)["sha256"]}, "no photo of a refused record"
    assert read(app, lambda session: session.query(PhotoLoss).count()) == 0
    # A photo that the bringer has shows through no record of other units either; the author's phone sends all of it.
    assert push(two, refused, forged) == ["stored", "stored"]
    assert whole(app) == []


def test_a_made_up_file_says_of_no_foreign_photo_that_it_is_lost(office):
    app, cast = office
    awaited, own = picture("navy"), picture("teal")
    push(client_for(app, cast, "two"), visit(cast, awaited, NEXT_RURAL))
    near, far = visit(cast, own), visit(cast, awaited)
    lost = [named(one)["sha256"] for one in (awaited, own)]
    bring(client_for(app, cast, "director"), packed(cast, "two", [near, far], lost=lost))
    told = read(app, lambda session: {row.digest for row in session.query(PhotoLoss)})
    assert told == {named(own)["sha256"]}


def test_a_role_that_ends_while_the_file_waits_brings_nothing_more(office):
    app, cast = office
    director = client_for(app, cast, "director")
    sent = check()
    page = director.post("/rescue", data={"file": (io.BytesIO(packed(cast, "two", [sent])), "x.zip")})
    form = {"file": re.search(r'name="file" value="([^"]+)"', page.text)[1]}
    with app.app_context(), transaction() as session:
        [role] = session.query(Role).filter_by(person_id=cast.people["director"])
        role.last_day = today() - timedelta(days=1)
    assert director.post("/rescue/import", data=form).status_code == 422
    assert facts(app) == {}
