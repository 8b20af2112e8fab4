"""From a failed item to a closed case: moves are facts, and who may make which is held by the server."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cases import answer, cases_in, move, send_at
from tests.cast import CITY, COUNTY, REGION
from tests.desk_records import envelope, inspection, parcels
from webapp.core.database import db, transaction
from webapp.inspections.models import Inspection
from webapp.org.models import Person, Unit
from webapp.org.queries import actor_of
from webapp.recording.facts import rulings
from webapp.recording.operations import record_at_desk

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)  # ten in the morning


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def found(
    app,
    cast,
    failed: int = 1,
    at: datetime = FRIDAY,
    login: str = "inspector",
    first: int = 0,
    acting: str = CITY,
):
    """A parcel check with failures; returns the cases that there are then."""
    day = at.date().isoformat()
    sent = envelope(inspection(parcels(20, failed, first), date=day, acting=acting))
    assert send_at(app, cast, login, sent, at).state == "stored"
    return cases_in(app)


def test_three_failures_of_one_criterion_are_one_case_of_whoever_leads_the_department(app, cast):
    [case] = found(app, cast, 3)
    assert (case.type, case.state, case.severity, case.owner_id) == ("problem", "open", "ordinary", None)
    assert (case.unit_code, case.place_kind, case.place, case.criterion) == (CITY, "unit", CITY, "feedback")
    assert (case.opened_on.isoformat(), case.deadline.isoformat()) == ("2026-11-20", "2026-11-27")


def test_it_is_answered_returned_answered_again_and_closed_by_another(app, cast):
    [case] = found(app, cast)
    later = FRIDAY + timedelta(days=1)
    assert send_at(app, cast, "director", answer(case.id, later), later).state == "stored"
    assert cases_in(app)[0].state == "answered"
    refused = send_at(app, cast, "director", move(case.id, "close", later), later)
    assert (refused.state, refused.problem.code) == ("refused", "not-your-move")
    back = later + timedelta(days=1)
    assert (
        send_at(app, cast, "inspector", move(case.id, "return", back, "照片看不清"), back).state == "stored"
    )
    assert (cases_in(app)[0].state, cases_in(app)[0].returns) == ("open", 1)
    assert send_at(app, cast, "director", answer(case.id, back), back).state == "stored"
    assert send_at(app, cast, "inspector", move(case.id, "close", back), back).state == "stored"
    [case] = cases_in(app)
    assert (case.state, case.ended, case.in_time, case.moves) == ("closed", True, True, 4)


def test_a_second_re_check_is_refused_with_the_state_in_which_it_stands(app, cast):
    [case] = found(app, cast)
    send_at(app, cast, "director", answer(case.id, FRIDAY), FRIDAY)
    assert send_at(app, cast, "inspector", move(case.id, "close", FRIDAY), FRIDAY).state == "stored"
    again = send_at(app, cast, "inspector", move(case.id, "return", FRIDAY, "仍未改"), FRIDAY)
    assert (again.state, again.problem.code) == ("refused", "case-moved")


def test_what_fails_again_joins_until_it_is_answered_then_opens_another(app, cast):
    [case] = found(app, cast)
    assert len(found(app, cast, at=FRIDAY + timedelta(hours=1), first=100)) == 1
    send_at(app, cast, "director", answer(case.id, FRIDAY), FRIDAY)
    assert len(found(app, cast, at=FRIDAY + timedelta(hours=2), first=200)) == 2


def test_what_fails_again_after_closing_is_a_recurrence_one_severity_higher(app, cast):
    [case] = found(app, cast)
    send_at(app, cast, "director", answer(case.id, FRIDAY), FRIDAY)
    send_at(app, cast, "inspector", move(case.id, "close", FRIDAY), FRIDAY)
    _, again = found(app, cast, at=FRIDAY + timedelta(days=3), first=100)
    assert (again.previous, again.severity) == (case.id, "serious")
    assert again.deadline.isoformat() == "2026-11-26"  # Monday the 23rd and three workdays


def test_a_withdrawn_record_withdraws_its_case_and_the_dispute_about_it(app, cast):
    [case] = found(app, cast)
    assert (
        send_at(app, cast, "director", move(case.id, "dispute", FRIDAY, "系统延迟"), FRIDAY).state == "stored"
    )
    dispute = next(one for one in cases_in(app) if one.type == "dispute")
    assert (dispute.state, dispute.parent, dispute.due_on.isoformat()) == ("raised", case.id, "2026-11-25")
    record = next(iter(_records(app)))
    withdrawal = {"v": 1, "type": "withdrawal", "unit": CITY, "acting": CITY, "date": "2026-11-20", "target": record, "reason": "记错"}  # fmt: skip
    assert send_at(app, cast, "inspector", envelope(withdrawal), FRIDAY).state == "stored"
    assert {(one.type, one.state) for one in cases_in(app)} == {("problem", "withdrawn"), ("dispute", "void")}


def test_a_dispute_that_is_granted_withdraws_the_finding_and_the_county_decides(app, cast):
    [case] = found(app, cast)
    send_at(app, cast, "director", move(case.id, "dispute", FRIDAY, "系统延迟"), FRIDAY)
    dispute = next(one for one in cases_in(app) if one.type == "dispute")
    no = send_at(app, cast, "director", move(dispute.id, "annul", FRIDAY, "不是问题"), FRIDAY)
    assert no.problem.code == "not-your-move"
    yes = move(dispute.id, "annul", FRIDAY, "系统延迟属实", acting=COUNTY)
    assert send_at(app, cast, "county", yes, FRIDAY).state == "stored"
    assert {(one.type, one.state) for one in cases_in(app)} == {
        ("problem", "withdrawn"),
        ("dispute", "annulled"),
    }


def _records(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Inspection.id)))


def test_a_day_that_the_region_makes_free_moves_the_deadlines_of_what_is_open(app, cast):
    first, second = (found(app, cast, at=at, first=n)[-1] for n, at in ((0, FRIDAY), (100, FRIDAY)))
    assert first.id == second.id
    send_at(app, cast, "director", answer(first.id, FRIDAY), FRIDAY)
    assert cases_in(app)[0].due_on.isoformat() == "2026-11-25"
    with app.app_context(), transaction() as session:
        region = actor_of(session, session.get(Person, cast.people["region"]), FRIDAY.date())
        unit = session.get(Unit, REGION)
        free = {"day": "2026-11-24", "delivers": False, "name": "自治区放假"}
        body = rulings.body(region, unit, FRIDAY, rulings.CALENDAR, "exception", **free)
        record_at_desk(session, region, FRIDAY, body)
    assert cases_in(app)[0].due_on.isoformat() == "2026-11-26"
