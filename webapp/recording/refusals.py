"""What was refused, kept uncounted with the reason: shown to its author and director, the same once only."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from webapp.core.ids import new_id
from webapp.core.prepared import ask, several
from webapp.core.problems import Problem
from webapp.journal.models import Refusal
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.photos.operations import forget_refused, name_in_refused
from webapp.recording.entries import Entry, opened, texts
from webapp.recording.guards import Context


def refuse(context: Context, entry: Entry, problem: Problem) -> None:
    """Keep a fact of the right form that was refused."""
    who = (context.actor.person_id, context.now)
    unit = _own_unit(context.session, context.actor, entry.unit)
    _keep(context.session, *who, entry.id, entry.digest, entry.open_text, unit, problem, context.bringer)


def refuse_unread(
    session: Session, actor: Actor, now: datetime, envelope: object, limit: int, problem: Problem, bringer: Actor | None = None
) -> None:  # fmt: skip
    """Keep a fact that is readable but not of the right form; what is no fact at all is kept by nobody."""
    try:
        fact_id, text, _personal, _salt, digest = texts(envelope, limit)
        unit = opened(text).get("unit")
    except Problem:
        return
    _keep(
        session,
        actor.person_id,
        now,
        fact_id,
        digest,
        text,
        _own_unit(session, actor, unit),
        problem,
        bringer,
    )


def _own_unit(session: Session, actor: Actor, code: object) -> str | None:
    """The unit that it names, if its author works there or above: no stranger's words appear on a unit's page."""
    paths = select(Unit.path).where(Unit.code == code)
    path = session.scalar(paths) if isinstance(code, str) and len(code) <= 20 else None
    return code if path and any(grant.reaches(path) for grant in actor.grants) else None


def _keep(
    session: Session, author_id: str, now: datetime, fact_id: str, digest: str, text: str, unit: str | None,
    problem: Problem, bringer: Actor | None = None,
) -> None:  # fmt: skip
    same = (Refusal.fact_id == fact_id, Refusal.digest == digest, Refusal.author_id == author_id)
    if session.execute(delete(Refusal).where(*same)).rowcount:
        forget_refused(session, [fact_id], author_id, digest)
    fields = {name: str(why) for name, why in problem.fields.items()}
    session.add(
        Refusal(
            id=new_id(), fact_id=fact_id, author_id=author_id, unit_code=unit, digest=digest, text=text,
            code=problem.code, fields=fields, received_at=now, brought_by=bringer.person_id if bringer else None,
        )
    )  # fmt: skip
    session.flush()
    name_in_refused(session, fact_id, digest, unit, author_id, text)


_FORGET = delete(Refusal.__table__).where(
    Refusal.fact_id.in_(several("facts")), Refusal.author_id == bindparam("author")
)


def forget(session: Session, fact_ids: Collection[str], author_id: str) -> None:
    """What the author was refused under these ids has been stored now."""
    if ask(session, _FORGET, facts=list(fact_ids), author=author_id).rowcount:
        forget_refused(session, fact_ids, author_id)
