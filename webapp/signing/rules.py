"""Who signs a month, in whose name, and until when it is disputed: values only [DOMAIN2 D].

A month is signed by the unit right above, bottom-up: the county a department's, the league a county's own lines, the region a
league's. A correction (更正审签) is the next level's. Nobody above the region: its own lines are signed by none.
"""

import hashlib
from calendar import month_name
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.org.rules import HEADS, LEVELS, Actor

HEAD, DEPUTY, VACANCY = "head", "deputy", "vacancy"
WANTED_BY = 8  # the day of the next month by which a signature is wanted [Reading]; no duty
DISPUTED_WITHIN = 3  # workdays after the signature, and again for the decision
LONGEST_GRANT = 92  # days


@dataclass(frozen=True)
class Place:
    """A unit on the way up: its code, level and path, and whether anybody heads it today."""

    code: str
    level: str
    path: str
    headed: bool


@dataclass(frozen=True)
class Deputy:
    """A grant in force today: who signs for which unit, and the fact that says so."""

    unit: str
    person: str
    fact: str


@dataclass(frozen=True)
class Capacity:
    """In which name somebody signs. ``signer``: the unit in whose name; ``acting``: where the person's own role is."""

    signer: str
    acting: str
    role: str
    how: str
    grant: str | None = None


def signers(above: Sequence[Place], version: int) -> tuple[Place, ...]:
    """The units in whose name a version is signed, the proper one first; those after it only while it is vacant.

    ``above``: the units above the one that is signed, the nearest first.
    """
    proper = above[0 if version == 1 else 1 :]
    found = []
    for place in proper:
        found.append(place)
        if place.headed:
            break
    return tuple(found)


def capacity(
    me: Actor, above: Sequence[Place], version: int, deputies: Iterable[Deputy] = ()
) -> Capacity | None:
    """In which name ``me`` may sign this version today; None where not at all.

    A deputy (代签) holds a role at the unit and a grant of its head; where nobody heads the unit, the level above signs for it.
    """
    there = signers(above, version)
    if not there:
        return None
    name = there[0]
    role = HEADS[name.level]
    if role in me.roles_at(name.code, me.today):
        return Capacity(name.code, name.code, role, HEAD)
    for one in deputies:
        if (one.unit, one.person) == (name.code, me.person_id) and me.roles_at(name.code, me.today):
            return Capacity(name.code, name.code, role, DEPUTY, one.fact)
    for place in there[1:]:
        if HEADS[place.level] in me.roles_at(place.code, me.today):
            return Capacity(name.code, place.code, HEADS[place.level], VACANCY)
    return None


def is_signed_at_all(level: str) -> bool:
    """Whether anybody stands above a unit of the level."""
    return level != LEVELS[0]


def wanted_by(month: str) -> date:
    """The day by which the month should be signed."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, WANTED_BY)


def month_words(month: str) -> dict[str, str]:
    """The month as people say it, in both languages."""
    year, number = int(month[:4]), int(month[5:])
    return {"zh": f"{year}年{number}月", "en": f"{month_name[number]} {year}"}


def list_digest(lines: Iterable[str]) -> str:
    """SHA-256 in hex of ``<duty> <period> <digest>`` texts, sorted, a line each."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
