"""Pages of one department and one day or list: which they are, and the neighbours to turn to."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request, url_for
from sqlalchemy import select

from webapp.core import clock
from webapp.core.database import db
from webapp.core.ids import is_id
from webapp.core.problems import Problem
from webapp.org.models import Unit
from webapp.org.queries import below, unit_for
from webapp.org.rules import Actor
from webapp.sampling.models import Manifest
from webapp.sampling.operations import manifest_of, within_life
from webapp.web.access import now


def chosen_department(me: Actor, action: str) -> Unit:
    """The department of ``unit``, the first below a larger one, else the first in which the actor may do ``action``.

    Raises not-found, forbidden.
    """
    if code := request.values.get("unit"):
        unit = unit_for(db.session, me, code, action)
        return (
            unit
            if unit.level == "department"
            else _first(below(db.session, [unit.path], "department"), "not-found")
        )
    return _first(below(db.session, me.reach(action), "department"), "forbidden")


@dataclass(frozen=True)
class Several:
    """The departments of an overview. ``unit``: below which they lie; None where the actor's own lie apart."""

    unit: Unit | None
    paths: tuple[str, ...]
    departments: list[Unit]


def several(me: Actor, action: str) -> Several | None:
    """The departments below ``unit``, else all in which the actor may do ``action``; None where that is one, or none.

    Raises not-found, forbidden.
    """
    if code := request.args.get("unit"):
        unit = unit_for(db.session, me, code, action)
        paths = (unit.path,)
    else:
        paths = me.reach(action)
        alone = paths[0].rstrip("/").rpartition("/")[2] if len(paths) == 1 else None
        unit = db.session.get(Unit, alone) if alone else None
    departments = below(db.session, paths, "department")
    return Several(unit, paths, departments) if len(departments) > 1 else None


def names_above(those: Several) -> dict[str, str]:
    """{code: name} of the counties, where the departments are of several; else nothing: it would be the same on each row."""
    codes = {one.parent_code for one in those.departments}
    if len(codes) < 2:
        return {}
    return dict(db.session.execute(select(Unit.code, Unit.name).where(Unit.code.in_(codes))).all())


def overview_url(me: Actor, unit: Unit, action: str, endpoint: str) -> str | None:
    """From a department's page to that of all departments; None for whoever sees this one alone."""
    if me.can(action, unit.path.removesuffix(f"{unit.code}/")):
        return url_for(endpoint, unit=unit.parent_code)
    return url_for(endpoint) if len(me.reach(action)) > 1 else None


def _first(units: list[Unit], otherwise: str) -> Unit:
    if not units:
        raise Problem(otherwise)
    return units[0]


def list_in_sight(me: Actor, manifest_id: str, action: str) -> tuple[Manifest, Unit]:
    """A day's list and its department; for whoever does not see the department there is no such list."""
    if not is_id(manifest_id):
        raise Problem("not-found")
    manifest = manifest_of(db.session, manifest_id)
    return manifest, unit_for(db.session, me, manifest.unit_code, action)


def neighbours(me: Actor, unit: Unit, action: str) -> list[Unit]:
    """The departments of the same county in which the actor may do ``action``, itself too; empty if it is alone."""
    county = unit.path.removesuffix(f"{unit.code}/")
    found = [other for other in below(db.session, [county], "department") if me.can(action, other.path)]
    return found if len(found) > 1 else []


def chosen_day(unit: Unit, ahead: int = 0) -> date:
    """The day of ``day``, else today; ``invalid`` for no day, ``bad-day`` outside the unit's life or ``ahead`` of today."""
    today = clock.local_date(now())
    text = request.values.get("day")
    if not text:
        return min(today, unit.closed_on - timedelta(days=1)) if unit.closed_on else today
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Problem("invalid", {"day": "day"}) from error
    within_life(unit, day, today + timedelta(days=ahead))
    return day
