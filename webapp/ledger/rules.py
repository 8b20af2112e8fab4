"""The fold: from what was checked to a ledger line. Pure: values in, values out.

Every measure follows DOMAIN section 3 and its Readings; the article stands in the rulebook beside the duty.
A :class:`Line` holds sums and facts; :func:`status` is a pure function of (line, now), so that a page is right
at the second in which a period closes without anything being written.
"""

from collections.abc import Sequence
from datetime import date

from webapp.ledger.counting import closing, last_day, qualifying, substitutes, verdicts
from webapp.ledger.lines import (
    DUE,
    MET,
    MISSED,
    NOT_APPLICABLE,
    PARTIAL,
    RANKED_FROM,
    STATUSES,
    UNKNOWN,
    Check,
    Checked,
    Inputs,
    Line,
    Point,
    roll_up,
    status,
)
from webapp.ledger.measures import measure_of
from webapp.ledger.points import population_of
from webapp.ledger.populations import LEAST_DAYS, open_days
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty

__all__ = [
    "DUE", "MET", "MISSED", "NOT_APPLICABLE", "PARTIAL", "RANKED_FROM", "STATUSES", "UNKNOWN",
    "Check", "Checked", "Inputs", "Line", "Point", "closing", "fold", "lives", "population_of", "qualifying",
    "roll_up", "status", "substitutes", "verdicts",
]  # fmt: skip


def fold(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """The line of ``duty`` for ``period``, whatever the order in which the facts came."""
    return measure_of(duty).fold(duty, period, inputs)


def lives(
    duty: Duty,
    period: Period,
    opened_on: date,
    closed_on: date | None,
    pauses: Sequence[tuple[date, date]] = (),
    ledger_from: date | None = None,
) -> bool:
    """Whether a unit has the duty in the period.

    Daily duties from the opening to the day before the closing; others for the full periods between; what is due
    every few days also in the months of opening and closing [Reading: every 3 days]. ``pauses``: when it was closed
    and reopened, as (first closed day, first day open again). Nothing is owed before ``ledger_from``: a span of the
    unit's life that began earlier counts from then on.
    """
    starts, ends = [opened_on, *(again for _, again in pauses)], [*(shut for shut, _ in pauses), closed_on]
    since = [max(first, ledger_from or first) for first in starts]
    spans = [(first, end) for first, end in zip(since, ends, strict=True) if end is None or first < end]
    if duty.upper:
        return _owed_above(duty, period, spans)
    return measure_of(duty).owed(period, spans)


def _owed_above(duty: Duty, period: Period, spans: Sequence[tuple[date, date | None]]) -> bool:
    """Weeks and months in full; a longer period like a member of a population; none that closes after its owner did.

    [Reading: upper-population]
    """
    lasting = [span for span in spans if span[1] is None or last_day(duty, period) < span[1]]
    if period.kind in ("day", "week", "month"):
        return any(first <= period.first for first, _ in lasting)
    return (
        any(first <= period.last for first, _ in lasting)
        and open_days(spans, period) >= LEAST_DAYS[period.kind]
    )
