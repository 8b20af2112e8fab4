"""Duties measured in sessions: what a department checked for one duty on one date [14.2, 14.3, 14.4]. Pure."""

from dataclasses import dataclass
from datetime import date
from itertools import combinations

from webapp.ledger.counting import closing, not_applicable, notes, qualifying, sums, verdicts
from webapp.ledger.lines import Check, Checked, Inputs, Line
from webapp.ledger.points import population_of
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty, Kind


@dataclass(frozen=True)
class Session:
    """One date's work. ``minimum`` None: a zero day, which holds no session. ``strata``: (code, had, needed)."""

    day: date
    minimum: int | None
    subjects: frozenset[str]
    strata: tuple[tuple[str, int, int], ...] = ()
    dropped: int = 0  # checked, but not on the day's list

    @property
    def counts(self) -> bool:
        """Whether it reaches its minimum, and that of each of its strata."""
        if self.minimum is None or len(self.subjects) < self.minimum:
            return False
        return all(had >= needed for _, had, needed in self.strata)


def sessions(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """As many dates as required, never more than the period has delivery days, each reaching its minimum."""
    delivery_days = inputs.calendar.delivery_days(period)
    if not delivery_days:
        return not_applicable(duty, period, inputs, "no-delivery-week")
    population = population_of(period, inputs) if duty.shrink == "population" else None
    if population is not None and not population:
        return not_applicable(duty, period, inputs, "no-points")
    open_days = [day for day in delivery_days if day_volume(duty, day, inputs) != 0]
    required = min(duty.sessions, len(open_days))
    if not required:
        return not_applicable(duty, period, inputs, "zero-volume-week")
    checks = qualifying(duty, period, inputs)
    held = _gather(duty, checks, inputs, population)
    done = min(_best(duty, held), required)
    counted = [item for session in held for item in _of_session(checks, session)]
    return Line(
        closing(duty, period, inputs.calendar),
        required=required,
        done=done,
        met=done >= required,
        uncertain=done < required and _could_be_met(duty, held, delivery_days, inputs),
        started=bool(counted),
        withdrawn=inputs.withdrawn,
        voided=inputs.voided,
        why=(
            *_required_reasons(duty, required, delivery_days, population),
            *_session_reasons(duty, held, done),
            *notes(duty, period, checks, inputs),
        ),
        **sums(counted),
    )


def _required_reasons(duty: Duty, required: int, delivery_days: list[date], population) -> list:
    found = [("sessions", {"required": required, "size": _size(duty, population)})]
    if len(delivery_days) < duty.sessions:
        found.append(("few-days", {"days": len(delivery_days)}))
    elif required < duty.sessions:
        found.append(("zero-days", {"sessions": duty.sessions, "required": required}))
    if population is not None and len(population) < duty.size:
        found.append(("few-points", {"points": len(population), "size": duty.size}))
    return found


def _session_reasons(duty: Duty, held: list[Session], done: int) -> list:
    found = []
    for session in held:
        found.append(_session_reason(session))
        if session.dropped:
            found.append(("session-off-list", {"day": session.day.isoformat(), "items": session.dropped}))
        found += [
            (
                "stratum-short",
                {"day": session.day.isoformat(), "stratum": code, "items": had, "minimum": needed},
            )
            for code, had, needed in session.strata
            if had < needed
        ]
    if sum(session.counts for session in held) >= 2 > done and duty.distinct_pair and duty.sessions > 1:
        found.append(("sessions-share", {}))
    return found


def _session_reason(session: Session) -> tuple[str, dict]:
    values = {"day": session.day.isoformat(), "items": len(session.subjects), "minimum": session.minimum}
    if session.minimum is None:
        return "session-zero-day", values
    return ("session-counts" if session.counts else "session-short"), values


def _size(duty: Duty, population: frozenset[str] | None) -> int:
    return duty.size if population is None else min(duty.size, len(population))


def day_volume(duty: Duty, day: date, inputs: Inputs) -> int | None:
    """The day's volume of the duty's classes; None where it is missing or does not matter."""
    if duty.shrink != "volume":
        return None
    values = [inputs.volumes.get((day, name)) for name in duty.of]
    return None if None in values else sum(values)


def _gather(
    duty: Duty, checks: list[Check], inputs: Inputs, population: frozenset[str] | None
) -> list[Session]:
    by_day: dict[date, list[Check]] = {}
    for check in checks:
        by_day.setdefault(check.work_date, []).append(check)
    found = []
    for day in sorted(by_day):
        items = verdicts(by_day[day])
        if population is not None:
            found.append(Session(day, _size(duty, population), frozenset(items) & population))
        elif duty.strata:
            found.append(_stratified(duty, day, items, inputs.kinds))
        else:
            found.append(_volume_session(duty, day, frozenset(items), inputs))
    return found


def _stratified(duty: Duty, day: date, items: dict[str, Checked], kinds: tuple[Kind, ...]) -> Session:
    """Letters count by stratum; where the stratum says so, by distinct address tag and none without [14.3]."""
    by_tag = {one.code for kind in kinds for one in kind.strata if one.distinct == "tag"}
    subjects: dict[str, set[str]] = {code: set() for code, _ in duty.strata}
    for subject, item in items.items():
        if item.stratum in subjects and (item.tag or item.stratum not in by_tag):
            subjects[item.stratum].add(item.tag if item.stratum in by_tag else subject)
    strata = tuple((code, len(subjects[code]), needed) for code, needed in duty.strata)
    return Session(day, duty.size, _first_of_each(items, by_tag), strata)


def _first_of_each(items: dict[str, Checked], by_tag: set[str]) -> frozenset[str]:
    """The letters that count: of several with one tag the first."""
    found, seen = set(), set()
    for subject in sorted(items):
        item = items[subject]
        if item.stratum in by_tag:
            if not item.tag or (item.stratum, item.tag) in seen:
                continue
            seen.add((item.stratum, item.tag))
        found.add(subject)
    return frozenset(found)


def _volume_session(duty: Duty, day: date, subjects: frozenset[str], inputs: Inputs) -> Session:
    """min(20, the day's parcels), and of that day's parcels where there are fewer than 20 [14.2]."""
    volume = day_volume(duty, day, inputs)
    if volume == 0:
        return Session(day, None, subjects)
    if volume is None or volume >= duty.size:
        return Session(day, duty.size, subjects)
    listed = {number for number, name in inputs.listed.get(day, {}).items() if name in duty.of}
    counted = subjects & listed if listed else subjects
    return Session(day, volume, counted, dropped=len(subjects - counted))


def _best(duty: Duty, held: list[Session]) -> int:
    """How many sessions count; two may share numbers only beyond their minima, the best pair is taken."""
    counting = [session for session in held if session.counts]
    if not duty.distinct_pair or len(counting) < 2:
        return len(counting)
    for one, other in combinations(counting, 2):
        if len(one.subjects | other.subjects) >= one.minimum + other.minimum:
            return len(counting)
    return 1


def _could_be_met(duty: Duty, held: list[Session], delivery_days: list[date], inputs: Inputs) -> bool:
    """Whether some value of a missing volume would change the verdict: the most lenient one is tried.

    A missing volume is at least what was checked of it, so a short session would be whole, and a day on which
    nothing was checked may have been a zero day.
    """
    if duty.shrink != "volume":
        return False
    by_day = {session.day: session for session in held}
    known = [day for day in delivery_days if day_volume(duty, day, inputs) is not None]
    checked_unknown = [d for d, s in by_day.items() if day_volume(duty, d, inputs) is None and s.subjects]
    lenient = [
        Session(s.day, min(duty.size, len(s.subjects)), s.subjects) if s.day in checked_unknown else s
        for s in held
    ]
    open_days = [d for d in known if day_volume(duty, d, inputs)] + [
        d for d in checked_unknown if d in delivery_days
    ]
    return _best(duty, lenient) >= min(duty.sessions, len(open_days))


def _of_session(checks: list[Check], session: Session) -> list[Checked]:
    found = verdicts([check for check in checks if check.work_date == session.day])
    return [item for subject, item in found.items() if subject in session.subjects]
