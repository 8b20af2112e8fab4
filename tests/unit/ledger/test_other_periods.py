"""The other duties of weeks and months, worked by hand: shortages [14.1(4)], letters [14.3], the register and coverage of
relay points [14.4], the monthly analysis [14.5(2)]. November 2026 has 30 days, all of delivery unless told otherwise."""

from datetime import date, datetime, timedelta

import pytest

from tests.ledger_tables import (
    MON,
    MONTH,
    WED,
    WEEK,
    calls,
    check,
    closed,
    only,
    points,
    reasons,
    worked,
)
from webapp.core.clock import LOCAL
from webapp.ledger.rules import Checked, status
from webapp.rulebook.rules import load

LETTERS = (load().kinds["letter"],)


def nov(day: int) -> date:
    return date(2026, 11, day)


def shortage(*days, **more):
    return worked("shortage-damage", MONTH, checks=tuple(check(nov(day), ()) for day in days), **more)


# checked on; working; met; closes at the end of
SPACED = [
    ((), "0 + 3", False, 3),
    ((1,), "1 + 3", False, 4),
    ((3,), "3 + 3", False, 6),
    ((3, 6), "6 + 3", False, 9),
    ((3, 7), "7 - 3 = 4 > 3: exceeded after the 6th", False, 6),
    ((4,), "4 - 0 = 4 > 3: exceeded after the 3rd", False, 3),
    (range(3, 28, 3), "3, 6 … 27; 30 - 27 = 3: cannot be exceeded", True, 30),
    (range(3, 25, 3), "24 + 3 = 27 < 30", False, 27),
    (range(1, 31), "every day", True, 30),
]


@pytest.mark.parametrize(("days", "working", "met", "until"), SPACED)
def test_a_check_every_three_delivery_days(days, working, met, until):
    line = shortage(*days)
    closes_at = datetime(2026, 11, 1, tzinfo=LOCAL) + timedelta(days=until)
    assert (line.met, line.closes_at) == (met, closes_at), working


def test_a_line_is_missed_at_the_second_in_which_three_days_are_exceeded_and_met_before_the_month_ends():
    line = shortage(3)
    assert status(line, datetime(2026, 11, 6, 23, 59, 59, tzinfo=LOCAL)) == "partial"
    assert status(line, datetime(2026, 11, 7, tzinfo=LOCAL)) == "missed"
    assert status(shortage(*range(3, 28, 3)), datetime(2026, 11, 27, 12, tzinfo=LOCAL)) == "met"


def test_a_shortage_check_is_missed_only_when_the_delivery_day_begins_that_is_too_late():
    # Monday to Friday: the 2nd is delivery day 1; checked on day 2, Saturday the 7th is still day 5, Monday the 9th day 6.
    workdays = only(*(day for day in MONTH.days() if day.weekday() < 5))
    line = shortage(3, calendar=workdays)
    assert line.closes_at == datetime(2026, 11, 9, tzinfo=LOCAL)
    assert status(line, datetime(2026, 11, 8, 23, 59, tzinfo=LOCAL)) == "partial"
    assert status(line, datetime(2026, 11, 9, tzinfo=LOCAL)) == "missed"
    saturday = shortage(
        3, 7, calendar=workdays
    )  # day 5 once more: the next is due before day 9, Thursday the 12th
    assert saturday.closes_at == datetime(2026, 11, 12, tzinfo=LOCAL)
    assert "gap" not in reasons(saturday)


def test_only_delivery_days_are_counted():
    # Delivery on 2, 4, 6, 9, 11: numbers 1 to 5. The check on the 6th is number 3; 5 - 3 = 2.
    calendar = only(*(nov(day) for day in (2, 4, 6, 9, 11)))
    assert shortage(6, calendar=calendar).met
    assert not shortage(2, calendar=calendar).met  # 1 + 3 = 4 < 5


def test_opening_and_closing_months_count_from_and_to_the_units_own_days():
    assert shortage(28, opened_on=nov(25)).met  # 28 - 25 = 3; 30 - 28 = 2
    assert not shortage(29, opened_on=nov(25)).met  # 29 - 25 = 4
    assert shortage(3, closed_on=nov(7)).met  # the last day is the 6th
    assert not shortage(3, closed_on=nov(8)).met  # the 7th is four after the 3rd


def test_the_gaps_are_named():
    assert ("gap", {"after": "2026-11-03", "before": "2026-11-07", "days": 3}) in shortage(3, 7).why
    assert ("gap-first", {"before": "2026-11-04", "days": 3}) in shortage(4).why


# ---------------------------------------------------------------- letters


def letters(nonlocal_tags, local, first=0):
    far = [Checked(f"N{first + n}", None, "pass", "nonlocal", tag) for n, tag in enumerate(nonlocal_tags)]
    near = [Checked(f"L{first + n}", None, "pass", "local", None) for n in range(local)]
    return (*far, *near)


# address tags of the nonlocal ones; how many local; working; does the session count?
CITY = [
    ("ABCDEF", 4, "6 + 4", True),
    ("ABCDE", 4, "5 < 6", False),
    ("ABCDEF", 3, "3 < 4", False),
    ("ABCDEE", 4, "six letters at five addresses", False),
    ("ABCDEEF", 4, "seven letters at six addresses", True),
    (["A", "B", "C", "D", "E", None], 4, "none without a tag", False),
    ("ABCDE", 10, "local ones do not stand in", False),
    ("", 0, "nothing", False),
]


@pytest.mark.parametrize(("tags", "local", "working", "counts"), CITY)
def test_a_city_session_of_letters(tags, local, working, counts):
    line = worked("letter-check-city", WEEK, kinds=LETTERS, checks=(check(MON, letters(tags, local)),))
    assert (line.required, line.done) == (2, int(counts)), working


def test_letters_that_do_not_count_towards_the_minimum_are_judged_all_the_same():
    tagged, bare, twice = ("ABCDEF", 4, 10), (["A", "B", None, None], 0, 4), ("ABBA", 1, 5)
    for tags, local, counted in (tagged, bare, twice):
        line = worked("letter-check-city", WEEK, kinds=LETTERS, checks=(check(MON, letters(tags, local)),))
        assert line.items == counted, tags


def test_two_dates_a_week_are_two_sessions_and_one_date_is_one():
    whole = letters("ABCDEF", 4)
    again = letters("GHIJKL", 4, first=50)
    two_dates = worked(
        "letter-check-city", WEEK, kinds=LETTERS, checks=(check(MON, whole), check(WED, again))
    )
    one_date = worked("letter-check-city", WEEK, kinds=LETTERS, checks=(check(MON, whole), check(MON, again)))
    assert (closed(two_dates), closed(one_date)) == ("met", "missed")


def test_letters_are_not_measured_by_volume():
    assert closed(worked("letter-check-city", WEEK, kinds=LETTERS, volumes={(MON, "letter"): 0})) == "missed"


@pytest.mark.parametrize(("count", "expected"), [(0, "missed"), (4, "missed"), (5, "met"), (6, "met")])
def test_a_rural_office_checks_five_letters_once_a_month(count, expected):
    line = worked("letter-check-rural", MONTH, checks=(check(MON, letters("", count)),))
    assert closed(line) == expected


def test_letters_of_two_dates_do_not_make_one_session():
    visits = (check(MON, letters("", 3)), check(WED, letters("", 2, first=9)))
    assert closed(worked("letter-check-rural", MONTH, checks=visits)) == "missed"


# ---------------------------------------------------------------- the register and the coverage of relay points

# confirmed on; working (90 days before 30 November are 1 September); counts?
CONFIRMED = [
    (date(2026, 9, 1), "90 days: inclusive", True),
    (date(2026, 8, 31), "91 days", False),
    (nov(30), "the day itself", True),
    (date(2026, 12, 1), "after the month", False),
]


@pytest.mark.parametrize(("on", "working", "counts"), CONFIRMED)
def test_a_point_is_confirmed_for_ninety_days(on, working, counts):
    line = worked("relay-register", MONTH, points=points(1), confirmed={"P0": (on,)})
    assert line.met is counts, working


def test_an_open_register_lapses_again():
    register = {"points": points(1), "confirmed": {"P0": (date(2026, 8, 20),)}}
    # 20 August + 90 days = 18 November
    assert worked("relay-register", MONTH, today=nov(18), **register).met
    assert not worked("relay-register", MONTH, today=nov(19), **register).met


def test_one_point_that_is_not_confirmed_leaves_the_register_short():
    line = worked("relay-register", MONTH, points=points(2), confirmed={"P0": (nov(2),)})
    assert (line.required, line.done, closed(line)) == (2, 1, "missed")
    assert worked("relay-register", MONTH).applicable is False


# closed on the day, or opened on it; working; must it be visited?
LIVES = [
    ({"opened_on": nov(24)}, "24 to 30: seven days", True),
    ({"opened_on": nov(25)}, "six days", False),
    ({"closed_on": nov(30)}, "not open on the last day", False),
    ({"closed_on": date(2026, 12, 1)}, "open on the last day", True),
]


@pytest.mark.parametrize(("life", "working", "counts"), LIVES)
def test_a_point_opened_or_closed_in_mid_month(life, working, counts):
    register = (*points(3), *points(1, first=3, **life))
    line = worked("relay-coverage", MONTH, points=register, checks=(check(MON, calls(0, 1, 2)),))
    assert (line.required, line.met) == (3 + counts, not counts), working


def test_coverage_asks_for_every_point_however_many():
    visits = check(MON, calls(*range(24)))
    assert closed(worked("relay-coverage", MONTH, points=points(25), checks=(visits,))) == "missed"
    last = check(WED, calls(24), roles="director")
    assert closed(worked("relay-coverage", MONTH, points=points(25), checks=(visits, last))) == "met"


@pytest.mark.parametrize(("roles", "expected"), [("director", "met"), ("inspector", "missed")])
def test_the_monthly_analysis_is_the_directors(roles, expected):
    line = worked("monthly-analysis", MONTH, checks=(check(nov(30), (), roles=roles),))
    assert (closed(line), reasons(line)[0]) == (expected, "records")
