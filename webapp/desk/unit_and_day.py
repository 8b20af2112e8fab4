"""Pages of any unit and any day, to come too: the ways up and down from the unit, and the day of the address."""

from datetime import date

from flask import request, url_for
from sqlalchemy import select

from webapp.core import clock
from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.core.ranges import FIRST_DAY, LAST_DAY
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.web.access import now

Way = tuple[str, str]


def ladder(me: Actor, unit: Unit, action: str, endpoint: str, **more: str) -> tuple[list[Way], list[Way]]:
    """``(name, url)`` of the units above and of the children, as far as the actor may do ``action`` there."""
    codes = unit.path.strip("/").split("/")[:-1]
    above = db.session.scalars(select(Unit).where(Unit.code.in_(codes)).order_by(Unit.path)).all()
    children = db.session.scalars(select(Unit).where(Unit.parent_code == unit.code).order_by(Unit.code)).all()
    return tuple(
        [(one.name, url_for(endpoint, unit=one.code, **more)) for one in several if me.can(action, one.path)]
        for several in (above, children)
    )


def path_names(unit: Unit) -> dict[str, str]:
    """The names of the unit and of those above it, by code."""
    codes = unit.path.strip("/").split("/")
    return dict(db.session.execute(select(Unit.code, Unit.name).where(Unit.code.in_(codes))).all())


def given_day(name: str = "day") -> date:
    """The day of ``?day=``, past or to come, else today; raises ``invalid``."""
    text = request.values.get(name)
    if not text:
        return clock.local_date(now())
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Problem("invalid", {name: "day"}) from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Problem("invalid", {name: "day"})
    return day
