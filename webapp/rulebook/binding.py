"""The duties that bind a unit on a day, overrides of the unit and of those above it included.

Whoever draws, asks for a number of items or calls a point confirmed takes the number from here, so that it is never
another one than the ledger counts by.
"""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.org.queries import setting_on, settings_of
from webapp.rulebook.queries import Rules, rules_of
from webapp.rulebook.rules import Duty, load
from webapp.rulebook.ways import Way

Settings = dict[str, list[tuple[date, str]]]  # of departments, as ``org.queries.settings_of`` reads them


def duties_on(session: Session, unit: Unit, day: date, counted: Callable[[Way], bool]) -> list[Duty]:
    """The unit's duties so ``counted`` on ``day``; those of the edition that ships where none binds it then."""
    return _on(rules_of(session, [unit]), settings_of(session, [unit.code]), unit, day, counted)


def _on(
    rules: Rules, settings: Settings, unit: Unit, day: date, counted: Callable[[Way], bool]
) -> list[Duty]:
    setting = setting_on(unit, settings, day)
    found = [duty for duty in rules.at(unit, day).duties_of(unit.level, setting) if counted(duty.way)]
    return found or [duty for duty in load().duties.values() if counted(duty.way)]


def confirmed_for(session: Session, unit: Unit, day: date) -> timedelta:
    """For how long a confirmation of a relay point holds, the last day included [14.4(1), Reading: confirmed]."""
    return confirmed_by(rules_of(session, [unit]), settings_of(session, [unit.code]), unit, day)


def confirmed_by(rules: Rules, settings: Settings, unit: Unit, day: date) -> timedelta:
    """The same for whoever has the rules and settings of the unit already."""
    return timedelta(
        days=min(duty.days for duty in _on(rules, settings, unit, day, lambda way: way.confirms))
    )
