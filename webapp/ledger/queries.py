"""The ledger as a page reads it: a constant number of queries, whatever the departments and inspections."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.ledger import rules
from webapp.ledger.models import LedgerClock, LedgerLine
from webapp.org.models import Device, Person, Role, Unit
from webapp.problems.models import OpenedProblem
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Duty, Text
from webapp.sampling.rules import wilson

SUMS = (
    "required",
    "done",
    "items",
    "passed",
    "failed",
    "drawn",
    "drawn_passed",
    "announced",
    "withdrawn",
    "voided",
)

SILENT = timedelta(days=3)  # a phone not heard from for so long is named


@dataclass(frozen=True)
class DutyHead:
    """A duty as the head of a column."""

    code: str
    article: str
    title: Text
    text: Text
    measure: str  # what is counted: items, sessions, points


@dataclass
class Cell:
    """A duty of a unit in a period: its lines by status, and sums. No average of averages."""

    lines: Counter = field(default_factory=Counter)
    required: int = 0
    unknown_required: bool = False
    done: int = 0
    items: int = 0
    passed: int = 0
    failed: int = 0
    drawn: int = 0
    drawn_passed: int = 0
    announced: int = 0
    withdrawn: int = 0
    voided: int = 0
    problems: int = 0
    passive: bool = False  # the duty can be met although nobody did anything: a register that was entered once
    sampled: bool = False  # the duty is checked on drawn samples, so what is not drawn was chosen by a person

    @property
    def status(self) -> str:
        """One status for all lines [Reading: roll-up]."""
        return rules.roll_up(self.lines)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval of the drawn items; None where nothing was drawn."""
        return wilson(self.drawn_passed, self.drawn) if self.drawn else None

    @property
    def self_chosen(self) -> int:
        """Items that a person picked although a draw was to be had."""
        return self.items - self.drawn - self.announced if self.sampled else 0

    def add(self, other: "Cell") -> None:
        """Sum another cell of the same duty into this one."""
        self.lines.update(other.lines)
        self.unknown_required |= other.unknown_required
        self.sampled |= other.sampled
        self.passive |= other.passive
        self.problems += other.problems
        for name in SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Row:
    """A unit with its cells by duty."""

    unit: Unit
    cells: dict[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Phone:
    """A phone that said it still holds something, or that has been silent for days."""

    name: str
    person: str
    seen_at: datetime
    records: int
    photos: int
    paths: tuple[str, ...] = ()  # of the units where its person works
    silent: bool = False

    def below(self, unit: Unit) -> bool:
        """Whether what it holds may be about the unit."""
        return any(path.startswith(unit.path) for path in self.paths)


@dataclass(frozen=True)
class LedgerPage:
    """The matrix of a unit and period."""

    unit: Unit
    period: Period
    duties: list[DutyHead]
    rows: list[Row]
    total: Row
    problems: int
    phones: list[Phone]
    ticked_at: datetime | None  # when the oldest of its departments was last looked at


def head(duty: Duty) -> DutyHead:
    """The duty as a column's head."""
    return DutyHead(duty.code, duty.article, duty.title, duty.text, duty.counts)


def page(session: Session, unit: Unit, period: Period, now: datetime) -> LedgerPage:
    """The unit's children (or the department itself) by duties in the period, with what is still on phones."""
    cells = cells_below(session, unit, period, now)
    rows = [Row(child) for child in children(session, unit)]
    total = Row(unit)
    for (path, duty), cell in cells.items():
        total.cells.setdefault(duty, Cell()).add(cell)
        for row in rows:
            if path.startswith(row.unit.path):
                row.cells.setdefault(duty, Cell()).add(cell)
    book = editions_of(session).on(period.first)
    duties = [head(duty) for duty in book.duties.values() if duty.code in total.cells]
    problems = session.scalar(_problems(unit, period).with_only_columns(func.count()))
    ticked = select(func.min(LedgerClock.ticked_at)).join(Unit, Unit.code == LedgerClock.unit_code)
    return LedgerPage(
        unit,
        period,
        duties,
        rows,
        total,
        problems,
        phones(session, unit, now),
        session.scalar(ticked.where(below(unit))),
    )


def below(unit: Unit) -> ColumnElement[bool]:
    """The unit and everything under it."""
    return Unit.path.startswith(unit.path, autoescape=True)


def children(session: Session, unit: Unit) -> list[Unit]:
    """The units right below, or the department itself."""
    if unit.level == "department":
        return [unit]
    return list(session.scalars(select(Unit).where(Unit.parent_code == unit.code).order_by(Unit.code)))


def of_period(period: Period) -> ColumnElement[bool]:
    """The lines that belong to a period: its own, its days, its weeks by their Thursday, its months."""
    if period.kind == "day":
        return LedgerLine.period == period.code
    if period.kind == "week":
        days = [day.isoformat() for day in period.days()]
        return LedgerLine.period.in_([period.code, *days])
    months = sorted({f"{day:%Y-%m}" for day in period.days() if day.day == 1})
    return LedgerLine.month.in_(months)


def status_case(now: datetime) -> ColumnElement[str]:
    """:func:`rules.status` in SQL; a test holds the two against each other."""
    return case(
        (~LedgerLine.applicable, rules.NOT_APPLICABLE),
        (LedgerLine.met, rules.MET),
        (and_(LedgerLine.closes_at > now, LedgerLine.started), rules.PARTIAL),
        (LedgerLine.closes_at > now, rules.DUE),
        (LedgerLine.uncertain, rules.UNKNOWN),
        else_=rules.MISSED,
    )


def cells_below(session: Session, unit: Unit, period: Period, now: datetime) -> dict[tuple[str, str], Cell]:
    """Cells of every department below the unit: {(path, duty): cell}, in two queries."""
    status = status_case(now).label("status")
    sums = [func.sum(getattr(LedgerLine, name)).label(name) for name in SUMS]
    missing = func.sum(case((and_(LedgerLine.applicable, LedgerLine.required.is_(None)), 1), else_=0)).label(
        "missing"
    )
    rows = session.execute(
        select(Unit.path, LedgerLine.duty, status, func.count().label("lines"), missing, *sums)
        .join(Unit, Unit.code == LedgerLine.unit_code)
        .where(below(unit), of_period(period))
        .group_by(Unit.path, LedgerLine.duty, status)
    )
    duties = editions_of(session).on(period.first).duties
    cells: dict[tuple[str, str], Cell] = {}
    for row in rows:
        duty = duties.get(row.duty)
        if (cell := cells.get((row.path, row.duty))) is None:
            cell = cells[row.path, row.duty] = Cell(
                sampled=bool(duty and duty.sampled), passive=bool(duty and duty.measure == "register")
            )
        values = {name: getattr(row, name) or 0 for name in SUMS}
        cell.add(Cell(Counter({row.status: row.lines}), unknown_required=bool(row.missing), **values))
    _add_problems(session, unit, period, cells)
    return cells


def _problems(unit: Unit, period: Period):
    return (
        select(Unit.path, OpenedProblem.kind)
        .join(Unit, Unit.code == OpenedProblem.unit_code)
        .where(below(unit), OpenedProblem.in_force, OpenedProblem.day.between(period.first, period.last))
    )


def _add_problems(session: Session, unit: Unit, period: Period, cells: dict[tuple[str, str], Cell]) -> None:
    query = _problems(unit, period).add_columns(func.count()).group_by(Unit.path, OpenedProblem.kind)
    duties = editions_of(session).on(period.first).duties
    counts = {(path, kind): count for path, kind, count in session.execute(query)}
    for (path, duty), cell in cells.items():
        kinds = duties[duty].kinds if duty in duties else ()
        cell.problems = sum(counts.get((path, kind), 0) for kind in kinds)


def phones(session: Session, unit: Unit, now: datetime) -> list[Phone]:
    """Phones of people who work below the unit that hold something back, or were not heard from for three days.

    Only devices that ever synchronised: a computer at the desk holds nothing.
    """
    today = local_date(now)
    query = (
        select(Device, Person.name, Unit.path)
        .join(Person, Person.id == Device.person_id)
        .join(Role, Role.person_id == Person.id)
        .join(Unit, Unit.code == Role.unit_code)
        .where(below(unit), Person.active, Role.first_day <= today)
        .where(or_(Role.last_day.is_(None), Role.last_day >= today))
        .where(Device.revoked_at.is_(None), Device.synced_at.is_not(None))
        .where(or_(Device.held_records > 0, Device.held_photos > 0, Device.synced_at < now - SILENT))
        .order_by(Device.synced_at, Device.id, Unit.path)
    )
    found: dict[str, tuple] = {}
    for device, name, path in session.execute(query):
        found.setdefault(device.id, (device, name, []))[2].append(path)
    return [
        Phone(
            device.name, name, device.synced_at, device.held_records, device.held_photos,
            tuple(dict.fromkeys(paths)), device.synced_at < now - SILENT,
        )
        for device, name, paths in found.values()
    ]  # fmt: skip


def wire_status(status: str) -> str:
    """The status as the wire says it: ``not applicable`` in two words, as in the Measures' reading."""
    return status.replace("-", " ")
