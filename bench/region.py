"""The region's month: 108 counties, 24 months, ten million items (``--full``), on SQLite and on PostgreSQL."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from bench import copies, ledger_page, server, world
from bench.report import Figure, milliseconds, number, spread
from tests.postgres import Server
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.ledger import queries
from webapp.org.models import Unit
from webapp.rulebook.periods import Period, period_of

REGION = "15"
RUNS = 7
# months, inspections of a department in a month: some 340 items; the small one holds 100,000 items in all.
FULL, SHORT, SMALL = (24, 70), (3, 70), (1, 17)
AIMS = {"sqlite": 20, "postgresql": 8}


@dataclass(frozen=True)
class Seen:
    """What the region's page cost on one database."""

    items: int
    lines: int
    request: list[float]  # ms of the whole request, in process
    page: list[float]  # ms of the ledger's own queries and sums
    plain: list[float]  # ms of the GROUP BY


def measure(full: bool = False) -> Iterator[Figure]:
    """The page on both databases, large and small."""
    for dialect in AIMS:
        with server.folder() as home, databases(dialect, home) as new:
            small = _region(home / "small", new("small"), *SMALL)
            large = _region(home / "large", new("large"), *(FULL if full else SHORT))
        yield from _figures(dialect, small, large)


def _figures(dialect: str, small: Seen, large: Seen) -> Iterator[Figure]:
    name = f"region's month, {dialect}, {number(large.items)} items"
    time, plain = statistics.median(large.request), statistics.median(large.plain)
    yield Figure(
        f"{name}: page", time, "ms", 50, beside=f"{spread(large.request)}; {number(large.lines)} lines"
    )
    yield Figure(
        f"{name}: of it the ledger's sums", statistics.median(large.page), "ms", beside=spread(large.page)
    )
    yield Figure(
        f"{name}: faster than GROUP BY over the items", plain / time, "times", AIMS[dialect], aim=True,
        at_least=True, beside=f"GROUP BY: {number(plain)} ms",
    )  # fmt: skip
    before = statistics.median(small.request)
    yield Figure(
        f"{name}: against {number(small.items)} items", time / before, "times", 1.2, aim=True,
        beside=f"then {number(before)} ms",
    )  # fmt: skip


@contextmanager
def databases(dialect: str, home: Path):
    """``new(name)``: the address of an empty database."""
    if dialect == "sqlite":
        yield lambda name: f"sqlite:///{home / name / 'toucha.sqlite'}"
        return
    postgres = Server()
    try:

        def new(name: str) -> str:
            postgres.create(f"bench_{name}")
            return postgres.url(f"bench_{name}")

        yield new
    finally:
        postgres.stop()


def _region(data: Path, url: str, months: int, count: int) -> Seen:
    """Fill the database, then ask for the last month that is over."""
    app = world.open_app(data, url)
    month = period_of("month", clock.local_date(clock.now())).previous()
    items, lines = copies.fill(app, month, months, count)
    with app.app_context(), transaction() as session:
        *_ids, cookie = world.sign_in(app, session, REGION, "region_supervisor", month.first)
    seen = _read(app, cookie, month, items, lines)
    world.close(app)
    return seen


def _read(app: Flask, cookie: str, month: Period, items: int, lines: int) -> Seen:
    client = app.test_client(use_cookies=False)

    def ask():
        answer = client.get(f"/ledger?unit={REGION}&period={month.code}", headers={"Cookie": cookie})
        if answer.status_code != 200:
            raise RuntimeError(f"the page answered {answer.status}")

    def sums():
        with app.app_context():
            queries.page(db.session, db.session.get(Unit, REGION), month, clock.now())

    def plain():
        ledger_page.group_by(app, REGION, month.first, month.last)

    for work in (ask, sums, plain):
        work()
    times = [[milliseconds(work) for _ in range(RUNS)] for work in (ask, sums, plain)]
    return Seen(items, lines, *times)
