"""Cases for a list: of a unit and all below, by any filter, a page at a time; as quick for a region's million as for a county's.

Cases that have not ended are few beside those that have: their index holds all that is asked of them, and is read through in the
worst case. Ended ones are found by the condition that leaves fewest (``filters.way``). How many there are is counted up to ``MOST``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select, true, tuple_, union_all
from sqlalchemy.orm import Session

from webapp.cases.filters import ALL, Filters, Reader, aside, below, states_of, way
from webapp.cases.models import Case, Occurrence
from webapp.cases.urgency import ENDED, of_day
from webapp.inspections.models import Item
from webapp.org.models import Person, Role, Route, Unit
from webapp.org.names import names_of
from webapp.org.queries import called, holds, within
from webapp.org.rules import LEVELS
from webapp.registers.models import RelayPoint
from webapp.rulebook.queries import Editions
from webapp.rulebook.rules import DIFFERENCE
from webapp.sampling.rules import read_number

PAGE = 50
MOST = 1000  # counted so far, and not further
SOUGHT = 300  # of each sort: whoever finds more has to say more


@dataclass(frozen=True)
class Place:
    """Where a page begins: after the case with this number and id, in the order of the list."""

    number: int
    id: str


@dataclass(frozen=True)
class Found:
    """A page of a list. ``count``: how many there are in all, MOST + 1 for more than MOST; None on later pages."""

    ids: tuple[str, ...]
    count: int | None
    next: Place | None


@dataclass(frozen=True)
class Row:
    """A case in a list, with the names that it is called by."""

    case: Case
    unit_name: str
    owner_name: str | None
    place_name: str | None


def find(
    session: Session, editions: Editions, filters: Filters, reader: Reader, after: Place | None = None, size: int = PAGE
) -> Found:  # fmt: skip
    """A page of the list, in two queries at most."""
    most = size + 1 if after else max(MOST, size) + 1
    criteria = _criteria(editions, filters.kind)
    found: list[tuple[int, str]] = []
    for ended in _parts(filters, reader, after):
        left = most if filters.newest else most - len(found)
        if left > 0:
            rows = session.execute(_query(filters, reader, ended, after, left, criteria))
            found += [(number - ENDED if filters.newest and ended else number, id) for number, id in rows]
    if filters.newest:
        found = sorted(found)[:most]
    page = found[:size]
    return Found(
        tuple(id for _, id in page),
        None if after else len(found),
        Place(*page[-1]) if len(found) > size else None,
    )


def _parts(filters: Filters, reader: Reader, after: Place | None) -> list[bool]:
    """Which halves can hold something: what has not ended (False), what has (True)."""
    if filters.only_live:
        halves = [False]
    elif filters.state == ALL:
        halves = [False, True]
    else:
        known = {state.ends for _, state in states_of(reader.rules) if state.code == filters.state}
        halves = sorted(known) or [False, True]
    beyond = after is not None and not filters.newest and after.number >= ENDED
    return [ended for ended in halves if ended or not beyond]


def _query(
    filters: Filters, reader: Reader, ended: bool, after: Place | None, most: int, criteria: Sequence[str]
) -> Select:
    """(number in the order of the list, id) of at most so many cases."""
    how = way(filters, reader, ended, criteria)
    newest = filters.newest and not ended  # of what has ended the latest comes first in both orders
    # The latest first is an order of its own: a bound of the other one would only mislead whoever plans the query.
    bound = [] if newest else [Case.urgency >= ENDED if ended else Case.urgency < ENDED]
    rest = [*bound, *how.rest]
    if after is not None:
        rest.append(_after(after, filters, ended))
    if not how.branches:
        return _ordered(and_(*how.by, *rest), most, newest)
    branches = [_ordered(and_(one, *rest), most, newest).subquery() for one in how.branches]
    every = union_all(*map(select, branches)).subquery()
    return select(every).order_by(*every.c).limit(most)


def _ordered(condition: ColumnElement, most: int, newest: bool) -> Select:
    order = (Case.recency if newest else Case.urgency, Case.id)
    return select(*order).where(condition).order_by(*order).limit(most)


def _after(place: Place, filters: Filters, ended: bool) -> ColumnElement:
    if filters.newest and not ended:
        return tuple_(Case.recency, Case.id) > tuple_(place.number, place.id)
    number = place.number + ENDED if filters.newest else place.number
    return tuple_(Case.urgency, Case.id) > tuple_(number, place.id)


def _criteria(editions: Editions, kind: str | None) -> list[str]:
    """All criteria that a kind of record ever had."""
    kinds = [book.kinds[kind] for book in editions.books if kind in book.kinds]
    codes = {criterion.code for one in kinds for criterion in one.criteria}
    return sorted({*codes, DIFFERENCE}) if kinds else []


# ---------------------------------------------------------------- what is shown of them


def rows(session: Session, ids: Sequence[str]) -> list[Row]:
    """The cases in the order of the ids, in two queries."""
    query = (
        select(Case, Unit.name, func.coalesce(RelayPoint.name, Route.name))
        .join(Unit, Unit.code == Case.unit_code)
        .outerjoin(RelayPoint, (RelayPoint.id == Case.place) & (Case.place_kind == "point"))
        .outerjoin(Route, (Route.id == Case.place) & (Case.place_kind == "route"))
        .where(Case.id.in_(ids))
    )
    found = {case.id: (case, unit, place) for case, unit, place in session.execute(query)}
    there = {case.place for case, _, _ in found.values() if case.place_kind == "person"}
    people = names_of(session, {case.owner_id for case, _, _ in found.values()} | there)
    return [
        Row(case, unit, people.get(case.owner_id), place or people.get(case.place))
        for case, unit, place in (found[id] for id in ids if id in found)
    ]


def sought(session: Session, unit: Unit, text: str) -> frozenset[str]:
    """Cases of the unit and those below of which the number, an item, the point or the owner is called so; at most SOUGHT of each."""
    inside = within([unit.path]) if unit.level != LEVELS[0] else true()
    here = select(Case.id).where(below(unit)).limit(SOUGHT)
    points = select(RelayPoint.id, RelayPoint.unit_code).join(Unit, Unit.code == RelayPoint.unit_code)
    named = session.execute(points.where(inside, holds(RelayPoint.name, text)).limit(SOUGHT)).all()
    at_points = and_(Case.unit_code.in_({code for _, code in named}), Case.place.in_({id for id, _ in named}))
    people = session.scalars(
        select(Role.person_id).join(Unit, Unit.code == Role.unit_code).join(Person, Person.id == Role.person_id)
        .where(inside, called(text)).distinct().limit(SOUGHT)
    ).all()  # fmt: skip
    items = (
        here.join(Occurrence, Occurrence.case_id == Case.id)
        .join(Item, (Item.inspection_id == Occurrence.inspection_id) & (Item.ordinal == Occurrence.ordinal))
        .where(Item.subject == read_number(text).text)
    )
    numbered = here.where(Case.number.is_not(None), Case.number.contains(text, autoescape=True))
    queries = [numbered, items]
    queries += [here.where(at_points)] if named else []
    queries += [here.where(Case.owner_id.in_(people))] if people else []
    return frozenset(id for query in queries for id in session.scalars(query))


def late_owners(session: Session, unit: Unit, today: date) -> dict[str, int]:
    """{unit at or below: how many of its cases are past their deadline while their owner has still to answer}; one query."""
    query = select(aside(Case.unit_code), func.count()).where(below(unit), ~Case.ended)
    query = query.where(Case.climbs, Case.urgency < of_day(today)).group_by(aside(Case.unit_code))
    return dict(session.execute(query).all())
