"""Facts of type ``withdrawal``: a record is as if never made, with a reason."""

from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.recording import guards
from webapp.recording.corrections import WITHDRAWAL
from webapp.recording.entries import Entry
from webapp.recording.facts.about_facts import apply, find_target, target_of
from webapp.recording.facts.fact_type import FactType, Frozen, Parts
from webapp.recording.facts.inspection import SECTIONS
from webapp.recording.guards import Context
from webapp.rulebook.rules import Text


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
        guards.withdrawal(context, entry, target)
    return target


TYPE = FactType(
    WITHDRAWAL, Text("撤回", "Withdrawal"), from_phone=True, sections=SECTIONS, read=read, guard=guard, apply=apply,
    by_another_hand=True,
)  # fmt: skip
