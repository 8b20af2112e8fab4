"""What the facts about a plan add up to, who may check by it on which days, and what is wrong with one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.plans import EARLY, FIRST, LAST, REPORT, changed, entered, summed
from tests.upper_tables import at, nov
from webapp.campaigns.rules import CANCEL, DAY, Ground, Member, Plan, Step, faults_of, plans_of
from webapp.campaigns.schemas import read_step
from webapp.core.problems import Problem

BATU, QIQIGE = "person-1", "person-2"
GROUND = Ground(
    "/R/A/",
    {
        "A1": ("/R/A/A1/", [(date(2020, 1, 1), None)]),
        "A1a": ("/R/A/A1/A1a/", [(date(2020, 1, 1), None)]),
        "A1b": ("/R/A/A1/A1b/", [(date(2020, 1, 1), nov(1))]),
        "A2a": ("/R/A/A2/A2a/", [(date(2020, 1, 1), None)]),
    },
    {
        BATU: [("/R/A/A2/", date(2026, 1, 1), None)],
        QIQIGE: [("/R/A/", date(2026, 1, 1), None), ("/R/A/A1/A1a/", date(2026, 1, 1), nov(10))],
    },
)


def member(person: str = BATU, unit: str = "A1a", first: date = FIRST, last: date = LAST) -> Member:
    return Member(person, unit, first, last)


def plan(*team: Member, **said) -> Plan:
    return plans_of([entered(units=("A1a", "A2a"), team=team, **said)])[0]


def faults(one: Plan, before: Plan | None = None, today: date = FIRST) -> dict:
    return faults_of(one, GROUND, before, today)


def days(one: Plan) -> list[tuple]:
    return [(grant.person, grant.first_day, grant.last_day) for grant in one.grants]


def test_a_plan_is_open_then_running_then_summed_up():
    one = plan()
    assert [one.state(day) for day in (nov(1), FIRST, REPORT, nov(31, 12))] == [
        "open",
        "running",
        "running",
        "running",
    ]
    (done,) = plans_of([entered(), summed(REPORT)])
    assert (done.state(nov(1)), done.summary.issued) == ("summarised", REPORT)
    (off,) = plans_of([entered(), Step("c", "plan-1", CANCEL, FIRST, at(FIRST), "x", {}, "不用")])
    assert (off.state(FIRST), off.cancelled, off.team) == ("cancelled", "不用", ())


def test_the_order_in_which_facts_are_told_does_not_matter():
    steps = [entered(), changed(at(nov(3)), minimum=3), changed(at(nov(4)), minimum=7), summed(REPORT)]
    assert plans_of(steps) == plans_of(reversed(steps))
    assert plans_of(steps)[0].minimum == 7
    assert plans_of(steps, at(nov(3), 13))[0].minimum == 3
    assert plans_of(steps, EARLY - timedelta(hours=1)) == []


def test_a_change_takes_nothing_away_from_the_past():
    steps = [entered(team=(member(),)), changed(at(nov(5)), team=())]
    assert days(plans_of(steps)[0]) == [(BATU, FIRST, nov(4))]
    shorter = [entered(team=(member(),)), changed(at(nov(5)), team=(member(last=nov(3)),))]
    assert days(plans_of(shorter)[0]) == [(BATU, FIRST, nov(4))]
    longer = [entered(team=(member(last=nov(3)),)), changed(at(nov(5)), team=(member(),))]
    assert days(plans_of(longer)[0]) == [(BATU, FIRST, LAST)]


def test_who_leaves_before_the_first_day_was_never_let_in():
    steps = [entered(team=(member(),)), changed(at(FIRST), team=())]
    assert days(plans_of(steps)[0]) == []


def test_cancelling_ends_the_rights():
    off = Step("c", "plan-1", CANCEL, nov(5), at(nov(5)), "x", {}, "不用")
    assert days(plans_of([entered(team=(member(),)), off])[0]) == [(BATU, FIRST, nov(4))]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, {}),
        ({"last_day": FIRST, "report_day": FIRST}, {}),
        ({"last_day": FIRST - DAY}, {"last_day": "before"}),
        ({"last_day": FIRST + 92 * DAY, "report_day": FIRST + 184 * DAY}, {}),
        ({"last_day": FIRST + 93 * DAY, "report_day": FIRST + 93 * DAY}, {"last_day": "far"}),
        ({"report_day": LAST - DAY}, {"report_day": "before"}),
        ({"report_day": LAST + 93 * DAY}, {"report_day": "far"}),
        ({"units": ()}, {"units": "empty"}),
        ({"units": ("A",)}, {"units[0]": "choice"}),
        ({"units": ("A1", "A1a")}, {"units[1]": "inside"}),
        ({"units": ("A1a", "A1")}, {"units[1]": "inside"}),
        ({"units": ("A1a", "A1a")}, {"units[1]": "inside"}),
        ({"units": ("A1b",)}, {"units[0]": "closed"}),
    ],
)
def test_what_is_wrong_with_days_and_units(said, found):
    assert faults(replace(plan(), **said)) == found


def test_a_plan_long_over_is_entered_by_nobody_but_may_be_changed():
    later = REPORT + 93 * DAY
    assert faults(plan(), today=later) == {"report_day": "early"}
    assert faults(plan(minimum=3), before=plan(), today=later) == {}


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (member(), {}),
        (member(unit="A2a"), {"team[0].unit": "own"}),  # in the county where he works
        (member(QIQIGE, "A2a"), {}),
        (member(QIQIGE), {"team[0].unit": "own"}),  # to the tenth she works there, too
        (member(QIQIGE, first=nov(11)), {}),
        (member(unit="A1"), {"team[0].unit": "choice"}),
        (member(unit="Z"), {"team[0].unit": "choice"}),
        (member("nobody"), {"team[0].person": "stranger"}),
        (member(first=nov(10), last=nov(9)), {"team[0].last_day": "before"}),
        (member(first=FIRST - DAY), {"team[0].first_day": "outside"}),
        (member(last=LAST + DAY), {"team[0].last_day": "outside"}),
    ],
)
def test_who_can_be_named(one, found):
    assert faults(plan(one)) == found


def test_a_right_begins_at_most_thirty_days_back_but_an_old_one_stays():
    today = FIRST + 31 * DAY
    assert faults(plan(member()), today=today) == {"team[0].first_day": "early"}
    assert faults(plan(member(), minimum=3), before=plan(member()), today=today) == {}


def test_nobody_is_named_twice_for_one_unit_on_one_day():
    twice = member(), member(first=nov(10))
    assert faults(plan(*twice)) == {"team[1].person": "twice"}
    assert faults(plan(member(last=nov(9)), member(first=nov(10)))) == {}


def test_a_right_is_not_shortened_into_the_past():
    before, today = plan(member()), nov(10)
    assert faults(plan(member(last=nov(5))), before, today) == {"team[0].last_day": "early"}
    assert faults(plan(member(last=nov(9))), before, today) == {}


@pytest.mark.parametrize(
    ("op", "data", "field"),
    [
        ("enter", {}, "title"),
        ("begin", {}, "op"),
        (None, {}, "op"),
        ("change", {"reason": "改期"}, "plan"),
        ("change", {"minimum": 3}, "reason"),
        ("change", {"minimum": 3, "reason": " "}, "reason"),
        ("change", {"minimum": True, "reason": "改"}, "minimum"),
        ("change", {"team": [{"person": "x"}]}, "team[0].person"),
        ("change", {"team": [3]}, "team[0]._schema"),
        ("change", {"units": "A1", "reason": "改"}, "units"),
        ("change", {"report_day": "1999-12-31", "reason": "改"}, "report_day"),
        ("cancel", {}, "reason"),
        ("summarise", {"text": "已查"}, "issued"),
        ("summarise", {"issued": "2026-11-30", "text": "字" * 2001}, "text"),
    ],
)
def test_a_fact_of_a_wrong_form_names_its_field(op, data, field):
    with pytest.raises(Problem) as caught:
        read_step(op, data)
    assert (caught.value.code, field in caught.value.fields) == ("bad-fact", True), caught.value.fields


def test_that_somebody_joins_or_leaves_needs_no_reason():
    assert read_step("change", {"team": []}) == ({"team": ()}, "")
