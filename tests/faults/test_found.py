"""What the simulation found, each told again without chance."""

from datetime import timedelta

from tests.cast import CITY, build_in
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import db
from webapp.ledger.operations import differences
from webapp.org.models import Unit


def test_a_record_held_for_its_clock_leaves_no_hole_in_the_ledger(sqlite_app):
    """`check` told of a line that should be there, until the next tick or the record's confirmation."""
    cast = build_in(sqlite_app)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert send(sqlite_app, cast, "lead", envelope(inspection(parcels(2), date=tomorrow))).held == "clock"
    with sqlite_app.app_context():
        assert differences(db.session, db.session.get(Unit, CITY), clock.now()) == []
