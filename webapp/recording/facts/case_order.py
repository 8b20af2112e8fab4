"""Facts of type ``case-order``: somebody above issues a work order (督办单) about cases or a requirement, only from the desk."""

from dataclasses import dataclass

from marshmallow import EXCLUDE, Schema, fields, validate
from sqlalchemy import select

from webapp.cases import moving
from webapp.cases.models import Case
from webapp.cases.moving import Order
from webapp.core.clock import local_date
from webapp.core.ids import FORM
from webapp.core.problems import Problem
from webapp.core.ranges import Day
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.org.rules import HEADS, LEVELS
from webapp.recording import guards
from webapp.recording.entries import Entry, json_in, loaded
from webapp.recording.facts.case_move import SECTIONS, TEXT
from webapp.recording.facts.fact_type import CASE, FactType, Frozen, Parts
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.rules import Text

MOST_CASES = 200
FARTHEST = 366  # days


class _OrderSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    cases = fields.List(
        fields.String(validate=validate.Regexp(FORM)), load_default=list, validate=validate.Length(max=MOST_CASES)
    )  # fmt: skip
    deadline = Day(required=True)


_SCHEMA = _OrderSchema()


@dataclass(frozen=True)
class Admitted:
    """What the guards found out."""

    order: Order


def read(frozen: Frozen) -> Parts:
    """Its own part has the right form."""
    loaded(_SCHEMA, frozen.open)
    return Parts()


def guard(context: Context, entry: Entry) -> Admitted:
    """By who leads the acting unit, to a unit below it; its cases are that unit's or of units below it, and not ended."""
    said = loaded(_SCHEMA, entry.open)
    about, acting = guards.units_of(context, entry)
    rules = context.rulebook.on(entry.date).cases
    lowest = LEVELS.index(rules.of_orders.issued_by)
    if about.code == acting.code or LEVELS.index(acting.level) > lowest:
        raise Problem("forbidden")
    if HEADS[acting.level] not in context.actor.roles_at(acting.code, context.actor.today):
        raise Problem("forbidden")
    today = local_date(context.now)
    if not 0 < (said["deadline"] - today).days <= FARTHEST:
        raise Problem("bad-fact", {"deadline": "after today, within a year"})
    cases = _cases(context, about, said["cases"])
    words = json_in(entry.personal_text, "personal").get("notes", {}) if entry.personal_text else {}
    if not (words.get(TEXT) or "").strip():
        raise Problem("bad-fact", {TEXT: "required"})
    weights = list(rules.severities)
    severity = max((case.severity for case in cases), key=weights.index, default=weights[0])
    ids = tuple(case.id for case in cases)
    return Admitted(Order(entry.id, about.code, acting.code, said["deadline"], ids, severity))


def _cases(context: Context, about: Unit, ids: list[str]) -> list[Case]:
    query = select(Case).join(Unit, Unit.code == Case.unit_code).where(Case.id.in_(ids), within([about.path]))
    found = {case.id: case for case in context.session.scalars(query)}
    if strangers := [n for n, one in enumerate(ids) if one not in found or found[one].ended]:
        raise Problem("bad-fact", {f"cases[{n}]": "not an open case of this unit" for n in strangers})
    return [found[one] for one in dict.fromkeys(ids)]


def apply(context: Context, entry: Entry, admitted: Admitted, work: Work) -> Fact:
    """Store it and open the order under the next number of the acting unit."""
    fact = store(context, entry, IN_FORCE)
    moving.issue(context.session, context.rulebook, admitted.order, context.now)
    return fact


TYPE = FactType(
    "case-order", Text("督办单", "Work order"), from_phone=False, sections=SECTIONS, read=read, guard=guard,
    apply=apply, shown=CASE,
)  # fmt: skip
