"""What is hard to believe: detectors over plain values, one for each rule of ``signals.toml`` that needs no picture. Pure.

Each finds :class:`Sighting` s: who is asked, about which facts, with the numbers that say why. The same thing found again has
the same key, also when more of it has come meanwhile.
"""

import hashlib
import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from webapp.rulebook.texts import Text

EARTH = 6_371_000.0  # metres from its middle


@dataclass(frozen=True)
class Rule:
    """A rule of the file: what it is called, what it says of a sighting, its numbers."""

    code: str
    title: Text
    says: Text
    limits: Mapping[str, float]


@dataclass(frozen=True)
class Sighting:
    """One thing that is hard to believe. ``evidence`` holds numbers, ISO days and ids alone: no text that a person wrote."""

    rule: str
    person: str  # who is asked
    unit: str  # the code of the unit that the (latest) record is about
    day: date  # of the work of the latest record
    facts: tuple[str, ...]  # records, the earliest first
    evidence: Mapping[str, object]
    key: str  # of the same thing, however often it is found: 64 hex characters


def sighting(
    rule: str, person: str, unit: str, day: date, facts: Sequence[str], evidence: dict, same: Iterable[object]
) -> Sighting:  # fmt: skip
    """The sighting whose key is made of the rule and of what stays the ``same`` when it is found again."""
    text = "\0".join([rule, *map(str, same)])
    key = hashlib.sha256(text.encode()).hexdigest()
    return Sighting(rule, person, unit, day, tuple(facts), MappingProxyType(evidence), key)


@cache
def rules() -> Mapping[str, Rule]:
    """The rules by code, in the order of the file."""
    data = tomllib.loads((Path(__file__).parent / "signals.toml").read_text(encoding="utf-8"))
    return MappingProxyType({
        one["code"]: Rule(
            one["code"], Text(one["zh"], one["en"]), Text(one["says_zh"], one["says_en"]), MappingProxyType(one["limits"])
        )
        for one in data["signal"]
    })  # fmt: skip


# ---------------------------------------------------------------- impossible speed


@dataclass(frozen=True, slots=True)
class Position:
    """Where a person was, at some moment from ``since`` to ``until`` (both by a clock that is believed); metres, degrees."""

    fact: str
    unit: str
    day: date
    since: datetime
    until: datetime
    latitude: float
    longitude: float
    accuracy: float


def metres(one: Position, other: Position) -> float:
    """The least distance between the two, as far as they are known (great circle less both accuracies)."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    along = math.radians(other.longitude - one.longitude)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(along / 2) ** 2
    return max(0.0, 2 * EARTH * math.asin(min(1.0, math.sqrt(half))) - one.accuracy - other.accuracy)


def seconds_between(one: Position, other: Position) -> float:
    """The longest time that can have passed between the two, at least one second."""
    return max(1.0, (max(one.until, other.until) - min(one.since, other.since)).total_seconds())


def impossible_speeds(
    person: str, positions: Iterable[Position], limits: Mapping[str, float]
) -> Iterator[Sighting]:
    """Of each day the fastest that cannot be: between neighbours in time, at the least distance in the longest time."""
    known = [one for one in positions if one.accuracy <= limits["worst_accuracy_metres"]]
    known.sort(key=lambda one: (one.since, one.until, one.fact, one.latitude, one.longitude))
    found: dict[date, list[tuple[float, Position, Position]]] = {}
    for one, other in pairwise(known):
        far, speed = metres(one, other), metres(one, other) / seconds_between(one, other) * 3.6
        if far >= limits["least_metres"] and speed > limits["kilometres_an_hour"]:
            found.setdefault(other.day, []).append((speed, one, other))
    for day, several in sorted(found.items()):
        speed, one, other = max(several, key=lambda each: each[0])
        facts = list(dict.fromkeys(each.fact for _, *two in several for each in two))
        evidence = {
            "kilometres": round(metres(one, other) / 1000, 1), "minutes": math.ceil(seconds_between(one, other) / 60),
            "speed": round(speed), "pairs": len(several), "first": one.fact, "second": other.fact,
        }  # fmt: skip
        yield sighting("speed", person, other.unit, day, facts, evidence, (person, day))


# ---------------------------------------------------------------- faster than a person can


@dataclass(frozen=True, slots=True)
class Answered:
    """A record and how long its form was open, in milliseconds of one page life; ``root``: what it first was, before corrections."""

    fact: str
    root: str
    person: str
    unit: str
    day: date
    elapsed_ms: int | None
    items: int
    answers: int
    photos: int


def too_fast(record: Answered, limits: Mapping[str, float]) -> Sighting | None:
    """The record, if its items cannot have been looked at in that time; a correction repeats what was looked at before."""
    if record.elapsed_ms is None or record.elapsed_ms < 0 or record.items < limits["least_items"]:
        return None
    needed = (
        record.items * limits["seconds_an_item"]
        + record.answers * limits["seconds_an_answer"]
        + record.photos * limits["seconds_a_photo"]
    )
    seconds = record.elapsed_ms / 1000
    if record.root != record.fact or seconds >= needed:
        return None
    evidence = {
        "items": record.items,
        "seconds": round(seconds, 1),
        "needed": math.ceil(needed),
        "photos": record.photos,
    }
    return sighting(
        "too-fast", record.person, record.unit, record.day, [record.fact], evidence, [record.root]
    )


# ---------------------------------------------------------------- months without one fail


@dataclass(frozen=True, slots=True)
class Tally:
    """What one person checked of one kind in one unit in one month; ``month`` its first day, ``latest`` a record of it."""

    person: str
    county: str
    unit: str
    kind: str
    month: date
    items: int
    failed: int
    latest: str


def without_fail(tallies: Sequence[Tally], limits: Mapping[str, float], last: date) -> Iterator[Sighting]:
    """Who found nothing in any of the months, where others of the county did: unlikely if the mail was the same.

    ``last``: the last day of the last month. At the others' rate r of each kind nothing fails of n items with a chance of
    (1 − r)^n; of several kinds it is the product.
    """
    months = {one.month for one in tallies}
    groups: dict[tuple[str, str], list[Tally]] = {}
    for one in tallies:
        groups.setdefault((one.county, one.person), []).append(one)
    for (county, person), own in sorted(groups.items()):
        items = sum(one.items for one in own)
        if any(one.failed for one in own) or items < limits["least_items"]:
            continue
        if len({one.month for one in own}) < limits["months"]:
            continue
        rates = _rates([one for one in tallies if one.county == county and one.person != person], limits)
        chance = math.prod((1 - rates.get(one.kind, 0.0)) ** one.items for one in own)
        if chance * 100 > limits["chance_percent"]:
            continue
        expected = sum(rates.get(one.kind, 0.0) * one.items for one in own)
        unit = max(own, key=lambda one: (one.items, one.unit)).unit
        half = f"{last.year}H{1 if last.month <= 6 else 2}"
        evidence = {
            "first_day": min(months).isoformat(), "last_day": last.isoformat(), "items": items,
            "expected": round(expected, 1), "chance_percent": round(chance * 100, 3), "county": county,
        }  # fmt: skip
        yield sighting(
            "no-fail",
            person,
            unit,
            last,
            sorted({one.latest for one in own}),
            evidence,
            (person, county, half),
        )


def _rates(others: Iterable[Tally], limits: Mapping[str, float]) -> dict[str, float]:
    """By kind: the share of failed items, where enough were checked; never quite all of them."""
    items, failed = Counter(), Counter()
    for one in others:
        items[one.kind] += one.items
        failed[one.kind] += one.failed
    return {kind: min(0.99, failed[kind] / n) for kind, n in items.items() if n >= limits["others_items"]}


# ---------------------------------------------------------------- equal remarks


@dataclass(frozen=True, slots=True)
class Remark:
    """A free text beside a judged item."""

    fact: str
    ordinal: int
    person: str
    unit: str
    day: date
    subject: str
    text: str


def bare_text(text: str) -> str:
    """The letters and digits alone, in one spelling: a full stop more makes no other remark."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def equal_remarks(remarks: Iterable[Remark], limits: Mapping[str, float]) -> Iterator[Sighting]:
    """By person and calendar month: one text beside different things on different days.

    The key holds 16 bits of the text's digest: enough to know it again, too few to guess it when the text is deleted.
    """
    groups: dict[tuple[str, date, str], list[Remark]] = {}
    for one in remarks:
        if len(text := bare_text(one.text)) >= limits["least_characters"]:
            groups.setdefault((one.person, one.day.replace(day=1), text), []).append(one)
    for (person, month, text), same in sorted(groups.items()):
        days, subjects = {one.day for one in same}, {(one.unit, one.subject) for one in same}
        enough = len(same) >= limits["least_items"] and len(days) >= limits["least_days"]
        if not enough or len(subjects) < limits["least_subjects"]:
            continue
        same.sort(key=lambda one: (one.day, one.fact, one.ordinal))
        evidence = {
            "items": len(same), "days": len(days), "subjects": len(subjects),
            "places": [f"{one.fact}/{one.ordinal}" for one in same],
        }  # fmt: skip
        bits = hashlib.sha256(f"{person}\0{text}".encode()).hexdigest()[:4]
        facts = list(dict.fromkeys(one.fact for one in same))
        yield sighting(
            "equal-remarks", person, same[-1].unit, same[-1].day, facts, evidence, (person, month, bits)
        )


# ---------------------------------------------------------------- drawn samples


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on a number of a day's list."""

    fact: str
    person: str
    work_day: date
    number: str


@dataclass(frozen=True)
class Draw:
    """A revealed draw: the numbers in force, those voided, all others on its list, and the verdicts about the list's day."""

    manifest: str
    unit: str
    day: date
    drawn: frozenset[str]
    voided: int
    verdicts: Sequence[Judged] = field(default=())
    elsewhere: frozenset[str] = frozenset()  # drawn from another list of the day


def taken_apart(draw: Draw, limits: Mapping[str, float], until: date) -> Sighting | None:
    """The draw, if it was checked in so many parts that nobody saw the sample.

    Reading: a part is what one person checked on one day of work, in however many records; three parts or more, none of
    them 60 % of what was checked. Two who share a sample are no signal, nor is one who needs a second day.
    """
    judged = [one for one in draw.verdicts if one.number in draw.drawn]
    if len(draw.drawn) < limits["least_drawn"] or until < draw.day + timedelta(days=limits["days_after"]):
        return None
    parts: dict[tuple[str, date], set[str]] = {}
    for one in judged:
        parts.setdefault((one.person, one.work_day), set()).add(one.number)
    seen = {one.number for one in judged}
    most = max(map(len, parts.values()), default=0)
    if len(parts) < limits["least_parts"] or most * 100 >= limits["whole_percent"] * len(seen):
        return None
    evidence = {
        "drawn": len(draw.drawn), "checked": len(seen), "most": most, "people": len({who for who, _ in parts}),
        "days": len({day for _, day in parts}), "records": len({one.fact for one in judged}),
        "manifest": draw.manifest, "list_day": draw.day.isoformat(),
    }  # fmt: skip
    return _of_draw("sample-apart", draw, judged, evidence)


def replaced(draw: Draw, limits: Mapping[str, float], until: date) -> Sighting | None:
    """The draw, if much of it was left while others of the list were checked, or voided to be drawn anew."""
    if len(draw.drawn) < limits["least_drawn"] or until < draw.day + timedelta(days=limits["days_after"]):
        return None
    seen = {one.number for one in draw.verdicts}
    others = [one for one in draw.verdicts if one.number not in draw.drawn | draw.elsewhere]
    left = len(draw.drawn - seen)
    instead = min(left, len({one.number for one in others}))
    if not draw.verdicts or max(instead, draw.voided) * 100 < limits["replaced_percent"] * len(draw.drawn):
        return None
    evidence = {
        "drawn": len(draw.drawn), "left": left, "instead": instead, "voided": draw.voided,
        "manifest": draw.manifest, "list_day": draw.day.isoformat(),
    }  # fmt: skip
    return _of_draw("sample-replaced", draw, others if instead else draw.verdicts, evidence)


def _of_draw(rule: str, draw: Draw, judged: Sequence[Judged], evidence: dict) -> Sighting:
    """Asked is who checked the most."""
    shares = Counter(one.person for one in judged)
    person = max(sorted(shares), key=lambda who: shares[who])
    day = max(one.work_day for one in judged)
    facts = [fact for _, fact in sorted({(one.work_day, one.fact) for one in judged})]
    return sighting(rule, person, draw.unit, day, facts, evidence, [draw.manifest])
