"""What the rules in force ask of a unit's day: the share that is drawn, the size of a watch [14.1(1), 14.1(5)]."""

from datetime import date

from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.rulebook.binding import duties_on
from webapp.sampling.rules import SAMPLED


def drawn_percent(session: Session, unit: Unit, day: date) -> int:
    """The percent of a list of ``day`` that is drawn: the most that a duty of the unit asks of numbered items."""
    shares = duties_on(session, unit, day, lambda way: way.drawn)
    return max(duty.percent for duty in shares if set(duty.of) <= set(SAMPLED))


def watch_size(session: Session, unit: Unit, day: date) -> int:
    """How many items are chosen in advance for ``day`` where enough comes in."""
    return max(duty.size for duty in duties_on(session, unit, day, lambda way: way.chosen))
