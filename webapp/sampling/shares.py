"""What the rules in force ask of a unit's day: the share that is drawn, the size of a watch [14.1(1), 14.1(5)]."""

from datetime import date

from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.rulebook.binding import duties_on
from webapp.rulebook.purposes import of_numbered
from webapp.rulebook.rules import Duty
from webapp.sampling.rules import SAMPLED


def drawn_percent(session: Session, unit: Unit, day: date) -> int:
    """The percent of a list of ``day`` that is drawn: the most that a duty of the unit asks of numbered items."""
    shares = duties_on(session, unit, day, lambda way: way.drawn)
    return max(duty.percent for duty in shares if of_numbered(duty, SAMPLED))


def watch_duty(session: Session, unit: Unit, day: date) -> Duty:
    """The duty for which items are chosen in advance for ``day``: of several the one that asks for the most."""
    return max(duties_on(session, unit, day, lambda way: way.chosen), key=lambda duty: duty.size)


def watch_size(session: Session, unit: Unit, day: date) -> int:
    """How many items are chosen in advance for ``day`` where enough comes in."""
    return watch_duty(session, unit, day).size
