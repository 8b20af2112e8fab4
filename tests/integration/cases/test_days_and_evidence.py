"""For which day a move counts, what is evidence, whose a case is, and that the state's calendar moves deadlines [C.1–C.4]."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import cast as company
from tests.cases import answer, cases_in, move, photo, send_at
from tests.cast import CITY, COUNTY
from tests.desk_records import envelope, inspection, parcels
from webapp.cases.verifying import differences
from webapp.core.database import db, transaction
from webapp.org.queries import unit_for
from webapp.recording.changes.lists import change_list
from webapp.recording.facts import case_move, case_order, rulings
from webapp.recording.operations import record_at_desk
from webapp.rulebook.queries import editions_of
from webapp.sampling import handovers, imports
from webapp.sampling.schemas import Row

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)  # ten in the morning
DEADLINE = date(2026, 11, 27)


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def found(app, cast, at: datetime = FRIDAY, items=None, **more) -> str:
    """A parcel check with a failure; its id."""
    day = at.date().isoformat()
    sent = envelope(inspection(items or parcels(2, 1), date=day, ended=at.isoformat(), **more))
    assert send_at(app, cast, "inspector", sent, at).state == "stored"
    return sent["id"]


def case_of(app):
    [case] = cases_in(app)
    return case


def late(days: int) -> datetime:
    return FRIDAY + timedelta(days=days)


def test_an_answer_of_the_deadlines_day_that_arrives_after_it_is_in_time(app, cast):
    found(app, cast)
    made = {**answer(case_of(app).id, late(7))}
    assert send_at(app, cast, "director", made, late(9)).state == "stored"
    case = case_of(app)
    assert (case.answered_on, case.in_time, case.entered_on) == (DEADLINE, True, date(2026, 11, 29))


def test_an_answer_dated_before_the_case_was_there_counts_for_its_arrival(app, cast):
    """A clock that was wrong, and set right before the sending: nobody answers what nobody has found."""
    found(app, cast)
    sent = answer(case_of(app).id, late(-3))
    assert send_at(app, cast, "director", sent, late(9)).state == "stored"
    case = case_of(app)
    assert (case.answered_on, case.in_time) == (date(2026, 11, 29), False)


def test_an_answer_dated_ahead_counts_for_its_arrival(app, cast):
    found(app, cast)
    assert send_at(app, cast, "director", answer(case_of(app).id, late(3)), late(2)).state == "stored"
    assert case_of(app).answered_on == date(2026, 11, 22)


def test_evidence_is_newer_than_what_was_found_not_than_what_was_taken_back(app, cast):
    found(app, cast)
    case = case_of(app)
    second = found(app, cast, late(2), parcels(2, 1, 100))
    taken = late(1).isoformat()
    sent = answer(case.id, late(3))
    shown = photo()
    old = move(case.id, "answer", late(3), cause="method", photos=[shown])
    old = envelope(_open(old), {"notes": {"text": "已整改"}, "photos": {shown["sha256"]: {"taken": taken}}})
    refused = send_at(app, cast, "director", old, late(3))
    assert refused.problem.code == "evidence-old"
    gone = {"v": 1, "type": "withdrawal", "unit": CITY, "acting": CITY, "date": "2026-11-23", "target": second, "reason": "记错"}  # fmt: skip
    assert send_at(app, cast, "inspector", envelope(gone), late(3)).state == "stored"
    assert send_at(app, cast, "director", {**old, "id": sent["id"]}, late(3)).state == "stored"


def _open(sent: dict) -> dict:
    return json.loads(sent["open"])


def test_what_the_county_found_too_is_the_departments_again_once_the_county_takes_it_back(app, cast):
    """A withdrawn record is as if never made: then the department found it alone, and looks again itself."""
    found(app, cast)
    case, at = case_of(app), late(1)
    above = envelope(
        inspection(parcels(2, 1, 100), date=at.date().isoformat(), ended=at.isoformat(), acting=COUNTY)
    )
    assert send_at(app, cast, "county", above, at).state == "stored"
    assert send_at(app, cast, "director", answer(case.id, at), at).state == "stored"
    refused = send_at(app, cast, "inspector", move(case.id, "close", at), at)
    assert refused.problem.code == "not-your-move"
    gone = {"v": 1, "type": "withdrawal", "unit": CITY, "acting": COUNTY, "date": "2026-11-21", "target": above["id"], "reason": "记错"}  # fmt: skip
    assert send_at(app, cast, "county", envelope(gone), at).state == "stored"
    assert send_at(app, cast, "inspector", move(case.id, "close", at), at).state == "stored"


def test_who_delivered_one_of_the_items_owns_the_case_before_the_director(app, cast):
    """The first item bears no name, the second was handed to a carrier: one place, one case, and it is somebody's."""
    numbers = ["9880123400001", "9880123400002"]
    with app.app_context(), transaction() as session:
        me = cast.actor(session, "director", FRIDAY.date())
        unit, day = unit_for(session, me, CITY), FRIDAY.date()
        session.execute(db.delete(db.metadata.tables["route_carriers"]))  # a route that nobody walks
        rows = [Row(n, number, "parcel", cast.routes[CITY, "1"]) for n, number in enumerate(numbers, 2)]
        change_list(session, me, FRIDAY, unit, day, lambda keeper: imports.import_rows(session, keeper, FRIDAY, unit, day, rows))  # fmt: skip
        body = handovers.handover_body(unit, day, day, cast.people["carrier2"], "替班", numbers=numbers[1:])
        record_at_desk(session, me, FRIDAY, body)
    items = [{"subject": one, "class": "parcel", "verdict": "fail", "answers": {"feedback": "fail"}, "photos": []} for one in numbers]  # fmt: skip
    found(app, cast, FRIDAY + timedelta(hours=1), items)
    case = case_of(app)
    assert (case.place_kind, case.owner_id) == ("route", cast.people["carrier2"])


def test_a_public_day_that_becomes_known_moves_the_deadlines_that_reach_it(app, cast):
    """The holiday table of a year may come when its first deadlines already run."""
    found(app, cast, items=[{"subject": "9880123400001", "class": "parcel", "verdict": "fail", "answers": {"signature": "fail"}, "photos": []}])  # fmt: skip
    assert case_of(app).deadline == date(2026, 11, 23)  # grave: one workday
    with app.app_context(), transaction() as session:
        me = cast.actor(session, "region", FRIDAY.date())
        region = unit_for(session, me, company.REGION)
        day = {"day": "2026-11-23", "delivers": False, "name": "临时放假"}
        record_at_desk(session, me, FRIDAY, rulings.body(me, region, FRIDAY, "calendar", "exception", **day))
    assert case_of(app).deadline == date(2026, 11, 24)
    with app.app_context():
        assert (
            differences(db.session, editions_of(db.session), case_move.TYPE.name, case_order.TYPE.name) == []
        )


def test_the_table_of_a_year_that_is_entered_moves_them_too(app, cast):
    """Of Friday 13 February 2026 a grave one was due on the Monday, until the make-up Saturday was known."""
    at = datetime(2026, 2, 13, 2, tzinfo=UTC)
    items = [{"subject": "9880123400001", "class": "parcel", "verdict": "fail", "answers": {"signature": "fail"}, "photos": []}]  # fmt: skip
    found(app, cast, at, items)
    assert case_of(app).deadline == date(2026, 2, 16)
    with app.app_context(), transaction() as session:
        rulings.keep_public_days(session, at)
    assert (case_of(app).deadline, case_of(app).due_on) == (date(2026, 2, 14), date(2026, 2, 14))
