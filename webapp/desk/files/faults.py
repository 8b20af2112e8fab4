"""What is wrong with the rows of a file, as one line a fault: how often, in which rows, and the door to where it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _

from webapp.core.database import db
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.web.language import language

MOST_SPANS = 400  # of one fault; more are counted


@dataclass(frozen=True)
class Door:
    """Where a fault is mended: a page, or, without ``url``, who can."""

    label: str
    url: str | None = None


@dataclass
class Fault:
    """One fault of one or many rows."""

    field: str
    reason: str
    doors: tuple[Door, ...] = ()
    numbers: list[int] = field(default_factory=list)

    @property
    def lines(self) -> str:
        """The rows that have it: 2–5, 9."""
        return lines_said(self.numbers)


def faults_of(remarks: Iterable[tuple[int, str, str, tuple[Door, ...]]]) -> list[Fault]:
    """(line, field, reason, doors) of every row, identical ones as one, in the order of their first rows."""
    found: dict[tuple, Fault] = {}
    for line, name, reason, doors in remarks:
        found.setdefault((name, reason, doors), Fault(name, reason, doors)).numbers.append(line)
    return list(found.values())


def lines_said(numbers: Iterable[int]) -> str:
    """Line numbers as people write them: 2–5, 9."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    said = [str(first) if first == last else f"{first}–{last}" for first, last in spans[:MOST_SPANS]]
    return ("、" if language() == "zh" else ", ").join([*said, "…"] if len(spans) > MOST_SPANS else said)


# ---------------------------------------------------------------- doors


def people_door(me: Actor, unit: Unit) -> Door:
    """Where the people of the unit are entered or looked up."""
    if me.can("see-people", unit.path):
        return Door(_("People of %(unit)s", unit=unit.name), url_for("people.index", unit=unit.code))
    return Door(_("The county bureau keeps the people."))


def person_door(person_id: str, label: str) -> Door:
    """The page of a person in sight."""
    return Door(label, url_for("people.show", person_id=person_id))


def routes_door(me: Actor, unit: Unit) -> Door:
    """Where the routes of the unit are entered."""
    if me.can("keep-units", unit.path):
        return Door(_("Routes of %(unit)s", unit=unit.name), url_for("units.show", code=unit.code))
    return Door(_("The county bureau keeps the routes."))


def unit_door(me: Actor, code: str) -> tuple[Door, ...]:
    """The page of a unit that the actor keeps; none where there is no such unit."""
    unit = db.session.get(Unit, code) if code.isprintable() else None
    if unit is None or not me.can("keep-units", unit.path):
        return ()
    return (Door(unit.name, url_for("units.show", code=unit.code)),)
