"""The ledger over time, read only: a calendar of days, the trend of the pass rate, what fails most often."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from webapp.cases.models import Finding
from webapp.ledger import rules
from webapp.ledger.cells import below, departments_below, status_case
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.org.queries import child_path
from webapp.rulebook.periods import Period, period_of
from webapp.sampling.rules import wilson

MONTHS = 12  # a trend looks back a year
DAY_CODE = 10  # length of a day's code: 2026-11-20


@dataclass(frozen=True)
class DayCell:
    """The daily lines of one day, of all departments below a unit."""

    day: date
    lines: Counter

    @property
    def status(self) -> str:
        """One status for the day [Reading: roll-up]."""
        return rules.roll_up(self.lines)

    @property
    def met(self) -> int:
        """Lines that are met."""
        return self.lines[rules.MET]

    @property
    def applicable(self) -> int:
        """Lines of duties that bind on this day."""
        return sum(self.lines.values()) - self.lines[rules.NOT_APPLICABLE]


def calendar(session: Session, unit: Unit, month: Period, now: datetime) -> dict[date, DayCell]:
    """{day: its lines by status} of the days of a month that have lines; one query."""
    status = status_case(now).label("status")
    query = (
        select(LedgerLine.last_day, status, func.count())
        .join(Unit, Unit.code == LedgerLine.unit_code)
        .where(
            departments_below(unit),
            LedgerLine.month == month.code,
            func.length(LedgerLine.period) == DAY_CODE,
        )
        .group_by(LedgerLine.last_day, status)
    )
    found: dict[date, Counter] = {}
    for day, name, count in session.execute(query):
        found.setdefault(day, Counter())[name] = count
    return {day: DayCell(day, lines) for day, lines in found.items()}


@dataclass(frozen=True)
class Rate:
    """The pass rate of one month; the interval is of the drawn items alone."""

    month: Period
    items: int
    passed: int
    drawn: int
    drawn_passed: int

    @property
    def rate(self) -> float | None:
        """The share that passed; None where nothing was checked."""
        return self.passed / self.items if self.items else None

    @property
    def drawn_rate(self) -> float | None:
        """The share of the drawn items that passed."""
        return self.drawn_passed / self.drawn if self.drawn else None

    @property
    def told(self) -> float | None:
        """The share that a trend shows: of the drawn items, for that has an interval; where none were drawn, of all."""
        return self.rate if self.drawn_rate is None else self.drawn_rate

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval of the drawn items; None where nothing was drawn."""
        return wilson(self.drawn_passed, self.drawn) if self.drawn else None

    @property
    def ranked(self) -> bool:
        """Whether so many items were drawn that the rate may be compared."""
        return self.drawn >= rules.RANKED_FROM


def trends(session: Session, unit: Unit, duty: str, until: Period) -> dict[str, list[Rate]]:
    """{path of the unit right below (of a department: its own): the pass rate of a duty in the twelve months up to that
    of ``until``, the oldest first}; those that have lines of it. One query."""
    months, child = _year(until), child_path(session, unit)
    names = ("items", "passed", "drawn", "drawn_passed")
    sums = [func.sum(getattr(LedgerLine, name)) for name in names]
    query = (
        select(child, LedgerLine.month, *sums)
        .join(Unit, Unit.code == LedgerLine.unit_code)
        .where(
            departments_below(unit),
            LedgerLine.duty == duty,
            LedgerLine.month.in_([one.code for one in months]),
        )
        .group_by(child, LedgerLine.month)
    )
    found: dict[str, dict[str, list[int]]] = {}
    for path, month, *counts in session.execute(query):
        found.setdefault(path, {})[month] = [int(value or 0) for value in counts]
    return {
        path: [Rate(month, *by_month.get(month.code, (0, 0, 0, 0))) for month in months]
        for path, by_month in found.items()
    }


def together(parts: Iterable[Sequence[Rate]], until: Period) -> list[Rate]:
    """The same months of all of them, summed: no average of averages."""
    parts = list(parts)
    return [
        Rate(
            month,
            *(
                sum(getattr(part[n], name) for part in parts)
                for name in ("items", "passed", "drawn", "drawn_passed")
            ),
        )
        for n, month in enumerate(_year(until))
    ]


def _year(until: Period) -> list[Period]:
    """The twelve months up to that in which ``until`` ends, the oldest first."""
    months = [period_of("month", until.last)]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    return months


@dataclass(frozen=True)
class Fault:
    """How often one criterion failed, and the share of it and all more frequent ones."""

    kind: str
    criterion: str
    count: int
    cumulative: float


def pareto(session: Session, unit: Unit, period: Period) -> list[Fault]:
    """The failed criteria of the period, the most frequent first; one query."""
    # The JSON text is grouped as it is: a region's year has many problems and few different lists of criteria.
    criteria = cast(Finding.criteria, String)
    query = (
        select(Finding.kind, func.min(criteria), func.count())
        .join(Unit, Unit.code == Finding.unit_code)
        .where(below(unit), Finding.in_force, Finding.day.between(period.first, period.last))
        .group_by(Finding.kind, criteria)
    )
    counts: Counter[tuple[str, str]] = Counter()
    for kind, text, count in session.execute(query):
        for criterion in _names(text):
            counts[kind, criterion] += count
    total, running, found = sum(counts.values()), 0, []
    for (kind, criterion), count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        running += count
        found.append(Fault(kind, criterion, count, running / total))
    return found


def _names(text: str) -> list[str]:
    return json.loads(text)
