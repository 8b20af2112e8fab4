"""Photos that stand in two records: which use of them is a signal, and which is as it should be. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from webapp.signals.rules import Sighting, sighting


@dataclass(frozen=True, slots=True)
class Use:
    """A record in force that names a photo, for one of its items or several."""

    fact: str
    root: str  # what the record first was, before all corrections
    person: str
    unit: str
    day: date  # of the work
    subjects: frozenset[str]  # of the items that name the photo
    captures: frozenset[str]  # records whose evidence those items judged

    @property
    def order(self) -> tuple[date, str]:
        """The earlier use comes first; ids are made in the order of time."""
        return self.day, self.fact


@dataclass(frozen=True, slots=True)
class Pair:
    """A photo in two records; ``likeness`` from 0 to 1, exactly 1.0 where it is the same file."""

    first: Use
    later: Use
    first_photo: str
    later_photo: str
    likeness: float = 1.0


def is_meant(first: Use, later: Use) -> bool:
    """Whether one photo belongs in both: a correction and what it corrects, a verdict and the evidence that it judged, two
    forms that one person filled in about one thing on one day."""
    named = {first.fact, first.root} & later.captures or {later.fact, later.root} & first.captures
    about_one = first.person == later.person and first.day == later.day and first.subjects & later.subjects
    return first.root == later.root or bool(named) or bool(about_one)


def used_again(
    pairs: Iterable[Pair], since: date, until: date, units: Mapping[str, object]
) -> list[Sighting]:
    """One sighting for two records, however many photos they share; asked is who made the later one.

    Only those whose later record is of a day from ``since`` to ``until`` and of one of the ``units``.
    """
    found: dict[tuple[str, str, str], list[Pair]] = {}
    for pair in pairs:
        if pair.first.order > pair.later.order:
            pair = Pair(pair.later, pair.first, pair.later_photo, pair.first_photo, pair.likeness)
        later = pair.later
        if is_meant(pair.first, later) or not since <= later.day <= until or later.unit not in units:
            continue
        rule = "photo-reused" if pair.first_photo == pair.later_photo else "photo-alike"
        found.setdefault((rule, pair.first.root, later.root), []).append(pair)
    return [_sighting(rule, several) for (rule, *_), several in sorted(_earliest(found).items())]


def _earliest(found: dict[tuple[str, str, str], list[Pair]]) -> dict[tuple[str, str, str], list[Pair]]:
    """Of a photo that stands in three records the third is told of the first alone."""
    told: dict[tuple[str, str, str], Pair] = {}
    for (rule, _, later), several in found.items():
        for pair in several:
            key = (rule, later, pair.later_photo)
            if key not in told or pair.first.order < told[key].first.order:
                told[key] = pair
    kept: dict[tuple[str, str, str], list[Pair]] = {}
    for (rule, later, _), pair in told.items():
        kept.setdefault((rule, pair.first.root, later), []).append(pair)
    return kept


def _sighting(rule: str, pairs: list[Pair]) -> Sighting:
    pairs = sorted(pairs, key=lambda pair: (pair.first_photo, pair.later_photo))
    first, later = pairs[0].first, pairs[0].later
    evidence = {
        "first_day": first.day.isoformat(), "day": later.day.isoformat(), "photos": len(pairs),
        "percent": round(100 * max(pair.likeness for pair in pairs)),
        "first": first.fact, "second": later.fact, "first_person": first.person, "first_unit": first.unit,
        "pairs": [[pair.first_photo, pair.later_photo] for pair in pairs],
    }  # fmt: skip
    return sighting(
        rule,
        later.person,
        later.unit,
        later.day,
        [first.fact, later.fact],
        evidence,
        (first.root, later.root),
    )
