"""Photos move from files to a bucket: every one stays readable at every moment, and what is interrupted goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.cast import build_in, client_for
from tests.desk_records import envelope, inspection, parcels, send
from tests.object_store import KEY, SECRET
from tests.photos import named, picture, put
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.formats.files import DigestStore
from webapp.formats.objects import S3Store
from webapp.photos.chosen_store import store_of
from webapp.photos.models import Photo
from webapp.photos.store import THUMBNAIL
from webapp.upkeep.check import faults

PHOTOS = [picture(colour) for colour in ("red", "green", "blue", "navy")]
NAMES = [named(photo)["sha256"] for photo in PHOTOS]


@pytest.fixture
def bucket(object_store, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_store.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    return object_store.bucket()


@pytest.fixture
def lead(app, bucket):
    """The lead's phone, whose photos lie in files."""
    cast = build_in(app)
    phone = client_for(app, cast, "lead")
    DigestStore(app.config["PHOTO_DIRECTORY"]).give_name("files")
    items = parcels(20, failed=1)
    items[-1]["photos"] = [named(photo) for photo in PHOTOS]
    assert send(app, cast, "lead", envelope(inspection(items))).state == "stored"
    for photo in PHOTOS[:3]:
        assert put(phone, photo).status_code == 201
    assert phone.get(f"/api/photos/{NAMES[0]}/thumbnail").status_code == 200
    return phone


def files(app) -> DigestStore:
    return DigestStore(app.config["PHOTO_DIRECTORY"])


def move(app, bucket, exit_code: int = 0) -> str:
    done = app.test_cli_runner().invoke(
        args=["photos", "move", "--to", f"s3://{bucket.name}/{bucket.prefix}"]
    )
    assert done.exit_code == exit_code, done.output
    return done.output


def shown(phone, count: int = 3) -> None:
    """All photos are to be seen as they were sent."""
    for name, photo in zip(NAMES[:count], PHOTOS, strict=False):
        assert phone.get(f"/api/photos/{name}").data == photo
        assert phone.get(f"/api/photos/{name}/thumbnail").status_code == 200


def switch(app, bucket) -> None:
    """The server is started anew and keeps its photos in the bucket."""
    app.config["PHOTO_BUCKET"] = bucket


def test_photos_move_while_they_are_looked_at_and_new_ones_come(app, lead, bucket):
    assert "3 copied, 0 were there" in move(app, bucket)
    assert "0 copied, 3 were there" in move(app, bucket)
    assert sorted(files(app).digests()) == sorted(NAMES[:3]), "the server still reads them there"
    shown(lead)
    assert put(lead, PHOTOS[3]).status_code == 201  # between the copy and the new start
    switch(app, bucket)
    shown(lead, 4)
    said = move(app, bucket)
    assert "1 copied, 3 were there" in said and "no file is left" in said
    assert S3Store(bucket).digests() == sorted(NAMES)
    assert not [one for one in app.config["PHOTO_DIRECTORY"].rglob("*") if one.is_file()]
    assert isinstance(store_of(app.config), S3Store)
    shown(lead, 4)
    with app.app_context():
        assert faults(db.session, store_of(app.config)) == []


def test_a_photo_that_moves_between_two_looks_is_seen(app, lead, bucket, monkeypatch):
    """The bucket is asked, the photo moves, the folder is asked."""
    move(app, bucket)
    S3Store(bucket).delete(NAMES[0])
    switch(app, bucket)
    honest = S3Store.read

    def read(store, digest, variant=""):
        data = honest(store, digest, variant)
        monkeypatch.setattr(S3Store, "read", honest)
        move(app, bucket)
        return data

    monkeypatch.setattr(S3Store, "read", read)
    assert lead.get(f"/api/photos/{NAMES[0]}").data == PHOTOS[0]
    assert not files(app).holds(NAMES[0])


def test_a_damaged_photo_stays_where_it_is_and_is_named(app, lead, bucket):
    files(app).write(NAMES[1], b"other bytes")
    assert f"photo {NAMES[1]}: damaged" in move(app, bucket, exit_code=1)
    switch(app, bucket)
    move(app, bucket, exit_code=1)
    assert files(app).digests() == [NAMES[1]]
    assert S3Store(bucket).digests() == sorted([NAMES[0], NAMES[2]])


def test_a_file_whose_object_has_other_bytes_is_not_deleted(app, lead, bucket):
    move(app, bucket)
    S3Store(bucket).write(NAMES[2], b"other bytes")
    switch(app, bucket)
    assert f"photo {NAMES[2]}: damaged" in move(app, bucket, exit_code=1)
    assert files(app).read(NAMES[2]) == PHOTOS[2]


def test_what_is_past_its_time_is_not_carried_along(app, lead, bucket):
    with app.app_context(), transaction() as session:
        session.execute(update(Photo).where(Photo.digest == NAMES[0]).values(purged_at=clock.now()))
    assert "2 copied, 0 were there, 1 past" in move(app, bucket)
    switch(app, bucket)
    move(app, bucket)
    assert not S3Store(bucket).holds(NAMES[0]) and files(app).digests() == []


def test_while_photos_move_a_tick_takes_what_is_past_its_time_from_both(app, lead, bucket):
    move(app, bucket)
    switch(app, bucket)
    with app.app_context(), transaction() as session:
        session.execute(update(Photo).values(received_at=clock.now() - timedelta(days=181)))
    done = app.test_cli_runner().invoke(args=["tick"])
    assert done.exit_code == 0, done.output
    assert (files(app).digests(), S3Store(bucket).digests()) == ([], [])
    assert not S3Store(bucket).holds(NAMES[0], THUMBNAIL)


def test_a_store_that_is_away_ends_the_move_and_the_next_one_goes_on(app, lead, bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert "Run it again" in move(app, bucket, exit_code=1)
    assert len(files(app).digests()) == 3


def test_without_keys_it_says_what_is_missing(app, lead, bucket, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert "AWS_ACCESS_KEY_ID" in move(app, bucket, exit_code=1)
