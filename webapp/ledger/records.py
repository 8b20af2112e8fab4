"""Duties measured by records: held once [14.5], the daily balance [14.1(3)], every three days [14.1(4)]. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from webapp.core.clock import end_of_day
from webapp.ledger.counting import closing, not_applicable, notes, qualifying, sums
from webapp.ledger.lines import Check, Inputs, Line
from webapp.ledger.volumes import least_of
from webapp.rulebook.periods import DAY, Period
from webapp.rulebook.rules import Duty, Kind


def once(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """At least one record in the period; a day without delivery has none."""
    if period.kind == "day" and not inputs.calendar.delivers(period.first):
        return not_applicable(duty, period, inputs, "no-delivery", day=period.first.isoformat())
    checks = qualifying(duty, period, inputs)
    return _recorded(duty, period, inputs, checks, [("records", {"records": len(checks)})])


def _recorded(duty: Duty, period: Period, inputs: Inputs, checks: list[Check], why: list) -> Line:
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


# ---------------------------------------------------------------- balance [14.1(3)]


def balance(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """Met when entered; a difference is a problem and refuses nothing [Reading: balance]."""
    day = period.first
    if not inputs.calendar.delivers(day):
        return not_applicable(duty, period, inputs, "no-delivery", day=day.isoformat())
    checks = qualifying(duty, period, inputs)
    entered = max(checks, key=lambda check: check.id).header if checks else {}
    before = carried_over(day, inputs)
    # What was carried over is the opening, whatever was entered as such.
    opening = entered.get("opening") if before is None else before
    received = entered.get("received", _received(duty, day, inputs))
    problems = tuple(
        (check.id, unbalanced(check, before, inputs.kinds)) for check in inputs.checks if check.day == day
    )
    if opening == 0 and received == 0:
        line = not_applicable(duty, period, inputs, "nothing-to-balance", day=day.isoformat())
        return replace(line, problems=problems)
    why = _balance_reasons(entered, before, inputs.kinds) if entered else [_expected(opening, received)]
    line = _recorded(duty, period, inputs, checks, why)
    # Some value of the missing volume, 0, would make the day one with nothing to balance.
    nothing_known = received is None and not sum(least_of(name, day, (), inputs) for name in duty.of)
    uncertain = not entered and opening == 0 and nothing_known
    return replace(line, uncertain=uncertain, problems=problems)


def _received(duty: Duty, day: date, inputs: Inputs) -> int | None:
    values = [inputs.volumes.get((day, name)) for name in duty.of]
    return None if None in values else sum(values)


def carried_over(day: date, inputs: Inputs) -> int | None:
    """What the delivery day before carried over: today's opening. None: nobody recorded it, which is not 0."""
    before = inputs.calendar.delivery_day_before(day)
    records = [check for check in inputs.balances if check.day == before]
    return max(records, key=lambda check: check.id).header.get("carried") if records else None


def _expected(opening: int | None, received: int | None) -> tuple[str, dict]:
    return "balance-expected", {"opening": opening, "received": received}


def unbalanced(check: Check, before: int | None, kinds: tuple[Kind, ...]) -> bool:
    """Whether the record is a problem: its sums differ, or its opening from what was carried over [Reading: balance]."""
    entered = check.header.get("opening")
    return bool(_difference(check.header, before, kinds)) or (
        None not in (before, entered) and entered != before
    )


def _difference(entered: Mapping, before: int | None, kinds: tuple[Kind, ...]) -> int | None:
    """What came in less what went out, from what was carried over; None where a part is not known."""
    opened = entered if before is None else {**entered, "opening": before}
    return next((kind.difference(opened) for kind in kinds if kind.sums), None)


def _balance_reasons(entered: Mapping, before: int | None, kinds: tuple[Kind, ...]) -> list:
    found = [("balance", {name: value for name, value in entered.items() if not isinstance(value, list)})]
    if before is not None and entered.get("opening") not in (None, before):
        found.append(("opening-differs", {"opening": entered["opening"], "carried": before}))
    difference = _difference(entered, before, kinds)
    if difference is None:
        found.append(("opening-unknown", {}))
    elif difference:
        found.append(
            ("balance-differs" if difference > 0 else "balance-exceeds", {"difference": abs(difference)})
        )
    return found


# ---------------------------------------------------------------- every three days [14.1(4)]


@dataclass(frozen=True)
class Walk:
    """A month in delivery days: ``number`` of a date counts those up to it; ``starts`` and ``turns`` count like a check."""

    days: list[date]
    starts: int
    turns: list[date]  # of a unit that was closed in between: the last day before, the first one after

    def number(self, day: date) -> int:
        """How many delivery days of the month lie up to ``day``, itself included."""
        return sum(one <= day for one in self.days)


def spaced(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """Neighbouring checks at most ``days`` delivery days apart, up to the month's end [Reading: every 3 days]."""
    walk = _walk(period, inputs)
    last = len(walk.days)
    # What was done before the ledger began is no part of it.
    begun = inputs.ledger_from or period.first
    checks = [check for check in qualifying(duty, period, inputs) if check.work_date >= begun]
    marked = {check.work_date for check in checks} | {day for day in walk.turns if day >= begun}
    numbers = sorted({walk.starts, *map(walk.number, marked)})
    gaps = [(one, other) for one, other in zip(numbers, numbers[1:], strict=False) if other - one > duty.days]
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
