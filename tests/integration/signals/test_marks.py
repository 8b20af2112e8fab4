"""Photos that arrive are marked by the timer, held against all before them, and forgotten with their bytes."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import event, func, insert, select

from bench import scenes
from tests.cast import build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, send
from tests.photos import named, picture, put
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.photos.models import Photo
from webapp.photos.store import THUMBNAIL
from webapp.signals import operations as signals
from webapp.signals.models import MarkedPhoto, PhotoMark, PhotoTwin
from webapp.upkeep import marking, sweeping
from webapp.web.photo_uploads import photo_store

SCENE, OTHER = (scenes.photo(3, number) for number in (20, 40))


@pytest.fixture
def cast(app):
    return build_in(app)


def written(image: Image.Image, quality: int = 82) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


FIRST = written(SCENE)
CROPPED = written(SCENE.crop((40, 20, 450, 340)), 50)
ANOTHER, DARK = written(OTHER), picture("black")


def arrive(app, cast, *photos: bytes) -> list[str]:
    """Photos of one record each, sent by the team lead's phone; their digests."""
    client = client_for(app, cast, "lead")
    for n, data in enumerate(photos):
        items = parcels(20, failed=1, first=100 * n)
        items[-1]["photos"] = [named(data)]
        send(app, cast, "lead", envelope(inspection(items)))
        assert put(client, data).status_code == 201
    return [named(data)["sha256"] for data in photos]


def mark(app, most: int = 100) -> int:
    with app.app_context():
        return marking.run(photo_store(), clock.now(), most)


def sweep(app, later: timedelta = timedelta()) -> int:
    """How many files go."""
    now = clock.now() + later
    with app.app_context():
        return sweeping.run(photo_store(), now - timedelta(days=180), now)


def states(app) -> dict[str, str]:
    return dict(
        read(app, lambda session: session.execute(select(MarkedPhoto.digest, MarkedPhoto.state)).all())
    )


def twins(app) -> list[tuple[str, str]]:
    rows = read(app, lambda session: session.execute(select(PhotoTwin.first, PhotoTwin.second)).all())
    return [tuple(row) for row in rows]


def marks(app) -> int:
    return read(app, lambda session: session.scalar(select(func.count()).select_from(PhotoMark)))


def test_a_crop_of_an_earlier_photo_is_its_twin_and_another_photo_is_nobodys(app, cast):
    first, another, dark, cropped = arrive(app, cast, FIRST, ANOTHER, DARK, CROPPED)
    assert mark(app) == 4
    assert states(app) == {first: "marked", another: "marked", dark: "plain", cropped: "marked"}
    assert twins(app) == [(first, cropped)]
    assert mark(app) == 0 and twins(app) == [(first, cropped)]


def test_a_batch_ends_and_the_next_goes_on(app, cast):
    arrive(app, cast, FIRST, ANOTHER, DARK)
    assert [mark(app, 2), len(states(app)), mark(app, 2), mark(app, 2)] == [2, 2, 1, 0]


def test_the_timer_marks_them(app, cast):
    arrive(app, cast, FIRST)
    assert app.test_cli_runner().invoke(args=["tick"]).exit_code == 0
    assert list(states(app).values()) == ["marked"]


def test_one_damaged_file_harms_no_other(app, cast):
    first, another, gone = arrive(app, cast, FIRST, ANOTHER, DARK)
    with app.app_context():
        for variant in ("", THUMBNAIL):
            photo_store().write(first, b"\xff\xd8 no picture", variant)
        photo_store().delete(gone)
        photo_store().delete(gone, THUMBNAIL)
    assert mark(app) == 3
    assert states(app) == {first: "broken", another: "marked", gone: "broken"}
    assert mark(app) == 0


def test_without_its_thumbnail_the_photo_itself_is_looked_at(app, cast):
    first, cropped = arrive(app, cast, FIRST, CROPPED)
    with app.app_context():
        photo_store().delete(first, THUMBNAIL)
        photo_store().delete(cropped, THUMBNAIL)
    assert mark(app) == 2
    assert states(app) == {first: "marked", cropped: "marked"}


def test_purged_photos_lose_their_marks_and_twins(app, cast):
    first, cropped, another = arrive(app, cast, FIRST, CROPPED, ANOTHER)
    mark(app)
    before = marks(app)
    with app.app_context(), transaction() as session:
        session.get(Photo, first).received_at = clock.now() - timedelta(days=181)
    sweep(app)
    assert mark(app) == 0
    assert states(app).keys() == {cropped, another} and twins(app) == []
    assert 0 < marks(app) < before


def test_a_photo_that_nobody_names_any_more_can_be_forgotten(app, cast):
    client = client_for(app, cast, "lead")
    assert put(client, FIRST).status_code == 201
    mark(app)
    assert sweep(app, timedelta(days=31)) == 1
    assert (states(app), marks(app)) == ({}, 0)


def test_marks_of_an_older_method_are_made_anew(app, cast):
    first, cropped = arrive(app, cast, FIRST, CROPPED)
    mark(app)
    before = marks(app)
    with app.app_context(), transaction() as session:
        session.query(MarkedPhoto).update({"method": 0})
    assert mark(app) == 2
    assert (marks(app), twins(app)) == (before, [(first, cropped)])


def test_what_was_purged_while_it_was_looked_at_is_not_noted(app, cast):
    [first] = arrive(app, cast, FIRST)
    with app.app_context():
        looked = signals.look(db.session, photo_store(), first)
        with transaction() as session:
            session.get(Photo, first).purged_at = clock.now()
        with transaction() as session:
            signals.note(session, looked, clock.now())
    assert states(app) == {}


def questions(app, digest: str) -> int:
    """How many statements it takes to look at the photo."""
    asked = []
    with app.app_context():
        listener = lambda *said: asked.append(said[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        signals.look(db.session, photo_store(), digest)
        event.remove(db.engine, "before_cursor_execute", listener)
        db.session.remove()
    return len(asked)


def test_the_number_of_questions_does_not_grow_with_the_photos_of_a_key(app, cast):
    first, cropped = arrive(app, cast, FIRST, CROPPED)
    mark(app, 1)
    before = questions(app, cropped)
    with app.app_context(), transaction() as session:
        kept = session.execute(select(PhotoMark.key, PhotoMark.says)).all()
        strangers = [{"key": key, "photo": 1000 + n, "says": says} for key, says in kept for n in range(30)]
        session.execute(insert(PhotoMark), strangers)
    assert before <= 5 and questions(app, cropped) == before
    with app.app_context():
        assert signals.look(db.session, photo_store(), cropped).twins.keys() <= {first}
