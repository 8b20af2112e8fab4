"""A ledger that begins later than its office: nothing is owed of the days before. November 2026, all days."""

from datetime import date

import pytest

from tests.ledger_tables import check, duty, worked
from webapp.ledger.rules import lives
from webapp.rulebook.periods import parse_period

OPENED, BEGINS = date(2020, 1, 1), date(2026, 11, 10)  # a Tuesday
NOVEMBER = parse_period("2026-11")


@pytest.mark.parametrize(
    ("code", "period", "owed"),
    [
        ("pre-shift-meeting", "2026-11-09", False),
        ("pre-shift-meeting", "2026-11-10", True),
        ("relay-rural", "2026-W45", False),
        ("relay-rural", "2026-W46", False),  # the week in which it begins
        ("relay-rural", "2026-W47", True),
        ("relay-monthly", "2026-10", False),
        ("relay-monthly", "2026-11", False),
        ("relay-monthly", "2026-12", True),
        ("shortage-damage", "2026-10", False),
        ("shortage-damage", "2026-11", True),
    ],
)
def test_full_periods_from_the_ledgers_first_day_on_are_owed_and_nothing_before(code, period, owed):
    assert lives(duty(code), parse_period(period), OPENED, None, (), BEGINS) is owed
    # A ledger's day before the opening says nothing: the office was not there.
    assert lives(duty(code), parse_period(period), BEGINS, None, (), OPENED) is owed


def test_a_span_of_the_offices_life_that_ended_before_the_ledger_owes_nothing():
    pause = ((date(2026, 11, 5), date(2026, 12, 1)),)
    assert not lives(duty("shortage-damage"), NOVEMBER, OPENED, None, pause, BEGINS)
    assert lives(duty("shortage-damage"), parse_period("2026-12"), OPENED, None, pause, BEGINS)


@pytest.mark.parametrize(
    ("days", "met"),
    [
        ((13, 16, 19, 22, 25, 28), True),  # the first day counts like a check
        ((14, 17, 20, 23, 26, 29), False),  # four days after the first
        ((2, 13, 16, 19, 22, 25, 28), True),  # what was done before is no part of it, and makes no gap
        ((2, 14, 17, 20, 23, 26, 29), False),
    ],
)
def test_shortages_are_looked_after_every_three_days_from_the_ledgers_first_day(days, met):
    checks = tuple(check(date(2026, 11, day), ()) for day in days)
    line = worked("shortage-damage", NOVEMBER, checks=checks, opened_on=OPENED, ledger_from=BEGINS)
    assert line.met is met, line.why
    assert line.done == sum(day >= 10 for day in days)


def test_of_opening_and_ledger_in_one_month_the_later_one_counts_like_a_check():
    checks = tuple(check(date(2026, 11, day), ()) for day in (13, 16, 19, 22, 25, 28))
    opened = date(2026, 11, 3)
    assert worked("shortage-damage", NOVEMBER, checks=checks, opened_on=opened, ledger_from=BEGINS).met
    assert not worked("shortage-damage", NOVEMBER, checks=checks, opened_on=opened, ledger_from=opened).met
