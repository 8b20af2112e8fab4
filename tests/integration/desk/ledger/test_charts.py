"""The charts of the ledger: their figures, that each mark is a link, and that each has its table."""

import re
from datetime import date, datetime

import pytest
from sqlalchemy import update

from tests import cast as company
from tests.cases import send_at
from tests.cast import CITY, COUNTY, RURAL, client_for
from tests.desk_lists import words
from tests.desk_records import envelope, inspection, parcels
from tests.ledger_lines import add_line
from tests.statements import queries_of
from webapp.core.clock import LOCAL
from webapp.core.database import db, transaction
from webapp.ledger import history
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.rulebook.periods import parse_period

MONTH = parse_period("2026-11")
DAY = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 12, tzinfo=LOCAL)


@pytest.fixture
def cast(app):
    """Of a parcel check 15 of 20 passed in the city, 9 of 10 in the country; of two days one is met."""
    cast = company.build_in(app)
    checked = envelope(inspection(parcels(20, failed=5), date=DAY.isoformat()))
    assert send_at(app, cast, "lead", checked, NOON).state == "stored"
    sums = {"items": 10, "passed": 9, "failed": 1, "done": 10, "required": 20, "started": True}
    add_line(app, RURAL, "parcel-check", "2026-W47", DAY, **sums)
    for day, met in ((17, True), (18, False)):
        add_line(app, RURAL, "shift-meeting", f"2026-11-{day}", date(2026, 11, day), met=met)
    return cast


def test_trends_of_those_below_add_up_to_that_of_the_unit(app, cast):
    with app.app_context():
        parts = history.trends(db.session, db.session.get(Unit, COUNTY), "parcel-check", MONTH)
        whole = history.together(parts.values(), MONTH)
    last = {path.split("/")[-2]: rates[-1] for path, rates in parts.items()}
    assert (last[CITY].items, last[CITY].passed) == (20, 15)
    assert (last[RURAL].items, last[RURAL].passed) == (10, 9)
    assert (whole[-1].items, whole[-1].passed, whole[-1].told) == (30, 24, 0.8)
    assert len(whole) == 12 and whole[0].told is None


def test_drawn_items_have_an_interval_and_are_what_the_trend_shows(app, cast):
    with app.app_context(), transaction() as session:
        drawn = {"drawn": 16, "drawn_passed": 14}
        session.execute(
            update(LedgerLine)
            .where(LedgerLine.unit_code == CITY, LedgerLine.duty == "parcel-check")
            .values(drawn)
        )
    page = client_for(app, cast, "county").get(
        f"/ledger/charts?unit={COUNTY}&period=2026-11&duty=parcel-check"
    )
    # 14 of 16 lie between 64.0 % and 96.5 % [Wilson].
    assert "抽中 16 件，合格率 87.5%，95% 置信区间 64.0% 至 96.5%" in words(page)
    assert page.text.count('class="trend-band" d="M') == 2  # of the whole, and of the one department


def test_each_mark_is_a_link_and_each_chart_has_its_table(app, cast):
    page = client_for(app, cast, "county").get(
        f"/ledger/charts?unit={COUNTY}&period=2026-11&duty=parcel-check"
    )
    assert page.text.count('class="chart-table"') == 4
    charts = re.findall(r"(?s)<svg class=\"chart .*?</svg>", page.text)
    assert len(charts) == 3
    for chart in charts:
        assert "<a " in chart and "<title>" in chart and "style=" not in chart
    assert f"/ledger/{COUNTY}/parcel-check/{MONTH.code}" in page.text
    assert f"/ledger/charts?unit={CITY}&amp;period={MONTH.code}&amp;duty=parcel-check" in page.text
    assert f"/cases?unit={COUNTY}&amp;found={MONTH.code}&amp;kind=parcel&amp;criterion=feedback" in page.text
    # The lowest comes first: 15 of 20 before 9 of 10, all on a scale from 70 %.
    names = re.findall(r'<span class="multiple-name">([^<]+)', page.text)
    assert names == ["宝力根街道投递部", "宝力根苏木支局"]
    assert "同一刻度（70% 到 100%）" in words(page)


def test_the_calendar_says_how_much_of_each_day_was_met(app, cast):
    page = client_for(app, cast, "county").get(f"/ledger/charts?unit={RURAL}&period=2026-11")
    days = dict(re.findall(r'aria-label="(?:2026年)?11月(\d+)日: ([^"]+)"', page.text))
    assert days == {"17": "达标, 1 项中 1 项达标", "18": "未达标, 1 项中 0 项达标"}
    assert 'heat-day heat-5"' in page.text and 'heat-day heat-0"' in page.text


def test_a_department_has_no_small_trends_and_an_empty_year_says_so(app, cast):
    page = client_for(app, cast, "county").get(f"/ledger/charts?unit={CITY}&period=2026-11&duty=parcel-check")
    assert 'class="multiples"' not in page.text
    empty = client_for(app, cast, "county").get(
        f"/ledger/charts?unit={CITY}&period=2024-05&duty=parcel-check"
    )
    assert "没有检查" in words(empty)


def test_the_charts_take_as_many_queries_for_many_departments(app, cast):
    county = client_for(app, cast, "county")

    def ask():
        return county.get(f"/ledger/charts?unit={COUNTY}&period=2026-11&duty=parcel-check")

    ask()
    few = queries_of(app, ask)
    with app.app_context(), transaction() as session:
        company.add_departments(session, COUNTY, 27)
    assert queries_of(app, ask) == few
