"""Load who lies below a unit, and the records about them that decide an upper duty: a fixed number of queries."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE, SUPERSEDED, WITHDRAWN
from webapp.ledger.lines import Point
from webapp.ledger.populations import About, Below, Member
from webapp.org.models import Unit, UnitSetting
from webapp.org.queries import services_of, within
from webapp.org.rules import LEVELS
from webapp.registers.queries import spans_of
from webapp.rulebook.periods import Calendar
from webapp.rulebook.queries import Editions, calendars_of
from webapp.rulebook.rules import Duty


def load(
    session: Session,
    unit: Unit,
    duties: Collection[Duty],
    editions: Editions,
    first: date,
    last: date,
) -> Below:
    """The units below with what the duties ask about them, and the records from ``first`` to ``last`` that they read.

    Each edition has populations of its own: whatever any of them asks is loaded.
    """
    codes = {duty.code for duty in duties if duty.population}
    asked = [
        (duty.population, book.populations)
        for book in editions.books
        for duty in book.duties.values()
        if duty.code in codes and duty.population
    ]
    planned = any(duty.way.planned for duty in duties)
    if not asked and not planned:
        return Below()
    units = session.scalars(select(Unit).where(within([unit.path]), Unit.code != unit.code)).all()
    departments = [one for one in units if one.level == "department"]
    codes = [one.code for one in departments]
    services, settings = services_of(session, codes), _settings(session, codes)
    pointed = planned or any(one.asks_points(known) for one, known in asked)
    points = spans_of(session, codes) if pointed else {}
    delivering = any(one.asks_days(known) for one, known in asked)
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
    kinds = frozenset().union(*(one.reads(known) for one, known in asked))
    return Below(members, _records(session, unit, kinds, first, last))


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
    """The records about units below that count or did; at which level their makers acted is told by the unit's path."""
    if not kinds:
        return ()
    query = (
        select(
            Inspection.id, Inspection.unit_code, Inspection.kind, Inspection.day, Inspection.acting_code,
            Inspection.in_force, Unit.path, Fact.received_at, Fact.amends,
        )
        .join(Unit, Unit.code == Inspection.unit_code)
        .join(Fact, Fact.id == Inspection.id)
        .where(within([unit.path]), Inspection.kind.in_(sorted(kinds)))
        .where(Inspection.day.between(first, last), Fact.state.in_((IN_FORCE, SUPERSEDED, WITHDRAWN)))
        .order_by(Inspection.id)
    )  # fmt: skip
    rows = session.execute(query).all()
    first_came = _first_arrivals(session, rows)
    return tuple(
        About(
            row.id, row.unit_code, row.kind, row.day, level_of(row.acting_code, row.path), first_came[row.id],
            row.in_force,
        )
        for row in rows
    )  # fmt: skip


def _first_arrivals(session: Session, rows: Iterable) -> dict[str, datetime]:
    """When each record, or what it corrects, came first: a late correction takes nothing away. One query a link of a chain."""
    found = {row.id: row.received_at for row in rows}
    above = {row.id: row.amends for row in rows if row.amends}
    while above:
        query = select(Fact.id, Fact.received_at, Fact.amends).where(Fact.id.in_(sorted(set(above.values()))))
        parents = {row.id: row for row in session.execute(query)}
        above = {one: parents[parent] for one, parent in above.items() if parent in parents}
        found |= {one: min(found[one], parent.received_at) for one, parent in above.items()}
        above = {one: parent.amends for one, parent in above.items() if parent.amends}
    return found


def level_of(code: str, path: str) -> str:
    """The level of a unit on the path: one each from the region down; of one that is not on it, none."""
    codes = path.strip("/").split("/")
    return LEVELS[codes.index(code)] if code in codes else ""
