"""A share of a day's items, distinct numbers on the day's lists [14.1(1), 14.1(2)]. Pure."""

from collections.abc import Collection, Mapping
from datetime import date

from webapp.ledger.countable import Countable, DayLists, absent
from webapp.ledger.counting import verdicts
from webapp.ledger.lines import RETURNED, Check, Checked, Inputs, Line
from webapp.ledger.measures.by_volume import measured
from webapp.ledger.measures.measure import Measure
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


class Share(Measure):
    """At least ``percent`` of the day's volume."""

    code = "share"

    def counts_voids(self, duty: Duty) -> bool:
        """Not where the returned items alone are counted: they are not drawn."""
        return duty.of != (RETURNED,)

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """Distinct numbers that stand on the day's lists, against the percent of its volume."""
        return measured(duty, period, inputs, _share_items, _drawn_on)

    says_countable = True

    def countable(self, duty: Duty, classes: Collection[str], lists: DayLists) -> Countable | None:
        """The numbers on the day's lists; where a class stands on none of them, any number of it."""
        if duty.of == (RETURNED,):
            others = () if lists.sealed else absent(classes, lists)
            return Countable(frozenset(lists.returned), others)
        numbers = frozenset(number for number, name in lists.listed.items() if name in duty.of)
        return Countable(numbers, tuple(name for name in absent(duty.of, lists) if lists.volume([name]) != 0))


def _drawn_on(duty: Duty, day: date, inputs: Inputs) -> Mapping[str, bool | None]:
    return inputs.drawn.get(day, {})


def _share_items(duty: Duty, day: date, checks: list[Check], inputs: Inputs):
    merged = verdicts(checks)
    # A number that somebody noted under another class is still the one that stands on the list.
    listed = {i.subject for check in checks for i in check.items if _on_list(duty, i, day, inputs)}
    found = [item for subject, item in merged.items() if subject in listed]
    others = [item for subject, item in merged.items() if subject not in listed]
    zero = sum(_recorded_as_zero(duty, item, day, inputs) for item in others)
    reasons = [("off-list", {"items": len(others) - zero})] if len(others) > zero else []
    return found, reasons + ([("zero-class", {"items": zero})] if zero else [])


def _recorded_as_zero(duty: Duty, item: Checked, day: date, inputs: Inputs) -> bool:
    """Whether it does not count because none of its class came, not because a list lacks it."""
    listed = inputs.listed.get(day, {})
    nothing_came = inputs.volumes.get((day, item.mail_class)) == 0 and day not in inputs.sealed
    return duty.of != (RETURNED,) and nothing_came and item.mail_class not in listed.values()


def _on_list(duty: Duty, item: Checked, day: date, inputs: Inputs) -> bool:
    """Where a class stands on any manifest of the day only numbers on one count; a class recorded as zero has none."""
    if duty.of == (RETURNED,):
        return _is_returned(item, day, inputs)
    listed = inputs.listed.get(day, {})
    if item.subject in listed:
        return listed[item.subject] in duty.of
    return (
        item.mail_class in duty.of
        and item.mail_class not in listed.values()
        and inputs.volumes.get((day, item.mail_class)) != 0
    )


def _is_returned(item: Checked, day: date, inputs: Inputs) -> bool:
    """Marked so on a manifest; where all are sealed nothing else is, else also what is of a class on none of them."""
    if item.subject in inputs.returned.get(day, ()):
        return True
    listed = inputs.listed.get(day, {})
    return day not in inputs.sealed and listed.get(item.subject, item.mail_class) not in listed.values()
