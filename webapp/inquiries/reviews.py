"""Reviews of a period's records [15.3, 15.4, 16], read only: what is due of whom, and what there is to look at.

Which kinds review is told by what they are (their subject is a record), what they read by the duties that they fulfil.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.inspections.models import Inspection, Item
from webapp.journal.models import Fact
from webapp.ledger import rules
from webapp.ledger.cells import Cell, cells_below, of_period
from webapp.ledger.models import LedgerLine
from webapp.ledger.own import Member, members, told_anew
from webapp.ledger.queries import Row, children
from webapp.ledger.touched import Key
from webapp.org.models import Person, Unit
from webapp.org.names import name_on
from webapp.org.queries import within
from webapp.photos.models import PhotoRef
from webapp.photos.queries import of_records
from webapp.photos.rules import HERE
from webapp.registers.models import RelayPoint
from webapp.rulebook.periods import Period, parse_period
from webapp.rulebook.queries import editions_of, rules_of
from webapp.rulebook.rules import Duty, Kind, Rulebook

LOOK_BACK = timedelta(days=31)  # what closed earlier and was missed is history: it stands in the ledger


@dataclass(frozen=True)
class Due:
    """A line that is fulfilled at the desk: whom it covers, and the reviews that were made for it."""

    duty: Duty
    kind: Kind
    line: LedgerLine
    status: str
    period: Period
    open: bool  # what is made now still counts
    members: list[Member] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)  # {unit: the latest review of it in force}

    @property
    def left(self) -> int:
        """How many of those that it covers do not count yet."""
        return sum(not one.covered.counts for one in self.members)


@dataclass(frozen=True)
class FormPhoto:
    """A photo that is here. ``marks``: circles and arrows that the record drew beside it."""

    sha256: str
    marks: list[dict]


@dataclass(frozen=True)
class Form:
    """A record of the period that can be opened and judged."""

    id: str
    unit: Unit
    kind: Kind
    day: date
    author: str
    method: str
    items: list[tuple[str, str | None, str | None, list[str]]]  # name, stratum, verdict, failed criteria
    photos: list[FormPhoto] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """Items that failed."""
        return sum(verdict == "fail" for _, _, verdict, _ in self.items)


@dataclass(frozen=True)
class Seen:
    """A stored line of the unit under review, with its duty and status: what the signature speaks of."""

    duty: Duty
    line: LedgerLine
    status: str


@dataclass(frozen=True)
class Material:
    """What lies before whoever reviews one unit and period."""

    forms: list[Form]  # of the page
    total: int
    lines: list[Seen]
    below: list[Row]  # the units below by the duties that are read
    columns: list[Duty]


def reviewed_at_desk(kind: Kind | None) -> bool:
    """Whether records of this kind review the records of a period."""
    return bool(kind and kind.type == "inspection" and kind.subject == "record" and kind.period)


def held_at_desk(kind: Kind | None) -> bool:
    """Whether it is a meeting of a unit above departments."""
    return bool(
        kind
        and kind.type == "inspection"
        and kind.subject == "none"
        and not kind.about
        and "department" not in kind.levels
    )


def duties_of(book: Rulebook, level: str, kind: Kind) -> list[Duty]:
    """The kept duties of a level above departments that records of this kind fulfil."""
    return [duty for duty in book.duties_with(kind.code) if duty.upper and level in duty.levels]


def kinds_read(book: Rulebook, duties: Iterable[Duty]) -> frozenset[str]:
    """The kinds of record that whoever fulfils these duties looks at: what they open, what makes somebody a member, visits
    at relay points where these are asked about, and the reviews of the units below."""
    found: set[str] = set()
    for duty in duties:
        if duty.coverage is None:
            continue
        found |= duty.coverage.reads(book.populations).keys()
        found |= {code for code in duty.kinds if reviewed_at_desk(book.kinds.get(code))}
        if duty.coverage.asks_points(book.populations):
            found |= {
                kind.code
                for kind in book.kinds.values()
                if kind.subject == "point" and kind.type == "inspection"
            }
    return frozenset(found)


# ---------------------------------------------------------------- what is due


def due(session: Session, unit: Unit, now: datetime) -> list[Due]:
    """The unit's lines that are fulfilled at the desk and are open, or were missed in the last month: next to close first."""
    editions, today = editions_of(session), local_date(now)
    kinds = editions.kinds()
    wanted = {duty.code for duty in editions.duties() if _kind_of(duty, kinds) and unit.level in duty.levels}
    query = (
        select(LedgerLine)
        .where(LedgerLine.unit_code == unit.code, LedgerLine.duty.in_(wanted), LedgerLine.applicable)
        .where(LedgerLine.closes_at > now - LOOK_BACK)
        .order_by(LedgerLine.closes_at, LedgerLine.duty)
    )
    lines = [line for line in session.scalars(query) if _is_shown(line, now)]
    folded = told_anew(session, [Key(unit.code, line.duty, line.period) for line in lines], now)
    in_force = rules_of(session, [unit])
    found = []
    for line in lines:
        period = parse_period(line.period)
        book, duty = in_force.bound(unit, line.duty, period)
        kind = _kind_of(duty, book.kinds) if duty else None
        if kind is None or (kind.period and period.last >= today):
            continue
        told = folded.get(Key(unit.code, line.duty, line.period))
        found.append(
            Due(
                duty, kind, line, rules.status(line, now), period, line.closes_at > now,
                members(session, told, book) if told else [], _made(session, unit, kind, period),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (not one.open, one.line.closes_at, one.duty.article))


def _kind_of(duty: Duty, kinds: dict[str, Kind]) -> Kind | None:
    """The kind that is made at the desk and fulfils the duty."""
    if not (duty.kept and duty.upper):
        return None
    found = (kinds.get(code) for code in duty.kinds)
    return next((kind for kind in found if reviewed_at_desk(kind) or held_at_desk(kind)), None)


def _is_shown(line: LedgerLine, now: datetime) -> bool:
    return line.closes_at > now or not line.met


def _made(session: Session, acting: Unit, kind: Kind, period: Period) -> dict[str, str]:
    query = (
        select(Inspection.unit_code, Inspection.id)
        .where(Inspection.acting_code == acting.code, Inspection.kind == kind.code, Inspection.in_force)
        .where(Inspection.day.between(period.first, period.last))
        .order_by(Inspection.id)
    )
    return dict(session.execute(query).all())


def made_by(session: Session, acting: Unit, unit: Unit, kind: Kind, period: Period) -> list[tuple]:
    """(id, author's name, author's id, day of the work) of the reviews of the unit and period in force, latest first."""
    query = (
        select(
            Inspection.id,
            name_on(Inspection.work_date, Inspection.ended_at),
            Inspection.author_id,
            Inspection.work_date,
        )
        .join(Person, Person.id == Inspection.author_id)
        .where(Inspection.acting_code == acting.code, Inspection.unit_code == unit.code)
        .where(Inspection.kind == kind.code, Inspection.in_force)
        .where(Inspection.day.between(period.first, period.last))
        .order_by(Inspection.id.desc())
    )
    return [tuple(row) for row in session.execute(query)]


# ---------------------------------------------------------------- what there is to look at


def material(
    session: Session,
    acting: Unit,
    unit: Unit,
    kind: Kind,
    period: Period,
    now: datetime,
    page: int,
    size: int,
) -> Material:
    """A page of ``size`` forms of the unit and those below it, the unit's lines that speak of them, and those of the units below."""
    book = editions_of(session).on(period.first)
    read = kinds_read(book, duties_of(book, acting.level, kind))
    forms, total = _forms(session, acting, unit, read, period, page, size)
    lines = _lines(session, unit, read, period, now)
    below, columns = (
        ([], []) if unit.level == "department" else _below(session, unit, book, read, period, now)
    )
    return Material(forms, total, lines, below, columns)


def _forms(
    session: Session, acting: Unit, unit: Unit, read: frozenset[str], period: Period, page: int, size: int
) -> tuple[list[Form], int]:
    """The records in force of these kinds below the unit in the period, not those that the reviewing unit made itself,
    and how many there are."""
    which = (
        within([unit.path]),
        Inspection.acting_code != acting.code,
        Inspection.kind.in_(read),
        Inspection.in_force,
        Inspection.day.between(period.first, period.last),
    )
    query = (
        select(Inspection, name_on(Inspection.work_date, Inspection.ended_at), Unit)
        .join(Unit, Unit.code == Inspection.unit_code)
        .join(Person, Person.id == Inspection.author_id)
        .where(*which)
        .order_by(Unit.path, Inspection.work_date, Inspection.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    rows = session.execute(query).all()
    count = select(func.count()).select_from(Inspection).join(Unit, Unit.code == Inspection.unit_code)
    editions = editions_of(session)
    items = _items(session, [inspection.id for inspection, _, _ in rows])
    photos = _photos(session, [(one, item) for one, _, _ in rows for item, _ in items.get(one.id, ())])
    forms = []
    for inspection, author, where in rows:
        kind = editions.kind_on(inspection.work_date, inspection.kind)
        forms.append(
            Form(
                inspection.id, where, kind, inspection.work_date, author, inspection.method,
                [_item(row, kind, where) for row in items.get(inspection.id, ())],
                photos.get(inspection.id, []),
            )
        )  # fmt: skip
    return forms, session.scalar(count.where(*which))


def _items(session: Session, ids: Sequence[str]) -> dict[str, list]:
    query = (
        select(Item, RelayPoint.name)
        .outerjoin(RelayPoint, RelayPoint.id == Item.subject)
        .where(Item.inspection_id.in_(list(ids)))
        .order_by(Item.inspection_id, Item.ordinal)
    )
    found: dict[str, list] = {}
    for row in session.execute(query):
        found.setdefault(row[0].inspection_id, []).append(row)
    return found


def _photos(session: Session, rows: Sequence[tuple[Inspection, Item]]) -> dict[str, list[FormPhoto]]:
    """The photos of each record and of the captures that it judged, those that are here, in the order of its items; of
    another unit it names none."""
    sources = {item.inspection_id for _, item in rows} | {one for _, item in rows for one in item.captures}
    query = of_records(sources).add_columns(Item.subject, PhotoRef.unit_code)
    query = query.join(Item, (Item.inspection_id == PhotoRef.fact_id) & (Item.ordinal == PhotoRef.ordinal))
    here: dict[tuple[str, str, str], list[str]] = {}
    for source, _, digest, state, subject, unit in session.execute(query):
        if state == HERE:
            here.setdefault((source, subject, unit), []).append(digest)
    marks = _marks(session, {inspection.id for inspection, _ in rows})
    found: dict[str, list[FormPhoto]] = {}
    for inspection, item in rows:
        drawn = marks.get(inspection.id, {})
        for source in (inspection.id, *item.captures):
            digests = here.get((source, item.subject, inspection.unit_code), ())
            found.setdefault(inspection.id, []).extend(FormPhoto(one, drawn.get(one, [])) for one in digests)
    return found


def _marks(session: Session, ids: Iterable[str]) -> dict[str, dict[str, list[dict]]]:
    """{record: {photo: its circles and arrows}}, of records whose personal part is still there."""
    query = select(Fact.id, Fact.personal).where(Fact.id.in_(list(ids)))
    return {one: json.loads(personal or "{}").get("marks", {}) for one, personal in session.execute(query)}


def _item(row, kind: Kind, where: Unit) -> tuple[str, str | None, str | None, list[str]]:
    item, point = row
    name = where.name if kind.subject == "unit" else point or item.subject
    failed = [code for code, answer in item.answers.items() if answer == "fail"]
    return name, item.stratum, item.verdict, failed


def _lines(session: Session, unit: Unit, read: frozenset[str], period: Period, now: datetime) -> list[Seen]:
    """The unit's own lines in the period of the duties that records of these kinds fulfil."""
    query = select(LedgerLine).where(LedgerLine.unit_code == unit.code, of_period(period))
    in_force = rules_of(session, [unit])
    found = []
    for line in session.scalars(query.order_by(LedgerLine.duty, LedgerLine.period)):
        _book, duty = in_force.bound(unit, line.duty, parse_period(line.period))
        if duty and read.intersection(duty.kinds):
            found.append(Seen(duty, line, rules.status(line, now)))
    return found


def _below(
    session: Session, unit: Unit, book: Rulebook, read: frozenset[str], period: Period, now: datetime
) -> tuple[list[Row], list[Duty]]:
    """The departments' sums of the units right below, of the duties that records of these kinds fulfil."""
    cells: dict[tuple[str, str], Cell] = cells_below(session, unit, period, now)
    rows = [
        Row(child, {code: cell for (path, code), cell in cells.items() if path == child.path})
        for child in children(session, unit)
    ]
    there = {code for row in rows for code in row.cells}
    columns = [duty for duty in book.duties.values() if duty.code in there and read.intersection(duty.kinds)]
    return [row for row in rows if any(duty.code in row.cells for duty in columns)], columns


def earlier(session: Session, fact_id: str) -> tuple[Fact, Inspection, list[Item]] | None:
    """A record with its items, to be corrected; None where there is none."""
    fact = session.get(Fact, fact_id)
    inspection = session.get(Inspection, fact_id)
    if fact is None or inspection is None:
        return None
    query = select(Item).where(Item.inspection_id == fact_id).order_by(Item.ordinal)
    return fact, inspection, list(session.scalars(query))
