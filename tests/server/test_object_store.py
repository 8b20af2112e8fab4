"""Photos in a real S3 server, frozen and killed: phones and pages are told to come again, and nothing is refused or lost."""

import time

import pytest

from tests.photos import named
from tests.server.keeping import rows
from tests.server.phones import Phone, check_of, shot
from tests.server.test_disk import turned_away
from tests.serving import RunningServer, flask
from webapp.formats.objects import S3Store

MOST = 3.0  # seconds until somebody is told that the store is away


@pytest.fixture(scope="module")
def store(make_object_store):
    """An S3 server that may be frozen and killed."""
    return make_object_store()


@pytest.fixture
def bucket(store):
    return store.bucket()


@pytest.fixture
def served(make_server, store, bucket):
    """A server whose photos lie there."""
    return make_server(**store.environment(bucket))


def timed(ask, *given):
    """The answer, which came in time."""
    start = time.monotonic()
    answer = ask(*given)
    assert time.monotonic() - start < MOST, answer
    return answer


def settled(phone: Phone, photo: bytes) -> None:
    """The phone sends the photo until it is taken, as phones do."""
    deadline = time.monotonic() + 60
    while (answer := phone.put(photo)).status == 503:
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)
    assert answer.status in (200, 201), answer


def away(phone: Phone, kept: bytes, photo: bytes) -> None:
    """While the store does not answer: photos wait, records are taken, nothing is refused, pages go on."""
    address = f"/api/photos/{named(kept)['sha256']}"
    for _ in range(3):
        turned_away(timed(phone.put, photo), "busy")
        turned_away(timed(phone.request, "GET", address), "busy")
        turned_away(timed(phone.request, "GET", f"{address}/thumbnail"), "busy")
    answer = phone.push(check_of(7, (photo,)))
    assert [row["state"] for row in answer.json["results"]] == ["stored"]
    for page in ("/api/ping", "/api/sync/pull"):
        assert phone.request("GET", page).status == 200, page


def whole(served, bucket, phone: Phone) -> None:
    """All that was acknowledged lies in the bucket as it was sent, and nothing was refused."""
    objects = S3Store(bucket)
    assert {name: objects.read(name) for name in phone.photos} == phone.photos
    assert rows(served.data, "SELECT count(*) FROM refusals") == [(0,)]
    assert served.flask("check").strip() == "No fault found."


def test_a_frozen_store_costs_nobody_more_than_three_seconds_and_refuses_nothing(served, store, bucket):
    phone, kept, photo = Phone(served), shot(1), shot(2)
    assert phone.push(check_of(1, (kept,))).status == 200 and phone.put(kept).status == 201
    store.freeze()
    try:
        away(phone, kept, photo)
    finally:
        store.thaw()
    settled(phone, photo)
    whole(served, bucket, phone)
    assert not [one for one in (served.data / "photos").rglob("*") if one.is_file()]


def test_a_store_that_is_killed_loses_nothing_that_was_acknowledged(served, store, bucket):
    phone, kept, photo = Phone(served), shot(3), shot(4)
    assert phone.push(check_of(1, (kept,))).status == 200 and phone.put(kept).status == 201
    store.kill()
    away(phone, kept, photo)
    store.start()
    settled(phone, photo)
    whole(served, bucket, phone)


def test_photos_move_into_the_store_under_a_running_server(server, store, bucket):
    phone = Phone(server)
    photos = [shot(seed) for seed in range(10, 13)]
    assert phone.push(check_of(1, tuple(photos))).status == 200
    assert [phone.put(photo).status for photo in photos[:2]] == [201, 201]
    there, to = store.environment(bucket), f"s3://{bucket.name}/{bucket.prefix}"
    keys = {name: value for name, value in there.items() if name != "TOUCHA_PHOTOS"}
    assert "2 copied" in flask(server.data, "photos", "move", "--to", to, **keys)
    assert phone.put(photos[2]).status == 201  # the server goes on with its files
    server.stop()

    moved = RunningServer(server.data, **there)
    with pytest.raises(RuntimeError, match="ended with 3"):
        moved.start()
    moved.flask("cell", "accept", "photo-store")
    moved.start()
    try:
        phone.server = moved
        addresses = [f"/api/photos/{named(photo)['sha256']}" for photo in photos]
        assert [phone.request("GET", address).status for address in addresses] == [200] * 3
        said = moved.flask("photos", "move", "--to", to)
        assert "1 copied, 2 were there" in said and "no file is left" in said
        assert [phone.request("GET", address).status for address in addresses] == [200] * 3
        whole(moved, bucket, phone)
        assert not [one for one in (server.data / "photos").rglob("*") if one.is_file()]
    finally:
        moved.stop()
