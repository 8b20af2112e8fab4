"""Whoever signs months is told once that some can be signed, and finds the eighth in the calendar."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.cast import CITY, COUNTY, LEAGUE, RURAL, build_in
from tests.integration.ledger.test_signed_histories import SIGNING, sign
from tests.ledger_stories import Office, noon
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.inquiries.signers import TO_SIGN, deadlines, remind
from webapp.notices.models import Notice
from webapp.org.models import Person, Unit

OPENED = date(2026, 10, 26)


@pytest.fixture
def office(app) -> Office:
    office = Office(app, build_in(app), OPENED)
    with app.app_context(), transaction() as session:
        for code in office.units:
            session.get(Unit, code).opened_on = OPENED
    return office


def reminded(office: Office, now) -> int:
    office.advance(now)
    with office.app.app_context(), transaction() as session:
        return remind(session, now)


def told(office: Office) -> list[tuple[str, dict]]:
    with office.app.app_context():
        rows = db.session.scalars(select(Notice).where(Notice.code == TO_SIGN.code))
        return [(db.session.get(Person, one.person_id).login, one.values) for one in rows]


def test_the_county_is_told_once_from_the_second_of_the_month_on(office):
    assert reminded(office, noon(date(2026, 12, 1))) == 0
    assert reminded(office, noon(date(2026, 12, 2))) == 1
    assert reminded(office, noon(date(2026, 12, 3))) == 0
    [(login, values)] = told(office)
    assert login == "county" and values["count"] == 2 and values["month"]["zh"] == "2026年11月"


def test_nobody_is_told_of_what_is_signed_already(office):
    office.advance(SIGNING)
    for unit in (CITY, RURAL):
        sign(office, unit, SIGNING)
    assert reminded(office, SIGNING) == 0 and told(office) == []


def test_the_eighth_stands_in_the_calendar_until_all_are_signed(office, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SIGNING)
    office.advance(SIGNING)

    def days(login):
        with office.app.app_context():
            person = office.cast.person(db.session, login)
            return [(one.day, one.address) for one in deadlines(db.session, person)]

    assert days("county") == [(date(2026, 12, 8), f"/signing?unit={COUNTY}&period=2026-11")]
    assert days("director") == [] and LEAGUE not in str(days("league"))
    for unit in (CITY, RURAL):
        sign(office, unit, SIGNING)
    assert days("county") == []
