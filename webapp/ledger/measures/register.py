"""Every relay point confirmed within so many days [14.4(1)]. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from webapp.ledger.counting import closing, not_applicable
from webapp.ledger.lines import Inputs, Line
from webapp.ledger.measures.measure import Measure
from webapp.ledger.points import as_of, population_of
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


class Register(Measure):
    """A register that is kept: a confirmation holds for ``days``, also into periods in which nobody did anything."""

    code = "register"

    def reach(self, duty: Duty) -> timedelta:
        """As long as a confirmation holds."""
        return timedelta(days=duty.days)

    def periods(self, duty: Duty, first: Period, day: date) -> Iterator[Period]:
        """The day's period, and those into which the confirmation holds."""
        period = first
        yield period
        while period.last < day + self.reach(duty):
            period = period.next()
            yield period

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """Every point of the population confirmed within ``days``, inclusive, as of the month's end or today."""
        population = population_of(duty, period, inputs)
        if not population:
            return not_applicable(duty, period, inputs, "no-points")
        day = as_of(period, inputs)
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
