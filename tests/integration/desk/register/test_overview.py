"""The relay points of all departments: how many, how many were visited this month, at how many something failed."""

import re

import pytest
from sqlalchemy import update

from tests import cast as company
from tests.cast import CITY, COUNTY, RURAL, client_for
from tests.desk_lists import words
from tests.desk_records import envelope, inspection, send, today
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.inspections.relay import Rounds, rounds_of
from webapp.registers.models import RelayPoint
from webapp.rulebook.periods import period_of


@pytest.fixture
def cast(app):
    return company.build_in(app)


def visit(app, cast, login: str, unit: str, names: list[str], bad: str = "") -> None:
    items = [
        {
            "subject": cast.points[name],
            "verdict": "fail" if name == bad else "pass",
            "answers": {"sign": "fail"} if name == bad else {},
            "photos": [{"sha256": new_id().replace("-", "") * 2, "size": 10, "type": "image/jpeg"}],
            "position": "no-signal",
        }
        for name in names
    ]
    open = inspection(items, kind="relay", unit=unit, acting=unit)
    outcome = send(app, cast, login, envelope(open))
    assert outcome.state == "stored", outcome


def rounds(app) -> dict[str, Rounds]:
    with app.app_context():
        return rounds_of(db.session, ["/15/1525/152502/"], period_of("month", today()), today())


def test_a_point_counts_once_however_often_somebody_was_there(app, cast):
    assert rounds(app) == {CITY: Rounds(8), RURAL: Rounds(10)}
    visit(app, cast, "inspector", CITY, ["额尔敦社区居委会", "回民社区居委会"], bad="回民社区居委会")
    visit(app, cast, "inspector", CITY, ["额尔敦社区居委会"])
    assert rounds(app)[CITY] == Rounds(8, 2, 1)
    assert rounds(app)[CITY].left == 6
    with app.app_context(), transaction() as session:
        session.execute(
            update(RelayPoint).where(RelayPoint.id == cast.points["回民社区居委会"]).values(closed_on=today())
        )
    assert rounds(app)[CITY] == Rounds(7, 1, 0)  # what is out of use is in no figure


def test_the_overview_puts_first_where_something_failed_and_leads_to_the_department(app, cast):
    visit(app, cast, "inspector", CITY, ["额尔敦社区居委会", "回民社区居委会"], bad="回民社区居委会")
    page = client_for(app, cast, "county").get("/points")
    order = re.findall(r'<th scope="row"><span><a href="/points\?unit=(\d+)">', page.text)
    assert order == [CITY, RURAL]
    assert "启用接转点 18 个；本月已走访 2 个，尚未走访 16 个，发现不合格 1 个" in words(page)
    failed = client_for(app, cast, "county").get(f"/points?unit={COUNTY}&show=failed")
    assert RURAL not in re.findall(r'href="/points\?unit=(\d+)"', failed.text)
    assert "没有处于此状态的部门" in words(client_for(app, cast, "county").get("/points?show=done"))


def test_a_departments_own_people_see_their_own_points_at_once(app, cast):
    page = client_for(app, cast, "director").get("/points")
    assert "额尔敦社区居委会" in words(page)
    above = client_for(app, cast, "county").get(f"/points?unit={CITY}")
    assert "全部部门" in words(above) and f'href="/points?unit={COUNTY}"' in above.text
