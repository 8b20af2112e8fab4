"""Open problems, read only."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, and_, cast, select
from sqlalchemy.orm import Session

from webapp.cases.models import Finding
from webapp.inspections.models import Inspection
from webapp.org.models import Person, Unit
from webapp.org.names import name_on
from webapp.org.queries import within
from webapp.registers.models import RelayPoint
from webapp.rulebook.purposes import about_units
from webapp.rulebook.queries import editions_of

LIMIT = 5000


@dataclass(frozen=True)
class Opened:
    """One open problem for a list: what failed, where, when."""

    inspection_id: str
    ordinal: int
    unit_code: str
    unit_name: str
    kind: str
    subject: str  # number, relay point id or the unit's code
    label: str  # number, or the name of the relay point or the unit
    criteria: list[str]
    day: date
    opened_at: datetime
    author_name: str


# A letter may bear any label, even the id of a point: only the unit's own are called by their names.
_IS_ITS_POINT = and_(RelayPoint.id == Finding.subject, RelayPoint.unit_code == Finding.unit_code)


def opened(
    session: Session,
    unit: Unit,
    first: date,
    last: date,
    kind: str | None = None,
    criterion: str | None = None,
) -> list[Opened]:
    """Problems of the unit and all below it whose day lies in the span, newest first; of one kind or criterion."""
    query = (
        select(Finding, Unit.name, RelayPoint.name, name_on(Inspection.work_date, Inspection.ended_at))
        .join(Unit, Unit.code == Finding.unit_code)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .join(Person, Person.id == Inspection.author_id)
        .outerjoin(RelayPoint, _IS_ITS_POINT)
        .where(
            within([unit.path]),
            Finding.in_force,
            Finding.day.between(first, last),
        )
        .order_by(Finding.day.desc(), Finding.opened_at.desc(), Finding.ordinal)
        .limit(LIMIT)
    )
    if kind:
        query = query.where(Finding.kind == kind)
    if criterion:
        query = query.where(cast(Finding.criteria, String).contains(f'"{criterion}"', autoescape=True))
    rows, visits = session.execute(query), about_units(editions_of(session).books)
    return [
        Opened(
            row.inspection_id, row.ordinal, row.unit_code, name, row.kind, row.subject,
            name if row.kind in visits else point or row.subject,
            row.criteria, row.day, row.opened_at, author,
        )
        for row, name, point, author in rows
    ]  # fmt: skip
