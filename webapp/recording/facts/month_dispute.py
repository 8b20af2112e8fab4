"""Facts of types ``month-dispute`` (异议) and ``month-ruling``: the inspected disputes a signature, the level above decides.

That the dispute was right is no ruling but a correction: the next version of the signature answers it.
"""

from marshmallow import EXCLUDE, Schema, fields, validate

from webapp.cases.standing import workdays_of
from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.core.text_lengths import is_blank
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.org.rules import HEADS
from webapp.recording.entries import Entry, loaded
from webapp.recording.facts.fact_type import FactType, Frozen, Parts
from webapp.recording.facts.signed_month import HEAD, About, Month, about_month, in_whose_name
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.rules import Text
from webapp.signing import operations as signing
from webapp.signing.models import MonthSignature
from webapp.signing.rules import DISPUTED_WITHIN


class _DisputeSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    month = Month(required=True)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


_SCHEMA = _DisputeSchema()


def read(frozen_fact: Frozen) -> Parts:
    """Its own part has the right form, and a reason is given."""
    loaded(_SCHEMA, frozen_fact.open)
    if is_blank(frozen_fact.reason or ""):
        raise Problem("invalid", {"reason": "required"})
    return Parts()


def _of_version(context: Context, entry: Entry) -> tuple[About, MonthSignature]:
    said = loaded(_SCHEMA, entry.open)
    about = about_month(context, entry, said["month"])
    signature = about.standing.signature
    if signature is None or signature.version != said["version"]:
        raise Problem("month-unsigned")
    return about, signature


def guard_dispute(context: Context, entry: Entry) -> MonthSignature:
    """By who heads the unit, within three workdays of the signature, one at a time."""
    about, signature = _of_version(context, entry)
    if HEADS[about.unit.level] not in context.actor.roles_at(about.unit.code, context.actor.today):
        raise Problem("forbidden")
    if about.standing.disputed:
        raise Problem("dispute-open")
    signed_on = local_date(signature.signed_at)
    if local_date(context.now) > workdays_of(context.session).after(signed_on, DISPUTED_WITHIN):
        raise Problem("dispute-over", days=DISPUTED_WITHIN)
    return signature


def apply_dispute(context: Context, entry: Entry, signature: MonthSignature, work: Work) -> Fact:
    """Store it; the signature stands until it is decided."""
    fact = store(context, entry, IN_FORCE)
    due = workdays_of(context.session).after(local_date(context.now), DISPUTED_WITHIN)
    signing.dispute(context.session, entry.id, signature, context.actor.person_id, due, context.now)
    return fact


def guard_ruling(context: Context, entry: Entry) -> About:
    """By whoever could correct the month."""
    about, _signature = _of_version(context, entry)
    in_whose_name(context, entry, about, len(about.standing.versions) + 1)
    if about.standing.disputed is None:
        raise Problem("dispute-decided")
    return about


def apply_ruling(context: Context, entry: Entry, about: About, work: Work) -> Fact:
    """Store it: the signature stands."""
    fact = store(context, entry, IN_FORCE)
    dispute = about.standing.disputed
    dispute.ruling_id, dispute.upheld = entry.id, False
    context.session.flush()
    return fact


DISPUTE = FactType(
    "month-dispute", Text("审签异议", "Signature disputed"), from_phone=False, sections=HEAD, read=read,
    guard=guard_dispute, apply=apply_dispute,
)  # fmt: skip
RULING = FactType(
    "month-ruling", Text("异议裁定", "Dispute decided"), from_phone=False, sections=HEAD, read=read,
    guard=guard_ruling, apply=apply_ruling,
)  # fmt: skip
