"""The cells of a unit's matrix: its children by duties, summed in the database. A constant number of queries.

Months and longer periods are read from the month sums, days and weeks from the lines themselves.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from webapp.cases.models import Finding
from webapp.ledger import rules
from webapp.ledger.models import LedgerLine, LedgerMonth
from webapp.ledger.months import COUNTS, SUMS, how_many
from webapp.org.models import Unit
from webapp.org.queries import child_path, within
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import editions_of
from webapp.sampling.rules import wilson

SETTINGS = ("city", "rural", None)
Problems = dict[tuple[str, str, str | None], int]  # by path of the child, kind, setting of the department


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
    passive: bool = (
        False  # the duty can be met although nobody did anything: a register that was entered once
    )
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


def below(unit: Unit) -> ColumnElement[bool]:
    """The unit and everything under it."""
    return within([unit.path])


def departments_below(unit: Unit) -> ColumnElement[bool]:
    """The departments under the unit, or itself: what those above owe by their own work is never summed with theirs."""
    return and_(below(unit), Unit.level == "department")


def of_period(period: Period) -> ColumnElement[bool]:
    """The lines that belong to a period: its own, its days, its weeks by their Thursday, its months."""
    if period.kind == "day":
        return LedgerLine.period == period.code
    if period.kind == "week":
        days = [day.isoformat() for day in period.days()]
        return LedgerLine.period.in_([period.code, *days])
    return LedgerLine.month.in_(_months(period))


def _months(period: Period) -> list[str]:
    return sorted({f"{day:%Y-%m}" for day in period.days() if day.day == 1})


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


def cells_below(
    session: Session,
    unit: Unit,
    period: Period,
    now: datetime,
    problems: Problems | None = None,
) -> dict[tuple[str, str], Cell]:
    """The cells of the units right below: {(path of the child, duty): cell}.

    ``problems`` are :func:`problems_below` where the caller has them already.
    """
    read = _of_days if period.kind in ("day", "week") else _of_months
    duties = editions_of(session).during(period)
    cells: dict[tuple[str, str], Cell] = {}
    for path, code, part in read(session, unit, period, now):
        if (cell := cells.get((path, code))) is None:
            duty = duties.get(code)
            cell = cells[path, code] = Cell(
                sampled=bool(duty and duty.sampled), passive=bool(duty and duty.way.passive)
            )
        cell.add(part)
    if problems is None:
        problems = problems_below(session, unit, period)
    for (path, code), cell in cells.items():
        cell.lines = +cell.lines  # a status that no line has is not named
        if duty := duties.get(code):
            keys = [(path, kind, setting) for kind in duty.kinds for setting in duty.settings or SETTINGS]
            cell.problems = sum(problems.get(key, 0) for key in keys)
    return cells


def _of_days(session: Session, unit: Unit, period: Period, now: datetime) -> Iterator[tuple[str, str, Cell]]:
    """The period's lines by child, duty and status."""
    status, child = status_case(now).label("status"), child_path(session, unit)
    sums = [func.coalesce(func.sum(getattr(LedgerLine, name)), 0) for name in SUMS]
    query = (
        select(child, LedgerLine.duty, status, func.count(), how_many(COUNTS["missing"]), *sums)
        .join(Unit, Unit.code == LedgerLine.unit_code)
        .where(departments_below(unit), of_period(period))
        .group_by(child, LedgerLine.duty, status)
    )
    for path, duty, name, lines, missing, *values in session.execute(query):
        yield path, duty, Cell(Counter({name: lines}), unknown_required=bool(missing), **_named(values))


def _named(values: list) -> dict[str, int]:
    return {name: int(value) for name, value in zip(SUMS, values, strict=True)}


def _of_months(
    session: Session, unit: Unit, period: Period, now: datetime
) -> Iterator[tuple[str, str, Cell]]:
    """The sums of the period's months, as if all were closed, then what sets right the lines that are still open."""
    child = child_path(session, unit)
    columns = [func.sum(getattr(LedgerMonth, name)) for name in (*COUNTS, *SUMS)]
    query = (
        select(child, LedgerMonth.duty, *columns)
        .join(Unit, Unit.code == LedgerMonth.unit_code)
        .where(departments_below(unit), LedgerMonth.month.in_(_months(period)))
        .group_by(child, LedgerMonth.duty)
    )
    for path, duty, lines, idle, met, unknown, missing, *values in session.execute(query):
        closed = {rules.NOT_APPLICABLE: idle, rules.MET: met, rules.UNKNOWN: unknown}
        counts = Counter({**closed, rules.MISSED: lines - idle - met - unknown})
        yield path, duty, Cell(counts, unknown_required=bool(missing), **_named(values))
    yield from _still_open(session, unit, period, now)


def _still_open(
    session: Session, unit: Unit, period: Period, now: datetime
) -> Iterator[tuple[str, str, Cell]]:
    """For each kind of open line: so many fewer missed or unknown, so many more under way or due."""
    line = LedgerLine
    waiting = and_(line.month.in_(_months(period)), line.closes_at > now, line.applicable, ~line.met)
    child = child_path(session, unit)
    query = select(child, line.duty, line.started, line.uncertain, func.count())
    if unit.parent_code is None:  # all units there are: by the lines that are open, not unit by unit
        each = select(line.unit_code, line.duty, line.started, line.uncertain, func.count().label("lines"))
        each = each.where(waiting).group_by(*list(each.selected_columns)[:4]).subquery()
        query = select(child, each.c.duty, each.c.started, each.c.uncertain, func.sum(each.c.lines))
        query = query.join(Unit, Unit.code == each.c.unit_code).where(Unit.level == "department")
    else:
        query = query.join(Unit, Unit.code == line.unit_code).where(departments_below(unit), waiting)
    columns = list(query.selected_columns)[:4]
    for path, duty, started, uncertain, lines in session.execute(query.group_by(*columns)):
        counts = Counter({rules.PARTIAL if started else rules.DUE: lines})
        counts.subtract({rules.UNKNOWN if uncertain else rules.MISSED: lines})
        yield path, duty, Cell(counts)


def problems_below(session: Session, unit: Unit, period: Period) -> Problems:
    """Problems in force about the period: {(path of the child, kind, setting of the department): how many}.

    A rural office's problem of a kind that only a city's duty asks for belongs to no duty of its own, nor to its
    county's column of that duty.
    """
    child, problem = child_path(session, unit), Finding
    query = (
        select(child, problem.kind, Unit.setting, func.count())
        .join(Unit, Unit.code == problem.unit_code)
        .where(below(unit), problem.in_force, problem.day.between(period.first, period.last))
        .group_by(child, problem.kind, Unit.setting)
    )
    return {(path, kind, setting): count for path, kind, setting, count in session.execute(query)}
