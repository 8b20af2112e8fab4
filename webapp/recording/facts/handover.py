"""Facts of type ``handover``: who delivers a route or single items on a day, said at the desk."""

from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.org.models import Unit
from webapp.recording.changes.lists import lines_of_delivery
from webapp.recording.entries import Entry
from webapp.recording.facts.fact_type import FactType
from webapp.recording.facts.lists import guard
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.rules import Text
from webapp.sampling.handovers import apply_handover


def apply(context: Context, entry: Entry, unit: Unit, work: Work) -> Fact:
    """Store it; it moves the lines in which somebody judged what changes hands."""
    fact = store(context, entry, IN_FORCE)
    day, numbers = apply_handover(context.session, entry.id, entry.open)
    work.dirty |= lines_of_delivery(context.session, unit, day, numbers)
    return fact


TYPE = FactType(
    "handover", Text("换人投递", "Handed over"), from_phone=False, guard=guard, apply=apply,
    sections=frozenset({"unit", "duties", "draws", "captures", "returns", "watch", "records", "listed", "learned"}),
)  # fmt: skip
