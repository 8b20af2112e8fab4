"""A department that was closed for a while in the month: what it still owed, worked by hand. November 2026, all days."""

from datetime import date

import pytest

from tests.ledger_tables import check, duty, worked
from webapp.ledger.rules import lives
from webapp.rulebook.periods import parse_period

OPENED = date(2026, 1, 1)
PAUSE = ((date(2026, 11, 10), date(2026, 11, 20)),)  # closed from the 10th, open again on the 20th


@pytest.mark.parametrize(
    ("code", "period", "lived"),
    [
        ("pre-shift-meeting", "2026-11-09", True),
        ("pre-shift-meeting", "2026-11-10", False),
        ("pre-shift-meeting", "2026-11-19", False),
        ("pre-shift-meeting", "2026-11-20", True),
        ("relay-rural", "2026-W45", True),  # ends on the 8th
        ("relay-rural", "2026-W46", False),  # begins on the 9th, open that day alone
        ("relay-rural", "2026-W47", False),
        ("relay-rural", "2026-W48", True),  # begins on the 23rd
        ("relay-monthly", "2026-11", False),
        ("relay-monthly", "2026-12", True),
        ("shortage-damage", "2026-11", True),
    ],
)
def test_a_closed_department_owes_full_periods_before_and_after_alone(code, period, lived):
    assert lives(duty(code), parse_period(period), OPENED, None, PAUSE) is lived


def test_a_month_of_which_no_day_was_open_owes_nothing_at_all():
    whole = ((date(2026, 10, 20), date(2026, 12, 2)),)
    assert not lives(duty("shortage-damage"), parse_period("2026-11"), OPENED, None, whole)
    assert lives(duty("shortage-damage"), parse_period("2026-12"), OPENED, None, whole)


# Checks on the 3rd, 6th and 9th cover the days up to the closing; from the 20th on every third day again.
@pytest.mark.parametrize(
    ("days", "met"),
    [
        ((3, 6, 9, 23, 26, 29), True),
        ((3, 6, 23, 26, 29), True),  # the last open day is the 9th, three after the 6th
        ((3, 5, 23, 26, 29), False),  # four days to the closing
        ((3, 6, 9, 24, 27, 30), False),  # four days after the reopening
    ],
)
def test_shortages_are_looked_after_every_three_days_while_it_is_open(days, met):
    checks = tuple(check(date(2026, 11, day), ()) for day in days)
    line = worked("shortage-damage", parse_period("2026-11"), checks=checks, opened_on=OPENED, pauses=PAUSE)
    assert line.met is met, line.why
