"""A relay point whose closing is known before its day: on the phone, at the desk, in the ledger."""

from datetime import timedelta

import pytest

from tests.cast import CITY, COUNTY, build_in, client_for
from tests.desk_lists import words
from tests.desk_records import envelope, send, today
from tests.integration.registers.test_relay_register import change, faults, point, pulled
from webapp.core import clock
from webapp.core.database import transaction
from webapp.ledger.operations import open_lines
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

TODAY = today()
WEEK = period_of("week", TODAY)
NAME = "额尔敦社区居委会"


@pytest.fixture
def cast(app):
    cast = build_in(app)
    with app.app_context(), transaction() as session:
        open_lines(session, session.get(Unit, CITY), clock.now())
    return cast


def ahead(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def test_a_closing_next_month_stands_on_the_register_and_the_point_is_called_at_until_then(app, cast):
    one, director = cast.points[NAME], client_for(app, cast, "director")
    assert send(app, cast, "director", envelope(change("close", one, day=ahead(40)))).state == "stored"
    row = pulled(director)[one]
    assert (row["closed"], row["closes"]) == (None, ahead(40))
    page = words(director.get(f"/points/{one}"))
    assert "停用" in page and "撤销停用" in page
    assert NAME in words(director.get(f"/points?unit={CITY}"))  # among those in use
    assert faults(app) == []


def test_it_is_taken_back_or_closed_on_another_day_at_the_desk(app, cast):
    one, director = cast.points[NAME], client_for(app, cast, "director")
    assert director.post(f"/points/{one}/close", data={"day": ahead(20), "reason": "拆迁"}).status_code == 302
    assert point(app, one).closed_on.isoformat() == ahead(20)
    assert director.post(f"/points/{one}/close", data={"day": ahead(30)}).status_code == 302
    assert point(app, one).closed_on.isoformat() == ahead(30)
    assert director.post(f"/points/{one}/reopen").status_code == 302
    assert point(app, one).closed_on is None
    assert "撤销停用" not in words(director.get(f"/points/{one}"))
    assert faults(app) == []


@pytest.mark.parametrize(("op", "days"), [("close", 367), ("reopen", 1), ("confirm", 1)])
def test_nothing_but_a_closing_lies_ahead_and_none_more_than_a_year(app, cast, op, days):
    outcome = send(app, cast, "director", envelope(change(op, cast.points[NAME], day=ahead(days))))
    assert (outcome.state, list(outcome.problem.fields)) == ("refused", ["day"])


def test_a_week_counts_the_points_that_stay_open_to_its_end_as_known_so_far(app, cast):
    county = client_for(app, cast, "county")

    def required(duty: str) -> int:
        answer = county.get(f"/api/ledger?unit={CITY}&period={WEEK.code}").json["ledger"]
        return next(line["required"] for line in answer if line["duty"] == duty)

    names = sorted(name for name in cast.points if "社区" in name)
    left = (WEEK.last - TODAY).days
    for name in names:  # all eight close after this week
        assert send(app, cast, "director", envelope(change("close", cast.points[name], day=ahead(left + 1)))).state == "stored"  # fmt: skip
    before = required("relay-city")
    if left:  # one of them closes within the week after all, and then does not
        one = cast.points[names[0]]
        assert send(app, cast, "director", envelope(change("close", one, day=ahead(1)))).state == "stored"
        assert faults(app) == []
        page = county.get(f"/ledger/{CITY}/relay-city/{WEEK.code}")
        assert "7" in words(page)
        assert send(app, cast, "director", envelope(change("reopen", one))).state == "stored"
    assert required("relay-city") == before
    assert faults(app) == []


def test_a_county_manager_of_the_unit_above_notes_a_closing_ahead_and_a_stranger_does_not(app, cast):
    body = change("close", cast.points[NAME], acting=COUNTY, day=ahead(10))
    assert send(app, cast, "county", envelope(body)).state == "stored"
    assert send(app, cast, "nextcounty", envelope(body)).state == "refused"


def test_where_the_county_asks_for_a_confirmation_within_sixty_days_the_register_says_so(app, cast):
    form = {"duty": "relay-register", "first_day": TODAY.isoformat(), "reason": "专项", "n.days": "60"}
    assert client_for(app, cast, "county").post(f"/rules/override?unit={COUNTY}", data=form).status_code == 302  # fmt: skip
    one = cast.points[NAME]
    worked = TODAY - timedelta(days=62)
    confirm = change("confirm", one, date=worked.isoformat(), day=worked.isoformat())
    assert send(app, cast, "director", envelope(confirm)).state == "stored"
    director = client_for(app, cast, "director")
    assert pulled(director)[one]["confirmed"] is None
    assert "60 天" in words(director.get(f"/points/{one}"))
