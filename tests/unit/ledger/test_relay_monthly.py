"""Relay points a month [14.4(2)], worked by hand: at least 20 distinct points, called at by director or inspector.

Readings: never more than the points of the population, which are those open on the month's last day (or today) and for
at least seven days of the whole month; only they count.
"""

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.ledger_tables import MONTH, calls, check, closed, duty, points, reasons, worked
from webapp.core.clock import LOCAL
from webapp.ledger.rules import Inputs, Point, fold, status

EARLY, LATE = date(2026, 11, 3), date(2026, 11, 30)
THIRTY = points(30)


def month(*checks, register=THIRTY, **more):
    return worked("relay-monthly", MONTH, checks=checks, points=register, **more)


# points of the office; called at; working; required; closed status
THRESHOLDS = [
    (0, 0, "no points", None, "not-applicable"),
    (1, 0, "min(20, 1)", 1, "missed"),
    (1, 1, "min(20, 1)", 1, "met"),
    (19, 18, "min(20, 19)", 19, "missed"),
    (19, 19, "min(20, 19)", 19, "met"),
    (20, 19, "min(20, 20)", 20, "missed"),
    (20, 20, "min(20, 20)", 20, "met"),
    (21, 20, "min(20, 21)", 20, "met"),
    (200, 19, "min(20, 200)", 20, "missed"),
]


@pytest.mark.parametrize(("register", "called", "working", "required", "expected"), THRESHOLDS)
def test_twenty_points_or_all_there_are(register, called, working, required, expected):
    visits = [check(EARLY, calls(*range(called)))] if called else []
    line = month(*visits, register=points(register))
    assert (line.required, closed(line)) == (required, expected), working
    assert line.done == called


def test_a_point_counts_once_a_month_however_often_and_by_whomever():
    visits = [check(EARLY, calls(*range(12))), check(LATE, calls(*range(5, 17)), roles="director")]
    line = month(*visits)
    assert (line.done, line.items, closed(line)) == (17, 17, "missed")


def test_director_and_inspector_are_counted_together():
    visits = [check(EARLY, calls(*range(10))), check(EARLY, calls(*range(10, 20)), roles="director")]
    assert closed(month(*visits)) == "met"


@pytest.mark.parametrize(
    ("roles", "own"), [("carrier", True), ("team_lead", True), ("county_manager", False)]
)
def test_calls_of_others_do_not_count_not_even_where_one_person_works(roles, own):
    visit = check(EARLY, calls(*range(20)), roles=roles, own=own)
    line = month(visit, sole_days=frozenset({EARLY}))
    assert (line.done, closed(line)) == (0, "missed")


def test_of_two_calls_at_one_point_a_fail_wins():
    visits = [check(EARLY, calls(1)), check(LATE, calls(1, verdict="fail")), check(LATE, calls(1))]
    line = month(*visits)
    assert (line.items, line.passed, line.failed) == (1, 0, 1)


# opened on; closed on (the first day on which it is not open); working; does it belong to November?
LIVES = [
    (date(2026, 1, 1), None, "open all month", True),
    (date(2026, 11, 24), None, "24 to 30 November are 7 days", True),
    (date(2026, 11, 25), None, "25 to 30 November are 6 days", False),
    (date(2026, 1, 1), date(2026, 11, 30), "not open on the 30th", False),
    (date(2026, 1, 1), date(2026, 12, 1), "open on the 30th", True),
    (date(2026, 1, 1), date(2026, 11, 5), "closed in mid-month", False),
    (date(2026, 12, 1), None, "opened in December", False),
]


@pytest.mark.parametrize(("opened_on", "closed_on", "working", "belongs"), LIVES)
def test_which_points_belong_to_a_month(opened_on, closed_on, working, belongs):
    one = points(1, opened_on, closed_on)
    line = month(check(LATE, calls(0)), register=one)
    assert line.applicable is belongs, working
    assert line.met is belongs
    beside = month(check(LATE, calls(0)), register=(*one, *points(3, first=10)))
    assert (beside.required, beside.done) == (3 + belongs, int(belongs))
    assert ("points-outside" in reasons(beside)) is not belongs


def test_days_of_a_point_that_was_closed_and_reopened_are_added_up():
    # 1 to 4 November are 4 days, 27 to 30 November are 4 days: together 8, and open on the 30th.
    lives = (Point("P0", date(2026, 1, 1), date(2026, 11, 5)), Point("P0", date(2026, 11, 27), None))
    assert month(register=lives).required == 1
    # 1 and 2 November, and 27 to 30: 6 days.
    short = (Point("P0", date(2026, 1, 1), date(2026, 11, 3)), Point("P0", date(2026, 11, 27), None))
    assert not month(register=short).applicable


# today; opened on; closed on; working; does it belong to the open month as of today?
AS_OF_TODAY = [
    (date(2026, 11, 10), date(2026, 11, 9), None, "open, and 22 days of the whole month", True),
    (date(2026, 11, 8), date(2026, 11, 9), None, "opens tomorrow", False),
    (date(2026, 11, 10), date(2026, 1, 1), date(2026, 11, 20), "still open, 19 days", True),
    (date(2026, 11, 20), date(2026, 1, 1), date(2026, 11, 20), "closed today", False),
    (date(2026, 11, 2), date(2026, 1, 1), date(2026, 11, 5), "will have been open for 4 days only", False),
]


@pytest.mark.parametrize(("today", "opened_on", "closed_on", "working", "belongs"), AS_OF_TODAY)
def test_an_open_month_counts_the_points_of_today(today, opened_on, closed_on, working, belongs):
    line = month(register=points(1, opened_on, closed_on), today=today)
    assert line.applicable is belongs, working


def test_a_call_in_another_month_does_not_count():
    visits = [check(day, calls(0)) for day in (date(2026, 10, 31), date(2026, 12, 1))]
    assert month(*visits, register=points(1)).done == 0


def test_the_month_closes_when_its_last_day_ends():
    line = month(check(EARLY, calls(0)))
    assert line.closes_at == datetime(2026, 12, 1, tzinfo=LOCAL)
    assert status(line, datetime(2026, 11, 30, 23, 59, 59, tzinfo=LOCAL)) == "partial"
    assert status(line, datetime(2026, 12, 1, tzinfo=LOCAL)) == "missed"


@pytest.mark.parametrize(("asked", "count"), [(7, 2), (10, 1), (1, 3)])
def test_for_how_many_days_a_point_must_have_been_open_is_the_editions(asked, count):
    register = points(1) + points(1, date(2026, 11, 24), first=1) + points(1, date(2026, 11, 30), first=2)
    for code in ("relay-monthly", "relay-coverage", "relay-register"):
        stricter = replace(duty(code), population_days=asked)
        assert fold(stricter, MONTH, Inputs(points=register)).required == count, code
