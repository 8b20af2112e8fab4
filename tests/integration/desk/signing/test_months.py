"""The pages on which months are signed: what they show, who may do what, and what a refusal says."""

import re
from datetime import timedelta

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, RURAL, client_for, read
from tests.desk_lists import words
from tests.ledger_stories import Office, form, noon, parcels
from tests.statements import queries_of
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.ledger.models import LineSupplement
from webapp.org.models import Role, Unit
from webapp.rulebook.periods import period_of
from webapp.signing.queries import standing_of

TODAY = clock.local_date(clock.now())
# Whatever day it is: all lines of the month before last are closed.
MONTH = period_of("month", TODAY).previous().previous()
FIRST = MONTH.first - timedelta(days=3)
TUESDAY = MONTH.first + timedelta(days=(1 - MONTH.first.weekday()) % 7)


@pytest.fixture
def office(app) -> Office:
    office = Office(app, company.build_in(app), FIRST)
    with app.app_context(), transaction() as session:
        for code in office.units:
            session.get(Unit, code).opened_on = FIRST
    office.send("lead", noon(TUESDAY), form("parcel", TUESDAY, parcels(1, 20)))
    office.advance(clock.now())
    return office


def address(unit: str = CITY, more: str = "") -> str:
    return f"/signing/{unit}/{MONTH.code}{more}"


def fields(page) -> dict[str, str]:
    """The hidden fields of the first form that carries lines."""
    seen = re.search(r'<textarea name="seen" hidden readonly>([^<]*)</textarea>', page.text)
    version = re.search(r'name="version" value="(\d+)"', page.text)
    return {"seen": seen.group(1) if seen else "", "version": version.group(1) if version else "1"}


def signed(client, unit: str = CITY, **more):
    page = client.get(address(unit))
    return client.post(address(unit, "/sign"), data=fields(page) | more, follow_redirects=True)


def late_check(office: Office) -> None:
    day = TUESDAY + timedelta(days=1)
    office.send("lead", clock.now(), form("parcel", day, parcels(21, 40)))


def stands(app, unit: str = CITY):
    return read(app, lambda session: standing_of(session, [unit], MONTH.code)[unit])


def test_a_county_signs_a_department_and_the_page_says_so_everywhere(app, office):
    county = client_for(app, office.cast, "county")
    said = words(county.get(f"/signing?unit={COUNTY}&period={MONTH.code}"))
    assert "已审签 0/2" in said and "待审签" in said
    page = signed(county, note="已核对")
    assert page.status_code == 200 and "已审签。" in words(page)
    said = words(county.get(address()))
    assert "第 1 版" in said and "周苏日娜" in said and "已核对" in said
    assert "已审签 1/2" in words(county.get(f"/signing?unit={COUNTY}&period={MONTH.code}"))
    week = period_of("week", TUESDAY).code
    assert "周苏日娜已于" in words(county.get(f"/ledger/{CITY}/parcel-check/{week}"))
    assert "第 1 版" in words(county.get(f"/ledger/print?unit={CITY}&period={MONTH.code}"))
    assert "下级已审签 1/2" in words(county.get(f"/ledger/print?unit={COUNTY}&period={MONTH.code}"))


def test_what_arrived_later_stands_beside_it_and_the_league_takes_it_as_version_two(app, office):
    signed(client_for(app, office.cast, "county"))
    late_check(office)
    league = client_for(app, office.cast, "league")
    page = league.get(address())
    assert "补录" in words(page) and "更正审签" in words(page)
    assert signed(league, reason=" ").status_code == 422
    page = signed(league, reason="手机迟到")
    assert "已更正：第 2 版生效" in words(page)
    first = words(league.get(address(more="?version=1")))
    assert "这一版已被更正" in first
    assert len(stands(app).versions) == 2
    assert not read(app, lambda session: session.query(LineSupplement).count())


def test_a_line_that_moved_meanwhile_is_shown_side_by_side_and_nothing_typed_is_lost(app, office):
    county = client_for(app, office.cast, "county")
    page = county.get(address())
    late_check(office)
    answer = county.post(address(more="/sign"), data=fields(page) | {"note": "已核"})
    said = words(answer)
    assert answer.status_code == 409 and "您看过以后的变动" in said
    week = period_of("week", TUESDAY)
    assert re.search(r"包裹抽查.*1 / 2.*2 / 2", said, re.S) or "1 / 2" in said and "2 / 2" in said
    assert "已核" in answer.text and week.code in answer.text
    assert stands(app).signature is None
    # The form of this page holds what stands now.
    assert "已审签。" in words(county.post(address(more="/sign"), data=fields(answer), follow_redirects=True))


@pytest.mark.parametrize("login", ["director", "league", "region"])
def test_who_may_not_sign_is_offered_nothing_and_refused(app, office, login):
    client = client_for(app, office.cast, login)
    page = client.get(address())
    assert page.status_code == 200 and address(more="/sign") not in page.text
    county = client_for(app, office.cast, "county").get(address())
    assert client.post(address(more="/sign"), data=fields(county)).status_code == 403
    assert stands(app).signature is None


def test_the_director_confirms_and_disputes(app, office):
    director = client_for(app, office.cast, "director")
    page = director.get(address())
    assert "已确认。" in words(
        director.post(address(more="/consent"), data=fields(page), follow_redirects=True)
    )
    signed(client_for(app, office.cast, "county"))
    said = words(
        director.post(
            address(more="/dispute"), data={"version": "1", "reason": "少了一部手机"}, follow_redirects=True
        )
    )
    assert "异议已提交上一级" in said and "少了一部手机" in said
    assert "有异议" in words(
        client_for(app, office.cast, "county").get(f"/signing?unit={COUNTY}&period={MONTH.code}")
    )
    league = client_for(app, office.cast, "league")
    said = words(
        league.post(address(more="/rule"), data={"version": "1", "reason": "核实无误"}, follow_redirects=True)
    )
    assert "异议不成立" in said and "核实无误" in said


def test_a_month_that_is_not_over_says_what_is_open_and_cannot_be_signed(app, office):
    county = client_for(app, office.cast, "county")
    month = period_of("month", TODAY).code
    page = county.get(f"/signing/{CITY}/{month}")
    assert "未截止" in words(page) or "尚未截止" in words(page)
    assert re.search(r"<button class=\"button button-primary\"\s+disabled", page.text)
    answer = county.post(f"/signing/{CITY}/{month}/sign", data=fields(page))
    assert answer.status_code == 409


def test_a_deputy_is_named_with_days_and_ended(app, office):
    cast = office.cast
    with app.app_context(), transaction() as session:
        person = cast.person(session, "admin").id
        session.add(Role(id=new_id(), person_id=person, unit_code=COUNTY, role="admin", first_day=FIRST))
    county = client_for(app, cast, "county")
    page = county.get(f"/signing?unit={COUNTY}")
    assert "授权他人代签" in words(page)
    days = {"first_day": TODAY.isoformat(), "last_day": (TODAY + timedelta(days=5)).isoformat()}
    said = words(county.post(f"/signing/{COUNTY}/grants", data={"to": person, **days}, follow_redirects=True))
    assert "授权已登记" in said and "代签" in said
    refused = county.post(f"/signing/{COUNTY}/grants", data={"to": "nobody", **days}, follow_redirects=True)
    assert refused.status_code == 200 and "授权已登记" not in words(refused)
    grant = re.search(r"/grants/([0-9a-f-]{36})/end", county.get(f"/signing?unit={COUNTY}").text).group(1)
    assert "授权已终止" in words(county.post(f"/signing/{COUNTY}/grants/{grant}/end", follow_redirects=True))


@pytest.mark.parametrize("month", ["2026-W47", "2026-13", "x"])
def test_what_is_no_month_is_said(app, office, month):
    assert client_for(app, office.cast, "county").get(f"/signing/{CITY}/{month}").status_code == 422


def test_lines_that_this_page_never_wrote_are_refused(app, office):
    county = client_for(app, office.cast, "county")
    for seen in ("x", "a b c d e f", "parcel-check 2026-W45 " + "0" * 64 + " met -1 2"):
        assert county.post(address(more="/sign"), data={"seen": seen, "version": "1"}).status_code == 400
    forged = "parcel-check 2026-W45 " + "0" * 64 + " met 1 2"
    assert county.post(address(more="/sign"), data={"seen": forged, "version": "1"}).status_code == 409


def test_the_list_takes_as_many_queries_whatever_the_departments(app, office):
    county = client_for(app, office.cast, "county")
    page = f"/signing?unit={COUNTY}&period={MONTH.code}"
    county.get(page)
    before = queries_of(app, lambda: county.get(page))
    for unit in (CITY, RURAL):
        signed(county, unit)
    assert queries_of(app, lambda: county.get(page)) <= before + 1  # the names of who signed
