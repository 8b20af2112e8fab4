"""Duties measured by a day's volume: the share of items [14.1(1), 14.1(2)] and the advance watch [14.1(5)]. Pure."""

from collections.abc import Mapping
from datetime import date

from webapp.ledger.counting import by_role, closing, not_applicable, notes, qualifying, sums, verdicts
from webapp.ledger.lines import RETURNED, Check, Checked, Inputs, Line
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


def share(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """At least ``percent`` of the day's volume, distinct numbers that stand on the day's lists."""
    return _measured(duty, period, inputs, _share_items, lambda volume: -(-volume * duty.percent // 100))


def watch(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """At least ``size`` chosen items whose outcome was recorded, never more than the day's volume of their classes."""
    return _measured(duty, period, inputs, _watched_items, lambda volume: min(duty.size, volume))


def _measured(duty: Duty, period: Period, inputs: Inputs, items_of, threshold_of) -> Line:
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
    # A missing volume is at least what was checked of it.
    least = sum(known.values()) + sum(_class_of(duty, item, day, inputs) in missing for item in found)
    enough = threshold_of(least)
    # The most that any value of a missing volume can ask for; a share of it has no bound.
    most = threshold_of(10**9) if missing else enough
    required = None if missing else enough
    met = len(found) >= most
    why = [_volume_reason(day, known, missing, inputs), *_threshold_reason(duty, least, required)]
    if missing and met:
        why.append(("enough", {"size": most}))
    return Line(
        closing(duty, period, inputs.calendar),
        required=required,
        done=len(found),
        met=met,
        uncertain=bool(missing) and enough <= len(found) < most,
        started=bool(found) or bool(said),
        withdrawn=inputs.withdrawn,
        voided=inputs.voided,
        why=(*why, ("checked", {"items": len(found)}), *said, *notes(duty, period, checks, inputs)),
        **_drawn(duty, found, day, inputs),
        **sums(found),
    )


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
    day: date, known: Mapping[str, int], missing: list[str], inputs: Inputs
) -> tuple[str, dict]:
    source = "manifests" if day in inputs.sealed else "typed" if known else "none"
    if missing:
        return "volume-missing", {"classes": missing, "known": dict(known), "source": source}
    return "volume", {"known": dict(known), "source": source}


def _threshold_reason(duty: Duty, volume: int, required: int | None) -> list[tuple[str, dict]]:
    if required is None:
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
    others = len(merged) - len(found)
    return found, [("off-list", {"items": others})] if others else []


def _class_of(duty: Duty, item: Checked, day: date, inputs: Inputs) -> str | None:
    if duty.of == (RETURNED,):
        return RETURNED
    return inputs.listed.get(day, {}).get(item.subject, item.mail_class)


def _on_list(duty: Duty, item: Checked, day: date, inputs: Inputs) -> bool:
    """Where a class is on sealed manifests only numbers on them count; a class recorded as zero has none."""
    if duty.of == (RETURNED,):
        marked = inputs.returned.get(day)
        return marked is None or item.subject in marked
    listed = inputs.listed.get(day, {})
    if item.subject in listed:
        return listed[item.subject] in duty.of
    return (
        item.mail_class in duty.of
        and item.mail_class not in listed.values()
        and inputs.volumes.get((day, item.mail_class)) != 0
    )


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
