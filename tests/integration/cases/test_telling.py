"""Who is told what of a case: its owner at the opening, who looks again after an answer, each level as it climbs."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cases import answer, cases_in, move, send_at
from tests.desk_records import envelope, inspection, parcels
from webapp.cases.telling import deadlines, remind
from webapp.core.database import db, transaction
from webapp.notices.models import Notice
from webapp.org.models import Person
from webapp.rulebook.queries import editions_of

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def case(app, cast):
    sent = envelope(inspection(parcels(20, 1), date=FRIDAY.date().isoformat()))
    assert send_at(app, cast, "inspector", sent, FRIDAY).state == "stored"
    return cases_in(app)[0]


def reminded(app, at: datetime) -> int:
    with app.app_context(), transaction() as session:
        return remind(session, editions_of(session), at)


def told(app, cast) -> list[tuple[str, str, bool]]:
    """(login, sort, grave) of every notice, as they came."""
    logins = {person: login for login, person in cast.people.items()}
    with app.app_context():
        rows = db.session.scalars(select(Notice).order_by(Notice.created_at, Notice.code, Notice.person_id))
        return [(logins[row.person_id], row.code, row.grave) for row in rows]


def test_the_owner_is_told_once_however_often_the_timer_runs(app, cast, case):
    assert told(app, cast) == []  # nothing of it is grave: the digest brings it
    reminded(app, FRIDAY)
    reminded(app, FRIDAY + timedelta(minutes=10))
    assert told(app, cast) == [("director", "case-yours", False)]


def test_whoever_looks_again_is_told_of_an_answer_and_the_owner_of_what_came_of_it(app, cast, case):
    send_at(app, cast, "director", answer(case.id, FRIDAY), FRIDAY)
    assert told(app, cast) == [("inspector", "case-to-move", False)]
    later = FRIDAY + timedelta(hours=1)
    send_at(app, cast, "inspector", move(case.id, "return", later, "照片看不清"), later)
    assert told(app, cast)[1:] == [("director", "case-yours", False)]


def test_whoever_was_given_it_by_mistake_is_told_that_it_is_theirs_no_more(app, cast, case):
    given = move(case.id, "assign", FRIDAY, owner=cast.people["carrier2"])
    send_at(app, cast, "director", given, FRIDAY)
    later = FRIDAY + timedelta(minutes=1)
    assert send_at(app, cast, "director", move(case.id, "take-back", later), later).state == "stored"
    assert [one[:2] for one in told(app, cast)] == [("carrier2", "case-yours"), ("carrier2", "case-moved")]


def test_it_is_told_when_it_is_due_and_climbs_director_county_league_region(app, cast, case):
    for day in range(1, 25):
        reminded(app, FRIDAY + timedelta(days=day))
    assert [one[:2] for one in told(app, cast)] == [
        ("director", "case-yours"), ("director", "case-due"), ("director", "case-climbed"), ("county", "case-climbed"),
        ("league", "case-climbed"), ("region", "case-climbed"),
    ]  # fmt: skip
    with app.app_context():
        at = [
            row.created_at.date().isoformat()
            for row in db.session.scalars(select(Notice).order_by(Notice.created_at))
        ]
    # Due on Friday the 27th: told the day before; then Monday, Wednesday, Friday, and ten workdays after.
    assert at[1:] == ["2026-11-26", "2026-11-30", "2026-12-02", "2026-12-04", "2026-12-11"]


def test_a_calendar_shows_the_director_when_it_is_due(app, cast, case):
    with app.app_context():
        mine = {
            login: deadlines(db.session, db.session.get(Person, cast.people[login]))
            for login in ("director", "inspector")
        }
    assert [one.day.isoformat() for one in mine["director"]] == ["2026-11-27"]
    assert mine["inspector"] == []
