"""The relay register as values, read only."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
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
_POINTS = (
    select(RelayPoint)
    .where(RelayPoint.unit_code.in_(several("codes")))
    .order_by(RelayPoint.name, RelayPoint.id)
)
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


@dataclass(frozen=True)
class Register:
    """The points of units by name, and what opened, closed or confirmed them: everything here is worked out of these."""

    points: dict[str, list[RelayPoint]]  # by unit
    changes: dict[str, list[Change]]  # by point, in the order in which they hold

    def spans(self, unit_code: str) -> list[tuple[str, date, date | None]]:
        """When each point of the unit was open, by id: (point id, first day, first day on which it no longer was).

        A point that was closed and reopened stands there once for each span.
        """
        return [
            (point.id, first, until)
            for point in sorted(self.points.get(unit_code, ()), key=lambda point: point.id)
            for first, until in spans(point.opened_on, point.closed_on, self.changes.get(point.id, ()))
        ]

    def confirmations(self, unit_code: str, first: date, last: date) -> dict[str, list[date]]:
        """The days from ``first`` to ``last`` on which points of the unit were entered or confirmed by the director.

        Being entered is being opened or reopened [Reading: confirmed]; visits are for whoever knows inspections to add.
        """
        found = {}
        for point in self.points.get(unit_code, ()):
            entering = [one for one in self.changes.get(point.id, ()) if one.op in (OPEN, REOPEN, CONFIRM)]
            days = [one.day for one in entering if first <= one.day <= last]
            made = any(one.op == OPEN for one in entering)
            if not made and first <= point.opened_on <= last:  # it was entered with its unit
                days = sorted([point.opened_on, *days])
            if days:
                found[point.id] = days
        return found


def register_of(session: Session, codes: Collection[str]) -> Register:
    """The register of many units, in two queries."""
    points: dict[str, list[RelayPoint]] = {}
    for point in session.scalars(_POINTS, {"codes": list(codes)}):
        points.setdefault(point.unit_code, []).append(point)
    if not points:
        return Register({}, {})
    steps = ask(session, _OF_UNITS, codes=list(codes), ops=(OPEN, CLOSE, REOPEN, CONFIRM))
    return Register(points, _by_point(steps.all()))


def spans_of(session: Session, codes: Sequence[str]) -> dict[str, list[tuple[str, date, date | None]]]:
    """When the points of many units were open, see :meth:`Register.spans`; by unit, two queries of a few columns."""
    changes = _by_point(ask(session, _OF_UNITS, codes=list(codes), ops=(OPEN, CLOSE, REOPEN)).all())
    found: dict[str, list[tuple[str, date, date | None]]] = {}
    for unit, point, opened, closed in ask(session, _LIVES, codes=list(codes)).all():
        for first, until in spans(opened, closed, changes.get(point, ())):
            found.setdefault(unit, []).append((point, first, until))
    return found


def confirmations(session: Session, unit_code: str, first: date, last: date) -> dict[str, list[date]]:
    """The same of one unit, see :meth:`Register.confirmations`; two queries."""
    return register_of(session, [unit_code]).confirmations(unit_code, first, last)
