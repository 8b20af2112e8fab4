"""Duties measured by a day's volume: the share of items [14.1(1), 14.1(2)] and the advance watch [14.1(5)]. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from webapp.ledger.counting import by_role, closing, not_applicable, notes, qualifying, sums, verdicts
from webapp.ledger.lines import RETURNED, Check, Checked, Inputs, Line
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty
from webapp.sampling.rules import SAMPLED


def share(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """At least ``percent`` of the day's volume, distinct numbers that stand on the day's lists."""
    return _measured(duty, period, inputs, _share_items)


def watch(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """At least ``size`` chosen items whose outcome was recorded, never more than the day's volume of their classes."""
    return _measured(duty, period, inputs, _watched_items)


def _threshold(duty: Duty, volume: int | None) -> int | None:
    """What a volume asks for; None stands for one without a bound, of which a share has none either."""
    if volume is None:
        return duty.size
    return -(-volume * duty.percent // 100) if duty.percent else min(duty.size, volume)


def _measured(duty: Duty, period: Period, inputs: Inputs, items_of) -> Line:
    day = period.first
    if not inputs.calendar.delivers(day):
        return not_applicable(duty, period, inputs, "no-delivery", day=day.isoformat())
    known = {name: inputs.volumes[day, name] for name in duty.of if (day, name) in inputs.volumes}
    missing = [name for name in duty.of if name not in known]
    if not missing and not sum(known.values()):
        reason = "zero-returns" if duty.of == (RETURNED,) else "zero-volume"
        return not_applicable(duty, period, inputs, reason, day=day.isoformat())
    checks = qualifying(duty, period, inputs)
    found, said = items_of(duty, day, checks, inputs)
    least, most = _bounds(duty, day, known, missing, found, inputs)
    enough, utmost = _threshold(duty, least), _threshold(duty, most)
    met = utmost is not None and len(found) >= utmost
    required = enough if enough == utmost else None
    why = [_volume_reason(day, known, missing, required, inputs)]
    why += _threshold_reason(duty, least, required, missing)
    if met and required is None:
        why.append(("enough", {"size": utmost}))
    return Line(
        closing(duty, period, inputs),
        required=required,
        done=len(found),
        met=met,
        uncertain=not met and enough <= len(found),
        started=bool(found),
        withdrawn=inputs.withdrawn,
        voided=inputs.voided,
        why=(*why, ("checked", {"items": len(found)}), *said, *notes(duty, period, checks, inputs)),
        **_drawn(duty, found, day, inputs),
        **sums(found),
    )


def _bounds(
    duty: Duty, day: date, known: Mapping[str, int], missing: list[str], found: list[Checked], inputs: Inputs
) -> tuple[int, int | None]:
    """The least and the most that the day's volume can be; no most (None) where a class of it is missing."""
    if not missing:
        return (total := sum(known.values())), total
    if duty.of == (RETURNED,):
        return _returned_bounds(day, found, inputs)
    return sum(known.values()) + sum(least_of(name, day, found, inputs) for name in missing), None


def least_of(name: str, day: date, found: Iterable[Checked], inputs: Inputs) -> int:
    """The least that a missing class can be: what sealed lists of the day hold of it, or what was checked of it."""
    listed = inputs.listed.get(day, {})
    held = sum(listed[number] == name for number in inputs.held.get(day, ()))
    return max(held, sum(listed.get(item.subject, item.mail_class) == name for item in found))


def _returned_bounds(day: date, found: list[Checked], inputs: Inputs) -> tuple[int, int | None]:
    """Of returned items: at least those typed, marked on sealed lists and audited; at most what came in."""
    typed = {name: count for (on, name), count in inputs.returned_typed.items() if on == day}
    missing = [name for name in SAMPLED if name not in typed]
    listed = inputs.listed.get(day, {})
    marked = inputs.held.get(day, frozenset()) & inputs.returned.get(day, frozenset())
    held = Counter(listed[number] for number in marked)
    audited = Counter(listed.get(item.subject, item.mail_class) for item in found)
    came = {name: inputs.volumes.get((day, name)) for name in missing}
    part = {name: max(held[name], audited[name]) for name in held | audited if name not in typed}
    # No more of a class came back than came in, whatever was audited.
    known = {name: part[name] if came.get(name) is None else min(part[name], came[name]) for name in part}
    least = sum(typed.values()) + sum(known.values())
    if None in came.values():
        return least, None
    others = sum(count for name, count in part.items() if name not in SAMPLED)  # letters that nobody typed
    return least, sum(typed.values()) + sum(came.values()) + others


def _drawn(duty: Duty, found: list[Checked], day: date, inputs: Inputs) -> dict:
    """How many were drawn unannounced (an interval is honest) and how many in a draw shown before (预告)."""
    drawn = _chosen(duty, day, inputs) if duty.chosen_by else inputs.drawn.get(day, {})
    honest = [item for item in found if drawn.get(item.subject) is False]
    return {
        "drawn": len(honest),
        "drawn_passed": sum(item.verdict == "pass" for item in honest),
        "announced": sum(drawn.get(item.subject) is True for item in found),
    }


def _volume_reason(
    day: date, known: Mapping[str, int], missing: list[str], required: int | None, inputs: Inputs
) -> tuple[str, dict]:
    source = "manifests" if day in inputs.sealed else "typed" if known else "none"
    if not missing:
        return "volume", {"known": dict(known), "source": source}
    said = {"classes": missing, "known": dict(known), "source": source}
    return ("volume-missing", said) if required is None else ("volume-part", {**said, "required": required})


def _threshold_reason(
    duty: Duty, volume: int, required: int | None, missing: list[str]
) -> list[tuple[str, dict]]:
    if required is None or missing:
        return []
    if duty.percent == 100:
        return [("share-all", {"volume": volume})]
    if duty.percent:
        return [("share", {"percent": duty.percent, "volume": volume, "required": required})]
    return [("least", {"size": duty.size, "volume": volume, "required": required})]


# ---------------------------------------------------------------- the day's list [14.1(1), 14.1(2)]


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


# ---------------------------------------------------------------- chosen in advance [14.1(5)]


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
