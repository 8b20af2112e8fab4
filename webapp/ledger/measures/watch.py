"""Items chosen in advance and followed [14.1(5)]. Pure."""

from datetime import date

from webapp.ledger.counting import by_role
from webapp.ledger.lines import Check, Checked, Inputs, Line
from webapp.ledger.measures.by_volume import measured
from webapp.ledger.measures.measure import Measure
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


class Watch(Measure):
    """At least ``size`` chosen items whose outcome was recorded, never more than the day's volume of their classes."""

    code = "watch"

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """Outcomes of items that were chosen before, against the size."""
        return measured(duty, period, inputs, _watched_items, _chosen)


def _watched_items(duty: Duty, day: date, checks: list[Check], inputs: Inputs):
    """Items with an outcome that were chosen no later than the day and before that outcome."""
    found: dict[str, Checked] = {}
    strangers = set()
    for check in checks:
        for item in check.items:
            if not _chosen_before(duty, item.subject, day, check, inputs):
                strangers.add(item.subject)
            elif item.subject not in found or item.verdict == "fail":
                found[item.subject] = item
    said = [("chosen", {"items": len(_chosen(duty, day, inputs))})] if inputs.picks else []
    if late := strangers - found.keys():
        said.append(("not-chosen", {"items": len(late)}))
    return list(found.values()), said


def _picks(duty: Duty, day: date, inputs: Inputs) -> list[Check]:
    return [
        pick
        for pick in inputs.picks
        if pick.day == day and pick.work_date <= day and by_role(duty, pick, inputs)
    ]


def _chosen(duty: Duty, day: date, inputs: Inputs) -> dict[str, bool | None]:
    """{number: False where the server drew it, None where a person picked it} of the day."""
    found: dict[str, bool | None] = {}
    for pick in _picks(duty, day, inputs):
        for item in pick.items:
            found[item.subject] = False if pick.drawn else found.get(item.subject)
    return found


def _chosen_before(duty: Duty, subject: str, day: date, check: Check, inputs: Inputs) -> bool:
    return any(
        any(item.subject == subject for item in pick.items)
        and (pick.at is None or check.at is None or pick.at <= check.at)
        for pick in _picks(duty, day, inputs)
    )
