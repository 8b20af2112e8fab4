"""The ledger as a page reads it: a constant number of queries, whatever the departments and inspections."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.ledger import rules
from webapp.ledger.evidence import InspectionSummary, summaries
from webapp.ledger.models import LedgerClock, LedgerLine
from webapp.ledger.reasons import explain
from webapp.org.models import Device, Person, Role, Unit
from webapp.problems.models import OpenedProblem
from webapp.rulebook.periods import Period, parse_period
from webapp.rulebook.rules import Duty, Text, load
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
    """A phone that said it still holds something."""

    name: str
    person: str
    seen_at: datetime
    records: int
    photos: int


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
    cells = _cells(session, unit, period, now)
    rows = [Row(child) for child in _children(session, unit)]
    total = Row(unit)
    for (path, duty), cell in cells.items():
        total.cells.setdefault(duty, Cell()).add(cell)
        for row in rows:
            if path.startswith(row.unit.path):
                row.cells.setdefault(duty, Cell()).add(cell)
    duties = [head(duty) for duty in load().duties.values() if duty.code in total.cells]
    problems = session.scalar(_problems(unit, period).with_only_columns(func.count()))
    ticked = select(func.min(LedgerClock.ticked_at)).join(Unit, Unit.code == LedgerClock.unit_code)
    return LedgerPage(
        unit,
        period,
        duties,
        rows,
        total,
        problems,
        phones(session, unit),
        session.scalar(ticked.where(_below(unit))),
    )


def _below(unit: Unit) -> ColumnElement[bool]:
    return Unit.path.startswith(unit.path, autoescape=True)


def _children(session: Session, unit: Unit) -> list[Unit]:
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


def _cells(session: Session, unit: Unit, period: Period, now: datetime) -> dict[tuple[str, str], Cell]:
    """Cells of every department below the unit: {(path, duty): cell}, in two queries."""
    status = status_case(now).label("status")
    sums = [func.sum(getattr(LedgerLine, name)).label(name) for name in SUMS]
    missing = func.sum(case((and_(LedgerLine.applicable, LedgerLine.required.is_(None)), 1), else_=0)).label(
        "missing"
    )
    rows = session.execute(
        select(Unit.path, LedgerLine.duty, status, func.count().label("lines"), missing, *sums)
        .join(Unit, Unit.code == LedgerLine.unit_code)
        .where(_below(unit), of_period(period))
        .group_by(Unit.path, LedgerLine.duty, status)
    )
    cells: dict[tuple[str, str], Cell] = {}
    for row in rows:
        cell = cells.setdefault((row.path, row.duty), Cell(sampled=load().duties[row.duty].sampled))
        values = {name: getattr(row, name) or 0 for name in SUMS}
        cell.add(Cell(Counter({row.status: row.lines}), unknown_required=bool(row.missing), **values))
    _add_problems(session, unit, period, cells)
    return cells


def _problems(unit: Unit, period: Period):
    return (
        select(Unit.path, OpenedProblem.kind)
        .join(Unit, Unit.code == OpenedProblem.unit_code)
        .where(_below(unit), OpenedProblem.in_force, OpenedProblem.day.between(period.first, period.last))
    )


def _add_problems(session: Session, unit: Unit, period: Period, cells: dict[tuple[str, str], Cell]) -> None:
    query = _problems(unit, period).add_columns(func.count()).group_by(Unit.path, OpenedProblem.kind)
    counts = {(path, kind): count for path, kind, count in session.execute(query)}
    for (path, duty), cell in cells.items():
        cell.problems = sum(counts.get((path, kind), 0) for kind in load().duties[duty].kinds)


def phones(session: Session, unit: Unit) -> list[Phone]:
    """Phones of people who work below the unit and said at their last contact that they hold something."""
    workers = select(Role.person_id).join(Unit, Unit.code == Role.unit_code).where(_below(unit))
    query = (
        select(Device, Person.name)
        .join(Person, Person.id == Device.person_id)
        .where(Device.person_id.in_(workers), Device.revoked_at.is_(None))
        .where(or_(Device.held_records > 0, Device.held_photos > 0))
        .order_by(Device.synced_at)
    )
    return [
        Phone(device.name, name, device.synced_at or device.seen_at, device.held_records, device.held_photos)
        for device, name in session.execute(query)
    ]


# ---------------------------------------------------------------- one line


@dataclass(frozen=True)
class LineDetail:
    """A line with its reasons and inspections."""

    cell: Cell
    duty: DutyHead
    why: list[Text]
    closes_at: datetime | None
    inspections: list[InspectionSummary]


def line(session: Session, unit: Unit, duty_code: str, period: Period, now: datetime) -> LineDetail:
    """One duty of a unit in a period; raises ``not-found`` where the ledger keeps no such duty."""
    duty = load().duties.get(duty_code)
    if duty is None or not duty.kept:
        raise Problem("not-found")
    total = Cell(sampled=duty.sampled)
    for (_, code), cell in _cells(session, unit, period, now).items():
        if code == duty_code:
            total.add(cell)
    stored = _stored_lines(session, unit, duty_code, period)
    return LineDetail(
        total,
        head(duty),
        _why(stored, now),
        stored[0].closes_at if len(stored) == 1 else None,
        summaries(session, unit, duty, period),
    )


def _stored_lines(session: Session, unit: Unit, duty_code: str, period: Period) -> list[LedgerLine]:
    if unit.level != "department":
        return []
    query = select(LedgerLine).where(
        LedgerLine.unit_code == unit.code, LedgerLine.duty == duty_code, of_period(period)
    )
    return list(session.scalars(query.order_by(LedgerLine.period)))


_WORDS = {
    rules.MET: ("完成", "met"),
    rules.PARTIAL: ("进行中", "under way"),
    rules.DUE: ("待办", "due"),
    rules.MISSED: ("未完成", "missed"),
    rules.UNKNOWN: ("无法判定", "unknown"),
    rules.NOT_APPLICABLE: ("不适用", "not applicable"),
}


def _why(stored: Sequence[LedgerLine], now: datetime) -> list[Text]:
    """The reasons of one line; for a longer period one sentence for each of its lines."""
    if len(stored) == 1:
        one, book = stored[0], load()
        return explain(one, book.duties[one.duty], parse_period(one.period), book, now)
    found = []
    for one in stored:
        zh, en = _WORDS[rules.status(one, now)]
        required = "?" if one.required is None else one.required
        figures = f" {one.done}/{required}" if one.applicable else ""
        found.append(Text(f"{one.period}：{zh}{figures}", f"{one.period}: {en}{figures}"))
    return found


# ---------------------------------------------------------------- the API


def api_lines(session: Session, unit: Unit, period: Period, now: datetime, language: str) -> list[dict]:
    """The lines of a unit's period for ``/api/ledger``, summed for each duty."""
    cells: dict[str, Cell] = {}
    for (_, code), cell in _cells(session, unit, period, now).items():
        cells.setdefault(code, Cell(sampled=cell.sampled)).add(cell)
    found = []
    for duty in load().duties.values():
        if duty.code in cells:
            why = [text.in_(language) for text in _why(_stored_lines(session, unit, duty.code, period), now)]
            found.append(_api_line(duty, cells[duty.code], why, language))
    return found


def _api_line(duty: Duty, cell: Cell, why: list[str], language: str) -> dict:
    return {
        "duty": duty.code,
        "article": duty.article,
        "title": duty.title.in_(language),
        "measure": duty.counts,
        "required": None if cell.unknown_required else cell.required,
        "done": cell.done,
        "items": cell.items,
        "passed": cell.passed,
        "failed": cell.failed,
        "drawn": cell.drawn,
        "drawn_passed": cell.drawn_passed,
        "interval": cell.interval,
        "announced": cell.announced,
        "self_chosen": cell.self_chosen,
        "withdrawn": cell.withdrawn,
        "voided": cell.voided,
        "problems": cell.problems,
        "status": wire_status(cell.status),
        "lines": {wire_status(name): count for name, count in cell.lines.items()},
        "why": why,
    }


def wire_status(status: str) -> str:
    """The status as the wire says it: ``not applicable`` in two words, as in the Measures' reading."""
    return status.replace("-", " ")
