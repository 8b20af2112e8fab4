"""Statements that are put together once: they see what the session holds, and write what SQLAlchemy itself would write."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import bindparam, insert, select

from tests.cast import CITY, build_in, read
from webapp.core.database import db, transaction, upsert
from webapp.core.prepared import ask, put, several
from webapp.inspections.models import Inspection, Item
from webapp.journal.models import Fact
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.photos.models import Photo, PhotoRef

_NAMES = select(Unit.name).where(Unit.code == bindparam("code"))
_MANY = select(Unit.code).where(Unit.code.in_(several("codes"))).order_by(Unit.code)
TABLES = (Photo, Fact, Inspection, Item)
_PHOTOS, _FACTS, _RECORDS, _ITEMS, _REFS = (insert(one.__table__) for one in (*TABLES, PhotoRef))
AT = datetime(2026, 11, 30, 23, 59, 59, 123456, UTC)


@pytest.fixture
def cast(app):
    return build_in(app)


def test_what_the_session_holds_is_written_before_it_is_asked(app, cast):
    with app.app_context(), transaction() as session:
        session.get(Unit, CITY).name = "新名"
        assert ask(session, _NAMES, code=CITY).scalar() == "新名"


def test_a_list_of_values_may_have_any_length(app, cast):
    with app.app_context():
        every = [row.code for row in db.session.execute(select(Unit.code).order_by(Unit.code))]
        for codes in ([], every[:1], every):
            assert ask(db.session, _MANY, codes=codes).scalars().all() == codes


def rows_of(person: str) -> tuple[dict, dict, dict, dict]:
    """A photo, a fact, its record and its item, without their keys: instants, days, JSON, truth and what is not there."""
    photo = {
        "size": 5,
        "mime": "image/jpeg",
        "width": 1,
        "height": 2,
        "uploaded_by": person,
        "received_at": AT,
        "purged_at": None,
        "named": False,
    }
    record = {
        "kind": "receipt", "unit_code": CITY, "acting_code": CITY, "author_id": person, "roles": "lead", "day": date(2026, 11, 30),
        "work_date": date(2026, 11, 30), "method": "on-site", "started_at": None, "ended_at": AT, "in_force": True,
        "withdrawn": False, "header": {"数": [1, None]}, "drawn": False,
    }  # fmt: skip
    item = {
        "ordinal": 0, "subject": "9880123400001", "mail_class": None, "verdict": "fail", "answers": {"signed": "fail"},
        "stratum": None, "tag": "楼 '1' % ?", "route_id": None, "captures": [], "tail": "0001",
    }  # fmt: skip
    fact = {
        "type": "inspection", "kind": "receipt", "unit_code": CITY, "acting_code": CITY, "author_id": person, "device_id": None,
        "open": "{}", "personal": None, "salt": "0" * 32, "personal_hash": "c" * 64, "digest": "d" * 64, "amends": None, "target": None,
        "work_date": date(2026, 11, 30), "received_at": AT, "skew_ms": -5, "contact_at": None, "state": "in-force", "hold": None,
        "brought_by": None,
    }  # fmt: skip
    return photo, fact, record, item


def test_rows_are_written_as_sqlalchemy_writes_them(app, cast):
    photo, fact, record, item = rows_of(cast.people["lead"])
    ids = ["01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"]
    with app.app_context(), transaction() as session:
        rows = (
            (_PHOTOS, "digest", photo),
            (_FACTS, "id", fact),
            (_RECORDS, "id", record),
            (_ITEMS, "inspection_id", item),
        )
        for statement, key, row in rows:
            put(session, statement, [{key: ids[0], **row}])
            session.connection().execute(statement, [{key: ids[1], **row}])
        put(session, _ITEMS, [])

    def alike(session):
        for table in (one.__table__ for one in TABLES):
            first, second = (row[1:] for row in session.execute(select(table).order_by(*table.primary_key)))
            assert first == second, table.name
        return session.get(Photo, ids[0]).received_at, session.get(Inspection, ids[0]).header

    assert read(app, alike) == (AT, {"数": [1, None]})


def test_a_row_says_everything_that_nobody_adds_to_it(app, cast):
    row = {
        "fact_id": "1",
        "source": "record",
        "author_id": cast.people["lead"],
        "ordinal": 0,
        "digest": "a" * 64,
    }
    with app.app_context(), transaction() as session, pytest.raises(ValueError, match="content"):
        put(session, _REFS, [row])


def test_a_row_that_is_there_says_the_same_as_the_new_one(app, cast):
    line = {
        "as_of": date(2026, 11, 30), "unit_code": CITY, "duty": "receipt-check", "period": "2026-11-30", "last_day": date(2026, 11, 30),
        "month": "2026-11", "edition": "2026", "applicable": True, "required": None, "done": 0, "met": False, "uncertain": False,
        "started": False, "closes_at": AT, "items": 0, "passed": 0, "failed": 0, "drawn": 0, "drawn_passed": 0, "announced": 0,
        "withdrawn": 0, "voided": 0, "why": [],
    }  # fmt: skip
    with app.app_context(), transaction() as session:
        for done in (1, 2):
            upsert(
                session,
                LedgerLine,
                [{**line, "done": done, "why": [["day", {"n": done}]]}],
                ("unit_code", "duty", "period"),
            )

    def stored(session):
        [row] = session.query(LedgerLine).all()
        return row.done, row.why, row.closes_at, row.required

    assert read(app, stored) == (2, [["day", {"n": 2}]], AT, None)
