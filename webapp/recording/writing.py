"""The one way in: facts are stored verbatim, journalled, unfolded, and the lines they touch recomputed.

Everything runs in the caller's one transaction. One bad fact never sinks its neighbours: a fact that speaks of others
has its own savepoint, a plain one is only written when all its guards have passed. Rows of plain facts, journals and
ledger lines are written together, in sorted order.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import insert, select

from webapp.cases import operations as problems
from webapp.core.clock import local_date
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.inspections import operations as inspections
from webapp.journal import chain
from webapp.journal.chain import Note
from webapp.journal.models import Conflict, Fact
from webapp.journal.rules import HELD, IN_FORCE, SUPERSEDED, WAITING, fact_digest, personal_hash
from webapp.ledger import operations as ledger
from webapp.ledger.operations import Key
from webapp.org.models import Person, Unit
from webapp.org.queries import actor_as_of, actor_of
from webapp.org.rules import Actor
from webapp.photos.operations import forget_second, name_in_second
from webapp.recording import bringing, corrections, dating, guards
from webapp.recording.bulk import Gathered, is_plain
from webapp.recording.changes import lists
from webapp.recording.facts import point as register, rulings
from webapp.recording.guards import Context
from webapp.recording.lookahead import look
from webapp.recording.refusals import forget, refuse
from webapp.recording.schemas import DESK_TYPES, RULING_TYPES, Entry, entry_of
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import TYPES
from webapp.sampling import operations as sampling


@dataclass(frozen=True)
class Outcome:
    """What became of one fact: stored, known, conflict, waiting or refused (with its problem)."""

    id: str
    state: str
    held: str | None = None
    problem: Problem | None = None


@dataclass
class Marks:
    """What a fact asks to be journalled and recomputed when all facts are in."""

    notes: list[Note] = field(default_factory=list)
    dirty: set[Key] = field(default_factory=set)

    def take(self, other: "Marks") -> None:
        """Add the marks of one fact whose savepoint held."""
        self.notes += other.notes
        self.dirty |= other.dirty


def record(context: Context, entries: Sequence[Entry]) -> list[Outcome]:
    """Record the entries in order; one outcome each. Raises only when the database itself fails."""
    session = context.session
    chain.lock(session, _existing(session, {code for entry in entries for code in entry.units}))
    # Under the lock: what others store meanwhile is seen, and a role given or ended.
    context = _looking_ahead(_as_of_now(context), entries)
    known = _known(session, [entry.id for entry in entries])
    marks, gathered = Marks(), Gathered(session)
    outcomes = []
    stale = False
    for entry in entries:
        own = Marks()
        if stale and entry.draft:
            context, stale = _looking_ahead(context, entries), False
        try:
            if is_plain(entry, known, context.ahead):
                outcome = _record_plain(context, entry, known, gathered, own)
            else:
                gathered.flush()
                with session.begin_nested():
                    outcome = _record_one(context, entry, known, own)
                stale = stale or entry.draft is None  # it may be a new relay point, say
            marks.take(own)
        except Problem as problem:
            refuse(context, entry, problem)
            outcome = Outcome(entry.id, "refused", problem=problem)
        outcomes.append(outcome)
    gathered.flush()
    chain.append(session, marks.notes, context.now)
    ledger.recompute(session, marks.dirty, context.now)
    return outcomes


def _as_of_now(context: Context) -> Context:
    bringer = actor_as_of(context.session, context.bringer) if context.bringer else None
    return replace(context, actor=actor_as_of(context.session, context.actor), bringer=bringer)


def _looking_ahead(context: Context, entries: Sequence[Entry]) -> Context:
    """The context with what the guards will ask about these facts."""
    return replace(context, ahead=look(context.session, entries, context.rulebook))


def record_at_desk(session, actor: Actor, now: datetime, open: dict, personal: dict | None = None) -> Fact:
    """Record a fact made on a page (seal, reveal, void, hand-over, volume, withdrawal, confirmation); raises its problem."""
    rulebook = editions_of(session)
    texts = freeze({"v": 1, **open}, personal)
    entry = entry_of(new_id(), *texts, rulebook)
    chain.lock(session, _existing(session, entry.units))
    context = _looking_ahead(Context(session, actor, now, rulebook, actor.device_id), [entry])
    marks = Marks()
    _record_one(context, entry, {}, marks)
    chain.append(session, marks.notes, now)
    ledger.recompute(session, marks.dirty, now)
    return session.get(Fact, entry.id)


def freeze(open: dict, personal: dict | None) -> tuple[str, str, str, str]:
    """The open and personal texts, salt and digest of a fact made here."""
    open_text = json.dumps(open, ensure_ascii=False, separators=(",", ":"))
    personal_text = json.dumps(personal, ensure_ascii=False, separators=(",", ":")) if personal else ""
    salt = new_id().replace("-", "")
    return open_text, personal_text, salt, fact_digest(open_text, personal_hash(salt, personal_text))


def _existing(session, codes: Iterable[str]) -> list[str]:
    return list(session.scalars(select(Unit.code).where(Unit.code.in_(list(codes)))))


def _known(session, ids: list[str]) -> dict[str, Fact]:
    return {fact.id: fact for fact in session.scalars(select(Fact).where(Fact.id.in_(ids)))}


def _record_plain(
    context: Context, entry: Entry, known: dict[str, Fact], gathered: Gathered, marks: Marks
) -> Outcome:
    """An inspection that no other fact speaks of: guards first, then only rows for the common inserts."""
    bringing.check(context, entry)
    roles, hold = guards.inspection(context, entry)
    state = HELD if hold else IN_FORCE
    values = _values(context, entry, state, hold)
    gathered.execute(insert(Fact), [values])
    _unfold(gathered, context, entry, values["author_id"], roles, state)
    marks.notes += _notes(entry)
    if state == IN_FORCE:
        level = context.ahead.units[entry.unit].level
        marks.dirty |= corrections.keys_of(context, entry.unit, level, entry.kind, entry.draft.day)
    return Outcome(entry.id, "stored", hold)


def _notes(entry: Entry) -> list[Note]:
    return [Note(code, entry.type, entry.id, entry.digest) for code in sorted(entry.units)]


def _record_one(context: Context, entry: Entry, known: dict[str, Fact], marks: Marks) -> Outcome:
    bringing.check(context, entry, known.get(entry.id))
    if (first := known.get(entry.id)) is not None:
        return _again(context, entry, first, marks)
    fact = _RECORDERS[entry.type](context, entry, marks)
    known[entry.id] = fact
    marks.notes += _notes(entry)
    forget(context.session, [entry.id], fact.author_id)
    return Outcome(
        entry.id, "waiting" if fact.state == WAITING else "stored", fact.hold if fact.state == HELD else None
    )


def _again(context: Context, entry: Entry, first: Fact, marks: Marks) -> Outcome:
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
        marks.notes.append(Note(first.unit_code, "conflict", entry.id, entry.digest))
    return Outcome(entry.id, "conflict")


def _values(context: Context, entry: Entry, state: str, hold: str | None) -> dict:
    return {
        "id": entry.id, "type": entry.type, "kind": entry.kind, "unit_code": entry.unit,
        "acting_code": entry.acting, "author_id": context.actor.person_id, "device_id": context.device_id,
        "open": entry.open_text, "personal": entry.personal_text or None, "salt": entry.salt,
        "personal_hash": entry.personal_hash, "digest": entry.digest, "amends": entry.amends,
        "target": entry.target, "work_date": entry.date, "received_at": context.now,
        "skew_ms": None if context.skew is None else int(context.skew.total_seconds() * 1000),
        "contact_at": context.contact, "state": state, "hold": hold, "brought_by": context.brought_by,
    }  # fmt: skip


def _store(context: Context, entry: Entry, state: str, hold: str | None = None, **changes) -> Fact:
    fact = Fact(**{**_values(context, entry, state, hold), **changes})
    context.session.add(fact)
    context.session.flush()
    return fact


# ---------------------------------------------------------------- inspections and captures


def _inspection(context: Context, entry: Entry, marks: Marks) -> Fact:
    roles, hold = guards.inspection(context, entry)
    parent = context.session.get(Fact, entry.amends) if entry.amends else None
    if parent is not None:
        guards.amendment(context, entry, parent)
    alone = entry.amends is None and not corrections.referring(context, entry.id)
    # What corrects a correction that still waits waits with it.
    waits = entry.amends is not None and (parent is None or parent.state == WAITING)
    state = (HELD if hold else IN_FORCE) if alone else WAITING if waits else SUPERSEDED
    fact = _store(context, entry, state, hold)
    _unfold(context.session, context, entry, fact.author_id, roles, state)
    if alone:
        marks.dirty |= corrections.touched(context, [entry.id]) if state == IN_FORCE else set()
    else:
        corrections.awaken(context, fact)
        marks.dirty |= corrections.settle(context, fact)
    return fact


def _unfold(into, context: Context, entry: Entry, author_id: str, roles: Iterable[str], state: str) -> None:
    """The rows of the inspection and of its problems, into a session or what gathers rows like one."""
    inspections.unfold(into, entry.id, entry.draft, author_id, roles, state == IN_FORCE)
    kind = context.rulebook.on(entry.date).kinds[entry.kind]
    problems.open_for(into, entry.id, entry.draft, kind, context.now, state == IN_FORCE)


# ---------------------------------------------------------------- facts about facts


def _withdrawal(context: Context, entry: Entry, marks: Marks) -> Fact:
    return _about_fact(context, entry, marks, guards.withdrawal)


def _confirmation(context: Context, entry: Entry, marks: Marks) -> Fact:
    return _about_fact(context, entry, marks, _confirmable)


def _confirmable(context: Context, entry: Entry, target: Fact) -> None:
    guards.confirmation(context, entry, target)
    dating.check(context, target, entry.day)


def _about_fact(context: Context, entry: Entry, marks: Marks, guard) -> Fact:
    guards.units_of(context, entry)
    target = context.session.get(Fact, entry.target)
    if target is None:
        return _store(context, entry, WAITING)
    guard(context, entry, target)
    fact = _store(context, entry, IN_FORCE)
    marks.dirty |= corrections.settle(context, target)
    return fact


# ---------------------------------------------------------------- facts of the desk


def _point(context: Context, entry: Entry, marks: Marks) -> Fact:
    draft = register.guard(context, entry)
    fact = _store(context, entry, IN_FORCE)
    marks.dirty |= register.apply(context, entry, draft)
    return fact


def _ruling(context: Context, entry: Entry, marks: Marks) -> Fact:
    bound, keys = rulings.apply(context, entry)
    marks.notes += [
        Note(one.code, entry.type, entry.id, entry.digest) for one in bound if one.code not in entry.units
    ]
    marks.dirty |= keys
    return _store(context, entry, IN_FORCE)


def _desk_fact(context: Context, entry: Entry, marks: Marks) -> Fact:
    unit, _ = guards.units_of(context, entry)
    if not context.actor.can("keep-lists", unit.path):
        raise Problem("forbidden")
    fact = _store(context, entry, IN_FORCE)
    if entry.type == "handover":
        marks.dirty |= lists.hand_over(context.session, entry.id, entry.open)
        return fact
    day = _APPLY[entry.type](context, entry)
    duties = [duty for duty in ledger.duties_at(context.session, unit.level) if duty.of]
    marks.dirty |= ledger.keys(unit.code, duties, [day])
    return fact


_APPLY = {
    "seal": lambda c, e: sampling.apply_seal(c.session, e.open, c.actor.person_id, c.now),
    "reveal": lambda c, e: sampling.apply_reveal(c.session, e.open, c.actor.person_id, c.now),
    "void": lambda c, e: sampling.apply_void(c.session, e.open, c.now),
    "volume": lambda c, e: sampling.apply_volume(c.session, e.id, e.open, local_date(c.now)),
}

_RECORDERS = {
    "inspection": _inspection,
    "capture": _inspection,
    "selection": _inspection,
    "withdrawal": _withdrawal,
    "confirmation": _confirmation,
    "point": _point,
    **dict.fromkeys(RULING_TYPES, _ruling),
    **dict.fromkeys(DESK_TYPES, _desk_fact),
}


# ---------------------------------------------------------------- conflicts


def decide(session, actor: Actor, now: datetime, fact_id: str, digest: str, choice: str) -> None:
    """The director (never the author) keeps the first content or puts the second in force as a correction."""
    if choice not in ("first", "second"):
        raise Problem("invalid", {"decision": "first, second"})
    context = Context(session, actor, now, editions_of(session), actor.device_id)
    conflict, first = session.get(Conflict, (fact_id, digest)), session.get(Fact, fact_id)
    if conflict is None or conflict.decision:
        raise Problem("not-found")
    unit = session.get(Unit, first.unit_code)
    # Whoever brought one of the contents in as a file has no say in it either: they may have written it.
    if context.actor.person_id in (first.author_id, first.brought_by, conflict.brought_by):
        raise Problem("forbidden")
    if not context.actor.can("decide", unit.path):
        raise Problem("forbidden")
    # A change of the register or a volume is not amended: its author makes another one.
    if choice == "second" and first.type not in TYPES:
        raise Problem("not-amendable", {"decision": "first"})
    if (
        choice == "second" and conflict.salt is None
    ):  # its personal part was deleted in time, and the digest needs it
        raise Problem("too-late", {"decision": "first"})
    conflict.decided_by, conflict.decided_at, conflict.decision = context.actor.person_id, context.now, choice
    forget_second(session, fact_id, digest)
    codes = sorted({first.unit_code, first.acting_code})
    chain.lock(session, codes)
    marks = Marks([Note(code, "decision", fact_id, digest) for code in codes])
    if choice == "second":
        entry = entry_of(
            new_id(), conflict.open, conflict.personal or "", conflict.salt, digest, context.rulebook
        )
        _take_second(replace(context, brought_by=conflict.brought_by), entry, first, marks)
    chain.append(session, marks.notes, context.now)
    ledger.recompute(session, marks.dirty, context.now)


def _take_second(context: Context, entry: Entry, first: Fact, marks: Marks) -> None:
    """The second content stands as an amendment of the first, by the same author, if it could have come alone."""
    if (entry.type, entry.kind, entry.unit) != (first.type, first.kind, first.unit_code):
        raise Problem("not-amendable", {"decision": "first"})
    session = context.session
    author = actor_of(session, session.get(Person, first.author_id), context.actor.today)
    own = _looking_ahead(replace(context, actor=author), [entry])
    roles, hold = guards.inspection(own, entry)
    if hold == "clock":  # whoever decides says that this content is right: then its date must be possible
        if entry.date > local_date(context.now):
            raise dating.ahead(entry.date)
        roles, hold = guards.as_dated(own, entry)
    fact = _store(
        context,
        entry,
        SUPERSEDED,
        first.hold or hold,
        amends=first.id,
        author_id=first.author_id,
        device_id=None,
    )
    _unfold(session, context, entry, fact.author_id, roles, SUPERSEDED)
    marks.dirty |= corrections.settle(context, first)
