"""Deadlines, workdays and the ladder, each worked by hand from the sentences of the domain [DOMAIN2 C.3, C.5].

The state's notice for 2026, as far as these rows need it:

    New Year       1 Jan Thu – 3 Sat        worked: Sun 4 Jan
    Spring         15 Feb Sun – 23 Mon      worked: Sat 14 Feb, Sat 28 Feb
    Labour         1 May Fri – 5 Tue        worked: Sat 9 May
    Mid-autumn     25 Sep Fri – 27 Sun
    National       1 Oct Thu – 7 Wed        worked: Sun 20 Sep, Sat 10 Oct

Of 2027 there is no notice yet: Monday to Friday.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from webapp.cases.clocks import Workdays, bounds, day_of, reached
from webapp.cases.folding import overdue
from webapp.org.rules import LEVELS
from webapp.rulebook.case_rules import Span, Step, shipped

DAY = timedelta(days=1)


def days(first: date, count: int) -> list[date]:
    return [first + n * DAY for n in range(count)]


OFF = (
    days(date(2026, 1, 1), 3) + days(date(2026, 2, 15), 9) + days(date(2026, 5, 1), 5) + days(date(2026, 9, 25), 3)
    + days(date(2026, 10, 1), 7)
)  # fmt: skip
WORKED = [
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
]  # fmt: skip
STATE = Workdays({**dict.fromkeys(OFF, False), **dict.fromkeys(WORKED, True)})
UNKNOWN = Workdays()

# arrived · ordinary: 7 days · serious: 3 workdays · grave: 1 workday
DEADLINES = [
    # The domain's own: 21 and 22 are a week-end, so 23, 24, 25; the seven days run on to Friday.
    ("2026-11-20", "2026-11-27", "2026-11-25", "2026-11-23"),
    # The domain's own: Saturday 14 is worked; 15–23 are off; 14, 24, 25. Seven days end in the holiday and stay there.
    ("2026-02-13", "2026-02-20", "2026-02-25", "2026-02-14"),
    # What arrives on the make-up Saturday itself: the day after it is the first, so Tuesday 24.
    ("2026-02-14", "2026-02-21", "2026-02-26", "2026-02-24"),
    # In the middle of the holiday: the same three workdays after it.
    ("2026-02-18", "2026-02-25", "2026-02-26", "2026-02-24"),
    # Eve of the National Day: 8 Thu, 9 Fri, then Saturday 10, which is worked.
    ("2026-09-30", "2026-10-07", "2026-10-10", "2026-10-08"),
    # Thursday before Mid-autumn: 25 is off, 26 and 27 too; 28 Mon, 29, 30.
    ("2026-09-24", "2026-10-01", "2026-09-30", "2026-09-28"),
    # Saturday: the Sunday after it is worked for the National Day; then 21 and 22.
    ("2026-09-19", "2026-09-26", "2026-09-22", "2026-09-20"),
    # Friday after the National Day: Saturday 10 worked, Sunday not, 12 Mon, 13 Tue.
    ("2026-10-09", "2026-10-16", "2026-10-13", "2026-10-10"),
    # Labour: 1–5 off; 6, 7, 8.
    ("2026-04-30", "2026-05-07", "2026-05-08", "2026-05-06"),
    # Year end: 2027 is not known, so Friday 1 January counts as a workday until somebody says otherwise; 4 Mon, 5 Tue.
    ("2026-12-31", "2027-01-07", "2027-01-05", "2027-01-01"),
    # A plain Monday.
    ("2026-11-16", "2026-11-23", "2026-11-19", "2026-11-17"),
]


@pytest.mark.parametrize(("arrived", "ordinary", "serious", "grave"), DEADLINES)
def test_a_deadline_runs_from_the_day_after_arrival(arrived, ordinary, serious, grave):
    spans = {code: one.span for code, one in shipped().severities.items()}
    found = {code: STATE.add(date.fromisoformat(arrived), span).isoformat() for code, span in spans.items()}
    assert found == {"ordinary": ordinary, "serious": serious, "grave": grave}


# deadline · the department's director, county, league, region see it: 1, 3, 5, 10 workdays after it
ORDINARY_LADDER = [
    # The domain's own.
    ("2026-11-25", "2026-11-26", "2026-11-30", "2026-12-02", "2026-12-09"),
    # Into the year without a notice: Fri 1, (Mon 4) Tue 5, Thu 7, Thu 14.
    ("2026-12-31", "2027-01-01", "2027-01-05", "2027-01-07", "2027-01-14"),
    # A deadline in the Spring holiday: 24, 25, 26, 27, Sat 28 worked; then Mon 2 March is the sixth, Fri 6 the tenth.
    ("2026-02-20", "2026-02-24", "2026-02-26", "2026-02-28", "2026-03-06"),
    # National Day: 8, 9, Sat 10; Mon 12, Tue 13; 14, 15, 16, 19, 20.
    ("2026-09-30", "2026-10-08", "2026-10-10", "2026-10-13", "2026-10-20"),
    # Labour: 6, 7, 8; Sat 9, Mon 11; 12–15, Mon 18.
    ("2026-04-30", "2026-05-06", "2026-05-08", "2026-05-11", "2026-05-18"),
]


@pytest.mark.parametrize(("deadline", "department", "county", "league", "region"), ORDINARY_LADDER)
@pytest.mark.parametrize("severity", ["ordinary", "serious"])
def test_the_ladder_climbs_in_workdays_after_the_deadline(
    severity, deadline, department, county, league, region
):
    ladder, due = shipped().ladders[severity], date.fromisoformat(deadline)
    steps = {step.to: day_of(step, due - 7 * DAY, due, STATE).isoformat() for step in ladder}
    assert steps == {"department": department, "county": county, "league": league, "region": region}
    for level, first in steps.items():
        day = date.fromisoformat(first)
        assert reached(ladder, due - 7 * DAY, due, day, STATE).to == level
        assert getattr(reached(ladder, due - 7 * DAY, due, day - DAY, STATE), "to", None) != level


def test_on_the_last_day_of_its_deadline_nothing_has_climbed_and_nothing_is_late():
    due = date(2026, 11, 25)
    assert reached(shipped().ladders["ordinary"], date(2026, 11, 18), due, due, STATE) is None
    assert (overdue(due, due), overdue(due, due + DAY), overdue(None, due)) == (False, True, False)


# arrived · deadline · county, league, region
GRAVE_LADDER = [
    # The county at once; then one and three workdays after Monday 23: Tue 24, Thu 26.
    ("2026-11-20", "2026-11-23", "2026-11-20", "2026-11-24", "2026-11-26"),
    # Due on the make-up Saturday: the first workday after it is Tuesday 24.
    ("2026-02-13", "2026-02-14", "2026-02-13", "2026-02-24", "2026-02-26"),
    # Found on a Sunday: the county sees it on that Sunday.
    ("2026-11-22", "2026-11-23", "2026-11-22", "2026-11-24", "2026-11-26"),
]


@pytest.mark.parametrize(("arrived", "deadline", "county", "league", "region"), GRAVE_LADDER)
def test_a_grave_one_is_seen_by_the_county_at_once(arrived, deadline, county, league, region):
    ladder, opened, due = (
        shipped().ladders["grave"],
        date.fromisoformat(arrived),
        date.fromisoformat(deadline),
    )
    assert STATE.add(opened, shipped().severities["grave"].span) == due
    steps = {step.to: day_of(step, opened, due, STATE).isoformat() for step in ladder}
    assert steps == {"county": county, "league": league, "region": region}
    assert reached(ladder, opened, due, opened, STATE).to == "county"
    assert reached(ladder, opened, due, opened - DAY, STATE) is None


def test_a_work_order_is_drafted_where_the_ladder_says_so():
    drafted = {
        code: [(step.to, step.after) for step in ladder if step.act == "work-order"]
        for code, ladder in shipped().ladders.items()
    }
    # 3 county (督办单 drafted); of a grave one, which the county knew at once, by the league a workday after.
    assert drafted == {"ordinary": [("county", 3)], "serious": [("county", 3)], "grave": [("league", 1)]}


def test_a_recurrence_is_one_severity_higher_and_the_highest_stays():
    assert [shipped().worse(code) for code in ("ordinary", "serious", "grave")] == [
        "serious",
        "grave",
        "grave",
    ]


def test_of_a_year_without_a_notice_only_the_week_is_known():
    assert [UNKNOWN.is_workday(date(2026, 11, day)) for day in range(16, 23)] == [True] * 5 + [False] * 2
    assert STATE.is_workday(date(2027, 1, 1)) and not STATE.is_workday(date(2027, 1, 2))


def test_what_is_left_of_a_deadline_is_counted_as_it_was_given():
    serious, ordinary = Span(3, workdays=True), Span(7, workdays=False)
    # Answered on Friday 13 February, due Wednesday 25: Sat 14, Tue 24, Wed 25 are left; in days twelve.
    assert STATE.left(date(2026, 2, 13), date(2026, 2, 25), serious) == 3
    assert STATE.left(date(2026, 2, 13), date(2026, 2, 25), ordinary) == 12
    assert STATE.left(date(2026, 2, 25), date(2026, 2, 25), serious) == 0
    assert STATE.left(date(2026, 2, 26), date(2026, 2, 25), ordinary) == 0


def test_a_table_in_which_nothing_is_ever_worked_is_named_and_ends():
    never = Workdays({date(2026, 1, 1) + n * DAY: False for n in range(5000)})
    with pytest.raises(ValueError, match="no workdays"):
        never.after(date(2026, 1, 1), 1)
    with pytest.raises(ValueError, match="no workdays"):
        never.latest(date(2038, 1, 1), 1)


AROUND = st.dates(date(2025, 12, 1), date(2027, 2, 28))


@given(AROUND, AROUND, st.integers(0, 12))
@settings(max_examples=300, deadline=None)
def test_latest_is_the_inverse_of_after(day, today, count):
    """A query asks for deadlines up to a day: the same that have that many workdays behind them."""
    assert (STATE.after(day, count) <= today) is (day <= STATE.latest(today, count))


@given(
    AROUND, st.integers(-10, 40), st.sampled_from(["ordinary", "serious", "grave"]), st.sampled_from(LEVELS)
)
@settings(max_examples=300, deadline=None)
def test_a_list_of_what_has_climbed_to_a_level_holds_what_has(due, more, severity, level):
    ladder, today = shipped().ladders[severity], due + more * DAY
    step = reached(ladder, due - 7 * DAY, due, today, STATE)
    there = step is not None and LEVELS.index(step.to) <= LEVELS.index(level)
    bound = bounds(ladder, level, today, STATE)
    assert there is (bound is not None and due <= bound) or today < due - 7 * DAY


def test_a_ladder_that_never_leads_there_gives_no_bound():
    assert bounds([Step(1, "county")], "region", date(2026, 11, 20), STATE) is None
