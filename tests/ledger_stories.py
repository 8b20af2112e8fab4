"""Stories for the ledger on a real database: facts of given days, recorded as phones and the desk record them."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.cast import CITY, RURAL, Cast
from webapp.core.clock import LOCAL, local_date
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.journal import chain
from webapp.journal.rules import fact_digest, personal_hash
from webapp.ledger.models import LedgerLine
from webapp.ledger.operations import differences, open_lines
from webapp.ledger.rules import status
from webapp.org.models import Unit
from webapp.org.queries import actor_of
from webapp.recording.guards import Context
from webapp.recording.operations import Outcome, record
from webapp.recording.schemas import read
from webapp.rulebook.queries import editions_of

LIMIT = 64 * 1024
OPENED = date(2026, 9, 28)  # a Monday


def noon(day: date, hours: float = 12) -> datetime:
    """An instant of the day in Inner Mongolia."""
    return datetime.combine(day, time(), LOCAL) + timedelta(hours=hours)


def passed(numbers: Sequence[str], mail_class: str = "parcel") -> list[dict]:
    """Items that passed."""
    return [
        {"subject": one, "class": mail_class, "verdict": "pass", "answers": {}, "photos": []}
        for one in numbers
    ]


def failed(numbers: Sequence[str], criterion: str, mail_class: str = "parcel") -> list[dict]:
    """Items that failed one criterion."""
    return [one | {"verdict": "fail", "answers": {criterion: "fail"}} for one in passed(numbers, mail_class)]


def called(points: Sequence[str]) -> list[dict]:
    """Calls at relay points, each with a photo of its own."""
    photos = [[{"sha256": secrets.token_hex(32), "size": 9, "type": "image/jpeg"}] for _ in points]
    rows = zip(passed(points), photos, strict=True)
    return [{**row, "class": None, "photos": photo, "position": "given"} for row, photo in rows]


def parcels(first: int, last: int) -> list[dict]:
    """Parcels ``first`` to ``last``, both included, that passed."""
    return passed([f"98801234{n:05}" for n in range(first, last + 1)])


def form(
    kind: str, day: date, items: list[dict], unit: str = CITY, acting: str | None = None, **more
) -> dict:
    """The open part of an inspection of ``day``."""
    own = {"v": 1, "type": "inspection", "kind": kind, "unit": unit, "acting": acting or unit}
    return {**own, "date": day.isoformat(), "method": "on-site", "items": items, **more}


def about_fact(
    kind: str, target: str, day: date, unit: str = CITY, acting: str | None = None, **more
) -> dict:
    """The open part of a withdrawal or confirmation."""
    own = {"v": 1, "type": kind, "unit": unit, "acting": acting or unit, "date": day.isoformat()}
    return {**own, "target": target, **more}


def sealed(open: dict, id: str | None = None) -> dict:
    """The envelope in which a phone sends the fact; notes that the head counts are made up."""
    text, salt = json.dumps(open, ensure_ascii=False), secrets.token_hex(16)
    notes = {"header.notes": "记" * open["header"]["notes"]} if "notes" in open.get("header", {}) else {}
    personal = json.dumps({"notes": notes}, ensure_ascii=False) if notes else ""
    digest = fact_digest(text, personal_hash(salt, personal))
    return {"id": id or new_id(), "open": text, "personal": personal, "salt": salt, "digest": digest}


@dataclass
class Office:
    """An app with its cast and a clock that the story sets; on each new day of the story the timer runs first."""

    app: object
    cast: Cast
    day: date = OPENED
    units: tuple[str, ...] = (CITY, RURAL)

    def __post_init__(self):
        # Younger than the cast has them: each check of a whole ledger is quicker.
        with self.app.app_context(), transaction() as session:
            for code in self.units:
                session.get(Unit, code).opened_on = OPENED

    def advance(self, now: datetime) -> None:
        """Let the day of ``now`` come."""
        if local_date(now) > self.day:
            self.day = local_date(now)
            for code in self.units:
                self.tick(now, code)

    def push(
        self, login: str, now: datetime, *envelopes: dict, skew: timedelta | None = None
    ) -> list[Outcome]:
        """What becomes of the facts that the person's phone sends in one push."""
        self.advance(now)
        with self.app.app_context(), transaction() as session:
            actor = actor_of(session, self.cast.person(session, login), local_date(now))
            rulebook = editions_of(session)
            entries = [read(one, rulebook, LIMIT) for one in envelopes]
            return record(Context(session, actor, now, rulebook, skew=skew), entries)

    def send(self, login: str, now: datetime, open: dict, id: str | None = None, **more) -> str:
        """Send one fact that is taken; its id."""
        envelope = sealed(open, id)
        (outcome,) = self.push(login, now, envelope, **more)
        assert outcome.problem is None, outcome.problem.fields
        return envelope["id"]

    def desk(self, login: str, now: datetime, act):
        """``act(session, actor)`` by that person in a transaction."""
        self.advance(now)
        with self.app.app_context(), transaction() as session:
            return act(session, actor_of(session, self.cast.person(session, login), local_date(now)))

    def tick(self, now: datetime, unit: str = CITY) -> None:
        """What the timer does for a unit."""
        with self.app.app_context(), transaction() as session:
            open_lines(session, session.get(Unit, unit), now)

    def line(self, duty: str, period: str, unit: str = CITY) -> LedgerLine | None:
        """The stored line."""
        with self.app.app_context():
            return db.session.get(LedgerLine, (unit, duty, period))

    def status(self, duty: str, period: str, now: datetime, unit: str = CITY) -> str:
        """The status of the stored line at ``now``."""
        return status(self.line(duty, period, unit), now)

    def faults(self, now: datetime) -> list[str]:
        """What is wrong with the journals, or with the ledgers of the units: nothing."""
        self.advance(now)
        with self.app.app_context():
            found = chain.broken_rows(db.session)
            for code in self.units:
                found += differences(db.session, db.session.get(Unit, code), now)
            return found
