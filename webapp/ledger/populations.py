"""Who is to be covered by an upper duty: units below as of a period [15, 16; Reading: upper-population]. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from webapp.ledger.lines import Point
from webapp.rulebook.coverage import Having, Population
from webapp.rulebook.periods import DAY, Calendar, Period

# Open for at least so many days of a period: a quarter of it; of a week all of it.
LEAST_DAYS = {"day": 1, "week": 7, "month": 7, "quarter": 21, "half-year": 45, "year": 90}


@dataclass(frozen=True)
class Member:
    """A unit below as it was and will be, by the dates known so far. ``above``: the codes from the region to itself."""

    code: str
    level: str
    above: tuple[str, ...]
    spans: tuple[tuple[date, date | None], ...]  # (first day, first day closed)
    settings: tuple[tuple[date, str], ...] = ()
    services: tuple[tuple[str, date, date | None], ...] = ()  # (service, first day, last day)
    bureau: str | None = None
    points: tuple[Point, ...] = ()
    calendar: Calendar = Calendar()


@dataclass(frozen=True)
class About:
    """A record about a unit below: what decides membership and what there is to look at.

    ``received_at``: when it, or what it corrects, came first. ``in_force`` False: corrected or withdrawn since; whoever
    looked at it before has looked.
    """

    id: str
    unit: str
    kind: str
    day: date
    by: str  # the level of the unit that acted
    received_at: datetime
    in_force: bool = True


@dataclass(frozen=True)
class Below:
    """The units below whoever owes a duty, and the records about them."""

    members: Mapping[str, Member] = field(default_factory=dict)
    records: Sequence[About] = ()
    populations: Mapping[str, Population] = field(default_factory=dict)

    def path(self, code: str) -> tuple[str, ...]:
        """The codes from the region down to the unit; only itself where it is none of those below."""
        member = self.members.get(code)
        return member.above if member else (code,)

    def about(self, code: str) -> Sequence[About]:
        """The records about the unit and those below it."""
        return self._about.get(code, ())

    @cached_property
    def _about(self) -> Mapping[str, Sequence[About]]:
        # A region asks each of a thousand departments: nobody goes through all records for each.
        found: dict[str, list[About]] = {}
        for record in self.records:
            for code in self.path(record.unit):
                found.setdefault(code, []).append(record)
        return found


@dataclass(frozen=True)
class Moment:
    """A population is told for a period, as of a day (its last, or today), from what had come when the line closed."""

    period: Period
    as_of: date
    closes_at: datetime


def open_days(spans: Iterable[tuple[date, date | None]], period: Period) -> int:
    """Days of the period on which something with these spans is open."""
    total = 0
    for first, end in spans:
        last = period.last if end is None else min(period.last, end - DAY)
        total += max(0, (last - max(period.first, first)).days + 1)
    return total


def stands(spans: Sequence[tuple[date, date | None]], moment: Moment) -> bool:
    """Whether something with these spans is open on the last day (or today) and for long enough of the period."""
    there = any(first <= moment.as_of and (end is None or moment.as_of < end) for first, end in spans)
    return there and open_days(spans, moment.period) >= LEAST_DAYS[moment.period.kind]


def staying(
    spans: Sequence[tuple[date, date | None]], period: Period
) -> tuple[tuple[date, date | None], ...]:
    """The spans as if what was open in the period had never closed since [Reading: upper-leaving]."""
    for n, (first, end) in enumerate(spans):
        if first <= period.last and end is not None and period.first < end:
            return (*spans[:n], (first, None))
    return tuple(spans)


def members_of(population: Population, below: Below, moment: Moment) -> dict[str, Member]:
    """The members by code."""
    return {code: one for code, one in below.members.items() if _is_member(one, population, below, moment)}


def leavers_of(population: Population, below: Below, moment: Moment) -> dict[str, Member]:
    """Who would be a member had nothing closed: what was done there before still counts [Reading: upper-leaving]."""
    stayed = replace(
        below, members={code: _stayed(one, moment.period) for code, one in below.members.items()}
    )
    return {
        code: one
        for code, one in members_of(population, stayed, moment).items()
        if not _is_member(below.members[code], population, below, moment)
    }


def ever_of(population: Population, below: Below, moment: Moment) -> dict[str, Member]:
    """Who is or was a member, had nothing closed and no record been corrected or withdrawn since."""
    kept = replace(below, records=[replace(record, in_force=True) for record in below.records])
    return members_of(population, kept, moment) | leavers_of(population, kept, moment)


def _stayed(one: Member, period: Period) -> Member:
    points = tuple(
        replace(point, closed_on=None)
        if point.closed_on is not None and point.opened_on <= period.last and period.first < point.closed_on
        else point
        for point in one.points
    )
    return replace(one, spans=staying(one.spans, period), points=points)


def _is_member(one: Member, population: Population, below: Below, moment: Moment) -> bool:
    if one.level != population.level or one.bureau in population.without or not stands(one.spans, moment):
        return False
    if population.service and population.service not in services_of(one, moment.period):
        return False
    if not _has(one, population.having, below, moment):
        return False
    if population.any and not any(_has(one, having, below, moment) for having in population.any):
        return False
    if population.holds is None:
        return True
    inner = below.populations[population.holds]
    return any(
        one.code in other.above and other is not one and _is_member(other, inner, below, moment)
        for other in below.members.values()
    )


def first_day(one: Member, period: Period) -> date:
    """The day as on which its setting and services hold: the period's first, or the day on which it opened in it."""
    days = [
        max(first, period.first)
        for first, end in one.spans
        if first <= period.last and (end is None or period.first < end)
    ]
    return min(days, default=period.first)


def setting_of(one: Member, period: Period) -> str | None:
    """City or rural as on the period's first day."""
    day = first_day(one, period)
    held = [setting for since, setting in one.settings if since <= day]
    return held[-1] if held else one.settings[0][1] if one.settings else None


def services_of(one: Member, period: Period) -> frozenset[str]:
    """The services as on the period's first day: they are held for the whole of it."""
    day = first_day(one, period)
    return frozenset(
        service for service, first, last in one.services if first <= day and (last is None or day <= last)
    )


def points_of(one: Member, moment: Moment) -> frozenset[str]:
    """Its relay points that count for the period, likewise."""
    by_id: dict[str, list[tuple[date, date | None]]] = {}
    for point in one.points:
        by_id.setdefault(point.id, []).append((point.opened_on, point.closed_on))
    return frozenset(point for point, spans in by_id.items() if stands(spans, moment))


def left_points(one: Member, moment: Moment) -> frozenset[str]:
    """Its relay points that would count had they not closed."""
    return points_of(_stayed(one, moment.period), moment) - points_of(one, moment)


def _has(one: Member, having: Having, below: Below, moment: Moment) -> bool:
    if having.settings and setting_of(one, moment.period) not in having.settings:
        return False
    if having.points and not points_of(one, moment):
        return False
    if having.delivers and not any(
        one.calendar.delivers(day) for day in moment.period.days() if _open_on(one, day)
    ):
        return False
    return having.records is None or bool(
        records_about(one, having.records.kinds, having.records.by, below, moment)
    )


def _open_on(one: Member, day: date) -> bool:
    return any(first <= day and (end is None or day < end) for first, end in one.spans)


def records_about(
    one: Member, kinds: Sequence[str], by: Sequence[str], below: Below, moment: Moment
) -> list[About]:
    """The records in force about the unit and those below it in the period; what came after the closing is none."""
    return [
        record
        for record in ever_about(one, kinds, by, below, moment)
        if record.in_force and record.received_at <= moment.closes_at
    ]


def ever_about(
    one: Member, kinds: Sequence[str], by: Sequence[str], below: Below, moment: Moment
) -> list[About]:
    """The records of the kinds about the unit and those below it in the period, corrected and withdrawn ones too."""
    return [
        record
        for record in below.about(one.code)
        if record.kind in kinds and record.day in moment.period and (not by or record.by in by)
    ]
