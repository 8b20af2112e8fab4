"""A section of somebody's phone, built without a request: as of any instant, for any day's roles."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.rulebook.queries import editions_of
from webapp.sync.sections import BUILDERS
from webapp.sync.working import Working


def rows_of(session: Session, actor: Actor, name: str, unit: str, at: datetime) -> list[dict]:
    """The rows of the section ``name`` of one unit."""
    units = [session.get(Unit, unit)]
    working = Working(session, actor, units, at, editions_of(session), names=[name])
    return BUILDERS[name](working).get(unit, [])
