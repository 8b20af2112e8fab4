"""Facts of type ``withdrawal``: a record is as if never made, with a reason."""

from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.journal.rules import HELD
from webapp.org.models import Unit
from webapp.recording import guards
from webapp.recording.corrections import WITHDRAWAL
from webapp.recording.entries import Entry
from webapp.recording.facts.about_facts import apply, find_target, target_of
from webapp.recording.facts.fact_type import FactType, Frozen, Parts
from webapp.recording.facts.inspection import SECTIONS
from webapp.recording.guards import Context
from webapp.rulebook.rules import KIND_TYPES, Text


def read(frozen: Frozen) -> Parts:
    """What is withdrawn; raises ``reason-needed`` without a reason."""
    target = target_of(frozen)
    if not (frozen.reason or "").strip():
        raise Problem("reason-needed", {"reason": "required"})
    return Parts(target=target)


def guard(context: Context, entry: Entry) -> Fact | None:
    """The record, if its author may withdraw it; None where it has not come."""
    target = find_target(context, entry)
    if target is not None:
        check(context, entry, target)
    return target


def check(context: Context, entry: Entry, target: Fact) -> None:
    """By the author until somebody has judged it, afterwards by the county manager; a held one by who may confirm it."""
    unit = context.session.get(Unit, target.unit_code)
    if target.type not in KIND_TYPES or target.unit_code != entry.unit:
        raise Problem("bad-fact", {"target": "cannot be withdrawn"})
    if target.state == HELD and guards.may_confirm(context.actor, target, unit):
        return  # whoever may say that it counts may say that it does not
    if context.actor.can("withdraw-judged", unit.path):
        return
    if target.author_id != context.actor.person_id:
        raise Problem("foreign-id", {"target": ""})
    if target.type == "capture" and target.id in guards.judged(context.session, [target]):
        raise Problem("already-judged", {"target": target.id})


TYPE = FactType(
    WITHDRAWAL, Text("撤回", "Withdrawal"), from_phone=True, sections=SECTIONS, read=read, guard=guard, apply=apply,
    by_another_hand=True,
)  # fmt: skip
