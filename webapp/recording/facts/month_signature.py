"""Facts of type ``month-signature`` (审签): a unit's month as the level above signs it, and its later versions (更正审签)."""

from dataclasses import dataclass

from marshmallow import fields, validate

from webapp.core.problems import Problem
from webapp.core.text_lengths import Characters, is_blank
from webapp.journal import chain
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.ledger import frozen
from webapp.ledger.operations import hold_lines
from webapp.ledger.signable import readiness, unsigned_below
from webapp.recording.entries import Entry, loaded
from webapp.recording.facts.fact_type import FactType, Frozen, Parts
from webapp.recording.facts.signed_month import HEAD, About, MonthSchema, about_month, in_whose_name
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.rules import Text
from webapp.signing import operations as signing
from webapp.signing.rules import Capacity

MOST_NOTE = 500  # characters


class _SignatureSchema(MonthSchema):
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    role = fields.String(required=True)
    how = fields.String(required=True)
    heads = fields.Dict(keys=fields.String(), values=fields.List(fields.Raw()), required=True)
    note = fields.String(load_default="", validate=Characters(max=MOST_NOTE))


_SCHEMA = _SignatureSchema()


@dataclass(frozen=True)
class Admitted:
    """What the guards found out."""

    about: About
    version: int
    capacity: Capacity
    lines: list[str]


def read(frozen_fact: Frozen) -> Parts:
    """Its own part has the right form."""
    loaded(_SCHEMA, frozen_fact.open)
    return Parts()


def guard(context: Context, entry: Entry) -> Admitted:
    """By who heads the level above (of a correction: the level above that), all lines closed, and none moved since they were seen."""
    said = loaded(_SCHEMA, entry.open)
    about = about_month(context, entry, said["month"])
    version = len(about.standing.versions) + 1
    if said["version"] != version:
        raise Problem("month-signed" if version > 1 else "month-unsigned")
    capacity = in_whose_name(context, entry, about, version)
    if (said["role"], said["how"]) != (capacity.role, capacity.how):
        raise Problem("bad-fact", {"role": capacity.role, "how": capacity.how})
    hold_lines(context.session, [about.unit.code])
    _is_due(context, about) if version == 1 else _is_wanted(context, entry, about)
    lines = frozen.signed_texts(frozen.corrected(context.session, about.unit.code, about.month))
    if moved := len(set(lines) ^ set(said["lines"])):
        raise Problem("lines-moved", count=moved)
    seen = [(code, *head) for code, head in said["heads"].items() if len(head) == 2]
    if chain.rewritten(context.session, seen):
        raise Problem("bad-fact", {"heads": "not in the journal"})
    return Admitted(about, version, capacity, lines)


def _is_due(context: Context, about: About) -> None:
    there = readiness(context.session, [about.unit.code], about.month, context.now)[about.unit.code]
    if not there.lines:
        raise Problem("month-empty", month=about.month)
    if not there.ready:
        raise Problem("month-open", month=about.month, open=there.open)
    if below := unsigned_below(context.session, about.unit, about.month):
        raise Problem("below-unsigned", units=[one.name for one in below])


def _is_wanted(context: Context, entry: Entry, about: About) -> None:
    if is_blank(entry.open.get("reason") or ""):
        raise Problem("invalid", {"reason": "required"})
    if not frozen.supplements(context.session, about.unit.code, about.month):
        raise Problem("nothing-to-correct")


def apply(context: Context, entry: Entry, admitted: Admitted, work: Work) -> Fact:
    """Store it: from now on the month's lines stand. A correction takes what stands beside them into the ledger."""
    fact = store(context, entry, IN_FORCE)
    about = admitted.about
    signing.sign(
        context.session, entry.id, about.unit.code, about.month, admitted.version, admitted.capacity,
        context.actor.person_id, admitted.lines, context.now,
    )  # fmt: skip
    if before := about.standing.signature:
        signing.uphold(about.standing, entry.id)
        frozen.accept(context.session, about.unit.code, about.month, before.fact_id)
    return fact


TYPE = FactType(
    "month-signature", Text("审签", "Month signed"), from_phone=False, sections=HEAD, read=read, guard=guard, apply=apply
)  # fmt: skip
