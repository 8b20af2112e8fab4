"""Lines that close today, and the share of eight weeks: of lines set down by hand."""

from datetime import date, datetime, timedelta

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, RURAL
from webapp.core.clock import LOCAL, end_of_day
from webapp.core.database import db, transaction
from webapp.ledger.closings import closing_today
from webapp.ledger.models import LedgerLine
from webapp.ledger.weeks import weekly_shares
from webapp.org.models import Unit
from webapp.rulebook.periods import parse_period

TODAY = date(2026, 11, 20)  # a Friday, of week 47
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=LOCAL)
DAY = timedelta(days=1)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def add(
    app, unit: str, duty: str, period: str, closes: date, met: bool = False, applicable: bool = True, **more
):
    """A line that closes at the end of that day."""
    span = parse_period(period)
    values = dict.fromkeys(
        ("done", "items", "passed", "failed", "drawn", "drawn_passed", "announced", "withdrawn", "voided"), 0
    )
    values |= {"required": 1, "uncertain": False, "started": met, "why": [], "edition": "2026", **more}
    with app.app_context(), transaction() as session:
        session.add(
            LedgerLine(
                unit_code=unit, duty=duty, period=period, last_day=span.last, month=span.month, as_of=span.first,
                applicable=applicable, met=met, closes_at=end_of_day(closes), **values,
            )
        )  # fmt: skip


def asked(app, question, code: str):
    with app.app_context():
        return question(db.session, db.session.get(Unit, code), NOW)


def test_what_closes_at_midnight_and_is_not_met_is_named_whatever_its_period(app, cast):
    add(app, CITY, "shift-meeting", "2026-11-20", TODAY)
    add(app, CITY, "receipt-sample", "2026-11-19", TODAY, required=None)
    add(app, RURAL, "monthly-report", "2026-10", TODAY)
    add(app, COUNTY, "upper-visits", "2026-10", TODAY)  # its own
    add(app, CITY, "parcel-check", "2026-W47", TODAY + 2 * DAY)  # not today
    add(app, CITY, "shift-meeting", "2026-11-19", TODAY - DAY)  # closed
    add(app, RURAL, "shift-meeting", "2026-11-20", TODAY, met=True)
    add(app, RURAL, "receipt-sample", "2026-11-20", TODAY, applicable=False)
    add(app, NEXT_RURAL, "shift-meeting", "2026-11-20", TODAY)  # of the neighbouring county
    found = asked(app, closing_today, COUNTY)
    assert [(one.unit_code, one.duty, one.period, one.required) for one in found] == [
        (COUNTY, "upper-visits", "2026-10", 1),
        (CITY, "receipt-sample", "2026-11-19", None),
        (CITY, "shift-meeting", "2026-11-20", 1),
        (RURAL, "monthly-report", "2026-10", 1),
    ]


def test_a_weeks_share_is_of_the_lines_that_are_met_or_closed(app, cast):
    add(app, CITY, "shift-meeting", "2026-11-18", TODAY - 2 * DAY, met=True)
    add(app, CITY, "shift-meeting", "2026-11-19", TODAY - DAY)
    add(app, CITY, "shift-meeting", "2026-11-20", TODAY)  # still open: in neither
    add(app, CITY, "parcel-check", "2026-W47", TODAY + 2 * DAY, met=True)  # met before it closes
    add(app, RURAL, "parcel-check", "2026-W46", TODAY - 5 * DAY, met=True)
    add(app, RURAL, "parcel-check", "2026-W45", TODAY - 12 * DAY, applicable=False)
    add(app, CITY, "parcel-check", "2026-W39", date(2026, 9, 27))  # nine weeks ago
    add(app, COUNTY, "upper-visits", "2026-W47", TODAY + 2 * DAY, met=True)  # the county's own: not summed
    found = asked(app, weekly_shares, COUNTY)
    path = {code: f"/15/1525/152502/{code}/" for code in (CITY, RURAL)}
    assert [one.week.code for one in found[path[CITY]]] == [f"2026-W{n}" for n in range(40, 48)]
    assert [(one.met, one.settled) for one in found[path[CITY]]] == [(0, 0)] * 7 + [(2, 3)]
    assert found[path[RURAL]][-2].share == 1.0 and found[path[RURAL]][-3].share is None
    [league] = asked(app, weekly_shares, LEAGUE).items()
    assert league[0] == "/15/1525/152502/"
    assert [(one.met, one.settled) for one in league[1]][-2:] == [(1, 1), (2, 3)]
    assert NEXT_COUNTY not in str(league)
