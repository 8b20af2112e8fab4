"""A region's month is read from month sums: they must say what the lines say, at every moment and from every height."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cast import CITY, COUNTY, LEAGUE, REGION, build_in
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.ledger_sums import all_lines, check_sums
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.ledger.models import LedgerMonth
from webapp.ledger.operations import differences, open_lines, rebuild
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of


@pytest.fixture
def worked(app):
    """The cast's departments with opened lines, two checks in the city and a withdrawal."""
    cast = build_in(app)
    for first, failed in ((0, 2), (20, 0)):
        assert send(app, cast, "lead", envelope(inspection(parcels(20, failed, first)))).state == "stored"
    with app.app_context():
        for code in db.session.scalars(select(Unit.code).where(Unit.level == "department")).all():
            with transaction() as session:
                open_lines(session, session.get(Unit, code), clock.now())
    return app


@pytest.mark.parametrize("code", [REGION, LEAGUE, COUNTY, CITY])
@pytest.mark.parametrize("kind", ["month", "quarter", "year"])
def test_the_sums_of_months_are_the_lines_one_by_one(worked, code, kind):
    period = period_of(kind, today())
    with worked.app_context():
        lines, unit = all_lines(db.session), db.session.get(Unit, code)
        for later in (0, 1, 8, 40):
            assert check_sums(db.session, lines, unit, period, clock.now() + timedelta(days=later)), "nothing"


def test_a_sum_that_somebody_changed_is_found_and_rebuilt(worked):
    with worked.app_context():
        with transaction() as session:
            row = session.scalars(select(LedgerMonth).where(LedgerMonth.duty == "parcel-check")).first()
            row.done += 1
            code, month = row.unit_code, row.month
        found = differences(db.session, db.session.get(Unit, code), clock.now())
        assert found == [f"{code}/parcel-check/{month}: the month's sums differ"] * 2
        with transaction() as session:
            rebuild(session, session.get(Unit, code), clock.now())
        assert differences(db.session, db.session.get(Unit, code), clock.now()) == []
