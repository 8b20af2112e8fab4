"""What withdrawals and confirmations have in common: they speak of another fact, and wait where it has not come."""

from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE, WAITING
from webapp.recording import corrections, guards
from webapp.recording.entries import Entry
from webapp.recording.facts.fact_type import Frozen
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.writing import Work


def target_of(frozen: Frozen) -> str:
    """The id of the fact that is spoken of; raises ``bad-fact`` without."""
    if not frozen.target:
        raise Problem("bad-fact", {"target": "required"})
    return frozen.target


def find_target(context: Context, entry: Entry) -> Fact | None:
    """The fact that is spoken of, if it has come; raises ``unknown-unit``."""
    guards.units_of(context, entry)
    return context.session.get(Fact, entry.target)


def apply(context: Context, entry: Entry, target: Fact | None, work: Work) -> Fact:
    """Store what is said, and settle the chain of what it speaks of."""
    if target is None:
        return store(context, entry, WAITING)
    fact = store(context, entry, IN_FORCE)
    work.dirty |= corrections.settle(context, target)
    return fact
