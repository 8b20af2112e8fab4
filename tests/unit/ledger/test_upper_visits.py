"""What makes a department count where somebody of county, league or region was there: visits, parcels, letters, points."""

from dataclasses import replace

import pytest

from tests.ledger_tables import LONG_AFTER, MONTH, duty
from tests.upper_tables import (
    HALF,
    QUARTER,
    YEAR,
    about,
    at,
    below,
    calls,
    city,
    done,
    follow,
    inputs,
    look,
    meeting,
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
from webapp.ledger.reasons import sentence
from webapp.ledger.rules import Checked, Inputs, fold, status
from webapp.rulebook.coverage import Each, Need, Spread
from webapp.rulebook.rules import load

ONE = below(*city("A1a"))


def onsite(*visits, world=ONE):
    line = worked("onsite-depts", MONTH, world, *visits)
    return line.met, line.covered[0].reason


# ---------------------------------------------------------------- 15.1: visits


def test_each_of_express_letters_and_periodicals_is_looked_at():
    assert onsite(visit("A1a", nov(3))) == (True, "")
    assert onsite(visit("A1a", nov(3), ["express", "letters", "general"])) == (False, "short-groups")


def test_a_visit_in_two_parts_covers_the_classes_together():
    parts = visit("A1a", nov(3), ["express"]), visit("A1a", nov(24), ["letters", "periodicals"])
    assert onsite(*parts) == (True, "")
    assert onsite(*parts[1:]) == (False, "short-groups")


def test_what_fails_counts_as_what_passes():
    failed = visit("A1a", nov(3))
    failed = replace(failed, items=tuple(replace(one, verdict="fail") for one in failed.items))
    line = worked("onsite-depts", MONTH, ONE, failed)
    assert (line.met, line.items, line.passed) == (True, 1, 0)


def test_a_visit_that_only_looked_at_other_things_begins_nothing():
    line = worked("onsite-depts", MONTH, ONE, visit("A1a", nov(3), ["general"]))
    assert (line.started, status(line, at(nov(20)))) == (False, "due")
    assert worked("onsite-depts", MONTH, ONE, visit("A1a", nov(3), ["express"])).started


@pytest.mark.parametrize("method", ["on-site", "open", "covert", "unannounced"])
def test_whatever_is_done_at_the_place_is_on_site(method):
    assert onsite(visit("A1a", nov(3), method=method)) == (True, "")


@pytest.mark.parametrize("method", ["system", "records", "recording", "call"])
def test_by_telephone_or_by_papers_is_not_on_site(method):
    line = worked("onsite-depts", MONTH, ONE, visit("A1a", nov(3), method=method))
    assert (line.met, line.started) == (False, False)
    assert ("not-as-asked", {"checks": 1}) in line.why


def test_without_findings_there_is_no_report():
    assert onsite(visit("A1a", nov(3), findings=0)) == (False, "not-begun")


def test_on_the_last_day_of_the_month_and_on_the_first_of_the_next():
    assert onsite(visit("A1a", nov(30))) == (True, "")
    assert onsite(visit("A1a", nov(1, 12))) == (False, "not-begun")


# ---------------------------------------------------------------- 15.2: parcels of a quarter


def test_twenty_parcels_of_a_quarter_and_nineteen():
    world = below(*city("A1a"))
    for last, met in ((19, False), (20, True)):
        line = worked("parcel-onsite", QUARTER, world, parcels("A1a", nov(3), 1, last))
        assert line.met is met
    assert line.required == 2  # min(5, 1) department and ⌈50 % of 1⌉ county


def test_parcels_of_several_days_are_counted_together_and_each_once():
    def line(*checks):
        return worked("parcel-onsite", QUARTER, ONE, *checks)

    assert line(parcels("A1a", nov(3, 10), 1, 10), parcels("A1a", nov(31, 12), 11, 20)).met
    again = line(parcels("A1a", nov(3, 10), 1, 10), parcels("A1a", nov(31, 12), 10, 19))
    assert (again.met, again.covered[0].done, again.covered[0].reason) == (False, 19, "short-items")


def test_five_departments_or_all_there_are():
    for offices, needed in (("abc", 3), ("abcde", 5), ("abcdefg", 5)):
        line = worked("parcel-onsite", QUARTER, below(*city(*(f"A1{one}" for one in offices))))
        assert line.required == needed + 1  # and the county


def test_five_departments_of_one_county_of_three_are_not_enough():
    world = below(*city("A1a", "A1b", "A1c", "A1d", "A1e", "A2a", "A3a"))
    five = [parcels(f"A1{one}", nov(3), 1, 20) for one in "abcde"]
    assert told(worked("parcel-onsite", QUARTER, world, *five)) == (6, 7, "missed")
    assert told(worked("parcel-onsite", QUARTER, world, *five[:4], parcels("A2a", nov(3), 1, 20))) == (
        7,
        7,
        "met",
    )
    assert told(worked("parcel-onsite", QUARTER, world, *five[:3], parcels("A2a", nov(3), 1, 20))) == (
        6,
        7,
        "missed",
    )


# ---------------------------------------------------------------- 15.3 ②: letters followed


@pytest.mark.parametrize("code", ["letter-onsite-county-month", "letter-onsite-league-month"])
@pytest.mark.parametrize(
    ("days", "met"),
    [((5,), True), ((4,), False), ((4, 1), False), ((3, 2), False), ((4, 5), True)],
)
def test_five_letters_on_one_date(code, days, met):
    """每次: four one day and one the next are no five."""
    by = code.split("-")[2]
    walks = [follow("A1a", nov(3 + n), letters, by) for n, letters in enumerate(days)]
    assert worked(code, MONTH, ONE, *walks).met is met


def test_five_letters_of_one_date_in_two_records():
    assert worked(
        "letter-onsite-county-month", MONTH, ONE, follow("A1a", nov(3), 3), follow("A1a", nov(3), 2)
    ).met


def test_diamond_customers_letters_are_nonlocal_and_local_ones_do_not_count():
    code = "letter-onsite-county-month"
    mixed = follow("A1a", nov(3), 3), follow("A1a", nov(3), 2, stratum="diamond")
    assert worked(code, MONTH, ONE, *mixed).met
    local = worked(code, MONTH, ONE, follow("A1a", nov(3), 9, stratum="local"), follow("A1a", nov(3), 4))
    assert (local.met, local.done, local.covered[0].reason) == (False, 0, "short-items")


def test_letters_that_were_followed_on_no_route():
    line = worked("letter-onsite-county-month", MONTH, ONE, follow("A1a", nov(3), 5, header={}))
    assert (line.met, line.why[-1]) == (False, ("not-as-asked", {"checks": 1}))


def test_the_league_follows_in_city_departments_and_the_county_in_all():
    world = below(*city("A1a"), *rural("A1b", "A1c"))
    assert worked("letter-onsite-league-month", MONTH, world).required == 1
    assert worked("letter-onsite-league-half-year", HALF, world).required == 1
    assert worked("letter-onsite-county-month", MONTH, world).required == 2
    assert worked("letter-onsite-county-year", YEAR, world).required == 3


# ---------------------------------------------------------------- 15.4 ①: points


def test_five_points_or_all_there_are_each_counted_once():
    world = below(unit("A1a", points=points(8)))
    assert told(
        worked("relay-county", MONTH, world, calls("A1a", nov(3), 0, 1, 2), calls("A1a", nov(9), 2, 3))
    ) == (4, 5, "missed")
    assert told(
        worked("relay-county", MONTH, world, calls("A1a", nov(3), 0, 1, 2), calls("A1a", nov(9), 3, 4))
    ) == (5, 5, "met")
    for count in range(1, 9):
        line = worked("relay-county", MONTH, below(unit("A1a", points=points(count))))
        assert line.required == min(5, count)


def test_many_calls_in_one_department_help_no_other():
    world = below(unit("A1a", points=points(9)), unit("A1b", points=points(2)))
    assert told(worked("relay-county", MONTH, world, calls("A1a", nov(3), *range(9)))) == (5, 7, "missed")


def test_calls_at_points_that_were_closed_before_or_lie_elsewhere_begin_nothing():
    world = below(unit("A1a", points=(*points(1, closed_on=nov(1)), *points(2, first=1))), *city("A1b"))
    line = worked("relay-county", MONTH, world, calls("A1a", nov(3), 0, 9), calls("A1b", nov(3), 1))
    assert (told(line), line.started) == ((0, 2, "missed"), False)


# ---------------------------------------------------------------- whose work


@pytest.mark.parametrize("role", ["region_supervisor", "director", "inspector"])
def test_nobody_borrows(role):
    """What somebody of another level did in the county's name is not the county's."""
    line = worked("onsite-depts", MONTH, ONE, visit("A1a", nov(3), role=role))
    assert (line.met, line.why[-1][0]) == (False, "not-counted-role")
    relay = worked(
        "relay-county", MONTH, below(unit("A1a", points=points(1))), calls("A1a", nov(3), 0, role=role)
    )
    assert not relay.met


def test_a_department_elsewhere_is_none_of_the_countys():
    assert not worked("onsite-depts", MONTH, ONE, visit("B7x", nov(3))).met


def test_a_meeting_of_the_month_and_of_its_edges():
    for day, met in ((nov(1), True), (nov(30), True), (nov(31, 10), False), (nov(1, 12), False)):
        for by in ("county", "league"):
            assert worked("quality-meeting", MONTH, ONE, meeting(day, by)).met is met


# ---------------------------------------------------------------- 16.2: the special check


def test_the_special_check_looks_at_four_classes_in_each_league():
    world = below(*city("A1a", "A2b", "B1a"))
    whole = [
        visit("A1a", nov(3), by="region"),
        parcels("A2b", nov(9), 1, 1, "region"),
    ]  # in two of its departments
    letters = done("letter-follow", "B1a", nov(9), [Checked("x", "letter", "pass", "local")], "region")
    line = worked("region-special", QUARTER, world, *whole, letters, parcels("B1a", nov(9), 1, 1, "region"))
    assert told(line) == (1, 2, "missed")
    assert why(line) == {"A": "yes", "B": "short-classes"}
    more = visit("B1a", nov(9), ["express", "periodicals"], by="region")
    assert (
        told(
            worked(
                "region-special",
                QUARTER,
                world,
                *whole,
                letters,
                parcels("B1a", nov(9), 1, 1, "region"),
                more,
            )
        )[2]
        == "met"
    )


def test_a_special_check_by_papers_is_none():
    made = [
        visit("A1a", nov(3), by="region", method="records"),
        parcels("A1a", nov(9), 1, 9, "region", method="system"),
    ]
    line = worked("region-special", QUARTER, ONE, *made)
    assert (told(line), line.why[-1]) == ((0, 1, "missed"), ("not-as-asked", {"checks": 2}))


# ---------------------------------------------------------------- what an edition may ask besides


def test_an_edition_may_ask_to_reach_every_unit_of_a_second_population():
    """Two departments, and in every county one: of two counties both."""
    onsite = duty("onsite-depts")
    each = Each(("dept-visit",))
    asked = replace(onsite.coverage, each=each, needs=(Need(size=2),), spread=Spread("counties", Need()))
    world = below(*city("A1a", "A1b", "A2a"))

    def line(*visits):
        return fold(replace(onsite, coverage=asked), MONTH, Inputs(**inputs("onsite-depts", world, *visits)))

    short = line(visit("A1a", nov(3)), visit("A1b", nov(3)))
    assert told(short) == (3, 4, "missed")
    assert short.why[1] == ("spread-all", {"members": 2, "required": 2, "covered": 1})
    assert sentence(short.why[1], load()).en == "They lie in 2 units, all of them asked for; reached: 1."
    assert told(line(visit("A1a", nov(3)), visit("A2a", nov(3)))) == (4, 4, "met")


def test_forms_are_opened_in_two_leagues_or_in_all_there_are():
    records = [about("letter", f"{league}1a", nov(3), id=f"l{league}") for league in "ABC"]
    first = nov(1)

    def line(leagues, *looks):
        return worked(
            "region-letters", MONTH, below(*city(*(f"{one}1a" for one in leagues)), records=records), *looks
        )

    looks = {one: look(one, nov(2, 12), first) for one in "ABC"}
    opened = {one: look(one, nov(2, 12), first, f"l{one}") for one in "ABC"}
    assert told(line("ABC", looks["A"], looks["B"], opened["C"])) == (4, 5, "missed")
    assert told(line("ABC", opened["A"], looks["B"], opened["C"])) == (5, 5, "met")
    assert told(line("A", opened["A"])) == (2, 2, "met")
    # A form of another league, or of another month, is none of this one's.
    other = look("B", nov(2, 12), first, "lC")
    assert told(line("ABC", opened["A"], other, looks["C"])) == (4, 5, "missed")
    assert status(line("A"), LONG_AFTER) == "missed"
