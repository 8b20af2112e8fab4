"""Reviews, looks and audits: signed, of the unit itself, made after the period and before the line closes."""

from datetime import date

import pytest

from tests.ledger_tables import MON, duty
from tests.upper_tables import (
    HALF,
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    about,
    at,
    audit,
    below,
    city,
    done,
    look,
    nov,
    points,
    review,
    rural,
    told,
    unit,
    why,
    worked,
)  # fmt: skip
from webapp.core.clock import end_of_day
from webapp.ledger.rules import Checked, Inputs, closing, lives, status
from webapp.rulebook.periods import period_of

FIRST = nov(1)
POINTED = below(unit("A1a", points=points(1)))


@pytest.mark.parametrize(
    ("code", "period", "last"),
    [
        ("onsite-depts", MONTH, date(2026, 11, 30)),
        ("parcel-onsite", QUARTER, date(2026, 12, 31)),
        ("letter-review", WEEK, date(2026, 11, 29)),
        ("letter-review-league", WEEK, date(2026, 12, 6)),
        ("letter-onsite-league-month", MONTH, date(2026, 11, 30)),
        ("letter-onsite-league-half-year", HALF, date(2026, 12, 31)),
        ("letter-onsite-county-month", MONTH, date(2026, 11, 30)),
        ("letter-onsite-county-year", YEAR, date(2026, 12, 31)),
        ("relay-county", MONTH, date(2026, 11, 30)),
        ("relay-county-review", MONTH, date(2026, 12, 10)),
        ("relay-county-report", MONTH, date(2026, 12, 10)),
        ("relay-league-month", MONTH, date(2026, 12, 10)),
        ("quality-meeting", MONTH, date(2026, 11, 30)),
        ("quality-bulletin", MONTH, date(2026, 12, 10)),
        ("inspection-report", MONTH, date(2026, 12, 10)),
        ("region-letters", MONTH, date(2026, 12, 31)),
        ("region-special", QUARTER, date(2026, 12, 31)),
        ("region-special-bulletin", QUARTER, date(2027, 1, 31)),
        ("region-relay", MONTH, date(2026, 12, 31)),
        ("region-reports", MONTH, date(2026, 12, 31)),
    ],
)
def test_when_the_lines_of_november_close(code, period, last):
    assert duty(code).period == period.kind
    assert closing(duty(code), period, Inputs()) == end_of_day(last)


@pytest.mark.parametrize(
    "code", [one.code for one in map(duty, ("relay-county-review", "region-relay", "letter-review"))]
)
def test_the_second_of_closing_decides(code):
    period = WEEK if code == "letter-review" else MONTH
    world = below(unit("A1a", points=points(1)))
    line = worked(code, period, world)
    assert status(line, line.closes_at) == "missed"
    assert status(line, at(period.last)) == "due"


# ---------------------------------------------------------------- made after the period, and in time


@pytest.mark.parametrize(
    ("day", "met", "said"),
    [
        (nov(30), False, "not-counted-unfinished"),
        (nov(1, 12), True, None),
        (nov(10, 12), True, None),
        (nov(11, 12), False, "not-counted-late"),
    ],
)
def test_a_review_is_made_from_the_first_to_the_tenth_of_the_next_month(day, met, said):
    line = worked("relay-county-review", MONTH, POINTED, review("relay-review", "A1a", day, FIRST))
    assert line.met is met
    assert said in {code for code, _ in line.why} or said is None


@pytest.mark.parametrize(
    ("day", "met"), [(nov(22), False), (nov(23), True), (nov(29), True), (nov(30), False)]
)
def test_a_week_is_reviewed_in_the_next_one(day, met):
    assert (
        worked("letter-review", WEEK, below(*city("A1a")), review("form-review", "A1a", day, MON)).met is met
    )


@pytest.mark.parametrize(
    ("day", "met"), [(nov(22), False), (nov(23), True), (nov(6, 12), True), (nov(7, 12), False)]
)
def test_the_league_has_a_week_more(day, met):
    line = worked(
        "letter-review-league", WEEK, below(*city("A1a")), review("form-review", "A1", day, MON, by="league")
    )
    assert line.met is met


def test_an_early_review_is_made_up_for_by_one_in_time():
    early, again = (review("relay-review", "A1a", day, FIRST) for day in (nov(29), nov(2, 12)))
    assert not worked("relay-county-review", MONTH, POINTED, early).met
    assert worked("relay-county-review", MONTH, POINTED, early, again).met


def test_a_review_of_another_month_is_none_of_this_one():
    assert not worked(
        "relay-county-review", MONTH, POINTED, review("relay-review", "A1a", nov(2, 12), nov(1, 10))
    ).met


@pytest.mark.parametrize("code", ["letter-review", "relay-county-review"])
def test_without_a_signature_it_is_none(code):
    kind, period = ("form-review", WEEK) if code == "letter-review" else ("relay-review", MONTH)
    made = review(kind, "A1a", nov(2, 12) if period is MONTH else nov(24), period.first, signed=False)
    line = worked(code, period, POINTED, made)
    assert (line.met, line.why[-1]) == (False, ("not-as-asked", {"checks": 1}))


@pytest.mark.parametrize(
    ("code", "by", "of"),
    [
        ("relay-county-review", "county", "A1a"),
        ("relay-league-month", "league", "A1"),
        ("region-relay", "region", "A"),
    ],
)
def test_the_county_reviews_relay_records_in_the_system_those_above_by_any_method(code, by, of):
    for method, met in (("system", True), ("records", by != "county"), ("on-site", by != "county")):
        made = review("relay-review", of, nov(2, 12), FIRST, by=by, method=method)
        assert worked(code, MONTH, POINTED, made).met is met


# ---------------------------------------------------------------- of the unit itself


def test_the_league_reviews_the_countys_review_and_not_its_departments():
    world = below(*city("A1a"))
    for code, met in (("A1a", False), ("A1", True), ("A2", False)):
        made = review("form-review", code, nov(30), MON, by="league")
        assert worked("letter-review-league", WEEK, world, made).met is met, code
    for code, met in (("A1a", False), ("A1", True)):
        made = review("relay-review", code, nov(2, 12), FIRST, by="league")
        assert worked("relay-league-month", MONTH, POINTED, made).met is met, code
    for code, met in (("A1", False), ("A", True)):
        made = review("relay-review", code, nov(2, 12), FIRST, by="region")
        assert worked("region-relay", MONTH, POINTED, made).met is met, code


def test_the_league_opens_a_form_where_there_is_one():
    form, other = about("letter", "A1a", MON, id="form"), about("letter", "A2a", MON, id="other")
    last_week = about("letter", "A1a", nov(15), id="last-week")
    meeting = about("meeting", "A1a", MON, id="meeting")
    world = below(*city("A1a"), records=[form, last_week, meeting])
    for opened, met in (
        (["form"], True),
        ([], False),
        (["other"], False),
        (["last-week"], False),
        (["meeting"], False),
    ):
        line = worked(
            "letter-review-league",
            WEEK,
            world,
            review("form-review", "A1", nov(30), MON, *opened, by="league"),
        )
        assert line.met is met, opened
        assert line.started, "signed, and nothing opened: begun"
    assert why(line) == {"A1": "short-opened"}
    bare = below(*city("A1a"), records=[other])
    assert worked(
        "letter-review-league", WEEK, bare, review("form-review", "A1", nov(30), MON, by="league")
    ).met


def test_a_form_that_came_after_the_line_closed_is_not_asked_for():
    late = about("letter", "A1a", MON, came=nov(7, 12), id="late")
    made = review("form-review", "A1", nov(30), MON, by="league")
    assert worked("letter-review-league", WEEK, below(*city("A1a"), records=[late]), made).met
    in_time = about("letter", "A1a", MON, came=nov(6, 12), id="late")
    assert not worked("letter-review-league", WEEK, below(*city("A1a"), records=[in_time]), made).met


def test_forms_that_come_after_the_countys_review_change_nothing_of_it():
    """The week's city forms may still be on a phone when the county signs what it saw."""
    made = review("form-review", "A1a", nov(24), MON)
    for records in ([], [about("letter", "A1a", MON, came=nov(28))]):
        assert told(worked("letter-review", WEEK, below(*city("A1a"), records=records), made)) == (
            1,
            1,
            "met",
        )


def test_a_rural_record_that_comes_after_the_review_is_to_be_reviewed_too():
    made = review("form-review", "A1a", nov(24), MON)
    office = [*city("A1a"), *rural("A1b")]
    in_time = below(*office, records=[about("letter", "A1b", MON, came=nov(29))])
    assert told(worked("letter-review", WEEK, in_time, made)) == (1, 2, "missed")
    late = below(*office, records=[about("letter", "A1b", MON, came=nov(30))])
    assert told(worked("letter-review", WEEK, late, made)) == (1, 1, "met")


def test_a_county_with_rural_letters_of_the_week_is_reviewed_by_the_league():
    world = below(*rural("A1a", "A2a"), records=[about("letter", "A2a", MON)])
    assert why(worked("letter-review-league", WEEK, world)).keys() == {"A2"}


# ---------------------------------------------------------------- 16.1 and 16.4


def test_none_is_a_finding_of_the_region():
    none = look("A", nov(2, 12), FIRST, header={"summary": "none", "bulletin": "none"})
    assert worked("region-letters", MONTH, below(*city("A1a")), none).met


def test_the_looks_at_a_league_answer_together():
    summary = look("A", nov(2, 12), FIRST, header={"summary": "complete"})
    line = worked("region-letters", MONTH, below(*city("A1a")), summary)
    assert told(line)[2] != "met"
    assert [one.reason for one in line.covered] == ["short-header"]
    bulletin = look("A", nov(3, 12), FIRST, header={"bulletin": "issued"})
    assert worked("region-letters", MONTH, below(*city("A1a")), summary, bulletin).met


@pytest.mark.parametrize(("visited", "needed"), [(1, 1), (4, 4), (5, 5), (8, 5)])
def test_five_departments_of_a_league_are_audited_or_all_that_were_visited(visited, needed):
    names = [f"A1{letter}" for letter in "abcdefgh"]
    records = [about("dept-visit", one, nov(3), by="county", id=f"v-{one}") for one in names[:visited]]
    world = below(*city(*names), records=records)

    def line(count):
        return worked(
            "region-reports",
            MONTH,
            world,
            audit("A", nov(2, 12), FIRST, *(f"v-{one}" for one in names[:count])),
        )

    assert line(needed).met
    short = line(needed - 1)
    assert (short.met, short.covered[0].done, short.covered[0].required) == (False, needed - 1, needed)


def test_two_reports_of_one_department_are_one():
    records = [
        about("dept-visit", code, nov(day), by="league", id=f"v{n}")
        for n, (code, day) in enumerate((("A1a", 3), ("A1a", 9), ("A1b", 3)))
    ]
    world = below(*city("A1a", "A1b"), records=records)
    line = worked("region-reports", MONTH, world, audit("A", nov(2, 12), FIRST, "v0", "v1"))
    assert (line.met, why(line)) == (False, {"A": "short-audited"})
    assert worked("region-reports", MONTH, world, audit("A", nov(2, 12), FIRST, "v0", "v1", "v2")).met


def test_only_reports_of_the_month_by_county_or_league_are_audited():
    """Whatever else was loaded beside: letter records, other months, the region's own visits."""
    asked = about("dept-visit", "A1a", nov(3), by="county", id="asked")
    others = [
        about("letter", "A1a", nov(3), id="letter"),
        about("dept-visit", "A1a", nov(31, 10), by="county", id="october"),
        about("dept-visit", "A1a", nov(3), by="region", id="own"),
    ]
    world = below(*city("A1a"), records=[asked, *others])
    for one in others:
        assert not worked("region-reports", MONTH, world, audit("A", nov(2, 12), FIRST, one.id)).met, one.id
    assert worked("region-reports", MONTH, world, audit("A", nov(2, 12), FIRST, "asked")).met


def test_an_audit_not_by_papers_is_none():
    records = [about("dept-visit", "A1a", nov(3), by="county", id="v")]
    made = done(
        "report-audit", "A", nov(2, 12), [Checked("v", None, "pass")], "region", about=FIRST, method="system"
    )
    assert not worked("region-reports", MONTH, below(*city("A1a"), records=records), made).met


# ---------------------------------------------------------------- the owner


@pytest.mark.parametrize(
    ("code", "period", "opened", "closed", "since", "owed"),
    [
        ("onsite-depts", MONTH, nov(1), None, None, True),
        ("onsite-depts", MONTH, nov(2), None, None, False),  # a month in full
        ("onsite-depts", MONTH, nov(1), nov(1, 12), None, True),
        ("onsite-depts", MONTH, nov(1), nov(30), None, False),
        ("relay-county-review", MONTH, nov(1), nov(11, 12), None, True),
        ("relay-county-review", MONTH, nov(1), nov(10, 12), None, False),  # closed before the line does
        ("letter-review", WEEK, MON, nov(30), None, True),
        ("letter-review", WEEK, MON, nov(29), None, False),
        ("letter-review", WEEK, nov(17), None, None, False),
        ("parcel-onsite", QUARTER, nov(11, 12), None, None, True),  # 21 days of a quarter, like a member
        ("parcel-onsite", QUARTER, nov(12, 12), None, None, False),
        ("letter-onsite-county-year", YEAR, nov(3, 10), None, None, True),
        ("letter-onsite-county-year", YEAR, nov(4, 10), None, None, False),
        ("region-special", QUARTER, nov(1, 1), date(2026, 12, 31), None, False),
        ("onsite-depts", MONTH, nov(1, 1), None, nov(1), True),  # the ledger begins
        ("onsite-depts", MONTH, nov(1, 1), None, nov(2), False),
        ("letter-onsite-league-half-year", HALF, nov(1, 1), None, nov(17), True),
        ("letter-onsite-league-half-year", HALF, nov(1, 1), None, nov(18), False),
    ],
)
def test_what_an_owner_owes_who_opens_closes_or_whose_ledger_begins(
    code, period, opened, closed, since, owed
):
    assert lives(duty(code), period, opened, closed, (), since) is owed


def test_an_owner_that_was_shut_for_a_while():
    pauses = ((nov(10), nov(15)),)
    assert not lives(duty("onsite-depts"), MONTH, nov(1, 1), None, pauses)
    assert lives(duty("onsite-depts"), period_of("month", nov(1, 12)), nov(1, 1), None, pauses)
