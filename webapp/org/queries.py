"""Units, people and routes as values, read only."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.org.models import Person, RelayPoint, Role, Route, RouteCarrier, Unit
from webapp.org.rules import Actor, Grant


def actor_of(session: Session, person: Person, today: date, device_id: str | None = None) -> Actor:
    """The actor that ``person`` is today, with all grants, past ones too."""
    rows = session.execute(
        select(Role.role, Role.unit_code, Unit.path, Role.first_day, Role.last_day)
        .join(Unit, Unit.code == Role.unit_code)
        .where(Role.person_id == person.id)
        .order_by(Role.first_day, Role.role)
    )
    grants = tuple(Grant(*row) for row in rows)
    return Actor(person.id, person.login, person.name, person.language, today, grants, device_id)


def unit_for(session: Session, actor: Actor, code: str, action: str | None = None) -> Unit:
    """The unit if the actor may see it (and do ``action`` there); else the same ``not-found`` as for no unit.

    A unit in sight where only the action is missing is ``forbidden``.
    """
    unit = session.get(Unit, code)
    if unit is None or not actor.sees(unit.path):
        raise Problem("not-found")
    if action and not actor.can(action, unit.path):
        raise Problem("forbidden")
    return unit


def below(session: Session, paths: Iterable[str], level: str | None = None) -> list[Unit]:
    """Units whose path lies at or below one of ``paths``, by code; only those of ``level`` if given."""
    paths = list(paths)
    if not paths:
        return []
    query = select(Unit).where(or_(*(Unit.path.startswith(path, autoescape=True) for path in paths)))
    if level:
        query = query.where(Unit.level == level)
    return list(session.scalars(query.order_by(Unit.code)))


def routes_of(session: Session, unit_code: str) -> list[Route]:
    """The unit's open routes by code."""
    query = select(Route).where(Route.unit_code == unit_code, Route.closed_on.is_(None))
    return list(session.scalars(query.order_by(Route.code)))


def carriers_on(session: Session, unit_code: str, day: date) -> dict[str, str]:
    """Who walks which route of the unit on ``day``: {route id: person id}."""
    query = (
        select(RouteCarrier.route_id, RouteCarrier.person_id)
        .join(Route, Route.id == RouteCarrier.route_id)
        .where(Route.unit_code == unit_code, RouteCarrier.first_day <= day)
        .order_by(RouteCarrier.first_day)
    )
    return {route: person for route, person in session.execute(query) if person}


def points_of(session: Session, unit_code: str) -> list[RelayPoint]:
    """All relay points the unit ever had, by name."""
    query = select(RelayPoint).where(RelayPoint.unit_code == unit_code)
    return list(session.scalars(query.order_by(RelayPoint.name, RelayPoint.id)))
