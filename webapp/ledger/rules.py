"""The fold: from what was checked to a ledger line. Pure: values in, values out.

Every measure follows DOMAIN section 3 and its Readings; the article stands in the rulebook beside the duty.
A :class:`Line` holds sums and facts; :func:`status` is a pure function of (line, now), so that a page is right
at the second in which a period closes without anything being written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations

from webapp.core.clock import end_of_day
from webapp.ledger.lines import (
    DUE,
    MET,
    MISSED,
    NOT_APPLICABLE,
    PARTIAL,
    POPULATION_DAYS,
    RANKED_FROM,
    STATUSES,
    UNKNOWN,
    Check,
    Checked,
    Inputs,
    Line,
    Point,
    roll_up,
    status,
)
from webapp.rulebook.periods import Calendar, Period
from webapp.rulebook.rules import Duty

__all__ = [
    "DUE", "MET", "MISSED", "NOT_APPLICABLE", "PARTIAL", "POPULATION_DAYS", "RANKED_FROM", "STATUSES", "UNKNOWN",
    "Check", "Checked", "Inputs", "Line", "Point", "closing", "fold", "population_of", "qualifying", "roll_up",
    "status", "substitutes", "verdicts",
]  # fmt: skip


def closing(duty: Duty, period: Period, calendar: Calendar) -> datetime:
    """When the line closes: the end of the period, or of the next delivery day after the list's day."""
    last = calendar.next_delivery_day(period.last) if duty.closes == "next-delivery-day" else period.last
    return end_of_day(last)


def fold(duty: Duty, period: Period, inputs: Inputs) -> Line:
    """The line of ``duty`` for ``period``, whatever the order in which the facts came."""
    return _MEASURES[duty.measure](duty, period, inputs)


# ---------------------------------------------------------------- which checks count


def qualifying(duty: Duty, period: Period, inputs: Inputs) -> list[Check]:
    """The checks that count: of this period, made in time, by a role that the duty names, for the department.

    Where one person holds all department roles that day, a county manager's check counts [Reading: who].
    """
    closes_at = closing(duty, period, inputs.calendar)
    return [
        check
        for check in inputs.checks
        if check.day in period and _in_time(check, closes_at) and _by_role(duty, check, inputs)
    ]


def _in_time(check: Check, closes_at: datetime) -> bool:
    return check.day <= check.work_date and end_of_day(check.work_date) <= closes_at


def _by_role(duty: Duty, check: Check, inputs: Inputs) -> bool:
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


def _sums(items: list[Checked]) -> dict:
    return {"items": len(items), "passed": sum(item.verdict == "pass" for item in items)}


def _notes(duty: Duty, checks: list[Check], inputs: Inputs) -> list[tuple[str, dict]]:
    notes = []
    if any(substitutes(duty, check, inputs) for check in checks):
        notes.append(("sole-person", {}))
    if others := len(inputs.checks) - len(checks):
        notes.append(("not-counted", {"checks": others}))
    if inputs.withdrawn:
        notes.append(("withdrawn", {"facts": inputs.withdrawn}))
    if inputs.voided:
        notes.append(("voided", {"items": inputs.voided}))
    return notes


def _not_applicable(duty: Duty, period: Period, inputs: Inputs, reason: str, **values) -> Line:
    return Line(
        closing(duty, period, inputs.calendar),
        applicable=False,
        withdrawn=inputs.withdrawn,
        voided=inputs.voided,
        why=((reason, values),),
    )


# ---------------------------------------------------------------- share of a day's volume [14.1(1)]


def _share(duty: Duty, period: Period, inputs: Inputs) -> Line:
    day = period.first
    if not inputs.calendar.delivers(day):
        return _not_applicable(duty, period, inputs, "no-delivery", day=day.isoformat())
    known = {name: inputs.volumes[day, name] for name in duty.of if (day, name) in inputs.volumes}
    missing = [name for name in duty.of if name not in known]
    if not missing and not sum(known.values()):
        return _not_applicable(duty, period, inputs, "zero-volume", day=day.isoformat())
    checks = qualifying(duty, period, inputs)
    found = [item for item in verdicts(checks).values() if _on_list(item, day, duty, inputs)]
    # A missing volume is at least what was checked of it.
    least = sum(known.values()) + sum(_class_of(item, day, inputs) in missing for item in found)
    threshold = -(-least * duty.percent // 100)
    required = None if missing else threshold
    why = [_volume_reason(duty, known, missing)]
    if required is not None:
        why.append(("share", {"percent": duty.percent, "volume": least, "required": required}))
    why.append(("checked", {"items": len(found)}))
    drawn = inputs.drawn.get(day, {})
    honest = [item for item in found if drawn.get(item.subject) is False]
    return Line(
        closing(duty, period, inputs.calendar),
        required=required,
        done=len(found),
        met=required is not None and len(found) >= required,
        uncertain=bool(missing) and len(found) >= threshold,
        started=bool(found),
        drawn=len(honest),
        drawn_passed=sum(item.verdict == "pass" for item in honest),
        announced=sum(drawn.get(item.subject) is True for item in found),
        withdrawn=inputs.withdrawn,
        voided=inputs.voided,
        why=(*why, *_notes(duty, checks, inputs)),
        **_sums(found),
    )


def _volume_reason(duty: Duty, known: Mapping[str, int], missing: list[str]) -> tuple[str, dict]:
    if missing:
        return "volume-missing", {"classes": missing, "known": dict(known)}
    return "volume", {"known": dict(known)}


def _class_of(item: Checked, day: date, inputs: Inputs) -> str | None:
    return inputs.listed.get(day, {}).get(item.subject, item.mail_class)


def _on_list(item: Checked, day: date, duty: Duty, inputs: Inputs) -> bool:
    """Where a class is on sealed manifests only numbers on them count; a class recorded as zero has none."""
    listed = inputs.listed.get(day, {})
    if item.subject in listed:
        return listed[item.subject] in duty.of
    return (
        item.mail_class in duty.of
        and item.mail_class not in listed.values()
        and inputs.volumes.get((day, item.mail_class)) != 0
    )


# ---------------------------------------------------------------- sessions [14.2, 14.4(3), 14.4(4)]


@dataclass(frozen=True)
class Session:
    """What a department checked for one duty on one date."""

    day: date
    minimum: int | None  # None: a zero day, which holds no session
    subjects: frozenset[str]

    @property
    def counts(self) -> bool:
        """Whether it reaches its minimum."""
        return self.minimum is not None and len(self.subjects) >= self.minimum


def _sessions(duty: Duty, period: Period, inputs: Inputs) -> Line:
    delivery_days = inputs.calendar.delivery_days(period)
    if not delivery_days:
        return _not_applicable(duty, period, inputs, "no-delivery-week")
    population = population_of(period, inputs) if duty.shrink == "population" else None
    if population is not None and not population:
        return _not_applicable(duty, period, inputs, "no-points")
    open_days = [day for day in delivery_days if _day_volume(duty, day, inputs) != 0]
    required = min(duty.sessions, len(open_days))
    if not required:
        return _not_applicable(duty, period, inputs, "zero-volume-week")
    checks = qualifying(duty, period, inputs)
    sessions = _gather(duty, checks, inputs, population)
    done = min(_best(duty, sessions), max(required, 1))
    why = [("sessions", {"required": required, "size": _size(duty, population)})]
    why += [_session_reason(session) for session in sessions]
    if sum(session.counts for session in sessions) >= 2 > done and duty.distinct_pair and required > 1:
        why.append(("sessions-share", {}))
    counted = [item for session in sessions for item in _of_session(checks, session)]
    return Line(
        closing(duty, period, inputs.calendar),
        required=required,
        done=done,
        met=done >= required,
        uncertain=done < required and _could_be_met(duty, sessions, delivery_days, inputs),
        started=bool(counted),
        withdrawn=inputs.withdrawn,
        voided=inputs.voided,
        why=(*why, *_notes(duty, checks, inputs)),
        **_sums(counted),
    )


def _size(duty: Duty, population: frozenset[str] | None) -> int:
    return duty.size if population is None else min(duty.size, len(population))


def _day_volume(duty: Duty, day: date, inputs: Inputs) -> int | None:
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
    sessions = []
    for day in sorted(by_day):
        subjects = frozenset(verdicts(by_day[day]))
        if population is not None:
            sessions.append(Session(day, _size(duty, population), subjects & population))
        else:
            sessions.append(_volume_session(duty, day, subjects, inputs))
    return sessions


def _volume_session(duty: Duty, day: date, subjects: frozenset[str], inputs: Inputs) -> Session:
    """min(20, the day's parcels), and of that day's parcels where there are fewer than 20 [14.2]."""
    volume = _day_volume(duty, day, inputs)
    if volume == 0:
        return Session(day, None, subjects)
    if volume is None or volume >= duty.size:
        return Session(day, duty.size, subjects)
    listed = {number for number, name in inputs.listed.get(day, {}).items() if name in duty.of}
    return Session(day, volume, subjects & listed if listed else subjects)


def _best(duty: Duty, sessions: list[Session]) -> int:
    """How many sessions count; two may share numbers only beyond their minima, the best pair is taken."""
    counting = [session for session in sessions if session.counts]
    if not duty.distinct_pair or len(counting) < 2:
        return len(counting)
    for one, other in combinations(counting, 2):
        if len(one.subjects | other.subjects) >= one.minimum + other.minimum:
            return len(counting)
    return 1


def _could_be_met(duty: Duty, sessions: list[Session], delivery_days: list[date], inputs: Inputs) -> bool:
    """Whether some value of a missing volume would change the verdict: the most lenient one is tried.

    A missing volume is at least what was checked of it, so a short session would be whole, and a day on which
    nothing was checked may have been a zero day.
    """
    if duty.shrink != "volume":
        return False
    by_day = {session.day: session for session in sessions}
    known = [day for day in delivery_days if _day_volume(duty, day, inputs) is not None]
    checked_unknown = [d for d, s in by_day.items() if _day_volume(duty, d, inputs) is None and s.subjects]
    lenient = [
        Session(s.day, min(duty.size, len(s.subjects)), s.subjects) if s.day in checked_unknown else s
        for s in sessions
    ]
    open_days = [d for d in known if _day_volume(duty, d, inputs)] + [
        d for d in checked_unknown if d in delivery_days
    ]
    return _best(duty, lenient) >= min(duty.sessions, len(open_days))


def _session_reason(session: Session) -> tuple[str, dict]:
    values = {"day": session.day.isoformat(), "items": len(session.subjects), "minimum": session.minimum}
    if session.minimum is None:
        return "session-zero-day", values
    return ("session-counts" if session.counts else "session-short"), values


def _of_session(checks: list[Check], session: Session) -> list[Checked]:
    found = verdicts([check for check in checks if check.work_date == session.day])
    return [item for subject, item in found.items() if subject in session.subjects]


# ---------------------------------------------------------------- distinct points in a period [14.4(2)]


def population_of(period: Period, inputs: Inputs) -> frozenset[str]:
    """The points that count [Reading: points].

    Of a week: open all week. Of a longer period: open on its last day (or today, if that comes first) and for at
    least seven days of it.
    """
    if period.kind == "week":
        return frozenset(
            p.id for p in inputs.points if _days_open(p, period) == (period.last - period.first).days + 1
        )
    day = max(min(period.last, inputs.today), period.first)
    return frozenset(
        p.id
        for p in inputs.points
        if p.opened_on <= day
        and (p.closed_on is None or day < p.closed_on)
        and _days_open(p, period) >= POPULATION_DAYS
    )


def _days_open(point: Point, period: Period) -> int:
    """Days of the period on which the point is open; ``closed_on`` is the first day on which it is not."""
    last = period.last if point.closed_on is None else min(period.last, point.closed_on - timedelta(days=1))
    return max(0, (last - max(period.first, point.opened_on)).days + 1)


def _distinct(duty: Duty, period: Period, inputs: Inputs) -> Line:
    population = population_of(period, inputs)
    if not population:
        return _not_applicable(duty, period, inputs, "no-points")
    checks = qualifying(duty, period, inputs)
    found = [item for subject, item in verdicts(checks).items() if subject in population]
    required = min(duty.size, len(population))
    return Line(
        closing(duty, period, inputs.calendar),
        required=required,
        done=len(found),
        met=len(found) >= required,
        started=bool(found),
        withdrawn=inputs.withdrawn,
        voided=inputs.voided,
        why=(
            ("points", {"points": len(population), "size": duty.size, "required": required}),
            ("points-visited", {"points": len(found)}),
            *_notes(duty, checks, inputs),
        ),
        **_sums(found),
    )


_MEASURES: Mapping[str, Callable[[Duty, Period, Inputs], Line]] = {
    "share": _share,
    "sessions": _sessions,
    "distinct": _distinct,
}
