"""A month's parcel forms of all departments of the region, as one PDF made in the background: time, progress, memory."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pypdf
from flask import Flask
from sqlalchemy import select

from bench import history, server, world
from bench.region import REGION
from bench.report import Figure
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.desk.paper import batches
from webapp.org.models import Person, Unit
from webapp.org.queries import actor_of
from webapp.rulebook.forms import forms
from webapp.rulebook.periods import period_of

CHECKS = 24  # inspections of a department in the month, of which two are of twenty parcels
MOST = 600  # MB


@dataclass(frozen=True)
class Seen:
    """What one PDF cost. ``peak``: MB by which the server grew, with all the processes that it started; ``steps``: of progress."""

    sheets: int
    pages: int
    bytes: int
    seconds: float
    peak: float
    steps: int


def measure(full: bool = False) -> Iterator[Figure]:
    """Some counties, then all of them."""
    for codes in (world.counties()[:8], world.counties()):
        with server.folder() as home:
            app = world.open_app(home / "paper")
            seen = _made(app, codes)
            world.close(app)
        _SEEN.append(seen)
        name = f"{seen.sheets} sheets, {seen.pages} pages"
        yield Figure(f"{name}: made", seen.seconds, "s", beside=f"{seen.bytes / 1e6:.1f} MB; {seen.steps} steps of progress")  # fmt: skip
        yield Figure(f"{name}: memory at most", seen.peak, "MB", MOST)


_SEEN: list[Seen] = []  # of the last measurement


def last_line() -> str:
    """All departments, for programs."""
    seen = _SEEN[-1]
    return f"paper: sheets {seen.sheets} seconds {seen.seconds:.1f} peak-MB {seen.peak:.0f}"


def _made(app: Flask, codes: list[str]) -> Seen:
    month = period_of("month", clock.local_date(clock.now())).previous()
    phones = world.build(app, codes, month.first - timedelta(days=31))
    days = [month.first + timedelta(days=n) for n in range(14)]
    with app.app_context():
        for start in range(0, len(phones), 100):
            with transaction() as session:
                for phone in phones[start : start + 100]:
                    history.store(session, phone, days, CHECKS)
        with transaction() as session:
            person, _device, _cookie = world.sign_in(app, session, REGION, "region_supervisor", month.first)
        now, unit = clock.now(), db.session.get(Unit, REGION)
        me = actor_of(db.session, db.session.scalar(select(Person).where(Person.id == person)), clock.local_date(now))  # fmt: skip
        begun = time.monotonic()
        with sampling() as peak:
            batches.begin(me, unit, forms()["parcel"], month, len(phones), "zh", now)
            steps = _watched(person)
        seconds = time.monotonic() - begun
        data = batches.result(person).read_bytes()
        pdf = pypdf.PdfReader(io.BytesIO(data))
        return Seen(len(pdf.outline), len(pdf.pages), len(data), seconds, peak[0] / 1e6, steps)


def _watched(person: str) -> int:
    """Look until it is made; how many different answers there were."""
    seen = set()
    while True:
        batch = batches.told(person)
        seen.add(batch.done)
        if batch.state != batches.WORKING:
            break
        time.sleep(0.1)
    if batch.state != batches.DONE:
        raise RuntimeError(f"the sheets were not made: {batch.said}")
    return len(seen)


@contextmanager
def sampling() -> Iterator[list[float]]:
    """The most bytes by which this process and its children grew together, looked at fifty times a second."""
    before, peak, ended = _resident(Path("/proc/self")), [0.0], threading.Event()

    def look() -> None:
        while not ended.wait(0.02):
            peak[0] = max(peak[0], _resident(Path("/proc/self")) - before + sum(map(_resident, _children())))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def _children() -> list[Path]:
    found = []
    for task in Path("/proc/self/task").iterdir():
        try:
            found += [Path("/proc") / pid for pid in (task / "children").read_text().split()]
        except OSError:
            continue  # a thread that has just ended
    return found


def _resident(process: Path) -> int:
    try:
        return int((process / "statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0  # it has just ended
