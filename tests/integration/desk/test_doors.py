"""Every obstacle is a door: the page that names it leads to where it is mended, for whoever may mend it there."""

import re
from datetime import timedelta

import pytest

from tests import cast as company
from tests.cast import CITY, RURAL
from tests.desk_lists import words
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.ledger.operations import open_lines
from webapp.org.models import Device, Unit
from webapp.rulebook.periods import period_of

WEEK_AGO = timedelta(days=7)


@pytest.fixture
def cast(app):
    found = company.build_in(app)
    with app.app_context(), transaction() as session:
        for code in (CITY, RURAL):
            open_lines(session, session.get(Unit, code), clock.now() - WEEK_AGO)
    return found


@pytest.fixture
def day():
    return today() - WEEK_AGO


def doors(answer) -> dict[str, str]:
    """The doors of a page: {address: words}."""
    found = re.findall(r'<a class="door" href="([^"]+)">([^<]+)', answer.text)
    return {url.replace("&amp;", "&"): said for url, said in found}


def test_a_missing_volume_leads_the_director_to_the_volumes_of_that_unit_and_day(app, cast, day):
    director = company.client_for(app, cast, "director")
    for duty in ("receipt-sample", "return-audit", "advance-watch"):
        found = doors(director.get(f"/ledger/{CITY}/{duty}/{day}"))
        assert found.get(f"/volumes?unit={CITY}&day={day}") == "录入业务量", duty
    page = director.get(f"/volumes?unit={CITY}&day={day}")
    assert page.status_code == 200
    assert f'value="{day}"' in page.text or day.isoformat() in page.text


def test_of_a_week_each_day_so_far_without_a_volume_has_its_own_door(app, cast, day):
    week = period_of("week", day)
    found = doors(company.client_for(app, cast, "director").get(f"/ledger/{CITY}/parcel-check/{week.code}"))
    assert list(found) == [f"/volumes?unit={CITY}&day={one}" for one in week.days() if one <= day]
    assert len(set(found.values())) == len(found)  # each names its day


def test_of_a_longer_period_each_undecided_day_has_its_door(app, cast, day):
    month = period_of("month", day).code
    found = doors(company.client_for(app, cast, "director").get(f"/ledger/{CITY}/receipt-sample/{month}"))
    assert f"/volumes?unit={CITY}&day={day}" in found


@pytest.mark.parametrize("login", ["county", "league", "lead", "inspector"])
def test_whoever_may_not_enter_volumes_is_led_to_no_closed_door(app, cast, day, login):
    client = company.client_for(app, cast, login)
    page = client.get(f"/ledger/{CITY}/receipt-sample/{day}")
    assert page.status_code == 200
    assert "缺少业务量" in words(page)
    assert not [url for url in doors(page) if url.startswith("/volumes")]
    for url in doors(page):
        assert client.get(url).status_code == 200, url


def test_every_door_of_every_line_opens_for_whoever_sees_it(app, cast, day):
    director = company.client_for(app, cast, "director")
    send(app, cast, "lead", envelope(inspection(parcels(20))))
    opened = set()
    month, week = period_of("month", day).code, period_of("week", day).code
    for period in (day.isoformat(), week, month):
        page = director.get(f"/ledger?unit={CITY}&period={period}")
        for line in re.findall(rf'href="(/ledger/{CITY}/[^"]+)"', page.text):
            opened |= set(doors(director.get(line)))
    assert any(url.startswith("/points") for url in opened)
    for url in opened:
        assert director.get(url).status_code == 200, url


def test_a_record_refused_for_its_role_leads_the_county_to_the_person_and_not_the_director(app, cast):
    sent = envelope(inspection(parcels(20), kind="receipt", about=today().isoformat()))
    assert send(app, cast, "lead", sent).state == "refused"
    county = company.client_for(app, cast, "county")
    person = f"/people/{cast.people['lead']}"
    assert doors(county.get(f"/attention?unit={CITY}")) == {person: "更正岗位"}
    assert county.get(person).status_code == 200
    assert doors(company.client_for(app, cast, "director").get("/attention")) == {}


def test_the_same_refusal_again_and_again_is_one_line_with_its_count(app, cast):
    for _ in range(3):
        sent = envelope(inspection(parcels(20), kind="receipt", about=today().isoformat()))
        assert send(app, cast, "lead", sent).state == "refused"
    other = envelope(inspection(parcels(20), kind="receipt", about=today().isoformat(), date=str(today() - timedelta(days=1))))  # fmt: skip
    assert send(app, cast, "lead", other).state == "refused"
    page = company.client_for(app, cast, "director").get("/attention")
    section = page.text.partition('id="refusals-title"')[2]
    rows = re.findall(r"<tr>.*?</tr>", section.partition("<tbody>")[2], re.DOTALL)
    assert len(rows) == 2
    assert sum("× 3" in row for row in rows) == 1


def test_a_silent_phone_leads_to_its_person_where_the_reader_sees_people(app, cast):
    with app.app_context(), transaction() as session:
        device, _ = company.device_for(session, cast.people["lead"], "Android · Edge")
        row = session.get(Device, device)
        row.held_records, row.synced_at = 3, clock.now() - timedelta(days=4)
    address = f'href="/people/{cast.people["lead"]}"'
    assert address in company.client_for(app, cast, "county").get("/ledger").text
    assert address not in company.client_for(app, cast, "inspector").get(f"/ledger?unit={CITY}").text
