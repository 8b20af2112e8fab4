"""Units, people and routes as values, read only."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, bindparam, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from webapp.core.ids import is_id
from webapp.core.prepared import ask, several
from webapp.core.problems import OutOfSight, Problem
from webapp.core.spelling import bare, sought, spelt_login, spelt_name
from webapp.org.models import (
    Device,
    EarlierName,
    Enrolment,
    Person,
    Role,
    Route,
    RouteCarrier,
    Unit,
    UnitOperator,
    UnitService,
    UnitSetting,
)
from webapp.org.rules import RANK, Actor, Grant
from webapp.org.services import Span

_GRANTS = (
    select(Role.role, Role.unit_code, Unit.path, Role.first_day, Role.last_day)
    .join(Unit, Unit.code == func.coalesce(Role.reach_code, Role.unit_code))
    .where(Role.person_id == bindparam("person"))
    .order_by(Role.first_day, Role.role, Role.id)
)
_NAMED = select(Person.id, Person.login, Person.name, Person.language).where(Person.id == bindparam("person"))


def actor_of(session: Session, person: Person | Row, today: date, device_id: str | None = None) -> Actor:
    """The actor that ``person`` is today, with all grants, past ones too."""
    grants = tuple(Grant(*row) for row in ask(session, _GRANTS, person=person.id))
    return Actor(person.id, person.login, person.name, person.language, today, grants, device_id)


def actor_as_of(session: Session, actor: Actor) -> Actor:
    """The actor with the roles as they stand now: a superior may have changed them since the request began."""
    person = ask(session, _NAMED, person=actor.person_id).one()
    return actor_of(session, person, actor.today, actor.device_id)


def unit_for(session: Session, actor: Actor, code: str, action: str | None = None) -> Unit:
    """The unit if the actor may see it (and do ``action`` there); else the same ``not-found`` as for no unit.

    A unit in sight where only the action is missing is ``forbidden``.
    """
    unit = session.get(Unit, code) if code.isprintable() else None  # PostgreSQL takes no NUL in a text
    if unit is None:
        raise Problem("not-found")
    if not actor.sees(unit.path):
        raise OutOfSight(unit.code)
    if action and not actor.can(action, unit.path):
        raise Problem("forbidden")
    return unit


def within(paths: Iterable[str]) -> ColumnElement[bool]:
    """Whether the unit of a query lies at or below one of ``paths``; of no path at all: never.

    The one place where scope becomes a condition: a query that uses it selects from or joins :class:`Unit`.
    """
    return or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in sorted(set(paths))))


def child_path(session: Session, unit: Unit) -> ColumnElement[str]:
    """The path of the unit right below ``unit`` in which a row's unit lies; of a department itself, its own."""
    if unit.level == "department":
        return Unit.path
    rest = func.substr(Unit.path, len(unit.path) + 1)
    find = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    return func.substr(Unit.path, 1, len(unit.path) + find(rest, "/"))


def below(session: Session, paths: Iterable[str], level: str | None = None) -> list[Unit]:
    """Units whose path lies at or below one of ``paths``, by code; only those of ``level`` if given."""
    paths = list(paths)
    if not paths:
        return []
    query = select(Unit).where(within(paths))
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
    last = dict(session.execute(query).all())  # of each route the latest: it may be nobody
    return {route: person for route, person in last.items() if person}


def routes_walked(session: Session, codes: Collection[str], day: date) -> dict[str, list[Row]]:
    """The routes of units by code, closed ones too, each with who walks it on ``day``; by unit, in one query.

    Rows of ``id``, ``unit_code``, ``code``, ``name``, ``closed_on`` and ``person_id`` (None: nobody).
    """
    query = (
        select(
            Route.id, Route.unit_code, Route.code, Route.name, Route.closed_on, RouteCarrier.person_id
        )
        .outerjoin(RouteCarrier, (RouteCarrier.route_id == Route.id) & (RouteCarrier.first_day <= day))
        .where(Route.unit_code.in_(codes))
        .order_by(Route.unit_code, Route.code, Route.id, RouteCarrier.first_day)
    )  # fmt: skip
    last = {row.id: row for row in session.execute(query)}  # of each route the latest: it may be nobody
    found: dict[str, list[Row]] = {}
    for row in last.values():
        found.setdefault(row.unit_code, []).append(row)
    return found


def workers_on(session: Session, unit_code: str, day: date) -> set[str]:
    """Ids of the people who hold a role at exactly this unit on ``day``."""
    query = select(Role.person_id).where(Role.unit_code == unit_code, Role.first_day <= day)
    return set(session.scalars(query.where(or_(Role.last_day.is_(None), Role.last_day >= day))))


_SETTINGS = (
    select(UnitSetting.unit_code, UnitSetting.first_day, UnitSetting.setting)
    .where(UnitSetting.unit_code.in_(several("codes")))
    .order_by(UnitSetting.first_day)
)


def settings_of(session: Session, codes: Iterable[str]) -> dict[str, list[tuple[date, str]]]:
    """Dated settings of departments, the oldest first; a unit that never changed has none."""
    found: dict[str, list[tuple[date, str]]] = {}
    for code, first_day, setting in ask(session, _SETTINGS, codes=list(codes)):
        found.setdefault(code, []).append((first_day, setting))
    return found


def setting_on(unit: Unit, settings: dict[str, list[tuple[date, str]]], day: date) -> str | None:
    """City or rural as on ``day``: settings hold for a period as on its first day [Reading: calendar]."""
    rows = settings.get(unit.code, [])
    held = [setting for first, setting in rows if first <= day]
    return held[-1] if held else rows[0][1] if rows else unit.setting


_SERVICES = (
    select(UnitService.unit_code, UnitService.service, UnitService.first_day, UnitService.last_day)
    .where(UnitService.unit_code.in_(several("codes")))
    .order_by(UnitService.first_day, UnitService.service)
)


def services_of(session: Session, codes: Iterable[str]) -> dict[str, list[Span]]:
    """Spans in which departments have which services, (service, first day, last day or None), by first day.

    In one query for any number of units; a unit that is no department has none.
    """
    found: dict[str, list[Span]] = {}
    for code, *span in ask(session, _SERVICES, codes=list(codes)):
        found.setdefault(code, []).append(tuple(span))
    return found


def operators_of(session: Session, codes: Iterable[str]) -> dict[str, list[tuple[date, str]]]:
    """Who runs departments from which day on, the oldest first; a unit that is no department has none."""
    query = select(UnitOperator).where(UnitOperator.unit_code.in_(list(codes)))
    found: dict[str, list[tuple[date, str]]] = {}
    for row in session.scalars(query.order_by(UnitOperator.first_day)):
        found.setdefault(row.unit_code, []).append((row.first_day, row.operator))
    return found


def sha256(secret: str) -> str:
    """The hash under which a token or code is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person_for(session: Session, actor: Actor, person_id: str) -> Person:
    """The person if one of the roles, past ones too, is held where the actor may see people; else ``not-found``."""
    loading = [selectinload(Person.roles).joinedload(Role.unit)]
    person = session.get(Person, person_id, options=loading) if is_id(person_id) else None
    if person is None:
        raise Problem("not-found")
    if not roles_in_sight(actor, person):
        raise OutOfSight(person=person.id)
    return person


def roles_in_sight(actor: Actor, person: Person) -> list[Role]:
    """The person's roles, past ones too, in units where the actor may see people."""
    return [role for role in person.roles if actor.can("see-people", role.unit.path)]


def answers_for(actor: Actor, person: Person) -> bool:
    """Whether the actor may reset, enrol or deactivate: no own account, and every role held or to come, wherever it
    is, at or below the own there. Whoever holds none any more is judged by the past ones.

    What a plan lets somebody check is no post: who answers for the person stays the same.
    """
    posts = [role for role in person.roles if role.plan_id is None]
    if person.id == actor.person_id or not posts:
        return False
    ahead = [role for role in posts if role.last_day is None or role.last_day >= actor.today]
    return all(actor.outranks(role.role, role.unit.path) for role in ahead or posts)


def people_in(
    session: Session,
    actor: Actor,
    path: str | None = None,
    search: str = "",
    state: str = "active",
    role: str = "",
) -> list[Person]:
    """People with a role (past ones too) at or below ``path`` as far as the actor may see them, by login.

    ``search`` is part of a name or login; ``state`` is active, inactive or all; ``role`` one held today.
    """
    reach = list(actor.reach("see-people"))
    if path is not None:
        reach = [path] if actor.can("see-people", path) else [way for way in reach if way.startswith(path)]
    held = select(Role.person_id).join(Unit, Unit.code == Role.unit_code).where(within(reach))
    if role in RANK:
        held = held.where(Role.role == role, Role.first_day <= actor.today)
        held = held.where(or_(Role.last_day.is_(None), Role.last_day >= actor.today))
    query = (
        select(Person).where(Person.id.in_(held)).options(selectinload(Person.roles).joinedload(Role.unit))
    )
    if state != "all":
        query = query.where(Person.active.is_(state == "active"))
    if search:
        query = query.where(called(search))
    return list(session.scalars(query.order_by(Person.login)))


def called(text: str) -> ColumnElement[bool]:
    """Whether a person bears or bore a name with ``text`` in it, or has a login with it; in any form of writing."""
    login, bore = spelt_login(text), select(EarlierName.person_id).where(holds(EarlierName.name, text))
    return or_(
        holds(Person.name, text),
        Person.login.contains(login, autoescape=True) if login else false(),
        Person.id.in_(bore),
    )


def holds(column, text: str) -> ColumnElement[bool]:
    """Whether a stored name holds ``text``, written with or without its dots, spaces and hyphens."""
    plain = column
    for mark in " ·-.":
        plain = func.replace(plain, mark, "")
    typed = spelt_name("".join(filter(str.isprintable, text)))
    if not (wanted := sought(typed)):
        return false()
    # Databases lower Latin letters alone: of others the usual ways to write them are tried.
    forms = (
        {bare(form) for form in (typed, typed.lower(), typed.upper(), typed.title())}
        if not wanted.isascii()
        else ()
    )
    return or_(
        func.lower(plain).contains(wanted, autoescape=True),
        *(plain.contains(form, autoescape=True) for form in sorted(forms)),
    )


def units_to_give(session: Session, actor: Actor) -> list[Unit]:
    """The units, by code, in which the actor may give roles."""
    return below(session, actor.reach("keep-people"))


def devices_of(session: Session, person_id: str) -> list[Device]:
    """The person's phones and computers: those signed in, and those signed out that still hold something."""
    query = select(Device).where(Device.person_id == person_id)
    holding = or_(Device.held_records > 0, Device.held_photos > 0)
    query = query.where(or_(Device.revoked_at.is_(None), holding))
    return list(session.scalars(query.order_by(Device.seen_at.desc(), Device.id)))


def enrolment_by(session: Session, now: datetime, secret: str, column: str) -> Enrolment:
    """The unused, unexpired enrolment with ``secret`` as ``token`` or ``code``; else problem ``bad-code``."""
    field = Enrolment.token_hash if column == "token" else Enrolment.code_hash
    row = session.scalars(select(Enrolment).where(field == sha256(secret))).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise Problem("bad-code", {"code": "code"} if column == "code" else None)
    return row


def by_login(session: Session, login: str) -> Person | None:
    """The person with this login, written in any form.

    A login of before the one spelling that is another's when spelt stays as it was: it is found by its own letters.
    """
    exact, plain = login.strip()[:100], spelt_login(login)[:100]
    found = {
        row.login: row
        for row in session.scalars(select(Person).where(Person.login.in_({exact, plain} - {""})))
    }
    return found.get(exact) or found.get(plain)
