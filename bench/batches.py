"""What a batch of fifty records costs: beside a bare insert of its rows, with long lists of its days, after months of work."""

import json
import shutil
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from bench import history, server, world
from bench.push import bare, list_days
from bench.report import Figure, number
from bench.sending import Request, batch, cost
from webapp.core import clock

SIZE = 50
REQUESTS = 40  # of each sort, those that warm the server included
STORED, FULL = 200_000, 1_000_000  # items of months of work
COUNTIES = 2
LONG = 1000  # items on a list of a day


def measure(found: dict[str, float], full: bool = False) -> Iterator[Figure]:
    """``found`` takes the figures by the names under which a program asks for them."""
    with server.folder() as home:
        phones = _prepare(home)
        costs = {name: _cost(home / name, phones) for name in ("lists", "long-lists")}
        found["batch-ms"] = costs["lists"] / SIZE
        yield Figure("speed: a record in a batch of 50", found["batch-ms"], "CPU-ms", 0.6, aim=True)
        found["lists"] = costs["long-lists"] / costs["lists"]
        name = f"speed: with {number(LONG)} items a day of lists, of with {world.LIST_ITEMS}"
        yield Figure(name, found["lists"], "times", 1.1, aim=True)
        stored = history.fill(home / "history", phones, FULL if full else STORED)
        found["history"] = _cost(home / "history", phones) / costs["lists"]
        name = f"speed: after {number(stored)} items, of before"
        yield Figure(name, found["history"], "times", 1.15, aim=True)
        rate, against = _rates(home, phones)
        found["batch"] = rate / against * 100
        beside = f"{number(rate)} and {number(against)} records/s"
        yield Figure("speed: a batch, of a bare insert", found["batch"], "%", 12, aim=True, at_least=True, beside=beside)  # fmt: skip


def _prepare(home: Path) -> list[world.Phone]:
    """Two counties four times: with long lists of two weeks, with usual ones, with these and months of work to come, and to be inserted into."""
    today = clock.local_date(clock.now())
    app = world.open_app(home / "long-lists")
    phones = world.build(app, world.counties()[:COUNTIES], history.first_day(today))
    world.close(app)
    shutil.copytree(home / "long-lists", home / "lists")
    for name, items in (("lists", world.LIST_ITEMS), ("long-lists", LONG)):
        app = world.open_app(home / name)
        world.seal_lists(app, phones, list_days(today), items)
        world.close(app)
    for copy in ("history", "before"):
        shutil.copytree(home / "lists", home / copy)
    return [phone for phone in phones if phone.points]


def _requests(phones: list[world.Phone], seed: str) -> list[Request]:
    rng = Random(seed)
    return [batch(phone, rng, SIZE) for phone in islice(cycle(phones), REQUESTS)]


def _cost(data: Path, phones: list[world.Phone]) -> float:
    with server.serving(data, SECRET_KEY=world.SECRET_KEY) as url:
        return cost(urlsplit(url).netloc, _requests(phones, "costs"))


def _rates(home: Path, phones: list[world.Phone]) -> tuple[float, float]:
    """Records a second of one phone after another, acknowledged on disk, and of a bare insert of the same rows."""
    with server.serving(home / "lists", SECRET_KEY=world.SECRET_KEY) as url:
        host = urlsplit(url).netloc
        cost(host, _requests(phones, "warm"))
        requests = _requests(phones, "rates")
        begin = time.perf_counter()
        cost(host, requests)
        took = time.perf_counter() - begin
    ids = [fact["id"] for request in requests for fact in json.loads(request.body)["facts"]]
    return len(ids) / took, bare(home / "lists", ids, SIZE)
