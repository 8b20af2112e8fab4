"""Relay points a week, worked by hand: in cities two sessions of ten by the inspector [14.4(3)], in rural offices one
session of five by director or inspector [14.4(4)].

Readings: a session is a date; a point may count again in the next session; never more than the points that were open
all week; never more sessions than the week has delivery days.
"""

from datetime import date

import pytest

from tests.ledger_tables import (
    FRI,
    MON,
    SUN,
    THU,
    TUE,
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
from webapp.ledger.rules import Point

TWELVE_POINTS = points(12)
TEN_POINTS = points(10)


def city(*checks, register=TWELVE_POINTS, **more):
    return worked("relay-city", WEEK, checks=checks, points=register, **more)


def rural(*checks, register=TEN_POINTS, **more):
    return worked("relay-rural", WEEK, checks=checks, points=register, **more)


# points called at, by day; working; sessions done of two
TWELVE = [
    ({}, "nothing", 0),
    ({MON: range(10)}, "ten of twelve", 1),
    ({MON: range(12)}, "all twelve on one date are one session", 1),
    ({MON: range(9)}, "nine are short", 0),
    ({MON: range(10), THU: range(10)}, "the same ten count again on the next date", 2),
    ({MON: range(10), THU: range(2, 12)}, "eight of them again", 2),
    ({MON: range(10), THU: range(9)}, "the second is short", 1),
    ({MON: range(10), TUE: range(10), SUN: range(10)}, "three sessions: two are required", 2),
]


@pytest.mark.parametrize(("days", "working", "done"), TWELVE)
def test_a_city_office_with_twelve_points(days, working, done):
    line = city(*(check(day, calls(*which)) for day, which in days.items()))
    assert (line.required, line.done) == (2, done), working
    assert closed(line) == ("met" if done == 2 else "missed")


# points; called at on Monday and again on Thursday; working; sessions done
SIZES = [
    (1, 1, "min(10, 1) = 1", 2),
    (9, 8, "min(10, 9) = 9", 0),
    (9, 9, "all nine", 2),
    (10, 9, "min(10, 10) = 10", 0),
    (10, 10, "all ten", 2),
    (11, 10, "ten of eleven", 2),
]


@pytest.mark.parametrize(("register", "called", "working", "done"), SIZES)
def test_a_city_session_has_ten_points_or_all_there_are(register, called, working, done):
    visits = [check(day, calls(*range(called))) for day in (MON, THU)]
    line = city(*visits, register=points(register))
    assert line.done == done, working
    assert ("few-points" in reasons(line)) is (register < 10)


def test_an_office_without_points_has_no_weekly_duty():
    assert reasons(city(register=())) == ["no-points"]
    assert reasons(rural(register=())) == ["no-points"]


def test_two_inspectors_on_one_date_make_one_session():
    halves = [check(MON, calls(*range(5))), check(MON, calls(*range(5, 10)))]
    assert (city(*halves).done, city(*halves).items) == (1, 10)
    overlapping = [check(MON, calls(*range(6))), check(MON, calls(*range(4, 9)))]
    assert (city(*overlapping).done, city(*overlapping).items) == (0, 9)


@pytest.mark.parametrize("roles", ["director", "team_lead", "carrier"])
def test_in_a_city_only_the_inspectors_calls_count(roles):
    assert city(check(MON, calls(*range(10)), roles=roles)).done == 0


def test_a_holiday_week_with_one_delivery_day_asks_for_one_session():
    line = city(check(FRI, calls(*range(10))), calendar=only(WED))
    assert (line.required, line.done, closed(line)) == (1, 1, "met")
    assert "few-days" in reasons(line)


def test_a_week_without_a_delivery_day_is_not_applicable():
    assert reasons(city(calendar=only())) == ["no-delivery-week"]
    assert reasons(rural(calendar=only())) == ["no-delivery-week"]


# points; called at; working; met?
RURAL = [
    (10, 4, "short of five", False),
    (10, 5, "five", True),
    (4, 3, "min(5, 4) = 4", False),
    (4, 4, "all four", True),
    (1, 1, "the only one", True),
]


@pytest.mark.parametrize(("register", "called", "working", "met"), RURAL)
def test_a_rural_office_calls_at_five_points_a_week(register, called, working, met):
    line = rural(check(MON, calls(*range(called))), register=points(register))
    assert (line.required, line.met) == (1, met), working


def test_three_and_two_points_on_two_days_are_two_short_sessions():
    line = rural(check(MON, calls(0, 1, 2)), check(TUE, calls(3, 4)))
    assert (line.done, closed(line), reasons(line).count("session-short")) == (0, "missed", 2)


@pytest.mark.parametrize(("roles", "counts"), [("director", True), ("inspector", True), ("team_lead", False), ("carrier", False)])  # fmt: skip
def test_in_a_rural_office_director_and_inspector_count(roles, counts):
    assert rural(check(MON, calls(*range(5)), roles=roles)).met is counts


def test_director_and_inspector_of_a_rural_office_share_a_session():
    shared = [check(MON, calls(0, 1, 2), roles="director"), check(MON, calls(2, 3, 4))]
    assert rural(*shared).met


# opened on; closed on; working; does it belong to the week?
LIVES = [
    (MON, None, "opened on Monday", True),
    (TUE, None, "opened on Tuesday", False),
    (date(2026, 1, 1), SUN, "not open on Sunday", False),
    (date(2026, 1, 1), date(2026, 11, 23), "open on Sunday", True),
    (date(2026, 1, 1), WED, "closed in mid-week", False),
]


@pytest.mark.parametrize(("opened_on", "closed_on", "working", "belongs"), LIVES)
def test_only_points_open_all_week_belong_to_it(opened_on, closed_on, working, belongs):
    one = points(1, opened_on, closed_on)
    assert rural(register=one).applicable is belongs, working
    beside = rural(check(MON, calls(0, 10, 11, 12, 13)), register=(*one, *points(9, first=10)))
    assert beside.met is belongs


def test_a_point_that_was_closed_for_a_moment_and_reopened_that_day_was_open_all_week():
    lives = (Point("P0", date(2026, 1, 1), WED), Point("P0", WED, None))
    assert rural(register=lives).applicable
    pause = (Point("P0", date(2026, 1, 1), WED), Point("P0", THU, None))
    assert not rural(register=pause).applicable
