"""Lines that close today, and the share of eight weeks: of lines set down by hand."""

from datetime import date, datetime, timedelta

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, RURAL
from tests.ledger_lines import add_line
from webapp.core.clock import LOCAL
from webapp.core.database import db
from webapp.ledger.closings import closing_today
from webapp.ledger.weeks import weekly_shares
from webapp.org.models import Unit

TODAY = date(2026, 11, 20)  # a Friday, of week 47
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=LOCAL)
DAY = timedelta(days=1)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def asked(app, question, code: str):
    with app.app_context():
        return question(db.session, db.session.get(Unit, code), NOW)


def test_what_closes_at_midnight_and_is_not_met_is_named_whatever_its_period(app, cast):
    add_line(app, CITY, "shift-meeting", "2026-11-20", TODAY)
    add_line(app, CITY, "receipt-sample", "2026-11-19", TODAY, required=None)
    add_line(app, RURAL, "monthly-report", "2026-10", TODAY)
    add_line(app, COUNTY, "upper-visits", "2026-10", TODAY)  # its own
    add_line(app, CITY, "parcel-check", "2026-W47", TODAY + 2 * DAY)  # not today
    add_line(app, CITY, "shift-meeting", "2026-11-19", TODAY - DAY)  # closed
    add_line(app, RURAL, "shift-meeting", "2026-11-20", TODAY, met=True)
    add_line(app, RURAL, "receipt-sample", "2026-11-20", TODAY, applicable=False)
    add_line(app, NEXT_RURAL, "shift-meeting", "2026-11-20", TODAY)  # of the neighbouring county
    found = asked(app, closing_today, COUNTY)
    assert [(one.unit_code, one.duty, one.period, one.required) for one in found] == [
        (COUNTY, "upper-visits", "2026-10", 1),
        (CITY, "receipt-sample", "2026-11-19", None),
        (CITY, "shift-meeting", "2026-11-20", 1),
        (RURAL, "monthly-report", "2026-10", 1),
    ]


def test_a_weeks_share_is_of_the_lines_that_are_met_or_closed(app, cast):
    add_line(app, CITY, "shift-meeting", "2026-11-18", TODAY - 2 * DAY, met=True)
    add_line(app, CITY, "shift-meeting", "2026-11-19", TODAY - DAY)
    add_line(app, CITY, "shift-meeting", "2026-11-20", TODAY)  # still open: in neither
    add_line(app, CITY, "parcel-check", "2026-W47", TODAY + 2 * DAY, met=True)  # met before it closes
    add_line(app, RURAL, "parcel-check", "2026-W46", TODAY - 5 * DAY, met=True)
    add_line(app, RURAL, "parcel-check", "2026-W45", TODAY - 12 * DAY, applicable=False)
    add_line(app, CITY, "parcel-check", "2026-W39", date(2026, 9, 27))  # nine weeks ago
    add_line(
        app, COUNTY, "upper-visits", "2026-W47", TODAY + 2 * DAY, met=True
    )  # the county's own: not summed
    found = asked(app, weekly_shares, COUNTY)
    path = {code: f"/15/1525/152502/{code}/" for code in (CITY, RURAL)}
    assert [one.week.code for one in found[path[CITY]]] == [f"2026-W{n}" for n in range(40, 48)]
    assert [(one.met, one.settled) for one in found[path[CITY]]] == [(0, 0)] * 7 + [(2, 3)]
    assert found[path[RURAL]][-2].share == 1.0 and found[path[RURAL]][-3].share is None
    [league] = asked(app, weekly_shares, LEAGUE).items()
    assert league[0] == "/15/1525/152502/"
    assert [(one.met, one.settled) for one in league[1]][-2:] == [(1, 1), (2, 3)]
    assert NEXT_COUNTY not in str(league)
