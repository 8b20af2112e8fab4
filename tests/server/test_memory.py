"""Whatever is sent, a process stays small: a real server, and what the kernel says of its memory."""

import hashlib
import io
import socket
import threading
import urllib.parse
import zlib
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from tests.server.phones import BROKEN, PATIENCE, TOKEN, Phone, shot
from tests.serving import RunningServer

MOST = 400  # MiB of one process
AT_ONCE = 6
JSON = {"X-Toucha": "1", "Content-Type": "application/json"}


def worker_of(server) -> int:
    """The one process that does the work."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


def peak(pid: int) -> int:
    """The most memory that the process ever held, in MiB."""
    said = Path(f"/proc/{pid}/status").read_text()
    return int(said.partition("VmHWM:")[2].split()[0]) // 1024


@pytest.fixture(scope="module")
def one_worker(demo_template, tmp_path_factory):
    server = RunningServer(demo_template.copy(tmp_path_factory.mktemp("memory")), TOUCHA_WORKERS="1")
    server.start()
    yield server
    server.stop()


def png(side: int, mode: str, depth: int = 8) -> bytes:
    """A picture of one colour: some kilobytes for a hundred megabytes of memory."""
    if depth == 8:
        file = io.BytesIO()
        Image.new(mode, (side, side)).save(file, "PNG", compress_level=1)
        return file.getvalue()
    row = b"\0" + bytes(side * 8)
    packed = zlib.compress(row * side, 1)
    parts = [
        (b"IHDR", side.to_bytes(4, "big") * 2 + bytes([16, 6, 0, 0, 0])), (b"IDAT", packed), (b"IEND", b""),
    ]  # fmt: skip
    chunks = [
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
        for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def jpeg(side: int, **more) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(file, "JPEG", **more)
    return file.getvalue()


def webp(side: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(file, "WEBP", quality=10, method=0)
    return file.getvalue()


def at_once(*calls) -> list:
    """What each answered, all of them made at the same time."""
    found = [None] * len(calls)

    def work(place: int) -> None:
        try:
            found[place] = calls[place]()
        except BROKEN as error:  # cut off before it was through
            found[place] = error

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return found


def test_six_large_photos_at_once_are_unpacked_one_by_one(one_worker):
    phone = Phone(one_worker)
    for data, fits in (
        (jpeg(5_500), True), (jpeg(3_400, progressive=True, subsampling=0), True), (png(5_500, "RGB"), True),
        (webp(2_700), True), (png(3_900, "RGBA"), True), (webp(6_300), False), (png(6_300, "RGBA"), False),
        (jpeg(6_300, progressive=True), False), (png(4_000, "RGBA", depth=16), False),
    ):  # fmt: skip
        sent = {**JSON, "Content-Type": "image/jpeg"}
        path = f"/api/photos/{hashlib.sha256(data).hexdigest()}"
        answers = at_once(*[partial(phone.request, "PUT", path, data, **sent)] * AT_ONCE)
        told = {one.status for one in answers}
        assert told <= ({200, 201, 503} if fits else {413, 415, 422}) and (not fits or 201 in told), answers
    assert peak(worker_of(one_worker)) < MOST


def test_bodies_that_no_phone_sends_cost_little(one_worker):
    phone = Phone(one_worker)
    blows = [
        b'{"lost":[' + b"{}," * 2_500_000 + b"{}]}",
        b'{"facts":[' + b"[]," * 2_500_000 + b"[]]}",
        b'{"heads":{' + b",".join(b'"u%d":1' % n for n in range(700_000)) + b"}}",
        b'{"facts":' + b"[" * 4_000_000,
        ('{"facts":["' + "\U0001f600" * 1_900_000 + '"]}').encode(),
    ]
    for blow in blows:
        answers = at_once(*[partial(phone.request, "POST", "/api/sync/push", blow, **JSON)] * AT_ONCE)
        told = [one for one in answers if not isinstance(one, Exception)]
        assert told and {one.status for one in told} <= {400, 413, 422, 200, 503}, answers
        assert max(len(one.text) for one in told) < 4_000
    assert peak(worker_of(one_worker)) < MOST


def test_who_is_not_signed_in_holds_no_room(one_worker):
    head = (
        "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n{}\r\n\r\n"
    )
    for path in ("/login", "/rescue", "/api/ping", "/api/sync/push"):
        for length in ("Content-Length: 15000000", "Transfer-Encoding: chunked"):
            with socket.create_connection(("127.0.0.1", one_worker.port), timeout=PATIENCE) as line:
                line.sendall(head.format(path, length).encode())
                try:
                    for _ in range(40):
                        line.sendall(b"10000\r\n" + b"a&" * 32768 + b"\r\n")
                    answer = line.recv(65536)
                except (
                    ConnectionError
                ):  # cut off in the middle of it; a server that goes on taking it runs into the timeout
                    answer = b""
                assert answer == b"" or answer.split(b" ")[1] == b"413", answer
    assert peak(worker_of(one_worker)) < MOST


def test_who_announces_much_and_sends_little_holds_no_room(one_worker):
    phone = Phone(one_worker)
    head = (
        f"POST /rescue HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {phone.cookie}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 200000000\r\n\r\n"
    )
    lines = [socket.create_connection(("127.0.0.1", one_worker.port), timeout=PATIENCE) for _ in range(6)]
    for line in lines:
        line.sendall(head.encode() + b"x" * 300_000)
    assert phone.put(shot("large enough to wait on the disk", 600)).status == 201
    for line in lines:
        line.close()


def test_a_flood_of_sign_ins_takes_turns(one_worker):
    stranger = Phone(one_worker)
    token = TOKEN.search(stranger.request("GET", "/account").text)[1]
    form = urllib.parse.urlencode({"csrf_token": token, "login": "nobody", "password": "x" * 100})
    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    answers = at_once(*[partial(stranger.request, "POST", "/login", form, **sent)] * 24)
    told = {one.status for one in answers}
    assert told <= {401, 429, 503} and 401 in told, answers
    assert peak(worker_of(one_worker)) < MOST
