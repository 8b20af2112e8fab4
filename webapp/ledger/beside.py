"""What is shown beside a line and is never in its verdict: the edition says which of a duty's lines have it (``beside``)."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.cases.figures import Share
from webapp.cases.monthly import first_day, solved_in_time
from webapp.core.clock import local_date
from webapp.org.models import Unit
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import Editions
from webapp.rulebook.rules import Duty


def beside(
    session: Session, editions: Editions, unit: Unit, duty: Duty, period: Period, now: datetime
) -> Share | None:
    """Of the problems that the duty's visits of relay points found: what fell due in the period, and how much was put right in time.

    None where the edition asks for nothing beside the line, and of periods before problems were followed [14.4(4), DOMAIN2 C.6].
    """
    if duty.beside is None:
        return None
    since = first_day(session)
    if since is None or period.last < since:
        return None
    kinds = editions.on(period.first).kinds
    of_points = [code for code in duty.kinds if code in kinds and kinds[code].subject == "point"]
    return solved_in_time(session, editions, unit, period, local_date(now), of_points, duty.settings)
