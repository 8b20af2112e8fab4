"""Facts of type ``document`` (it is issued) and ``document-move`` (checked, sent, received, accepted, returned, void).

Only from the desk. What the document says is frozen in ``body`` of the fact that issues it: texts, figures with the digests of what
they stand on, number, addressees, who drafted, checked and issued it (``webapp/recording/documents.py`` makes it under the lock).
"""

from dataclasses import dataclass

from marshmallow import EXCLUDE, Schema, fields, validate

from webapp.core.ids import FORM
from webapp.core.problems import Problem
from webapp.documents import operations, queries
from webapp.documents.queries import Shown
from webapp.documents.rules import CHECKED, MOVES, Move, acting, digest, leads, moves_for, plain
from webapp.inspections.drafts import SHA256
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.ledger.touched import by_document
from webapp.recording import guards
from webapp.recording.entries import Entry, loaded
from webapp.recording.facts.fact_type import FactType, Frozen, Parts
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.periods import parse_period
from webapp.rulebook.rules import Text

SECTIONS = frozenset({"unit", "duties"})


class _MoveSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    document = fields.String(required=True, validate=validate.Regexp(FORM))
    move = fields.String(required=True, validate=validate.OneOf(list(MOVES)))
    texts = fields.String(load_default=None, validate=validate.Regexp(SHA256))


class _IssueSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    document = fields.String(required=True, validate=validate.Regexp(FORM))
    body = fields.Dict(required=True)


_MOVE, _ISSUE = _MoveSchema(), _IssueSchema()


@dataclass(frozen=True)
class Admitted:
    """What the guards found out."""

    shown: Shown
    move: Move | None = None


def read_move(frozen: Frozen) -> Parts:
    """Its own part has the right form; what asks for a reason has one."""
    said = loaded(_MOVE, frozen.open)
    if MOVES[said["move"]].reason and not (frozen.reason or "").strip():
        raise Problem("bad-fact", {"reason": "required"})
    return Parts()


def read_issue(frozen: Frozen) -> Parts:
    """Its own part has the right form."""
    loaded(_ISSUE, frozen.open)
    return Parts()


def guard_move(context: Context, entry: Entry) -> Admitted:
    """The step may be made now, by this person, for this unit; a check is of the very texts that stand there."""
    guards.units_of(context, entry)
    said = loaded(_MOVE, entry.open)
    shown = operations.held(context.session, context.actor, said["document"])
    move = MOVES[said["move"]]
    if shown.standing.state not in move.start or move not in moves_for(context.actor, shown.standing):
        if move.side == "check" and context.actor.person_id in shown.standing.writers:
            raise Problem("document-same-person")
        mine = acting(context.actor, shown.standing, move.side)
        raise Problem("document-moved" if mine else "forbidden")
    if acting(context.actor, shown.standing, move.side) != entry.acting:
        raise Problem("forbidden")
    if move.code == "check" and said["texts"] != digest(plain(shown.document.texts)):
        raise Problem("document-moved", {"texts": "written since"})
    return Admitted(shown, move)


def guard_issue(context: Context, entry: Entry) -> Admitted:
    """It was checked as it stands, by somebody who did not write in it; whoever leads the unit issues it, under the next number."""
    guards.units_of(context, entry)
    said = loaded(_ISSUE, entry.open)
    shown = operations.held(context.session, context.actor, said["document"])
    document, body = shown.document, said["body"]
    if document.state != CHECKED or document.checked_digest != digest(plain(document.texts)):
        raise Problem("document-moved")
    if document.unit_code != entry.acting or not leads(context.actor, document.unit_code, shown.unit.level):
        raise Problem("forbidden")
    if document.checked_by in document.writers:
        raise Problem("document-same-person")
    if (body.get("year"), body.get("n")) != number_of(context.session, shown, entry.date.year):
        raise Problem("bad-fact", {"body.n": "not the next number"})
    return Admitted(shown)


def number_of(session, shown: Shown, year: int) -> tuple[int, int]:
    """(year, n) under which it is issued: the next of the unit's type and year, or of a correction that of the first."""
    document = shown.document
    if document.corrects:
        first = session.get(type(document), document.corrects)
        return first.year, first.n
    return year, queries.last_number(session, document.unit_code, document.type, year) + 1


def apply_move(context: Context, entry: Entry, admitted: Admitted, work: Work) -> Fact:
    """Store it and keep the step; sent or void it moves the line of the duty that it fulfils."""
    fact = store(context, entry, IN_FORCE)
    document, move = admitted.shown.document, admitted.move
    operations.keep_move(
        context.session, document, move.code, entry.id, fact.author_id, entry.acting, context.now
    )
    if move.code == "check":
        operations.keep_check(document, fact.author_id, entry.open["texts"], context.now)
    if document.unit_code not in entry.units:
        work.note([document.unit_code], entry.type, entry.id, entry.digest)
    _moved(context, admitted.shown, work)
    return fact


def apply_issue(context: Context, entry: Entry, admitted: Admitted, work: Work) -> Fact:
    """Store it, take the number, and count the line of the duty that it fulfils anew."""
    fact = store(context, entry, IN_FORCE)
    operations.keep_issue(context.session, admitted.shown.document, entry.id, entry.open["body"], context.now)
    _moved(context, admitted.shown, work)
    return fact


def _moved(context: Context, shown: Shown, work: Work) -> None:
    document = shown.document
    if document.issued_at is not None:
        period = parse_period(document.period)
        work.dirty |= by_document(context.session, shown.unit, document.type, period)


ISSUE = FactType(
    "document", Text("文书", "Document"), from_phone=False, sections=SECTIONS, read=read_issue, guard=guard_issue,
    apply=apply_issue,
)  # fmt: skip
MOVE = FactType(
    "document-move", Text("文书办理", "Step with a document"), from_phone=False, sections=SECTIONS, read=read_move,
    guard=guard_move, apply=apply_move,
)  # fmt: skip
