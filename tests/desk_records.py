"""Facts as phones would send them, for tests of the desk's pages."""

import json
import secrets
from datetime import date, timedelta

from tests.cast import CITY
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.journal.rules import fact_digest, personal_hash
from webapp.org.models import Person
from webapp.org.queries import actor_of
from webapp.recording.guards import Context
from webapp.recording.operations import Outcome, record
from webapp.recording.schemas import read
from webapp.rulebook.queries import editions_of


def today() -> date:
    """The present day in Inner Mongolia."""
    return clock.local_date(clock.now())


def parcels(count: int, failed: int = 0, first: int = 0) -> list[dict]:
    """Parcel items of which the last ``failed`` fail for their feedback code."""
    items = []
    for n in range(first, first + count):
        bad = n >= first + count - failed
        answers = {"feedback": "fail"} if bad else {}
        items.append(
            {
                "subject": f"98801234{n:05}",
                "class": "parcel",
                "verdict": "fail" if bad else "pass",
                "answers": answers,
                "photos": [],
            }
        )
    return items


def inspection(items: list[dict], **more) -> dict:
    """The open part of a parcel check of today at the city department."""
    return {
        "v": 1,
        "type": "inspection",
        "unit": CITY,
        "acting": CITY,
        "date": today().isoformat(),
        "kind": "parcel",
        "method": "on-site",
        "items": items,
        **more,
    }


def envelope(open: dict, personal: dict | None = None, id: str | None = None) -> dict:
    """What a phone sends for a fact."""
    texts = [json.dumps(part, ensure_ascii=False) if part else "" for part in (open, personal)]
    salt = secrets.token_hex(16)
    digest = fact_digest(texts[0], personal_hash(salt, texts[1]))
    return {"id": id or new_id(), "open": texts[0], "personal": texts[1], "salt": salt, "digest": digest}


def send(app, cast, login: str, sent: dict, skew: timedelta | None = None) -> Outcome:
    """Record one envelope as ``login``'s phone would through sync; the outcome."""
    now = clock.now()
    with app.app_context(), transaction() as session:
        rulebook = editions_of(session)
        person = session.get(Person, cast.people[login])
        actor = actor_of(session, person, clock.local_date(now))
        context = Context(session, actor, now, rulebook, None, skew)
        [outcome] = record(context, [read(sent, rulebook, 64 * 1024)])
    with app.app_context():
        db.session.remove()
    return outcome
