"""Facts of type ``month-consent``: the head of a unit confirms its month before the level above signs it. Nobody has to."""

from dataclasses import dataclass

from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.ledger import frozen
from webapp.ledger.signable import readiness
from webapp.org.rules import HEADS
from webapp.recording.entries import Entry, loaded
from webapp.recording.facts.fact_type import FactType, Frozen, Parts
from webapp.recording.facts.signed_month import HEAD, About, MonthSchema, about_month
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.rules import Text
from webapp.signing import operations as signing

_SCHEMA = MonthSchema()


@dataclass(frozen=True)
class Admitted:
    """What the guards found out."""

    about: About
    lines: list[str]


def read(frozen_fact: Frozen) -> Parts:
    """Its own part has the right form."""
    loaded(_SCHEMA, frozen_fact.open)
    return Parts()


def guard(context: Context, entry: Entry) -> Admitted:
    """By who heads the unit itself, while the month is not signed and all its lines are closed."""
    said = loaded(_SCHEMA, entry.open)
    about = about_month(context, entry, said["month"])
    if HEADS[about.unit.level] not in context.actor.roles_at(about.unit.code, context.actor.today):
        raise Problem("forbidden")
    if about.standing.signature:
        raise Problem("month-signed")
    there = readiness(context.session, [about.unit.code], about.month, context.now)[about.unit.code]
    if not there.ready:
        raise Problem("month-open" if there.lines else "month-empty", month=about.month, open=there.open)
    lines = frozen.signed_texts(frozen.lines_of(context.session, about.unit.code, about.month))
    if moved := len(set(lines) ^ set(said["lines"])):
        raise Problem("lines-moved", count=moved)
    return Admitted(about, lines)


def apply(context: Context, entry: Entry, admitted: Admitted, work: Work) -> Fact:
    """Store it; no line moves."""
    fact = store(context, entry, IN_FORCE)
    unit, month = admitted.about.unit.code, admitted.about.month
    signing.consent(
        context.session, entry.id, unit, month, context.actor.person_id, admitted.lines, context.now
    )
    return fact


TYPE = FactType(
    "month-consent", Text("月度确认", "Month confirmed"), from_phone=False, sections=HEAD, read=read, guard=guard, apply=apply
)  # fmt: skip
