"""The status that a page reads in SQL is the one that the rules give, on both databases, to the microsecond."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from tests.cast import CITY, build_in
from tests.ledger_tables import MON
from webapp.core.clock import LOCAL
from webapp.core.database import db, transaction
from webapp.ledger.cells import status_case
from webapp.ledger.models import LedgerLine
from webapp.ledger.rules import STATUSES, status

NOW = datetime(2026, 11, 23, tzinfo=LOCAL)
TICK = timedelta(microseconds=1)
CLOSINGS = (NOW - timedelta(days=400), NOW - TICK, NOW, NOW + TICK, NOW + timedelta(days=1))


def generated() -> list[LedgerLine]:
    """One line for every combination of flags and closing times; the counts do not matter."""
    counts = (
        "done",
        "items",
        "passed",
        "failed",
        "drawn",
        "drawn_passed",
        "announced",
        "withdrawn",
        "voided",
    )
    flags = ("applicable", "met", "started", "uncertain")
    return [
        LedgerLine(
            unit_code=CITY, duty=f"duty-{number}", period=MON.isoformat(), last_day=MON, as_of=MON, month="2026-11",
            edition="2014", required=None, closes_at=closes_at, why=[],
            **dict.fromkeys(counts, 0), **dict(zip(flags, values, strict=True)),
        )
        for number, (closes_at, *values) in enumerate(product(CLOSINGS, *[(False, True)] * len(flags)))
    ]  # fmt: skip


@pytest.fixture
def lines(app):
    build_in(app)
    with app.app_context(), transaction() as session:
        session.add_all(generated())


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize("now", [NOW, NOW - TICK, NOW + TICK, datetime(2026, 1, 1, tzinfo=LOCAL)])
def test_every_line_has_the_same_status_in_sql_as_by_the_rules(app, now):
    with app.app_context():
        found = db.session.execute(select(LedgerLine, status_case(now))).all()
        assert len(found) == len(CLOSINGS) * 16
        wrong = [(line.duty, said, status(line, now)) for line, said in found if said != status(line, now)]
    assert wrong == []


@pytest.mark.usefixtures("lines")
def test_the_generated_lines_stand_in_every_status(app):
    with app.app_context():
        found = set(db.session.scalars(select(status_case(NOW))))
    assert found == set(STATUSES)


def test_the_monday_of_these_tests_is_a_monday():
    assert (date(2026, 11, 16), MON.weekday()) == (MON, 0)
