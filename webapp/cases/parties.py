"""Who may make a move, and who may not although they might: the parties of a case. Pure [DOMAIN2 C.2].

A party is asked of a person who acts for a unit, by the roles held there on the day of the move.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.cases.folding import Standing
from webapp.org.rules import HEADS, INSPECTOR, LEVELS
from webapp.rulebook.case_rules import Move

# Who looks again whether something was put right.
CHECKERS = frozenset({*HEADS.values(), INSPECTOR})

Staff = Mapping[str, Mapping[str, frozenset[str]]]  # {unit: {person: roles held that day}}


@dataclass(frozen=True)
class Ground:
    """What a case stands on. ``units``: codes from the region down to the responsible unit; ``found_by``: who found or issued it."""

    units: tuple[str, ...]
    found_by: str
    finders: frozenset[str] = frozenset()

    @property
    def unit(self) -> str:
        """The responsible unit."""
        return self.units[-1]

    @property
    def above(self) -> tuple[str, ...]:
        """The units above it."""
        return self.units[:-1]

    def head(self, unit: str) -> str:
        """The role that leads one of the units."""
        return HEADS[LEVELS[self.units.index(unit)]]


def works(staff: Staff, unit: str, person: str | None) -> bool:
    """Whether the person holds any role in the unit."""
    return person is not None and bool(staff.get(unit, {}).get(person))


def leaders(ground: Ground, staff: Staff) -> frozenset[str]:
    """Who leads the responsible unit; where nobody does, the nearest unit above that somebody leads: never nobody."""
    for unit in reversed(ground.units):
        if found := _holding(staff, unit, frozenset({ground.head(unit)})):
            return found
    return frozenset()


def owners(ground: Ground, standing: Standing, staff: Staff) -> frozenset[str]:
    """Whose turn it is: the named person while they work there, else whoever leads the unit."""
    if works(staff, ground.unit, standing.owner):
        return frozenset({standing.owner})
    return leaders(ground, staff)


def checking_units(ground: Ground, standing: Standing, staff: Staff) -> tuple[str, ...]:
    """Units that may look again: the one that found it and those between it and the responsible one.

    The department itself only where it found it. Where nobody there may, the unit above the highest of them: of an office
    with one person the county.
    """
    at = ground.units.index(ground.found_by) if ground.found_by in ground.units else 0
    units = ground.units[at:-1] or (ground.unit,)
    barred = owners(ground, standing, staff) | standing.owners | frozenset({standing.answerer} - {None})
    if any(_holding(staff, unit, CHECKERS) - barred for unit in units):
        return units
    return (*ground.units[max(0, ground.units.index(units[0]) - 1) : ground.units.index(units[0])], *units)


def parties(ground: Ground, standing: Standing, person: str, acting: str, staff: Staff) -> frozenset[str]:
    """Which parties the person is, acting for the unit."""
    roles = staff.get(acting, {}).get(person, frozenset())
    if not roles:
        return frozenset()
    leads = acting in ground.units and ground.head(acting) in roles
    found = set()
    if person in owners(ground, standing, staff):
        found |= {"owner", "inspected"}
    if acting == ground.unit and leads:
        found.add("inspected")
    if leads:
        found.add("head")
    if leads and standing.given and standing.given.by == person:
        found.add("giver")
    if leads and acting in ground.above:
        found.add("county")
    if leads and acting == ground.found_by:
        found.add("issuer")
    if acting in checking_units(ground, standing, staff) and roles & CHECKERS:
        found.add("checker")
    return frozenset(found)


def barred(ground: Ground, standing: Standing, person: str, staff: Staff) -> frozenset[str]:
    """As whom the person is kept from moves that others of the same party may make."""
    found = set()
    if person in standing.owners or person in owners(ground, standing, staff):
        found.add("owner")
    if person == standing.answerer:
        found.add("answerer")
    if person in ground.finders:
        found.add("finder")
    if person == standing.asker:
        found.add("asker")
    return frozenset(found)


def may(move: Move, is_a: frozenset[str], not_as: frozenset[str]) -> bool:
    """Whether one who is these parties, and barred as those, may make the move."""
    return bool(is_a & set(move.by)) and not not_as & set(move.never)


def _holding(staff: Staff, unit: str, roles: frozenset[str]) -> frozenset[str]:
    return frozenset(person for person, held in staff.get(unit, {}).items() if held & roles)
