"""Every fact that names a photo stands in one table, and leaves it when it names the photo no more."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cast import CITY, FIRST_DAY, NEXT_COUNTY, RURAL, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.photos import named, picture, put
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.journal.models import Fact, Refusal
from webapp.org.models import Role
from webapp.photos.models import PhotoRef
from webapp.recording.personal_parts import purge_personal

DATA = picture("red")
NAME = named(DATA)["sha256"]


@pytest.fixture
def cast(app):
    return build_in(app)


def with_photo(**more) -> dict:
    items = parcels(20, failed=1)
    items[-1]["photos"] = [named(DATA)]
    return inspection(items, **more)


def references(app) -> list[tuple]:
    """(source, fact, which of its contents, the author, the unit, the row) of all that name a photo."""
    columns = (
        PhotoRef.source, PhotoRef.fact_id, PhotoRef.content, PhotoRef.author_id, PhotoRef.unit_code, PhotoRef.ordinal,
    )  # fmt: skip
    with app.app_context():
        rows = db.session.execute(select(*columns, PhotoRef.digest, PhotoRef.size)).all()
        db.session.remove()
    assert {row.digest for row in rows} <= {NAME}
    assert {row.size for row in rows if row.source in ("record", "point")} <= {len(DATA)}
    return sorted(tuple(row[:6]) for row in rows)


def test_a_record_names_it_for_its_item_and_a_point_for_itself(app, cast):
    sent = envelope(with_photo())
    send(app, cast, "lead", sent)
    point = cast.points["额尔敦社区居委会"]
    change = {"op": "change", "point": point, "day": today().isoformat(), "values": {"photo": named(DATA)}}
    own = {"v": 1, "type": "point", "unit": CITY, "acting": CITY, "date": today().isoformat()}
    shown = envelope({**own, **change})
    assert send(app, cast, "director", shown).state == "stored"
    assert references(app) == [
        ("point", shown["id"], "", cast.people["director"], CITY, -1),
        ("record", sent["id"], "", cast.people["lead"], CITY, 19),
    ]


@pytest.mark.parametrize("choice", ["first", "second"])
def test_a_second_content_names_it_until_somebody_has_decided(app, cast, choice):
    first = envelope(inspection(parcels(20)))
    send(app, cast, "lead", first)
    seconds = [envelope(with_photo(method=how), id=first["id"]) for how in ("open", "covert")]
    for second in (*seconds, seconds[0]):
        assert send(app, cast, "lead", second).state == "conflict"
    lead, digests = cast.people["lead"], sorted(second["digest"] for second in seconds)
    assert references(app) == [("second", first["id"], digest, lead, CITY, -1) for digest in digests]
    path = f"/attention/conflicts/{first['id']}/{digests[0]}"
    assert client_for(app, cast, "director").post(path, data={"decision": choice}).status_code == 302
    left = [("second", first["id"], digests[1], lead, CITY, -1)]
    if choice == "second":
        [standing] = read(app, lambda session: session.scalars(select(Fact.id).where(Fact.amends.is_not(None))).all())  # fmt: skip
        left = [("record", standing, "", lead, CITY, 19), *left]
    assert references(app) == left


def test_a_second_content_shows_its_photo_on_no_page_of_the_first(app, cast):
    first = envelope(inspection(parcels(20)))
    send(app, cast, "lead", first)
    send(app, cast, "lead", envelope(with_photo(), id=first["id"]))
    lead, director = client_for(app, cast, "lead"), client_for(app, cast, "director")
    assert put(lead, DATA).status_code == 201
    assert NAME not in director.get(f"/inspections/{first['id']}").text
    assert [one.get(f"/api/photos/{NAME}").status_code for one in (lead, director)] == [404, 404]


def test_what_was_refused_names_it_until_it_is_stored(app, cast):
    sent = envelope(with_photo(unit=RURAL, acting=RURAL))
    for _ in range(2):
        assert send(app, cast, "lead", sent).state == "refused"
    lead = cast.people["lead"]
    assert references(app) == [("refused", sent["id"], sent["digest"], lead, None, -1)]
    with app.app_context(), transaction() as session:
        session.add(Role(id=new_id(), person_id=lead, role="inspector", unit_code=RURAL, first_day=FIRST_DAY))
    assert send(app, cast, "lead", sent).state == "stored"
    assert references(app) == [("record", sent["id"], "", lead, RURAL, 19)]


def test_what_two_people_were_refused_is_each_ones_own(app, cast):
    sent = envelope(with_photo(unit=NEXT_COUNTY, acting=NEXT_COUNTY))
    for login in ("lead", "inspector"):
        assert send(app, cast, login, sent).state == "refused"
    assert sorted(row[3] for row in references(app)) == sorted(
        cast.people[one] for one in ("lead", "inspector")
    )


def test_what_was_refused_long_ago_names_nothing_when_its_text_goes(app, cast):
    old, new = (envelope(with_photo(unit=RURAL, acting=RURAL)) for _ in range(2))
    for sent in (old, new):
        send(app, cast, "lead", sent)
    now = clock.now()
    with app.app_context(), transaction() as session:
        [row] = session.scalars(select(Refusal).where(Refusal.fact_id == old["id"]))
        row.received_at = now - timedelta(days=181)
        session.flush()
        assert purge_personal(session, now - timedelta(days=180)) == 1
    assert [row[1] for row in references(app)] == [new["id"]]
