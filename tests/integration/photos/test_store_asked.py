"""The store is asked outside of transactions: one that does not answer must hold no lock of anybody else's."""

import pytest

from tests.cast import build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, send
from tests.photos import named, picture, put
from tests.queue_files import bring, manifest, packed, visit
from webapp.core import clock
from webapp.core.database import db, is_writing, transaction
from webapp.formats.archives import Archive
from webapp.formats.files import DigestStore
from webapp.formats.objects import StoreAway
from webapp.photos import thumbnails
from webapp.photos.models import LeavingPhoto
from webapp.photos.store import THUMBNAIL
from webapp.signals.models import MarkedPhoto
from webapp.signals.operations import BROKEN
from webapp.upkeep import marking, tick
from webapp.web.photo_uploads import photo_store

DATA = picture("red")
METHODS = ("write", "read", "holds", "delete", "listing", "forget_drafts", "forget_aside_before")


@pytest.fixture
def cast(app):
    return build_in(app)


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What the store, and a file that somebody brought, were asked; inside a transaction that is an error."""
    names = []

    def watch(kind, name):
        honest = getattr(kind, name)

        def ask(self, *given, **more):
            names.append(name)
            if is_writing():
                raise AssertionError(f"{name} was asked inside a transaction")
            return honest(self, *given, **more)

        monkeypatch.setattr(kind, name, ask)

    for name in METHODS:
        watch(DigestStore, name)
    for name in ("digest", "read"):
        watch(Archive, name)
    return names


def test_a_store_that_is_asked_in_a_transaction_is_noticed(app, cast, asked):
    with app.app_context(), pytest.raises(AssertionError), transaction():
        photo_store().holds(named(DATA)["sha256"])


def test_photos_come_and_are_shown_and_marked_without_a_lock(app, cast, asked):
    items = parcels(20, failed=1)
    items[-1]["photos"] = [named(DATA)]
    lead, name = client_for(app, cast, "lead"), named(DATA)["sha256"]
    assert send(app, cast, "lead", envelope(inspection(items))).state == "stored"
    assert [put(lead, DATA).status_code for _ in range(2)] == [201, 200]
    for address in (f"/api/photos/{name}", f"/api/photos/{name}/thumbnail"):
        assert lead.get(address).status_code == 200
    with app.app_context():
        photo_store().delete(name, ".thumbnail")
        assert thumbnails.make_missing(db.session, photo_store(), clock.now()) == 1
        assert marking.run(photo_store(), clock.now()) == 1
    assert {"write", "read", "holds"} <= set(asked)


def test_a_phones_queue_is_brought_without_a_lock(app, cast, asked):
    photo = picture("teal")
    sent = [envelope(inspection(parcels(20))), visit(cast, photo)]
    bring(client_for(app, cast, "director"), packed(manifest(cast, "inspector"), sent, [photo]))
    assert {"write", "digest"} <= set(asked)


def test_a_store_that_is_away_calls_no_photo_broken_and_the_next_tick_goes_on(app, cast, monkeypatch):
    lead, store = client_for(app, cast, "lead"), DigestStore(app.config["PHOTO_DIRECTORY"])
    assert put(lead, DATA).status_code == 201

    def away(*_given):
        raise StoreAway("busy")

    with app.app_context():
        for name in ("read", "holds", "delete", "listing", "forget_aside_before"):
            monkeypatch.setattr(DigestStore, name, away)
        with transaction() as session:
            session.add(LeavingPhoto(digest="0" * 64))
        assert tick.run(app.config, store, clock.now()).files == 0
        done = app.test_cli_runner().invoke(args=["check"])
        assert done.exit_code == 1 and "busy" in done.output and "missing" not in done.output
        monkeypatch.undo()
        assert tick.run(app.config, store, clock.now()).files == 1
        assert store.holds(named(DATA)["sha256"], THUMBNAIL)
        assert read(app, lambda session: session.query(MarkedPhoto).one().state) != BROKEN
