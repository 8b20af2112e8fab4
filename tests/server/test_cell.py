"""Two servers on one PostgreSQL and one S3 store, each with a data folder of its own: to a phone they are one."""

import subprocess
import sys
import urllib.parse

import pytest

from tests.cast import PASSWORD, build_at
from tests.databases import build_schema
from tests.photos import named
from tests.queue_files import manifest, packed, waiting
from tests.server.keeping import rows
from tests.server.phones import TOKEN, Phone, check_of, shot
from tests.serving import ROOT, RunningServer, environment
from webapp.formats.objects import S3Store

KEY = {"SECRET_KEY": "the key of this cell, the same on both"}
WEB_FORM = "application/x-www-form-urlencoded"
BORDER = "---------------------------toucha"


@pytest.fixture(scope="module")
def county(postgres_server, tmp_path_factory):
    """(address of a database with the cast in it, the cast)."""
    postgres_server.create("cell")
    url, folder = postgres_server.url("cell"), tmp_path_factory.mktemp("county")
    build_schema(url, folder)
    yield url, build_at(url, folder)
    postgres_server.drop("cell")


@pytest.fixture(scope="module")
def pair(county, object_store, tmp_path_factory):
    """Two servers with nothing in common but the database, the bucket and the key; and the bucket."""
    bucket, servers = object_store.bucket(), []
    for name in ("one", "two"):
        more = {"DATABASE_URL": county[0], **KEY, **object_store.environment(bucket), "TOUCHA_WORKERS": "1"}
        servers.append(RunningServer(tmp_path_factory.mktemp(name), **more))
    try:
        for server in servers:
            server.start()
        yield servers, bucket
    finally:
        for server in servers:
            server.stop()


def form(phone: Phone, page: str, address: str, **fields: str):
    """The answer to a form that is sent with the token of a page."""
    token = TOKEN.search(phone.request("GET", page).text)[1]
    body = urllib.parse.urlencode({"csrf_token": token, **fields})
    return phone.request("POST", address, body, **{"Content-Type": WEB_FORM})


def upload(phone: Phone, data: bytes):
    """The answer to bringing a file with a phone's queue."""
    token = TOKEN.search(phone.request("GET", "/rescue").text)[1]
    head = (
        f'--{BORDER}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--{BORDER}\r\nContent-Disposition: form-data; name="file"; filename="queue.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    )
    body = head.encode() + data + f"\r\n--{BORDER}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={BORDER}", "Origin": phone.server.url}
    return phone.request("POST", "/rescue", body, **kind)


def test_a_phone_may_speak_with_either_server_at_any_moment(pair, county):
    (one, two), bucket = pair
    phone = Phone(one, password=PASSWORD)
    for number, photo in enumerate(map(shot, range(6))):
        phone.server = (one, two)[number % 2]
        assert phone.push(check_of(number, (photo,))).status == 200
        phone.server = (two, one)[number % 2]
        assert phone.put(photo).status == 201
        phone.server = (one, two)[number % 2]
        address = f"/api/photos/{named(photo)['sha256']}"
        assert phone.request("GET", address).status == 200
        assert phone.request("GET", f"{address}/thumbnail").status == 200
        assert phone.request("GET", "/api/sync/pull").status == 200
    objects = S3Store(bucket)
    assert {name: objects.read(name) for name in phone.photos} == phone.photos
    assert one.flask("check").strip() == two.flask("check").strip() == "No fault found."
    assert not any((server.data / "photos").exists() for server in (one, two))


def test_a_queue_that_one_server_looked_at_is_imported_by_the_other(pair, county):
    (one, two), bucket = pair
    url, cast = county
    photo = shot(99)
    check = check_of(99, (photo,))
    director = Phone(one, "director", PASSWORD)
    looked = upload(director, packed(manifest(cast, "lead"), [check], [photo]))
    assert looked.status == 200, looked
    director.server = two
    done = form(director, "/rescue", "/rescue/import", **waiting(looked))
    assert done.status == 200, done
    assert (check["id"],) in rows(two.data, "SELECT id FROM facts", url)
    assert S3Store(bucket).read(named(photo)["sha256"]) == photo
    director.server = one  # the file is gone everywhere
    assert form(director, "/rescue", "/rescue/import", **waiting(looked)).status == 400


@pytest.mark.parametrize(
    ("other", "reason", "code"),
    [
        ({"SECRET_KEY": "a key of its own"}, "cell accept secret-key", 3),
        ({"TOUCHA_PHOTOS": ""}, "cell accept photo-store", 3),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "the photo store does not answer", 1),
    ],
)
def test_a_server_that_differs_ends_with_the_reason(
    pair, county, object_store, tmp_path, other, reason, code
):
    """With code 3, at which nobody starts it again; where the store is only away, with another."""
    _, bucket = pair
    data = tmp_path / "third"
    data.mkdir()
    more = {"DATABASE_URL": county[0], **KEY, **object_store.environment(bucket), **other}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.serving", "webapp.wsgi:app"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(data, PORT="9", **more), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, reason in done.stderr) == (code, True), done.stderr
