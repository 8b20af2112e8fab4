"""Rows that may be there already: inserted only where they are missing, or made to say what is new, on both databases."""

from sqlalchemy import select

from tests.cast import CITY, RURAL, build_in
from webapp.core.database import insert_missing, transaction, upsert
from webapp.journal.models import JournalHead
from webapp.journal.rules import GENESIS


def head(code: str, seq: int) -> dict:
    return {"unit_code": code, "seq": seq, "hash": GENESIS}


def kept(session) -> dict[str, int]:
    query = select(JournalHead.unit_code, JournalHead.seq).where(JournalHead.unit_code.in_([CITY, RURAL]))
    return dict(session.execute(query).all())


def test_what_is_missing_is_inserted_and_counted_and_what_is_there_stays(app):
    build_in(app)
    with app.app_context(), transaction() as session:
        assert insert_missing(session, JournalHead, [head(CITY, 1)]) == 1
        assert insert_missing(session, JournalHead, [head(CITY, 2)]) == 0
        assert insert_missing(session, JournalHead, [head(CITY, 3), head(RURAL, 3)]) == 1
        assert kept(session) == {CITY: 1, RURAL: 3}


def test_what_is_there_says_what_is_new(app):
    build_in(app)
    with app.app_context(), transaction() as session:
        upsert(session, JournalHead, [head(CITY, 1)], ["unit_code"])
        upsert(session, JournalHead, [head(CITY, 2), head(RURAL, 2)], ["unit_code"])
        assert kept(session) == {CITY: 2, RURAL: 2}


def test_what_is_there_says_what_a_query_gives(app):
    build_in(app)
    with app.app_context(), transaction() as session:
        upsert(session, JournalHead, [head(CITY, 1)], ["unit_code"])
        more = select(JournalHead.unit_code, (JournalHead.seq + 6).label("seq"), JournalHead.hash)
        upsert(session, JournalHead, more.where(JournalHead.unit_code == CITY), ["unit_code"])
        assert kept(session) == {CITY: 7}
