"""The relay register as values: what a change may say, the state that changes add up to, likely duplicates. Pure."""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

KINDS = ("mail-room", "property", "village")
AGREEMENTS = ("none", "oral", "written")
OPEN, CHANGE, CONFIRM, CLOSE, REOPEN = OPS = ("open", "change", "confirm", "close", "reopen")
# What stands in the open part of a change, and what in its personal part: a name and a telephone number of somebody.
OPEN_FIELDS = ("name", "kind", "address", "route", "agreement", "latitude", "longitude", "photo")
PERSONAL_FIELDS = ("keeper", "contact", "note")
BACK = timedelta(days=31)  # a change holds from at most so many days before the work
AHEAD = timedelta(days=366)  # a closing may be known so long before its day
NEAR = 30.0  # metres within which two points of one kind are likely one
_METRES = 111_195.0  # a degree of latitude
_CELL = 0.0006  # degrees: two points within NEAR lie in the same or in neighbouring cells, up to 60° north


# ---------------------------------------------------------------- changes


@dataclass(frozen=True)
class Change:
    """One change of a point; ``values`` maps each field it sets (route an id, photo a digest) to its new value.

    ``made`` is the day of the work, where it is known: a closing may hold from a later day.
    """

    id: str
    op: str
    day: date
    values: dict
    made: date | None = None

    @property
    def order(self) -> tuple[date, str]:
        """Changes count in the order of the days from which they hold, whatever the order in which they came."""
        return self.day, self.id


def lasting(changes: Iterable[Change]) -> dict:
    """The value of each field that the changes ever set, by the last change that set it."""
    values: dict = {}
    for change in sorted(changes, key=lambda change: change.order):
        values |= change.values
    return values


def spans(
    opened_on: date, closed_on: date | None, changes: Iterable[Change]
) -> list[tuple[date, date | None]]:
    """When the point is open: (first day, first day on which it is no longer), the oldest first.

    ``opened_on`` and ``closed_on`` tell of a point whose opening or closing is no change: it was made with its unit.
    A closing that still lay ahead when somebody closed the point anew or took the closing back is as if never said.
    """
    found: list[tuple[date, date | None]] = []
    turns = [change for change in changes if change.op in (OPEN, CLOSE, REOPEN)]
    steps = [step for step in turns if not any(_replaces(other, step) for other in turns)]
    steps.sort(key=lambda change: change.order)
    if not any(step.op == OPEN for step in steps):
        found.append((opened_on, None if steps else closed_on))
    for step in steps:
        if step.op == CLOSE and found and found[-1][1] is None:
            found[-1] = (found[-1][0], max(step.day, found[-1][0]))
        elif step.op != CLOSE and (not found or found[-1][1] is not None):
            found.append((step.day, None))
    return [(first, until) for first, until in found if until is None or first < until] or found[-1:]


def _replaces(later: Change, closing: Change) -> bool:
    """Whether ``later`` was said of a closing whose day had not come."""
    if closing.op != CLOSE or later.op not in (CLOSE, REOPEN) or None in (closing.made, later.made):
        return False
    return later.id > closing.id and closing.made < closing.day and later.made < closing.day


def closes_ahead(life: Sequence[tuple[date, date | None]], day: date) -> date | None:
    """The day from which the point will no longer be open, where that lies after ``day``."""
    until = life[-1][1] if life else None
    return until if until is not None and until > day and is_open(life, day) else None


def is_open(life: Sequence[tuple[date, date | None]], day: date) -> bool:
    """Whether the point is open on ``day``."""
    return any(first <= day and (until is None or day < until) for first, until in life)


def fault_of(
    op: str, day: date, life: Sequence[tuple[date, date | None]], made: date | None = None
) -> dict[str, str]:
    """Why a change of a point that exists makes no sense on ``day``: {field: reason}, empty if it does.

    A closing that lies ahead of ``made``, the day of the work, is closed anew (earlier or later) or taken back.
    """
    if op == OPEN:
        return {"point": "known"}
    if day < life[0][0]:
        return {"day": "before-opening"}
    if made and closes_ahead(life, made):
        return {}
    if op == CLOSE and not is_open(life, day):
        return {"op": "closed"}
    if op == REOPEN and is_open(life, day):
        return {"op": "open"}
    return {}


# ---------------------------------------------------------------- names, search, duplicates


class Place(Protocol):
    """What of a point is compared: a row of the register, or a form that would become one."""

    id: str
    name: str
    kind: str
    keeper: str | None
    contact: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Outline:
    """A place that is not on the register yet: what a form or a row of a file says of it."""

    id: str
    name: str
    kind: str
    keeper: str | None = None
    contact: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def outline(point_id: str, values: Mapping) -> Outline:
    """The outline of a point with these values; what is not said is not known."""
    said = {name: values.get(name) for name in ("keeper", "contact", "latitude", "longitude")}
    return Outline(point_id, values.get("name") or "", values.get("kind") or "", **said)


def plain(text: str | None) -> str:
    """A name to compare by: half-width, no case, no spaces and no punctuation."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN")


def metres(one: Place, other: Place) -> float | None:
    """The distance between two points; None where one of them has no position."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    middle = math.radians((one.latitude + other.latitude) / 2)
    east = (one.longitude - other.longitude) * math.cos(middle)
    return math.hypot(one.latitude - other.latitude, east) * _METRES


def alike(one: Place, other: Place) -> str | None:
    """Why two points are likely one: ``name``, ``near`` or ``keeper``; None if nothing says so."""
    if plain(one.name) == plain(other.name):
        return "name"
    apart = metres(one, other)
    if one.kind == other.kind and apart is not None and apart <= NEAR:
        return "near"
    return "keeper" if _kept_by(one) and _kept_by(one) == _kept_by(other) else None


def _kept_by(point: Place) -> tuple[str, str] | None:
    """Keeper and contact to compare by; None unless both are known: one man may keep two gates, a switchboard all."""
    keeper, contact = (
        plain(point.keeper),
        re.sub(r"\D", "", unicodedata.normalize("NFKC", point.contact or "")),
    )
    return (keeper, contact) if keeper and contact else None


def duplicates(candidate: Place, others: Iterable[Place]) -> list[tuple[Place, str]]:
    """Which of ``others`` are likely the same point as ``candidate``, and why."""
    found = ((other, alike(candidate, other)) for other in others if other.id != candidate.id)
    return [(other, why) for other, why in found if why]


def pairs(points: Iterable[Place]) -> dict[str, list[tuple[Place, str]]]:
    """The likely duplicates of each point that has any: {id: [(the other, why)]}. Only what shares a key is compared."""
    points = list(points)
    groups: dict[tuple, list[Place]] = defaultdict(list)
    for point in points:
        for key in _keys(point):
            groups[key].append(point)
    found: dict[str, list[tuple[Place, str]]] = {}
    for point in points:
        near = {other.id: other for key in _neighbours(point) for other in groups.get(key, ())}
        if same := duplicates(point, near.values()):
            found[point.id] = same
    return found


def _keys(point: Place) -> Iterator[tuple]:
    yield "name", plain(point.name)
    if keeper := _kept_by(point):
        yield "keeper", *keeper
    if point.latitude is not None and point.longitude is not None:
        yield "cell", point.kind, math.floor(point.latitude / _CELL), math.floor(point.longitude / _CELL)


def _neighbours(point: Place) -> Iterator[tuple]:
    for key in _keys(point):
        if key[0] != "cell":
            yield key
            continue
        _, kind, row, column = key
        yield from (("cell", kind, row + up, column + aside) for up in (-1, 0, 1) for aside in (-1, 0, 1))


def matches(query: str, name: str, initials: str, address: str | None = None) -> bool:
    """Whether every word of ``query`` is in the name or address, or in the name's pinyin initials."""
    text, letters = f"{plain(name)} {plain(address)}", plain(initials)
    return all(plain(word) in text or plain(word) in letters for word in query.split())
