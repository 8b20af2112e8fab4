"""Records of a kind: inspections, captures (evidence without a verdict) and selections (choices made in advance).

Each type that a kind of the rulebook may have is a type of fact of its own; all are read, guarded and unfolded alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp.cases import operations as findings
from webapp.cases.opening import follow
from webapp.core.problems import Problem
from webapp.inspections import operations as inspections, schemas as inspection_schemas
from webapp.inspections.drafts import Draft
from webapp.journal.models import Fact
from webapp.journal.rules import HELD, IN_FORCE, SUPERSEDED, WAITING
from webapp.ledger.touched import Recorded
from webapp.recording import corrections, guards
from webapp.recording.bulk import Gathered
from webapp.recording.entries import Entry, json_in
from webapp.recording.facts.fact_type import CHOICE, FORM, FactType, Frozen, Parts
from webapp.recording.facts.storing import row_of, store
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.rules import KIND_TYPES, Kind

# Any record can move a line, a problem, what is to be done next: everything but what stands on the lists.
SECTIONS = frozenset(
    {
        "unit", "points", "draws", "captures", "checked", "records", "duties", "problems", "volumes", "returns",
        "balances", "watch", "people", "requirements", "cases", "learned",
    }
)  # fmt: skip


_INTO = insert(Fact)


@dataclass(frozen=True)
class Admitted:
    """What the guards found out: the author's roles on the day of the work, why it is held, what it corrects."""

    roles: tuple[str, ...]
    hold: str | None
    parent: Fact | None


def read(frozen: Frozen) -> Parts:
    """The record by the form of its kind that was in force on its day."""
    kinds = frozen.rulebook.on(frozen.date).kinds
    draft = inspection_schemas.read(frozen.open, kinds)
    _check_texts(draft, kinds[draft.kind], frozen.personal)
    return Parts(draft)


def _check_texts(draft: Draft, kind: Kind, personal: str) -> None:
    """What the head says was written must stand in the personal part: the ledger counts meetings that have notes."""
    notes = json_in(personal, "personal").get("notes", {}) if personal else {}
    lacking = {
        f"header.{field.code}": "its text is not there"
        for field in kind.fields
        if field.type == "text" and draft.header.get(field.code) and not notes.get(f"header.{field.code}")
    }
    if lacking:
        raise Problem("bad-fact", lacking)


def guard(context: Context, entry: Entry) -> Admitted:
    """Roles, days and subjects; of a correction also what it corrects, where that has come."""
    roles, hold = guards.inspection(context, entry)
    parent = context.session.get(Fact, entry.amends) if entry.amends else None
    if parent is not None:
        check_amendment(context, entry, parent)
    return Admitted(roles, hold, parent)


def check_amendment(context: Context, entry: Entry, parent: Fact) -> None:
    """Only the own records of the same kind, unit and list can be corrected, and a judged capture no more."""
    same = (parent.author_id, parent.type, parent.kind, parent.unit_code)
    if same != (context.actor.person_id, entry.type, entry.kind, entry.unit):
        raise Problem(
            "not-amendable", {"amends": parent.id if parent.author_id == context.actor.person_id else ""}
        )


def apply(context: Context, entry: Entry, admitted: Admitted, work: Work) -> Fact:
    """Store and unfold it, and settle the chain of corrections in which it stands."""
    parent, hold = admitted.parent, admitted.hold
    alone = entry.amends is None and not corrections.referring(context, entry.id)
    # What corrects a correction that still waits waits with it.
    waits = entry.amends is not None and (parent is None or parent.state == WAITING)
    state = (HELD if hold else IN_FORCE) if alone else WAITING if waits else SUPERSEDED
    fact = store(context, entry, state, hold)
    failed = unfold(context.session, context, entry, fact.author_id, admitted.roles, state)
    if alone:
        if state == IN_FORCE and failed:
            follow(context.session, context.rulebook, [entry.id], context.now)
        work.dirty |= corrections.touched(context, [entry.id]) if state == IN_FORCE else set()
    else:
        corrections.awaken(context, fact)
        work.dirty |= corrections.settle(context, fact)
    return fact


def gather(context: Context, entry: Entry, admitted: Admitted, gathered: Gathered, work: Work) -> str | None:
    """Only rows for the common inserts: no other fact speaks of it. Returns why it is held."""
    state = HELD if admitted.hold else IN_FORCE
    row = row_of(context, entry, state, admitted.hold)
    gathered.execute(_INTO, [row])
    failed = unfold(gathered, context, entry, row["author_id"], admitted.roles, state)
    if state == IN_FORCE:
        gathered.failed += [entry.id] if failed else []
        path = context.ahead.units[entry.unit].path
        gathered.tell(Recorded(path, entry.acting, entry.kind, entry.draft.day))
    return admitted.hold


def unfold(
    into: Session | Gathered, context: Context, entry: Entry, author_id: str, roles: Iterable[str], state: str
) -> bool:
    """The rows of the inspection and of what failed, into a session or what gathers rows like one; whether anything did."""
    inspections.unfold(into, entry.id, entry.draft, author_id, roles, state == IN_FORCE)
    kind = context.rulebook.on(entry.date).kinds[entry.kind]
    return findings.open_for(into, entry.id, entry.draft, kind, context.now, state == IN_FORCE)


# The rulebook says which types a kind of record may have; of a choice a page also shows what was chosen.
TYPES = tuple(
    FactType(
        name, None, from_phone=True, sections=SECTIONS, guard=guard, apply=apply, gather=gather, read=read,
        shown=CHOICE if name == "selection" else FORM, by_another_hand=True, amendable=True,
    )
    for name in KIND_TYPES
)  # fmt: skip
