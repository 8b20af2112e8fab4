"""Who delivered an item: a dated fact of its own, read from the lists and from hand-overs [Reading: who].

:func:`who` is pure. The lists of the day say it, sealed or not, else the latest list before that bears the number; a
hand-over says otherwise. Nothing of it depends on what became known first.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from webapp.core.prepared import ask, several
from webapp.sampling.models import Handover, Manifest, ManifestItem

AT_ONCE = 5000  # values in one IN list: SQLite takes 32,766
Asked = tuple[str, date, str]  # unit, the day looked at, number


@dataclass(frozen=True)
class Stood:
    """An item on a list that was not thrown away."""

    day: date
    route: str | None
    person: str | None


@dataclass(frozen=True)
class Handed:
    """A route or a number that was handed over for a day; of two the greater fact id is the later one."""

    fact: str
    day: date
    person: str
    route: str | None
    number: str | None


def who(day: date, number: str, stood: Iterable[Stood], handed: Iterable[Handed]) -> frozenset[str]:
    """Who delivered the number, as looked at from ``day``; empty where nobody is known.

    Two people only where nothing tells them apart: two lists of the day name them, or the item stands on an earlier
    list and its route changed hands on ``day``, when it may have gone out once more.
    """
    before = [one for one in stood if one.day <= day]
    listed = max((one.day for one in before), default=None)
    rows = [one for one in before if one.day == listed]
    routes = {one.route for one in rows if one.route}
    since = listed or date.min
    named = [one for one in handed if since <= one.day <= day and one.number == number]
    routed = [one for one in handed if one.route in routes]
    found = {one.person for one in rows if one.person}
    if latest := _latest([*named, *(one for one in routed if one.day == listed)]):
        found = {latest.person}
    if listed != day:
        again = _latest([one for one in (*named, *routed) if one.day == day])
        found |= {again.person} if again and again.route else set()
    return frozenset(found)


def _latest(handed: Sequence[Handed]) -> Handed | None:
    return max(handed, key=lambda one: (one.day, one.fact), default=None)


# ---------------------------------------------------------------- from the database


def deliverers(session: Session, asked: Iterable[Asked]) -> dict[Asked, frozenset[str]]:
    """Who delivered each of the asked items; those of whom nobody is known are left out. A fixed number of queries."""
    return {one: carried.people for one, carried in carried_by(session, asked).items() if carried.people}


@dataclass(frozen=True)
class Carried:
    """On which route an item stood on its list, and who delivered it."""

    route: str | None
    people: frozenset[str]


NOBODY = Carried(None, frozenset())


def carried_by(session: Session, asked: Iterable[Asked]) -> dict[Asked, Carried]:
    """Route and people of each of the asked items that stand on a list or were handed over. A fixed number of queries."""
    wanted = set(asked)
    return read(session, wanted).of(wanted) if wanted else {}


@dataclass(frozen=True)
class Deliveries:
    """What lists and hand-overs say of items that are asked about: the rows by unit and number, the hand-overs by unit."""

    stood: Mapping[tuple[str, str], Sequence[Stood]]
    handed: Mapping[str, Sequence[Handed]]

    def of(self, asked: Iterable[Asked]) -> dict[Asked, Carried]:
        """Route and people of each of the asked items of which either is known."""
        found = {
            one: _carried(one, self.stood.get((one[0], one[2]), ()), self.handed.get(one[0], ()))
            for one in asked
        }
        return {one: carried for one, carried in found.items() if carried.route or carried.people}


def read(
    session: Session,
    asked: Iterable[Asked],
    lists: Mapping[str, tuple[str, date]] | None = None,
    days: Mapping[str, Collection[date]] | None = None,
) -> Deliveries:
    """What tells who delivered the asked items. ``lists``: units and days of lists that are known already; ``days``: of
    units of which every hand-over is wanted.
    """
    wanted = set(asked)
    numbers = {number for _, _, number in wanted}
    stood = _stood(session, {unit for unit, _, _ in wanted}, numbers, dict(lists or {})) if wanted else {}
    gone_out = {day for _, day, _ in wanted}
    if gone_out:
        gone_out |= {one.day for rows in stood.values() for one in rows if one.day <= max(gone_out)}
    gone_out |= {day for several in (days or {}).values() for day in several}
    units = {unit for unit, _, _ in wanted} | set(days or ())
    unlisted = {
        number
        for unit, day, number in wanted
        if not any(one.day <= day for one in stood.get((unit, number), ()))
    }
    return Deliveries(stood, _handed(session, units, unlisted, gone_out) if units and gone_out else {})


def _carried(asked: Asked, stood: Sequence[Stood], handed: Sequence[Handed]) -> Carried:
    _unit, day, number = asked
    if not handed and not stood:
        return NOBODY
    if len(stood) == 1 and not handed and stood[0].day <= day:  # nearly all of thousands: it went out once
        [row] = stood
        return Carried(row.route, frozenset([row.person]) if row.person else frozenset())
    return Carried(_route(day, stood), who(day, number, stood, handed))


def _route(day: date, stood: Iterable[Stood]) -> str | None:
    """The route of the latest list by that day, where it names one alone."""
    before = [one for one in stood if one.day <= day]
    listed = max((one.day for one in before), default=None)
    routes = {one.route for one in before if one.day == listed and one.route}
    return routes.pop() if len(routes) == 1 else None


_ITEMS = select(
    ManifestItem.manifest_id, ManifestItem.number, ManifestItem.route_id, ManifestItem.delivered_by
).where(ManifestItem.number.in_(several("numbers")))
_LISTS = select(Manifest.id, Manifest.unit_code, Manifest.day).where(
    Manifest.unit_code.in_(several("units")),
    Manifest.discarded_at.is_(None),
    Manifest.id.in_(several("lists")),
)
# Whoever has a number in hand is asked for by it, whenever that was; of all others the days are enough.
_HANDED = select(
    Handover.unit_code, Handover.fact_id, Handover.day, Handover.person_id, Handover.route_id, Handover.number
).where(
    Handover.unit_code.in_(several("units")),
    or_(Handover.day.between(bindparam("first"), bindparam("last")), Handover.number.in_(several("numbers"))),
)


def _stood(
    session: Session, units: set[str], numbers: set[str], known: dict[str, tuple[str, date]]
) -> dict[tuple[str, str], list[Stood]]:
    """By unit and number. The number first: through the lists it would look into each that the unit ever had."""
    items = [row for part in parts(numbers) for row in ask(session, _ITEMS, numbers=part).all()]
    for part in parts({row[0] for row in items} - known.keys()):
        known |= {one: (unit, day) for one, unit, day in ask(session, _LISTS, units=list(units), lists=part)}
    found: dict[tuple[str, str], list[Stood]] = {}
    for manifest, number, route, person in items:
        if manifest in known:
            unit, day = known[manifest]
            found.setdefault((unit, number), []).append(Stood(day, route, person))
    return found


def _handed(session: Session, units: set[str], numbers: set[str], days: set[date]) -> dict[str, list[Handed]]:
    """By unit: the hand-overs of days on which an item may have gone out; whenever, those of numbers that no list bears."""
    found: dict[str, set[Handed]] = {}
    for part in [*parts(numbers)] or [[]]:
        for unit, *row in ask(
            session, _HANDED, units=list(units), first=min(days), last=max(days), numbers=part
        ):
            found.setdefault(unit, set()).add(Handed(*row))
    return {unit: sorted(handed, key=lambda one: one.fact) for unit, handed in found.items()}


def standing(session: Session, unit_code: str, day: date) -> set[tuple[str, str | None, str | None]]:
    """(number, route, who delivers it) of everything on the unit's lists of the day that were not thrown away."""
    query = (
        select(ManifestItem.number, ManifestItem.route_id, ManifestItem.delivered_by)
        .join(Manifest, Manifest.id == ManifestItem.manifest_id)
        .where(Manifest.unit_code == unit_code, Manifest.day == day, Manifest.discarded_at.is_(None))
    )
    return {tuple(row) for row in session.execute(query)}


def parts(values: Iterable[str]) -> Iterator[list[str]]:
    """The values in sorted lists, each short enough for one query."""
    rest = iter(sorted(values))
    while part := list(islice(rest, AT_ONCE)):
        yield part
