"""Two contents under one number: the director, never the author, says which of them is in force."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.journal.models import Conflict, Fact
from webapp.journal.rules import SUPERSEDED
from webapp.org.models import Person, Unit
from webapp.org.queries import actor_of
from webapp.org.rules import Actor
from webapp.photos.operations import forget_second
from webapp.recording import corrections, dating, guards
from webapp.recording.entries import Entry
from webapp.recording.facts.inspection import unfold
from webapp.recording.facts.registry import FACT_TYPES
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.journal_entries import DECISION
from webapp.recording.operations import looking_ahead
from webapp.recording.schemas import entry_of
from webapp.recording.writing import Work, writing
from webapp.rulebook.queries import editions_of


def decide(session: Session, actor: Actor, now: datetime, fact_id: str, digest: str, choice: str) -> None:
    """The director (never the author) keeps the first content or puts the second in force as a correction."""
    if choice not in ("first", "second"):
        raise Problem("invalid", {"decision": "first, second"})
    first = session.get(Fact, fact_id)
    if first is None:
        raise Problem("not-found")
    units = sorted({first.unit_code, first.acting_code})
    with writing(session, now, units, actor) as work:
        context = Context(session, work.actor, now, editions_of(session), actor.device_id)
        # Read under the lock: of two who decide at once the second finds it decided.
        conflict = session.get(Conflict, (fact_id, digest), populate_existing=True)
        _check(context, first, conflict, choice)
        conflict.decided_by, conflict.decided_at, conflict.decision = actor.person_id, now, choice
        forget_second(session, fact_id, digest)
        work.note(units, DECISION.name, fact_id, digest)
        if choice == "second":
            second = entry_of(
                new_id(), conflict.open, conflict.personal or "", conflict.salt, digest, context.rulebook
            )
            _take_second(replace(context, brought_by=conflict.brought_by), second, first, work)


def _check(context: Context, first: Fact, conflict: Conflict | None, choice: str) -> None:
    if conflict is None or conflict.decision:
        raise Problem("not-found")
    unit = context.session.get(Unit, first.unit_code)
    # Whoever brought one of the contents in as a file has no say in it either: they may have written it.
    if context.actor.person_id in (first.author_id, first.brought_by, conflict.brought_by):
        raise Problem("forbidden")
    if not context.actor.can("decide", unit.path):
        raise Problem("forbidden")
    # A change of the register or a volume is not amended: its author makes another one.
    if choice == "second" and not FACT_TYPES[first.type].amendable:
        raise Problem("not-amendable", {"decision": "first"})
    # Its personal part was deleted in time, and the digest needs it.
    if choice == "second" and conflict.salt is None:
        raise Problem("too-late", {"decision": "first"})


def _take_second(context: Context, entry: Entry, first: Fact, work: Work) -> None:
    """The second content stands as an amendment of the first, by the same author, if it could have come alone."""
    if (entry.type, entry.kind, entry.unit) != (first.type, first.kind, first.unit_code):
        raise Problem("not-amendable", {"decision": "first"})
    session = context.session
    author = actor_of(session, session.get(Person, first.author_id), context.actor.today)
    own = looking_ahead(replace(context, actor=author), [entry])
    roles, hold = guards.inspection(own, entry)
    if hold == "clock":  # whoever decides says that this content is right: then its date must be possible
        if entry.date > local_date(context.now):
            raise dating.ahead(entry.date)
        roles, hold = guards.as_dated(own, entry)
    fact = store(
        context,
        entry,
        SUPERSEDED,
        first.hold or hold,
        amends=first.id,
        author_id=first.author_id,
        device_id=None,
    )
    unfold(session, context, entry, fact.author_id, roles, SUPERSEDED)
    work.dirty |= corrections.settle(context, first)
