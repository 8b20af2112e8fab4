"""Units and their routes as a superior keeps them: opened, renamed, turned from rural to city, closed, walked by whom.

What they move in the ledger is computed anew in ``recording.changes.units``.
"""

import re
from datetime import date, timedelta

from marshmallow import ValidationError, fields, validate
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.ids import is_id, new_id
from webapp.core.problems import OutOfSight, Problem
from webapp.core.ranges import Day
from webapp.core.spelling import spelt_login
from webapp.core.text_lengths import Characters
from webapp.org.dated_attributes import Services, begin, check_turning_day
from webapp.org.models import Person, Role, Route, RouteCarrier, Unit, UnitSetting
from webapp.org.queries import settings_of
from webapp.org.rules import ADMIN, CARRIER, LEVELS, ROLE_GRACE, Actor
from webapp.org.schemas import Form, is_line, needed
from webapp.org.services import BUREAUS, DELIVERY, NO_BUREAU, OPERATORS, OWN

SETTINGS, REVEALS = ("city", "rural"), ("after", "before")
AHEAD = timedelta(days=366)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-]{1,19}")
_PATH = 120  # characters of Unit.path


def _is_code(text: str) -> None:
    if not _CODE.fullmatch(text):
        raise ValidationError("unit-code")


def _bureau() -> fields.String:
    return fields.String(load_default=None, validate=validate.OneOf((*BUREAUS, NO_BUREAU), error="choice"))


class UnitForm(Form):
    """A new unit: ``code``, ``name``, ``parent`` (code), ``opened_on``; of departments ``setting``, and optionally
    ``services`` (delivery), ``operator`` (own) and from which day on the ledger is kept, ``ledger_from``; of county-level
    units optionally ``bureau``."""

    code = needed(fields.String, "unit-code", _is_code)
    name = needed(fields.String, "characters", is_line, Characters(80, error="long"))
    parent = needed(fields.String, "choice", is_line, validate.Length(max=20, error="choice"))
    setting = fields.String(load_default=None, validate=validate.OneOf(SETTINGS, error="choice"))
    opened_on = needed(Day, "day")
    ledger_from = Day(load_default=None, error_messages={"invalid": "day"})
    services = Services(load_default=None)
    operator = fields.String(load_default=None, validate=validate.OneOf(OPERATORS, error="choice"))
    bureau = _bureau()


class DetailsForm(Form):
    """A unit's name, when its draws are shown, and of a county-level unit the ``bureau``."""

    name = needed(fields.String, "characters", is_line, Characters(80, error="long"))
    reveal = fields.String(load_default=None, validate=validate.OneOf(REVEALS, error="choice"))
    bureau = _bureau()


class SettingForm(Form):
    """City or rural from ``first_day`` on."""

    setting = needed(fields.String, "choice", validate.OneOf(SETTINGS, error="choice"))
    first_day = needed(Day, "day")


class LedgerForm(Form):
    """From which day on the unit's duties stand in the ledger."""

    ledger_from = needed(Day, "day")


class RouteForm(Form):
    """A route: ``code`` as on the manifests, ``name``, and optionally who walks it (login) from ``first_day`` on."""

    code = needed(fields.String, "characters", is_line, validate.Length(max=20, error="long"))
    name = needed(fields.String, "characters", is_line, Characters(60, error="long"))
    carrier = fields.String(load_default=None, validate=[is_line, validate.Length(max=40, error="long")])
    first_day = Day(load_default=None, error_messages={"invalid": "day", "range": "day"})


class WalkForm(Form):
    """Who (login, or nobody) walks a route from ``first_day`` on."""

    carrier = fields.String(load_default=None, validate=[is_line, validate.Length(max=40, error="long")])
    first_day = needed(Day, "day")


class ReopenForm(Form):
    """From which day on a closed unit works again."""

    first_day = needed(Day, "day")


UNIT, DETAILS, SETTING, ROUTE, WALK = UnitForm(), DetailsForm(), SettingForm(), RouteForm(), WalkForm()
REOPEN, LEDGER = ReopenForm(), LedgerForm()


def keeps(actor: Actor, path: str) -> bool:
    """Whether the actor keeps the unit with ``path``: nobody but an administrator the unit that is one's own."""
    return actor.can("keep-units", path) and any(
        grant.reaches(path) and (grant.role == ADMIN or grant.path != path) for grant in actor.current
    )


def unit_to_keep(session: Session, actor: Actor, code: str) -> Unit:
    """The unit, if the actor keeps it; raises ``not-found``, ``forbidden``."""
    unit = session.get(Unit, code) if code.isprintable() else None
    if unit is None:
        raise Problem("not-found")
    if not actor.sees(unit.path):
        raise OutOfSight(unit.code)
    if not keeps(actor, unit.path):
        raise Problem("forbidden")
    return unit


# ---------------------------------------------------------------- units


def add(session: Session, actor: Actor, form: dict) -> Unit:
    """A new unit below one that the actor reaches, from a read ``UnitForm``."""
    parent = session.get(Unit, form["parent"])
    if parent is None or not actor.sees(parent.path):
        raise Problem("invalid", {"parent": "choice"})
    if not actor.can("keep-units", parent.path):
        raise Problem("forbidden")
    if parent.level == "department":
        raise Problem("invalid", {"parent": "no-unit-below"})
    level, opened = LEVELS[LEVELS.index(parent.level) + 1], form["opened_on"]
    _check_new(session, actor, parent, form, level)
    unit = Unit(code=form["code"], parent_code=parent.code, path=f"{parent.path}{form['code']}/", level=level)
    unit.name, unit.setting, unit.opened_on, unit.reveal = form["name"], form["setting"], opened, "after"
    if form.get("ledger_from"):
        unit.ledger_from = _ledger_day(actor, unit, form["ledger_from"])
    unit.bureau = _bureau_said(unit, form)
    session.add(unit)
    session.flush()
    begin(session, unit, form.get("services") or (DELIVERY,), form.get("operator") or OWN)
    return unit


def _bureau_said(unit: Unit, form: dict) -> str | None:
    """What a form says of the bureau; unsaid, it stays as it is. Raises ``invalid`` of a unit of another level."""
    said = form.get("bureau")
    if said and unit.level != "county":
        raise Problem("invalid", {"bureau": "counties-only"})
    return unit.bureau if said is None else None if said == NO_BUREAU else said


def _check_new(session: Session, actor: Actor, parent: Unit, form: dict, level: str) -> None:
    if session.get(Unit, form["code"]) is not None:
        raise Problem("invalid", {"code": "unit-taken"})
    if len(parent.path) + len(form["code"]) + 1 > _PATH:
        raise Problem("invalid", {"code": "long"})
    if (level == "department") != (form["setting"] is not None):
        raise Problem("invalid", {"setting": "empty" if level == "department" else "departments-only"})
    for name in ("services", "operator"):
        if level != "department" and form.get(name):
            raise Problem("invalid", {name: "departments-only"})
    # An office is older than its ledger; what nobody can have done any more is not opened as missed.
    begins = "ledger_from" if form.get("ledger_from") else "opened_on"
    if form["opened_on"] < parent.opened_on or form[begins] < actor.today - ROLE_GRACE:
        raise Problem("invalid", {"opened_on" if form["opened_on"] < parent.opened_on else begins: "early"})
    if form["opened_on"] > actor.today + AHEAD:
        raise Problem("invalid", {"opened_on": "far"})
    if parent.closed_on and form["opened_on"] >= parent.closed_on:
        raise Problem("invalid", {"parent": "closed"})


def change(session: Session, unit: Unit, form: dict) -> bool:
    """The name, the time at which draws are shown and the bureau, from a read ``DetailsForm``; whether anything changed."""
    after = form["name"], form["reveal"] or unit.reveal, _bureau_said(unit, form)
    changed = (unit.name, unit.reveal, unit.bureau) != after
    unit.name, unit.reveal, unit.bureau = after
    session.flush()
    return changed


def set_setting(session: Session, actor: Actor, unit: Unit, form: dict) -> None:
    """City or rural from a day on, from a read ``SettingForm``; the same day again corrects what was said of it."""
    first, setting = form["first_day"], form["setting"]
    if unit.level != "department":
        raise Problem("invalid", {"setting": "departments-only"})
    rows = settings_of(session, [unit.code]).get(unit.code) or [(unit.opened_on, unit.setting)]
    check_turning_day(actor, unit, first, rows[-1][0])
    if rows[-1][1] == setting:
        raise Problem("invalid", {"setting": "no-change"})
    for day, before in rows[:1]:  # the first change also says what was so from the beginning
        session.merge(UnitSetting(unit_code=unit.code, first_day=day, setting=before))
    session.flush()
    session.merge(UnitSetting(unit_code=unit.code, first_day=first, setting=setting))
    unit.setting = setting
    session.flush()


def set_ledger_day(session: Session, actor: Actor, unit: Unit, day: date) -> bool:
    """From which day on the unit's duties stand in its ledger, not before its opening; whether that changed."""
    day = _ledger_day(actor, unit, day)
    if day == unit.ledger_first:
        return False
    unit.ledger_from = day
    session.flush()
    return True


def _ledger_day(actor: Actor, unit: Unit, day: date) -> date:
    if day < unit.opened_on:
        raise Problem("invalid", {"ledger_from": "unopened"})
    if day > actor.today + AHEAD:
        raise Problem("invalid", {"ledger_from": "far"})
    if unit.closed_on and day >= unit.closed_on:
        raise Problem("invalid", {"ledger_from": "closed"})
    return day


def close(session: Session, actor: Actor, unit: Unit, last_day: date) -> None:
    """Give the unit its last day; ``closed_on`` is the day after. Another last day may be given later."""
    if last_day < max(actor.today - ROLE_GRACE, unit.opened_on, *(again for _, again in unit.pauses)):
        raise Problem("invalid", {"last_day": "early"})
    if unit.closed_on and unit.closed_on <= actor.today - ROLE_GRACE:  # the past is not reopened
        raise Problem("invalid", {"last_day": "over"})
    if last_day > actor.today + AHEAD:
        raise Problem("invalid", {"last_day": "far"})
    below = select(Unit.code).where(Unit.parent_code == unit.code)
    if session.scalar(
        below.where(Unit.closed_on.is_(None) | (Unit.closed_on > last_day + timedelta(days=1)))
    ):
        raise Problem("invalid", {"last_day": "units-below"})
    unit.closed_on = last_day + timedelta(days=1)
    session.flush()


def reopen(session: Session, actor: Actor, unit: Unit, first_day: date) -> None:
    """The closed unit works again from a day on, today at the latest; a closing that is yet to come is taken back."""
    parent = session.get(Unit, unit.parent_code) if unit.parent_code else None
    if unit.closed_on is None:
        raise Problem("invalid", {"first_day": "not-closed"})
    if parent and parent.closed_on and parent.closed_on <= first_day:
        raise Problem("invalid", {"first_day": "parent-closed"})
    if unit.closed_on <= actor.today:
        if first_day > actor.today:
            raise Problem("invalid", {"first_day": "not-ahead"})
        if first_day < max(actor.today - ROLE_GRACE, unit.closed_on):
            raise Problem("invalid", {"first_day": "before-closing"})
        if first_day > unit.closed_on:
            unit.closings = [*unit.closings, [unit.closed_on.isoformat(), first_day.isoformat()]]
    unit.closed_on = None
    session.flush()


# ---------------------------------------------------------------- routes


def add_route(session: Session, actor: Actor, unit: Unit, form: dict) -> Route:
    """A route of a department, from a read ``RouteForm``, with who walks it if that is said."""
    if unit.level != "department":
        raise Problem("invalid", {"code": "departments-only"})
    taken = select(Route.id).where(Route.unit_code == unit.code, Route.code == form["code"])
    if session.scalar(taken):
        raise Problem("invalid", {"code": "route-taken"})
    route = Route(id=new_id(), unit_code=unit.code, code=form["code"], name=form["name"])
    session.add(route)
    session.flush()
    if form["carrier"]:
        walk(session, actor, unit, route, form)
    return route


def route_of(session: Session, unit: Unit, route_id: str) -> Route:
    """The unit's route; raises ``not-found``."""
    route = session.get(Route, route_id) if is_id(route_id) else None
    if route is None or route.unit_code != unit.code:
        raise Problem("not-found")
    return route


def rename_route(session: Session, route: Route, name: str) -> None:
    """Correct a route's name."""
    route.name = name
    session.flush()


def close_route(session: Session, actor: Actor, route: Route) -> None:
    """The route is walked no more from today on."""
    route.closed_on = route.closed_on or actor.today
    session.flush()


def reopen_route(session: Session, actor: Actor, unit: Unit, route: Route, form: dict) -> None:
    """The closed route is walked again from a day on, from a read ``WalkForm``; nobody walked it in between."""
    shut = route.closed_on
    if shut is None:
        raise Problem("invalid", {"route": "not-closed"})
    if form["first_day"] < shut:
        raise Problem("invalid", {"first_day": "before-closing"})
    route.closed_on = None
    if form["first_day"] > shut:
        session.merge(_nobody(session, route, shut))
    walk(session, actor, unit, route, form)


def _nobody(session: Session, route: Route, day: date) -> RouteCarrier:
    same = select(RouteCarrier).where(RouteCarrier.route_id == route.id, RouteCarrier.first_day == day)
    row = session.scalar(same) or RouteCarrier(id=new_id(), route_id=route.id, first_day=day)
    row.person_id = None
    return row


def walk(session: Session, actor: Actor, unit: Unit, route: Route, form: dict) -> None:
    """Who walks the route from a day on: a carrier of the department on that day, or nobody."""
    first = form["first_day"] or actor.today
    if first < max(actor.today - ROLE_GRACE, unit.opened_on):
        raise Problem("invalid", {"first_day": "early"})
    if route.closed_on:
        raise Problem("invalid", {"route": "closed-route"})
    person = _carrier(session, unit, form["carrier"], first) if form["carrier"] else None
    same = select(RouteCarrier).where(RouteCarrier.route_id == route.id, RouteCarrier.first_day == first)
    row = session.scalar(same) or RouteCarrier(id=new_id(), route_id=route.id, first_day=first)
    row.person_id = person.id if person else None
    session.add(row)
    session.flush()


def _carrier(session: Session, unit: Unit, login: str, day: date) -> Person:
    held = (Role.unit_code == unit.code) & (Role.role == CARRIER) & (Role.first_day <= day)
    query = (
        select(Person).join(Role, Role.person_id == Person.id).where(Person.login == spelt_login(login), held)
    )
    person = session.scalars(query.where(Role.last_day.is_(None) | (Role.last_day >= day))).first()
    if person is None:
        raise Problem("invalid", {"carrier": "no-carrier"})
    return person
