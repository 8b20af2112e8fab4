"""What waits for a person in a unit and below it, read only: held records, conflicts, refusals, lost photos."""

import json
import string
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from webapp.core.dates import closed_up, written
from webapp.core.problems import CATALOGUE
from webapp.inquiries.point_photos import LostPicture, lost_pictures
from webapp.inspections.models import Inspection
from webapp.journal.models import Conflict, Fact, Refusal
from webapp.journal.rules import HELD
from webapp.org.models import Person, Unit
from webapp.org.names import name_at, name_on, shown_name
from webapp.org.queries import within
from webapp.photos.models import PhotoLoss, PhotoRef, PhotoSender
from webapp.photos.queries import lost_by, sent_by
from webapp.photos.rules import RECORD
from webapp.recording.dating import Days, possible
from webapp.recording.guards import may_confirm
from webapp.rulebook.rules import Text


@dataclass(frozen=True)
class Held:
    """A fact that is not counted until somebody confirms it."""

    id: str
    kind: str
    hold: str
    author_id: str
    author_name: str
    unit_name: str
    work_date: date
    received_at: datetime
    may_confirm: bool
    days: Days | None  # on which the work can have been done, where the clock is in doubt
    unit_path: str


@dataclass(frozen=True)
class Version:
    """One of two contents under one id; ``items`` is None where records of its type have none."""

    content: Fact | Conflict
    digest: str
    received_at: datetime
    items: int | None
    failed: int


@dataclass(frozen=True)
class Contested:
    """A conflict that nobody has decided."""

    fact_id: str
    kind: str
    author_name: str
    unit_name: str
    work_date: date
    first: Version
    second: Version
    second_day: date | None  # as which the second content is dated
    may_decide: bool


@dataclass(frozen=True)
class Refused:
    """Refused records of one author that say the same, with the reason in both languages.

    ``kind`` and ``day`` are what they say of themselves, or None; ``received_at`` is the latest, ``count`` how many.
    """

    fact_id: str
    kind: str | None
    day: str | None
    author_id: str
    author_name: str
    unit: Unit
    received_at: datetime
    code: str
    reason: Text
    brought_by: str | None = None  # the name of who brought them in a file, if not the author
    count: int = 1
    open: Mapping = field(
        default_factory=dict
    )  # what the latest says of itself; nothing in it needs to be right


@dataclass(frozen=True)
class LostPhotos:
    """An inspection in force of which photos will not come. ``photos``: how many; ``reason`` of the first."""

    inspection_id: str
    kind: str
    author_name: str
    unit_name: str
    work_date: date
    reported_at: datetime
    photos: int
    reason: str


@dataclass(frozen=True)
class Attention:
    """All that waits in a unit and below it."""

    held: list[Held]
    conflicts: list[Contested]
    refusals: list[Refused]
    lost: list[LostPhotos]
    pictures: list[LostPicture]


def attention(session: Session, unit: Unit, actor) -> Attention:
    """What waits for a decision below the unit, as the actor may decide it."""
    return Attention(
        _held(session, unit, actor),
        _conflicts(session, unit, actor),
        _refusals(session, unit),
        _lost(session, unit),
        lost_pictures(session, unit, actor.today),
    )


# As a literal: a database uses the index of held facts only where the statement itself says which state it wants.
_IS_HELD = Fact.state == bindparam("held", HELD, literal_execute=True)


def waiting(session: Session, unit: Unit) -> int:
    """How many held records and undecided conflicts there are in the unit and below it."""
    held = select(func.count(Fact.id)).join(Unit, Unit.code == Fact.unit_code).where(_IS_HELD)
    contested = (
        select(func.count(Conflict.fact_id))
        .join(Fact, Fact.id == Conflict.fact_id)
        .join(Unit, Unit.code == Fact.unit_code)
        .where(Conflict.decision.is_(None))
    )
    return sum(session.scalar(query.where(within([unit.path]))) for query in (held, contested))


def waiting_by_unit(session: Session, unit: Unit) -> dict[str, int]:
    """The same for each unit in which any wait: {code: how many}; two queries."""
    held = select(Fact.unit_code, func.count(Fact.id)).where(_IS_HELD)
    contested = select(Fact.unit_code, func.count(Conflict.fact_id))
    contested = contested.join(Conflict, Conflict.fact_id == Fact.id).where(Conflict.decision.is_(None))
    found: Counter[str] = Counter()
    for query in (held, contested):
        query = query.join(Unit, Unit.code == Fact.unit_code).where(within([unit.path]))
        found.update(dict(session.execute(query.group_by(Fact.unit_code)).all()))
    return dict(found)


def _held(session: Session, unit: Unit, actor) -> list[Held]:
    query = (
        select(Fact, name_on(Fact.work_date, Fact.received_at), Unit)
        .join(Person, Person.id == Fact.author_id)
        .join(Unit, Unit.code == Fact.unit_code)
        .where(within([unit.path]), _IS_HELD)
        .order_by(Fact.received_at)
    )
    return [
        Held(
            fact.id, fact.kind or fact.type, fact.hold, fact.author_id, name, about.name, fact.work_date,
            fact.received_at, may_confirm(actor, fact, about),
            possible(fact) if fact.hold == "clock" else None, about.path,
        )
        for fact, name, about in session.execute(query)
    ]  # fmt: skip


def _conflicts(session: Session, unit: Unit, actor) -> list[Contested]:
    query = (
        select(Conflict, Fact, name_on(Fact.work_date, Fact.received_at), Unit)
        .join(Fact, Fact.id == Conflict.fact_id)
        .join(Person, Person.id == Fact.author_id)
        .join(Unit, Unit.code == Fact.unit_code)
        .where(within([unit.path]), Conflict.decision.is_(None))
        .order_by(Conflict.received_at)
    )
    return [
        Contested(
            fact.id, fact.kind or fact.type, name, about.name, fact.work_date, _version(fact), _version(conflict),
            _day_of(conflict),
            actor.can("decide", about.path) and actor.person_id not in (fact.author_id, fact.brought_by, conflict.brought_by),
        )
        for conflict, fact, name, about in session.execute(query)
    ]  # fmt: skip


def _day_of(content: Conflict) -> date | None:
    try:
        return date.fromisoformat(json.loads(content.open)["date"])
    except (KeyError, TypeError, ValueError):
        return None


def _version(content: Fact | Conflict) -> Version:
    said = json.loads(content.open).get("items")
    # A second content is kept as it came, right or wrong.
    items = [item for item in said if isinstance(item, dict)] if isinstance(said, list) else None
    if items and all(item.get("subject") == "-" for item in items):
        items = None  # a form about no thing
    failed = sum(item.get("verdict") == "fail" for item in items or ())
    return Version(
        content, content.digest, content.received_at, None if items is None else len(items), failed
    )


def _refusals(session: Session, unit: Unit) -> list[Refused]:
    """The latest first; identical ones are one line."""
    query = (
        select(Refusal, shown_name(), Unit)
        .join(Person, Person.id == Refusal.author_id)
        .join(Unit, Unit.code == Refusal.unit_code)
        .where(within([unit.path]))
        .order_by(Refusal.received_at.desc())
        .limit(200)
    )
    found: dict[tuple, Refused] = {}
    hands = {None: None}
    for refusal, name, about in session.execute(query):
        if refusal.brought_by not in hands:
            hands[refusal.brought_by] = name_at(session, refusal.brought_by, refusal.received_at)
        one = Refused(
            refusal.fact_id, *_said(refusal), refusal.author_id, name, about, refusal.received_at, refusal.code,
            _reason(refusal),
            hands[refusal.brought_by], open=_open(refusal),
        )  # fmt: skip
        same = (one.author_id, about.code, one.kind, one.day, one.code, one.reason, one.brought_by)
        found[same] = replace(found[same], count=found[same].count + 1) if same in found else one
    return list(found.values())


def _lost(session: Session, unit: Unit) -> list[LostPhotos]:
    """Until the inspection is corrected with another photo, or withdrawn, or the photo comes from elsewhere."""
    query = (
        select(
            Inspection, name_on(Inspection.work_date), Unit.name, func.min(PhotoLoss.reported_at),
            func.count(PhotoLoss.digest.distinct()), func.min(PhotoLoss.reason),
        )
        .join(PhotoRef, and_(PhotoRef.fact_id == Inspection.id, PhotoRef.source == RECORD))
        .join(PhotoLoss, lost_by(PhotoRef.author_id, PhotoRef.digest))
        .outerjoin(PhotoSender, sent_by(PhotoLoss.author_id, PhotoLoss.digest))
        .join(Person, Person.id == Inspection.author_id)
        .join(Unit, Unit.code == Inspection.unit_code)
        .where(within([unit.path]), Inspection.in_force, PhotoSender.digest.is_(None))
        .group_by(Inspection.id, Person.id, Unit.name)
        .order_by(func.min(PhotoLoss.reported_at).desc())
        .limit(200)
    )  # fmt: skip
    return [
        LostPhotos(one.id, one.kind, name, unit_name, one.work_date, reported_at, photos, reason)
        for one, name, unit_name, reported_at, photos, reason in session.execute(query)
    ]


def _open(refusal: Refusal) -> dict:
    said = json.loads(refusal.text or "{}")  # empty: its time is over
    return said if isinstance(said, dict) else {}


def _said(refusal: Refusal) -> tuple[str | None, str | None]:
    """Kind and day as the refused text tells them: it was readable, but nothing in it needs to be right."""
    found = _open(refusal)
    kind, day = found.get("kind") or found.get("type"), found.get("date")
    return kind if isinstance(kind, str) else None, day if isinstance(day, str) else None


def _reason(refusal: Refusal) -> Text:
    """The catalogue's sentence; only the fields were kept, so what else it would name is left out."""
    entry = CATALOGUE[refusal.code]
    zh, en = (_told(entry.zh, refusal.fields, "zh", "（{}）"), _told(entry.en, refusal.fields, "en", " ({})"))
    return Text(closed_up(zh), en)


def _told(template: str, fields: dict[str, str], language: str, beside: str) -> str:
    """The template filled with what was kept, days as people write them; details it has no place for stand ``beside`` it."""
    known = {name: written(value, language) for name, value in fields.items()}
    detail = "; ".join(f"{name}: {reason}" for name, reason in known.items() if name != "date")
    said = _sentence(template, {**known, "detail": detail})
    return said if not detail or "{detail}" in template else said + beside.format(detail)


def _sentence(template: str, known: dict[str, str]) -> str:
    """The template up to the first place that nobody can fill any more."""
    said = ""
    for text, place, *_ in string.Formatter().parse(template):
        said += text
        if place is not None and place not in known:
            return said.rstrip(" ：:(（")
        said += known[place] if place else ""
    return said
