"""Pushing: inspections a second that are acknowledged on disk, over HTTP, against a bare insert of the same rows."""

import http.client
import json
import random
import shutil
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice, product
from pathlib import Path
from urllib.parse import urlsplit

from bench import history, server, world
from bench.report import Figure, number, spread
from webapp.core import clock

STORED = 1_000_000  # items already there
COUNTIES = 10  # some hundred departments, as in a league
LIST_DAYS = 14
RUNS = 3
# (clients, inspections a request, requests in all of a run)
LOADS = ((1, 1, 150), (8, 1, 400), (1, 50, 30), (8, 50, 48))
# The rows of an inspection, in the order in which they may be inserted.
TABLES = {
    "facts": "id", "inspections": "id", "items": "inspection_id", "photo_refs": "fact_id",
    "problems": "inspection_id", "journal": "fact_id",
}  # fmt: skip
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")


def measure(full: bool = False) -> Iterator[Figure]:
    """The rates on an empty server and on one with a million items, and what a bare insert of the same rows does."""
    with server.folder() as home:
        phones = _prepare(home / "empty")
        shutil.copytree(home / "before", home / "full")
        stored = history.fill(home / "full", phones, STORED)
        rates, later, bare = _rates(home, phones)
    for load in LOADS:
        yield from _figures(load, rates[load], bare[load[1]], later[load], stored)


def _figures(load, here: list[float], bare: list[float], later: list[float], stored: int) -> Iterator[Figure]:
    clients, size, _ = load
    name = f"push, {clients} client{'s' if clients > 1 else ''}, {size} a request"
    rate, against = statistics.median(here), statistics.median(bare)
    aim = 25 if size > 1 else None
    yield Figure(name, rate, "inspections/s", beside=spread(here))
    yield Figure(
        f"{name}: of a bare insert", rate / against * 100, "%", aim, aim=True, at_least=True,
        beside=f"bare sqlite3: {number(against)} inspections/s",
    )  # fmt: skip
    yield Figure(
        f"{name}: empty to {number(stored)} items", rate / statistics.median(later), "times", 1.2, aim=True,
        beside=f"then {number(statistics.median(later))} inspections/s",
    )  # fmt: skip


def _prepare(data: Path) -> list[world.Phone]:
    today = clock.local_date(clock.now())
    app = world.open_app(data)
    phones = world.build(app, world.counties()[:COUNTIES], history.first_day(today))
    world.seal_lists(app, phones, list_days(today))
    world.close(app)
    shutil.copytree(data, data.with_name("before"))
    return [phone for phone in phones if phone.points]


def list_days(today: date) -> list[date]:
    """The days whose work is sent."""
    return [today - timedelta(days=n) for n in range(1, LIST_DAYS + 1)]


# ---------------------------------------------------------------- the server


def _rates(home: Path, phones: list[world.Phone]) -> tuple[dict, dict, dict[int, list[float]]]:
    """{load: inspections a second, run by run} on the empty server and on the full one, and the bare rates by
    transaction size. In turns: what else the machine does meanwhile hits all of them."""
    rates: dict = {load: [] for load in LOADS}
    later: dict = {load: [] for load in LOADS}
    bare: dict[int, list[float]] = {}
    turn = cycle(phones)
    key = {"SECRET_KEY": world.SECRET_KEY}
    with server.serving(home / "empty", **key) as empty, server.serving(home / "full", **key) as full:
        for url in (empty, full):
            _run(url, _requests(turn, 16, 2, "warm-up"), 2)
        for run, load in product(range(RUNS), LOADS):
            clients, size, count = load
            work = _requests(turn, count, size, run)
            rates[load].append(_run(empty, work, clients))
            later[load].append(_run(full, work, clients))
            if clients == 1:
                ids = [fact["id"] for _, facts in work for fact in facts]
                bare.setdefault(size, []).append(bare(home / "empty", ids, size))
    return rates, later, bare


def _requests(turn, count: int, size: int, seed: object) -> list[tuple[str, list[dict]]]:
    """(cookie, facts) of each request; each comes from the next phone."""
    rng = random.Random(f"{count} {size} {seed}")
    days = list_days(clock.local_date(clock.now()))
    return [
        (
            phone.cookie,
            [world.envelope(one, rng) for one in world.inspections(phone, days, size, rng.random())],
        )
        for phone in islice(turn, count)
    ]


def _run(url: str, work: list[tuple[str, list[dict]]], clients: int) -> float:
    """Send all by so many clients at once; inspections a second that came back as stored."""
    bodies = [(cookie, json.dumps(facts, ensure_ascii=False).encode()) for cookie, facts in work]
    faults: list[str] = []
    threads = [
        threading.Thread(target=_client, args=(urlsplit(url).netloc, bodies[n::clients], faults))
        for n in range(clients)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    if faults:
        raise RuntimeError(faults[0])
    return sum(len(facts) for _, facts in work) / took


def _client(host: str, bodies: list[tuple[str, bytes]], faults: list[str]) -> None:
    connection = http.client.HTTPConnection(host, timeout=120)
    for cookie, facts in bodies:
        head = json.dumps({"device_time": clock.now().isoformat(), "holding": {"records": 50, "photos": 50}})
        body = head[:-1].encode() + b', "facts": ' + facts + b"}"
        headers = {"Cookie": cookie, "Content-Type": "application/json", "X-Toucha": "1"}
        connection.request("POST", "/api/sync/push", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        results = json.loads(text).get("results", [])
        if (
            answer.status != 200
            or not results
            or any(row["state"] != "stored" or row["held"] for row in results)
        ):
            faults.append(f"{answer.status} {text[:500]!r}")
            return
    connection.close()


# ---------------------------------------------------------------- the bare insert


def bare(data: Path, ids: list[str], size: int) -> float:
    """A second's records: the same rows by ``executemany`` into a copy of the database before, ``size`` inspections a transaction."""
    rows = _rows(data / "toucha.sqlite", ids, size)
    copy = data.with_name("bare")
    shutil.copytree(data.with_name("before"), copy)
    connection = sqlite3.connect(copy / "toucha.sqlite", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    begin = time.perf_counter()
    for batch in rows:
        connection.execute("BEGIN IMMEDIATE")
        for table, found in batch.items():
            if found:
                marks = ",".join("?" * len(found[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
        connection.execute("COMMIT")
    took = time.perf_counter() - begin
    connection.close()
    shutil.rmtree(copy)
    return len(ids) / took


def _rows(file: Path, ids: list[str], size: int) -> list[dict[str, list[tuple]]]:
    connection = sqlite3.connect(file)
    batches = []
    for start in range(0, len(ids), size):
        wanted = ids[start : start + size]
        marks = ",".join("?" * len(wanted))
        batches.append(
            {
                table: connection.execute(
                    f"SELECT * FROM {table} WHERE {key} IN ({marks})", wanted
                ).fetchall()
                for table, key in TABLES.items()
            }
        )
    connection.close()
    return batches
