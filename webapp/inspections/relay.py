"""Visits at relay points, read only: the last ones, those that confirm a point, and all of one point."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection, Item
from webapp.org.models import Person, Unit
from webapp.org.names import name_on
from webapp.org.queries import within
from webapp.org.rules import DIRECTOR, INSPECTOR
from webapp.photos.models import PhotoRef
from webapp.photos.queries import of_records
from webapp.photos.rules import HERE, LOST, MISSING, PURGED
from webapp.registers.models import RelayPoint
from webapp.registers.queries import Register
from webapp.rulebook.periods import Period
from webapp.rulebook.purposes import visiting
from webapp.rulebook.queries import Editions, editions_of
from webapp.rulebook.rules import Text

CONFIRMING = frozenset({DIRECTOR, INSPECTOR})  # whose visits confirm a point [Reading: confirmed]


@dataclass(frozen=True)
class Seen:
    """When points were last visited by anybody, and last confirmed: {point id: day}."""

    visited: dict[str, date]
    confirmed: dict[str, date]


def seen(
    session: Session,
    register: Register,
    since: Mapping[str, date],
    last: date,
    editions: Editions | None = None,
) -> dict[str, Seen]:
    """The last visit and confirmation of each point of the units from the unit's day ``since`` to ``last``; one query."""
    query = (
        select(
            Inspection.unit_code, Item.subject, Inspection.roles, Inspection.acting_code, func.max(Inspection.day)
        )
        .join(Inspection, Inspection.id == Item.inspection_id)
        .where(Inspection.unit_code.in_(list(since)), _is_visit(editions or editions_of(session)), Inspection.in_force)
        .where(Inspection.day.between(min(since.values()), last))
        .group_by(Inspection.unit_code, Item.subject, Inspection.roles, Inspection.acting_code)
    )  # fmt: skip
    found = {}
    for code, first in since.items():
        days = register.confirmations(code, first, last)
        found[code] = Seen({}, {point: max(several) for point, several in days.items()})
    for code, point, roles, acting, day in session.execute(query):
        if day < since[code]:
            continue
        visited, confirmed = found[code].visited, found[code].confirmed
        visited[point] = max(day, visited.get(point, day))
        if acting == code and CONFIRMING & set(roles.split()):
            confirmed[point] = max(day, confirmed.get(point, day))
    return found


@dataclass(frozen=True)
class Rounds:
    """A department's points of a month: how many are open, and at how many of them somebody was, and something failed."""

    open: int
    visited: int = 0
    failed: int = 0

    @property
    def left(self) -> int:
        """At how many nobody has been."""
        return self.open - self.visited


def rounds_of(session: Session, paths: Iterable[str], month: Period, today: date) -> dict[str, Rounds]:
    """{code of a unit at or below the paths: the points that are open today and the month's visits there}; two queries.

    A point counts once, however often somebody was there; as failed where any of these visits found something.
    """
    point = RelayPoint
    here = (within(paths), point.opened_on <= today, or_(point.closed_on.is_(None), point.closed_on > today))
    opened = select(point.unit_code, func.count()).join(Unit, Unit.code == point.unit_code).where(*here)
    bad = func.max(case((Item.verdict == "fail", 1), else_=0)).label("bad")
    each = (
        select(point.id, point.unit_code, bad)
        .join(Unit, Unit.code == point.unit_code)
        .join(Item, Item.subject == point.id)
        .join(Inspection, (Inspection.id == Item.inspection_id) & (Inspection.unit_code == point.unit_code))
        .where(*here, _is_visit(editions_of(session)), Inspection.in_force)
        .where(Inspection.day.between(month.first, month.last))
        .group_by(point.id, point.unit_code)
        .subquery()
    )
    visits = select(each.c.unit_code, func.count(), func.sum(each.c.bad)).group_by(each.c.unit_code)
    seen_there = {code: (count, int(failed)) for code, count, failed in session.execute(visits)}
    return {
        code: Rounds(count, *seen_there.get(code, (0, 0)))
        for code, count in session.execute(opened.group_by(point.unit_code))
    }


def _is_visit(editions: Editions):
    """The condition that an inspection is a visit, by whatever edition."""
    return Inspection.kind.in_(visiting(editions.books))


@dataclass(frozen=True)
class Visit:
    """One visit at a point. ``photos`` are those that are here; ``missing`` counts those still on the phone, ``lost``
    those lost there, ``purged`` those deleted when their time was over."""

    id: str
    ordinal: int
    day: date
    author: str
    roles: list[str]
    verdict: str | None
    failed: list[Text]
    withdrawn: bool
    photos: list[str] = field(default_factory=list)
    missing: int = 0
    lost: int = 0
    purged: int = 0


def visits_of(session: Session, unit_code: str, point_id: str) -> list[Visit]:
    """All visits at the point, the newest first; withdrawn ones are there and say so, corrected ones are not."""
    editions = editions_of(session)
    query = (
        select(Inspection, Item, name_on(Inspection.work_date, Inspection.ended_at))
        .join(Item, Item.inspection_id == Inspection.id)
        .join(Person, Person.id == Inspection.author_id)
        .where(Inspection.unit_code == unit_code, _is_visit(editions), Item.subject == point_id)
        .where(Inspection.in_force | Inspection.withdrawn)
        .order_by(Inspection.day.desc(), Inspection.id.desc())
    )
    rows = session.execute(query).all()
    photos = _photos(session, [one.id for one, _, _ in rows])
    return [
        Visit(
            one.id, item.ordinal, one.day, name, one.roles.split(), item.verdict,
            [
                editions.kind_on(one.work_date, one.kind).fault(code)
                for code, answer in item.answers.items()
                if answer == "fail"
            ],
            one.withdrawn,
            *photos.get((one.id, item.ordinal), ([], 0, 0, 0)),
        )
        for one, item, name in rows
    ]  # fmt: skip


def _photos(session: Session, ids: list[str]) -> dict[tuple[str, int], tuple[list[str], int, int, int]]:
    """{(inspection, row): (digests that are here, how many are missing, how many lost, how many purged)}."""
    found: dict[tuple[str, int], dict[str, list[str]]] = {}
    for inspection, ordinal, digest, state in session.execute(of_records(ids).order_by(PhotoRef.digest)):
        row = found.setdefault((inspection, ordinal), {HERE: [], MISSING: [], LOST: [], PURGED: []})
        row[state].append(digest)
    return {
        key: (row[HERE], len(row[MISSING]), len(row[LOST]), len(row[PURGED])) for key, row in found.items()
    }
