"""The daily balance of registered mail [14.1(3)]. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from webapp.ledger.counting import not_applicable, qualifying
from webapp.ledger.lines import Check, Inputs, Line
from webapp.ledger.measures.by_volume import least_of
from webapp.ledger.measures.measure import Measure
from webapp.ledger.measures.once import recorded
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty, Kind

# A day's opening is what the delivery day before carried over; the longest pause between two of them.
PAUSE = timedelta(days=62)


class Balance(Measure):
    """One record a day whose two sides agree."""

    code = "balance"

    def reach(self, duty: Duty) -> timedelta:
        """To the delivery day before, however long the pause."""
        return PAUSE

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
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
        line = recorded(duty, period, inputs, checks, why)
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
