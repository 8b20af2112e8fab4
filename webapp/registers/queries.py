"""The relay register as values, read only."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.registers.models import RelayChange, RelayPoint
from webapp.registers.rules import CLOSE, CONFIRM, OPEN, REOPEN, Change, spans


def points_of(session: Session, unit_code: str) -> list[RelayPoint]:
    """All relay points the unit ever had, by name."""
    query = select(RelayPoint).where(RelayPoint.unit_code == unit_code)
    return list(session.scalars(query.order_by(RelayPoint.name, RelayPoint.id)))


def changes_of(session: Session, point_id: str) -> list[Change]:
    """The changes of a point in the order in which they hold."""
    return _changes(session, RelayChange.point_id == point_id).get(point_id, [])


def _changes(session: Session, which) -> dict[str, list[Change]]:
    query = select(RelayChange).where(which).order_by(RelayChange.day, RelayChange.fact_id)
    found: dict[str, list[Change]] = {}
    for row in session.scalars(query):
        found.setdefault(row.point_id, []).append(
            Change(row.fact_id, row.op, row.day, row.values, row.made_on)
        )
    return found


def point_spans(session: Session, unit_code: str) -> list[tuple[str, date, date | None]]:
    """When each point of the unit was open: (point id, first day, first day on which it no longer was).

    A point that was closed and reopened stands there once for each span.
    """
    return spans_of(session, [unit_code]).get(unit_code, [])


def spans_of(session: Session, codes: Sequence[str]) -> dict[str, list[tuple[str, date, date | None]]]:
    """The same for the points of many units, by unit; two queries."""
    steps = RelayChange.op.in_((OPEN, CLOSE, REOPEN))
    changes = _changes(session, RelayChange.unit_code.in_(codes) & steps)
    query = select(RelayPoint.unit_code, RelayPoint.id, RelayPoint.opened_on, RelayPoint.closed_on)
    query = query.where(RelayPoint.unit_code.in_(codes)).order_by(RelayPoint.unit_code, RelayPoint.id)
    found: dict[str, list[tuple[str, date, date | None]]] = {}
    for unit, point, opened, closed in session.execute(query):
        for first, until in spans(opened, closed, changes.get(point, ())):
            found.setdefault(unit, []).append((point, first, until))
    return found


def confirmations(session: Session, unit_code: str, first: date, last: date) -> dict[str, list[date]]:
    """The days from ``first`` to ``last`` on which points of the unit were entered or confirmed by the director.

    Being entered is being opened or reopened [Reading: confirmed]; visits are for whoever knows inspections to add.
    """
    entering = RelayChange.op.in_((OPEN, REOPEN, CONFIRM))
    here = (RelayChange.unit_code == unit_code) & entering
    found: dict[str, list[date]] = {}
    for point, changes in _changes(session, here).items():
        found[point] = [change.day for change in changes if first <= change.day <= last]
    made = set(session.scalars(select(RelayChange.point_id).where(here, RelayChange.op == OPEN)))
    for point in points_of(session, unit_code):
        if point.id not in made and first <= point.opened_on <= last:  # it was entered with its unit
            found[point.id] = sorted([point.opened_on, *found.get(point.id, [])])
    return {point: days for point, days in found.items() if days}
