"""The journal: each unit's chain of what was recorded. Locked first, written once a transaction, in code order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from webapp.core.database import insert_missing
from webapp.core.prepared import ask, put, several
from webapp.journal.models import JournalHead, JournalRow
from webapp.journal.rules import GENESIS, row_hash

_BEGUN = select(JournalHead.unit_code).where(JournalHead.unit_code.in_(several("codes")))
_LOCKED = _BEGUN.order_by(JournalHead.unit_code).with_for_update()
_HEADS = select(JournalHead.unit_code, JournalHead.seq, JournalHead.hash).where(
    JournalHead.unit_code.in_(several("codes"))
)
_MOVE = update(JournalHead.__table__).where(JournalHead.__table__.c.unit_code == bindparam("code"))
_CHAIN = insert(JournalRow.__table__)


@dataclass(frozen=True)
class Note:
    """Something to journal: for the unit, what (a fact's type, photo, conflict …), which, and its digest."""

    unit_code: str
    entry: str
    fact_id: str | None
    digest: str


def lock(session: Session, unit_codes: Iterable[str]) -> None:
    """Make and lock the heads of the units, in code order, so that two writers never wait for each other.

    SQLite's ``BEGIN IMMEDIATE`` has locked the whole database already.
    """
    codes = sorted(set(unit_codes))
    if not codes:
        return
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    known = set(ask(session, _BEGUN, codes=codes).scalars())
    if new := [code for code in codes if code not in known]:
        insert_missing(session, JournalHead, [{"unit_code": code, "seq": 0, "hash": GENESIS} for code in new])
    if not on_sqlite:
        ask(session, _LOCKED, codes=codes)


def lock_free(session: Session, unit_code: str) -> bool:
    """Lock the head of a unit that nobody else holds; False where somebody does. It waits for nobody.

    On SQLite whoever writes is alone.
    """
    if session.get_bind().dialect.name == "sqlite":
        return True
    mine = _BEGUN.with_for_update(skip_locked=True)
    if unit_code in ask(session, mine, codes=[unit_code]).scalars():
        return True
    known = ask(session, _BEGUN, codes=[unit_code]).scalar() is not None
    return not known  # nobody has written there yet: :func:`lock` makes the head


def append(session: Session, notes: Iterable[Note], now: datetime) -> None:
    """Chain the notes to the journals of their units; each unit keeps the order of ``notes``."""
    by_unit: dict[str, list[Note]] = {}
    for note in notes:
        by_unit.setdefault(note.unit_code, []).append(note)
    if not by_unit:
        return
    heads = {code: (seq, head) for code, seq, head in ask(session, _HEADS, codes=list(by_unit))}
    rows, moved = [], []
    for code in sorted(by_unit):
        seq, head = heads[code]
        for note in by_unit[code]:
            seq, previous = seq + 1, head
            head = row_hash(previous, code, seq, note.entry, note.digest)
            rows.append(
                {
                    "unit_code": code, "seq": seq, "entry": note.entry, "fact_id": note.fact_id,
                    "digest": note.digest, "previous": previous, "hash": head, "at": now,
                }
            )  # fmt: skip
        moved.append({"code": code, "seq": seq, "hash": head})
    session.connection().execute(_MOVE, moved)
    put(session, _CHAIN, rows)


def broken_rows(session: Session) -> list[str]:
    """Where a chain does not hold: gaps, wrong links, wrong hashes, heads that differ. Empty when all is well."""
    faults: list[str] = []
    previous: dict[str, tuple[int, str]] = {}
    query = (
        select(JournalRow).order_by(JournalRow.unit_code, JournalRow.seq).execution_options(yield_per=1000)
    )
    for row in session.scalars(query):
        seq, head = previous.get(row.unit_code, (0, GENESIS))
        if row.seq != seq + 1 or row.previous != head:
            faults.append(f"{row.unit_code} {row.seq}: does not follow {seq}")
        if row.hash != row_hash(row.previous, row.unit_code, row.seq, row.entry, row.digest):
            faults.append(f"{row.unit_code} {row.seq}: hash differs")
        previous[row.unit_code] = (row.seq, row.hash)
    for head in session.scalars(select(JournalHead)):
        if (head.seq, head.hash) != previous.get(head.unit_code, (0, GENESIS)):
            faults.append(f"{head.unit_code}: head differs from the last row")
    return faults


Seen = tuple[str, int, str]  # unit, number of a row, its hash


def rewritten(session: Session, seen: Collection[Seen]) -> list[str]:
    """Units whose journal does not hold a row that a phone saw, sorted: it was tampered with, or is an older copy's."""
    rows = {(code, seq) for code, seq, _ in seen if seq > 0}
    query = select(JournalRow.unit_code, JournalRow.seq, JournalRow.hash)
    # Key by key: for pairs in one IN, SQLite reads the whole journal.
    keys = [and_(JournalRow.unit_code == code, JournalRow.seq == seq) for code, seq in sorted(rows)]
    ours = {(code, seq): head for code, seq, head in session.execute(query.where(or_(*keys)))} if rows else {}
    return sorted({code for code, seq, head in seen if (code, seq) in rows and ours.get((code, seq)) != head})


def heads(session: Session, unit_codes: Collection[str]) -> dict[str, list]:
    """``{unit: [number of the last row, its hash]}`` of the units that have a journal."""
    found = ask(session, _HEADS, codes=list(unit_codes)) if unit_codes else ()
    return {code: [seq, head] for code, seq, head in found}
