"""The small picture: nobody who sends a photo waits for it, whoever wants it gets it, and it is made once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.cast import build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, send
from tests.photos import named, picture, put
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.formats.files import DigestStore
from webapp.formats.images import is_whole
from webapp.photos import thumbnails
from webapp.photos.models import Photo
from webapp.photos.store import THUMBNAIL

DATA = picture("red", (800, 600))
NAME = named(DATA)["sha256"]
VOICE = Path(__file__).parents[2] / "files" / "voice.webm"


@pytest.fixture
def cast(app):
    return build_in(app)


@pytest.fixture
def store(app) -> DigestStore:
    return DigestStore(app.config["PHOTO_DIRECTORY"])


@pytest.fixture
def director(app, cast):
    """Sees the photo, which has come with its record."""
    items = parcels(20, failed=1)
    items[-1]["photos"] = [named(DATA)]
    send(app, cast, "lead", envelope(inspection(items)))
    assert put(client_for(app, cast, "lead"), DATA).status_code == 201
    return client_for(app, cast, "director")


@pytest.fixture
def made(monkeypatch) -> list[bytes]:
    """Of which photos a thumbnail was made."""
    photos, make = [], thumbnails.thumbnail

    def counted(data: bytes) -> bytes:
        photos.append(data)
        return make(data)

    monkeypatch.setattr(thumbnails, "thumbnail", counted)
    return photos


def seen(client) -> bytes:
    answer = client.get(f"/api/photos/{NAME}/thumbnail")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    return answer.data


def tick(app) -> None:
    done = app.test_cli_runner().invoke(args=["tick"])
    assert done.exit_code == 0, done.output


def test_it_is_made_when_somebody_looks_and_only_once(director, store, made):
    assert store.read(NAME, THUMBNAIL) is None and made == []
    first = seen(director)
    assert store.read(NAME, THUMBNAIL) == first and is_whole(first)
    assert seen(director) == first and made == [DATA]


def test_the_timer_makes_those_that_nobody_wanted(app, director, store, made):
    tick(app)
    assert is_whole(store.read(NAME, THUMBNAIL)) and made == [DATA]
    tick(app)
    seen(director)
    assert made == [DATA]


def test_of_many_who_want_it_at_once_one_makes_it(app, director, store, made, monkeypatch):
    barrier, find = threading.Barrier(6), thumbnails._whole

    def all_find_none(store, digest):
        found = find(store, digest)
        if threading.current_thread().name not in waited:
            waited.add(threading.current_thread().name)
            barrier.wait(30)
        return found

    waited: set[str] = set()
    monkeypatch.setattr(thumbnails, "_whole", all_find_none)
    with ThreadPoolExecutor(6) as pool:
        small = list(pool.map(lambda _: thumbnails.thumbnail_of(store, NAME), range(6)))
    assert made == [DATA] and set(small) == {store.read(NAME, THUMBNAIL)}


@pytest.mark.parametrize(
    "damage", [lambda d: b"", lambda d: d[:-200], lambda d: b"\xff\xd8 no picture", lambda d: d + b"x"]
)
def test_a_damaged_one_is_made_again(director, store, made, damage):
    whole = seen(director)
    store.write(NAME, damage(whole), THUMBNAIL)
    assert seen(director) == whole == store.read(NAME, THUMBNAIL)
    assert len(made) == 2


def test_of_a_damaged_photo_there_is_none_and_the_timer_goes_on(app, cast, director, store):
    store.write(NAME, DATA[:200])
    assert director.get(f"/api/photos/{NAME}/thumbnail").status_code == 404
    other = picture("blue")
    put(client_for(app, cast, "lead"), other)
    tick(app)
    assert store.read(NAME, THUMBNAIL) is None and store.read(named(other)["sha256"], THUMBNAIL)


def test_of_a_voice_note_and_of_a_purged_photo_there_is_none(app, cast, director, store, made):
    voice = VOICE.read_bytes()
    assert put(client_for(app, cast, "lead"), voice).status_code == 201
    with app.app_context(), transaction() as session:
        session.execute(
            update(Photo).where(Photo.digest == NAME).values(received_at=clock.now() - timedelta(days=181))
        )
    tick(app)
    assert made == [] and not store.holds(NAME) and not store.holds(named(voice)["sha256"], THUMBNAIL)
    assert thumbnails.thumbnail_of(store, named(voice)["sha256"]) is None


def test_a_photo_that_goes_while_its_small_one_is_made_takes_it_along(app, director, store, monkeypatch):
    make = thumbnails.thumbnail

    def swept_meanwhile(data: bytes) -> bytes:
        store.delete(NAME)
        store.delete(NAME, THUMBNAIL)
        return make(data)

    monkeypatch.setattr(thumbnails, "thumbnail", swept_meanwhile)
    assert thumbnails.thumbnail_of(store, NAME) is None
    assert store.listing("") == {}


def test_on_a_full_disk_it_is_shown_all_the_same(director, store, monkeypatch):
    def full(*_):
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(DigestStore, "write", full)
    assert is_whole(seen(director)) and store.read(NAME, THUMBNAIL) is None


def test_one_tick_makes_so_many_and_the_next_goes_on(app, cast, store):
    lead = client_for(app, cast, "lead")
    photos = [picture(colour) for colour in ("red", "green", "blue")]
    for photo in photos:
        put(lead, photo)

    def left():
        return sum(not store.holds(named(photo)["sha256"], THUMBNAIL) for photo in photos)

    with app.app_context():
        found = [(thumbnails.make_missing(db.session, store, clock.now(), 2), left()) for _ in range(3)]
        assert found == [(2, 1), (1, 0), (0, 0)]
    assert read(app, lambda session: session.query(Photo).count()) == 3
