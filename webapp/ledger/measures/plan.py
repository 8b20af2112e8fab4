"""The plan of a special check carried out and summed up in the period of its report day [15.4②, 16.3]. Pure.

Whoever lays down the plan owes it: each of its units checked to the plan's minimum (or all that there are), and the
summary issued. A plan stands as it did when the line closed; of several the best counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from webapp.campaigns.rules import REACH, Plan, plans_of
from webapp.ledger.counting import closing, notes, qualifying, sums, verdicts
from webapp.ledger.lines import Check, Covered, Inputs, Line
from webapp.ledger.measures.measure import Measure
from webapp.ledger.points import as_of
from webapp.ledger.populations import Member, Moment, left_points, points_of
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


class Planned(Measure):
    """Units of the plan checked, and one more for the summary."""

    code = "plan"

    def reach(self, duty: Duty) -> timedelta:
        """A plan reported in a period may have begun so long before it."""
        return REACH

    def asks_points(self, duty: Duty) -> bool:
        """The points of those below are read with them."""
        return False

    def looks_at(self, duty: Duty, period: Period) -> Period:
        """The days of any plan that can be reported in the period, too."""
        return replace(period, first=period.first - self.reach(duty))

    def periods(self, duty: Duty, first: Period, day: date) -> Iterator[Period]:
        """The day's period, and those in which a plan of that day can be reported."""
        period = first
        yield period
        while period.last < day + self.reach(duty):
            period = period.next()
            yield period

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """The best of the plans reported in the period; without one nothing was planned: 0 of 1."""
        closes_at = closing(duty, period, inputs)
        plans = [
            plan
            for plan in plans_of(inputs.steps, closes_at)
            if plan.cancelled is None and plan.subject in duty.kinds and plan.report_day in period
        ]
        late = _late(period, inputs, {plan.id for plan in plans}, closes_at)
        if not plans:
            why = (("plan-none", {}), *late)
            return Line(closes_at, required=1, withdrawn=inputs.withdrawn, why=why)
        done = [Carried.of(plan, duty, period, inputs) for plan in plans]
        best = max(done, key=Carried.rank)
        others = (("plan-others", {"plans": len(plans) - 1}),) if len(plans) > 1 else ()
        return Line(
            closes_at,
            required=best.required,
            done=best.done,
            met=best.done >= best.required,
            started=bool(best.checks) or best.done > 0,
            withdrawn=inputs.withdrawn,
            why=(*best.why(), *others, *late, *notes(duty, best.days, best.checks, inputs)),
            covered=tuple(best.units),
            **sums(list(verdicts(best.checks).values())),
        )


def _late(period: Period, inputs: Inputs, known: set[str], closes_at: datetime) -> list[tuple[str, dict]]:
    """How many plans of the period were entered only after it."""
    after = [
        plan
        for plan in plans_of(inputs.steps)
        if plan.id not in known and plan.entered_at > closes_at and plan.report_day in period
    ]
    return [("plan-late", {"plans": len(after)})] if after else []


@dataclass(frozen=True)
class Carried:
    """How far one plan was carried out: its checks that count, its units, and whether its summary counts."""

    plan: Plan
    days: Period  # the plan's days, under the period's name
    checks: list[Check]
    units: list[Covered]
    summed: bool

    @classmethod
    def of(cls, plan: Plan, duty: Duty, period: Period, inputs: Inputs) -> "Carried":
        """Of a plan reported in the period, by what is known now."""
        days = replace(period, first=plan.first_day, last=plan.last_day)
        span = replace(period, first=min(period.first, plan.first_day))
        moment = Moment(span, as_of(period, inputs), closing(duty, period, inputs))
        planned, below = set(plan.units), inputs.below
        checks = [
            check
            for check in qualifying(duty, days, inputs)
            if check.kind == plan.subject and planned.intersection(below.path(check.unit))
        ]
        units = [one for code in plan.units if (one := _unit(plan, code, checks, inputs, moment))]
        summary = plan.summary
        return cls(plan, days, checks, units, summary is not None and summary.issued in period)

    @property
    def required(self) -> int:
        """The units that are there, and the summary."""
        return len([one for one in self.units if not one.left]) + 1

    @property
    def done(self) -> int:
        """Those of them that are done."""
        return sum(one.counts for one in self.units if not one.left) + self.summed

    def rank(self) -> tuple:
        """The best plan is the one that was carried out furthest; of equals the greater, then the later entered."""
        return self.done / self.required, self.done, self.plan.id

    def why(self) -> Iterable[tuple[str, dict]]:
        """What the line says of it."""
        plan, here = self.plan, [one for one in self.units if not one.left]
        said = {
            "title": plan.title, "first": plan.first_day.isoformat(), "last": plan.last_day.isoformat(),
            "units": len(here), "minimum": plan.minimum, "covered": sum(one.counts for one in here),
        }  # fmt: skip
        yield "planned", said
        if self.summed:
            yield "plan-summary", {"issued": plan.summary.issued.isoformat()}
        elif plan.summary is not None:
            yield "plan-summary-late", {"issued": plan.summary.issued.isoformat()}
        else:
            yield "plan-no-summary", {}


def _unit(plan: Plan, code: str, checks: Iterable[Check], inputs: Inputs, moment: Moment) -> Covered | None:
    """A unit of the plan with the points called at; None: there is nothing to call at. One that closed is asked of nobody."""
    planned = inputs.below.members.get(code)
    departments = [one for one in inputs.below.members.values() if one.points and code in one.above]
    here = {point for one in departments if _is_open(one, moment) for point in points_of(one, moment)}
    ever = here | {
        point for one in departments for point in points_of(one, moment) | left_points(one, moment)
    }
    called = {item.subject for check in checks for item in check.items} & ever
    required = min(plan.minimum, len(here))
    left = planned is None or not _is_open(planned, moment)
    if not required and not (left and called):
        return None
    counts = len(called) >= required
    reason = "" if counts else "short-points" if called else "not-begun"
    return Covered(code, None, counts, len(called), required, left=left, reason=reason)


def _is_open(one: Member, moment: Moment) -> bool:
    day = moment.as_of
    return any(first <= day and (end is None or day < end) for first, end in one.spans)
