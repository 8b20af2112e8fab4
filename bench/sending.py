"""Requests of a phone, ready to be sent, and what they cost the server: processor time, which a busy machine changes little."""

import hashlib
import http.client
import io
import json
import random
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from bench import history, server, world
from bench.push import list_days
from webapp.core import clock

PHOTO_BYTES = 200_000


@dataclass(frozen=True)
class Request:
    """One request of a phone, ready to be sent."""

    method: str
    path: str
    cookie: str
    kind: str
    body: bytes


def heartbeat(phone: world.Phone) -> Request:
    """A push with nothing in it."""
    return push(phone, [])


def batch(phone: world.Phone, rng: random.Random, size: int = 50) -> Request:
    """A push of so many records."""
    days = list_days(clock.local_date(clock.now()))
    return push(
        phone, [world.envelope(one, rng) for one in world.inspections(phone, days, size, rng.random())]
    )


def visit(phone: world.Phone, rng: random.Random) -> Request:
    """A push of one record: a call at a point, receipts or parcels, as the mix of ``world`` has them."""
    days = list_days(clock.local_date(clock.now()))
    [one] = world.inspections(phone, days, 1, rng.random())
    return push(phone, [world.envelope(one, rng)])


def push(phone: world.Phone, facts: list[dict]) -> Request:
    """A push of these facts."""
    head = {"device_time": clock.now().isoformat(), "holding": {"records": 50, "photos": 50}, "facts": facts}
    body = json.dumps(head, ensure_ascii=False).encode()
    return Request("POST", "/api/sync/push", phone.cookie, "application/json", body)


def photo(phone: world.Phone, rng: random.Random) -> Request:
    """A picture of 1600 × 1200 pixels in some 200 kB, as the field app makes it; no two alike."""
    small = Image.frombytes("RGB", (400, 300), rng.randbytes(400 * 300 * 3))
    picture = small.resize((1600, 1200), Image.Resampling.BICUBIC)
    data = b""
    for quality in range(80, 5, -5):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality)
        data = file.getvalue()
        if len(data) <= PHOTO_BYTES:
            break
    return Request("PUT", f"/api/photos/{hashlib.sha256(data).hexdigest()}", phone.cookie, "image/jpeg", data)


def prepare(data: Path) -> list[world.Phone]:
    """Two counties with the sealed lists of two weeks in a new data folder: the phones that have points to call at."""
    today = clock.local_date(clock.now())
    app = world.open_app(data)
    phones = world.build(app, world.counties()[:2], history.first_day(today))
    world.seal_lists(app, phones, list_days(today))
    world.close(app)
    shutil.rmtree(data / "photos", ignore_errors=True)
    return [phone for phone in phones if phone.points]


# ---------------------------------------------------------------- sending


@dataclass
class Sent:
    """What became of requests: seconds of each that was taken, and how many were turned away for now (503)."""

    seconds: list[float] = field(default_factory=list)
    busy: int = 0


def send(connection: http.client.HTTPConnection, request: Request, sent: Sent) -> None:
    """Send it and note what became of it; raises where it was not taken."""
    begin = time.perf_counter()
    headers = {"Cookie": request.cookie, "Content-Type": request.kind, "X-Toucha": "1"}
    connection.request(request.method, request.path, request.body, headers)
    answer = connection.getresponse()
    text = answer.read()
    took = time.perf_counter() - begin
    if answer.status == 503:
        sent.busy += 1
        return
    rows = json.loads(text).get("results", []) if answer.status in (200, 201) else None
    if rows is None or any(row["state"] != "stored" for row in rows):
        raise RuntimeError(f"{answer.status} {text[:500]!r}")
    sent.seconds.append(took)


def cost(host: str, requests: list[Request]) -> float:
    """Processor milliseconds of the server's processes for one of the requests, one after another."""
    connection, sent = http.client.HTTPConnection(host, timeout=120), Sent()
    for one in requests[: len(requests) // 5]:  # warm
        send(connection, one, sent)
    rest = requests[len(requests) // 5 :]
    before = server.processor_seconds()
    for one in rest:
        send(connection, one, sent)
    spent = server.processor_seconds() - before
    connection.close()
    if sent.busy:
        raise RuntimeError("an idle server was busy")
    return spent / len(rest) * 1000
