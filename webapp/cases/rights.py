"""Who may do what with stored cases now: the parties of a case, asked of the roles that people hold on a day."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.cases.clocks import Workdays
from webapp.cases.folding import Standing, fold
from webapp.cases.models import Case, Occurrence
from webapp.cases.parties import Ground, Staff, barred, may, parties
from webapp.cases.standing import moves_of, opening_of, rules_for, workdays_of
from webapp.inspections.models import Inspection
from webapp.org.models import Person, Role, Unit
from webapp.rulebook.case_rules import CaseType, Move
from webapp.rulebook.queries import Editions
from webapp.sampling.deliveries import parts


@dataclass(frozen=True)
class Known:
    """A case with what its moves depend on."""

    case: Case
    type: CaseType
    standing: Standing
    ground: Ground
    unit_name: str = ""

    def moves_for(self, person: str, acting: str, staff: Staff) -> tuple[Move, ...]:
        """The moves that the person may make now, acting for the unit."""
        is_a = parties(self.ground, self.standing, person, acting, staff)
        not_as = barred(self.ground, self.standing, person, staff)
        return tuple(
            move for move in self.type.moves_from(self.standing.state) if may(move, is_a, not_as) and self.open_to(move)
        )  # fmt: skip

    def open_to(self, move: Move) -> bool:
        """Whether what was done before leaves room for the move: how often, and what it answers."""
        made = self.standing.made.get(move.code, 0)
        if move.once is not None and made >= move.once:
            return False
        if move.effect == "give-back":
            return self.standing.given is not None
        if move.effect == "ask":
            return self.standing.asked is None and self.standing.grants < self.type.extensions
        if move.effect in ("grant", "deny"):
            return self.standing.asked is not None
        return True


def known(
    session: Session,
    editions: Editions,
    cases: Collection[Case],
    units: Mapping[str, Unit] | None = None,
    workdays: Workdays | None = None,
) -> dict[str, Known]:
    """The cases with their standing and their ground, in a fixed number of queries; two fewer where the caller has their
    ``units`` and the ``workdays`` already.
    """
    ids = [case.id for case in cases]
    moves, found_by, workdays = (
        moves_of(session, ids),
        finders_of(session, cases),
        workdays or workdays_of(session),
    )
    if units is None:
        there = session.scalars(select(Unit).where(Unit.code.in_({one.unit_code for one in cases})))
        units = {unit.code: unit for unit in there}
    found = {}
    for case in cases:
        rules = rules_for(editions, case)
        case_type = rules.types[case.type]
        fallen = case_type.void is not None and case.state == case_type.void.code
        standing = fold(opening_of(case), moves.get(case.id, ()), rules, workdays, fallen)
        unit = units[case.unit_code]
        above = tuple(unit.path.strip("/").split("/"))
        finders, acting = found_by.get(case.id, (frozenset(), frozenset()))
        ground = Ground(above, _highest(above, acting or {case.found_by}), finders)
        found[case.id] = Known(case, case_type, standing, ground, unit.name)
    return found


def _highest(units: tuple[str, ...], found_by: Collection[str]) -> str:
    """Of several units that found the same the highest: what the county found, too, the department does not close by itself."""
    return min(found_by, key=lambda code: units.index(code) if code in units else -1)


def finders_of(session: Session, cases: Iterable[Case]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Who found what failed: authors of the records in force and the units for which they acted; of a case about another the same."""
    by_ground = {case.id: case.parent or case.id for case in cases}
    query = (
        select(Occurrence.case_id, Inspection.author_id, Inspection.acting_code)
        .join(Inspection, Inspection.id == Occurrence.inspection_id)
        .where(Inspection.in_force)  # what was taken back is as if never made
        .distinct()
    )
    authors: dict[str, set[str]] = {}
    units: dict[str, set[str]] = {}
    for part in parts(set(by_ground.values())):
        for one, author, acting in session.execute(query.where(Occurrence.case_id.in_(part))):
            authors.setdefault(one, set()).add(author)
            units.setdefault(one, set()).add(acting)
    return {
        one: (frozenset(authors.get(ground, ())), frozenset(units.get(ground, ())))
        for one, ground in by_ground.items()
    }


def staff_of(session: Session, units: Iterable[str], day: date) -> Staff:
    """Who holds which roles in the units on ``day``; people whose account is closed hold none."""
    query = (
        select(Role.unit_code, Role.person_id, Role.role)
        .join(Person, Person.id == Role.person_id)
        .where(Role.first_day <= day, or_(Role.last_day.is_(None), Role.last_day >= day), Person.active)
    )
    found: dict[str, dict[str, set[str]]] = {}
    for part in parts(set(units)):
        for unit, person, role in session.execute(query.where(Role.unit_code.in_(part))):
            found.setdefault(unit, {}).setdefault(person, set()).add(role)
    return _frozen(found)


def _frozen(found: Mapping) -> Staff:
    return {
        unit: {person: frozenset(roles) for person, roles in people.items()} for unit, people in found.items()
    }


def units_around(grounds: Iterable[Ground]) -> set[str]:
    """The units whose people can have a part in these cases."""
    return {unit for ground in grounds for unit in ground.units}
