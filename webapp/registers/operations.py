"""The relay register [14.4(1)]: a change is applied here, when its fact has been recorded; flush, never commit."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.org.models import Route, Unit
from webapp.registers.divisions import initials
from webapp.registers.models import RelayChange, RelayPoint
from webapp.registers.queries import changes_of
from webapp.registers.rules import OPEN, Change, fault_of, lasting, spans
from webapp.registers.schemas import Draft

# Fields of a change that have another name in the table.
COLUMNS = {"route": "route_id", "photo": "photo_digest"}


def check(session: Session, unit: Unit, draft: Draft) -> RelayPoint | None:
    """The point that the change is about, None for a new one; raises ``unknown-point`` or ``bad-fact``.

    A point of another unit is answered like one that never was.
    """
    point = session.get(RelayPoint, draft.point)
    if point is None and draft.op == OPEN:
        faults = {"day": "before-opening"} if draft.day < unit.opened_on else {}
    elif point is None or point.unit_code != unit.code:
        raise Problem("unknown-point", {"point": "not on the register"})
    else:
        life = spans(point.opened_on, point.closed_on, changes_of(session, point.id))
        faults = fault_of(draft.op, draft.day, life, draft.made)
    route = draft.values.get("route")
    if route and not _has_route(session, unit.code, route):
        faults["values.route"] = "choice"
    if faults:
        raise Problem("bad-fact", faults)
    return point


def _has_route(session: Session, unit_code: str, route_id: str) -> bool:
    query = select(Route.id).where(Route.id == route_id, Route.unit_code == unit_code)
    return session.scalar(query) is not None


def apply(session: Session, unit: Unit, draft: Draft, fact_id: str, author_id: str, now: datetime) -> date:
    """Store the change and let the point show what all its changes add up to; the day from which that holds."""
    point = check(session, unit, draft)
    if point is None:
        point = RelayPoint(id=draft.point, unit_code=unit.code, opened_on=draft.day)
        point.name, point.kind, point.agreement = draft.values["name"], draft.values["kind"], "none"
        point.initials = initials(point.name)
        session.add(point)
        session.flush()
    change = RelayChange(
        fact_id=fact_id, point_id=point.id, unit_code=unit.code, day=draft.day, made_on=draft.made, op=draft.op,
        values=draft.values,
        personal=sorted(draft.personal), author_id=author_id,
        received_at=now,
    )  # fmt: skip
    session.add(change)
    session.flush()
    _show(session, point, draft, Change(fact_id, draft.op, draft.day, {}))
    session.flush()
    return draft.day


def _show(session: Session, point: RelayPoint, draft: Draft, change: Change) -> None:
    """Write the current values: of each field the last change that set it wins, whenever it arrived."""
    changes = changes_of(session, point.id)
    for name, value in lasting(changes).items():
        setattr(point, COLUMNS.get(name, name), value)
    point.initials = initials(point.name)
    later = {name for other in _rows(session, point.id) if (other.day, other.fact_id) > change.order for name in other.personal}  # fmt: skip
    for name, value in draft.personal.items():
        if name not in later:
            setattr(point, name, value)
    life = spans(point.opened_on, point.closed_on, changes)
    point.opened_on, point.closed_on = life[0][0], life[-1][1]


def _rows(session: Session, point_id: str) -> list[RelayChange]:
    return list(session.scalars(select(RelayChange).where(RelayChange.point_id == point_id)))
