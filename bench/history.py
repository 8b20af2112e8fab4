"""Months of work that is already stored: facts, what they unfold into, and the journal, inserted in bulk.

The rows are those that recording would have written for the same facts, but for the ledger's lines, which stand in
``ledger_lines`` only where ``flask tick`` opened them: a push neither reads nor writes any other line.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from bench import world
from webapp.cases.models import Finding
from webapp.core import clock
from webapp.core.database import transaction
from webapp.inspections.models import Inspection, Item
from webapp.journal import chain as journal
from webapp.journal.chain import Note
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE, personal_hash
from webapp.photos.models import PhotoRef

MONTHS = 24
A_ROUND = 48  # inspections of a department in some two weeks: what one insert takes


def first_day(today: date) -> date:
    """The first of the month two years ago."""
    return date(today.year - MONTHS // 12, today.month, 1)


def fill(data: Path, phones: list[world.Phone], items: int) -> int:
    """Store at least so many items, spread over departments and months, up to a month before today; how many."""
    today = clock.local_date(clock.now())
    app, stored = world.open_app(data), 0
    with app.app_context():
        for days in _spans(first_day(today), today - timedelta(days=31), _rounds(len(phones), items)):
            with transaction() as session:
                stored += sum(store(session, phone, days, A_ROUND) for phone in phones)
    world.close(app)
    return stored


def _rounds(departments: int, items: int) -> int:
    """How many rounds of all departments hold so many items: a round of twelve inspections has 58."""
    return -(-items // (departments * A_ROUND * 58 // 12))


def _spans(first: date, last: date, count: int) -> Iterator[list[date]]:
    """So many spans of fourteen days, evenly over the time."""
    length = (last - first).days - 14
    for n in range(count):
        start = first + timedelta(days=length * n // max(1, count - 1))
        yield [start + timedelta(days=k) for k in range(14)]


def store(session, phone: world.Phone, days: list[date], count: int, seed: object = 0) -> int:
    """``count`` inspections of one department over the days, as if pushed on the last of them; how many items."""
    rng = random.Random(f"{phone.unit} {days[0]} {seed}")
    at = datetime(days[-1].year, days[-1].month, days[-1].day, 18, tzinfo=clock.LOCAL)
    found = [
        (open, world.envelope(open, rng, int(at.timestamp() * 1000)))
        for open in world.inspections(phone, days, count, rng.random())
    ]
    rows: dict = {table: [] for table in (Fact, Inspection, Item, PhotoRef, Finding)}
    for open, sent in found:
        for table, row in _rows(phone, open, sent, at):
            rows[table].append(row)
    for table, those in rows.items():
        if those:
            session.execute(insert(table.__table__), those)
    journal.lock(session, [phone.unit])
    journal.append(
        session, [Note(phone.unit, "inspection", sent["id"], sent["digest"]) for _, sent in found], at
    )
    return len(rows[Item])


def _rows(phone: world.Phone, open: dict, sent: dict, at: datetime) -> Iterator[tuple[type, dict]]:
    day = date.fromisoformat(open["date"])
    yield Fact, {
        "id": sent["id"], "type": "inspection", "kind": open["kind"], "unit_code": phone.unit,
        "acting_code": phone.unit, "author_id": phone.person, "device_id": phone.device, "open": sent["open"],
        "personal": sent["personal"] or None, "salt": sent["salt"],
        "personal_hash": personal_hash(sent["salt"], sent["personal"]), "digest": sent["digest"],
        "work_date": day, "received_at": at, "skew_ms": 0, "state": IN_FORCE,
    }  # fmt: skip
    yield Inspection, {
        "id": sent["id"], "kind": open["kind"], "unit_code": phone.unit, "acting_code": phone.unit,
        "author_id": phone.person, "roles": "inspector", "day": day, "work_date": day, "method": open["method"],
        "started_at": datetime.fromisoformat(open["started"]), "ended_at": datetime.fromisoformat(open["ended"]),
        "in_force": True,
    }  # fmt: skip
    for ordinal, item in enumerate(open["items"]):
        place = {"inspection_id": sent["id"], "ordinal": ordinal}
        yield Item, {
            **place, "subject": item["subject"], "mail_class": item.get("class"), "verdict": item["verdict"],
            "answers": item["answers"], "captures": [],
        }  # fmt: skip
        for photo in item["photos"]:
            yield PhotoRef, {
                "fact_id": sent["id"], "source": "record", "content": "", "author_id": phone.person, "ordinal": ordinal,
                "digest": photo["sha256"], "size": photo["size"], "unit_code": phone.unit,
            }  # fmt: skip
        if item["verdict"] == "fail":
            yield Finding, {
                **place, "unit_code": phone.unit, "kind": open["kind"], "subject": item["subject"],
                "criteria": list(item["answers"]), "day": day, "opened_at": at,
            }  # fmt: skip
