"""What a store of photos can do, files and a real S3 server alike."""

import hashlib
import io
import os
import threading
import time
from dataclasses import replace

import pytest

from webapp.formats.buckets import bucket_of
from webapp.formats.files import DigestStore
from webapp.formats.objects import PIECE, S3Store, StoreAway
from webapp.photos.store import THUMBNAIL

SOME = [os.urandom(1000 + n) for n in range(3)]
NAMES = [hashlib.sha256(data).hexdigest() for data in SOME]


@pytest.fixture(params=["files", "s3"])
def store(request, tmp_path):
    if request.param == "files":
        return DigestStore(tmp_path / "photos")
    return S3Store(request.getfixturevalue("object_store").bucket())


def test_bytes_are_kept_by_their_name_and_variant(store):
    assert (store.read(NAMES[0]), store.holds(NAMES[0])) == (None, False)
    store.write(NAMES[0], SOME[0])
    store.write(NAMES[0], b"small", THUMBNAIL)
    assert (store.read(NAMES[0]), store.read(NAMES[0], THUMBNAIL)) == (SOME[0], b"small")
    assert store.holds(NAMES[0]) and store.holds(NAMES[0], THUMBNAIL)
    assert abs(store.listing(NAMES[0])[NAMES[0]] - time.time()) < 60
    store.delete(NAMES[0])
    store.delete(NAMES[0])
    assert store.read(NAMES[0]) is None and store.read(NAMES[0], THUMBNAIL) == b"small"


def test_when_each_was_written_is_told_with_what_lost_its_photo(store):
    for name, data in zip(NAMES, SOME, strict=True):
        store.write(name, data)
        store.write(name, b"small", THUMBNAIL)
    store.delete(NAMES[1])
    store.give_name("one")
    store.put_aside("someone.queue", io.BytesIO(b"zip"))
    assert list(store.listing("")) == sorted(NAMES)
    for name in NAMES:
        assert name in store.listing(name[:2])
        assert set(store.listing(name[:3])) <= set(store.listing(name[:2]))
    assert all(abs(written - time.time()) < 60 for written in store.listing("").values())
    assert store.digests() == sorted([NAMES[0], NAMES[2]])


def test_of_two_who_come_at_once_one_is_alone(store):
    store.write(NAMES[0], SOME[0])
    told: list[str] = []

    def second() -> None:
        with store.alone(NAMES[0]):
            told.append("second")

    other = threading.Thread(target=second)
    with store.alone(NAMES[0]):
        other.start()
        other.join(0.3)
        told.append("first")
    other.join(30)
    assert told == ["first", "second"]


def test_a_store_is_named_once(store):
    assert store.name() is None
    store.give_name("one")
    store.give_name("two")
    assert store.name() == "one"


def test_a_file_of_several_pieces_waits_until_it_is_fetched_or_old(store):
    large = os.urandom(2 * PIECE + 17)
    store.put_aside("lead.one", io.BytesIO(large))
    store.put_aside("director.two", io.BytesIO(b""))
    with store.aside("lead.one") as path:
        assert path.read_bytes() == large
    store.forget_aside("lead.")
    with pytest.raises(FileNotFoundError), store.aside("lead.one"):
        pass
    with store.aside("director.two") as path:
        assert path.read_bytes() == b""
    assert store.forget_aside_before(time.time() - 60) == 0
    assert store.forget_aside_before(time.time() + 60) == 1
    with pytest.raises(FileNotFoundError), store.aside("director.two"):
        pass


def test_a_store_that_refuses_our_keys_cannot_be_written_and_is_tried_again(object_store):
    bucket = object_store.bucket()
    store = S3Store(replace(bucket, secret="another"))
    with pytest.raises(StoreAway) as refused:
        store.write(NAMES[0], SOME[0])
    assert refused.value.code == "cannot-write"
    with pytest.raises(StoreAway) as again:
        store.read(NAMES[0])
    assert again.value.code == "busy"  # nobody asks it for a moment
    assert S3Store(bucket).read(NAMES[0]) is None


@pytest.mark.parametrize(
    "address", ["photos", "s3://", "s3://Photos", "s3://a", "s3://photos/a b", "file:///x"]
)
def test_an_address_that_is_none_is_told(address):
    with pytest.raises(ValueError, match="s3://bucket"):
        bucket_of(address, endpoint="http://127.0.0.1:1", key="k", secret="s")


def test_an_address_names_a_bucket_and_what_stands_before_all_names():
    whole, part = (
        bucket_of(one, endpoint="e", key="k", secret="s") for one in ("s3://photos", "s3://photos/152502/a/")
    )
    assert (whole.name, whole.prefix, part.prefix) == ("photos", "", "152502/a")
