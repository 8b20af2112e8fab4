"""Plans of special checks on a real database: entered, checked by whom they name, changed, summed up [15.4②].
2026-11-16 is a Monday, in the fourth quarter."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.cast import CITY, COUNTY, LEAGUE, NEXT_RURAL, REGION, RURAL, build_in
from tests.ledger_records import changed_edition
from tests.ledger_stories import called, form, noon
from tests.plan_office import DAY, member, step, whole
from tests.upper_histories import OTHER, START, Region, upper_sealed
from webapp.campaigns.queries import plans
from webapp.core.database import db
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.ledger import operations as ledger
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.registers.models import RelayPoint
from webapp.rulebook.operations import add_edition

QUARTER, DUTY = "2026-Q4", "relay-league-quarter"
LAST, REPORT = START + 11 * DAY, START + 20 * DAY


@pytest.fixture
def region(app):
    made = Region(app, build_in(app))
    yield made
    assert made.faults(noon(made.day, 23)) == []
    assert made.above_faults(noon(made.day, 23)) == []


def act(region: Region, login: str, op: str, day: date = START, owner: str = LEAGUE, **said) -> str:
    """One step of a plan at the desk; the fact's id."""
    return region.desk(
        login, noon(day, 10), lambda session, me: step(session, me, noon(day, 10), op, owner, **said)
    )


def named(region: Region, login: str, unit: str, first: date = START, last: date = LAST) -> dict:
    return member(region.cast, login, unit, first, last)


def enter(region: Region, *team: dict, login: str = "league", owner: str = LEAGUE, **more) -> str:
    return act(region, login, "enter", START, owner, **whole(START, *team, **more))


def call(region: Region, login: str, unit: str, count: int, day: date = START, acting: str = LEAGUE):
    """What becomes of a call at so many points of the unit."""
    with region.app.app_context():
        query = db.select(RelayPoint.id).where(RelayPoint.unit_code == unit).order_by(RelayPoint.id)
        points = list(db.session.scalars(query.limit(count)))
    envelope = upper_sealed(form("relay", day, called(points), unit, acting), new_id())
    (outcome,) = region.push(login, noon(day, 18), envelope)
    return outcome.problem and outcome.problem.code


def figures(region: Region, unit: str = LEAGUE) -> tuple:
    line = region.line(DUTY, QUARTER, unit)
    return line.done, line.required, line.met


def test_a_plan_is_entered_checked_and_summed_up(region):
    assert figures(region) == (0, 1, False)
    plan = enter(region, named(region, "county", NEXT_RURAL), named(region, "nextcounty", CITY))
    assert figures(region) == (0, 3, False)
    assert call(region, "county", NEXT_RURAL, 3) is None
    assert figures(region) == (1, 3, False)
    assert call(region, "nextcounty", CITY, 2) is None
    assert call(region, "league", CITY, 3, START + DAY) is None
    assert figures(region) == (2, 3, False)
    act(region, "league", "summarise", REPORT, plan=plan, issued=REPORT.isoformat(), text="查了两个部门。")
    assert figures(region) == (3, 3, True)


@pytest.mark.parametrize(
    ("login", "unit", "day", "problem"),
    [
        ("county", NEXT_RURAL, START, None),
        ("county", CITY, START, "role-not-held"),  # of another member, and the own county
        ("county", RURAL, START, "role-not-held"),  # not in the plan
        ("county", NEXT_RURAL, LAST + DAY, "role-not-held"),
        ("nextcounty", NEXT_RURAL, START, "unknown-unit"),  # named in no plan
        ("director", NEXT_RURAL, START, "unknown-unit"),
    ],
)
def test_only_whom_the_plan_names_checks_only_what_it_names(region, login, unit, day, problem):
    enter(region, named(region, "county", NEXT_RURAL))
    assert call(region, login, unit, 3, day) == problem


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_day": (START - DAY).isoformat()}, "last_day"),
        ({"report_day": START.isoformat()}, "report_day"),
        ({"units": []}, "units"),
        ({"units": [OTHER]}, "units[0]"),  # another league's
        ({"units": [COUNTY, CITY]}, "units[1]"),
        ({"units": [LEAGUE]}, "units[0]"),
        ({"minimum": 0}, "minimum"),
        ({"minimum": "3"}, "minimum"),
        ({"title": " "}, "title"),
        ({"title": "题" * 61}, "title"),
        ({"subject": "parcel"}, "subject"),
        ({"first_day": "soon"}, "first_day"),
    ],
)
def test_what_is_wrong_with_a_plan_is_named(region, changes, field):
    with pytest.raises(Problem) as caught:
        enter(region, **changes)
    assert (caught.value.code, list(caught.value.fields)) == ("bad-fact", [field])


@pytest.mark.parametrize(
    ("login", "unit", "first", "last", "said"),
    [
        ("county", CITY, START, LAST, {"team[0].unit": "own"}),  # of the own county
        ("director", CITY, START, LAST, {"team[0].unit": "own"}),
        ("nextcounty", RURAL, START, LAST, {"team[0].unit": "choice"}),  # not in the plan
        ("former", NEXT_RURAL, START, LAST, {"team[0].person": "stranger"}),  # left in June
        ("region", NEXT_RURAL, START, LAST, {"team[0].person": "stranger"}),
        ("county", NEXT_RURAL, START - DAY, LAST, {"team[0].first_day": "outside"}),
        ("county", NEXT_RURAL, START, LAST + DAY, {"team[0].last_day": "outside"}),
        ("county", NEXT_RURAL, LAST, START, {"team[0].last_day": "before"}),
    ],
)
def test_nobody_checks_the_own_or_what_the_plan_does_not_name(region, login, unit, first, last, said):
    with pytest.raises(Problem) as caught:
        enter(region, named(region, login, unit, first, last))
    assert caught.value.fields == said


def test_only_the_head_of_the_league_enters_it(region):
    for login in ("county", "director", "admin", "region"):
        with pytest.raises(Problem) as caught:
            enter(region, login=login)
        assert caught.value.code == "forbidden"
    with pytest.raises(Problem) as caught:
        enter(region, login="county", owner=COUNTY)
    assert caught.value.code == "forbidden"


def test_who_leaves_the_team_checks_no_more_and_what_was_checked_before_counts(region):
    plan = enter(region, named(region, "county", NEXT_RURAL))
    assert call(region, "county", NEXT_RURAL, 2) is None
    act(region, "league", "change", START + 2 * DAY, plan=plan, team=[], reason="另有任务")
    assert call(region, "county", NEXT_RURAL, 3, START + 2 * DAY) == "role-not-held"
    assert call(region, "county", NEXT_RURAL, 3, START + DAY) is None  # done before, arrives late
    assert figures(region) == (1, 3, False)


def test_a_unit_leaves_and_another_joins(region):
    plan = enter(region)
    call(region, "league", CITY, 3)
    act(region, "league", "change", START + DAY, plan=plan, units=[CITY, RURAL], reason="道路不通")
    assert figures(region) == (1, 3, False)
    call(region, "league", RURAL, 3, START + DAY)
    assert figures(region) == (2, 3, False)


def test_a_cancelled_plan_counts_for_nothing_and_ends_the_rights(region):
    plan = enter(region, named(region, "county", NEXT_RURAL))
    act(region, "league", "cancel", START + DAY, plan=plan, reason="并入全区检查")
    assert figures(region) == (0, 1, False)
    assert call(region, "county", NEXT_RURAL, 3, START + DAY) == "role-not-held"
    with pytest.raises(Problem) as caught:
        act(region, "league", "change", START + DAY, plan=plan, minimum=2, reason="再来")
    assert caught.value.code == "plan-over"


def test_another_leagues_plan_is_none_of_this_ones(region):
    plan = enter(region)
    with pytest.raises(Problem) as caught:
        act(region, "region", "cancel", owner=REGION, plan=plan, reason="不用")
    assert caught.value.code == "not-found"


def test_mutual_checks_of_a_region_let_one_league_look_at_another(region):
    other = {"units": [OTHER]}
    plan = enter(region, named(region, "league", OTHER), login="region", owner=REGION, **other)
    with region.app.app_context():
        (found,) = plans(db.session, REGION)
        assert (found.id, found.team[0].unit) == (plan, OTHER)
    with pytest.raises(Problem) as caught:
        enter(region, named(region, "league", CITY), login="region", owner=REGION, units=[CITY])
    assert caught.value.fields == {"team[0].unit": "own"}


def test_the_lines_are_the_same_when_all_is_counted_anew(region):
    plan = enter(region, named(region, "county", NEXT_RURAL))
    call(region, "county", NEXT_RURAL, 3)
    act(
        region,
        "league",
        "summarise",
        REPORT,
        plan=plan,
        issued=REPORT.isoformat(),
        text="已查。",
        document="检〔2026〕4号",
    )
    before = figures(region)
    with region.app.app_context():
        ledger.rebuild(db.session, db.session.get(Unit, LEAGUE), noon(region.day, 22))
        db.session.commit()
    assert figures(region) == before == (2, 3, False)


def test_the_region_has_a_line_once_an_edition_sets_its_period(region):
    changes = [
        ("region-relay-special", 'period = "set"', 'period = "quarter"'),
        ("region-relay-special", "kept = false", "kept = true"),
    ]
    source = changed_edition("2027", date(2027, 1, 1), changes)
    region.desk("region", noon(START, 9), lambda s, me: add_edition(s, source, me.person_id, noon(START, 9)))
    enter(region, login="region", owner=REGION, units=[OTHER])  # of this year: stands in no line
    day = date(2027, 1, 4)
    region.advance(noon(day, 9))
    with region.app.app_context():
        known = db.session.scalars(select(LedgerLine.period).where(LedgerLine.duty == "region-relay-special"))
        assert list(known) == ["2027-Q1"]
    plan = act(
        region,
        "region",
        "enter",
        day,
        REGION,
        **whole(day, named(region, "league", OTHER, day, day), units=[OTHER]),
    )
    assert region.line("region-relay-special", "2027-Q1", REGION).required == 1  # the unit has no point
    act(region, "region", "summarise", day, REGION, plan=plan, issued=day.isoformat(), text="没有接转点。")
    line = region.line("region-relay-special", "2027-Q1", REGION)
    assert (line.done, line.required, line.met) == (1, 1, True)
