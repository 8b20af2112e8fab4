"""Every so many delivery days [14.1(4)]. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from webapp.core.clock import end_of_day
from webapp.ledger.counting import not_applicable, notes, qualifying, sums
from webapp.ledger.lines import Inputs, Line
from webapp.ledger.measures.measure import Measure, Span
from webapp.rulebook.periods import DAY, Period
from webapp.rulebook.rules import Duty


@dataclass(frozen=True)
class Walk:
    """A month in delivery days: ``number`` of a date counts those up to it; ``starts`` and ``turns`` count like a check."""

    days: list[date]
    starts: int
    turns: list[date]  # of a unit that was closed in between: the last day before, the first one after

    def number(self, day: date) -> int:
        """How many delivery days of the month lie up to ``day``, itself included."""
        return sum(one <= day for one in self.days)


class Spaced(Measure):
    """Neighbouring checks no further apart than ``days`` delivery days; also in the months of opening and closing."""

    code = "spaced"

    def owed(self, period: Period, spans: Sequence[Span]) -> bool:
        """In each month in which the unit is open [Reading: every 3 days]."""
        return any(first <= period.last and (end is None or period.first < end) for first, end in spans)

    def required_now(self, line) -> int | None:
        """The next check is what is left until the line closes."""
        return line.required if line.met else line.done + 1

    lapses = True

    def missing(self, line, closed: bool) -> tuple[str, dict] | None:
        """How many checks the month still holds, at least; of a closed one that a check was not made in time."""
        return ("lapsed", {}) if closed else ("more-checks", {"left": line.required - line.done})

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """Neighbouring checks at most ``days`` delivery days apart, up to the month's end [Reading: every 3 days]."""
        walk = _walk(period, inputs)
        last = len(walk.days)
        # What was done before the ledger began is no part of it.
        begun = inputs.ledger_from or period.first
        checks = [check for check in qualifying(duty, period, inputs) if check.work_date >= begun]
        marked = {check.work_date for check in checks} | {day for day in walk.turns if day >= begun}
        numbers = sorted({walk.starts, *map(walk.number, marked)})
        gaps = [
            (one, other) for one, other in zip(numbers, numbers[1:], strict=False) if other - one > duty.days
        ]
        base = gaps[0][0] if gaps else numbers[-1]
        met = not gaps and base + duty.days >= last
        if not walk.days:
            return not_applicable(duty, period, inputs, "no-delivery-month")
        # Nothing is exceeded until the next delivery day begins: a check on a day without delivery is still in time.
        deadline = period.last if met else walk.days[base + duty.days] - DAY
        left = 0 if met else max(1, -(-(last - numbers[-1] - duty.days) // duty.days))
        dates = sorted({check.work_date for check in checks})
        return Line(
            end_of_day(deadline),
            required=len(dates) + left,
            done=len(dates),
            met=met,
            started=bool(checks),
            withdrawn=inputs.withdrawn,
            why=(
                ("spaced", {"days": duty.days, "delivery_days": last - walk.starts}),
                *[("check-on", {"day": day.isoformat(), "number": walk.number(day)}) for day in dates],
                *[_gap(walk, sorted(marked), one, other, duty.days) for one, other in gaps],
                *([] if met else [("next-check", {"day": deadline.isoformat()})]),
                *notes(duty, period, checks, inputs),
            ),
            **sums([item for check in checks for item in check.items]),
        )


def _gap(walk: Walk, dates: list[date], after: int, before: int, days: int) -> tuple[str, dict]:
    """Between which checks too many delivery days lie; the first may be missing since the start."""
    until = next(day for day in dates if walk.number(day) == before)
    since = [day for day in dates if walk.number(day) == after]
    said = {"before": until.isoformat(), "days": days}
    return ("gap", {"after": since[-1].isoformat(), **said}) if since else ("gap-first", said)


def _walk(period: Period, inputs: Inputs) -> Walk:
    """The month's delivery days to its end or the unit's closing; the start is its eve, the unit's or ledger's first day."""
    days = [
        day
        for day in inputs.calendar.delivery_days(period)
        if inputs.closed_on is None or day < inputs.closed_on
        if not any(shut <= day < again for shut, again in inputs.pauses)
    ]
    opened = max(filter(None, (inputs.opened_on, inputs.ledger_from)), default=None)
    turns = [day for shut, again in inputs.pauses for day in (shut - DAY, again) if day in period]
    return Walk(days, sum(day <= opened for day in days) if opened and opened in period else 0, turns)
