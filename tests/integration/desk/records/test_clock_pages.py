"""What the desk shows of wrong clocks and of two contents: whole dates, how far off, and what differs."""

from datetime import timedelta

import pytest

from tests.cast import CITY, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.inspections.models import Inspection
from webapp.journal.models import Conflict, Fact
from webapp.web.language import whole_day

DAY = timedelta(days=1)


@pytest.fixture
def cast(app):
    return build_in(app)


def held(app, cast, days: int) -> str:
    """A check whose phone's clock is so many days off; its id."""
    moment = clock.now() + days * DAY
    dated = {"date": clock.local_date(moment).isoformat(), "ended": moment.isoformat()}
    sent = envelope(inspection(parcels(2), **dated))
    assert send(app, cast, "inspector", sent, skew=-days * DAY).held == "clock"
    return sent["id"]


def page(app, cast, login: str = "director", lang: str = "zh") -> str:
    return client_for(app, cast, login).get(f"/attention?unit={CITY}&lang={lang}").text


def test_a_check_a_year_ahead_is_named_with_its_year_and_cannot_be_confirmed(app, cast):
    ahead = held(app, cast, 366)
    day = today() + 366 * DAY
    with app.test_request_context("/?lang=zh"):
        whole = whole_day(day)
    said = page(app, cast)
    assert str(day.year) in whole and "周" in whole
    assert whole in said and "比服务器时间超前 1 年" in said and "任何人都不能确认" in said
    assert "1 year ahead of the server’s clock" in page(app, cast, lang="en")
    director = client_for(app, cast, "director")
    assert director.post(f"/attention/held/{ahead}", data={"unit": CITY}).status_code == 409
    assert read(app, lambda session: session.get(Fact, ahead).state) == "held"


def test_the_director_says_at_the_desk_on_which_day_it_was_done(app, cast):
    behind = held(app, cast, -400)
    assert "比服务器时间落后 1 年" in page(app, cast) and 'type="date" name="day"' in page(app, cast)
    director = client_for(app, cast, "director")
    for wrong, status in ((today() + DAY, 409), ("nonsense", 422), ("0001-01-01", 422), ("9999-12-31", 422)):
        answer = director.post(f"/attention/held/{behind}", data={"unit": CITY, "day": str(wrong)})
        assert answer.status_code == status, wrong
    right = (today() - DAY).isoformat()
    assert director.post(f"/attention/held/{behind}", data={"unit": CITY, "day": right}).status_code == 302
    row = read(app, lambda session: session.get(Inspection, behind))
    assert (row.in_force, row.work_date.isoformat()) == (True, right)


def test_fields_that_differ_between_two_contents_are_marked_and_the_second_asks_back(app, cast):
    first = envelope(inspection(parcels(3)))
    second = envelope(inspection(parcels(3, failed=1), date=(today() - DAY).isoformat()), id=first["id"])
    assert [send(app, cast, "inspector", one).state for one in (first, second)] == ["stored", "conflict"]
    said = page(app, cast)
    # The day, and the one item that failed: in each of the two.
    assert said.count('class="differs"') == 4 and said.count("<dt>9880123400000") == 2
    assert "改用第二份？" in said
    with app.test_request_context("/?lang=zh"):
        assert said.count(whole_day(today() - DAY)) == 2  # in its own column, and in the question


def test_a_second_content_of_a_day_to_come_is_not_put_in_force(app, cast):
    first = envelope(inspection(parcels(3)))
    second = envelope(inspection(parcels(2), date=(today() + 366 * DAY).isoformat()), id=first["id"])
    assert [send(app, cast, "inspector", one).state for one in (first, second)] == ["stored", "conflict"]
    director = client_for(app, cast, "director")
    answer = director.post(
        f"/attention/conflicts/{first['id']}/{second['digest']}", data={"unit": CITY, "decision": "second"}
    )
    assert answer.status_code == 409
    assert read(app, lambda session: session.query(Conflict).one().decision) is None
    assert read(app, lambda session: session.get(Fact, first["id"]).state) == "in-force"
