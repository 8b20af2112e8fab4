"""What a request costs the server, and how long the unluckiest of many phones waits: a real gunicorn on SQLite.

Costs are processor time of the server's processes, so a busy machine changes them little; waiting is by the clock.
"""

import hashlib
import http.client
import io
import json
import random
import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from bench import history, server, world
from bench.push import list_days
from bench.report import Figure, number
from webapp.core import clock

WRITERS = 8
SECONDS, FULL = 20, 60  # of load on the queue
REQUESTS = 100  # of each sort whose cost is asked
PHOTO_BYTES = 200_000
LIMITS = {"tail": 1.0, "photo": 12.0}
_found: dict[str, float] = {}


def measure(full: bool = False) -> Iterator[Figure]:
    """The cost of a photo, a visit and a heartbeat; then the wait of eight phones that write without a pause."""
    seconds = FULL if full else SECONDS
    with server.folder() as home:
        phones = _prepare(home / "data")
        with server.serving(home / "data", SECRET_KEY=world.SECRET_KEY) as url:
            host = urlsplit(url).netloc
            yield from _costs(host, phones)
            yield from _waits(host, phones, seconds)
            yield _department(host, phones[0], seconds / 4)


def last_line() -> str:
    """For programs: seconds of the 99th percentile, processor milliseconds of a request, requests turned away."""
    return "speed: " + " ".join(f"{name} {value:.3g}" for name, value in _found.items())


def _prepare(data: Path) -> list[world.Phone]:
    today = clock.local_date(clock.now())
    app = world.open_app(data)
    phones = world.build(app, world.counties()[:2], history.first_day(today))
    world.seal_lists(app, phones, list_days(today))
    world.close(app)
    shutil.rmtree(data / "photos", ignore_errors=True)
    return [phone for phone in phones if phone.points]


# ---------------------------------------------------------------- what is sent


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
    return _push(phone, [])


def visit(phone: world.Phone, rng: random.Random) -> Request:
    """A push of one record: a call at a point, receipts or parcels, as the mix of ``world`` has them."""
    days = list_days(clock.local_date(clock.now()))
    [one] = world.inspections(phone, days, 1, rng.random())
    return _push(phone, [world.envelope(one, rng)])


def _push(phone: world.Phone, facts: list[dict]) -> Request:
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


# ---------------------------------------------------------------- sending


@dataclass
class Sent:
    """What became of requests: seconds of each that was taken, and how many were turned away for now (503)."""

    seconds: list[float] = field(default_factory=list)
    busy: int = 0


def _send(connection: http.client.HTTPConnection, request: Request, sent: Sent) -> None:
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


def _cost(host: str, requests: list[Request]) -> float:
    """Processor milliseconds of the server's processes for one of the requests, one after another."""
    connection, sent = http.client.HTTPConnection(host, timeout=120), Sent()
    for one in requests[: len(requests) // 5]:  # warm
        _send(connection, one, sent)
    rest = requests[len(requests) // 5 :]
    before = server.processor_seconds()
    for one in rest:
        _send(connection, one, sent)
    spent = server.processor_seconds() - before
    connection.close()
    if sent.busy:
        raise RuntimeError("an idle server was busy")
    return spent / len(rest) * 1000


def _costs(host: str, phones: list[world.Phone]) -> Iterator[Figure]:
    rng = random.Random("costs")
    makers: dict[str, Callable[[world.Phone], Request]] = {
        "photo": lambda phone: photo(phone, rng),
        "single": lambda phone: visit(phone, rng),
        "heartbeat": heartbeat,
    }
    words = {"photo": "a photo of 200 kB", "single": "a push of one record", "heartbeat": "a push of none"}
    for name, maker in makers.items():
        _found[name] = _cost(host, [maker(phone) for phone in islice(cycle(phones), REQUESTS)])
        yield Figure(f"speed: {words[name]}", _found[name], "CPU-ms", LIMITS.get(name), aim=True)


def _load(host: str, phones: list[world.Phone], writers: int, seconds: float, seed: str) -> Sent:
    """So many phones write record after record, each as soon as the last one was answered."""
    sent, faults, end = Sent(), [], time.monotonic() + seconds

    def write(number: int) -> None:
        rng, connection = random.Random(f"{seed} {number}"), http.client.HTTPConnection(host, timeout=120)
        turn = cycle(phones[number % len(phones) :: writers] or phones)
        try:
            while time.monotonic() < end and not faults:
                _send(connection, visit(next(turn), rng), sent)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sent


def _waits(host: str, phones: list[world.Phone], seconds: float) -> Iterator[Figure]:
    sent = _load(host, phones, WRITERS, seconds, "waits")
    ordered = sorted(sent.seconds)
    _found["tail"], _found["busy"] = ordered[int(len(ordered) * 0.99)], sent.busy
    beside = f"median {number(statistics.median(ordered))} s, slowest {number(ordered[-1])} s of {len(ordered):,} in {number(seconds)} s"
    yield Figure(
        f"speed: {WRITERS} writers, 99 of 100 within", _found["tail"], "s", LIMITS["tail"], aim=True, beside=beside
    )  # fmt: skip
    yield Figure(f"speed: {WRITERS} writers, turned away", sent.busy, "requests", 0, aim=True)


def _department(host: str, phone: world.Phone, seconds: float) -> Figure:
    """Records a second of one department by eight clients, of those by one; in turns, the better of two each."""
    rates: dict[int, list[float]] = {1: [], WRITERS: []}
    for run in range(2):
        for writers, found in rates.items():
            begin = time.perf_counter()
            sent = _load(host, [phone], writers, seconds / 2, f"department {run} {writers}")
            found.append(len(sent.seconds) / (time.perf_counter() - begin))
    alone, together = max(rates[1]), max(rates[WRITERS])
    _found["department"] = together / alone
    beside = f"{number(alone)} and {number(together)} records/s"
    return Figure(f"speed: one department, {WRITERS} clients of one", together / alone, "times", 1, aim=True, at_least=True, beside=beside)  # fmt: skip
