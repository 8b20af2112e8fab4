"""The plan of a special check, worked by hand [15.4②, 16.3]: units checked and the summary issued, in the quarter of its
report day. QUARTER is the fourth of 2026."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.plans import FIRST, LAST, REPORT, changed, entered, summed
from tests.upper_tables import QUARTER, at, below, calls, nov, points, told, unit, why, worked
from webapp.campaigns.rules import CANCEL, Step
from webapp.core.clock import end_of_day
from webapp.ledger.rules import status
from webapp.rulebook.periods import period_of

DUTY = "relay-league-quarter"
CLOSED = end_of_day(QUARTER.last)
WORLD = below(
    unit("A1a", points=points(8)),
    unit("A1b", points=points(2, first=8)),
    unit("A2a", points=points(5, first=10)),
)
A1A, A1B = range(5), (8, 9)


def line(*what, world=WORLD, period=QUARTER, **more):
    steps = tuple(one for one in what if isinstance(one, Step))
    return worked(
        DUTY, period, world, *(one for one in what if not isinstance(one, Step)), steps=steps, **more
    )


def called(code, *which, day=FIRST, **more):
    return calls(code, day, *which, by="league", **more)


def codes(found) -> list[str]:
    return [code for code, _ in found.why]


BOTH = called("A1a", *A1A), called("A1b", *A1B)


def test_without_a_plan_it_is_none_of_one():
    found = line()
    assert told(found) == (0, 1, "missed")
    assert (status(found, at(nov(20))), codes(found)) == ("due", ["plan-none"])


def test_each_unit_to_its_minimum_or_all_that_it_has_and_the_summary():
    assert told(line(entered(), *BOTH, summed(REPORT))) == (3, 3, "met")
    assert told(line(entered(), *BOTH)) == (2, 3, "missed")
    assert told(line(entered(), BOTH[0], summed(REPORT))) == (2, 3, "missed")


def test_who_is_short_is_named():
    found = line(entered(), called("A1a", 0, 1, 2, 3))
    assert why(found) == {"A1a": "short-points", "A1b": "not-begun"}
    assert [(one.done, one.required) for one in found.covered] == [(4, 5), (0, 2)]
    assert status(found, at(nov(20))) == "partial"


def test_points_are_called_at_once_and_those_of_other_units_help_nobody():
    twice = called("A1a", 0, 1, 2), called("A1a", 0, 1, 2, day=nov(3))
    assert told(line(entered(), *twice, called("A2a", *range(10, 15)))) == (0, 3, "missed")


def test_only_the_days_of_the_plan_count():
    before, after = called("A1a", *A1A, day=nov(1)), called("A1a", *A1A, day=nov(21))
    assert told(line(entered(), before, after)) == (0, 3, "missed")
    assert told(line(entered(), called("A1a", *A1A, day=LAST))) == (1, 3, "missed")


def test_a_plan_entered_after_the_quarter_is_none():
    late = entered(came=CLOSED + timedelta(hours=1))
    found = line(late, *BOTH, summed(REPORT))
    assert (told(found), codes(found)) == ((0, 1, "missed"), ["plan-none", "plan-late"])
    assert told(line(entered(came=CLOSED), *BOTH, summed(REPORT, came=CLOSED))) == (3, 3, "met")


def test_calls_on_the_days_of_the_plan_count_outside_the_quarter_of_its_report():
    days = {"first_day": nov(10, 9), "last_day": nov(30, 9), "report_day": nov(15, 10)}
    plan = entered(came=at(nov(1, 9)), **days)
    september = called("A1a", *A1A, day=nov(10, 9)), called("A1b", *A1B, day=nov(30, 9))
    assert told(line(plan, *september, summed(nov(15, 10)))) == (3, 3, "met")
    third = period_of("quarter", nov(30, 9))
    assert told(line(plan, *september, summed(nov(15, 10)), period=third)) == (0, 1, "missed")


def test_of_two_plans_the_best():
    other = entered("plan-2", units=("A2a",), minimum=3)
    found = line(entered(), other, called("A2a", 10, 11, 12), summed(REPORT, "plan-2"))
    assert (told(found), "plan-others" in codes(found)) == ((2, 2, "met"), True)
    assert told(line(entered(), other, *BOTH)) == (2, 3, "missed")


def test_a_summary_issued_after_the_quarter_or_before_it_does_not_count():
    assert told(line(entered(), *BOTH, summed(nov(31, 12)))) == (3, 3, "met")
    found = line(entered(), *BOTH, summed(date(2027, 1, 1)))
    assert (told(found), codes(found)) == ((2, 3, "missed"), ["planned", "plan-summary-late"])


def test_a_summary_is_counted_by_its_day_whenever_it_was_told():
    assert told(line(entered(), *BOTH, summed(REPORT, came=at(date(2027, 1, 5))))) == (3, 3, "met")


def test_a_unit_that_closed_is_asked_of_nobody():
    shut = below(unit("A1a", points=points(8)), unit("A1b", points=points(2, first=8), closed=nov(25)))
    assert told(line(entered(), BOTH[0], summed(REPORT), world=shut)) == (2, 2, "met")
    found = line(entered(), *BOTH, summed(REPORT), world=shut)
    assert (told(found), why(found)) == ((2, 2, "met"), {"A1a": "yes", "A1b": "left"})


def test_a_point_that_was_called_at_and_closed_keeps_its_credit():
    rest = points(5), points(3, closed_on=nov(10), first=5)
    world = below(unit("A1a", points=(*rest[0], *rest[1])))
    plan = entered(units=("A1a",))
    found = line(plan, called("A1a", 0, 1, 5, 6, 7), summed(REPORT), world=world)
    assert told(found) == (2, 2, "met")
    assert told(line(plan, called("A1a", 0, 1, 2, 3), summed(REPORT), world=world)) == (1, 2, "missed")


def test_a_point_closed_before_the_quarter_keeps_its_credit_on_the_days_of_the_plan():
    world = below(unit("A1a", points=(*points(5), *points(1, closed_on=nov(30, 9), first=5))))
    plan = entered(
        units=("A1a",), first_day=nov(10, 9), last_day=nov(30, 9), report_day=nov(15, 10), came=at(nov(1, 9))
    )
    found = line(plan, called("A1a", 0, 1, 2, 3, 5, day=nov(11, 9)), summed(nov(15, 10)), world=world)
    assert told(found) == (2, 2, "met")


def test_closing_all_points_of_a_unit_takes_it_out_of_the_plan():
    world = below(unit("A1a", points=points(8)), unit("A1b", points=points(2, closed_on=nov(12), first=8)))
    assert told(line(entered(), BOTH[0], summed(REPORT), world=world)) == (2, 2, "met")


def test_a_county_in_a_plan_is_checked_in_its_departments():
    plan = entered(units=("A1",), minimum=7)
    assert told(line(plan, called("A1a", *A1A), called("A1b", *A1B), summed(REPORT))) == (2, 2, "met")
    assert told(line(plan, called("A1a", *A1A), summed(REPORT))) == (1, 2, "missed")


@pytest.mark.parametrize(
    ("role", "counts"), [("league_inspector", True), ("campaign_inspector", True), ("county_manager", False)]
)
def test_by_the_leagues_inspectors_or_those_whom_the_plan_names(role, counts):
    made = called("A1a", *A1A, role=role), called("A1b", *A1B, role=role)
    found = line(entered(), *made, summed(REPORT))
    assert found.met is counts
    assert ("not-counted-role" in codes(found)) is not counts


def test_what_is_changed_in_the_quarter_holds_and_what_is_changed_after_it_does_not():
    within, after = changed(at(nov(3)), units=("A1a",)), changed(at(date(2027, 1, 4)), units=("A1a",))
    assert told(line(entered(), within, BOTH[0], summed(REPORT))) == (2, 2, "met")
    assert told(line(entered(), after, BOTH[0], summed(REPORT))) == (2, 3, "missed")


def test_a_plan_moved_to_the_next_quarter_is_none_of_this_one():
    moved = changed(at(nov(3)), report_day=date(2027, 1, 10))
    assert told(line(entered(), moved, *BOTH)) == (0, 1, "missed")
    later = line(entered(), moved, *BOTH, summed(date(2027, 1, 8)), period=QUARTER.next())
    assert told(later) == (3, 3, "met")


def test_a_cancelled_plan_is_none_but_not_when_it_was_cancelled_after_the_quarter():
    def cancelled(came):
        return Step("plan-1-off", "plan-1", CANCEL, came.date(), came, "somebody", {}, "并入全区检查")

    assert told(line(entered(), *BOTH, cancelled(at(nov(25))))) == (0, 1, "missed")
    after = cancelled(at(date(2027, 2, 1)))
    assert told(line(entered(), *BOTH, summed(REPORT), after)) == (3, 3, "met")


def test_a_point_too_new_for_the_quarter_is_not_asked_for():
    new = points(3, opened_on=nov(15, 12), first=8)
    world = below(unit("A1a", points=points(2)), unit("A1b", points=new))
    found = line(entered(), called("A1a", 0, 1), summed(REPORT), world=world)
    assert told(found) == (2, 2, "met")


def test_what_fails_counts_as_what_passes():
    bad = replace(BOTH[0], items=tuple(replace(one, verdict="fail") for one in BOTH[0].items))
    found = line(entered(), bad, BOTH[1], summed(REPORT))
    assert (found.met, found.items, found.passed) == (True, 7, 2)
