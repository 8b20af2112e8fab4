"""The duties that bind a unit on a day, overrides of the unit and of those above it included.

Whoever draws, asks for a number of items or calls a point confirmed takes the number from here, so that it is never
another one than the ledger counts by.
"""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.org.queries import setting_on, settings_of
from webapp.rulebook.queries import rules_of
from webapp.rulebook.rules import Duty, load
from webapp.rulebook.ways import Way


def duties_on(session: Session, unit: Unit, day: date, counted: Callable[[Way], bool]) -> list[Duty]:
    """The unit's duties so ``counted`` on ``day``; those of the edition that ships where none binds it then."""
    setting = setting_on(unit, settings_of(session, [unit.code]), day)
    book = rules_of(session, [unit]).at(unit, day)
    found = [duty for duty in book.duties_of(unit.level, setting) if counted(duty.way)]
    return found or [duty for duty in load().duties.values() if counted(duty.way)]


def confirmed_for(session: Session, unit: Unit, day: date) -> timedelta:
    """For how long a confirmation of a relay point holds, the last day included [14.4(1), Reading: confirmed]."""
    return timedelta(days=min(duty.days for duty in duties_on(session, unit, day, lambda way: way.confirms)))
