"""The county's lines a second time, from the sentences of the domain alone: visits, relay points, the week's review.

Nothing here knows how the ledger counts: days are walked one by one, sets are compared, and fractions are rounded by hand.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

NOVEMBER = [date(2026, 11, day) for day in range(1, 31)]
THIS_WEEK = [date(2026, 11, day) for day in range(16, 23)]
NEXT_WEEK = [date(2026, 11, day) for day in range(23, 30)]
AT_THE_PLACE = {"on-site", "open", "covert", "unannounced"}
Lives = list[tuple[date, date | None]]  # (first day open, first day closed again)


@dataclass
class Office:
    """A department: ``lives``, whether it is a city one, delivers at all, and delivers in the week; its points' lives."""

    lives: Lives
    city: bool
    delivers: bool = True
    works: bool = True
    points: dict[str, Lives] = field(default_factory=dict)


@dataclass
class County:
    """Departments by code and what was done: every entry names the department and the day first."""

    offices: dict[str, Office]
    visits: list[tuple[str, date, str, frozenset, bool, bool]]  # method, classes, findings, by the named role
    calls: list[tuple[str, date, frozenset, bool]]
    letters: list[tuple[str, date, date]]  # day, day on which it came
    reviews: list[tuple[str, date, bool, bool]]  # signed, of this week


@dataclass(frozen=True)
class Answer:
    """What a line says: None for both where it does not apply."""

    required: int | None
    done: int = 0


def open_on(lives: Lives, day: date) -> bool:
    """Whether it was open that day."""
    return any(first <= day and not (end and end <= day) for first, end in lives)


def stays(lives: Lives, days: list[date]) -> bool:
    """U2: open on the last day, and for at least seven of them."""
    return open_on(lives, days[-1]) and len([day for day in days if open_on(lives, day)]) >= 7


def left(lives: Lives, days: list[date]) -> bool:
    """U3: no member, but would be one had it not closed."""
    there = [day for day in days if open_on(lives, day)]
    return not stays(lives, days) and bool(there) and (days[-1] - there[0]).days + 1 >= 7


def visits_of_the_month(county: County) -> Answer:
    """15.1: ⌈30 %⌉ of city and ⌈15 %⌉ of rural departments, each with express, letters, periodicals seen on site."""
    seen: dict[str, set] = {code: set() for code in county.offices}
    for code, day, method, classes, findings, named in county.visits:
        if day in NOVEMBER and method in AT_THE_PLACE and findings and named:
            seen[code] |= classes
    whole = {code for code, classes in seen.items() if {"express", "letters", "periodicals"} <= classes}
    required = done = 0
    for city, percent in ((True, 30), (False, 15)):
        alike = {code: one for code, one in county.offices.items() if one.city is city and one.delivers}
        members = {code for code, one in alike.items() if stays(one.lives, NOVEMBER)}
        credited = {code for code, one in alike.items() if left(one.lives, NOVEMBER)}
        wanted = ceil(Fraction(percent * len(members), 100))
        required += wanted
        done += min(wanted, len(whole & (members | credited)))
    return Answer(required, done) if required else Answer(None)


def points_of_the_month(county: County) -> Answer:
    """15.4 ①: in each department with points five of them, or all, called at; shown in points."""
    required = done = 0
    for code, office in county.offices.items():
        here = {point for point, lives in office.points.items() if stays(lives, NOVEMBER)}
        if not (office.delivers and stays(office.lives, NOVEMBER) and here):
            continue
        gone = {point for point, lives in office.points.items() if left(lives, NOVEMBER)}
        called = set().union(
            *(at for where, day, at, named in county.calls if where == code and day in NOVEMBER and named)
        )
        wanted = min(5, len(here))
        required += wanted
        done += min(wanted, len(called & (here | gone)))
    return Answer(required, done) if required else Answer(None)


def review_of_the_week(county: County) -> Answer:
    """15.3 ①: city departments that deliver that week, rural ones with a letter record; each reviewed and signed the week after."""
    wanted = set()
    for code, office in county.offices.items():
        if not office.delivers or not all(open_on(office.lives, day) for day in THIS_WEEK):
            continue
        recorded = [
            1
            for where, day, came in county.letters
            if where == code and day in THIS_WEEK and came <= NEXT_WEEK[-1]
        ]
        if office.works if office.city else recorded:
            wanted.add(code)
    signed = {
        code for code, day, by_hand, of_this in county.reviews if by_hand and of_this and day in NEXT_WEEK
    }
    return Answer(len(wanted), len(wanted & signed)) if wanted else Answer(None)


def some_day(chance, first: int = -5, last: int = 35) -> date:
    """A day in or about November."""
    return NOVEMBER[0] + timedelta(days=chance.randint(first, last))
