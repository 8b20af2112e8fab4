"""Periods and calendars as values: days, ISO weeks, months, quarters, half-years, years; delivery days."""

import calendar as gregorian
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache

from webapp.core.problems import Problem
from webapp.core.ranges import FIRST_DAY, LAST_DAY

DAY = timedelta(days=1)
NOT_SET = "set"  # of a duty whose period is still to be laid down: it has no line


@dataclass(frozen=True)
class Period:
    """A span of days with its code: ``2026-11-20``, ``2026-W47``, ``2026-11``, ``2026-Q4``, ``2026-H2``, ``2026``."""

    kind: str
    code: str
    first: date
    last: date

    @cached_property
    def month(self) -> str:
        """The month it belongs to; a week belongs to that of its Thursday [Reading: calendar]."""
        anchor = self.first + 3 * DAY if self.kind == "week" else self.last
        return f"{anchor:%Y-%m}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def days(self) -> list[date]:
        """Every day of the period."""
        return [self.first + n * DAY for n in range((self.last - self.first).days + 1)]

    def previous(self) -> "Period":
        """The period of the same kind before this one."""
        return period_of(self.kind, self.first - DAY)

    def next(self) -> "Period":
        """The period of the same kind after this one."""
        return period_of(self.kind, self.last + DAY)


def _months(kind: str, code: str, year: int, first: int, count: int) -> Period:
    last = first + count - 1
    return Period(kind, code, date(year, first, 1), date(year, last, gregorian.monthrange(year, last)[1]))


@lru_cache(maxsize=4096)
def period_of(kind: str, day: date) -> Period:
    """The period of ``kind`` that holds ``day``."""
    if kind == "day":
        return Period("day", day.isoformat(), day, day)
    if kind == "week":
        year, week, weekday = day.isocalendar()
        monday = day - (weekday - 1) * DAY
        return Period("week", f"{year}-W{week:02}", monday, monday + 6 * DAY)
    if kind == "month":
        return _months("month", f"{day:%Y-%m}", day.year, day.month, 1)
    if kind == "quarter":
        quarter = (day.month - 1) // 3
        return _months("quarter", f"{day.year}-Q{quarter + 1}", day.year, quarter * 3 + 1, 3)
    if kind == "half-year":
        half = (day.month - 1) // 6
        return _months("half-year", f"{day.year}-H{half + 1}", day.year, half * 6 + 1, 6)
    if kind == "year":
        return _months("year", f"{day.year}", day.year, 1, 12)
    raise ValueError(f"no such kind of period: {kind}")


_FORMS = {
    "day": re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
    "week": re.compile(r"(\d{4})-W(\d\d)"),
    "month": re.compile(r"(\d{4})-(\d\d)"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "half-year": re.compile(r"(\d{4})-H([12])"),
    "year": re.compile(r"(\d{4})"),
}


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period:
    """The period that ``text`` names; raises the problem ``bad-period``."""
    for kind, form in _FORMS.items():
        if match := form.fullmatch(text or ""):
            numbers = [int(group) for group in match.groups()]
            try:
                return period_of(kind, _first_day(kind, *numbers))
            except (ValueError, OverflowError):
                break
    raise Problem("bad-period", {"period": text or ""})


def _first_day(kind: str, year: int, part: int = 1, day: int = 1) -> date:
    if kind == "week":
        monday = date.fromisocalendar(year, part, 1)
        # The weeks at both ends of the range bear the number of the year before or after it.
        if monday + 6 * DAY < FIRST_DAY or monday > LAST_DAY:
            raise ValueError("week out of range")
        return monday
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise ValueError("year out of range")
    if kind in ("quarter", "half-year"):
        return date(year, (part - 1) * (3 if kind == "quarter" else 6) + 1, 1)
    return date(year, part, day)


def _dated(rows: tuple[tuple[date, int], ...], day: date, otherwise):
    value = otherwise
    for first, each in rows:
        if first <= day:
            value = each
    return value


@dataclass(frozen=True)
class Calendar:
    """A department's delivery days: dated weekday masks (bit 0 Monday … bit 6 Sunday), holidays, make-up days.

    ``exceptions`` are the unit's own and those of units above (the nearest is the one that stands there): whether the
    day is a delivery day, whatever else is said. ``public`` are the state's holidays and make-up workdays, which count
    while the unit keeps them (``holidays``, dated like the masks); ``years`` are those of which they are known.
    """

    masks: tuple[tuple[date, int], ...] = ()
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    holidays: tuple[tuple[date, bool], ...] = ()
    public: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def delivers(self, day: date) -> bool:
        """Whether ``day`` is a delivery day."""
        if day in self.exceptions:
            return self.exceptions[day]
        if day in self.public and self.observes(day):
            return self.public[day]
        return bool(self.mask(day) >> day.weekday() & 1)

    def mask(self, day: date) -> int:
        """The weekday mask in force on ``day``; all seven days where none is set."""
        return _dated(self.masks, day, 127)

    def observes(self, day: date) -> bool:
        """Whether public holidays are days without delivery on ``day``."""
        return _dated(self.holidays, day, False)

    def knows(self, year: int) -> bool:
        """Whether the year's delivery days are known: its public holidays are, or they do not matter here."""
        starts = [first for first, _ in self.holidays if first.year == year]
        matters = any(self.observes(day) for day in (date(year, 1, 1), *starts))
        return year in self.years or not matters

    def unknown_years(self, period: Period) -> list[int]:
        """The years that the period touches and of which the holidays are not known."""
        return [year for year in range(period.first.year, period.last.year + 1) if not self.knows(year)]

    def delivery_day_before(self, day: date) -> date:
        """The last delivery day before ``day``; two months before where there is none."""
        for back in range(1, 62):
            if self.delivers(day - back * DAY):
                return day - back * DAY
        return day - 62 * DAY

    def delivery_days(self, period: Period) -> list[date]:
        """The delivery days of the period."""
        return [day for day in period.days() if self.delivers(day)]

    def next_delivery_day(self, day: date) -> date:
        """The first delivery day after ``day``; the next day where none comes within two months."""
        for ahead in range(1, 62):
            if self.delivers(day + ahead * DAY):
                return day + ahead * DAY
        return day + DAY
