"""One inspection with its chain of corrections and the state of its photos, read only."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.inspections.drafts import GROUP
from webapp.inspections.models import Inspection, Item
from webapp.inspections.voices import Voice, voices
from webapp.journal.models import Conflict, Fact
from webapp.journal.rules import HELD
from webapp.ledger.deliveries import own_items
from webapp.org.models import Unit
from webapp.org.names import name_at
from webapp.org.queries import within
from webapp.photos.models import PhotoRef
from webapp.photos.queries import of_records
from webapp.photos.rules import RECORD
from webapp.registers.models import RelayPoint
from webapp.rulebook.periods import period_of
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Text


@dataclass(frozen=True)
class PhotoDetail:
    """A photo of an item. ``state``: ``missing`` (still on the phone), ``lost`` there, ``here``, or ``purged`` in time.

    ``reused``: seen in another inspection too. ``marks``: circles and arrows that the inspection drew beside it.
    """

    sha256: str
    state: str
    reused: bool
    marks: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class ItemDetail:
    """One checked thing as a page shows it."""

    ordinal: int
    subject: str
    label: str
    point: bool  # it is a relay point, called by its name
    mail_class: str | None
    verdict: str | None
    failed: list[Text]
    none_came: list[Text]  # the parts of the form of which there was nothing to judge
    note: str | None
    photos: list[PhotoDetail]
    captures: list[str]
    position: str | None
    warning: str | None
    own: bool  # its author delivered it: the verdict does not count
    opened: "Opened | None" = None  # the record that was looked at
    voice: Voice | None = None


@dataclass(frozen=True)
class Opened:
    """A record that a review opened: what it is, about whom, of which day."""

    title: Text
    unit_name: str
    day: date


@dataclass(frozen=True)
class InspectionDetail:
    """An inspection as a page shows it. ``held`` names why it is not counted yet."""

    id: str
    unit: Unit
    kind: str
    author_id: str
    author_name: str
    acting_code: str
    roles: list[str]
    day: date
    work_date: date
    method: str
    state: str
    held: str | None
    items: list[ItemDetail]
    amends: str | None
    amended_by: str | None
    conflict: bool
    digest: str
    received_at: datetime
    brought_by: str | None  # the name of who brought it in as a file
    period: str | None = None  # the code of the period that it is about, of a kind that is about one


def inspection_detail(session: Session, inspection_id: str) -> InspectionDetail:
    """The inspection with its items and photos; raises ``not-found``."""
    inspection, fact = session.get(Inspection, inspection_id), session.get(Fact, inspection_id)
    if inspection is None or fact is None:
        raise Problem("not-found")
    form = editions_of(session).on(fact.work_date).kinds.get(inspection.kind)
    amended = (
        select(Fact.id).where(Fact.amends == fact.id, Fact.state != "withdrawn").order_by(Fact.id.desc())
    )
    undecided = select(Conflict.fact_id).where(Conflict.fact_id == fact.id, Conflict.decision.is_(None))
    return InspectionDetail(
        fact.id,
        session.get(Unit, fact.unit_code),
        inspection.kind,
        fact.author_id,
        name_at(session, fact.author_id, fact.received_at, fact.work_date),
        fact.acting_code,
        inspection.roles.split(),
        inspection.day,
        inspection.work_date,
        inspection.method,
        fact.state,
        fact.hold if fact.state == HELD else None,
        _items(session, fact, inspection.kind),
        fact.amends,
        session.scalar(amended.limit(1)),
        session.scalar(undecided.limit(1)) is not None,
        fact.digest,
        fact.received_at,
        name_at(session, fact.brought_by, fact.received_at) if fact.brought_by else None,
        period_of(form.period, inspection.day).code if form and form.period else None,
    )


def _items(session: Session, fact: Fact, kind: str) -> list[ItemDetail]:
    rows = session.scalars(select(Item).where(Item.inspection_id == fact.id).order_by(Item.ordinal)).all()
    said = json.loads(fact.open)["items"]
    personal = json.loads(fact.personal) if fact.personal else {}
    notes = personal.get("notes", {})
    photos = _photos(session, fact.unit_code, rows, personal.get("marks", {}))
    points = select(RelayPoint.id, RelayPoint.name).where(RelayPoint.id.in_([row.subject for row in rows]))
    named = dict(session.execute(points.where(RelayPoint.unit_code == fact.unit_code)).all())
    form = editions_of(session).on(fact.work_date).kinds.get(kind)
    whole = (
        {fact.unit_code: session.get(Unit, fact.unit_code).name} if form and form.subject == "unit" else {}
    )
    labels = named | whole
    opened = _opened(session, fact, rows) if form and form.subject == "record" else {}
    spoken = voices(session, [fact.id])
    own = own_items(session, editions_of(session).kinds(), Inspection.id == fact.id).get(fact.id, ())
    return [
        ItemDetail(
            row.ordinal, row.subject, labels.get(row.subject, row.subject), row.subject in named, row.mail_class, row.verdict,
            [
                form.fault(code) if form else Text(code, code)
                for code, answer in row.answers.items()
                if answer == "fail"
            ],
            [group.title for group in form.groups if GROUP + group.code in row.answers] if form else [],
            notes.get(str(row.ordinal)), photos[row.ordinal], row.captures,
            said[row.ordinal].get("position"), said[row.ordinal].get("warning"),
            row.subject in own, opened.get(row.subject), spoken.get((fact.id, row.ordinal)),
        )
        for row in rows
    ]  # fmt: skip


def _opened(session: Session, fact: Fact, rows: Iterable[Item]) -> dict[str, Opened]:
    """The records that a review looked at, of its unit and those below; of others nothing is told."""
    path = session.scalar(select(Unit.path).where(Unit.code == fact.unit_code))
    query = (
        select(Inspection.id, Inspection.kind, Inspection.work_date, Unit.name)
        .join(Unit, Unit.code == Inspection.unit_code)
        .where(Inspection.id.in_([row.subject for row in rows]), within([path]))
    )
    editions = editions_of(session)
    return {
        one: Opened(editions.kind_on(day, kind).title, unit, day)
        for one, kind, day, unit in session.execute(query)
    }


def _photos(
    session: Session, unit_code: str, rows: Iterable[Item], marks: dict[str, list[dict]]
) -> dict[int, list[PhotoDetail]]:
    """Each item's photos: its own, then those of the captures that it judged; of another unit it names none."""
    rows = list(rows)
    sources = {row.inspection_id for row in rows} | {one for row in rows for one in row.captures}
    query = of_records(sources).add_columns(Item.subject).where(PhotoRef.unit_code == unit_code)
    query = query.join(Item, (Item.inspection_id == PhotoRef.fact_id) & (Item.ordinal == PhotoRef.ordinal))
    found = session.execute(query).all()
    reused = _reused(session, {row.digest for row in found}, sources)
    return {
        row.ordinal: [
            PhotoDetail(digest, state, digest in reused, marks.get(digest, []))
            for source, _, digest, state, subject in found
            if subject == row.subject and source in (row.inspection_id, *row.captures)
        ]
        for row in rows
    }


def _reused(session: Session, digests: set[str], sources: set[str]) -> set[str]:
    """Digests that another inspection names too, its own corrections apart."""
    chain = set(sources) | set(session.scalars(select(Fact.amends).where(Fact.id.in_(sources))))
    chain |= set(session.scalars(select(Fact.id).where(Fact.amends.in_(sources))))
    query = select(PhotoRef.digest).where(
        PhotoRef.source == RECORD, PhotoRef.digest.in_(digests), PhotoRef.fact_id.not_in(chain - {None})
    )
    return set(session.scalars(query))
