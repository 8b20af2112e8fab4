"""Pages of one department and one day or list: which they are, and the neighbours to turn to."""

from datetime import date, timedelta

from flask import request

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
