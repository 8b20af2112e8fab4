"""What a carrier's phone learns of the own receipts: what was found, not by whom; and whose they are no more."""

from datetime import date, timedelta

import pytest

from tests.cast import CITY, build_in, client_for
from tests.deliveries import NUMBERS, hand_over, lay, seal, withdraw
from tests.ledger_stories import OPENED, Office, failed, form, noon, passed
from tests.phone_sections import rows_of
from webapp.core.database import db
from webapp.org.models import Person
from webapp.org.queries import actor_of
from webapp.sync.sections import CHANGED_BY

DAY = OPENED + timedelta(days=7)


@pytest.fixture
def office(app):
    office = Office(app, build_in(app))
    made = lay(office, DAY, NUMBERS, "carrier", unit=CITY)
    seal(office, made, noon(DAY, 13), unit=CITY, reveal=True)
    return office


def judge(office, items: list[dict], login: str = "inspector", hours: float = 15, **more) -> str:
    return office.send(login, noon(DAY, hours), form("receipt", DAY, items, about=DAY.isoformat(), **more))


def told(office, login: str = "carrier", today: date = DAY) -> list[tuple]:
    with office.app.app_context():
        me = actor_of(db.session, db.session.get(Person, office.cast.people[login]), today)
        rows = rows_of(db.session, me, "learned", CITY, noon(today, 18))
        db.session.remove()
    return [(one["number"], one["verdict"], one["criteria"]) for one in rows]


def test_each_verdict_about_the_own_receipts_with_what_failed(office):
    assert told(office) == []
    judge(office, [*passed(NUMBERS[:2]), *failed(NUMBERS[2:3], "time")])
    assert told(office) == [
        (NUMBERS[0], "pass", []),
        (NUMBERS[1], "pass", []),
        (NUMBERS[2], "fail", ["time"]),
    ]
    assert told(office, "lead") == told(office, "director") == []  # who delivers nothing


def test_nothing_is_said_of_who_looked(office):
    judge(office, passed(NUMBERS[:1]), method="covert")
    with office.app.app_context():
        me = actor_of(db.session, db.session.get(Person, office.cast.people["carrier"]), DAY)
        [row] = rows_of(db.session, me, "learned", CITY, noon(DAY, 18))
    assert row.keys() == {"kind", "day", "checked", "number", "verdict", "criteria"}
    assert office.cast.people["inspector"] not in str(row)


def test_what_was_taken_back_or_handed_to_somebody_else_is_no_longer_told(office):
    one = judge(office, failed(NUMBERS[:1], "time"))
    judge(office, passed(NUMBERS[3:4]), hours=16)
    assert len(told(office)) == 2
    withdraw(office, "inspector", one, noon(DAY, 17), unit=CITY)
    assert told(office) == [(NUMBERS[3], "pass", [])]
    hand_over(office, DAY, "lead", at=noon(DAY, 17.5), unit=CITY, numbers=NUMBERS[3:4])
    assert told(office) == []


def test_the_last_month_is_told_until_this_one_is_over(office):
    judge(office, passed(NUMBERS[:1]))
    assert DAY.month == 10
    assert len(told(office, today=date(2026, 11, 30))) == 1
    assert told(office, today=date(2026, 12, 1)) == []


def test_a_parcel_on_site_is_no_receipt(office):
    office.send("inspector", noon(DAY, 15), form("parcel", DAY, passed(NUMBERS[:3])))
    assert told(office) == []


def test_the_section_comes_with_the_pull_and_again_after_a_verdict(office):
    """As a phone asks: the whole first, then only what changed."""
    phone = client_for(office.app, office.cast, "carrier")
    first = phone.get("/api/sync/pull").json
    assert [one["rows"] for one in first["sections"] if one["name"] == "learned"] == [[]]
    judge(office, passed(NUMBERS[:1]))
    after = phone.get(f"/api/sync/pull?cursor={first['cursor']}").json
    assert "learned" in {one["name"] for one in after["sections"] if one["unit"] == CITY}


def test_whatever_may_change_who_delivered_an_item_brings_the_section_again():
    """Lists and hand-overs, and who walks which route: what moves *mine* in the returned items moves what is learned of them."""
    deliver = {name for name, sections in CHANGED_BY.items() if "returns" in sections}
    assert len(deliver) > 8
    assert {name for name in deliver if "learned" not in CHANGED_BY[name]} == set()
