"""What the simulation found, each told again without chance."""

from datetime import timedelta
from unittest import mock

from sqlalchemy import select

from tests.cases import answer, cases_in, send_at
from tests.cast import CITY, build_in
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import db
from webapp.journal.models import Refusal
from webapp.ledger.operations import differences
from webapp.org.models import Unit
from webapp.recording import operations


def test_a_record_held_for_its_clock_leaves_no_hole_in_the_ledger(sqlite_app):
    """`check` told of a line that should be there, until the next tick or the record's confirmation."""
    cast = build_in(sqlite_app)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert send(sqlite_app, cast, "lead", envelope(inspection(parcels(2), date=tomorrow))).held == "clock"
    with sqlite_app.app_context():
        assert differences(db.session, db.session.get(Unit, CITY), clock.now()) == []


def test_a_move_that_another_request_has_just_stored_is_known_and_not_a_move_too_many(sqlite_app):
    """An answer was sent twice, and the second copy looked before the first was there: "refused", said the phone for ever."""
    cast = build_in(sqlite_app)
    send(sqlite_app, cast, "inspector", envelope(inspection(parcels(1, 1))))
    [case], now = cases_in(sqlite_app), clock.now()
    sent = answer(case.id, now)
    assert send_at(sqlite_app, cast, "director", sent, now).state == "stored"
    with mock.patch.object(operations, "_known", lambda session, ids: {}):
        assert send_at(sqlite_app, cast, "director", sent, now).state == "known"
    with sqlite_app.app_context():
        assert db.session.scalars(select(Refusal)).all() == []
