"""Status, roll-up, the life of a unit and the Wilson interval, against answers worked by hand."""

from datetime import date, datetime, timedelta

import pytest

from tests.ledger_tables import duty
from webapp.core.clock import LOCAL, end_of_day
from webapp.ledger.rules import STATUSES, Line, lives, roll_up, status
from webapp.rulebook.periods import period_of
from webapp.sampling.rules import wilson

CLOSES = datetime(2026, 11, 23, tzinfo=LOCAL)
SECOND = timedelta(seconds=1)

# applicable, met, started, uncertain; while open; once closed
STATES = [
    ((True, False, False, False), "due", "missed"),
    ((True, False, True, False), "partial", "missed"),
    ((True, False, False, True), "due", "unknown"),
    ((True, False, True, True), "partial", "unknown"),
    ((True, True, True, False), "met", "met"),
    ((True, True, False, False), "met", "met"),
    ((True, True, True, True), "met", "met"),
    ((False, False, False, False), "not-applicable", "not-applicable"),
    ((False, True, True, True), "not-applicable", "not-applicable"),
]


@pytest.mark.parametrize(("flags", "while_open", "once_closed"), STATES)
def test_the_status_turns_in_the_very_second_of_closing(flags, while_open, once_closed):
    line = Line(CLOSES, **dict(zip(("applicable", "met", "started", "uncertain"), flags, strict=True)))
    assert status(line, CLOSES - timedelta(days=3)) == while_open
    assert status(line, CLOSES - SECOND) == while_open
    assert status(line, CLOSES - timedelta(microseconds=1)) == while_open
    assert status(line, CLOSES) == once_closed
    assert status(line, CLOSES + SECOND) == once_closed


def test_a_day_ends_at_midnight_in_inner_mongolia():
    assert end_of_day(date(2026, 11, 22)) == CLOSES


# lines by status; working; rolled up
ROLLS = [
    ({}, "no lines", "not-applicable"),
    ({"not-applicable": 9}, "all not applicable", "not-applicable"),
    ({"met": 1}, "all met", "met"),
    ({"met": 3, "not-applicable": 4}, "all met or not applicable", "met"),
    ({"met": 30, "missed": 1}, "one missed", "missed"),
    ({"met": 30, "unknown": 1}, "one unknown counts as not met", "missed"),
    ({"unknown": 1, "not-applicable": 6}, "of a week in which one day is undecided", "missed"),
    ({"missed": 1, "due": 3, "partial": 2, "not-applicable": 1}, "missed beats what is open", "missed"),
    ({"partial": 1, "due": 5}, "one partial", "partial"),
    ({"met": 1, "due": 5}, "one met, others open", "partial"),
    ({"met": 1, "due": 5, "not-applicable": 2}, "likewise", "partial"),
    ({"due": 5}, "all due", "due"),
    ({"due": 5, "not-applicable": 1}, "due and not applicable", "due"),
    ({"met": 2, "missed": 0, "unknown": 0}, "a status that no line has does not matter", "met"),
]


@pytest.mark.parametrize(("counts", "working", "expected"), ROLLS)
def test_roll_up(counts, working, expected):
    assert roll_up(counts) == expected, working


@pytest.mark.parametrize("one", STATUSES)
def test_a_single_line_is_what_it_is_and_two_undecided_ones_count_as_missed(one):
    others = dict.fromkeys(STATUSES, 0)
    assert roll_up({**others, one: 1}) == one
    assert roll_up({**others, one: 2}) == ("missed" if one == "unknown" else one)


# passed, checked; low and high, from the score interval with z = 1.959964
WILSON = [
    (0, 10, 0.0, 0.27753),  # high = z²/(n + z²) = 3.84146/13.84146
    (10, 10, 0.72247, 1.0),  # low = n/(n + z²) = 10/13.84146
    (8, 10, 0.49016, 0.94332),
    (50, 100, 0.40383, 0.59617),
    (72, 72, 0.94935, 1.0),  # 72/75.84146: not yet 95 %
    (73, 73, 0.95001, 1.0),  # 73/76.84146: ranked from 73 items on
    (95, 100, 0.88825, 0.97846),
    (1, 1, 0.20654, 1.0),  # 1/4.84146
]


@pytest.mark.parametrize(("passed", "checked", "low", "high"), WILSON)
def test_wilson_interval(passed, checked, low, high):
    assert wilson(passed, checked) == pytest.approx((low, high), abs=1e-5)


def test_the_interval_of_the_fails_mirrors_that_of_the_passes():
    for checked in (1, 7, 73, 500):
        for passed in range(0, checked + 1, max(1, checked // 5)):
            low, high = wilson(passed, checked)
            other = wilson(checked - passed, checked)
            assert (1 - other[1], 1 - other[0]) == pytest.approx((low, high), abs=1e-12)
            assert 0 <= low <= passed / checked + 1e-12
            assert passed / checked - 1e-12 <= high <= 1


# duty, a day of the period, opened on, closed on; working; has the unit the duty in that period?
OPENED, NEVER = date(2026, 11, 18), None
LIFE = [
    ("receipt-sample", "2026-11-17", OPENED, NEVER, "the day before the opening", False),
    ("receipt-sample", "2026-11-18", OPENED, NEVER, "the day of the opening", True),
    ("parcel-check", "2026-11-18", OPENED, NEVER, "opened on a Wednesday", False),
    ("parcel-check", "2026-11-23", OPENED, NEVER, "the first full week", True),
    ("relay-monthly", "2026-11-30", OPENED, NEVER, "opened in mid-month", False),
    ("relay-monthly", "2026-12-01", OPENED, NEVER, "the first full month", True),
    ("relay-monthly", "2026-11-30", date(2026, 11, 1), NEVER, "opened on the first", True),
    ("receipt-sample", "2026-11-17", date(2026, 1, 1), date(2026, 11, 18), "the day before the closing", True),
    ("receipt-sample", "2026-11-18", date(2026, 1, 1), date(2026, 11, 18), "closed that day", False),
    ("relay-city", "2026-11-16", date(2026, 1, 1), date(2026, 11, 22), "closed on the Sunday", False),
    ("relay-city", "2026-11-16", date(2026, 1, 1), date(2026, 11, 23), "closed on the Monday after", True),
    ("relay-monthly", "2026-11-01", date(2026, 1, 1), date(2026, 11, 18), "closed in mid-month", False),
    ("relay-monthly", "2026-11-01", date(2026, 1, 1), date(2026, 12, 1), "closed after its last day", True),
]  # fmt: skip


@pytest.mark.parametrize(("code", "day", "opened_on", "closed_on", "working", "has"), LIFE)
def test_duties_from_the_opening_to_the_closing_of_a_unit(code, day, opened_on, closed_on, working, has):
    one = duty(code)
    assert lives(one, period_of(one.period, date.fromisoformat(day)), opened_on, closed_on) is has, working
