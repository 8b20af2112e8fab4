"""Distinct relay points visited in a period [14.4(2), 14.4(4)]. Pure."""

from webapp.ledger.counting import closing, not_applicable, notes, qualifying, sums, verdicts
from webapp.ledger.lines import Inputs, Line
from webapp.ledger.measures.measure import Measure
from webapp.ledger.points import population_of
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


class Distinct(Measure):
    """So many different points of the population, or all of them."""

    code = "distinct"

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
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
