"""Who may issue work orders to whom, and to which unit the chosen cases belong."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from webapp.cases.filters import Reader
from webapp.cases.models import Case
from webapp.core.database import db
from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.org.rules import HEADS, LEVELS, Grant


@dataclass(frozen=True)
class Addressed:
    """One order to be: the unit that receives it, and the chosen cases that it is about."""

    unit: Unit
    cases: tuple[Case, ...]


def issuers(reader: Reader, unit: Unit | None = None) -> list[Grant]:
    """The units for which the reader may issue orders, the nearest first; ``unit``: only those above it, or below it, or itself."""
    lowest = LEVELS.index(reader.rules.of_orders.issued_by)
    found = [
        grant
        for grant in reader.actor.current
        if level_of(grant.path) <= lowest and grant.role == HEADS[LEVELS[level_of(grant.path)]]
    ]
    if unit is not None:
        found = [one for one in found if unit.path.startswith(one.path) or one.path.startswith(unit.path)]
    return sorted(found, key=lambda grant: (-len(grant.path), grant.path))


def level_of(path: str) -> int:
    """The place of the unit with this path among the levels."""
    return len(path.strip("/").split("/")) - 1


def chosen(reader: Reader, ids: Iterable[str]) -> list[tuple[Case, Unit]]:
    """Those of the cases that have not ended and that the reader sees, with their units; others are left out."""
    query = (
        select(Case, Unit)
        .join(Unit, Unit.code == Case.unit_code)
        .where(Case.id.in_(list(ids)), within(reader.actor.reach("see-inspections")))
        .order_by(Case.urgency, Case.id)
    )
    return [(case, unit) for case, unit in db.session.execute(query)]


def addressed(issuer: Grant, cases: Iterable[tuple[Case, Unit]]) -> list[Addressed]:
    """One order for each unit right below the issuing one: to it, or to the nearest one below that holds all of its cases."""
    groups: dict[str, list[tuple[Case, Unit]]] = {}
    for case, unit in cases:
        if unit.path.startswith(issuer.path) and unit.path != issuer.path and not case.ended:
            below = unit.path.removeprefix(issuer.path).partition("/")[0]
            groups.setdefault(below, []).append((case, unit))
    found = []
    for several in groups.values():
        code = _common([unit.path for _, unit in several])
        found.append(Addressed(db.session.get(Unit, code), tuple(case for case, _ in several)))
    return found


def _common(paths: list[str]) -> str:
    """The code of the lowest unit that holds all of them."""
    split = [path.strip("/").split("/") for path in paths]
    shared = [steps[0] for steps in zip(*split, strict=False) if len(set(steps)) == 1]
    return shared[-1]
