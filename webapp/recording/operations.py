"""The one way in: facts are stored verbatim, journalled, unfolded, and the lines they touch recomputed.

Everything runs in the caller's one transaction. One bad fact never sinks its neighbours: a fact that speaks of others
has its own savepoint, a plain one is only written when all its guards have passed. Rows of plain facts, journals and
ledger lines are written together, in sorted order. What each type of fact needs stands in its own file under ``facts``.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from webapp.cases.opening import follow
from webapp.core.ids import new_id
from webapp.core.prepared import ask, several
from webapp.core.problems import Problem
from webapp.journal.models import Conflict, Fact
from webapp.journal.rules import HELD, WAITING, fact_digest, personal_hash
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.photos.operations import name_in_second
from webapp.recording import bringing
from webapp.recording.bulk import Gathered, is_plain
from webapp.recording.entries import Entry
from webapp.recording.facts.registry import FACT_TYPES
from webapp.recording.guards import Context
from webapp.recording.journal_entries import CONFLICT
from webapp.recording.lookahead import look
from webapp.recording.refusals import forget, refuse
from webapp.recording.schemas import entry_of
from webapp.recording.writing import Work, writing
from webapp.rulebook.queries import editions_of

_UNITS = select(Unit.code).where(Unit.code.in_(several("codes")))
_FACTS = select(Fact.id).where(Fact.id.in_(several("ids")))


@dataclass(frozen=True)
class Outcome:
    """What became of one fact: stored, known, conflict, waiting or refused (with its problem)."""

    id: str
    state: str
    held: str | None = None
    problem: Problem | None = None


def record(context: Context, entries: Sequence[Entry]) -> list[Outcome]:
    """Record the entries in order; one outcome each. Raises only when the database itself fails."""
    session = context.session
    with writing(session, context.now, _units_of(context, entries), context.actor) as work:
        # Under the lock: what others store meanwhile is seen, and a role given or ended.
        bringer = work.as_of_now(context.bringer) if context.bringer else None
        context = looking_ahead(replace(context, actor=work.actor, bringer=bringer), entries)
        known = _known(session, [entry.id for entry in entries])
        gathered = Gathered(session)
        outcomes = []
        stale = False
        for entry in entries:
            part = work.part()
            if stale and entry.draft:
                context, stale = looking_ahead(context, entries), False
            try:
                if FACT_TYPES[entry.type].gather and is_plain(entry, known, context.ahead):
                    outcome = _gather_one(context, entry, gathered, part)
                else:
                    _put_down(context, gathered, work)
                    with session.begin_nested():
                        outcome = _record_one(context, entry, known, part)
                    stale = stale or entry.draft is None  # it may be a new relay point, say
                work.take(part)
            except Problem as problem:
                outcome = None if entry.id in known else _stored_meanwhile(context, entry)
                if outcome is None:
                    refuse(context, entry, problem)
                    outcome = Outcome(entry.id, "refused", problem=problem)
            outcomes.append(outcome)
        _put_down(context, gathered, work)
    return outcomes


def _stored_meanwhile(context: Context, entry: Entry) -> Outcome | None:
    """Its own first copy may be what stands in its way: a move that another request has just stored is no move too many."""
    first = context.session.get(Fact, entry.id)
    if first is None or (first.author_id, first.digest) != (context.actor.person_id, entry.digest):
        return None
    return Outcome(entry.id, "known", first.hold if first.state == HELD else None)


def _put_down(context: Context, gathered: Gathered, work: Work) -> None:
    """Store what was gathered, and ask before which lines it moves: afterwards it would be found among the others."""
    work.dirty |= gathered.moved(context.rulebook, context.now)
    gathered.flush()
    if gathered.failed:
        follow(context.session, context.rulebook, gathered.failed, context.now)
        gathered.failed = []


def looking_ahead(context: Context, entries: Sequence[Entry]) -> Context:
    """The context with what the guards will ask about these facts."""
    return replace(context, ahead=look(context.session, entries, context.rulebook))


def record_at_desk(session, actor: Actor, now: datetime, open: dict, personal: dict | None = None) -> Fact:
    """Record a fact made on a page (seal, hand-over, ruling, withdrawal …); raises its problem."""
    rulebook = editions_of(session)
    entry = entry_of(new_id(), *freeze({"v": 1, **open}, personal), rulebook)
    context = Context(session, actor, now, rulebook, actor.device_id)
    with writing(session, now, _units_of(context, [entry]), actor) as work:
        context = looking_ahead(replace(context, actor=work.actor), [entry])
        _record_one(context, entry, {}, work)
    return session.get(Fact, entry.id)


def freeze(open: dict, personal: dict | None) -> tuple[str, str, str, str]:
    """The open and personal texts, salt and digest of a fact made here."""
    open_text = json.dumps(open, ensure_ascii=False, separators=(",", ":"))
    personal_text = json.dumps(personal, ensure_ascii=False, separators=(",", ":")) if personal else ""
    salt = new_id().replace("-", "")
    return open_text, personal_text, salt, fact_digest(open_text, personal_hash(salt, personal_text))


def _units_of(context: Context, entries: Iterable[Entry]) -> list[str]:
    """Codes of the units whose journals the facts enter; of those that they name, only the ones that there are."""
    entries = list(entries)
    named = list({code for entry in entries for code in entry.units})
    bound = {code for entry in entries for code in FACT_TYPES[entry.type].binds(context, entry)}
    return [*ask(context.session, _UNITS, codes=named).scalars(), *bound] if named else [*bound]


def _known(session, ids: list[str]) -> dict[str, Fact]:
    """Those of the facts that are here: most often none."""
    here = ask(session, _FACTS, ids=ids).scalars().all() if ids else ()
    return {fact.id: fact for fact in session.scalars(select(Fact).where(Fact.id.in_(here)))} if here else {}


def _gather_one(context: Context, entry: Entry, gathered: Gathered, work: Work) -> Outcome:
    """A record that no other fact speaks of: guards first, then only rows for the common inserts."""
    bringing.check(context, entry)
    fact_type = FACT_TYPES[entry.type]
    hold = fact_type.gather(context, entry, fact_type.guard(context, entry), gathered, work)
    _note(entry, work)
    return Outcome(entry.id, "stored", hold)


def _note(entry: Entry, work: Work) -> None:
    work.note(sorted(entry.units), entry.type, entry.id, entry.digest)


def _record_one(context: Context, entry: Entry, known: dict[str, Fact], work: Work) -> Outcome:
    bringing.check(context, entry, known.get(entry.id))
    if (first := known.get(entry.id)) is not None:
        return _again(context, entry, first, work)
    fact_type = FACT_TYPES[entry.type]
    fact = fact_type.apply(context, entry, fact_type.guard(context, entry), work)
    known[entry.id] = fact
    _note(entry, work)
    forget(context.session, [entry.id], fact.author_id)
    return Outcome(
        entry.id, "waiting" if fact.state == WAITING else "stored", fact.hold if fact.state == HELD else None
    )


def _again(context: Context, entry: Entry, first: Fact, work: Work) -> Outcome:
    """The same id once more: the same bytes are a success, other bytes a conflict that is kept beside the first."""
    if first.author_id != context.actor.person_id:
        raise Problem("foreign-id", {"id": ""})
    if first.digest == entry.digest:
        return Outcome(entry.id, "known", first.hold if first.state == HELD else None)
    session = context.session
    if session.get(Conflict, (entry.id, entry.digest)) is None:
        session.add(
            Conflict(
                fact_id=entry.id, digest=entry.digest, open=entry.open_text, personal=entry.personal_text or None,
                salt=entry.salt, received_at=context.now, brought_by=context.brought_by,
            )
        )  # fmt: skip
        session.flush()
        name_in_second(session, entry.id, entry.digest, first.unit_code, first.author_id, entry.open_text)
        work.note([first.unit_code], CONFLICT.name, entry.id, entry.digest)
    return Outcome(entry.id, "conflict")
