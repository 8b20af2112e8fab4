"""Duties about relay points: how many were visited [14.4(2), 14.4(4)], how many are confirmed [14.4(1)]. Pure."""

from collections import Counter
from datetime import date, timedelta

from webapp.ledger.counting import closing, not_applicable, notes, qualifying, sums, verdicts
from webapp.ledger.lines import Inputs, Line, Point
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
    day = _as_of(period, inputs)
    return frozenset(
        p.id
        for p in inputs.points
        if p.opened_on <= day
        and (p.closed_on is None or day < p.closed_on)
        and days[p.id] >= duty.population_days
    )


def _as_of(period: Period, inputs: Inputs) -> date:
    return max(min(period.last, inputs.today), period.first)


def _days_open(point: Point, period: Period) -> int:
    """Days of the period on which the point is open; ``closed_on`` is the first day on which it is not."""
    last = period.last if point.closed_on is None else min(period.last, point.closed_on - timedelta(days=1))
    return max(0, (last - max(period.first, point.opened_on)).days + 1)


def distinct(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """Distinct points of the population visited in the period: ``size`` of them, or all where it has none."""
    population = population_of(duty, period, inputs)
    if not population:
        return not_applicable(duty, period, inputs, "no-points")
    checks = qualifying(duty, period, inputs)
    visited = verdicts(checks)
    found = [item for subject, item in visited.items() if subject in population]
    required = len(population) if duty.size is None else min(duty.size, len(population))
    points = {"points": len(population), "required": required}
    return Line(
        closing(duty, period, inputs),
        required=required,
        done=len(found),
        met=len(found) >= required,
        started=bool(found),
        withdrawn=inputs.withdrawn,
        voided=inputs.voided,
        why=(
            ("points-all", points) if duty.size is None else ("points", {**points, "size": duty.size}),
            ("points-visited", {"points": len(found)}),
            *_others(len(visited) - len(found)),
            *notes(duty, period, checks, inputs),
        ),
        **sums(found),
    )


def _others(count: int) -> list[tuple[str, dict]]:
    return [("points-outside", {"points": count})] if count else []


def register(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """Every point of the population confirmed within ``days``, inclusive, as of the month's end or today."""
    population = population_of(duty, period, inputs)
    if not population:
        return not_applicable(duty, period, inputs, "no-points")
    day = _as_of(period, inputs)
    since = day - timedelta(days=duty.days)
    fresh = {p for p in population if any(since <= on <= day for on in inputs.confirmed.get(p, ()))}
    return Line(
        closing(duty, period, inputs),
        required=len(population),
        done=len(fresh),
        met=len(fresh) == len(population),
        started=bool(fresh),
        withdrawn=inputs.withdrawn,
        why=(
            ("points-confirm", {"points": len(population)}),
            ("confirmed", {"points": len(fresh), "days": duty.days, "day": day.isoformat()}),
            *([("withdrawn", {"facts": inputs.withdrawn})] if inputs.withdrawn else []),
        ),
    )
