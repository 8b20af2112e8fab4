"""What is read: a phone's complete pull, of a county manager and of an inspector, and the region's month, in processor time.

The county is the one with the most departments (27), each with two weeks of inspections and seven sealed lists of 100 items;
the tick has run. All in this process, without a network: milliseconds are the processor's, so that what else the machine does
counts less. ``--full`` measures the region's month over ten million items, else over 100,000.

The last line is ``reads: manager-pull 43 manager-pull-ms 150 pull 28 region 45``: queries, milliseconds.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from flask import Flask

from bench import copies, history, ledger_page, region, server, world
from bench.report import Figure, spread
from webapp.core import clock
from webapp.core.database import transaction
from webapp.ledger import operations as ledger
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

RUNS = 9
DAYS, CHECKS, LISTS = 14, 48, 7  # of each department: days of work, inspections on them, sealed lists
LIMITS = {"manager-pull": 60, "manager-pull-ms": 150, "pull": 30, "region": 25}

measured: dict[str, float] = {}


def measure(full: bool = False) -> Iterator[Figure]:
    """The two pulls, then the region's page."""
    with server.folder() as home:
        yield from _pulls(home / "county")
    months, count = region.FULL if full else region.SMALL
    with server.folder() as home:
        yield from _region(home / "region", months, count)


def last_line() -> str:
    """``reads: manager-pull 43 …``."""
    return "reads: " + " ".join(f"{name} {value:.0f}" for name, value in measured.items())


def _figure(name: str, words: str, value: float, unit: str = "", beside: str = "") -> Figure:
    measured[name] = value
    return Figure(words, value, unit, LIMITS[name], aim=True, beside=beside)


def _pulls(data: Path) -> Iterator[Figure]:
    app = world.open_app(data)
    county = max(world.counties(), key=[row["parent"] for row in world.divisions.rows()].count)
    manager, inspector, departments = _county(app, county)
    headers = {"X-Toucha": "1"}
    for name, who, cookie in (("manager-pull", "county manager", manager), ("pull", "inspector", inspector)):
        queries, times = _read(app, "/api/sync/pull", cookie, headers)
        words = (
            f"complete pull, {who}, {departments} departments"
            if name == "manager-pull"
            else f"complete pull, {who}"
        )
        yield _figure(name, f"{words}: queries", queries)
        if name == "manager-pull":
            yield _figure(
                "manager-pull-ms", f"{words}: processor", statistics.median(times), "ms", spread(times)
            )
        else:
            yield Figure(f"{words}: processor", statistics.median(times), "ms", beside=spread(times))
    world.close(app)


def _county(app: Flask, code: str) -> tuple[str, str, int]:
    """The cookies of its manager and of an inspector, and how many departments it has."""
    today = clock.local_date(clock.now())
    first = period_of("month", today).previous().first
    phones = world.build(app, [code], first)
    with app.app_context(), transaction() as session:
        *_ids, cookie = world.sign_in(app, session, code, "county_manager", first)
        for phone in phones:
            history.store(session, phone, [today - timedelta(days=n) for n in range(1, DAYS + 1)], CHECKS)
    world.seal_lists(app, phones, [today - timedelta(days=n) for n in range(LISTS)])
    for one in (*(phone.unit for phone in phones), code):
        with app.app_context(), transaction() as session:
            unit = session.get(Unit, one)
            ledger.open_lines(session, unit, clock.now())
            ledger.rebuild(session, unit, clock.now())
    return cookie, next(phone for phone in phones if phone.points).cookie, len(phones)


def _region(data: Path, months: int, count: int) -> Iterator[Figure]:
    app = world.open_app(data)
    month = period_of("month", clock.local_date(clock.now())).previous()
    items, _lines = copies.fill(app, month, months, count)
    with app.app_context(), transaction() as session:
        *_ids, cookie = world.sign_in(app, session, region.REGION, "region_supervisor", month.first)
    queries, times = _read(app, f"/ledger?unit={region.REGION}&period={month.code}", cookie)
    words = f"region's month, {items:,} items: processor"
    yield _figure("region", words, statistics.median(times), "ms", f"{queries} queries; {spread(times)}")
    world.close(app)


def _read(app: Flask, path: str, cookie: str, headers: dict | None = None) -> tuple[int, list[float]]:
    """How many queries an answer takes, and its milliseconds of processor time, run by run."""
    client = app.test_client(use_cookies=False)

    def ask():
        answer = client.get(path, headers={"Cookie": cookie, **(headers or {})})
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status}")

    ask()  # templates compiled, statements cached
    with ledger_page.queries(app) as asked:
        ask()
    return len(asked), [_processor(ask) for _ in range(RUNS)]


def _processor(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000
