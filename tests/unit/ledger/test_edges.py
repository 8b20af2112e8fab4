"""The same edges for every duty, worked by hand: ends of weeks, months and years, long holidays, days with 0, 19, 20 and
21 items, two people on one date. 2026-11-16 is a Monday."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.ledger_cases import CLASSES, KINDS, LETTERS, balanced, letters
from tests.ledger_tables import (
    MONTH,
    TUE,
    WED,
    WEEK,
    calls,
    check,
    closed,
    duty,
    items,
    numbers,
    only,
    points,
    reasons,
    worked,
)
from webapp.core.clock import LOCAL
from webapp.rulebook.periods import period_of
from webapp.rulebook.rules import load

DAY = period_of("day", TUE)
FIFTEEN = [one.code for one in load().duties.values() if one.level == "department"]


def midnight_after(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=LOCAL) + timedelta(days=1)


# ---------------------------------------------------------------- ends of weeks, months and years

NEW_YEARS_EVE, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 1)
LAST_DAY = period_of("day", NEW_YEARS_EVE)
LAST_WEEK = period_of("week", NEW_YEARS_EVE)  # 2026-W53: 28 December to 3 January
SMALL = {(NEW_YEARS_EVE, name): 1 for name in CLASSES} | {(NEW_YEARS_EVE, "returned"): 1}
ONE = items("1")

# the record, made on New Year's Day about the day before
OVER_NEW_YEAR = {
    "receipt-sample": {"checks": (check(NEW_YEAR, ONE, about=NEW_YEARS_EVE),)},
    "return-audit": {"checks": (check(NEW_YEAR, ONE, about=NEW_YEARS_EVE),)},
    "registered-balance": {"checks": (replace(balanced(NEW_YEAR), day=NEW_YEARS_EVE),)},
    "advance-watch": {
        "checks": (check(NEW_YEAR, items(5), about=NEW_YEARS_EVE),),
        "picks": (check(NEW_YEARS_EVE, items(5)),),
    },
}


@pytest.mark.parametrize("code", OVER_NEW_YEAR)
def test_the_list_of_new_years_eve_is_open_to_the_end_of_new_years_day(code):
    line = worked(code, LAST_DAY, volumes=SMALL, kinds=KINDS, **OVER_NEW_YEAR[code])
    assert (line.met, line.closes_at) == (True, midnight_after(2027, 1, 1))
    late = tuple(replace(one, work_date=date(2027, 1, 2)) for one in OVER_NEW_YEAR[code]["checks"])
    line = worked(code, LAST_DAY, volumes=SMALL, kinds=KINDS, **{**OVER_NEW_YEAR[code], "checks": late})
    assert (line.met, "not-counted-late" in reasons(line)) == (False, True)


def test_a_meeting_of_new_years_eve_cannot_be_held_on_new_years_day():
    assert worked("pre-shift-meeting", LAST_DAY, checks=(check(NEW_YEARS_EVE, (), roles="director"),)).met
    assert not worked("pre-shift-meeting", LAST_DAY, checks=(check(NEW_YEAR, (), roles="director"),)).met


def test_the_opening_of_new_years_day_is_what_the_old_year_carried_over():
    eve = balanced(NEW_YEARS_EVE, carried=0)
    first = period_of("day", NEW_YEAR)
    volumes = {(NEW_YEAR, "registered"): 0}
    assert not worked("registered-balance", first, balances=(eve,), volumes=volumes).applicable
    assert worked("registered-balance", first, volumes=volumes).applicable  # nobody knows the opening


# sessions on the last Monday of the old and on the first Sunday of the new year; done
OVER_THE_YEAR = {
    "letter-check-city": ((letters("ABCDEF", 4), letters("ABCDEF", 4, 50)), 2),
    "relay-city": ((calls(*range(10)), calls(*range(2, 12))), 2),
    "relay-rural": (((), calls(*range(5))), 1),
}


@pytest.mark.parametrize("code", OVER_THE_YEAR)
def test_a_week_across_two_years_is_one_week_of_december(code):
    (monday, sunday), done = OVER_THE_YEAR[code]
    made = (check(date(2026, 12, 28), monday), check(date(2027, 1, 3), sunday))
    line = worked(code, LAST_WEEK, checks=made, points=points(12), kinds=LETTERS)
    assert (LAST_WEEK.code, LAST_WEEK.month) == ("2026-W53", "2026-12")
    assert (line.done, line.met, line.closes_at) == (done, True, midnight_after(2027, 1, 3))


# any day of the month; a record of its last day, and of the day after
MONTHLY = {
    "letter-check-rural": letters("", 5),
    "relay-monthly": calls(0),
    "relay-coverage": calls(0),
    "monthly-analysis": (),
}


@pytest.mark.parametrize("code", MONTHLY)
@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2027, 2, 1), date(2028, 2, 1)])
def test_a_month_ends_with_its_last_day(code, day):
    month = period_of("month", day)
    made = check(month.last, MONTHLY[code], roles="director")
    after = check(month.next().first, MONTHLY[code], roles="director")
    assert worked(code, month, checks=(made,), points=points(1)).met
    assert not worked(code, month, checks=(after,), points=points(1)).met


# last day of the month; working; the earliest day of which a confirmation still holds
NINETY = [
    (date(2027, 1, 31), "31 days of January, 31 of December, 28 of November", date(2026, 11, 2)),
    (date(2027, 2, 28), "28 + 31 + 31", date(2026, 11, 30)),
    (date(2028, 2, 29), "29 + 31 + 30", date(2027, 12, 1)),
]


@pytest.mark.parametrize(("last", "working", "earliest"), NINETY)
def test_ninety_days_reach_back_over_the_year(last, working, earliest):
    month = period_of("month", last)
    for on, holds in ((earliest, True), (earliest - timedelta(days=1), False)):
        line = worked("relay-register", month, points=points(1), confirmed={"P0": (on,)})
        assert line.met is holds, working


# days of the month; checks; working; met
SHORT_MONTHS = [
    (date(2027, 2, 1), range(3, 26, 3), "3, 6 … 24; 28 - 24 = 4", False),
    (date(2027, 2, 1), (*range(3, 26, 3), 25), "28 - 25 = 3", True),
    (date(2028, 2, 1), (*range(3, 26, 3), 25), "29 - 25 = 4", False),
    (date(2026, 12, 1), range(3, 29, 3), "31 - 27 = 4", False),
    (date(2026, 12, 1), range(1, 29, 3), "1, 4 … 28; 31 - 28 = 3", True),
]


@pytest.mark.parametrize(("first", "days", "working", "met"), SHORT_MONTHS)
def test_every_three_days_to_the_end_of_a_month_of_28_29_or_31(first, days, working, met):
    made = tuple(check(first.replace(day=day), ()) for day in days)
    assert worked("shortage-damage", period_of("month", first), checks=made).met is met, working


def test_a_new_year_begins_to_count_anew():
    december = (check(date(2026, 12, 31), ()),)
    assert not worked("shortage-damage", period_of("month", NEW_YEAR), checks=december).started


# ---------------------------------------------------------------- long holidays

EVE, BACK = date(2026, 9, 30), date(2026, 10, 9)  # no delivery from 1 to 8 October
GOLDEN = only(EVE, BACK)
EVE_DAY, BACK_DAY = period_of("day", EVE), period_of("day", BACK)


@pytest.mark.parametrize(
    "code", ["receipt-sample", "return-audit", "registered-balance", "advance-watch", "pre-shift-meeting"]
)
def test_a_holiday_has_no_daily_duty_and_keeps_the_list_of_its_eve_open(code):
    holiday = period_of("day", date(2026, 10, 4))
    assert reasons(worked(code, holiday, calendar=GOLDEN)) == ["no-delivery"]
    line = worked(code, EVE_DAY, calendar=GOLDEN, volumes={(EVE, "registered"): 1})
    open_until = EVE if code == "pre-shift-meeting" else BACK
    assert line.closes_at == midnight_after(open_until.year, open_until.month, open_until.day)


def test_after_a_holiday_the_opening_is_what_its_eve_carried_over():
    eve = replace(balanced(EVE), header={**balanced().header, "carried": 7})
    line = worked("registered-balance", BACK_DAY, calendar=GOLDEN, balances=(eve,))
    assert ("balance-expected", {"opening": 7, "received": None}) in line.why


# duty; the record of the week's only delivery day; sessions required
ONE_DELIVERY_DAY = [
    ("letter-check-city", letters("ABCDEF", 4), 1),
    ("relay-city", calls(*range(10)), 1),
    ("relay-rural", calls(*range(5)), 1),
    ("parcel-check", items(20), 1),
]


@pytest.mark.parametrize(("code", "what", "required"), ONE_DELIVERY_DAY)
def test_a_holiday_week_with_one_delivery_day_asks_for_one_session(code, what, required):
    week = {"calendar": only(WED), "points": points(12), "kinds": LETTERS}
    line = worked(code, WEEK, checks=(check(WED, what),), **week)
    assert (line.required, closed(line)) == (required, "met")
    assert closed(worked(code, WEEK, volumes={(WED, "parcel"): 30}, **week)) == "missed"


# delivery days of November; checks on; working; met
FEW_DAYS = [
    ((18,), (), "1 - 0 = 1: three are never exceeded", True),
    ((4, 11, 18), (), "3 - 0 = 3", True),
    ((4, 11, 18, 25), (), "4 - 0 = 4", False),
    ((4, 11, 18, 25), (5,), "the 5th is no delivery day: number 1, like the 4th; 4 - 1 = 3", True),
]


@pytest.mark.parametrize(("days", "checks", "working", "met"), FEW_DAYS)
def test_every_three_days_where_the_mail_comes_once_a_week(days, checks, working, met):
    calendar = only(*(date(2026, 11, day) for day in days))
    made = tuple(check(date(2026, 11, day), ()) for day in checks)
    assert worked("shortage-damage", MONTH, checks=made, calendar=calendar).met is met, working


# ---------------------------------------------------------------- days with 0, 19, 20 and 21

# how many; receipts to sample; returned items to audit; items to watch; parcels of a session
COUNTS = [
    (0, None, None, None, None),
    (19, 2, 19, 19, 19),
    (20, 2, 20, 20, 20),
    (21, 3, 21, 20, 20),
]


@pytest.mark.parametrize(("count", "receipts", "returned", "watched", "session"), COUNTS)
def test_a_day_with_0_19_20_and_21_parcels(count, receipts, returned, watched, session):
    volumes = {(TUE, name): 0 for name in CLASSES} | {(TUE, "parcel"): count, (TUE, "returned"): count}
    for code, required in (
        ("receipt-sample", receipts),
        ("return-audit", returned),
        ("advance-watch", watched),
    ):
        line = worked(code, DAY, volumes=volumes)
        assert (line.required, line.applicable) == (required, required is not None), code
        done = check(TUE, items(required or 0))
        assert worked(code, DAY, volumes=volumes, checks=(done,), picks=(done,)).met is (required is not None)
    only_tuesday = {"volumes": volumes, "calendar": only(TUE)}
    assert worked("parcel-check", WEEK, **only_tuesday).applicable is (session is not None)
    if session:
        enough, short = (check(TUE, items(n)) for n in (session, session - 1))
        assert worked("parcel-check", WEEK, checks=(enough,), **only_tuesday).met
        assert not worked("parcel-check", WEEK, checks=(short,), **only_tuesday).met


@pytest.mark.parametrize("code", ["letter-check-city", "pre-shift-meeting", "relay-city", "relay-rural"])
@pytest.mark.parametrize("volumes", [{}, {(TUE, name): 0 for name in CLASSES}])
def test_what_is_not_measured_by_volume_is_due_whatever_came(code, volumes):
    one = duty(code)
    line = worked(code, period_of(one.period, TUE), volumes=volumes, points=points(12), kinds=LETTERS)
    assert closed(line) == "missed"


# ---------------------------------------------------------------- two inspectors on one date

FIVE = {(TUE, "returned"): 5}
# duty; what the one did; what the other; further inputs; done; items counted
TOGETHER = [
    ("receipt-sample", items("1", "2"), items("2", "3"), {"volumes": {(TUE, "parcel"): 30, (TUE, "express"): 0, (TUE, "registered"): 0}}, 3, 3),
    ("return-audit", numbers(0, 2), numbers(2, 4), {"volumes": FIVE}, 5, 5),
    ("advance-watch", items(12), numbers(8, 19), {"picks": (check(TUE, items(20)),)}, 20, 20),
    ("parcel-check", numbers(0, 11), numbers(8, 19), {}, 1, 20),
    ("letter-check-city", letters("ABCDEF", 0), letters("", 4, 50), {"kinds": LETTERS}, 1, 10),
    ("letter-check-city", letters("ABC", 2), letters("CDE", 2, 50), {"kinds": LETTERS}, 0, 10),
    ("letter-check-rural", letters("", 3), letters("", 2, 50), {}, 1, 5),
    ("relay-monthly", calls(*range(7)), calls(*range(5, 12)), {}, 12, 12),
    ("relay-city", calls(*range(6)), calls(*range(4, 10)), {}, 1, 10),
    ("relay-rural", calls(0, 1, 2), calls(2, 3, 4), {}, 1, 5),
    ("relay-coverage", calls(*range(7)), calls(*range(5, 12)), {}, 12, 12),
    ("shortage-damage", (), (), {}, 1, 0),
]  # fmt: skip


@pytest.mark.parametrize(("code", "one", "other", "more", "done", "counted"), TOGETHER)
def test_two_inspectors_on_one_date_are_one_session_and_each_item_counts_once(
    code, one, other, more, done, counted
):
    period = period_of(duty(code).period, TUE)
    line = worked(code, period, checks=(check(TUE, one), check(TUE, other)), points=points(12), **more)
    assert (line.done, line.items) == (done, counted)


@pytest.mark.parametrize("code", ["pre-shift-meeting", "monthly-analysis"])
def test_two_meetings_on_one_date_are_one(code):
    twice = (check(TUE, (), roles="director"), check(TUE, (), roles="director"))
    assert worked(code, period_of(duty(code).period, TUE), checks=twice).done == 1


def test_of_two_balances_of_one_day_the_newer_is_in_force():
    older, newer = balanced(carried=1), balanced()
    line = worked("registered-balance", DAY, checks=(older, newer), kinds=KINDS)
    assert (line.done, "balance-differs" in reasons(line)) == (1, False)
