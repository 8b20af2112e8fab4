"""What a sweep looks at is what has become due, however much was swept before; the files are walked through week by week."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, text, update

from tests.cast import build_in, client_for, read
from tests.photos import named, picture, put
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.formats.files import DigestStore
from webapp.photos import sweeping as photos
from webapp.photos.models import LeavingPhoto, Photo, PhotoRef, PhotoSender
from webapp.signals.models import MarkedPhoto
from webapp.upkeep import sweeping, tick as ticking
from webapp.upkeep.models import UpkeepMark

DAY = timedelta(days=1)
KEPT = timedelta(days=180)
NOW = clock.now()


@pytest.fixture
def cast(app):
    return build_in(app)


class Watched(DigestStore):
    """The real store, and which photos it was asked about."""

    def __init__(self, folder):
        super().__init__(folder)
        self.listed, self.deleted, self.walked, self.asked = [], [], [], []

    def holds(self, digest, variant=""):
        self.asked.append(digest)
        return super().holds(digest, variant)

    def listing(self, prefix):
        found = super().listing(prefix)
        self.walked.append(prefix)
        self.listed += found
        return found

    def delete(self, digest, variant=""):
        self.deleted += [digest] if not variant else []
        super().delete(digest, variant)


def digest(number: int) -> str:
    """Well spread over all prefixes."""
    return f"{number * 2654435761 % 2**32:08x}" * 8


def come(app, cast, numbers: range, age: timedelta, named: bool) -> None:
    """Rows of photos that came so long ago; ``named``: by a record each."""
    lead = cast.people["lead"]
    rows = [{"digest": digest(n), "received_at": NOW - age} for n in numbers]
    more = {"size": 9, "mime": "image/jpeg", "width": 1, "height": 1, "uploaded_by": lead}
    ref = {"source": "record", "content": "", "author_id": lead, "ordinal": 0, "size": 9, "unit_code": None}
    with app.app_context(), transaction() as session:
        session.execute(insert(Photo), [{**one, **more} for one in rows])
        session.execute(insert(PhotoSender), [{**one, "person_id": lead} for one in rows])
        if named:
            refs = [{**ref, "fact_id": f"fact {one['digest'][:8]}", "digest": one["digest"]} for one in rows]
            session.execute(insert(PhotoRef), refs)


def sweep(app, store: Watched, now=NOW) -> int:
    with app.app_context():
        return sweeping.run(store, now - KEPT, now)


@contextmanager
def steps() -> Iterator[list[int]]:
    """How many hundred steps SQLite's machine makes: every row that it looks at costs some."""
    count = [0]

    def step():
        count[0] += 1

    raw = db.session.connection().connection.dbapi_connection
    raw.set_progress_handler(step, 100)
    try:
        yield count
    finally:
        raw.set_progress_handler(None, 0)


def work(app, store: Watched) -> int:
    """What deciding costs when nothing has become due."""
    with app.app_context(), transaction() as session:
        with steps() as count:
            assert photos.purge(session, NOW - KEPT, NOW).gone == []
            assert photos.forget_unreferenced(session, NOW).looked == 0
            assert photos.claim(session, NOW) == []
        return count[0]


def test_a_sweep_looks_at_nothing_that_was_swept_or_seen_before(sqlite_app, tmp_path):
    app, store = sqlite_app, Watched(tmp_path / "photos")
    cast = build_in(app)
    before = work(app, store)
    come(app, cast, range(2000), 181 * DAY, named=True)
    come(app, cast, range(2000, 4000), 40 * DAY, named=True)
    come(app, cast, range(4000, 5000), 10 * DAY, named=False)
    assert sweep(app, store) == 2000
    assert sorted(store.deleted) == sorted(digest(n) for n in range(2000))
    store.deleted.clear()
    assert sweep(app, store) == 0 and store.deleted == []
    assert work(app, store) <= before + 2, "two hundred steps more for five thousand rows"


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT digest FROM photos WHERE received_at < :at AND purged_at IS NULL", "ix_photos_here"),
        ("SELECT digest FROM photos WHERE NOT named AND received_at < :at", "ix_photos_unnamed"),
        ("SELECT id FROM facts WHERE received_at < :at AND personal IS NOT NULL", "ix_facts_personal"),
        ("SELECT id FROM refusals WHERE received_at < :at AND text <> ''", "ix_refusals_text"),
    ],
)
def test_postgresql_finds_what_is_due_by_an_index_of_what_is_left(make_app, query, index):
    app = make_app("postgresql")
    with app.app_context():
        db.session.execute(text("SET enable_seqscan = off"))
        plan = "\n".join(db.session.scalars(text(f"EXPLAIN {query}"), {"at": NOW}))
        assert index in plan, plan
        db.session.rollback()


def test_many_photos_are_swept_batch_by_batch_and_their_rows_still_say_so(app, cast, tmp_path):
    store = Watched(tmp_path / "photos")
    come(app, cast, range(1200), 181 * DAY, named=True)
    come(app, cast, range(1200, 1900), 31 * DAY, named=False)
    for n in (0, 1199, 1200, 1899):
        store.write(digest(n), b"bytes")
        store.write(digest(n), b"small", ".thumbnail")
    assert sweep(app, store) == 1900
    assert store.listing("") == {}
    rows = read(app, lambda session: session.execute(select(Photo.digest, Photo.purged_at)).all())
    assert {tuple(row) for row in rows} == {(digest(n), NOW) for n in range(1200)}
    assert read(app, lambda session: session.query(LeavingPhoto).count()) == 0


def test_no_transaction_is_open_while_files_are_deleted(sqlite_app, tmp_path):
    cast = build_in(sqlite_app)
    come(sqlite_app, cast, range(3), 181 * DAY, named=True)
    open_now, seen = [], []

    class Asking(Watched):
        def delete(self, digest, variant=""):
            seen.append(db.session().in_transaction() and db.session.connection().in_transaction())
            super().delete(digest, variant)

    with sqlite_app.app_context():
        event.listen(db.engine, "begin", lambda connection: open_now.append(connection))
    assert sweep(sqlite_app, Asking(tmp_path / "photos")) == 3
    assert open_now and seen == [False] * 6


# ---------------------------------------------------------------- the walk through all files


def mark(app) -> str | None:
    found = read(app, lambda session: session.get(UpkeepMark, "files"))
    return found and found.reached


def test_a_small_store_is_walked_through_at_once_and_again_a_week_later(sqlite_app, tmp_path):
    app, store = sqlite_app, Watched(tmp_path / "photos")
    build_in(app)
    store.write(digest(1), picture())
    sweep(app, store)
    assert len(store.walked) == 256 and store.listed == [digest(1)] and mark(app) == ""
    sweep(app, store, NOW + 6 * DAY)
    assert len(store.walked) == 256
    sweep(app, store, NOW + 7 * DAY)
    assert len(store.walked) == 512 and store.deleted == []


def test_of_a_large_store_each_prefix_gets_its_turn(sqlite_app, tmp_path, monkeypatch):
    app, store = sqlite_app, Watched(tmp_path / "photos")
    build_in(app)
    monkeypatch.setattr(sweeping, "FILES", 10)
    folder = tmp_path / "photos"
    old = (NOW - 31 * DAY).timestamp()
    for n in range(256):
        (folder / f"{n:02x}").mkdir(parents=True)
        for m in range(5):
            path = folder / f"{n:02x}" / f"{n:02x}{m:062x}"
            path.write_bytes(b"of nobody")
            os.utime(path, (old, old))
    looked = []
    for _ in range(128):
        store.listed.clear()
        assert sweep(app, store) == 10
        looked.append(len(store.listed))
    assert set(looked) == {10} and store.walked == [f"{n:02x}" for n in range(256)]
    assert store.listing("") == {} and mark(app) == ""


def test_a_young_file_of_which_nobody_knows_stays_and_one_of_a_purged_photo_does_not(app, cast, tmp_path):
    store = Watched(tmp_path / "photos")
    come(app, cast, range(2), 20 * DAY, named=True)
    for n in range(3):
        store.write(digest(n), b"bytes")
    with app.app_context(), transaction() as session:
        session.get(Photo, digest(1)).purged_at = NOW
    assert sweep(app, store) == 1
    assert set(store.listing("")) == {digest(0), digest(2)}


# ---------------------------------------------------------------- small pictures and marks


def tick(app, store: Watched, now) -> None:
    with app.app_context():
        ticking.run(app.config, store, now)


def test_a_photo_whose_small_picture_was_made_is_not_asked_about_by_later_ticks(app, cast, tmp_path):
    store, ours = Watched(tmp_path / "photos"), picture("red")
    come(app, cast, range(20), DAY, named=True)
    tick(app, store, NOW)
    assert set(store.asked) == {digest(n) for n in range(20)}
    store.asked.clear()
    tick(app, store, NOW + timedelta(minutes=10))
    assert store.asked == []
    put(client_for(app, cast, "lead"), ours)
    store.write(named(ours)["sha256"], ours)
    tick(app, store, clock.now())
    assert set(store.asked) == {named(ours)["sha256"]}
    assert store.read(named(ours)["sha256"], ".thumbnail")


def test_a_photo_that_came_by_a_slow_request_is_marked_all_the_same(app, cast, tmp_path):
    """It was received before the last tick, and in the database only after it."""
    store, ours = Watched(tmp_path / "photos"), picture("red")
    tick(app, store, NOW)
    put(client_for(app, cast, "lead"), ours)
    store.write(named(ours)["sha256"], ours)
    with app.app_context(), transaction() as session:
        session.execute(update(Photo).values(received_at=NOW - timedelta(minutes=5)))
    tick(app, store, NOW + timedelta(minutes=10))
    marked = read(app, lambda session: list(session.scalars(select(MarkedPhoto.digest))))
    assert marked == [named(ours)["sha256"]]


def test_a_clock_that_was_ahead_hides_no_photo(app, cast, tmp_path):
    store = Watched(tmp_path / "photos")
    tick(app, store, NOW + 300 * DAY)
    come(app, cast, range(3), timedelta(), named=True)
    tick(app, store, NOW)
    assert set(store.asked) == {digest(n) for n in range(3)}


def test_what_a_store_that_is_away_could_not_tell_is_asked_again(sqlite_app, tmp_path):
    store, cast = Watched(tmp_path / "photos"), build_in(sqlite_app)
    come(sqlite_app, cast, range(3), timedelta(hours=2), named=True)

    class Away(Watched):
        def holds(self, digest, variant=""):
            raise Problem("busy")

        def read(self, digest, variant=""):
            raise Problem("busy")

    away = Away(tmp_path / "photos")
    tick(sqlite_app, away, NOW)
    tick(sqlite_app, store, NOW + timedelta(minutes=10))
    assert set(store.asked) == {digest(n) for n in range(3)}
    marked = read(sqlite_app, lambda session: session.query(MarkedPhoto).count())
    assert marked == 3
