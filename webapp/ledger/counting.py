"""Which checks count for a line, and what is said of those that do not. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from webapp.core.clock import end_of_day
from webapp.ledger.lines import Check, Checked, Inputs, Line
from webapp.rulebook.periods import Period, period_of
from webapp.rulebook.rules import Duty

# So many checks that do not count are named one by one in a line's reasons; the rest is summed.
NAMED = 12


def closing(duty: Duty, period: Period, inputs: Inputs) -> datetime:
    """When the line closes: as :func:`last_day`, or at the end of the next delivery day after the list's day."""
    if duty.closes == "next-delivery-day":
        return end_of_day(_next_day_of_work(period.last, inputs))
    return end_of_day(last_day(duty, period))


def last_day(duty: Duty, period: Period) -> date:
    """The last day on which something still counts, where no calendar of deliveries decides it [Reading: closing].

    The period's own last day, that of the period after it (``next-period``) or after that (``after-next``), of the
    month after (``next-month``), or the 10th of that month (``tenth``).
    """
    after = period.last + timedelta(days=1)
    if duty.closes == "tenth":  # a report of one month by the 10th of the next [10.4, 15.6]
        return after.replace(day=10)
    if duty.closes == "next-month":
        return period_of("month", after).last
    if duty.closes in ("next-period", "after-next"):
        following = period.next() if duty.closes == "next-period" else period.next().next()
        return following.last
    return period.last


def _next_day_of_work(day: date, inputs: Inputs) -> date:
    """The next delivery day; where the unit has none before it closes, its last day [Reading: calendar]."""
    following = inputs.calendar.next_delivery_day(day)
    ends = [*(shut for shut, _ in inputs.pauses), inputs.closed_on]
    shut = min((end for end in ends if end is not None and end > day), default=None)
    return following if shut is None or following < shut else shut - timedelta(days=1)


def qualifying(duty: Duty, period: Period, inputs: Inputs) -> list[Check]:
    """The checks that count: of this period, made in time, by a role that the duty names, for the department.

    Where one person holds all department roles that day, a county manager's check counts [Reading: who].
    """
    closes_at = closing(duty, period, inputs)
    return [
        check
        for check in inputs.checks
        if check.day in period and not fault_of(duty, check, closes_at, inputs)
    ]


def fault_of(duty: Duty, check: Check, closes_at: datetime, inputs: Inputs) -> str | None:
    """Why a check of the period does not count: early, unfinished, late, unit or role; None where it counts."""
    if check.made_after and check.work_date <= check.made_after:
        return "unfinished"  # a review of what goes on still [Reading: upper-review]
    if check.day > check.work_date:
        return "early"
    if end_of_day(check.work_date) > closes_at:
        return "late"
    if by_role(duty, check, inputs):
        return None
    return "role" if check.own else "unit"


def by_role(duty: Duty, check: Check, inputs: Inputs) -> bool:
    """Whether somebody whom the duty names made it for the department, or a substitute."""
    return bool(check.own and check.roles & duty.roles) or substitutes(duty, check, inputs)


def substitutes(duty: Duty, check: Check, inputs: Inputs) -> bool:
    """Whether this is a county's check that stands in for a one-person department's own."""
    return (
        duty.sole_person
        and not check.own
        and "county_manager" in check.roles
        and check.work_date in inputs.sole_days
    )


def verdicts(checks: list[Check]) -> dict[str, Checked]:
    """One verdict a subject: of two on one item a fail wins."""
    found: dict[str, Checked] = {}
    for check in checks:
        for item in check.items:
            if item.subject not in found or item.verdict == "fail":
                found[item.subject] = item
    return found


def sums(items: list[Checked]) -> dict:
    """How many have a verdict in force, and how many of them passed."""
    judged = [item.verdict for item in items if item.verdict]
    return {"items": len(judged), "passed": judged.count("pass")}


def notes(duty: Duty, period: Period, checks: list[Check], inputs: Inputs) -> list[tuple[str, dict]]:
    """What stands beside the figures: substitutes, checks that do not count and why, withdrawals, voids."""
    found: list[tuple[str, dict]] = []
    if any(substitutes(duty, check, inputs) for check in checks):
        found.append(("sole-person", {}))
    found += _own_deliveries(checks)
    found += _not_counted(duty, period, inputs)
    if inputs.withdrawn:
        found.append(("withdrawn", {"facts": inputs.withdrawn}))
    if inputs.voided:
        found.append(("voided", {"items": inputs.voided}))
    found += [("holidays-unknown", {"year": year}) for year in inputs.calendar.unknown_years(period)]
    return found


def without_own(check: Check, delivered: Mapping[tuple[date, str], Collection[str]]) -> Check:
    """The check without the items that its author delivered, by (the day looked at, number) [Reading: who]."""
    own = {
        item.subject for item in check.items if check.author in delivered.get((check.day, item.subject), ())
    }
    if not own:
        return check
    items = tuple(item for item in check.items if item.subject not in own)
    return replace(check, items=items, own_deliveries=frozenset(own))


def _own_deliveries(checks: list[Check]) -> list[tuple[str, dict]]:
    """How many items of these checks do not count because their judge delivered them."""
    items = sum(len(check.own_deliveries) for check in checks)
    return [("own-delivery", {"items": items})] if items else []


def _not_counted(duty: Duty, period: Period, inputs: Inputs) -> list[tuple[str, dict]]:
    closes_at = closing(duty, period, inputs)
    faults: Counter[tuple[date, str]] = Counter()
    for check in inputs.checks:
        if check.day in period and (fault := fault_of(duty, check, closes_at, inputs)):
            faults[check.work_date, fault] += 1
    named = [
        (f"not-counted-{fault}", {"day": day.isoformat(), "checks": count})
        for (day, fault), count in sorted(faults.items())
    ]
    rest = sum(values["checks"] for _, values in named[NAMED:])
    return named[:NAMED] + ([("not-counted", {"checks": rest})] if rest else [])


def not_applicable(duty: Duty, period: Period, inputs: Inputs, reason: str, **values) -> Line:
    """The line of a duty that does not bind in this period, and why."""
    return Line(
        closing(duty, period, inputs),
        applicable=False,
        withdrawn=inputs.withdrawn,
        voided=inputs.voided,
        why=((reason, values),),
    )
