"""A tick opens the lines of the units that are due, and leaves the very lines that opening all of them each time would."""

import threading
from datetime import timedelta

import pytest
from hypothesis import given
from sqlalchemy import delete, select, update

from tests.cast import CITY, COUNTY, RURAL, build_in, read
from tests.integration.ledger.test_rebuilt import fresh, histories, lines
from tests.ledger_histories import START, STEPS, History
from tests.ledger_stories import noon
from tests.statements import queries_of
from webapp.core.clock import end_of_day, local_date
from webapp.core.database import db, transaction
from webapp.journal import chain
from webapp.ledger.due import due_units
from webapp.ledger.models import LedgerClock, LedgerLine, LedgerMonth
from webapp.ledger.operations import differences, open_lines
from webapp.org.models import Unit
from webapp.org.queries import unit_for
from webapp.recording.changes import units
from webapp.recording.facts import rulings
from webapp.recording.operations import record_at_desk
from webapp.upkeep import opening

DAY = timedelta(days=1)
NOON = noon(START)
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def cast(app):
    return build_in(app)


def opened(app, now) -> int:
    """What a tick does; how many lines it looks at."""
    with app.app_context():
        return opening.run(now)


def due(app, now) -> list[str]:
    with app.app_context():
        found = due_units(db.session, now)
        db.session.rollback()
        return found


def everybody(app) -> list[str]:
    return read(app, lambda session: list(session.scalars(select(Unit.code).order_by(Unit.code))))


def set_clock(app, unit: str, **values) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(LedgerClock).where(LedgerClock.unit_code == unit).values(**values))


def faults(app, now) -> list[str]:
    """Where stored lines differ from what their facts give."""
    with app.app_context():
        units = db.session.scalars(select(Unit)).all()
        return [one for unit in units for one in differences(db.session, unit, now)]


def at_desk(app, cast, login: str, act) -> None:
    with app.app_context(), transaction() as session:
        act(session, cast.actor(session, login))


def test_a_tick_after_another_of_the_same_day_looks_at_nothing_and_the_first_of_the_next_at_all(app, cast):
    assert due(app, NOON)[-1] == "15", "those below come first"
    assert sorted(due(app, NOON)) == everybody(app)
    assert opened(app, NOON) > 0
    assert due(app, LATER) == [] and opened(app, LATER) == 0
    midnight = end_of_day(local_date(NOON))
    assert due(app, midnight - timedelta(seconds=1)) == []
    assert sorted(due(app, midnight)) == everybody(app)
    assert opened(app, midnight) > 0
    assert faults(app, midnight) == []


def test_a_tick_with_nothing_due_asks_as_much_of_few_units_as_of_many(sqlite_app):
    build_in(sqlite_app)
    opened(sqlite_app, NOON)
    assert queries_of(sqlite_app, lambda: opened(sqlite_app, LATER)) == 2


def test_a_new_unit_is_due_at_once(app, cast):
    opened(app, NOON)
    with app.app_context(), transaction() as session:
        session.execute(delete(LedgerClock).where(LedgerClock.unit_code == CITY))
    assert due(app, LATER) == [CITY]


@pytest.mark.parametrize("wrong", [{"fold": 1}, {"fold": 99}, {"due_at": NOON + 400 * DAY}, {"due_at": None}])
def test_another_fold_or_a_clock_that_was_wrong_is_found_at_once(app, cast, wrong):
    opened(app, NOON)
    set_clock(app, CITY, **wrong)
    assert due(app, LATER) == [CITY]
    assert opened(app, LATER) > 0 and due(app, LATER) == []


def test_a_ruling_lets_the_tick_look_again_at_all_that_it_binds(app, cast):
    opened(app, NOON)
    more = {"day": START.isoformat(), "delivers": False, "name": "那达慕", "reason": "放假"}

    def act(session, me):
        unit = unit_for(session, me, COUNTY)
        body = rulings.body(me, unit, NOON, rulings.CALENDAR, "exception", **more)
        record_at_desk(session, me, NOON, body)

    at_desk(app, cast, "county", act)
    assert due(app, LATER) == [CITY, RURAL, COUNTY]
    assert opened(app, LATER) > 0 and due(app, LATER) == []


def test_a_change_of_a_unit_and_new_public_days_do_so_too(app, cast):
    opened(app, NOON)
    at_desk(
        app, cast, "county",
        lambda session, me: units.set_setting(session, me, NOON, CITY, {"setting": "rural", "first_day": START}),
    )  # fmt: skip
    assert due(app, LATER) == [CITY]
    opened(app, LATER)
    with app.app_context(), transaction() as session:
        rulings.recount(session, [session.get(Unit, RURAL)], START, NOON)
    assert due(app, LATER) == [RURAL]


def test_the_ledger_is_at_fault_where_an_instant_would_keep_the_tick_from_a_unit(app, cast):
    opened(app, NOON)
    set_clock(app, CITY, due_at=end_of_day(local_date(NOON)) + DAY)
    [fault] = read(app, lambda session: differences(session, session.get(Unit, CITY), NOON))
    assert fault.startswith(f"{CITY}: opened through {local_date(NOON)}, but due only at ")


@histories(6)
@given(steps=STEPS)
def test_opening_all_lines_at_every_tick_would_leave_the_same(app, steps):
    history = History(fresh(app))
    opened(app, history.now)
    for step in steps:
        history.play(step)
        opened(app, history.now + timedelta(minutes=10))
        before = lines(app)
        assert all_opened(app, history.now + timedelta(minutes=10)) == before, (step, history.outcomes)


def all_opened(app, now) -> dict:
    """The lines as they would stand, had the tick opened those of every unit."""
    with app.app_context():
        session = db.session
        for code in everybody(app):
            open_lines(session, session.get(Unit, code), now)
        table = LedgerLine.__table__
        rows = session.execute(select(table)).mappings()
        found = {(row["unit_code"], row["duty"], row["period"]): dict(row) for row in rows}
        session.rollback()
        return found


# ---------------------------------------------------------------- several at once


def test_two_ticks_at_once_share_the_units_and_leave_what_one_leaves(app, cast):
    numbers, begin = [], threading.Barrier(2, timeout=30)

    def run():
        begin.wait()
        numbers.append(opened(app, NOON))

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert len(numbers) == 2 and due(app, LATER) == [] and faults(app, LATER) == []
    together = lines(app)
    with app.app_context(), transaction() as session:
        for table in (LedgerClock, LedgerLine, LedgerMonth):
            session.execute(delete(table))
    assert opened(app, NOON) == sum(numbers), "no unit was opened by both"
    assert lines(app) == together


def test_a_unit_that_somebody_writes_at_is_left_until_the_last(make_app):
    """On PostgreSQL: a push that holds a journal holds up nobody else's lines."""
    app = make_app("postgresql")
    build_in(app)
    order, held, go_on = [], threading.Event(), threading.Event()

    def hold():
        with app.app_context(), transaction() as session:
            chain.lock(session, [CITY])
            held.set()
            assert go_on.wait(30)

    with app.app_context(), transaction() as session:
        chain.lock(session, [CITY])  # its head is there
    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    whole = opening.open_lines

    def watched(session, unit, now):
        order.append(unit.code)
        if unit.code == "15":
            go_on.set()
        return whole(session, unit, now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "open_lines", watched)
        opened(app, NOON)
    holder.join(30)
    assert order[-2:] == ["15", CITY] and sorted(order) == everybody(app)
