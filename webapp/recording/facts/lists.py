"""Facts of types ``seal``, ``reveal`` and ``void``: what the desk does with a day's list and its draw.

Only the server makes them: a draw that a phone made would be one that somebody chose.
"""

from collections.abc import Callable
from datetime import date

from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.ledger.touched import by_volume
from webapp.org.models import Unit
from webapp.recording.entries import Entry
from webapp.recording.facts.fact_type import FactType
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context, units_of
from webapp.recording.writing import Work
from webapp.rulebook.rules import Text
from webapp.sampling import operations as sampling

SECTIONS = frozenset({"unit", "draws", "duties", "volumes", "returns", "listed", "learned"})


def guard(context: Context, entry: Entry) -> Unit:
    """The unit, if the actor keeps its lists."""
    unit, _ = units_of(context, entry)
    if not context.actor.can("keep-lists", unit.path):
        raise Problem("forbidden")
    return unit


def applying(change: Callable[[Context, Entry], date]) -> Callable[[Context, Entry, Unit, Work], Fact]:
    """Store the fact and do what it says; ``change`` returns the day whose volume, and so whose lines, it moves."""

    def apply(context: Context, entry: Entry, unit: Unit, work: Work) -> Fact:
        fact = store(context, entry, IN_FORCE)
        work.dirty |= by_volume(context.session, unit, change(context, entry))
        return fact

    return apply


def _seal(context: Context, entry: Entry) -> date:
    return sampling.apply_seal(context.session, entry.open, context.actor.person_id, context.now)


def _reveal(context: Context, entry: Entry) -> date:
    return sampling.apply_reveal(context.session, entry.open, context.actor.person_id, context.now)


def _void(context: Context, entry: Entry) -> date:
    return sampling.apply_void(context.session, entry.open, context.now)


_ALIKE = {"from_phone": False, "sections": SECTIONS, "guard": guard}
SEAL = FactType("seal", Text("封存清单", "Seal of a list"), apply=applying(_seal), **_ALIKE)
REVEAL = FactType("reveal", Text("公布抽样", "Draw revealed"), apply=applying(_reveal), **_ALIKE)
VOID = FactType("void", Text("抽中邮件作废", "Drawn item void"), apply=applying(_void), **_ALIKE)
