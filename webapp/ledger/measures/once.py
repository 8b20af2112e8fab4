"""Held once in a period [14.5]. Pure."""

from webapp.ledger.counting import closing, not_applicable, notes, qualifying, sums
from webapp.ledger.lines import Check, Inputs, Line
from webapp.ledger.measures.measure import Measure
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


class Once(Measure):
    """One record is enough."""

    code = "once"

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """At least one record in the period; a day without delivery has none."""
        if period.kind == "day" and not inputs.calendar.delivers(period.first):
            return not_applicable(duty, period, inputs, "no-delivery", day=period.first.isoformat())
        checks = qualifying(duty, period, inputs)
        return recorded(duty, period, inputs, checks, [("records", {"records": len(checks)})])


def recorded(duty: Duty, period: Period, inputs: Inputs, checks: list[Check], why: list) -> Line:
    """The line of a duty that one record meets."""
    items = [item for check in checks for item in check.items]
    return Line(
        closing(duty, period, inputs),
        required=1,
        done=min(1, len(checks)),
        met=bool(checks),
        started=bool(checks),
        withdrawn=inputs.withdrawn,
        why=(*why, *notes(duty, period, checks, inputs)),
        **sums(items),
    )
