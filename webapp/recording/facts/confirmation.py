"""Facts of type ``confirmation``: a held record is rightly dated, or its work was done on another day."""

from marshmallow import EXCLUDE, Schema

from webapp.core.problems import Problem
from webapp.core.ranges import Day
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.recording import dating, guards
from webapp.recording.dating import CONFIRMATION
from webapp.recording.entries import Entry, loaded
from webapp.recording.facts.about_facts import apply, find_target, target_of
from webapp.recording.facts.fact_type import FactType, Frozen, Parts
from webapp.recording.facts.inspection import SECTIONS
from webapp.recording.guards import Context
from webapp.rulebook.rules import Text


class _ConfirmationSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    day = Day(load_default=None, allow_none=True)


_SCHEMA = _ConfirmationSchema()


def read(frozen: Frozen) -> Parts:
    """The record, and the day on which its work was done, where not as dated."""
    return Parts(target=target_of(frozen), day=loaded(_SCHEMA, frozen.open)["day"])


def guard(context: Context, entry: Entry) -> Fact | None:
    """The held record, if this person may confirm it and its work can have been done that day; None if it has not come."""
    target = find_target(context, entry)
    if target is not None:
        check(context, entry, target)
        dating.check(context, target, entry.day)
    return target


def check(context: Context, entry: Entry, target: Fact) -> None:
    """A held fact is confirmed by its author or the director; one held for its role by the county manager."""
    unit = context.session.get(Unit, target.unit_code)
    if target.hold is None or target.unit_code != entry.unit:
        raise Problem("bad-fact", {"target": "waits for no confirmation"})
    if not guards.may_confirm(context.actor, target, unit):
        raise Problem("forbidden")


TYPE = FactType(
    CONFIRMATION,
    Text("确认", "Confirmation"),
    from_phone=True,
    sections=SECTIONS,
    read=read,
    guard=guard,
    apply=apply,
)
