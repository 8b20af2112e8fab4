"""The checks of a department as the offices' forms want them: each with its items, who delivered them, and what became of them. Read only."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.cases.models import Case, Occurrence
from webapp.inspections.models import Inspection, Item
from webapp.journal.models import Fact
from webapp.org.models import Person, Route, Unit
from webapp.org.names import name_on, names_of
from webapp.org.queries import within
from webapp.photos.models import PhotoRef
from webapp.photos.rules import RECORD
from webapp.registers.models import RelayPoint
from webapp.sampling.deliveries import carried_by, parts


@dataclass(frozen=True)
class Followed:
    """What follows from a failed item: who puts it right (names, each once) and the first deadline."""

    owners: tuple[str, ...]
    deadline: date | None


@dataclass(frozen=True)
class Checked:
    """One item of a check. ``answers``: {criterion: pass | fail | na}; empty: it passed or failed as a whole.

    ``point``: of a relay point, as it stands in the register today.
    """

    subject: str
    verdict: str | None
    answers: Mapping[str, str]
    note: str | None = None
    stratum: str | None = None
    tag: str | None = None
    route: str | None = None
    carriers: tuple[str, ...] = ()
    photos: int = 0
    followed: Followed | None = None
    point: RelayPoint | None = None


@dataclass(frozen=True)
class Check:
    """One check in force. ``purged``: its notes were deleted in time; ``route``: the one that was followed."""

    id: str
    kind: str
    unit_code: str
    acting_code: str
    acting: str
    author_id: str
    author: str
    method: str
    day: date
    work_date: date
    ended_at: datetime | None
    purged: bool
    route: str | None
    items: tuple[Checked, ...]


def departments_with(
    session: Session, path: str, kinds: Collection[str], first: date, last: date
) -> list[tuple[Unit, int]]:
    """The departments at or below ``path`` that have checks of these kinds in force, by code, and how many items in them."""
    counted = (
        select(Inspection.unit_code, func.count(Item.ordinal).label("checked"))
        .join(Item, Item.inspection_id == Inspection.id)
        .where(*_wanted(kinds, first, last))
        .group_by(Inspection.unit_code)
        .subquery()
    )
    query = select(Unit, counted.c.checked).join(counted, counted.c.unit_code == Unit.code)
    query = query.where(within([path]), Unit.level == "department").order_by(Unit.path)
    return [(unit, items) for unit, items in session.execute(query)]


def _wanted(kinds: Collection[str], first: date, last: date) -> tuple:
    return Inspection.kind.in_(kinds), Inspection.in_force, Inspection.day.between(first, last)


def checks(session: Session, unit_code: str, kinds: Collection[str], first: date, last: date) -> list[Check]:
    """The unit's checks of these kinds in force and of these days, in their order; a fixed number of queries."""
    query = (
        select(
            Inspection,
            Unit.name,
            name_on(Inspection.work_date, Inspection.ended_at),
            Fact.personal,
            Fact.salt,
        )
        .join(Fact, Fact.id == Inspection.id)
        .join(Person, Person.id == Inspection.author_id)
        .join(Unit, Unit.code == Inspection.acting_code)
        .where(Inspection.unit_code == unit_code, *_wanted(kinds, first, last))
        .order_by(Inspection.work_date, Inspection.id)
    )
    rows = session.execute(query).all()
    items = _items(session, unit_code, [row[0] for row in rows], {row[0].id: _notes(row[3]) for row in rows})
    routes = _routes(session, {(row[0].header or {}).get("route") for row in rows})
    return [
        Check(
            one.id, one.kind, one.unit_code, one.acting_code, acting, one.author_id, author, one.method, one.day, one.work_date,
            one.ended_at, personal is None and salt is None, routes.get((one.header or {}).get("route")), tuple(items.get(one.id, ())),
        )
        for one, acting, author, personal, salt in rows
    ]  # fmt: skip


def _notes(personal: str | None) -> Mapping[str, str]:
    return json.loads(personal).get("notes") or {} if personal else {}


def _items(
    session: Session, unit_code: str, found: Sequence[Inspection], notes: Mapping[str, Mapping[str, str]]
) -> dict[str, list[Checked]]:
    days = {one.id: one.day for one in found}
    query = select(Item).order_by(Item.inspection_id, Item.ordinal)
    rows = [row for part in parts(days) for row in session.scalars(query.where(Item.inspection_id.in_(part)))]
    carried = carried_by(session, {(unit_code, days[row.inspection_id], row.subject) for row in rows})
    points = _points(session, unit_code, {row.subject for row in rows})
    routes = _routes(
        session,
        {row.route_id for row in rows} | {one.route for one in carried.values()} | {one.route_id for one in points.values()},
    )  # fmt: skip
    people = names_of(session, {person for one in carried.values() for person in one.people})
    photos, followed = _photos(session, days), _followed(session, days)
    checked: dict[str, list[Checked]] = {}
    for row in rows:
        place, point = (row.inspection_id, row.ordinal), points.get(row.subject)
        known = carried.get((unit_code, days[row.inspection_id], row.subject))
        route = row.route_id or (known and known.route) or (point and point.route_id)
        checked.setdefault(row.inspection_id, []).append(
            Checked(
                point.name if point else row.subject, row.verdict, row.answers, notes[row.inspection_id].get(str(row.ordinal)),
                row.stratum, row.tag, routes.get(route), tuple(sorted(people.get(one, "") for one in known.people)) if known else (),
                photos.get(place, 0), followed.get(place), point,
            )
        )  # fmt: skip
    return checked


def _points(session: Session, unit_code: str, subjects: Collection[str]) -> dict[str, RelayPoint]:
    query = select(RelayPoint).where(RelayPoint.unit_code == unit_code)
    found = [row for part in parts(subjects) for row in session.scalars(query.where(RelayPoint.id.in_(part)))]
    return {point.id: point for point in found}


def _routes(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    query = select(Route.id, Route.code, Route.name)
    wanted = {one for one in ids if one}
    return {
        one: f"{code} {name}" if name != code else code
        for part in parts(wanted)
        for one, code, name in session.execute(query.where(Route.id.in_(part)))
    }


def _photos(session: Session, ids: Iterable[str]) -> dict[tuple[str, int], int]:
    query = select(PhotoRef.fact_id, PhotoRef.ordinal, func.count(PhotoRef.digest.distinct()))
    query = query.where(PhotoRef.source == RECORD).group_by(PhotoRef.fact_id, PhotoRef.ordinal)
    return {
        (fact, ordinal): count
        for part in parts(ids)
        for fact, ordinal, count in session.execute(query.where(PhotoRef.fact_id.in_(part)))
    }


def _followed(session: Session, ids: Iterable[str]) -> dict[tuple[str, int], Followed]:
    """By inspection and ordinal. A case that nobody in particular owns is led by whoever leads the unit: no name."""
    query = select(Occurrence.inspection_id, Occurrence.ordinal, Case.owner_id, Case.deadline)
    query = query.join(Case, Case.id == Occurrence.case_id).order_by(Case.deadline, Case.id)
    rows = [row for part in parts(ids) for row in session.execute(query.where(Occurrence.inspection_id.in_(part)))]  # fmt: skip
    names = names_of(session, {row.owner_id for row in rows})
    found: dict[tuple[str, int], Followed] = {}
    for inspection, ordinal, owner, deadline in rows:
        known = found.get((inspection, ordinal), Followed((), deadline))
        name = names.get(owner)
        owners = known.owners if name is None or name in known.owners else (*known.owners, name)
        deadlines = [one for one in (known.deadline, deadline) if one]
        found[inspection, ordinal] = Followed(owners, min(deadlines, default=None))
    return found
