"""A phone says that it cannot send a photo: told on every page that shows the inspection, until it comes or is replaced."""

import pytest
from sqlalchemy import select

from tests.cast import CITY, POINTS, RURAL, build_in, client_for
from tests.desk_records import envelope, inspection, parcels, today
from tests.integration.sync.test_push import HEADERS, faults, push
from tests.photos import named, picture, put
from webapp.core.database import db
from webapp.journal.models import Fact, JournalRow
from webapp.rulebook.rules import period_of
from webapp.upkeep import check as auditing
from webapp.web.photo_uploads import photo_store


@pytest.fixture
def cast(app):
    return build_in(app)


def tell(client, *lost: tuple[bytes, str], facts=()):
    """A push that says of photos that they are lost."""
    said = [{"sha256": named(photo)["sha256"], "reason": reason} for photo, reason in lost]
    return client.post("/api/sync/push", json={"facts": list(facts), "lost": said}, headers=HEADERS)


def check(photo: bytes) -> dict:
    """A check of twenty parcels whose last one failed, with the photo."""
    items = parcels(20, failed=1)
    items[-1]["photos"] = [named(photo)]
    return inspection(items)


def journalled(app) -> list[str]:
    with app.app_context():
        rows = select(JournalRow.unit_code).where(JournalRow.entry == "photo-lost")
        assert auditing.faults(db.session, photo_store()) == []
        return list(db.session.scalars(rows))


def pages(client, inspection_id: str) -> list[str]:
    week = period_of("week", today()).code
    addresses = (
        f"/inspections/{inspection_id}",
        f"/ledger/{CITY}/parcel-check/{week}",
        f"/attention?unit={CITY}",
    )
    return [client.get(one).text for one in addresses]


def test_a_lost_photo_is_told_where_its_inspection_is_shown(app, cast):
    lead, director, photo = client_for(app, cast, "lead"), client_for(app, cast, "director"), picture("red")
    sent = envelope(check(photo))
    assert [row["state"] for row in push(lead, sent)] == ["stored"]
    before = pages(director, sent["id"])
    assert "缺 1 张照片" in before[0] and all("丢失" not in page for page in before)
    answer = tell(lead, (photo, "damaged"), facts=[sent])
    assert [row["state"] for row in answer.json["results"]] == ["known"]
    shown = pages(director, sent["id"])
    assert all("丢失 1 张照片" in page and "缺 1 张照片" not in page for page in shown)
    assert "照片在手机上丢失" in shown[0] and "在手机上已损坏" in shown[2]
    assert journalled(app) == [CITY]
    assert faults(app) == []


def test_it_is_kept_once_however_often_it_is_said(app, cast):
    lead, photo = client_for(app, cast, "lead"), picture("red")
    push(lead, envelope(check(photo)))
    assert [tell(lead, (photo, reason)).status_code for reason in ("gone", "gone", "damaged")] == [200] * 3
    assert journalled(app) == [CITY]


def test_nobody_can_call_anothers_photo_lost(app, cast):
    lead, photo = client_for(app, cast, "lead"), picture("red")
    sent = envelope(check(photo))
    push(lead, sent)
    assert tell(client_for(app, cast, "carrier"), (photo, "gone")).status_code == 200
    assert "丢失" not in pages(lead, sent["id"])[0]
    assert journalled(app) == []
    inspector = client_for(app, cast, "inspector")  # not even who names the same photo in a record of the own
    own = envelope(check(photo) | {"items": [{**check(photo)["items"][-1], "subject": "9809999900001"}]})
    assert push(inspector, own)[0]["state"] == "stored"
    assert tell(inspector, (photo, "gone")).status_code == 200
    assert "丢失" in pages(lead, own["id"])[0] and "丢失" not in pages(lead, sent["id"])[0]
    tell(lead, (photo, "damaged"))
    assert "丢失" in pages(lead, sent["id"])[0]


def test_a_photo_that_comes_after_all_is_here(app, cast):
    lead, director, photo = client_for(app, cast, "lead"), client_for(app, cast, "director"), picture("red")
    sent = envelope(check(photo))
    push(lead, sent)
    tell(lead, (photo, "damaged"))
    assert put(lead, photo).status_code == 201
    assert all("丢失" not in page for page in pages(director, sent["id"]))
    tell(lead, (photo, "gone"))  # and then nobody can say that it is not
    assert all("丢失" not in page for page in pages(director, sent["id"]))
    assert journalled(app) == [CITY]


def test_a_correction_with_a_new_photo_ends_the_matter(app, cast):
    lead, director, photo = client_for(app, cast, "lead"), client_for(app, cast, "director"), picture("red")
    sent = envelope(check(photo))
    push(lead, sent)
    tell(lead, (photo, "gone"))
    better = envelope(check(picture("blue")) | {"amends": sent["id"]})
    assert [row["state"] for row in push(lead, better)] == ["stored"]
    assert "丢失 1" not in director.get(f"/attention?unit={CITY}").text


def test_another_department_sees_nothing_of_it(app, cast):
    lead, photo = client_for(app, cast, "lead"), picture("red")
    push(lead, envelope(check(photo)))
    tell(lead, (photo, "gone"))
    assert "丢失 1" not in client_for(app, cast, "county").get(f"/attention?unit={RURAL}").text


@pytest.mark.parametrize(
    "lost",
    [[{"sha256": "zz", "reason": "gone"}], [{"sha256": "0" * 64, "reason": "eaten"}], [{}], "all", [7]],
)
def test_what_is_no_loss_is_named(app, cast, lost):
    answer = client_for(app, cast, "lead").post("/api/sync/push", json={"lost": lost}, headers=HEADERS)
    assert answer.status_code == 422
    assert any(name.startswith("lost") for name in answer.json["fields"]), answer.json


def put_in_force(app, director, first: dict, second: dict) -> str:
    """The director decides for the second content; the id under which it then stands as a correction."""
    address = f"/attention/conflicts/{first['id']}/{second['digest']}"
    assert director.post(address, data={"decision": "second"}).status_code == 302
    with app.app_context():
        return db.session.scalars(select(Fact.id).where(Fact.amends == first["id"])).one()


def test_photos_of_a_second_content_are_asked_for_and_are_there_when_it_is_put_in_force(app, cast):
    lead, director = client_for(app, cast, "lead"), client_for(app, cast, "director")
    first, photo = envelope(inspection(parcels(20))), picture("red")
    second = envelope(check(photo), id=first["id"])
    digest = named(photo)["sha256"]
    push(lead, first)
    [answer] = push(lead, second)
    assert (answer["state"], answer["photos_missing"]) == ("conflict", [digest])
    assert put(lead, photo).status_code == 201
    assert push(lead, second)[0]["photos_missing"] == []
    assert digest in director.get(f"/inspections/{put_in_force(app, director, first, second)}").text
    assert faults(app) == []


def test_a_lost_photo_of_a_second_content_is_told_once_it_is_in_force(app, cast):
    lead, director, photo = client_for(app, cast, "lead"), client_for(app, cast, "director"), picture("red")
    first = envelope(inspection(parcels(20)))
    second = envelope(check(photo), id=first["id"])
    push(lead, first)
    push(lead, second)
    tell(lead, (photo, "gone"))
    assert journalled(app) == [CITY]
    shown = pages(director, put_in_force(app, director, first, second))
    assert ["丢失 1 张照片" in page for page in shown] == [True] * 3


def entered_with_a_picture(app, cast, director, photo: bytes) -> str:
    """A point of the register whose change names the photo; its id."""
    point = cast.points[next(names[0] for unit, _, names in POINTS if unit == CITY)]
    body = {"v": 1, "type": "point", "unit": CITY, "acting": CITY, "date": today().isoformat()}
    change = {"point": point, "op": "change", "day": today().isoformat(), "values": {"photo": named(photo)}}
    [row] = push(director, envelope({**body, **change}))
    assert (row["state"], row["photos_missing"]) == ("stored", [named(photo)["sha256"]])
    return point


def of_the_point(client, point: str) -> list[str]:
    addresses = (f"/points/{point}", f"/points/{point}/edit", f"/attention?unit={CITY}")
    return [client.get(one).text for one in addresses]


def test_a_points_lost_picture_is_told_on_the_register_and_where_things_wait(app, cast):
    director, photo = client_for(app, cast, "director"), picture("red")
    point = entered_with_a_picture(app, cast, director, photo)
    thumbnail = f"/api/photos/{named(photo)['sha256']}/thumbnail"
    before = of_the_point(director, point)
    assert ["尚未收到" in page for page in before] == [True, True, False]
    assert all(thumbnail not in page and "丢失" not in page for page in before)
    tell(director, (photo, "gone"))
    assert all("丢失" in page for page in of_the_point(director, point))
    assert journalled(app) == [CITY]
    assert put(director, photo).status_code == 201
    shown = of_the_point(director, point)
    assert [thumbnail in page for page in shown] == [True, True, False]
    assert all("丢失" not in page for page in shown)


def test_another_picture_of_the_point_ends_the_matter(app, cast):
    director, photo = client_for(app, cast, "director"), picture("red")
    point = entered_with_a_picture(app, cast, director, photo)
    tell(director, (photo, "damaged"))
    entered_with_a_picture(app, cast, director, picture("blue"))
    shown = of_the_point(director, point)
    assert ["尚未收到" in page for page in shown] == [True, True, False]
    assert all("丢失" not in page for page in shown)
