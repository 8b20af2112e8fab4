"""What a unit with departments below it asks in the morning, read only: a constant number of queries, however many there are.

Each matter is counted where it arises (a spot: mostly a department) and shown by the unit right below in which that lies.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from webapp.cases.listing import late_owners
from webapp.core.clock import local_date
from webapp.inquiries.attention import waiting_by_unit
from webapp.inspections.queries import last_work
from webapp.ledger.closings import OpenLine, closing_today
from webapp.ledger.queries import Phone, phones, ticked_at
from webapp.org.models import Unit
from webapp.org.queries import below, services_of
from webapp.org.services import DELIVERY, services_on
from webapp.rulebook.periods import Calendar
from webapp.rulebook.queries import calendars_of
from webapp.sampling.overview import DRAFT, NONE, DayLists, lists_of_day

LISTS, IDLE, CLOSING, WAITING, OVERDUE, SILENT = MATTERS = (
    "lists", "idle", "closing", "waiting", "overdue", "silent",
)  # fmt: skip
IDLE_AFTER = 3  # delivery days without a record
BACK = timedelta(days=60)  # so far back a last record is looked for


@dataclass(frozen=True)
class Quiet:
    """Since when a department's own people have recorded nothing. ``last``: None where not within two months."""

    last: date | None
    days: int  # delivery days since then that are over


@dataclass(frozen=True)
class Spot:
    """Where something of a matter is: how much of it, and what is known of it, by the matter."""

    unit: Unit
    count: int
    lists: DayLists | None = None
    quiet: Quiet | None = None
    lines: tuple[OpenLine, ...] = ()
    phones: tuple[Phone, ...] = ()


@dataclass
class Row:
    """What there is of a matter in a unit right below, or in the unit itself."""

    unit: Unit
    spots: list[Spot] = field(default_factory=list)

    @property
    def count(self) -> int:
        """All of it together."""
        return sum(spot.count for spot in self.spots)

    @property
    def alone(self) -> bool:
        """Whether it is the unit's own and nothing lies below it."""
        return [spot.unit.code for spot in self.spots] == [self.unit.code]


@dataclass
class Matter:
    """One question of the morning: the units in which there is something, where there is most first."""

    code: str
    rows: list[Row]

    @property
    def count(self) -> int:
        """All of it together."""
        return sum(row.count for row in self.rows)

    def whole(self, unit: Unit) -> Row:
        """All of it as one row of the unit."""
        return Row(unit, [spot for row in self.rows for spot in row.spots])

    @property
    def places(self) -> int:
        """In how many units it arises."""
        return sum(len(row.spots) for row in self.rows)


@dataclass(frozen=True)
class Morning:
    """The morning of a unit. ``delivering``: departments with delivery today; ``lists``: their lists of today by code."""

    unit: Unit
    today: date
    matters: dict[str, Matter]
    below: list[Unit]  # the units right below that are open
    delivering: list[Unit]
    resting: int  # departments with no delivery today
    lists: Mapping[str, DayLists]
    ticked_at: datetime | None

    @property
    def sealed(self) -> list[Unit]:
        """The departments whose lists of today are sealed, all of them."""
        return [
            one for one in self.delivering if one.code in self.lists and not _unsealed(self.lists[one.code])
        ]


def morning(session: Session, unit: Unit, now: datetime) -> Morning:
    """What waits in the unit and below it at this moment."""
    today = local_date(now)
    units = {one.code: one for one in below(session, [unit.path])}
    offices = offices_on(session, units.values(), today)
    calendars = calendars_of(session, offices)
    delivering = [one for one in offices if calendars[one.code].delivers(today)]
    lists = lists_of_day(session, [unit.path], today)
    by_unit = {
        LISTS: _without_lists(delivering, lists),
        IDLE: _idle(session, offices, calendars, today),
        CLOSING: _closing(session, unit, now),
        WAITING: _counted(waiting_by_unit(session, unit)),
        OVERDUE: _counted(late_owners(session, unit, today)),
        SILENT: _silent(session, unit, units.values(), now),
    }
    return Morning(
        unit,
        today,
        {code: _matter(code, unit, units, spots) for code, spots in by_unit.items()},
        [one for one in units.values() if one.parent_code == unit.code and one.is_open(today)],
        delivering,
        len(offices) - len(delivering),
        lists,
        ticked_at(session, unit),
    )


def idle_days(calendar: Calendar, last: date, today: date) -> int:
    """How many delivery days lie after ``last`` and are over: today is not."""
    span = (today - last).days
    return sum(calendar.delivers(last + timedelta(days=n)) for n in range(1, span))


def offices_on(session: Session, units: Iterable[Unit], day: date) -> list[Unit]:
    """Those of the units that are departments, open on the day, and deliver at all; one query."""
    departments = [one for one in units if one.level == "department" and one.is_open(day)]
    services = services_of(session, [one.code for one in departments])
    return [one for one in departments if DELIVERY in services_on(services.get(one.code, ()), day)]


def _unsealed(lists: DayLists) -> bool:
    return lists.state in (NONE, DRAFT)


Found = dict[str, dict]  # {code of the unit: the fields of its spot}


def _without_lists(delivering: Iterable[Unit], lists: Mapping[str, DayLists]) -> Found:
    every = {one.code: lists.get(one.code, DayLists()) for one in delivering}
    return {code: {"count": 1, "lists": one} for code, one in every.items() if _unsealed(one)}


def _idle(session: Session, offices: Sequence[Unit], calendars: Mapping[str, Calendar], today: date) -> Found:
    last = last_work(session, [one.code for one in offices], today - BACK, today)
    found = {}
    for one in offices:
        since = max(last.get(one.code, today - BACK), one.ledger_first - timedelta(days=1))
        days = idle_days(calendars[one.code], since, today)
        if days >= IDLE_AFTER:
            found[one.code] = {"count": 1, "quiet": Quiet(last.get(one.code), days)}
    return found


def _closing(session: Session, unit: Unit, now: datetime) -> Found:
    lines: dict[str, list[OpenLine]] = {}
    for line in closing_today(session, unit, now):
        lines.setdefault(line.unit_code, []).append(line)
    return {code: {"count": len(several), "lines": tuple(several)} for code, several in lines.items()}


def _counted(counts: Mapping[str, int]) -> Found:
    return {code: {"count": count} for code, count in counts.items()}


def _silent(session: Session, unit: Unit, units: Iterable[Unit], now: datetime) -> Found:
    """Phones not heard from, at each unit in which their people work."""
    codes = {one.path: one.code for one in units}
    there: dict[str, list[Phone]] = {}
    for phone in phones(session, unit, now):
        if phone.silent:
            for path in phone.paths:
                there.setdefault(codes[path], []).append(phone)
    return {code: {"count": len(several), "phones": tuple(several)} for code, several in there.items()}


def _matter(code: str, unit: Unit, units: Mapping[str, Unit], spots: Found) -> Matter:
    rows: dict[str, Row] = {}
    for where, said in spots.items():
        one = units[where]
        right_below = _right_below(unit, one)
        row = rows.setdefault(right_below, Row(units[right_below]))
        row.spots.append(Spot(one, **said))
    for row in rows.values():
        row.spots.sort(key=lambda spot: (-_weight(spot), spot.unit.code))
    order = sorted(rows.values(), key=lambda row: (-sum(map(_weight, row.spots)), row.unit.code))
    return Matter(code, order)


def _weight(spot: Spot) -> int:
    """What is worse comes first: longest idle, nothing imported before a draft, then by how much there is."""
    if spot.quiet:
        return spot.quiet.days
    if spot.lists:
        return 2 if spot.lists.state == NONE else 1
    return spot.count


def _right_below(unit: Unit, one: Unit) -> str:
    """The code of the unit right below ``unit`` in which ``one`` lies; of the unit itself, its own."""
    rest = one.path[len(unit.path) :]
    return rest.split("/")[0] or unit.code
