"""Where nobody has begun: counted in departments at every level, named and linked."""

from datetime import date

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, REGION, RURAL
from tests.desk_lists import words
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.ledger import operations as ledger
from webapp.ledger.idleness import idleness_below, together
from webapp.org.models import Unit
from webapp.rulebook.periods import parse_period, period_of

WEEK = period_of("week", today())
MONTH = parse_period(WEEK.month)  # a week belongs to the month of its Thursday


@pytest.fixture
def cast(app):
    cast = company.build_in(app)
    with app.app_context(), transaction() as session:
        for code in (CITY, RURAL, NEXT_RURAL):
            unit = session.get(Unit, code)
            unit.opened_on = min(WEEK.first, MONTH.first)
            ledger.open_lines(session, unit, clock.now())
    return cast


def idle(app, code: str, period) -> tuple[list[str], int]:
    with app.app_context():
        found = together(idleness_below(db.session, db.session.get(Unit, code), period))
        names = [unit.code for unit in found.idle], found.active
        db.session.remove()
    return names


def begin(app, cast):
    assert send(app, cast, "lead", envelope(inspection(parcels(20)))).state == "stored"


@pytest.mark.parametrize("period", [WEEK, MONTH], ids=["week", "month"])
def test_a_region_sees_each_department_in_which_nobody_began_not_only_whole_leagues(app, cast, period):
    begin(app, cast)  # one department of one county; the neighbouring county has done nothing at all
    assert idle(app, REGION, period) == ([NEXT_RURAL, RURAL], 3)
    assert idle(app, LEAGUE, period) == ([NEXT_RURAL, RURAL], 3)
    assert idle(app, COUNTY, period) == ([RURAL], 2)
    assert idle(app, NEXT_COUNTY, period) == ([NEXT_RURAL], 1)
    assert idle(app, CITY, period) == ([], 1)


def test_the_regions_page_names_the_idle_departments_with_a_link_and_counts_them_in_its_row(app, cast):
    begin(app, cast)
    page = company.client_for(app, cast, "region").get(f"/ledger?unit={REGION}&period={WEEK.code}")
    said = words(page)
    assert "2 / 3 个部门" in said and "各单位都已开展" not in said
    assert "3 个部门中 2 个尚未开展" in said  # the league's row
    for code in (RURAL, NEXT_RURAL):
        assert f'href="/ledger?unit={code}&amp;period={WEEK.code}"' in page.text
    assert "格日勒敖都苏木支局" in said


def test_a_county_whose_departments_all_began_says_so(app, cast):
    begin(app, cast)
    page = company.client_for(app, cast, "director").get(f"/ledger?unit={CITY}&period={WEEK.code}")
    assert "各单位都已开展" in words(page)


def test_a_register_that_was_entered_long_ago_is_no_beginning(app, cast):
    # Its points count as confirmed for ninety days, so the line of the register holds something done.
    with app.app_context(), transaction() as session:
        company.add_points(session, cast, RURAL, 3, first_day=date(2026, 1, 2))
        unit = session.get(Unit, RURAL)
        ledger.rebuild(session, unit, clock.now())
    assert RURAL in idle(app, REGION, period_of("month", today()))[0]
