"""The relay register as values, read only."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from webapp.core.prepared import ask, several
from webapp.registers.models import RelayChange, RelayPoint
from webapp.registers.rules import CLOSE, CONFIRM, OPEN, REOPEN, Change, spans


def points_of(session: Session, unit_code: str) -> list[RelayPoint]:
    """All relay points the unit ever had, by name."""
    query = select(RelayPoint).where(RelayPoint.unit_code == unit_code)
    return list(session.scalars(query.order_by(RelayPoint.name, RelayPoint.id)))


def changes_of(session: Session, point_id: str) -> list[Change]:
    """The changes of a point in the order in which they hold."""
    return _by_point(ask(session, _OF_POINT, point=point_id)).get(point_id, [])


_CHANGES = select(
    RelayChange.point_id, RelayChange.fact_id, RelayChange.op, RelayChange.day, RelayChange.values, RelayChange.made_on
).order_by(RelayChange.day, RelayChange.fact_id)  # fmt: skip
_OF_POINT = _CHANGES.where(RelayChange.point_id == bindparam("point"))
_OF_UNITS = _CHANGES.where(RelayChange.unit_code.in_(several("codes")), RelayChange.op.in_(several("ops")))
_LIVES = (
    select(RelayPoint.unit_code, RelayPoint.id, RelayPoint.opened_on, RelayPoint.closed_on)
    .where(RelayPoint.unit_code.in_(several("codes")))
    .order_by(RelayPoint.unit_code, RelayPoint.id)
)


def _by_point(rows: Iterable[Row]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for point, *change in rows:
        found.setdefault(point, []).append(Change(*change))
    return found


def point_spans(session: Session, unit_code: str) -> list[tuple[str, date, date | None]]:
    """When each point of the unit was open: (point id, first day, first day on which it no longer was).

    A point that was closed and reopened stands there once for each span.
    """
    return spans_of(session, [unit_code]).get(unit_code, [])


def spans_of(session: Session, codes: Sequence[str]) -> dict[str, list[tuple[str, date, date | None]]]:
    """The same for the points of many units, by unit; two queries."""
    changes = _by_point(ask(session, _OF_UNITS, codes=list(codes), ops=(OPEN, CLOSE, REOPEN)).all())
    found: dict[str, list[tuple[str, date, date | None]]] = {}
    for unit, point, opened, closed in ask(session, _LIVES, codes=list(codes)).all():
        for first, until in spans(opened, closed, changes.get(point, ())):
            found.setdefault(unit, []).append((point, first, until))
    return found


def confirmations(session: Session, unit_code: str, first: date, last: date) -> dict[str, list[date]]:
    """The days from ``first`` to ``last`` on which points of the unit were entered or confirmed by the director.

    Being entered is being opened or reopened [Reading: confirmed]; visits are for whoever knows inspections to add.
    """
    changes = _by_point(ask(session, _OF_UNITS, codes=[unit_code], ops=(OPEN, REOPEN, CONFIRM)).all())
    found = {
        point: [change.day for change in steps if first <= change.day <= last]
        for point, steps in changes.items()
    }
    made = {point for point, steps in changes.items() if any(change.op == OPEN for change in steps)}
    for _, point, opened, _ in ask(session, _LIVES, codes=[unit_code]).all():
        if point not in made and first <= opened <= last:  # it was entered with its unit
            found[point] = sorted([opened, *found.get(point, [])])
    return {point: days for point, days in found.items() if days}
