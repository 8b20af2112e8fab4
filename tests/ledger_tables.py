"""Values for the hand-worked tables of the ledger: duties of the shipped Measures, checks, lists, days of November 2026.

2026-11-16 is a Monday, the first day of 2026-W47; every day delivers unless a test says otherwise.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from webapp.core.clock import LOCAL
from webapp.ledger.rules import Check, Checked, Inputs, Line, Point, fold, status
from webapp.rulebook.periods import Calendar, Period, period_of
from webapp.rulebook.rules import Duty, load

MON, TUE, WED, THU, FRI, SAT, SUN = (date(2026, 11, 16) + timedelta(days=n) for n in range(7))
WEEK = period_of("week", MON)
MONTH = period_of("month", MON)
LONG_AFTER = datetime(2028, 1, 1, tzinfo=LOCAL)


def duty(code: str) -> Duty:
    """The duty as the shipped edition has it."""
    return load().duties[code]


def only(*delivery_days: date) -> Calendar:
    """A calendar of November 2026 and its neighbours in which nothing but these days delivers."""
    around = [date(2026, 10, 1) + timedelta(days=n) for n in range(120)]
    return Calendar(exceptions={day: day in delivery_days for day in around})


def items(*numbers: str | int, of: str = "parcel", verdict: str = "pass") -> tuple[Checked, ...]:
    """Checked items of one class and verdict; a whole number stands for so many, 0 up to it."""
    names = [
        f"{of[0].upper()}{n}" for one in numbers for n in ([one] if isinstance(one, str) else range(one))
    ]
    return tuple(Checked(name, of, verdict) for name in names)


def numbers(first: int, last: int, **more) -> tuple[Checked, ...]:
    """The items ``first`` to ``last``, both included."""
    return items(*map(str, range(first, last + 1)), **more)


_made = iter(range(10**9))


def check(
    work_date: date,
    what: Iterable[Checked],
    roles: str = "inspector",
    own: bool = True,
    about: date | None = None,
) -> Check:
    """A check of ``work_date``; ``own`` False: by the county's manager or somebody else from above."""
    held = frozenset(roles.split())
    return Check(f"check-{next(_made):09}", about or work_date, work_date, held, own, tuple(what))


def points(count: int, opened_on: date = date(2026, 1, 1), closed_on: date | None = None, first: int = 0):
    """So many relay points, ``P0`` and on, with one life each."""
    return tuple(Point(f"P{n}", opened_on, closed_on) for n in range(first, first + count))


def calls(*which: int, verdict: str = "pass") -> tuple[Checked, ...]:
    """Calls at the points ``P<n>``."""
    return tuple(Checked(f"P{n}", None, verdict) for n in which)


def worked(code: str, period: Period, **more) -> Line:
    """The line of the duty for the period."""
    return fold(duty(code), period, Inputs(**more))


def closed(line: Line) -> str:
    """Its status long after it has closed."""
    return status(line, LONG_AFTER)


def reasons(line: Line) -> list[str]:
    """The codes of its reasons."""
    return [code for code, _ in line.why]
