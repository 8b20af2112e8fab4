"""Those who lead a unit are pressed (催办) by somebody above about one matter: a notice, once a day for a matter and unit.

It is a notice and nothing else: no evidence, no journal. Who pressed stands in its key, which nobody is shown.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.notices.models import Notice
from webapp.notices.operations import tell
from webapp.notices.sorts import Sort, register
from webapp.org.models import Person, Role, Unit
from webapp.org.queries import within
from webapp.org.rules import HEADS, Actor

PRESSED = register(Sort("pressed", ("by", "unit", "what"), "{by}催办：{unit}{what}", "{by} presses {unit}: {what}"))  # fmt: skip
# What became of it: told, told before on this day, or nobody leads the unit but perhaps the presser.
TOLD, BEFORE, NOBODY = "told", "before", "nobody"


@dataclass(frozen=True)
class Press:
    """That a unit was pressed today: when, and by whom (a person's id)."""

    at: datetime
    by: str


def press(
    session: Session, me: Actor, unit: Unit, matter: str, what: dict[str, str], address: str, now: datetime
) -> str:
    """Tell whoever leads the unit what waits there; TOLD, BEFORE or NOBODY. The caller has asked whether the actor may.

    ``matter``: a short code; ``what``: the sentence after the unit's name, in both languages; ``address``: the page of the
    desk on which it is dealt with. Leaves the inbox at once, as every press does.
    """
    today = local_date(now)
    # Of two who press at once the second waits here, and finds the first.
    session.execute(select(Unit.code).where(Unit.code == unit.code).with_for_update()).all()
    if (matter, unit.code) in pressed_in(session, [unit.path], today):
        return BEFORE
    leaders = leaders_in(session, [unit.path], today).get(unit.code, set()) - {me.person_id}
    if not leaders:
        return NOBODY
    above = session.get(Unit, me.acting_for("oversee", unit.path))
    tell(
        session,
        leaders,
        PRESSED.code,
        {"by": above.name, "unit": unit.name, "what": what},
        address,
        key=f"{_day_key(today)}{matter} {unit.code} {me.person_id}",
        now=now,
        grave=True,
        unit=unit.code,
    )
    return TOLD


def pressed_in(session: Session, paths: list[str], today: date) -> dict[tuple[str, str], Press]:
    """{(matter, unit): its press of today} of the units at or below the paths; one query."""
    query = (
        select(Notice.key, Notice.created_at)
        .join(Unit, Unit.code == Notice.unit_code)
        .where(within(paths), Notice.key.startswith(_day_key(today), autoescape=True))
    )
    found = {}
    for key, at in session.execute(query):
        matter, unit, by = key.removeprefix(_day_key(today)).split(" ")
        found[matter, unit] = Press(at, by)
    return found


def _day_key(day: date) -> str:
    return f"pressed {day.isoformat()} "


def leaders_in(session: Session, paths: list[str], today: date) -> dict[str, set[str]]:
    """{code of a unit at or below the paths: the people who lead it today}; one nobody leads is absent. One query."""
    fits = or_(*(and_(Unit.level == level, Role.role == role) for level, role in HEADS.items()))
    query = (
        select(Role.unit_code, Role.person_id)
        .join(Person, Person.id == Role.person_id)
        .join(Unit, Unit.code == Role.unit_code)
        .where(within(paths), fits, Person.active)
        .where(Role.first_day <= today, or_(Role.last_day.is_(None), Role.last_day >= today))
    )
    found: dict[str, set[str]] = {}
    for unit, person in session.execute(query):
        found.setdefault(unit, set()).add(person)
    return found
