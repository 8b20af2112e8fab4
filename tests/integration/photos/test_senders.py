"""A photo is stored once by its digest, and shown only by records of those who have sent its bytes."""

import importlib.util
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from tests.cast import CITY, NEXT_RURAL, build_in, client_for, read
from tests.desk_records import envelope, inspection
from tests.photos import HEADERS, named, picture, put
from webapp.core.database import db, transaction
from webapp.journal.models import JournalRow
from webapp.photos.models import Photo, PhotoSender

SECRET = picture("navy")
NAME = named(SECRET)["sha256"]


@pytest.fixture
def cast(app):
    return build_in(app)


def visit(cast, point: str, unit: str, *photos: bytes) -> dict:
    item = {
        "subject": cast.points[point], "verdict": "pass", "answers": {}, "photos": [named(one) for one in photos],
        "position": "no-signal",
    }  # fmt: skip
    return envelope(inspection([item], kind="relay", unit=unit, acting=unit))


def far(cast) -> dict:
    return visit(cast, "陶力嘎查", NEXT_RURAL, SECRET)


def near(cast) -> dict:
    return visit(cast, "额尔敦社区居委会", CITY, SECRET)


def push(client, *sent: dict) -> list[dict]:
    answer = client.post("/api/sync/push", json={"facts": list(sent)}, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json["results"]


def sees(client) -> list[int]:
    return [client.get(f"/api/photos/{NAME}{variant}").status_code for variant in ("", "/thumbnail")]


def journalled(app) -> list[str]:
    rows = read(app, lambda session: session.query(JournalRow).filter_by(entry="photo").all())
    return sorted(row.unit_code for row in rows)


def test_who_names_the_digest_of_a_foreign_photo_sees_nothing_before_sending_its_bytes(app, cast):
    theirs, ours = client_for(app, cast, "nextcarrier"), client_for(app, cast, "inspector")
    push(theirs, far(cast))
    assert put(theirs, SECRET).status_code == 201
    told = near(cast)
    [result] = push(ours, told)
    assert (result["state"], result["photos_missing"]) == ("stored", [NAME]), "it is asked for like any other"
    director, county, next_county = (
        client_for(app, cast, one) for one in ("director", "county", "nextcounty")
    )
    assert [sees(one) for one in (ours, director, county)] == [[404, 404]] * 3
    assert sees(next_county) == [200, 200]
    assert NAME not in director.get(f"/inspections/{told['id']}").text
    [row] = [
        row
        for section in ours.get("/api/sync/pull").json["sections"]
        if (section["unit"], section["name"]) == (CITY, "records")
        for row in section["rows"]
    ]
    assert row["photos_missing"] == [NAME]
    assert put(ours, SECRET).status_code == 201
    assert put(ours, SECRET).status_code == 200, "and again, without a second copy"
    assert [sees(one) for one in (ours, director, county)] == [[200, 200]] * 3
    assert push(ours, told)[0]["photos_missing"] == []
    assert read(app, lambda session: session.query(Photo).count()) == 1
    files = [one for one in app.config["PHOTO_DIRECTORY"].rglob("*") if one.is_file()]
    assert len(files) == 2, "the photo, and the thumbnail that was looked at"
    assert journalled(app) == [NEXT_RURAL, CITY]


def test_one_photo_for_two_records_and_one_that_comes_before_its_record_is_sent_once(app, cast):
    ours = client_for(app, cast, "inspector")
    assert put(ours, SECRET).status_code == 201
    sent = [near(cast), visit(cast, "回民社区居委会", CITY, SECRET)]
    assert [row["photos_missing"] for row in push(ours, *sent)] == [[], []]
    assert sees(client_for(app, cast, "director")) == [200, 200]


def test_a_point_shows_no_photo_that_only_another_person_has_sent(sqlite_app):
    app, cast = sqlite_app, build_in(sqlite_app)
    theirs, director = client_for(app, cast, "nextcarrier"), client_for(app, cast, "director")
    push(theirs, far(cast))
    put(theirs, SECRET)
    point = cast.points["额尔敦社区居委会"]
    day = inspection([])["date"]
    change = {
        "v": 1,
        "type": "point",
        "unit": CITY,
        "acting": CITY,
        "date": day,
        "point": point,
        "op": "change",
    }
    photo = {"sha256": NAME, "size": len(SECRET)}
    [result] = push(director, envelope({**change, "day": day, "values": {"photo": photo}}))
    assert result["photos_missing"] == [NAME] and sees(director) == [404, 404]
    assert f"{NAME}/thumbnail" not in director.get(f"/points/{point}").text
    put(director, SECRET)
    assert sees(director) == [200, 200] and f"{NAME}/thumbnail" in director.get(f"/points/{point}").text


def test_a_photo_past_its_time_that_a_second_person_sends_is_past_its_time_for_both(sqlite_app):
    app, cast = sqlite_app, build_in(sqlite_app)
    theirs, ours = client_for(app, cast, "nextcarrier"), client_for(app, cast, "inspector")
    push(theirs, far(cast))
    put(theirs, SECRET)
    with app.app_context(), transaction() as session:
        photo = session.get(Photo, NAME)
        photo.purged_at = photo.received_at
    push(ours, near(cast))
    assert sees(ours) == [404, 404]
    assert put(ours, SECRET).status_code == 200
    assert sees(ours) == [410, 410]


def test_what_showed_its_photo_before_the_upgrade_shows_it_afterwards(app, cast):
    """Whoever made a record that names a photo counts as having sent it; a second content too."""
    theirs, ours = client_for(app, cast, "nextcarrier"), client_for(app, cast, "inspector")
    push(theirs, far(cast))
    put(theirs, SECRET)
    other = picture("teal")
    push(ours, near(cast))
    first = visit(cast, "额尔敦社区居委会", CITY, picture("olive"))
    second = {**visit(cast, "额尔敦社区居委会", CITY, other), "id": first["id"]}
    assert [row["state"] for row in push(ours, first) + push(ours, second)] == ["stored", "conflict"]
    put(ours, other)
    migration = _migration()
    with app.app_context():
        db.session.remove()
        downgrade(revision="0012")
        with transaction() as session:
            session.execute(text("DELETE FROM photo_senders"))
            session.execute(text("UPDATE photos SET uploaded_by = :who"), {"who": cast.people["director"]})
            migration.fill(session.connection())
            rows = set(session.query(PhotoSender.digest, PhotoSender.person_id).all())
        upgrade()
    people = {one: cast.people[one] for one in ("nextcarrier", "inspector", "director")}
    both = named(other)["sha256"]
    assert {tuple(row) for row in rows} == {
        (NAME, people["nextcarrier"]), (NAME, people["inspector"]), (NAME, people["director"]),
        (both, people["inspector"]), (both, people["director"]),
    }  # fmt: skip
    assert sees(ours) == [200, 200]


def _migration():
    [path] = (Path(__file__).parents[3] / "webapp/migrations/versions").glob("*_who_sent_which_photo.py")
    spec = importlib.util.spec_from_file_location("who_sent_which_photo", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
