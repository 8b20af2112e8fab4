"""A record about a whole unit: one item whose subject is the unit's code, its criteria in groups of which nothing may have come."""

from datetime import timedelta

import pytest

from tests.cast import CITY, COUNTY, FIRST_DAY, RURAL, build_in, client_for, read
from tests.desk_lists import words
from tests.desk_records import envelope, today
from tests.editions import enter, with_visits
from tests.integration.ledger.test_duty_book import form
from tests.integration.sync.test_push import push
from webapp.core.database import transaction
from webapp.inspections.models import Item
from webapp.org.models import Unit


@pytest.fixture
def cast(app):
    enter(app, with_visits(FIRST_DAY))
    return build_in(app)


@pytest.fixture
def county(app, cast):
    return client_for(app, cast, "county")


def visit(unit: str = CITY, subject: str | None = None, **item) -> dict:
    judged = {"subject": subject or unit, "verdict": "pass", "answers": {}, **item}
    return form("unit-visit", [judged], unit, acting=COUNTY)


def sent(client, open: dict, id: str | None = None) -> dict:
    return push(client, envelope(open, id=id))[0]


def faults(client, open: dict) -> dict:
    answer = sent(client, open)
    assert answer["state"] == "refused", answer
    return answer["problem"]["fields"]


def test_phones_are_told_the_groups_of_a_form_and_how_grave_a_criterion_is(county):
    kinds = {kind["code"]: kind for kind in county.get("/api/sync/pull").json["kinds"]}
    told = kinds["unit-visit"]
    assert told["subject"] == "unit"
    assert told["groups"][0] == {"code": "express", "class": None, "zh": "特快部分", "en": "Express part"}
    assert [(one["code"], one["group"], one["severity"]) for one in told["criteria"]] == [
        ("kept", None, "ordinary"),
        ("express-time", "express", "serious"),
        ("letters-time", "letters", "grave"),
    ]
    assert kinds["parcel"]["groups"] == []
    parcel = {one["code"]: (one["group"], one["severity"]) for one in kinds["parcel"]["criteria"]}
    assert {group for group, _ in parcel.values()} == {None}
    assert [code for code, (_, severity) in parcel.items() if severity != "ordinary"] == ["signature"]
    assert parcel["signature"] == (None, "grave")


def test_a_visit_shows_the_units_name_what_failed_and_of_what_nothing_came(app, county):
    open = visit(verdict="fail", answers={"kept": "fail", "letters-time": "na"}, none_came=["express"])
    answer = sent(county, open)
    assert answer["state"] == "stored", answer
    page = county.get(f"/inspections/{answer['id']}")
    assert "没有此类邮件： 特快部分" in words(page) and "平信部分" not in words(page)
    assert "宝力根街道投递部" in page.text.partition('class="item-name')[2].partition("</h3>")[0]
    assert "台账不全" in words(page) and f"/points/{CITY}" not in page.text
    listed = words(county.get(f"/cases?unit={CITY}"))
    assert "台账不全" in listed and "宝力根街道投递部" in listed
    stored = read(app, lambda session: session.get(Item, (answer["id"], 0)).answers)
    assert stored == {"kept": "fail", "letters-time": "na", "group:express": "none"}


def test_a_visit_has_one_item_the_unit_itself(county):
    assert "items" in faults(county, visit(subject=RURAL))
    assert "items" in faults(county, visit(subject="-"))
    twice = visit()
    twice["items"].append({"subject": RURAL, "verdict": "pass", "answers": {}})
    assert "items" in faults(county, twice)


def test_of_a_group_of_which_nothing_came_no_criterion_is_answered(county):
    answered = visit(answers={"express-time": "pass"}, none_came=["express"])
    assert faults(county, answered) == {"items[0].answers.express-time": "nothing came of express"}
    assert "items[0].none_came" in faults(county, visit(none_came=["parcels"]))
    assert "items[0].none_came" in faults(county, visit(none_came=["letters", "letters"]))
    assert "items[0].none_came" in faults(county, visit(none_came="letters"))
    assert sent(county, visit(none_came=["letters", "express"]))["state"] == "stored"
    item = {
        "subject": "9880123400001",
        "class": "parcel",
        "verdict": "pass",
        "answers": {},
        "none_came": ["x"],
    }
    assert "items[0].none_came" in faults(county, form("parcel", [item], acting=COUNTY))


def test_a_unit_that_was_closed_that_day_was_not_visited(app, county):
    with app.app_context(), transaction() as session:
        session.get(Unit, CITY).closed_on = today() - timedelta(days=1)
    answer = sent(county, visit())
    assert (answer["state"], answer["problem"]["code"]) == ("refused", "unit-closed")


def test_a_second_content_that_differs_in_what_came_shows_it(app, cast, county):
    first = envelope(visit(none_came=["express"]))
    second = envelope(visit(none_came=["letters"]), id=first["id"])
    assert [one["state"] for one in (*push(county, first), *push(county, second))] == ["stored", "conflict"]
    page = words(client_for(app, cast, "director").get(f"/attention?unit={CITY}"))
    assert "没有此类邮件： 特快部分" in page and "没有此类邮件： 平信部分" in page
    assert "宝力根街道投递部" in page
