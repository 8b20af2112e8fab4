"""For every duty, worked by hand: who may do it and since when, offices and relay points that open or close in the middle
of a period, a report by the 10th. 2026-11-16 is a Monday."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.ledger_cases import KINDS, balanced, letters
from tests.ledger_tables import (
    FRI,
    MON,
    MONTH,
    THU,
    TUE,
    WED,
    WEEK,
    calls,
    check,
    duty,
    items,
    points,
    reasons,
    worked,
)
from webapp.core.clock import LOCAL, end_of_day
from webapp.ledger.rules import Inputs, fold, lives
from webapp.rulebook.periods import period_of
from webapp.rulebook.rules import load

FIFTEEN = [one.code for one in load().duties.values() if one.level == "department"]

# ---------------------------------------------------------------- who, and since when

# Who may do it for the department, by the articles.
WHO = {
    "receipt-sample": {"director", "inspector"},
    "return-audit": {"director", "inspector"},
    "registered-balance": {"director", "inspector"},
    "shortage-damage": {"director", "inspector"},
    "advance-watch": {"director", "inspector"},
    "parcel-check": {"team_lead", "inspector"},
    "letter-check-city": {"director", "inspector"},
    "letter-check-rural": {"director", "inspector"},
    "relay-monthly": {"director", "inspector"},
    "relay-city": {"inspector"},
    "relay-rural": {"director", "inspector"},
    "relay-coverage": {"director", "inspector"},
    "pre-shift-meeting": {"director"},
    "monthly-analysis": {"director"},
}
ROLES = ("carrier", "team_lead", "inspector", "director")
WORK = {
    "letter-check-city": letters("ABCDEF", 4),
    "letter-check-rural": letters("", 5),
    **dict.fromkeys(("relay-monthly", "relay-city", "relay-rural", "relay-coverage"), calls(*range(12))),
}


def by(code: str, role: str, day: date) -> dict:
    """What somebody in that role did on that day, with all that it needs to count."""
    what = WORK.get(code, items(20))
    made = check(day, what, roles=role, about=TUE if duty(code).closes == "next-delivery-day" else None)
    made = replace(made, header=balanced().header) if code == "registered-balance" else made
    # Chosen the day before by an inspector: whose outcome counts is another matter.
    picks = {"picks": (check(MON, what, about=TUE),)} if code == "advance-watch" else {}
    volumes = {
        (TUE, name): 20 for name in ("express", "registered", "parcel", "letter", "periodical", "returned")
    }
    return {"checks": (made,), "points": points(12), "kinds": KINDS, "volumes": volumes, **picks}  # fmt: skip


@pytest.mark.parametrize("code", WHO)
def test_only_the_roles_that_the_article_names_count(code):
    period = period_of(duty(code).period, TUE)
    assert {role for role in ROLES if worked(code, period, **by(code, role, TUE)).done} == WHO[code]


def test_the_register_needs_no_role_but_that_of_who_confirms():
    assert set(FIFTEEN) - WHO.keys() == {"relay-register"}
    assert duty("relay-register").roles == {"director"}


# Appointed on Wednesday: what a person did on Tuesday was a carrier's, what on Thursday an inspector's.
WEEKLY_AND_MONTHLY = [code for code in WHO if duty(code).period != "day" and "inspector" in WHO[code]]


@pytest.mark.parametrize("code", WEEKLY_AND_MONTHLY)
def test_an_inspector_appointed_in_mid_week_counts_from_that_day_on(code):
    before, since = by(code, "carrier", TUE), by(code, "inspector", THU)
    line = worked(
        code, period_of(duty(code).period, TUE), **{**since, "checks": before["checks"] + since["checks"]}
    )
    alone = worked(code, period_of(duty(code).period, TUE), **since)
    assert (line.done, line.items) == (alone.done, alone.items)
    assert alone.done and ("not-counted-role", {"day": TUE.isoformat(), "checks": 1}) in line.why


@pytest.mark.parametrize("code", ["receipt-sample", "return-audit", "registered-balance", "advance-watch"])
def test_who_becomes_inspector_on_wednesday_may_still_close_tuesdays_list(code):
    day = period_of("day", TUE)
    assert worked(code, day, **by(code, "inspector", WED)).done
    assert not worked(code, day, **by(code, "carrier", WED)).done


# ---------------------------------------------------------------- offices that open and close in mid-month

OPENED = CLOSED = WED  # 18 November


@pytest.mark.parametrize("code", FIFTEEN)
def test_an_office_opened_in_mid_month_begins_with_its_first_whole_period(code):
    one = duty(code)
    here = period_of(one.period, WED)
    begins_now = one.period == "day" or code == "shortage-damage"
    assert lives(one, here, OPENED, None) is begins_now
    assert lives(one, here.next(), OPENED, None)
    assert not lives(one, here.previous(), OPENED, None)


@pytest.mark.parametrize("code", FIFTEEN)
def test_an_office_closed_in_mid_month_ends_with_its_last_whole_period(code):
    one = duty(code)
    here = period_of(one.period, WED)
    assert lives(one, here, date(2026, 1, 1), CLOSED) is (code == "shortage-damage")
    assert lives(one, here.previous(), date(2026, 1, 1), CLOSED)
    assert not lives(one, here.next(), date(2026, 1, 1), CLOSED)


# ---------------------------------------------------------------- points that open and close in mid-month

# opened on; closed on; working; counts for: the register, the month's calls, coverage, the two weeks
POINTS = [
    (date(2026, 11, 18), None, "13 days of November; not all week", True, False),
    (date(2026, 11, 16), None, "15 days of November; all week", True, True),
    (date(2026, 11, 24), None, "7 days; after the week", True, False),
    (date(2026, 11, 25), None, "6 days", False, False),
    (date(2026, 1, 1), date(2026, 11, 18), "closed before the 30th, and in the week", False, False),
    (date(2026, 1, 1), date(2026, 11, 23), "closed before the 30th, after the week", False, True),
    (date(2026, 1, 1), date(2026, 12, 1), "open on the 30th", True, True),
]


@pytest.mark.parametrize(("opened_on", "closed_on", "working", "month", "week"), POINTS)
def test_points_that_open_or_close_in_mid_month(opened_on, closed_on, working, month, week):
    register = points(1, opened_on, closed_on)
    for code in ("relay-register", "relay-monthly", "relay-coverage"):
        assert worked(code, MONTH, points=register).applicable is month, (code, working)
    for code in ("relay-city", "relay-rural"):
        assert worked(code, WEEK, points=register).applicable is week, (code, working)


# ---------------------------------------------------------------- a report by the 10th of the next month

REPORT = replace(
    duty("monthly-analysis"), code="report", closes="tenth", roles=frozenset({"league_inspector"})
)
# sent on; working; met
TENTH = [
    (date(2026, 11, 30), "within the month", True),
    (date(2026, 12, 10), "on the 10th", True),
    (date(2026, 12, 11), "on the 11th", False),
]


@pytest.mark.parametrize(("sent", "working", "met"), TENTH)
def test_a_report_about_a_month_is_sent_by_the_10th_of_the_next(sent, working, met):
    report = check(sent, (), roles="league_inspector", about=MONTH.last)
    line = fold(REPORT, MONTH, Inputs(checks=(report,)))
    assert (line.met, line.closes_at) == (met, datetime(2026, 12, 11, tzinfo=LOCAL)), working
    assert ("not-counted-late" in reasons(line)) is not met


@pytest.mark.parametrize(
    ("life", "closes_on"),
    [({}, WED), ({"closed_on": WED}, TUE), ({"closed_on": THU}, WED), ({"pauses": ((WED, FRI),)}, TUE)],
)
def test_the_lines_of_a_units_last_day_close_with_it(life, closes_on):
    line = worked("pre-shift-meeting", period_of("day", TUE), **life)
    audit = worked("return-audit", period_of("day", TUE), volumes={(TUE, "returned"): 1}, **life)
    assert line.closes_at == end_of_day(TUE)
    assert audit.closes_at == end_of_day(closes_on)
