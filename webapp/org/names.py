"""The name under which a person is read: that of the day in question, and told apart from a namesake nearby.

Everything here is an SQL expression (built once: nothing in it depends on a request) or a read: where an author's name stands beside a dated record, the query selects
:func:`name_on` instead of the name of today.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.core.clock import local_date
from webapp.core.database import UtcDateTime
from webapp.org.models import EarlierName, Person, Role, Unit

TAIL = 4  # characters of a login that tell two namesakes apart, unless they are the same in both


def name_on(day, moment=None, person: type[Person] = Person) -> ColumnElement[str]:
    """The name of ``person`` (joined in the query) on ``day``, with the end of the login where a namesake works nearby.

    ``moment``: when the record came, where that is known; on the very day of a change it decides.
    """
    borne = _borne(day, moment, person)
    # Written out: the mark of two namesakes belongs to the people of today, whatever they were called.
    return case((_has_namesake(person), borne + "（" + _tail(person) + "）"), else_=borne)


@lru_cache(maxsize=8)
def shown_name(person: type[Person] = Person) -> ColumnElement[str]:
    """The name of today, with the end of the login where a namesake works nearby."""
    return case((_has_namesake(person), person.name + "（" + _tail(person) + "）"), else_=person.name)


def _borne(day, moment, person: type[Person]) -> ColumnElement[str]:
    """Of the names given up after that day the one that was given up first, else today's."""
    later = EarlierName.ended_on > day
    if moment is not None:
        later = or_(later, and_(EarlierName.ended_on == day, EarlierName.ended_at > moment))
    query = select(EarlierName.name).where(EarlierName.person_id == person.id, later)
    query = query.order_by(EarlierName.ended_at).limit(1)
    return func.coalesce(query.correlate_except(EarlierName).scalar_subquery(), person.name)


@lru_cache(maxsize=8)
def _tail(person: type[Person]) -> ColumnElement[str]:
    """The last characters of the login; all of it where a namesake's ends alike."""
    other = aliased(Person)
    end, same = _last(person.login), _last(other.login)
    alike = select(other.id).where(other.name == person.name, other.id != person.id, same == end)
    return case((alike.correlate_except(other).exists(), person.login), else_=end)


def _last(login) -> ColumnElement[str]:
    return case((func.length(login) <= TAIL, login), else_=func.substr(login, func.length(login) - TAIL + 1))


@lru_cache(maxsize=8)
def _has_namesake(person: type[Person]) -> ColumnElement[bool]:
    """Whether another person of this name holds or held a role in the same county, where both may be read together."""
    other, mine, theirs, here, there = (aliased(one) for one in (Person, Role, Role, Unit, Unit))
    near = or_(
        here.code == there.code,
        here.parent_code == there.parent_code,
        here.code == there.parent_code,
        here.parent_code == there.code,
    )
    query = (
        select(literal(1))
        .select_from(other)
        .join(theirs, theirs.person_id == other.id)
        .join(there, there.code == theirs.unit_code)
        .join(mine, mine.person_id == person.id)
        .join(here, here.code == mine.unit_code)
        .where(other.name == person.name, other.id != person.id, near)
    )
    return query.correlate_except(other, mine, theirs, here, there).exists()


def names_of(session: Session, people: Iterable[str | None], day: date | None = None) -> dict[str, str]:
    """The names of the people with these ids, as of ``day`` or today: {person id: name}."""
    wanted = {person for person in people if person}
    if not wanted:
        return {}
    name = shown_name() if day is None else name_on(literal(day))
    return dict(session.execute(select(Person.id, name).where(Person.id.in_(wanted))).all())


def names_at(
    session: Session, steps: Iterable[tuple[str | None, datetime | None]]
) -> dict[tuple[str, datetime], str]:
    """The names of people at several moments: {(person id, moment): name}; a step without either is left out."""
    wanted = {(person, moment) for person, moment in steps if person and moment}
    present = names_of(session, {person for person, _ in wanted})
    renamed = set(
        session.scalars(select(EarlierName.person_id).where(EarlierName.person_id.in_(list(present))))
    )
    return {
        (person, moment): name_at(session, person, moment) if person in renamed else present[person]
        for person, moment in wanted
    }


def name_at(session: Session, person_id: str, moment: datetime, day: date | None = None) -> str:
    """The name of one person at ``moment``; of a record that came then, on its ``day``."""
    name = name_on(literal(day or local_date(moment)), literal(moment, UtcDateTime))
    return session.scalar(select(name).where(Person.id == person_id))


def earlier_names(session: Session, person_id: str) -> list[EarlierName]:
    """The names that the person bore before, the latest first."""
    query: Select = select(EarlierName).where(EarlierName.person_id == person_id)
    return list(session.scalars(query.order_by(EarlierName.ended_at.desc())))
