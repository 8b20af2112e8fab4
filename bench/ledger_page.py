"""The ledger page of a county's month: its queries, bytes and time, beside a plain GROUP BY over the items."""

import gzip
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select

from bench import history, server, world
from bench.report import Figure, milliseconds, number, spread
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.inspections.models import Inspection, Item
from webapp.ledger import operations as ledger
from webapp.org.models import Unit
from webapp.rulebook.periods import Period, period_of

RUNS = 15
FEW, MANY = 48, 480  # inspections of a department in the month


@dataclass(frozen=True)
class Seen:
    """What one county's page cost."""

    departments: int
    items: int
    queries: int
    bytes: int
    gzipped: int
    times: list[float]  # ms of a whole request, in process
    plain: list[float]  # ms of the GROUP BY


def measure(full: bool = False) -> Iterator[Figure]:
    """A small and a large county, each with few and with many inspections."""
    with server.folder() as home:
        small, large = _counties_by_size()
        seen = {
            (size, count): _county(home / f"{code}-{count}", code, count)
            for size, code in (("small", small), ("large", large))
            for count in (FEW, MANY)
        }
    few = seen["small", FEW]
    for (size, _count), one in seen.items():
        name = f"ledger page, {size} county: {one.departments} departments, {number(one.items)} items"
        yield Figure(f"{name}: queries", one.queries, "", few.queries, beside="as many as in the smallest")
        time, plain = statistics.median(one.times), statistics.median(one.plain)
        against = f"GROUP BY over the items: {number(plain)} ms, {time / plain:.1f} times that"
        yield Figure(f"{name}: time", time, "ms", beside=f"{against}; {spread(one.times)}")
        packed = f"{number(one.gzipped / 1000)} kB gzipped"
        yield Figure(f"{name}: bytes", one.bytes / 1000, "kB", beside=packed)


def _counties_by_size() -> tuple[str, str]:
    """The counties with the third-fewest and the most departments: no oddities at the lower end."""
    parents = [row["parent"] for row in world.divisions.rows()]
    by_size = sorted((parents.count(code), code) for code in world.counties())
    return by_size[2][1], by_size[-1][1]


def _county(data: Path, code: str, count: int) -> Seen:
    today = clock.local_date(clock.now())
    month = period_of("month", today).previous()
    app = world.open_app(data)
    phones = world.build(app, [code], month.first)
    with app.app_context(), transaction() as session:
        _person, _device, cookie = world.sign_in(app, session, code, "county_manager", month.first)
        items = sum(_month(session, phone, month, count) for phone in phones)
        for phone in phones:
            unit = session.get(Unit, phone.unit)
            ledger.open_lines(session, unit, clock.now())
            ledger.rebuild(session, unit, clock.now())
    seen = _read(app, cookie, code, month, len(phones), items)
    world.close(app)
    return seen


def _month(session, phone: world.Phone, month: Period, count: int) -> int:
    """The inspections of the month, in rounds of two weeks as phones would send them."""
    spans = [month.days()[:14], month.days()[14:28]]
    return sum(
        history.store(session, phone, spans[n % 2], history.A_ROUND, n)
        for n in range(count // history.A_ROUND)
    )


def _read(app: Flask, cookie: str, code: str, month: Period, departments: int, items: int) -> Seen:
    client = app.test_client(use_cookies=False)

    def ask():
        answer = client.get(f"/ledger?unit={code}&period={month.code}", headers={"Cookie": cookie})
        if answer.status_code != 200:
            raise RuntimeError(f"the page answered {answer.status}")
        return answer.data

    ask()  # templates compiled, statements cached
    with queries(app) as asked:
        body = ask()
    times = [milliseconds(ask) for _ in range(RUNS)]
    plain = [milliseconds(lambda: group_by(app, code, month.first, month.last)) for _ in range(RUNS)]
    return Seen(departments, items, len(asked), len(body), len(gzip.compress(body, 6)), times, plain)


@contextmanager
def queries(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends meanwhile."""
    asked: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def group_by(app: Flask, code: str, first: date, last: date) -> None:
    """What somebody without a ledger would ask: items by department, kind and verdict, and nothing of duties."""
    query = (
        select(Inspection.unit_code, Inspection.kind, Item.verdict, func.count())
        .join(Item, Item.inspection_id == Inspection.id)
        .join(Unit, Unit.code == Inspection.unit_code)
        .where(Unit.path.contains(f"/{code}/"), Inspection.day.between(first, last), Inspection.in_force)
        .group_by(Inspection.unit_code, Inspection.kind, Item.verdict)
    )
    with app.app_context():
        db.session.execute(query).all()
        db.session.rollback()
