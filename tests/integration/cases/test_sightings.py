"""What the server finds hard to believe is a case: the inspected explains, another clears; no line is moved by it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cases import cases_in, move, send_at
from tests.cast import CITY
from webapp.core.database import db, transaction
from webapp.journal.models import JournalRow
from webapp.ledger.models import LedgerLine
from webapp.notices.models import Notice
from webapp.recording.changes.sightings import open_sightings
from webapp.signals.rules import rules, sighting

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def seen(app, cast, at: datetime) -> int:
    rule = next(iter(rules()))
    one = sighting(
        rule,
        cast.people["inspector"],
        CITY,
        at.date(),
        [],
        {"first_day": "2026-11-02", "day": "2026-11-19"},
        ["a"],
    )
    with app.app_context(), transaction() as session:
        return open_sightings(session, [one, one], at)


def test_it_is_opened_once_told_explained_and_cleared_by_another(app, cast):
    assert (seen(app, cast, FRIDAY), seen(app, cast, FRIDAY + timedelta(days=1))) == (1, 0)
    [case] = cases_in(app)
    assert (case.state, case.owner_id) == ("shown", cast.people["inspector"])
    words = move(case.id, "explain", FRIDAY, "同一批邮件重新拍摄")
    assert send_at(app, cast, "inspector", words, FRIDAY).state == "stored"
    own = send_at(app, cast, "inspector", move(case.id, "clear", FRIDAY, "没有问题"), FRIDAY)
    assert own.problem.code == "not-your-move"
    assert send_at(app, cast, "director", move(case.id, "clear", FRIDAY, "已核实"), FRIDAY).state == "stored"
    [case] = cases_in(app)
    assert (case.state, case.ended) == ("cleared", True)


def test_phones_learn_of_it_and_no_line_moves(app, cast):
    with app.app_context():
        before = db.session.scalars(select(LedgerLine)).all()
    seen(app, cast, FRIDAY)
    with app.app_context():
        entries = db.session.scalars(select(JournalRow.entry).where(JournalRow.unit_code == CITY)).all()
        assert entries == ["signal"]
        assert len(db.session.scalars(select(LedgerLine)).all()) == len(before)
        assert [row.person_id for row in db.session.scalars(select(Notice))] == [cast.people["inspector"]]
