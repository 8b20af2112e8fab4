"""Facts of type ``signing-grant`` (授权代签): who signs months in the place of a unit's head, from a day to a day."""

from datetime import timedelta

from marshmallow import EXCLUDE, Schema, fields, validate

from webapp.core.clock import local_date
from webapp.core.ids import FORM
from webapp.core.problems import Problem
from webapp.core.ranges import Day
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.org.queries import workers_on
from webapp.org.rules import HEADS
from webapp.recording import guards
from webapp.recording.entries import Entry, loaded
from webapp.recording.facts.fact_type import FactType, Frozen, Parts
from webapp.recording.facts.signed_month import HEAD
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.rules import Text
from webapp.signing import operations as signing
from webapp.signing.models import SigningGrant
from webapp.signing.rules import LONGEST_GRANT

GIVE, END = "give", "end"


class _GiveSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    to = fields.String(required=True, validate=validate.Regexp(FORM))
    first_day = Day(required=True)
    last_day = Day(required=True)


class _EndSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    grant = fields.String(required=True, validate=validate.Regexp(FORM))


_SCHEMAS = {GIVE: _GiveSchema(), END: _EndSchema()}


def read(frozen_fact: Frozen) -> Parts:
    """Its own part has the right form."""
    _said(frozen_fact.open)
    return Parts()


def _said(open: dict) -> dict:
    schema = _SCHEMAS.get(open.get("op"))
    if schema is None:
        raise Problem("bad-fact", {"op": "give or end"})
    return loaded(schema, open)


def guard(context: Context, entry: Entry) -> dict:
    """By who heads the unit, to somebody else with a role there, for a quarter at most; never by a deputy."""
    unit, _acting = guards.units_of(context, entry)
    if HEADS[unit.level] not in context.actor.roles_at(unit.code, context.actor.today):
        raise Problem("forbidden")
    said, today = _said(entry.open), local_date(context.now)
    if entry.open["op"] == END:
        row = context.session.get(SigningGrant, said["grant"])
        if row is None or row.unit_code != unit.code or row.last_day < today:
            raise Problem("not-found")
        return said
    if said["first_day"] < today:
        raise Problem("invalid", {"first_day": "past"})
    if not timedelta(0) <= said["last_day"] - said["first_day"] <= timedelta(days=LONGEST_GRANT):
        raise Problem("invalid", {"last_day": "order"})
    if said["to"] == context.actor.person_id or said["to"] not in workers_on(
        context.session, unit.code, said["first_day"]
    ):
        raise Problem("invalid", {"to": "choice"})
    return said


def apply(context: Context, entry: Entry, said: dict, work: Work) -> Fact:
    """Store it."""
    fact = store(context, entry, IN_FORCE)
    if entry.open["op"] == GIVE:
        signing.grant(context.session, entry.id, entry.unit, said, context.actor.person_id)
    else:
        signing.end_grant(context.session, said["grant"], local_date(context.now))
    return fact


TYPE = FactType(
    "signing-grant", Text("授权代签", "Signing in another's place"), from_phone=False, sections=HEAD, read=read,
    guard=guard, apply=apply,
)  # fmt: skip
