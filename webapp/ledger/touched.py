"""The one map from what happens to the ledger's lines that it can move.

A record moves the lines of the unit that it is about, those of the unit that acted where that unit owes a duty by its
own work, and those of units above whose duty asks who of the units below has such a record.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.campaigns.rules import Plan
from webapp.core.ranges import FIRST_DAY, LAST_DAY
from webapp.documents.queries import all_written
from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.ledger import deliveries
from webapp.ledger.below import level_of
from webapp.ledger.measures import measure_of
from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.org.rules import LEVELS
from webapp.rulebook.coverage import Asked, Coverage, Owing, Population
from webapp.rulebook.periods import DAY, Period, parse_period, period_of
from webapp.rulebook.queries import Editions, editions_of
from webapp.rulebook.rules import Duty


class Key(NamedTuple):
    """One line: unit, duty, period."""

    unit: str
    duty: str
    period: str


@dataclass(frozen=True)
class Recorded:
    """What of a record decides which lines it moves; ``path`` is that of the unit that it is about."""

    path: str
    acting: str
    kind: str
    day: date


def keys(unit_code: str, duties: Iterable[Duty], days: Iterable[date]) -> set[Key]:
    """The lines of the unit that something about ``days`` can change; those of days to come are not folded yet."""
    return {
        Key(unit_code, duty.code, period.code)
        for duty in duties
        for day in days
        if FIRST_DAY <= day <= LAST_DAY  # a clock far off, which nobody has confirmed
        for period in measure_of(duty).periods(duty, period_of(duty.period, day), day)
    }


def by_records(editions: Editions, records: Iterable[Recorded]) -> set[Key]:
    """The lines that these records can move."""
    found: set[Key] = set()
    for record in records:
        found |= _fulfilled(editions, record)
        found |= _of_those_above(record.path, editions.duties_reading(record.kind), [record.day])
    return found


def by_new_records(
    session: Session, editions: Editions, records: Iterable[Recorded], now: datetime
) -> set[Key]:
    """The same of records that nothing speaks of and that are not stored yet.

    Who above asks only whether there is one is moved by the first of them: a region has thousands a month.
    """
    found: set[Key] = set()
    for record in set(records):
        found |= _fulfilled(editions, record)
        for duty, asked in editions.duties_reading(record.kind).items():
            period = period_of(duty.period, record.day)
            if not all(_is_there(session, record, period, one, now) for one in asked):
                found |= _of_those_above(record.path, [duty], [record.day])
    return found


def _is_there(session: Session, record: Recorded, period: Period, asked: Asked, now: datetime) -> bool:
    """Whether as many such records are about the unit of that level above (or the unit itself) as are asked for."""
    path = "/".join(record.path.split("/")[: LEVELS.index(asked.level) + 2]) + "/"
    query = (
        select(Inspection.id)
        .join(Unit, Unit.code == Inspection.unit_code)
        .join(Fact, Fact.id == Inspection.id)
        .where(within([path]), Inspection.kind == record.kind, Inspection.in_force)
        .where(Inspection.day.between(period.first, period.last), Fact.received_at <= now)
        .limit(asked.many)
    )
    if asked.by_level:
        query = query.where(Inspection.acting_code == record.acting)
    return len(session.scalars(query).all()) == asked.many


def _fulfilled(editions: Editions, record: Recorded) -> set[Key]:
    """The lines that count it: of the unit that it is about, and of the one that acted."""
    codes = record.path.strip("/").split("/")
    duties = editions.duties_with(record.kind)
    about, acting = LEVELS[len(codes) - 1], level_of(record.acting, record.path)
    own = keys(codes[-1], [one for one in duties if not one.upper and about in one.levels], [record.day])
    return own | keys(
        record.acting, [one for one in duties if one.upper and acting in one.levels], [record.day]
    )


def by_inspections(session: Session, editions: Editions, *which) -> set[Key]:
    """The same of the stored inspections that ``which`` picks; one query."""
    query = select(Unit.path, Inspection.acting_code, Inspection.kind, Inspection.day)
    rows = session.execute(query.join(Unit, Unit.code == Inspection.unit_code).where(*which).distinct())
    return by_records(editions, (Recorded(*row) for row in rows))


def by_volume(session: Session, unit: Unit, day: date) -> set[Key]:
    """The lines that the volumes and lists of a day can move."""
    return keys(unit.code, [duty for duty in duties_at(session, unit.level) if duty.of], [day])


def by_deliveries(session: Session, unit: Unit, numbers: Iterable[str], day: date) -> set[Key]:
    """The lines that may change where somebody else delivered these numbers of ``day``: of checks of them from then on."""
    duties = duties_at(session, unit.level)
    return {
        key
        for kind, looked_at in deliveries.judged_days(session, unit.code, numbers, day)
        for key in keys(unit.code, [duty for duty in duties if kind in duty.kinds], [looked_at])
    }


def by_points(session: Session, unit: Unit, day: date, today: date) -> set[Key]:
    """The lines that a change of the unit's relay points from ``day`` on can move, to today; those above it too."""
    editions = editions_of(session)
    days = days_from(max(day, unit.opened_on), max(today, unit.opened_on))
    own = [duty for duty in duties_at(session, unit.level) if measure_of(duty).asks_points(duty)]
    asking = _above(editions, unit.path, lambda asked, known: asked.asks_points(known), days, planned=True)
    return keys(unit.code, own, days) | asking


def by_document(session: Session, unit: Unit, type: str, period: Period) -> set[Key]:
    """The unit's lines that a document of the type about the period can move."""
    asking = [
        duty
        for duty in duties_at(session, unit.level)
        if duty.document == type and duty.period == period.kind
    ]
    return keys(unit.code, asking, [period.first])


def by_unit(session: Session, unit: Unit, first: date, today: date) -> set[Key]:
    """The lines of units above that may count the unit otherwise from ``first`` on: it opened, closed, turned city …"""
    days = days_from(min(first, today), today)
    return _above(editions_of(session), unit.path, lambda coverage, known: True, days, planned=True)


def by_plans(session: Session, unit: Unit, plans: Iterable[Plan]) -> set[Key]:
    """The lines of the unit that count one of its plans: those of the periods of its report days."""
    duties = [duty for duty in duties_at(session, unit.level) if duty.way.planned]
    return {
        Key(unit.code, duty.code, period_of(duty.period, plan.report_day).code)
        for plan in plans
        for duty in duties
    }


def by_calendar(session: Session, unit: Unit, first: date, today: date) -> set[Key]:
    """The lines of units above that ask on which days those below deliver, from ``first`` on."""
    days = days_from(min(first, today), today)
    return _above(editions_of(session), unit.path, lambda asked, known: asked.asks_days(known), days)


def days_from(first: date, today: date) -> list[date]:
    """One day of each week, and so of each longer period, from ``first`` to today, and today.

    What lies ahead, or is taken back, moves what is open today: a week counts who is open to its end.
    """
    start = min(first, today)
    return [*(start + n * 7 * DAY for n in range((today - start).days // 7 + 1)), today]


def _above(
    editions: Editions,
    path: str,
    asks: Callable[[Coverage | Owing, Mapping[str, Population]], bool],
    days: Iterable[date],
    planned: bool = False,
) -> set[Key]:
    """The lines about ``days`` of the units above the path whose coverage asks so; ``planned``: and those of plans."""
    asking = {
        duty: None
        for book in editions.books
        for duty in book.duties.values()
        if duty.kept
        if (asks(duty.population, book.populations) if duty.population else planned and duty.way.planned)
    }
    return _of_those_above(path, asking, list(days))


def _of_those_above(path: str, duties: Iterable[Duty], days: list[date]) -> set[Key]:
    lines: set[Key] = set()
    for duty in duties:
        for code, level in zip(path.strip("/").split("/")[:-1], LEVELS, strict=False):
            if level in duty.levels:
                lines |= keys(code, [duty], days)
    return lines


def duties_at(session: Session, level: str) -> list[Duty]:
    """The kept duties of a level in any edition and setting: which of them bind depends on the period."""
    return duties_in(editions_of(session), level)


def duties_in(editions: Editions, level: str) -> list[Duty]:
    """The same for whoever has the editions already."""
    return [duty for duty in editions.duties() if duty.kept and level in duty.levels]


def all_by_facts(session: Session, unit: Unit, through: date) -> set[Key]:
    """The unit's own lines that records and documents about days up to ``through`` can have touched.

    What is held or waits has touched none: nobody counted it yet.
    """
    counted = (
        Inspection.in_force | Inspection.withdrawn,
        (Inspection.day <= through) | (Inspection.day <= Inspection.work_date),
    )
    mine = (
        Inspection.unit_code == unit.code
        if unit.level == "department"
        else Inspection.acting_code == unit.code
    )
    found = by_inspections(session, editions_of(session), mine, *counted)
    for one in all_written(session, unit.code):
        period = parse_period(one.period)
        found |= by_document(session, unit, one.type, period) if period.first <= through else set()
    return {key for key in found if key.unit == unit.code}
