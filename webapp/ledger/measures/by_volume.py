"""What a day's volume asks for, and what a missing one can be at least and at most [Reading: volume]. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from webapp.ledger.counting import closing, not_applicable, notes, qualifying, sums
from webapp.ledger.lines import RETURNED, Check, Checked, Inputs, Line
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty
from webapp.sampling.rules import SAMPLED

# The items that count, and the reasons about those that do not.
ItemsOf = Callable[[Duty, date, list[Check], Inputs], tuple[list[Checked], list]]
# {number: whether its draw was announced} of the drawn ones; None where a person picked it.
DrawnOf = Callable[[Duty, date, Inputs], Mapping[str, bool | None]]


def _threshold(duty: Duty, volume: int | None) -> int | None:
    """What a volume asks for; None stands for one without a bound, of which a share has none either."""
    if volume is None:
        return duty.size
    return -(-volume * duty.percent // 100) if duty.percent else min(duty.size, volume)


def measured(duty: Duty, period: Period, inputs: Inputs, items_of: ItemsOf, drawn_of: DrawnOf) -> Line:
    """The line of a duty whose threshold follows from the day's volume.

    ``items_of`` says which items count and what is said of the others, ``drawn_of`` which were drawn.
    """
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
        **_drawn(found, drawn_of(duty, day, inputs)),
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


def _drawn(found: list[Checked], drawn: Mapping[str, bool | None]) -> dict:
    """How many were drawn unannounced (an interval is honest) and how many in a draw shown before (预告)."""
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
