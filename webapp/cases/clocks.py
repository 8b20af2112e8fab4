"""Workdays, deadlines and the ladder: pure functions of days. Nothing of it is stored [DOMAIN2 C.3, C.5].

Deadlines run from the day after something arrived, in days or in the state's workdays: Monday to Friday but for public
holidays, and the make-up days (调休上班).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from webapp.org.rules import LEVELS
from webapp.rulebook.case_rules import Span, Step

DAY = timedelta(days=1)
FRIDAY = 4
# A year without a workday is a broken table, not a holiday.
MOST_DAYS = 4000


@dataclass(frozen=True)
class Workdays:
    """The state's calendar. ``public``: {day: whether it is worked} of holidays and make-up days."""

    public: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is one."""
        return self.public.get(day, day.weekday() <= FRIDAY)

    def after(self, day: date, count: int) -> date:
        """The ``count``-th workday after ``day``; the day itself where ``count`` is 0."""
        for _ in range(MOST_DAYS):
            if count == 0:
                return day
            day += DAY
            count -= self.is_workday(day)
        raise ValueError("no workdays in the table of holidays")

    def latest(self, today: date, count: int) -> date:
        """The last day from which the ``count``-th workday after it has come by ``today``: the inverse of :meth:`after`."""
        day = today
        for _ in range(MOST_DAYS):
            if count == 0:
                return day
            count -= self.is_workday(day)
            day -= DAY
        raise ValueError("no workdays in the table of holidays")

    def between(self, day: date, other: date) -> int:
        """How many workdays lie after ``day`` and not after ``other``; 0 where it is not later."""
        return sum(self.is_workday(day + n * DAY) for n in range(1, (other - day).days + 1))

    def add(self, day: date, span: Span) -> date:
        """The last day of a span that begins on the day after ``day``."""
        return self.after(day, span.count) if span.workdays else day + span.count * DAY

    def left(self, day: date, deadline: date, span: Span) -> int:
        """What is left of a deadline on ``day``, in the unit of the span; never below 0."""
        return self.between(day, deadline) if span.workdays else max(0, (deadline - day).days)


def reached(
    ladder: Sequence[Step], opened_on: date, deadline: date, today: date, workdays: Workdays
) -> Step | None:
    """The highest rung whose day has come by ``today``; None while nobody beyond the owner is told."""
    there = None
    for step in ladder:
        if day_of(step, opened_on, deadline, workdays) <= today:
            there = step
    return there


def day_of(step: Step, opened_on: date, deadline: date, workdays: Workdays) -> date:
    """The day on which the rung is reached."""
    return opened_on if step.after is None else workdays.after(deadline, step.after)


def bounds(ladder: Sequence[Step], level: str, today: date, workdays: Workdays) -> date | None:
    """Deadlines up to which day have reached ``level``, or a level above it, by ``today``: a condition for a query.

    ``date.max``: whatever the deadline, they reach it as they open. None: this ladder never leads there.
    """
    rank = LEVELS.index(level)
    steps = [step for step in ladder if LEVELS.index(step.to) <= rank]
    if not steps:
        return None
    if any(step.after is None for step in steps):
        return date.max
    return max(workdays.latest(today, step.after) for step in steps)
