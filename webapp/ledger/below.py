"""Load who lies below a unit, and the records about them that decide an upper duty: a fixed number of queries."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.ledger.lines import Point
from webapp.ledger.populations import About, Below, Member
from webapp.org.models import Unit, UnitSetting
from webapp.org.queries import services_of, within
from webapp.org.rules import LEVELS
from webapp.registers.queries import spans_of
from webapp.rulebook.coverage import Population
from webapp.rulebook.periods import Calendar
from webapp.rulebook.queries import calendars_of
from webapp.rulebook.rules import Duty


def load(
    session: Session,
    unit: Unit,
    duties: Iterable[Duty],
    populations: Mapping[str, Population],
    first: date,
    last: date,
) -> Below:
    """The units below with what the duties ask about them, and the records from ``first`` to ``last`` that they read."""
    coverages = [duty.coverage for duty in duties if duty.coverage]
    if not coverages:
        return Below(populations=populations)
    units = session.scalars(select(Unit).where(within([unit.path]), Unit.code != unit.code)).all()
    departments = [one for one in units if one.level == "department"]
    codes = [one.code for one in departments]
    services, settings = services_of(session, codes), _settings(session, codes)
    points = spans_of(session, codes) if any(one.asks_points(populations) for one in coverages) else {}
    delivering = any(one.asks_days(populations) for one in coverages)
    calendars = calendars_of(session, departments) if delivering else {}
    members = {
        one.code: Member(
            one.code,
            one.level,
            tuple(one.path.strip("/").split("/")),
            spans(one),
            settings.get(one.code, ((one.opened_on, one.setting),) if one.setting else ()),
            tuple(services.get(one.code, ())),
            one.bureau,
            tuple(Point(*row) for row in points.get(one.code, ())),
            calendars.get(one.code, Calendar()),
        )
        for one in units
    }
    kinds = frozenset().union(*(one.reads(populations) for one in coverages))
    return Below(members, _records(session, unit, kinds, first, last), populations)


def spans(unit: Unit) -> tuple[tuple[date, date | None], ...]:
    """When the unit was and will be open: (first day, first day closed)."""
    starts = [unit.opened_on, *(again for _, again in unit.pauses)]
    ends = [*(shut for shut, _ in unit.pauses), unit.closed_on]
    return tuple(zip(starts, ends, strict=True))


def _settings(session: Session, codes: list[str]) -> dict[str, tuple[tuple[date, str], ...]]:
    query = select(UnitSetting).where(UnitSetting.unit_code.in_(codes)).order_by(UnitSetting.first_day)
    found: dict[str, tuple[tuple[date, str], ...]] = {}
    for row in session.scalars(query):
        found[row.unit_code] = (*found.get(row.unit_code, ()), (row.first_day, row.setting))
    return found


def _records(
    session: Session, unit: Unit, kinds: frozenset[str], first: date, last: date
) -> tuple[About, ...]:
    """The records in force about units below; of which level whoever made them acted is told by the unit's path."""
    if not kinds:
        return ()
    query = (
        select(
            Inspection.id, Inspection.unit_code, Inspection.kind, Inspection.day, Inspection.acting_code,
            Unit.path, Fact.received_at,
        )
        .join(Unit, Unit.code == Inspection.unit_code)
        .join(Fact, Fact.id == Inspection.id)
        .where(within([unit.path]), Inspection.kind.in_(sorted(kinds)))
        .where(Inspection.day.between(first, last), Inspection.in_force)
        .order_by(Inspection.id)
    )  # fmt: skip
    return tuple(
        About(row.id, row.unit_code, row.kind, row.day, level_of(row.acting_code, row.path), row.received_at)
        for row in session.execute(query)
    )


def level_of(code: str, path: str) -> str:
    """The level of a unit on the path: one each from the region down; of one that is not on it, none."""
    codes = path.strip("/").split("/")
    return LEVELS[codes.index(code)] if code in codes else ""
