"""What the rules in force ask of a unit's day: the share that is drawn, the size of a watch [14.1(1), 14.1(5)].

Overrides of the unit and of those above it are in: a draw is never too small for the duty that it serves.
"""

from datetime import date

from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.org.queries import setting_on, settings_of
from webapp.rulebook.queries import rules_of
from webapp.rulebook.rules import Duty, load
from webapp.sampling.rules import SAMPLED


def drawn_percent(session: Session, unit: Unit, day: date) -> int:
    """The percent of a list of ``day`` that is drawn: the most that a duty of the unit asks of numbered items."""
    return max(duty.percent for duty in _duties(session, unit, day, "share") if set(duty.of) <= set(SAMPLED))


def watch_size(session: Session, unit: Unit, day: date) -> int:
    """How many items are chosen in advance for ``day`` where enough comes in."""
    return max(duty.size for duty in _duties(session, unit, day, "watch"))


def _duties(session: Session, unit: Unit, day: date, measure: str) -> list[Duty]:
    """The unit's duties of ``measure`` on ``day``; those of the edition that ships where none binds it then."""
    setting = setting_on(unit, settings_of(session, [unit.code]), day)
    book = rules_of(session, [unit]).at(unit, day)
    found = [duty for duty in book.duties_of(unit.level, setting) if duty.measure == measure]
    return found or [duty for duty in load().duties.values() if duty.measure == measure]
