"""The receipt sample [14.1(1)], worked by hand: every day at least 10 % of the express and 给据 items of the day's list.

Readings: 10 % rounds up over all classes together; of a class on sealed manifests only their numbers count; the line
closes at the end of the next delivery day; a recorded zero is not applicable; a missing volume is unknown only where
some value of it would change the verdict.
"""

from datetime import date, datetime

import pytest

from tests.ledger_tables import FRI, MON, THU, TUE, WED, check, closed, items, numbers, only, reasons, worked
from webapp.core.clock import LOCAL
from webapp.ledger.rules import status
from webapp.rulebook.periods import period_of

DAY = period_of("day", TUE)


def volumes(express, registered, parcel) -> dict:
    counts = {"express": express, "registered": registered, "parcel": parcel}
    return {(TUE, name): count for name, count in counts.items() if count is not None}


def sample(*checks, **more):
    return worked("receipt-sample", DAY, checks=checks, **more)


# express, registered, parcel; working; required
REQUIRED = [
    ((0, 0, 1), "0.1 → 1", 1),
    ((3, 3, 4), "10 items: 1.0 → 1", 1),
    ((11, 0, 0), "1.1 → 2", 2),
    ((0, 0, 19), "1.9 → 2", 2),
    ((0, 0, 20), "2.0 → 2", 2),
    ((0, 0, 21), "2.1 → 3", 3),
    ((9, 9, 9), "27 together: 2.7 → 3, not 1 + 1 + 1 by class (which is 3 too)", 3),
    ((1, 1, 1), "3 together: 0.3 → 1, not one of each class", 1),
    ((100, 0, 0), "10.0 → 10", 10),
    ((100, 1, 0), "10.1 → 11", 11),
]


@pytest.mark.parametrize(("counts", "working", "required"), REQUIRED)
def test_ten_percent_of_the_days_items_rounded_up(counts, working, required):
    line = sample(volumes=volumes(*counts))
    assert (line.required, line.applicable, line.done) == (required, True, 0), working
    assert closed(line) == "missed"


@pytest.mark.parametrize(("checked", "expected"), [(1, "missed"), (2, "missed"), (3, "met"), (4, "met")])
def test_a_day_of_21_items_is_met_with_three(checked, expected):
    line = sample(check(TUE, items(checked)), volumes=volumes(0, 0, 21))
    assert (line.required, line.done, closed(line)) == (3, checked, expected)


def test_a_day_recorded_as_zero_is_not_applicable():
    line = sample(volumes=volumes(0, 0, 0))
    assert (line.applicable, closed(line), reasons(line)) == (False, "not-applicable", ["zero-volume"])


def test_a_day_without_delivery_is_not_applicable_whatever_was_typed():
    line = sample(volumes=volumes(5, 5, 5), calendar=only(MON, WED))
    assert (line.applicable, reasons(line)) == (False, ["no-delivery"])


# express, registered, parcel (None: missing); parcels checked; express checked; working; closed status
MISSING = [
    ((None, None, None), 0, 0, "may have been a zero day", "unknown"),
    ((None, None, None), 1, 0, "of 1 to 10 items one is enough, of 11 not", "unknown"),
    ((None, 10, 5), 0, 0, "at least 15 items: at least 2 were to be checked", "missed"),
    ((None, 10, 5), 1, 0, "likewise", "missed"),
    ((None, 10, 5), 2, 0, "2 of 15 to 20 is enough, of 21 not", "unknown"),
    ((None, 10, 10), 2, 0, "2 of 20 would be enough if no express came", "unknown"),
    ((None, 10, 10), 1, 1, "one express at least, so 21 items at least: 3", "missed"),
    ((None, 0, 0), 0, 3, "at least 3 express came: of 3 to 30 three is enough", "unknown"),
    ((None, 0, 0), 0, 0, "may have been a zero day", "unknown"),
]


@pytest.mark.parametrize(("counts", "parcels", "express", "working", "expected"), MISSING)
def test_a_missing_volume_is_unknown_only_where_it_could_change_the_verdict(
    counts, parcels, express, working, expected
):
    done = check(TUE, (*items(parcels), *items(express, of="express")))
    line = sample(*([done] if parcels + express else []), volumes=volumes(*counts))
    assert line.required is None
    assert closed(line) == expected, working
    assert status(line, datetime(2026, 11, 17, 12, tzinfo=LOCAL)) == (
        "partial" if parcels + express else "due"
    )


def test_only_numbers_on_the_sealed_list_count():
    listed = {TUE: {f"E{n}": "express" for n in range(20)}}
    whole = {"volumes": volumes(20, 0, 0), "listed": listed, "sealed": frozenset({TUE})}
    strangers = sample(check(TUE, numbers(50, 59, of="express")), **whole)
    assert (strangers.done, closed(strangers)) == (0, "missed")
    assert "off-list" in reasons(strangers)
    right = sample(check(TUE, numbers(0, 1, of="express")), **whole)
    assert (right.done, closed(right)) == (2, "met")


def test_where_a_second_list_is_unsealed_only_the_classes_on_the_sealed_one_are_bound_to_it():
    listed = {TUE: {f"E{n}": "express" for n in range(5)}}
    done = check(TUE, (*numbers(90, 99, of="express"), *items(2)))
    line = sample(done, volumes=volumes(10, 0, 10), listed=listed)
    assert (line.required, line.done, closed(line)) == (
        2,
        2,
        "met",
    )  # two parcels; none of the strange express


def test_an_item_of_a_class_recorded_as_zero_does_not_count():
    line = sample(check(TUE, items(5)), volumes=volumes(10, 0, 0))
    assert (line.done, closed(line)) == (0, "missed")


def test_a_number_checked_twice_is_one_item_and_a_fail_wins():
    twice = [check(TUE, items("1")), check(TUE, items("1", verdict="fail")), check(TUE, items("1"))]
    line = sample(*twice, volumes=volumes(0, 0, 11))
    assert (line.required, line.done, line.items, line.passed, line.failed) == (2, 1, 1, 0, 1)


def test_two_inspectors_on_one_list_count_together():
    line = sample(check(TUE, items("1", "2")), check(WED, items("3"), about=TUE), volumes=volumes(0, 0, 21))
    assert (line.done, closed(line)) == (3, "met")


# calendar; day of the work; counts? (the list's day is Tuesday)
IN_TIME = [
    (only(MON, TUE, WED, THU), TUE, True),
    (only(MON, TUE, WED, THU), WED, True),
    (only(MON, TUE, WED, THU), THU, False),
    (only(MON, TUE, FRI), THU, True),  # Wednesday and Thursday are holidays: Friday is the next delivery day
    (only(MON, TUE, FRI), FRI, True),
]


@pytest.mark.parametrize(("calendar", "work_date", "counts"), IN_TIME)
def test_a_list_may_be_sampled_until_the_end_of_the_next_delivery_day(calendar, work_date, counts):
    line = sample(check(work_date, items(1), about=TUE), volumes=volumes(0, 0, 5), calendar=calendar)
    assert line.met is counts
    assert ("not-counted-late" in reasons(line)) is not counts


def test_the_line_closes_when_the_next_delivery_day_ends():
    assert sample(volumes=volumes(1, 0, 0)).closes_at == datetime(2026, 11, 19, 0, 0, tzinfo=LOCAL)
    holidays = sample(volumes=volumes(1, 0, 0), calendar=only(TUE, FRI))
    assert holidays.closes_at == datetime(2026, 11, 21, 0, 0, tzinfo=LOCAL)


# roles; own department; the office's only person that day; counts?
WHO = [
    ("inspector", True, False, True),
    ("director", True, False, True),
    ("team_lead", True, False, False),
    ("carrier", True, False, False),
    ("carrier inspector", True, False, True),
    ("county_manager", False, False, False),
    ("county_manager", False, True, True),
    ("league_inspector", False, True, False),
    ("inspector", False, True, False),  # an inspector of another office
]


@pytest.mark.parametrize(("roles", "own", "sole", "counts"), WHO)
def test_who_may_sample(roles, own, sole, counts):
    done = check(TUE, items(1), roles=roles, own=own)
    line = sample(done, volumes=volumes(0, 0, 5), sole_days=frozenset({TUE} if sole else ()))
    assert line.met is counts
    assert ("sole-person" in reasons(line)) is (counts and not own)


def test_drawn_and_announced_items_are_told_apart():
    drawn = {TUE: {"P0": False, "P1": False, "P2": True}}
    done = check(TUE, (*items("0", "2", "7"), *items("1", verdict="fail")))
    line = sample(done, volumes=volumes(0, 0, 21), drawn=drawn)
    assert (line.items, line.passed, line.drawn, line.drawn_passed, line.announced) == (4, 3, 2, 1, 1)


def test_the_last_day_of_the_year_closes_in_the_next():
    day = date(2026, 12, 31)
    line = worked("receipt-sample", period_of("day", day), volumes={(day, "express"): 1, (day, "registered"): 0, (day, "parcel"): 0},
                  checks=(check(date(2027, 1, 1), items(1, of="express"), about=day),))  # fmt: skip
    assert (closed(line), line.closes_at) == ("met", datetime(2027, 1, 2, tzinfo=LOCAL))
