"""The duties about single days, and the one counted in delivery days [14.1, 14.5], each from its sentence."""

import math
from datetime import date

from tests.independent.answers import (
    CAP,
    DUE,
    HEADS,
    MET,
    MISSED,
    NOT_APPLICABLE,
    PARTIAL,
    UNKNOWN,
    UNSAID,
    Answer,
    by_volume,
    figures,
    standing,
    tally_of,
)
from tests.independent.known import Known
from tests.independent.world import CLASSES, DAY, NUMBERED, Record

# ---------------------------------------------------------------- 14.1(1)


def receipt_sample(known: Known, day: date) -> Answer:
    """At least 10 % of the items on the day's lists, rounded up; classes count together."""
    last = known.last_in_time(day)
    listed = known.listed(day)
    verdicts = [
        v for v in known.verdicts("receipt", HEADS, lambda r: r.about == day and r.day <= last, True)
        if v.thing.subject in listed or not _settled(known, day, v.thing.mail_class)
    ]  # fmt: skip
    tally, closed = tally_of(verdicts), known.over(last)
    classes = {v.thing.subject: v.thing.mail_class for v in verdicts}
    volumes = {name: known.volume(day, name) for name in NUMBERED}
    why = f"volumes {volumes}, own deliveries {known.own_of('receipt', day, day)}"
    if None not in volumes.values():
        whole = sum(volumes.values())
        required = math.ceil(whole / 10)
        status = NOT_APPLICABLE if whole == 0 else standing(len(tally) >= required, bool(tally), closed)
        return Answer(status, required, **figures(tally), why=why)
    least = sum(known.least(day, n, sum(c == n for c in classes.values())) for n in NUMBERED)
    possible = {MISSED}  # there may always be more of what is missing
    if least == 0:
        possible.add(NOT_APPLICABLE)
    elif len(tally) >= math.ceil(least / 10):
        possible.add(MET)
    why = f"{why}, least {least}"
    return Answer(by_volume(possible, len(tally), closed), None, **figures(tally), why=why)


def _settled(known: Known, day: date, name: str) -> bool:
    """Only what stands on a list counts: the class stands on one, or is a recorded zero."""
    return known.stands(day, name) or known.volume(day, name) == 0


# ---------------------------------------------------------------- 14.1(2)


def return_audit(known: Known, day: date) -> Answer:
    """Every returned item of the day."""
    last = known.last_in_time(day)
    listed = known.listed(day)
    marked = {number for number, row in listed.items() if row.returned}
    whole = known.all_sealed(day)
    verdicts = [
        v for v in known.verdicts("return", HEADS, lambda r: r.about == day and r.day <= last, True)
        if v.thing.subject in marked or not (whole or known.stands(day, v.thing.mail_class))
    ]  # fmt: skip
    tally, closed = tally_of(verdicts), known.over(last)
    classes = {v.thing.subject: v.thing.mail_class for v in verdicts}
    least, most = _returned(known, day, [*classes.values()])
    done = len(tally)
    why = f"returned {least}–{most}, audited {done}, own deliveries {known.own_of('return', day, day)}"
    if least == most:
        status = NOT_APPLICABLE if least == 0 else standing(done >= least, bool(tally), closed)
        said = [known.typed.get(day, {}).get(n, (None, None))[1] for n in NUMBERED]
        typed = known.all_sealed(day) or None not in said or known.together.get(day) is not None
        return Answer(status, int(least) if typed else UNSAID, **figures(tally), why=why)
    possible = {MET if done >= most else MISSED}
    possible.add(NOT_APPLICABLE if least == 0 else MET if done >= least else MISSED)
    if least == 0 and done >= 1:
        possible.add(MET)
    return Answer(by_volume(possible, done, closed), None, **figures(tally), why=why)


def _returned(known: Known, day: date, audited: list[str | None]) -> tuple[float, float]:
    """The least and the most that can have come back: marked on the sealed lists, else typed, else missing."""
    if known.all_sealed(day):
        count = sum(row.returned for row in known.listed(day).values())
        return count, count
    together = known.together.get(day)
    least = most = together or 0
    for name in CLASSES if together is None else ("letter", "periodical"):
        volume = known.volume(day, name)
        typed = known.typed.get(day, {}).get(name, (None, None))[1]
        if typed is not None:
            least, most = least + typed, most + typed
        elif volume != 0 and name in NUMBERED:
            highest = math.inf if volume is None else volume
            marked = sum(r.returned and r.mail_class == name for r in known.on_sealed(day).values())
            least += min(highest, max(marked, audited.count(name)))
            most += highest
    return least, most


# ---------------------------------------------------------------- 14.1(3)


def registered_balance(known: Known, day: date) -> Answer:
    """Met when entered; not applicable only when opening and received are both 0."""
    last = known.last_in_time(day)
    entered = _balance(known, day, last)
    opening = _carried_before(known, day)
    received = entered.header["received"] if entered else known.volume(day, "registered")
    if entered and opening is None:
        opening = entered.header.get("opening")
    why = f"opening {opening}, received {received}, entered {entered is not None}"
    if opening == 0 and received == 0:
        return Answer(NOT_APPLICABLE, why=why)
    closed = known.over(last)
    if (
        closed
        and entered is None
        and opening == 0
        and received is None
        and not known.least(day, "registered")
    ):
        return Answer(UNKNOWN, 1, 0, why=why)  # nothing may have come in
    return Answer(standing(entered is not None, False, closed), 1, int(entered is not None), why=why)


def _balance(known: Known, day: date, last: date | None = None) -> Record | None:
    fits = [
        r
        for r in known.records
        if r.kind == "balance"
        and r.about == day
        and (last is None or r.day <= last)
        and known.counts(r, HEADS)
    ]
    return fits[-1] if fits else None


def _carried_before(known: Known, day: date) -> int | None:
    """What the delivery day before carried over; entered too late it is still known."""
    before = day - DAY
    while before >= known.world.opened and not known.delivers(before):
        before -= DAY
    found = _balance(known, before) if before >= known.world.opened else None
    return found.header["carried"] if found else None


# ---------------------------------------------------------------- 14.1(4)


def shortage_damage(known: Known, first: date, last: date) -> Answer | None:
    """Neighbouring checks differ by at most 3 delivery days, up to the month's end or today."""
    start = max(first - DAY, known.world.opened, known.world.ledger_first)
    end = last if known.closed is None else min(last, known.closed - DAY)
    if start > end:
        return None

    def number(day: date) -> int:
        return len(known.delivery_days(first, day)) if day >= first else 0

    checks = sorted(
        r.day for r in known.records
        if r.kind == "shortage" and max(first, known.world.ledger_first) <= r.day <= end and known.counts(r, HEADS)
    )  # fmt: skip
    marks = [number(start), *map(number, checks)]
    over = any(after - before > 3 for before, after in zip(marks, marks[1:], strict=False))
    latest = number(min(known.today, end))
    why = f"delivery days of checks {marks}, today {latest}, end {number(end)}"
    if over or latest - marks[-1] > 3:
        return Answer(MISSED, why=why)
    if number(end) - marks[-1] <= 3:
        return Answer(MET, why=why)
    return Answer(PARTIAL if checks else DUE, why=why)


# ---------------------------------------------------------------- 14.1(5)


def advance_watch(known: Known, day: date) -> Answer:
    """Items chosen in advance that have an outcome; at least 20, or the day's volume."""
    last = known.last_in_time(day)
    picks = [
        r
        for r in known.records
        if r.kind == "watch-pick" and r.about == day and r.day <= day and known.counts(r, HEADS, True)
    ]
    chosen = {
        thing.subject: min(r.made for r in picks if thing in r.things) for r in picks for thing in r.things
    }
    verdicts = [
        v for v in known.verdicts("watch", HEADS, lambda r: r.about == day and r.day <= last, True)
        if v.thing.subject in chosen and chosen[v.thing.subject] <= v.record.made
    ]  # fmt: skip
    tally, closed = tally_of(verdicts), known.over(last)
    classes = {v.thing.subject: v.thing.mail_class for v in verdicts}
    done = len(tally)
    volumes = {name: known.volume(day, name) for name in CLASSES}
    least = sum(known.least(day, n, sum(c == n for c in classes.values())) for n in CLASSES)
    why = f"volumes {volumes}, least {least}, own deliveries {known.own_of('watch', day, day)}"
    settled = None not in volumes.values()
    # What was checked is no known part of the volume: it bounds the verdict, not the minimum.
    known_part = sum(known.least(day, n) for n in CLASSES)
    if settled or known_part >= CAP:
        required = min(CAP, known_part)
        status = NOT_APPLICABLE if required == 0 else standing(done >= required, bool(tally), closed)
        return Answer(status, required, **figures(tally), why=why)
    possible = {MET if done >= CAP else MISSED}
    if done < CAP:
        possible.add(NOT_APPLICABLE if least == 0 else MET if done >= min(CAP, least) else MISSED)
    required = (
        UNSAID if least >= CAP else None
    )  # with what was checked of it: nothing is said of what is shown
    return Answer(by_volume(possible, done, closed), required, **figures(tally), why=why)


# ---------------------------------------------------------------- 14.5


def pre_shift_meeting(known: Known, day: date) -> Answer:
    """The director's, one, with notes."""
    return _meeting(known, "meeting", day, day)


def monthly_analysis(known: Known, first: date, last: date) -> Answer:
    """The director's, one, with notes and requirements."""
    return _meeting(known, "analysis", first, last)


def _meeting(known: Known, kind: str, first: date, last: date) -> Answer:
    held = any(
        r.kind == kind and first <= r.day <= last and known.counts(r, {"director"}) for r in known.records
    )
    return Answer(standing(held, False, known.over(last)), 1)
