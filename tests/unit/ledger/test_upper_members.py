"""Who is to be covered by a county, a league, the region: as of when, for how long, and what closing changes."""

from dataclasses import replace
from datetime import date

import pytest

from tests.ledger_tables import MON
from tests.upper_tables import (
    HALF,
    LONG_AGO,
    MONTH,
    NEVER,
    QUARTER,
    WEEK,
    YEAR,
    about,
    audit,
    below,
    calls,
    city,
    follow,
    nov,
    parcels,
    points,
    rural,
    told,
    unit,
    visit,
    why,
    worked,
)  # fmt: skip
from webapp.ledger.rules import Point
from webapp.rulebook.periods import period_of

FIRST = nov(1)


def onsite(world, *visits, **more):
    return told(worked("onsite-depts", MONTH, world, *visits, **more))


def test_a_department_opened_on_the_24th_is_covered_and_one_of_the_25th_is_not():
    """Seven days of November are the 24th to the 30th."""
    assert onsite(below(unit("A1a", opened=nov(24)))) == (0, 1, "missed")
    assert onsite(below(unit("A1a", opened=nov(25)))) == (0, None, "not-applicable")


@pytest.mark.parametrize(
    ("code", "period", "last", "first"),
    [
        ("parcel-onsite", QUARTER, date(2026, 12, 11), date(2026, 12, 12)),
        ("letter-onsite-league-half-year", HALF, date(2026, 11, 17), date(2026, 11, 18)),
        ("letter-onsite-county-year", YEAR, date(2026, 10, 3), date(2026, 10, 4)),
    ],
)
def test_of_longer_periods_a_quarter_of_it(code, period, last, first):
    """21 days of a quarter, 45 of a half-year, 90 of a year."""
    assert worked(code, period, below(unit("A1a", opened=last))).applicable
    assert not worked(code, period, below(unit("A1a", opened=first))).applicable


def test_of_a_week_all_of_it():
    for opened, closed, covered in ((MON, None, True), (nov(17), None, False), (LONG_AGO, nov(22), False), (LONG_AGO, nov(23), True)):  # fmt: skip
        world = below(unit("A1a", opened=opened, closed=closed))
        assert worked("letter-review", WEEK, world).applicable is covered


def test_days_of_two_lives_are_counted_together():
    """Open on 1 to 3 November and again from the 27th on: seven days."""
    spans = ((LONG_AGO, nov(4)), (nov(27), None))
    assert onsite(below(unit("A1a", spans=spans))) == (0, 1, "missed")
    assert onsite(below(unit("A1a", spans=((LONG_AGO, nov(3)), (nov(27), None))))) == (
        0,
        None,
        "not-applicable",
    )


def test_while_the_period_runs_todays_units_count_by_the_dates_known_so_far():
    closing = below(*city("A1a"), unit("A1b", closed=nov(20)))
    line = worked("letter-onsite-county-month", MONTH, closing, today=nov(19))
    assert line.required == 2
    assert worked("letter-onsite-county-month", MONTH, closing, today=nov(20)).required == 1


# ---------------------------------------------------------------- who leaves


def test_who_closed_after_a_visit_keeps_the_credit_of_a_percent_and_is_asked_of_nobody():
    """Of four city departments two are asked for; one of two visited closes, and one of three is asked for."""
    open = below(*city("A1a", "A1b", "A1c", "A1d"))
    visits = visit("A1a", nov(3)), visit("A1b", nov(4))
    assert onsite(open, *visits) == (2, 2, "met")
    closed = below(unit("A1a", closed=nov(10)), *city("A1b", "A1c", "A1d"))
    assert onsite(closed, *visits) == (1, 1, "met")
    line = worked("onsite-depts", MONTH, closed, visits[0])
    assert (told(line), why(line)["A1a"]) == ((1, 1, "met"), "left")


def test_who_closed_without_a_visit_is_not_missed():
    assert onsite(below(*city("A1a"), unit("A1b", closed=nov(10))), visit("A1a", nov(3))) == (1, 1, "met")
    assert onsite(below(unit("A1b", closed=nov(10)))) == (0, None, "not-applicable")


def test_who_closes_leaves_all():
    """Followed in May, closed in June: asked of nobody that half of the year."""
    period = period_of("half-year", nov(5, 5))
    world = below(unit("A1a", closed=nov(10, 6)), *city("A1b"))
    made = follow("A1a", nov(5, 5), 5, "league")
    assert told(worked("letter-onsite-league-half-year", period, world, made)) == (0, 1, "missed")
    both = worked(
        "letter-onsite-league-half-year", period, world, made, follow("A1b", nov(6, 5), 5, "league")
    )
    assert told(both) == (1, 1, "met")


def test_who_opens_and_closes_in_a_year():
    """Open in the year for 90 days and on its last day: only the one that stays."""
    stays, left = unit("A1a", opened=nov(1, 9)), unit("A1b", opened=nov(1, 3), closed=nov(1, 9))
    line = worked("letter-onsite-county-year", YEAR, below(stays, left), follow("A1a", nov(2, 9), 5))
    assert told(line) == (1, 1, "met")


def test_the_only_department_of_a_county_closes_after_its_parcels_were_checked():
    """Six departments in two counties; the county of one that was checked keeps its credit."""
    rest = city("A1a", "A1b", "A1c", "A1d", "A1e")
    checks = [parcels(one, nov(3), 1, 20) for one in ("A1a", "A1b", "A1c", "A1d", "A2a")]
    assert told(worked("parcel-onsite", QUARTER, below(*rest, *city("A2a")), *checks)) == (6, 6, "met")
    closed = below(*rest, unit("A2a", closed=nov(10, 12)))
    assert told(worked("parcel-onsite", QUARTER, closed, *checks)) == (6, 6, "met")


def test_a_point_called_at_and_then_closed_keeps_its_call():
    open = below(unit("A1a", points=points(6)))
    calls_at = calls("A1a", nov(3), 0, 1, 2, 3, 4)
    assert told(worked("relay-county", MONTH, open, calls_at)) == (5, 5, "met")
    for closed in range(7):
        world = below(
            unit("A1a", points=(*points(closed, closed_on=nov(9)), *points(6 - closed, first=closed)))
        )
        assert told(worked("relay-county", MONTH, world, calls_at))[2] in ("met", "not-applicable"), closed
    one_left = below(unit("A1a", points=(*points(5, closed_on=nov(9)), *points(1, first=5))))
    assert told(worked("relay-county", MONTH, one_left, calls_at)) == (1, 1, "met")


def test_points_of_the_24th_and_of_the_25th():
    assert told(worked("relay-county", MONTH, below(unit("A1a", points=points(2, nov(24)))))) == (
        0,
        2,
        "missed",
    )
    assert told(worked("relay-county", MONTH, below(unit("A1a", points=points(2, nov(25)))))) == (
        0,
        None,
        "not-applicable",
    )


def test_a_point_of_two_lives_is_one_point():
    lives = (Point("P0", LONG_AGO, nov(5)), Point("P0", nov(20), None))
    assert told(worked("relay-county", MONTH, below(unit("A1a", points=lives)), calls("A1a", nov(3), 0))) == (
        1,
        1,
        "met",
    )


def test_an_audited_department_that_closes_takes_its_audit_with_it_to_nobodys_harm():
    """Six visited, five audited: met; whichever closes afterwards, it stays so."""
    names = [f"A1{letter}" for letter in "abcdef"]
    records = [about("dept-visit", one, nov(3), by="county", id=f"v-{one}") for one in names]
    seen = audit("A", nov(2, 12), FIRST, *(f"v-{one}" for one in names[:5]))
    assert told(worked("region-reports", MONTH, below(*city(*names), records=records), seen)) == (1, 1, "met")
    for gone in names:
        left = [unit(one, closed=nov(29) if one == gone else None) for one in names]
        assert told(worked("region-reports", MONTH, below(*left, records=records), seen)) == (1, 1, "met"), (
            gone
        )


def test_an_audited_report_that_is_withdrawn_or_corrected_afterwards_was_audited():
    records = [about("dept-visit", one, nov(3), by="county", id=f"v-{one}") for one in ("A1a", "A1b")]
    seen = audit("A", nov(2, 12), FIRST, "v-A1a", "v-A1b")
    corrected = [replace(records[0], in_force=False), replace(records[0], id="again"), records[1]]
    withdrawn = [replace(records[0], in_force=False), records[1]]
    for now in (records, corrected, withdrawn):
        assert told(worked("region-reports", MONTH, below(*city("A1a", "A1b"), records=now), seen)) == (
            1,
            1,
            "met",
        )


# ---------------------------------------------------------------- what a unit is


def test_setting_and_services_hold_as_on_the_first_day():
    turned = unit("A1a", settings=((LONG_AGO, "rural"), (nov(2), "city")))
    line = worked("onsite-depts", MONTH, below(turned))
    assert [values.get("setting") for _, values in line.why] == ["rural"]
    december = period_of("month", nov(1, 12))
    line = worked("onsite-depts", december, below(turned))
    assert [values.get("setting") for _, values in line.why] == ["city"]


@pytest.mark.parametrize(
    ("services", "covered"),
    [
        ((("delivery", nov(1), None),), True),
        ((("delivery", nov(2), None), "counter"), False),  # begun in the month: from the next on
        ((("delivery", LONG_AGO, nov(1)), "counter"), True),  # held on the first day, for the whole month
        ((("delivery", LONG_AGO, nov(31, 10)), "counter"), False),
        (("counter", "financial"), False),
    ],
)
def test_who_delivers_on_the_first_day_is_covered(services, covered):
    assert worked("onsite-depts", MONTH, below(unit("A1a", services=services))).applicable is covered


def test_who_opens_in_the_month_is_what_it_opened_as():
    opened = unit(
        "A1a",
        opened=nov(9),
        settings=((nov(9), "rural"), (nov(12), "city")),
        services=(("delivery", nov(9), None),),
    )
    line = worked("onsite-depts", MONTH, below(opened))
    assert [values.get("setting") for _, values in line.why] == ["rural"]


def test_a_delivery_bureau_is_a_county_and_a_counter_bureau_is_none():
    for bureau, counties in ((None, 2), ("delivery", 2), ("counter", 1)):
        world = below(unit("A2", bureau=bureau), *city("A1a", "A2a"))
        line = worked("letter-review-league", WEEK, world)
        assert line.required == counties, bureau


def test_a_county_counts_with_one_such_department_and_not_without():
    world = below(*city("A1a"), *rural("A2a"), unit("A3"), unit("A4a", services=("counter",)))
    assert why(worked("letter-review-league", WEEK, world)).keys() == {"A1"}
    pointed = below(unit("A1a", points=points(1)), *city("A2a"))
    assert why(worked("relay-league-month", MONTH, pointed)).keys() == {"A1"}


def test_a_setting_in_which_there_is_nobody_drops_out():
    assert onsite(below(*city("A1a", "A1b")), visit("A1a", nov(3))) == (1, 1, "met")
    assert onsite(below(*rural("A1a", "A1b")), visit("A1b", nov(3))) == (1, 1, "met")


def test_no_surplus_of_one_setting_helps_the_other():
    world = below(
        *city(*(f"A1{one}" for one in "abcdefg")), *rural("A1x")
    )  # ⌈30 % of 7⌉ = 3, ⌈15 % of 1⌉ = 1
    visits = [visit(f"A1{one}", nov(3)) for one in "abcdefg"]
    assert onsite(world, *visits) == (3, 4, "missed")
    assert onsite(world, *visits[:2], visit("A1x", nov(3))) == (3, 4, "missed")
    assert onsite(world, *visits[:3], visit("A1x", nov(3))) == (4, 4, "met")


@pytest.mark.parametrize(("offices", "needed"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (10, 3), (11, 4)])
def test_thirty_percent_is_rounded_up_in_whole_numbers(offices, needed):
    assert (
        worked("onsite-depts", MONTH, below(*city(*(f"A1{one}" for one in "abcdefghijk"[:offices])))).required
        == needed
    )


# ---------------------------------------------------------------- what decides by records


def test_a_city_department_without_a_delivery_day_of_the_week_has_no_form_to_review():
    assert not worked("letter-review", WEEK, below(unit("A1a", calendar=NEVER))).applicable
    assert worked("letter-review", WEEK, below(unit("A1a"))).applicable


@pytest.mark.parametrize(
    ("day", "came", "covered"),
    [
        (MON, None, True),
        (nov(22), nov(29), True),  # on the last day of the next week
        (MON, nov(30), False),  # after the line has closed
        (nov(23), None, False),  # another week's
        (nov(15), None, False),
    ],
)
def test_a_rural_letter_record_makes_a_member_if_it_comes_before_the_line_closes(day, came, covered):
    world = below(*rural("A1a"), records=[about("letter", "A1a", day, came=came)])
    assert worked("letter-review", WEEK, world).applicable is covered


def test_who_was_not_visited_by_county_or_league_is_not_audited():
    for by, audited in (("county", True), ("league", True), ("region", False)):
        world = below(*city("A1a"), records=[about("dept-visit", "A1a", nov(3), by=by)])
        assert worked("region-reports", MONTH, world).applicable is audited
