"""Where nobody has begun: departments with duties in a period and nothing done, at whatever level one looks."""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from webapp.ledger.cells import below, of_period
from webapp.ledger.models import LedgerLine, LedgerMonth
from webapp.org.models import Unit
from webapp.rulebook.periods import Period, period_of
from webapp.rulebook.queries import editions_of


@dataclass
class Idleness:
    """Departments below a unit: how many have duties in the period, and in which of them nothing was done."""

    active: int = 0
    idle: list[Unit] = field(default_factory=list)


def idleness_below(session: Session, unit: Unit, period: Period) -> dict[str, Idleness]:
    """{path of the unit right below (of a department itself, its own): its departments, by code}; two queries."""
    found: dict[str, Idleness] = {}
    waiting: list[str] = []
    for code, path, done in session.execute(_work(session, unit, period)):
        found.setdefault(_child(unit, path), Idleness()).active += 1
        if not done:
            waiting.append(code)
    for department in session.scalars(select(Unit).where(Unit.code.in_(waiting)).order_by(Unit.code)):
        found[_child(unit, department.path)].idle.append(department)
    return found


def together(parts: dict[str, Idleness]) -> Idleness:
    """All of them as one."""
    idle = [unit for part in parts.values() for unit in part.idle]
    return Idleness(sum(part.active for part in parts.values()), sorted(idle, key=lambda unit: unit.path))


def _work(session: Session, unit: Unit, period: Period) -> Select:
    """(code, path, what was done) of each department that has something to do in the period."""
    table, inside, owed = _source(period)
    # A register that was entered once is met although nobody did anything in this period.
    held = editions_of(session).during(period).values()
    passive = [duty.code for duty in held if duty.way.passive]
    done = func.sum(table.done + table.items).filter(table.duty.not_in(passive))
    query = select(Unit.code, Unit.path, func.coalesce(done, 0)).join(table, table.unit_code == Unit.code)
    query = query.where(below(unit), Unit.level == "department", inside)
    return query.group_by(Unit.code, Unit.path).having(owed)


def _source(period: Period) -> tuple[type, ColumnElement[bool], ColumnElement[bool]]:
    """Days and weeks from the lines themselves, longer periods from the sums of their months."""
    if period.kind in ("day", "week"):
        return LedgerLine, of_period(period), func.count().filter(LedgerLine.applicable) > 0
    return (
        LedgerMonth,
        LedgerMonth.month.in_(_months(period)),
        func.sum(LedgerMonth.lines - LedgerMonth.idle) > 0,
    )


def _months(period: Period) -> list[str]:
    return sorted({period_of("month", day).code for day in period.days() if day.day == 1})


def _child(unit: Unit, path: str) -> str:
    """The path of the unit right below ``unit`` in which the department lies; of a department its own."""
    return path if unit.level == "department" else path[: path.index("/", len(unit.path)) + 1]
