"""Whatever happened, in whatever order: the stored ledger is the one that its facts give, computed anew.

Every run plays the same histories. ``TOUCHA_EXAMPLES=500 pytest tests/integration/ledger/test_rebuilt.py`` plays as many
new ones.
"""

import os
from datetime import date, timedelta
from itertools import permutations, product

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, select

from tests.cast import CITY, COUNTY, LEAGUE, REGION, RURAL, build_in
from tests.ledger_histories import START, STEPS, History
from tests.ledger_records import NEWER
from tests.ledger_stories import Office, about_fact, form, noon, parcels, sealed
from tests.ledger_sums import all_lines, check_sums
from webapp.core.database import db, transaction
from webapp.ledger.models import LedgerLine
from webapp.ledger.operations import rebuild
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

MORE = int(os.environ.get("TOUCHA_EXAMPLES", "0"))
OPENED = date(2026, 10, 26)
EVENING = noon(START + timedelta(days=1), 20)


def histories(count: int):
    """Hypothesis's settings: the same ``count`` examples each time, or as many new ones as were asked for."""
    return settings(
        max_examples=MORE or count,
        derandomize=not MORE,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def fresh(app) -> Office:
    """The cast's offices without any past, in the app's one database."""
    with app.app_context(), transaction() as session:
        for table in reversed(db.metadata.sorted_tables):
            session.execute(delete(table))
    return Office(app, build_in(app), OPENED)


def lines(app) -> dict:
    """All stored lines by unit, duty and period."""
    with app.app_context():
        table = LedgerLine.__table__
        rows = db.session.execute(select(table)).mappings()
        return {(row["unit_code"], row["duty"], row["period"]): dict(row) for row in rows}


@histories(10)
@given(steps=STEPS)
def test_after_every_step_of_a_history_the_ledger_is_what_its_facts_give(app, steps):
    history = History(fresh(app))
    history.office.advance(history.now)
    for step in steps:
        history.play(step)
        assert history.office.faults(history.now) == [], (step, history.outcomes)
    before = lines(app)
    with app.app_context(), transaction() as session:
        for code in (CITY, RURAL):
            rebuild(session, session.get(Unit, code), history.now)
    assert lines(app) == before
    check_parents(app, history.now)


def check_parents(app, now) -> None:
    """Whatever the history: in every period a parent's sums are its children's, now and after all has closed."""
    moments = [
        *((kind, now) for kind in ("week", "month", "quarter", "year")),
        ("month", now + timedelta(days=400)),
    ]
    with app.app_context():
        stored = all_lines(db.session)
        for code, (kind, at) in product((COUNTY, LEAGUE, REGION), moments):
            unit = db.session.get(Unit, code)
            assert check_sums(db.session, stored, unit, period_of(kind, START), at), "nothing was compared"


def test_histories_hold_more_than_refusals(sqlite_app):
    """The generator is worth something: of what it sends most is taken."""
    history = History(fresh(sqlite_app))
    story = [
        ("check", 0, 0, 5, 0), ("held", 0, 5, 1), ("days", 0), ("confirm", 1, 0), ("amend", 0, 6, 0),
        ("amend_early", 0, 5, 0), ("parents",), ("volume", 0, 4, 0), ("list", 0, 4), ("handover", 1, 1, 1), ("handover", 1, 3, 0), ("seal", 0), ("void", 0),
        ("conflict", 0, 2, 6), ("role", 0, 0, 3), ("end_role", 1, 0), ("point", 0, 0), ("point", 2, 1),
        ("holiday", 3, 1), ("withdraw", 0, 0), ("repeat", 0, 1),
        *(("record", 2, kind, 3, 0) for kind in range(len(NEWER))), ("pick", 2, 2, 0), ("edition", 0, 1), ("amend", 9, 2, 0),
        ("days", 2), ("record", 2, 3, 5, 1), ("record", 4, 3, 5, 1),
    ]  # fmt: skip
    for step in story:
        history.play(step)
        assert history.office.faults(history.now) == [], step
    assert set(history.outcomes) == {"stored", "waiting", "conflict", "known"}, history.outcomes
    assert history.outcomes.count("stored") == 9 + len(NEWER) + 4


# ---------------------------------------------------------------- order of arrival


def chain(history: History) -> list[tuple[str, dict]]:
    """A check, two corrections of it, one of a correction, withdrawals, a held check and its confirmation."""
    who = ("inspector", CITY, CITY)
    day, sent = START, []

    def made(open: dict, high: int) -> str:
        envelope = sealed(open, history.new_id(high))
        sent.append(("inspector", envelope))
        return envelope["id"]

    first = made(form("parcel", day, parcels(0, 19)), 2)
    one = made(form("parcel", day, parcels(0, 24), amends=first), 3)
    made(form("parcel", day + timedelta(days=1), parcels(0, 29), amends=first), 4)
    made(form("parcel", day, parcels(0, 9), amends=one), 5)
    gone = made(history.inspection(who, "receipt", day, 3, 0), 2)
    made(about_fact("withdrawal", gone, day, reason="号码录错"), 3)
    held = made(form("parcel", START + timedelta(days=3), parcels(40, 59)), 2)
    made(about_fact("confirmation", held, day), 3)
    volume = {"v": 1, "type": "volume", "unit": CITY, "acting": CITY, "date": day.isoformat()}
    for high, items in ((2, 19), (3, 40)):
        said = {"parcel": {"items": items, "returned": None}}
        open = {**volume, "about": day.isoformat(), "volumes": said}
        sent.append(("director", sealed(open, history.new_id(high))))
    return sent


def arrived(app, order) -> tuple[Office, dict]:
    """The lines when the facts of the chain come in this order."""
    history = History(fresh(app))
    sent = chain(history)
    for number in order:
        login, envelope = sent[number]
        assert history.office.push(login, EVENING, envelope)[0].problem is None
    return history.office, lines(app)


@pytest.fixture
def in_order(app):
    """The lines when the facts come in the order in which they were made."""
    return arrived(app, range(10))[1]


@histories(8)
@given(order=st.permutations(range(10)))
def test_the_order_of_arrival_does_not_matter(app, in_order, order):
    office, found = arrived(app, order)
    assert found == in_order
    assert office.faults(EVENING) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_correction_of_a_correction_waits_until_the_first_is_there(sqlite_app, order):
    office = fresh(sqlite_app)
    now, history = noon(START, 20), History(office)
    ids = [history.new_id(2 + n) for n in range(3)]
    opens = [
        form("parcel", START, parcels(0, 19 - n), **({"amends": ids[n - 1]} if n else {})) for n in range(3)
    ]
    arrived = set()
    for number in order:
        (outcome,) = office.push("inspector", now, sealed(opens[number], ids[number]))
        arrived.add(number)
        whole = max((n for n in range(3) if set(range(n + 1)) <= arrived), default=None)
        assert outcome.state == ("stored" if set(range(number + 1)) <= arrived else "waiting")
        line = office.line("parcel-check", "2026-W47")
        assert line.items == (0 if whole is None else 20 - whole)
    assert office.faults(now) == []
