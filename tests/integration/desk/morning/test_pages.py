"""The morning page: who starts there, what it shows, how many queries it takes, and the press."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, REGION, RURAL, client_for, read
from tests.desk_lists import imported, listed, post, words
from tests.statements import queries_of
from webapp.core import clock
from webapp.core.database import transaction
from webapp.desk.morning.words import NOTHING, TITLES
from webapp.inquiries.morning import MATTERS
from webapp.notices.models import Notice
from webapp.notices.pressing import pressed_in
from webapp.org.models import Role


@pytest.fixture
def cast(app):
    return company.build_in(app)


def press(client, unit: str = CITY, matter: str = "lists"):
    return client.post("/morning/press", data={"unit": unit, "matter": matter}, follow_redirects=True)


def told(app) -> list[Notice]:
    return read(app, lambda session: list(session.scalars(select(Notice).where(Notice.code == "pressed"))))


def test_every_question_has_its_number_its_units_and_the_way_to_act(app, cast):
    imported(client_for(app, cast, "director"), listed(3))
    page = client_for(app, cast, "county").get("/morning")
    said = words(page)
    for title in TITLES.values():
        with app.test_request_context():
            assert str(title) in said
    assert f'href="/manifests?unit={RURAL}"' in page.text
    assert "尚未导入" in said and "已导入，尚未封存" in said
    assert "今天投递的 2 个部门中，0 个已封存清单" in said
    for matter in MATTERS:
        assert f'id="{matter}"' in page.text and f'href="#{matter}"' in page.text
    assert '<svg class="spark"' in page.text


def test_where_there_is_nothing_the_page_says_so(app, cast):
    said = words(client_for(app, cast, "county").get("/morning"))
    with app.test_request_context():
        assert str(NOTHING["waiting"]) in said and str(NOTHING["overdue"]) in said


def test_sealed_lists_are_named_with_their_time(app, cast):
    director = client_for(app, cast, "director")
    post(director, imported(director, listed(3)), "seal")
    said = words(client_for(app, cast, "county").get("/morning"))
    assert "今日已封存 · 1" in said and "3 件" in said and "1 个已封存清单" in said


def test_a_department_has_its_ledger_and_above_it_one_goes_down_step_by_step(app, cast):
    region = client_for(app, cast, "region")
    assert region.get(f"/morning?unit={CITY}").location == f"/ledger?unit={CITY}"
    assert f"/morning?unit={LEAGUE}#lists" in region.get("/morning").text
    league = region.get(f"/morning?unit={LEAGUE}")
    assert f"/morning?unit={COUNTY}#lists" in league.text and f'href="/morning?unit={REGION}"' in league.text
    assert client_for(app, cast, "director").get("/morning").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_departments(app, cast):
    county = client_for(app, cast, "county")
    for address in ("/morning", "/manifests", "/points"):
        county.get(address)  # what a session reads once
    few = {
        address: queries_of(app, lambda one=address: county.get(one))
        for address in ("/morning", "/manifests", "/points")
    }
    with app.app_context(), transaction() as session:
        company.add_departments(session, COUNTY, 27)
    for address, count in few.items():
        assert "新设第26支局" in county.get(address).text
        assert queries_of(app, lambda one=address: county.get(one)) == count < 45, address


def test_a_press_tells_whoever_leads_the_department_once_a_day(app, cast):
    county = client_for(app, cast, "county")
    assert "已催办：通知已发给宝力根街道投递部的负责人" in words(press(county))
    [notice] = told(app)
    assert notice.person_id == cast.people["director"] and notice.grave
    assert notice.address == f"/manifests?unit={CITY}"
    inbox = words(client_for(app, cast, "director").get("/notices"))
    assert "锡林浩特市催办：宝力根街道投递部今日投递清单尚未封存" in inbox
    page = county.get("/morning")
    assert re.search(r"\d\d:\d\d 您已催办", words(page))
    assert "已催办过" in words(press(county)) and len(told(app)) == 1
    # Somebody else above finds it done, and by whom.
    assert "周苏日娜已催办" in words(client_for(app, cast, "league").get(f"/morning?unit={COUNTY}"))


def test_a_league_presses_the_county_about_all_its_departments(app, cast):
    press(client_for(app, cast, "league"), COUNTY)
    [notice] = told(app)
    assert notice.person_id == cast.people["county"] and notice.address == f"/morning?unit={COUNTY}#lists"
    inbox = client_for(app, cast, "county").get("/notices?lang=en")
    assert "锡林郭勒盟分公司 presses 锡林浩特市: departments without a sealed list today: 2" in words(inbox)


def test_what_is_done_meanwhile_is_not_pressed(app, cast):
    director = client_for(app, cast, "director")
    post(director, imported(director, listed(3)), "seal")
    assert "已经处理完" in words(press(client_for(app, cast, "county")))
    assert not told(app)


def test_where_nobody_leads_nobody_is_pressed_and_that_is_said(app, cast):
    with app.app_context(), transaction() as session:
        role = session.scalars(select(Role).where(Role.unit_code == CITY, Role.role == "director")).one()
        role.last_day = clock.local_date(clock.now()) - timedelta(days=1)
    county = client_for(app, cast, "county")
    page = county.get("/morning")
    assert "无人负责" in words(page) and f'href="/people?unit={CITY}"' in page.text
    assert page.text.count('name="unit" value="' + CITY) == 0
    assert "没有其他负责人" in words(press(county))
    assert not told(app)


def test_only_those_above_press_and_only_known_matters(app, cast):
    county = client_for(app, cast, "county")
    assert press(county, COUNTY).status_code == 403  # the own unit
    assert press(client_for(app, cast, "director")).status_code == 403
    assert press(client_for(app, cast, "nextcounty")).status_code == 404
    assert press(county, matter="weather").status_code == 422
    assert press(county, unit="").status_code == 404
    assert not told(app)


def test_presses_of_yesterday_are_over(app, cast):
    press(client_for(app, cast, "county"))
    tomorrow = clock.local_date(clock.now()) + timedelta(days=1)
    assert read(app, lambda session: pressed_in(session, ["/15/"], tomorrow)) == {}
