"""Calendars of departments, read only."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.rulebook.models import DayException, DeliveryDays
from webapp.rulebook.periods import Calendar


def calendars_of(session: Session, units: Sequence[Unit]) -> dict[str, Calendar]:
    """The calendar of each unit, in two queries. A make-up day beats a holiday; the nearer unit beats the farther."""
    codes = [unit.code for unit in units]
    above = {code for unit in units for code in unit.path.strip("/").split("/")}
    masks: dict[str, list] = {code: [] for code in codes}
    rows = select(DeliveryDays).where(DeliveryDays.unit_code.in_(codes)).order_by(DeliveryDays.first_day)
    for row in session.scalars(rows):
        masks[row.unit_code].append((row.first_day, row.mask))
    exceptions: dict[str, list] = {}
    for row in session.scalars(select(DayException).where(DayException.unit_code.in_(above))):
        exceptions.setdefault(row.unit_code, []).append(row)
    return {unit.code: Calendar(tuple(masks[unit.code]), _exceptions(unit, exceptions)) for unit in units}


def _exceptions(unit: Unit, by_unit: dict[str, list]) -> dict:
    days = {}
    for code in unit.path.strip("/").split("/"):
        for row in sorted(by_unit.get(code, ()), key=lambda row: row.delivers):
            days[row.day] = row.delivers
    return days
