"""Duties measured in sessions: what a department checked for one duty on one date [14.2, 14.3, 14.4]. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from webapp.ledger.countable import Countable, DayLists
from webapp.ledger.counting import closing, not_applicable, notes, qualifying, sums, verdicts
from webapp.ledger.lines import Check, Checked, Inputs, Line
from webapp.ledger.measures.by_volume import least_of
from webapp.ledger.measures.measure import Measure
from webapp.ledger.points import population_of
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty, Kind


@dataclass(frozen=True)
class Session:
    """One date's work. ``minimum`` None: a zero day, which holds no session. ``strata``: (code, had, needed)."""

    day: date
    minimum: int | None
    subjects: frozenset[str]  # what counts towards the minimum
    strata: tuple[tuple[str, int, int], ...] = ()
    dropped: int = 0  # checked, but not on the day's list
    beside: frozenset[str] = frozenset()  # judged all the same, though it does not count towards the minimum

    @property
    def counts(self) -> bool:
        """Whether it reaches its minimum, and that of each of its strata."""
        if self.minimum is None or len(self.subjects) < self.minimum:
            return False
        return all(had >= needed for _, had, needed in self.strata)


class Sessions(Measure):
    """So many dates, each reaching its minimum."""

    code = "sessions"

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """As many dates as required, never more than the period has delivery days, each reaching its minimum."""
        delivery_days = inputs.calendar.delivery_days(period)
        if not delivery_days:
            return not_applicable(duty, period, inputs, "no-delivery-week")
        population = _population(duty, period, inputs)
        if population is not None and not population:
            return not_applicable(duty, period, inputs, "no-points")
        open_days = [day for day in delivery_days if day_volume(duty, day, inputs) != 0]
        required = min(duty.sessions, len(open_days))
        if not required:
            return not_applicable(duty, period, inputs, "zero-volume-week")
        checks = qualifying(duty, period, inputs)
        held = _gather(duty, checks, inputs, population)
        done = _best(duty, held, required)
        counted = [item for session in held for item in _of_session(checks, session)]
        return Line(
            closing(duty, period, inputs),
            required=required,
            done=done,
            met=done >= required,
            uncertain=done < required and _could_be_met(duty, held, delivery_days, inputs),
            started=any(session.subjects for session in held),
            withdrawn=inputs.withdrawn,
            voided=inputs.voided,
            why=(
                *_required_reasons(duty, required, delivery_days, population),
                *_small_days(duty, open_days, inputs),
                *_session_reasons(duty, held, done, required),
                *([] if done >= required else _missing_volumes(duty, delivery_days, inputs)),
                *notes(duty, period, checks, inputs),
            ),
            **sums(counted),
        )

    def session_size(self, duty: Duty, period: Period, inputs: Inputs) -> int | None:
        """By the relay points that there are; None where there is nothing to visit."""
        return _size(duty, _population(duty, period, inputs)) or None

    says_countable = True

    def countable(self, duty: Duty, classes: Collection[str], lists: DayLists) -> Countable | None:
        """min(20, the day's parcels), and of that day's parcels where there are fewer than 20 [14.2]."""
        if duty.shrink != "volume":
            return None
        volume = lists.volume(duty.of)
        if volume == 0:
            return Countable(frozenset(), (), 0)
        if volume is None or volume >= duty.size:
            return Countable(frozenset(), None, duty.size)
        numbers = frozenset(number for number, name in lists.listed.items() if name in duty.of)
        return Countable(numbers, () if numbers else None, volume)


def _required_reasons(duty: Duty, required: int, delivery_days: list[date], population) -> list:
    what = "items" if population is None else "points"
    found = [("sessions", {"required": required, "size": _size(duty, population), "what": what})]
    found += [("stratum-least", {"stratum": code, "minimum": needed}) for code, needed in duty.strata]
    if len(delivery_days) < duty.sessions:
        found.append(("few-days", {"days": len(delivery_days)}))
    elif required < duty.sessions:
        found.append(("zero-days", {"sessions": duty.sessions, "required": required}))
    if population is not None and len(population) < duty.size:
        found.append(("few-points", {"points": len(population), "size": duty.size}))
    return found


def _small_days(duty: Duty, open_days: list[date], inputs: Inputs) -> list:
    volumes = [day_volume(duty, day, inputs) for day in open_days]
    return (
        [("small-days", {"size": duty.size})] if any(v is not None and v < duty.size for v in volumes) else []
    )


def _missing_volumes(duty: Duty, delivery_days: list[date], inputs: Inputs) -> list:
    """The delivery days up to today whose volume could lower what is asked for."""
    if duty.shrink != "volume":
        return []
    past = [day for day in delivery_days if day <= inputs.today]
    days = [day.isoformat() for day in past if day_volume(duty, day, inputs) is None]
    return [("volumes-missing", {"days": days})] if days else []


def _session_reasons(duty: Duty, held: list[Session], done: int, required: int) -> list:
    found, what = [], "points" if duty.shrink == "population" else "items"
    for session in held:
        found.append(_session_reason(session, what))
        if session.dropped and session.minimum is not None:
            found.append(("session-off-list", {"day": session.day.isoformat(), "items": session.dropped}))
        found += [
            (
                "stratum-short",
                {"day": session.day.isoformat(), "stratum": code, "items": had, "minimum": needed},
            )
            for code, had, needed in session.strata
            if had < needed
        ]
    if min(required, sum(session.counts for session in held)) > done:
        found.append(("sessions-share", {"done": done}))
    return found


def _session_reason(session: Session, what: str) -> tuple[str, dict]:
    if session.minimum is None:
        return "session-zero-day", {"day": session.day.isoformat(), "items": session.dropped}
    values = {"day": session.day.isoformat(), "items": len(session.subjects), "minimum": session.minimum}
    if session.counts:
        return "session-counts", {**values, "what": what}
    short = len(session.subjects) < session.minimum
    return "session-short" if short else "session-mixed", {**values, "what": what}


def _population(duty: Duty, period: Period, inputs: Inputs) -> frozenset[str] | None:
    return population_of(duty, period, inputs) if duty.shrink == "population" else None


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
            found.append(_volume_session(duty, day, items, inputs))
    return found


def _stratified(duty: Duty, day: date, items: dict[str, Checked], kinds: tuple[Kind, ...]) -> Session:
    """Letters count by stratum; where the stratum says so, by distinct address tag and none without [14.3]."""
    by_tag = {one.code for kind in kinds for one in kind.strata if one.distinct == "tag"}
    subjects: dict[str, set[str]] = {code: set() for code, _ in duty.strata}
    for subject, item in items.items():
        if item.stratum in subjects and (item.tag or item.stratum not in by_tag):
            subjects[item.stratum].add(item.tag if item.stratum in by_tag else subject)
    strata = tuple((code, len(subjects[code]), needed) for code, needed in duty.strata)
    counted = _first_of_each(items, by_tag)
    return Session(day, duty.size, counted, strata, beside=frozenset(items) - counted)


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


def _volume_session(duty: Duty, day: date, items: Mapping[str, Checked], inputs: Inputs) -> Session:
    """min(20, the day's parcels), and of that day's parcels where there are fewer than 20 [14.2]."""
    volume, subjects = day_volume(duty, day, inputs), frozenset(items)
    if volume == 0:
        return Session(day, None, frozenset(), dropped=len(subjects))
    if volume is None or volume >= duty.size:
        return Session(day, duty.size, subjects)
    counted = _of_the_day(duty, day, subjects, inputs)
    return Session(day, volume, counted, dropped=len(subjects - counted))


def _of_the_day(duty: Duty, day: date, subjects: frozenset[str], inputs: Inputs) -> frozenset[str]:
    """Those on the day's lists, sealed or not; all of them where no list bears an item of these classes."""
    listed = frozenset(number for number, name in inputs.listed.get(day, {}).items() if name in duty.of)
    return subjects & listed if listed else subjects


def _best(duty: Duty, held: list[Session], required: int) -> int:
    """How many sessions count, ``required`` at most: the best choice of dates is taken.

    Any two of them may share numbers only beyond their minima [Reading: session-distinct].
    """
    counting = [session for session in held if session.counts]
    if not duty.distinct_pair:
        return min(len(counting), required)
    return _choose(counting, required)


def _choose(rest: list[Session], wanted: int) -> int:
    """The size of the largest choice of sessions of which any two are distinct; no larger than ``wanted``."""
    best = 0
    for n, one in enumerate(rest):
        if best >= min(wanted, len(rest) - n):
            break
        others = [other for other in rest[n + 1 :] if _distinct(one, other)]
        best = max(best, 1 + _choose(others, wanted - 1))
    return best


def _distinct(one: Session, other: Session) -> bool:
    return len(one.subjects | other.subjects) >= one.minimum + other.minimum


def _could_be_met(duty: Duty, held: list[Session], delivery_days: list[date], inputs: Inputs) -> bool:
    """Whether some value of a missing volume would change the verdict: the most lenient one is tried.

    A missing volume is at least what was checked of it and what sealed lists hold: a short session would be whole where
    all of that was checked, and a day of which nothing is known may have been a zero day.
    """
    if duty.shrink != "volume":
        return False
    by_day = {session.day: session for session in held}
    missing = {day for day in {*delivery_days, *by_day} if day_volume(duty, day, inputs) is None}
    whole = {day: _smallest(duty, day, by_day.get(day), inputs) for day in missing}
    lenient = [one for session in held if (one := whole.get(session.day, session)).minimum]
    # Days of which the volume is missing and nothing is known are left out: zero days, at best.
    sizes = {
        day: whole[day].minimum if day in missing else day_volume(duty, day, inputs) for day in delivery_days
    }
    open_days = [day for day, size in sizes.items() if size]
    least = min(duty.sessions, len(open_days))
    return _best(duty, lenient, least) >= least


def _smallest(duty: Duty, day: date, session: Session | None, inputs: Inputs) -> Session:
    """The session that the smallest possible volume of the day makes of what was checked."""
    subjects = session.subjects if session else frozenset()
    if session and session.counts:
        return session
    counted = _of_the_day(duty, day, subjects, inputs)
    known = max(sum(least_of(name, day, (), inputs) for name in duty.of), len(counted))
    return Session(day, min(duty.size, known), counted if known < duty.size else subjects)


def _of_session(checks: list[Check], session: Session) -> list[Checked]:
    found = verdicts([check for check in checks if check.work_date == session.day])
    judged = session.subjects | session.beside
    return [item for subject, item in found.items() if subject in judged]
