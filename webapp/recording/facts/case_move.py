"""Facts of type ``case-move``: somebody does something with a case: assigns it, answers it, looks again, asks for more time …

Which moves there are, from which states, by whom and by whom not is data (``rulebook/cases.toml``). A move that another one has made
impossible meanwhile is refused with its reason, and kept.
"""

from dataclasses import dataclass
from datetime import date, datetime

from marshmallow import EXCLUDE, Schema, fields, post_load, validate
from sqlalchemy import func, select

from webapp.cases import moving
from webapp.cases.models import Case, Occurrence
from webapp.cases.moving import Wanted
from webapp.cases.rights import Known
from webapp.core.clock import local_date
from webapp.core.ids import FORM
from webapp.core.problems import Problem
from webapp.core.ranges import Day, Few, Instant
from webapp.inspections.drafts import MOST_PHOTOS, DraftPhoto
from webapp.inspections.models import Inspection
from webapp.inspections.schemas import PhotoSchema
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE, clock_hold
from webapp.org.rules import ROLE_GRACE
from webapp.photos.models import PhotoRef
from webapp.photos.operations import name_in_case
from webapp.photos.rules import STORED
from webapp.recording import guards
from webapp.recording.entries import Entry, json_in, loaded
from webapp.recording.facts.fact_type import CASE, FactType, Frozen, Parts
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.case_rules import Move
from webapp.rulebook.rules import Text

TEXT = "text"  # the key of its words among the notes of the personal part
SECTIONS = frozenset({"unit", "cases", "problems"})


@dataclass(frozen=True)
class Said:
    """What a move says of itself."""

    case: str
    move: str
    made: datetime | None
    content: dict
    photos: tuple[DraftPhoto, ...]


class _MoveSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    case = fields.String(required=True, validate=validate.Regexp(FORM))
    move = fields.String(required=True, validate=validate.Length(min=1, max=16))
    made = Instant(load_default=None, allow_none=True)
    cause = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=24))
    owner = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(FORM))
    day = Day(load_default=None, allow_none=True)
    photos = Few(fields.Nested(PhotoSchema), most=MOST_PHOTOS, load_default=list)

    @post_load
    def _value(self, data, **_):
        content = {name: data[name] for name in ("cause", "owner") if data[name]}
        content |= {"day": data["day"].isoformat()} if data["day"] else {}
        return Said(data["case"], data["move"], data["made"], content, tuple(data["photos"]))


_SCHEMA = _MoveSchema()


@dataclass(frozen=True)
class Admitted:
    """What the guards found out."""

    known: Known
    move: Move
    wanted: Wanted
    photos: tuple[DraftPhoto, ...]


def read(frozen: Frozen) -> Parts:
    """Its own part, so that a wrong one is refused before anything is asked of the database."""
    return Parts(made=loaded(_SCHEMA, frozen.open).made)


def guard(context: Context, entry: Entry) -> Admitted:
    """The move may be made now, by this person, with what it needs."""
    guards.units_of(context, entry)
    said: Said = loaded(_SCHEMA, entry.open)
    day = _counts_for(context, entry, context.session.get(Case, said.case))
    me = context.actor.person_id
    wanted = Wanted(entry.id, said.case, said.move, entry.unit, me, entry.acting, day, said.content)
    known, move = moving.allowed(context.session, context.rulebook, wanted, context.now)
    _has_all(context, entry, known, move, said)
    return Admitted(known, move, wanted, said.photos)


def _counts_for(context: Context, entry: Entry, case: Case | None) -> date:
    """The day of the phone's work where its clock can be believed; else that of the arrival. Nothing is held for it."""
    today = local_date(context.now)
    doubtful = clock_hold(entry.date, entry.made, context.now, context.skew) is not None
    # Nobody moves what was not there yet: the clock was wrong, and set right before the sending.
    early = case is not None and entry.date < case.opened_on
    return today if doubtful or early or today - entry.date > ROLE_GRACE else entry.date


def _has_all(context: Context, entry: Entry, known: Known, move: Move, said: Said) -> None:
    """What the move needs is there; a cause is one of the rules in force on the day on which the case was opened."""
    personal = json_in(entry.personal_text, "personal") if entry.personal_text else {}
    text = (personal.get("notes") or {}).get(TEXT, "")
    there = {"text": bool(text.strip()), "photo": bool(said.photos)} | dict.fromkeys(said.content, True)
    if lacking := {name: "required" for name in move.needs if not there.get(name)}:
        raise Problem("bad-fact", lacking)
    causes = context.rulebook.on(known.case.opened_on).cases.causes
    if (cause := said.content.get("cause")) and cause not in causes:
        raise Problem("bad-fact", {"cause": "unknown"})
    if "photo" in move.needs:
        _newer(context, known, said, personal.get("photos") or {})


def _newer(context: Context, known: Known, said: Said, taken: dict) -> None:
    """Evidence is a photo of now: not one that a record or an earlier move named, nor one taken before the finding."""
    session, digests = context.session, [photo.sha256 for photo in said.photos]
    used = select(PhotoRef.digest).where(PhotoRef.digest.in_(digests), PhotoRef.source.in_(STORED))
    here = select(Occurrence.inspection_id).where(Occurrence.case_id == known.case.id)
    found_at = session.scalar(
        select(func.max(Inspection.ended_at)).where(Inspection.id.in_(here), Inspection.in_force)
    )
    stale = set(session.scalars(used))
    for digest in digests:
        instant = (taken.get(digest) or {}).get("taken")
        if found_at and instant and datetime.fromisoformat(instant) < found_at:
            stale.add(digest)
    if stale:
        raise Problem("evidence-old", {f"photos[{digests.index(one)}]": "old" for one in sorted(stale)})


def apply(context: Context, entry: Entry, admitted: Admitted, work: Work) -> Fact:
    """Store it, keep the move, and fold the case anew."""
    fact = store(context, entry, IN_FORCE)
    photos = {photo.sha256: photo.size for photo in admitted.photos}
    name_in_case(context.session, entry.id, entry.unit, fact.author_id, photos.items())
    moving.make(
        context.session, context.rulebook, admitted.known, admitted.move, admitted.wanted, context.now
    )
    return fact


TYPE = FactType(
    "case-move", Text("问题办理", "Move of a case"), from_phone=True, sections=SECTIONS, read=read, guard=guard,
    apply=apply, shown=CASE, by_another_hand=True,
)  # fmt: skip
