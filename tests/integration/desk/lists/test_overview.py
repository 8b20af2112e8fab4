"""The lists of one day in all departments: who sees it, what it says, in which order."""

import re
from datetime import timedelta

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_RURAL, RURAL, client_for
from tests.desk_lists import imported, listed, post, words
from tests.desk_records import today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.ledger import operations as ledger
from webapp.org.models import Role, Unit

DAY = timedelta(days=1)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def rows(page) -> list[str]:
    """What stands in the rows, in their order."""
    cells = re.findall(r"(?s)<tr><th scope=\"row\">.*?</tr>", page.text)
    return [
        re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", cell, flags=re.S)).strip() for cell in cells
    ]


def test_who_sees_several_departments_begins_with_all_of_them_the_least_far_first(app, cast):
    director, county = client_for(app, cast, "director"), client_for(app, cast, "county")
    manifest = imported(director, listed(4))
    draft = rows(county.get("/manifests"))
    assert [row.split(" ")[0] for row in draft] == ["宝力根苏木支局", "宝力根街道投递部"]
    assert "未导入" in draft[0] and "草稿" in draft[1] and "2 1 1 未抽样" in draft[1]
    post(director, manifest, "seal")
    assert "已封存" in rows(county.get("/manifests"))[1] and "2 1 1 1" in rows(county.get("/manifests"))[1]
    post(director, manifest, "reveal")
    assert "抽样已公布" in rows(county.get(f"/manifests?unit={COUNTY}"))[1]
    assert f'href="/manifests?unit={RURAL}"' in county.get("/manifests").text


def test_a_state_is_filtered_by_the_address(app, cast):
    imported(client_for(app, cast, "director"), listed(4))
    county = client_for(app, cast, "county")
    assert [row[:4] for row in rows(county.get("/manifests?state=draft"))] == ["宝力根街"]
    assert not rows(county.get("/manifests?state=revealed"))
    assert "没有处于此状态的部门" in words(county.get("/manifests?state=revealed"))
    assert len(rows(county.get("/manifests?state=everything"))) == 2  # no state: all of them
    assert county.get("/manifests?page=99&state=none").status_code == 200


def test_another_day_and_when_it_closes(app, cast):
    county = client_for(app, cast, "county")
    before = today() - DAY
    with app.app_context(), transaction() as session:
        unit = session.get(Unit, CITY)
        unit.ledger_from = before
        ledger.open_lines(session, unit, clock.now())
    [rural, city] = sorted(rows(county.get(f"/manifests?day={before}")), reverse=True)
    assert "24:00" in (city if "街道" in city else rural)
    assert (
        f'href="/manifests?unit={COUNTY}&amp;day={before - DAY}"'
        in county.get(f"/manifests?day={before}").text
    )
    assert county.get("/manifests?day=yesterday").status_code == 422


def test_a_league_names_the_county_of_each_and_goes_down_to_it(app, cast):
    page = client_for(app, cast, "league").get("/manifests")
    assert len(rows(page)) == 3 and "二连浩特市" in rows(page)[0]
    assert f'/manifests?unit={COUNTY}"' in page.text
    # A county with one department is that department.
    assert "格日勒敖都苏木支局" in words(client_for(app, cast, "nextcounty").get("/manifests"))


def test_a_departments_own_people_see_their_own_page_at_once(app, cast):
    page = client_for(app, cast, "director").get("/manifests")
    assert "宝力根街道投递部 投递清单" in words(page) and "全部部门" not in words(page)
    above = client_for(app, cast, "county").get(f"/manifests?unit={CITY}")
    assert f'href="/manifests?unit={COUNTY}"' in above.text and "全部部门" in words(above)


def test_who_works_in_two_departments_of_two_counties_sees_these_two(app, cast):
    with app.app_context(), transaction() as session:
        more = Role(id=new_id(), person_id=cast.people["director"], unit_code=NEXT_RURAL, role="director")
        more.first_day = company.FIRST_DAY
        session.add(more)
    director = client_for(app, cast, "director")
    page = director.get("/manifests")
    assert sorted(row.split(" ")[0] for row in rows(page)) == ["宝力根街道投递部", "格日勒敖都苏木支局"]
    assert "我的单位" in words(page)
    assert director.get(f"/manifests?unit={LEAGUE}").status_code == 404
    assert 'href="/manifests"' in director.get(f"/manifests?unit={CITY}").text
