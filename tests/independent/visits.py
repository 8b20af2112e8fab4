"""The duties of a week or month that are measured in sessions and points [14.2–14.4], each from its sentence."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations

from tests.independent.answers import (
    CAP,
    HEADS,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    Answer,
    figures,
    standing,
    tally_of,
)
from tests.independent.known import Known, Verdict, span

FRESH = timedelta(days=90)

# ---------------------------------------------------------------- 14.2


def parcel_check(known: Known, first: date, last: date) -> Answer:
    """Two sessions of 20, or of all the day's parcels where fewer came in; distinct up to the sum of their minima."""
    days = known.delivery_days(first, last)
    required = min(2, sum(known.volume(day, "parcel") != 0 for day in days))
    closed = known.over(last)
    verdicts = known.verdicts("parcel", {"team_lead", "inspector"}, lambda r: first <= r.day <= last, True)
    checked = {day: [v for v in verdicts if v.record.day == day] for day in span(first, last)}
    tallies = {day: tally_of(_that_days(known, day, found)) for day, found in checked.items()}
    shown = _session_figures(tallies.values())
    why = (
        f"volumes {[known.volume(day, 'parcel') for day in span(first, last)]}, "
        f"checked {[*map(len, tallies.values())]}, own deliveries {known.own_of('parcel', first, last)}"
    )
    if required == 0:
        return Answer(NOT_APPLICABLE, 0, why=why)
    sessions = [(known_minimum(known, day), set(tally)) for day, tally in tallies.items() if tally]
    done = _best(sessions)
    if done >= required:
        return Answer(MET, required, required, **shown, why=why)
    if closed and _may_be_met(known, days, checked):
        return Answer(UNKNOWN, required, done, **shown, why=why)
    started = any(tallies.values())
    return Answer(standing(False, started, closed), required, done, **shown, why=why)


def known_minimum(known: Known, day: date) -> int:
    """min(20, that day's parcels); 20 where the volume is missing."""
    volume = known.volume(day, "parcel")
    return CAP if volume is None else min(CAP, volume)


def _that_days(known: Known, day: date, found: list[Verdict]) -> list[Verdict]:
    """Of that day's parcels where there are fewer than 20; a zero day holds no session."""
    volume = known.volume(day, "parcel")
    if volume == 0:
        return []
    return found if volume is None or volume >= CAP else _on_the_lists(known, day, found)


def _on_the_lists(known: Known, day: date, found: list[Verdict]) -> list[Verdict]:
    if not known.stands(day, "parcel"):
        return found
    return [v for v in found if v.thing.subject in known.listed(day)]


def _best(sessions: list[tuple[int, set[str]]]) -> int:
    good = [(least, numbers) for least, numbers in sessions if len(numbers) >= least]
    if any(len(a | b) >= m + n for (m, a), (n, b) in combinations(good, 2)):
        return 2
    return min(1, len(good))


def _may_be_met(known: Known, days: list[date], checked: dict[date, list[Verdict]]) -> bool:
    """Whether some possible volumes of the days where it is missing would make the week met or not applicable."""
    required, sessions = 0, []
    for day, found in checked.items():
        numbers = {v.thing.subject for v in _that_days(known, day, found)}
        least = known_minimum(known, day)
        zero = known.volume(day, "parcel") == 0
        if known.volume(day, "parcel") is None:
            least = known.least(day, "parcel")
            if least < CAP:
                numbers = {v.thing.subject for v in _on_the_lists(known, day, found)}
                least = min(CAP, max(least, len(numbers)))
                zero = least == 0
        if numbers:
            sessions.append((least, numbers))
        required += day in days and not zero
    return _best(sessions) >= min(2, required)


def _session_figures(tallies: Iterable[dict[str, str]]) -> dict:
    tallies = [tally for tally in tallies if tally]
    whole = {subject for tally in tallies for subject in tally}
    if len(whole) < sum(map(len, tallies)):
        return {}  # a number in two sessions: the domain does not say whether it is one item of the week
    failed = sum(verdict == "fail" for tally in tallies for verdict in tally.values())
    return {"items": len(whole), "passed": len(whole) - failed, "failed": failed}


# ---------------------------------------------------------------- 14.3


def letter_check_city(known: Known, first: date, last: date) -> Answer:
    """Two sessions, each at least 6 nonlocal at different addresses and 4 local."""
    required = min(2, len(known.delivery_days(first, last)))
    if required == 0:
        return Answer(NOT_APPLICABLE, 0)
    verdicts = known.verdicts("letter", HEADS, lambda r: first <= r.day <= last, True)
    good = started = 0
    for day in span(first, last):
        things = [v.thing for v in verdicts if v.record.day == day]
        tags = {thing.tag for thing in things if thing.stratum == "nonlocal" and thing.tag}
        local = {thing.subject for thing in things if thing.stratum == "local"}
        good += len(tags) >= 6 and len(local) >= 4
        started += bool(tags or local)
    return _letters(known, verdicts, good, started, required, last)


def letter_check_rural(known: Known, first: date, last: date) -> Answer:
    """One session of at least 5 a month."""
    verdicts = known.verdicts("letter", HEADS, lambda r: first <= r.day <= last, True)
    sizes = [len({v.thing.subject for v in verdicts if v.record.day == day}) for day in span(first, last)]
    return _letters(known, verdicts, sum(size >= 5 for size in sizes), sum(sizes), 1, last)


def _letters(
    known: Known, verdicts: list[Verdict], good: int, started: int, required: int, last: date
) -> Answer:
    shown = figures(tally_of(verdicts))
    status = standing(good >= required, bool(started), known.over(last))
    return Answer(status, required, min(good, required), None, shown["passed"], shown["failed"])


# ---------------------------------------------------------------- 14.4


def relay_register(known: Known, first: date, last: date) -> Answer:
    """Every point confirmed within 90 days, as of the month's end or today."""
    population, as_of = known.population(first, last, True), min(last, known.today)
    if not population:
        return Answer(NOT_APPLICABLE, 0)
    confirmed = {point for point in population if _confirmed(known, point, as_of)}
    status = standing(confirmed == population, bool(confirmed), known.over(last))
    return Answer(
        status, len(population), len(confirmed), why=f"not confirmed {sorted(population - confirmed)}"
    )


def _confirmed(known: Known, point: str, as_of: date) -> bool:
    """By being entered, by the director's confirmation, or by a call of director or inspector."""
    days = [known.world.points[point]] if point in known.world.points else []
    days += [step.day for step in known.steps if step.point == point and step.op in ("open", "confirm")]
    calls = known.verdicts("relay", HEADS, lambda r: any(t.subject == point for t in r.things))
    days += [call.record.day for call in calls]
    return any(as_of - FRESH <= day <= as_of for day in days)


def _calls(known: Known, roles: set[str], first: date, last: date, population: set[str]) -> list[Verdict]:
    calls = known.verdicts("relay", roles, lambda r: first <= r.day <= last)
    return [call for call in calls if call.thing.subject in population]


def relay_monthly(known: Known, first: date, last: date, cap: int | None = 20) -> Answer:
    """Calls at distinct points of the population."""
    population = known.population(first, last, True)
    required = len(population) if cap is None else min(cap, len(population))
    if not population:
        return Answer(NOT_APPLICABLE, 0)
    tally = tally_of(_calls(known, HEADS, first, last, population))
    status = standing(len(tally) >= required, bool(tally), known.over(last))
    return Answer(status, required, **figures(tally), why=f"population {len(population)}")


def relay_coverage(known: Known, first: date, last: date) -> Answer:
    """Every point once."""
    return relay_monthly(known, first, last, None)


def _relay_week(known: Known, first: date, last: date, roles: set[str], size: int, sessions: int) -> Answer:
    required = min(sessions, len(known.delivery_days(first, last)))
    population = known.population(first, last, False)
    if required == 0 or not population:
        return Answer(NOT_APPLICABLE, 0)
    calls = _calls(known, roles, first, last, population)
    tallies = [tally_of(c for c in calls if c.record.day == day) for day in span(first, last)]
    good = sum(len(tally) >= min(size, len(population)) for tally in tallies)
    status = standing(good >= required, any(tallies), known.over(last))
    why = f"population {len(population)}, sessions {[len(tally) for tally in tallies]}"
    return Answer(status, required, min(good, required), **_session_figures(tallies), why=why)


def relay_city(known: Known, first: date, last: date) -> Answer:
    """The inspector's two sessions of 10 points."""
    return _relay_week(known, first, last, {"inspector"}, 10, 2)


def relay_rural(known: Known, first: date, last: date) -> Answer:
    """One session of 5 points."""
    return _relay_week(known, first, last, HEADS, 5, 1)
