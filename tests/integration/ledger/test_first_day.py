"""An office that comes to Toucha today owes nothing for the time before, whatever way it came."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import cast as company
from tests.cast import COUNTY
from tests.desk_records import today
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.ledger import operations as ledger
from webapp.ledger.cells import cells_below
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

DAY = timedelta(days=1)
NEW = "152502777"


@pytest.fixture
def imported(app):
    """A department from a file that does not name the day of its opening, and points with it."""
    cast = company.build_in(app)
    client = company.client_for(app, cast, "county")
    text = f"上级,名称,编号,城乡\n{COUNTY},新城投递部,{NEW},城市\n"
    file = {"sort": "units", "file": (io.BytesIO(text.encode("gb18030")), "units.csv")}
    preview = client.post("/units/import", data=file, content_type="multipart/form-data")
    rows = preview.text.partition('name="rows" value="')[2].partition('"')[0]
    assert client.post("/units/import/confirm", data={"sort": "units", "rows": rows}).status_code == 302
    return app


def tick(app, now) -> None:
    with app.app_context(), transaction() as session:
        ledger.open_lines(session, session.get(Unit, NEW), now)


def test_an_office_imported_without_an_opening_day_has_no_line_of_the_past(imported):
    app, now = imported, clock.now()
    tick(app, now)
    with app.app_context():
        unit = db.session.get(Unit, NEW)
        assert unit.opened_on == today()
        lines = db.session.scalars(select(LedgerLine).where(LedgerLine.unit_code == NEW)).all()
        assert {line.last_day for line in lines if len(line.period) == len("2026-11-21")} == {today()}
        assert [line.period for line in lines if line.closes_at <= now] == []
        year = cells_below(db.session, unit, period_of("year", today()), now)
        assert {cell.lines["missed"] + cell.lines["unknown"] for cell in year.values()} == {0}
        assert ledger.differences(db.session, unit, now) == []


def test_a_fortnight_later_it_owes_its_days_and_whole_periods_alone(imported):
    app = imported
    opened = company.read(app, lambda session: session.get(Unit, NEW).opened_on)
    later = clock.now() + 14 * DAY
    tick(app, later)
    with app.app_context():
        of_day = select(func.count()).select_from(LedgerLine).where(LedgerLine.unit_code == NEW)
        assert db.session.scalar(of_day.where(LedgerLine.duty == "pre-shift-meeting")) == 15
        week = period_of("week", opened)
        weeks = db.session.scalars(
            select(LedgerLine.period).where(LedgerLine.unit_code == NEW, LedgerLine.duty == "parcel-check")
        )
        whole = {week.next().code, week.next().next().code} | ({week.code} if week.first == opened else set())
        assert set(weeks) == whole
        assert ledger.differences(db.session, db.session.get(Unit, NEW), later) == []
