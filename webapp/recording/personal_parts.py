"""Personal parts of facts, deleted when their time is over [docs/operating.md]."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.journal.models import Conflict, Fact, Refusal
from webapp.photos.operations import forget_refused_before


def purge_personal(session: Session, before: datetime) -> int:
    """Delete notes, positions and salts of facts received before ``before``; returns how many.

    Second contents too, decided or not: afterwards only the first can be kept. Of what was refused the whole text goes,
    with what the reason quotes of it: who, when, of which unit and for which reason stays.
    """
    count = 0
    for table in (Fact, Conflict):
        stale = update(table).where(table.received_at < before, table.personal.is_not(None))
        count += session.execute(stale.values(personal=None, salt=None)).rowcount
    forget_refused_before(session, before)
    refused = update(Refusal).where(Refusal.received_at < before, Refusal.text != "")
    return count + session.execute(refused.values(text="", fields={})).rowcount
