"""Cases as people make them: a check that fails, and the moves that follow, sent as phones and the desk send them."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

from tests.cast import CITY
from tests.desk_records import envelope
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.org.models import Person
from webapp.org.queries import actor_of
from webapp.recording.guards import Context
from webapp.recording.operations import Outcome, record
from webapp.recording.schemas import read
from webapp.rulebook.queries import editions_of


def send_at(app, cast, login: str, sent: dict, at: datetime) -> Outcome:
    """Record one envelope as ``login``'s phone would at the instant ``at``."""
    with app.app_context(), transaction() as session:
        rulebook = editions_of(session)
        actor = actor_of(session, session.get(Person, cast.people[login]), clock.local_date(at))
        [outcome] = record(
            Context(session, actor, at, rulebook, None, timedelta()), [read(sent, rulebook, 64 * 1024)]
        )
    with app.app_context():
        db.session.remove()
    return outcome


def photo() -> dict:
    """A photo that nothing has named before."""
    return {"sha256": secrets.token_hex(32), "size": 1000}


def move(case: str, code: str, at: datetime, text: str | None = None, unit: str = CITY, acting: str | None = None, **more) -> dict:  # fmt: skip
    """The envelope of a move, made at ``at``."""
    open = {
        "v": 1, "type": "case-move", "unit": unit, "acting": acting or unit,
        "date": clock.local_date(at).isoformat(), "made": at.isoformat(), "case": case, "move": code, **more,
    }  # fmt: skip
    return envelope(open, {"notes": {"text": text}} if text else None)


def answer(case: str, at: datetime, **more) -> dict:
    """An answer with all that it needs."""
    return move(case, "answer", at, "已重新核对并补签", **{"cause": "method", "photos": [photo()], **more})


def cases_in(app) -> list[Case]:
    """All cases, the oldest first, detached."""
    with app.app_context():
        found = list(
            db.session.scalars(select(Case).order_by(Case.opened_at, Case.type, Case.criterion, Case.id))
        )
        db.session.expunge_all()
        return found
