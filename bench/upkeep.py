"""What the timer does: a tick over all 1,225 departments in which nothing is due, one in which all are, a sweep of 20,000 photos.

The departments are real, with an inspector each; they have done nothing, as on a holiday. It is noon on the fifth of a month, when
those above are told what they can sign. The swept photos have a file and a small picture each and are named by a record; beside them
stand as many rows of photos that were swept before. Seconds of a tick are the clock's, those of a sweep the processor's.

The last line is ``upkeep: tick-idle 0.05 tick-new-day 13.1 sweep 1.58 sweep-again 0.003``.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select

from bench import server, world
from bench.report import Figure, number, spread
from webapp.core import clock
from webapp.core.database import transaction
from webapp.formats.files import DigestStore
from webapp.org.models import Person
from webapp.photos.chosen_store import store_of
from webapp.photos.models import Photo, PhotoRef
from webapp.photos.store import THUMBNAIL
from webapp.upkeep import sweeping, tick

RUNS = 5
PHOTOS = 20_000
LIMITS = {"tick-idle": 1.0, "sweep": 5.0, "sweep-again": 0.5}
DAY = timedelta(days=1)

_measured: dict[str, float] = {}


def measure(full: bool = False) -> Iterator[Figure]:
    """The ticks, then the sweep."""
    with server.folder() as home:
        app = world.open_app(home)
        first = (clock.local_date(clock.now()).replace(day=1) + 32 * DAY).replace(day=1)
        phones = world.build(app, world.counties(), first - 3 * DAY)
        try:
            yield from _ticks(app, first, len(phones))
            yield from _sweeps(app, home / "photos", _noon(first + 4 * DAY))
        finally:
            world.close(app)


def last_line() -> str:
    """``upkeep: tick-idle 0.05 …``."""
    return "upkeep: " + " ".join(f"{name} {value:.3g}" for name, value in _measured.items())


def _figure(name: str, words: str, value: float, unit: str, beside: str = "") -> Figure:
    _measured[name] = value
    return Figure(words, value, unit, LIMITS.get(name), aim=True, beside=beside)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.LOCAL)


def _ticks(app: Flask, first: date, departments: int) -> Iterator[Figure]:
    before, noon = _noon(first + 3 * DAY), _noon(first + 4 * DAY)
    _timed(app, before)  # it opens all days since the first
    new_day, lines = _timed(app, noon)
    idle, looked = zip(
        *(_timed(app, noon + n * timedelta(minutes=10)) for n in range(1, RUNS + 1)), strict=True
    )
    if not lines or any(looked):
        raise RuntimeError(f"{lines} lines on a new day, {looked} when nothing was due")
    words = f"tick, {departments} departments, nothing due"
    yield _figure("tick-idle", words, statistics.median(idle), "s", spread(idle))
    beside = f"{number(lines)} lines"
    yield _figure("tick-new-day", f"tick, {departments} departments, a new day", new_day, "s", beside)


def _timed(app: Flask, now: datetime) -> tuple[float, int]:
    """How many seconds the tick takes, and how many lines it looks at."""
    with app.app_context():
        store = store_of(app.config)
        begin = time.perf_counter()
        done = tick.run(app.config, store, now)
        return time.perf_counter() - begin, done.lines


def _sweeps(app: Flask, folder: Path, now: datetime) -> Iterator[Figure]:
    _photos(app, now, range(PHOTOS), purged=True)
    _photos(app, now, range(PHOTOS, 2 * PHOTOS), purged=False)
    _files(folder, range(PHOTOS, 2 * PHOTOS))
    store = DigestStore(folder)
    with app.app_context():
        swept, gone = _processor(lambda: sweeping.run(store, now - 180 * DAY, now))
        again, nothing = _processor(lambda: sweeping.run(store, now - 180 * DAY, now))
    if (gone, nothing, len(store.listing(""))) != (PHOTOS, 0, 0):
        raise RuntimeError(f"{gone} photos were swept, then {nothing}")
    beside = f"{number(PHOTOS)} swept before"
    yield _figure("sweep", f"sweep of {number(PHOTOS)} photos", swept, "s CPU", beside)
    yield _figure("sweep-again", "sweep, nothing due", again, "s CPU", f"{number(2 * PHOTOS)} swept before")


def _processor(work: Callable[[], int]) -> tuple[float, int]:
    """How many seconds of the processor it takes, and what it gives."""
    begin = time.process_time()
    found = work()
    return time.process_time() - begin, found


def _digest(n: int) -> str:
    """Spread over all folders."""
    return f"{n * 2654435761 % 2**32:08x}" * 8


def _photos(app: Flask, now: datetime, numbers: range, purged: bool) -> None:
    """Rows of photos of 181 days ago, each named by a record."""
    came = now - 181 * DAY
    with app.app_context(), transaction() as session:
        someone = session.scalar(select(Person.id).limit(1))
        photo = {
            "size": 180_000, "mime": "image/jpeg", "width": 1600, "height": 1200, "uploaded_by": someone, "received_at": came,
            "purged_at": now if purged else None, "named": purged,
        }  # fmt: skip
        ref = {
            "source": "record",
            "content": "",
            "author_id": someone,
            "ordinal": 0,
            "size": 180_000,
            "unit_code": None,
        }
        digests = [_digest(n) for n in numbers]
        session.execute(insert(Photo), [{**photo, "digest": one} for one in digests])
        session.execute(
            insert(PhotoRef), [{**ref, "fact_id": f"fact {n}", "digest": _digest(n)} for n in numbers]
        )


def _files(folder: Path, numbers: range) -> None:
    """A photo and its small picture for each; not written durably, for only their deletion is measured."""
    for n in range(256):
        (folder / f"{n:02x}").mkdir(parents=True, exist_ok=True)
    for n in numbers:
        path = folder / _digest(n)[:2] / _digest(n)
        path.write_bytes(b"photo")
        path.with_name(f"{path.name}{THUMBNAIL}").write_bytes(b"small")
