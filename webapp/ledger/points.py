"""The relay points that count for a duty [Reading: points]. Pure."""

from collections import Counter
from datetime import date, timedelta

from webapp.ledger.lines import Inputs, Point
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


def population_of(duty: Duty, period: Period, inputs: Inputs) -> frozenset[str]:
    """The points that count [Reading: points].

    Of a week: open all week. Of a longer period: open on its last day (or today, if that comes first) and for at
    least the duty's ``population_days`` of it.
    """
    days: Counter[str] = Counter()
    for point in inputs.points:
        days[point.id] += _days_open(point, period)  # a point that was closed and reopened has several lives
    if period.kind == "week":
        whole = (period.last - period.first).days + 1
        return frozenset(one for one, count in days.items() if count == whole)
    day = as_of(period, inputs)
    return frozenset(
        p.id
        for p in inputs.points
        if p.opened_on <= day
        and (p.closed_on is None or day < p.closed_on)
        and days[p.id] >= duty.population_days
    )


def as_of(period: Period, inputs: Inputs) -> date:
    """The day as of which a population is told: the period's last one, or today while it runs."""
    return max(min(period.last, inputs.today), period.first)


def _days_open(point: Point, period: Period) -> int:
    """Days of the period on which the point is open; ``closed_on`` is the first day on which it is not."""
    last = period.last if point.closed_on is None else min(period.last, point.closed_on - timedelta(days=1))
    return max(0, (last - max(period.first, point.opened_on)).days + 1)
