"""Slow phones: how long a ping takes while photos come in at 20 kbit/s and connections stand open on which nothing comes."""

import hashlib
import http.client
import io
import random
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

from PIL import Image

from bench import history, server, world
from bench.report import Figure, number
from webapp.core import clock

# (uploads at once, silent connections): what is promised, and far more phones than threads.
LOADS = ((8, 0), (8, 60), (64, 100))
RATE = 2500  # bytes a second: 20 kbit/s
STEP = 0.2  # seconds between two pieces
PAUSE = 0.05  # seconds between two pings


def measure(full: bool = False) -> Iterator[Figure]:
    """The slowest ping beside the uploads; every upload must be stored."""
    with server.folder() as home:
        app = world.open_app(home / "data")
        today = clock.local_date(clock.now())
        cookie = world.build(app, world.counties()[:1], history.first_day(today))[0].cookie
        world.close(app)
        with server.serving(home / "data", SECRET_KEY=world.SECRET_KEY) as url:
            for uploads, silent in LOADS:
                yield _figure(urlsplit(url).netloc, cookie, uploads, silent)


def _figure(host: str, cookie: str, uploads: int, silent: int) -> Figure:
    address = (urlsplit(f"//{host}").hostname, urlsplit(f"//{host}").port)
    answers: list[bytes] = []
    photos = [_photo(f"{uploads} {silent} {n}") for n in range(uploads)]
    threads = [
        threading.Thread(target=_upload, args=(address, cookie, photo, answers), daemon=True)
        for photo in photos
    ]
    with ExitStack() as stack:
        for _ in range(silent):
            stack.enter_context(closing(socket.create_connection(address)))
        for thread in threads:
            thread.start()
        pings = []
        while any(thread.is_alive() for thread in threads):
            pings.append(_ping(host))
            time.sleep(PAUSE)
    if answers != [b"HTTP/1.1 201 CREATED"] * uploads:
        raise RuntimeError(f"not all photos were stored: {answers}")
    beside = f"median {number(statistics.median(pings) * 1000)} ms of {len(pings)} pings"
    name = f"slowest ping beside {uploads} photos at 20 kbit/s and {silent} silent connections"
    return Figure(name, max(pings) * 1000, "ms", 1000, beside=beside)


def _photo(seed: str) -> bytes:
    file = io.BytesIO()
    noise = random.Random(seed).randbytes(160 * 160 * 3)
    Image.frombytes("RGB", (160, 160), noise).save(file, "JPEG", quality=60)
    return file.getvalue()


def _upload(address: tuple[str, int], cookie: str, photo: bytes, answers: list[bytes]) -> None:
    head = (
        f"PUT /api/photos/{hashlib.sha256(photo).hexdigest()} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\n"
        f"Cookie: {cookie}\r\nX-Toucha: 1\r\nContent-Type: image/jpeg\r\nContent-Length: {len(photo)}\r\n"
        "Connection: close\r\n\r\n"
    )
    with socket.create_connection(address, timeout=300) as line:
        line.sendall(head.encode())
        size = int(RATE * STEP)
        for start in range(0, len(photo), size):
            line.sendall(photo[start : start + size])
            time.sleep(STEP)
        answers.append(b"".join(iter(lambda: line.recv(65536), b"")).partition(b"\r\n")[0])


def _ping(host: str) -> float:
    begin = time.perf_counter()
    with closing(http.client.HTTPConnection(host, timeout=120)) as connection:
        connection.request("GET", "/api/ping")
        connection.getresponse().read()
    return time.perf_counter() - begin
