"""Inspections and captures, read only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.inspections.looked import Watched, looked_at, watch_list
from webapp.inspections.models import Inspection, Item
from webapp.org.models import Role, Unit
from webapp.rulebook.purposes import capturing, choosing, following, judging_drawn
from webapp.rulebook.queries import editions_of

Own = Mapping[str, Collection[str]]  # {inspection: numbers in it that its author delivered}
NONE: Own = MappingProxyType({})


@dataclass
class Evidence:
    """What is known of the items of a day's list: {number: capture id}, {number: (inspection id, verdict)}.

    ``own``: {number: inspection id} of those that only their own deliverer judged, which does not count.
    """

    captures: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)


def evidence(session: Session, unit_code: str, day: date, own: Own = NONE) -> Evidence:
    """Captures and verdicts in force about the unit's list of ``day``; of two verdicts a fail wins [Reading].

    What its own deliverer judged does not count.
    """
    books = editions_of(session).books
    captures = capturing(books)
    query = (
        select(Inspection.id, Inspection.kind, Item.subject, Item.verdict)
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.unit_code == unit_code, Inspection.day == day, Inspection.in_force)
        .where(Inspection.kind.in_(captures | judging_drawn(books)))
        .order_by(Inspection.id)
    )
    found = Evidence()
    for inspection, kind, number, verdict in session.execute(query):
        if kind in captures:
            found.captures[number] = inspection
        elif number in own.get(inspection, ()):
            found.own[number] = inspection
        elif verdict == "fail" or number not in found.verdicts:
            found.verdicts[number] = (inspection, verdict)
    return found


def watched(session: Session, unit_code: str, since: date, own: Own = NONE) -> list[Watched]:
    """The items chosen for days from ``since`` on, by day; drawn where any selection drew it.

    What its own deliverer recorded is no outcome.
    """
    books = editions_of(session).books
    chosen, after = choosing(books), following(books)
    rows = looked_at(session, [unit_code], chosen | after, since)
    outcomes = [one for one in rows if one.kind in after and one.subject not in own.get(one.record, ())]
    return list(watch_list((one for one in rows if one.kind in chosen), outcomes))


def captures_named(
    session: Session, codes: Collection[str], days: Collection[date], evidence: Collection[str]
) -> list[tuple[list[str], str]]:
    """(the captures that an item's verdict saw, its author) of the verdicts in force about these days of the units.

    ``evidence``: the kinds that are none.
    """
    query = (
        select(Item.captures, Inspection.author_id)
        .join(Inspection, Inspection.id == Item.inspection_id)
        .where(Inspection.unit_code.in_(codes), Inspection.day.in_(days), Inspection.in_force)
        .where(Inspection.kind.not_in(evidence))
    )
    return [(captures, author) for captures, author in session.execute(query) if captures]


def stale_roles(session: Session, *which) -> dict[str, list[str]]:
    """{inspection: its author's roles at the acting unit on the day of the work} where the stored ones differ."""
    held = and_(
        Role.person_id == Inspection.author_id,
        Role.unit_code == Inspection.acting_code,
        Role.first_day <= Inspection.work_date,
        or_(Role.last_day.is_(None), Role.last_day >= Inspection.work_date),
    )
    # Of a plan a role reaches only the units that it lets somebody check.
    reach, about = aliased(Unit), aliased(Unit)
    reached = or_(
        Role.reach_code.is_(None), func.substr(about.path, 1, func.length(reach.path)) == reach.path
    )
    query = (
        select(Inspection.id, Inspection.roles, case((reached, Role.role)))
        .join(about, about.code == Inspection.unit_code)
        .outerjoin(Role, held)
        .outerjoin(reach, reach.code == Role.reach_code)
        .where(*which)
    )
    stored: dict[str, str] = {}
    right: dict[str, set[str]] = {}
    for one, roles, role in session.execute(query):
        stored[one] = roles
        right.setdefault(one, set()).update({role} - {None})
    return {one: sorted(roles) for one, roles in right.items() if " ".join(sorted(roles)) != stored[one]}


def days_after(session: Session, unit_code: str, last_day: date) -> dict[date, int]:
    """{day of work: records in force} of the unit after ``last_day``.

    A choice made in advance for a later day is none of them: it counts for nothing before somebody works on that day.
    """
    query = select(Inspection.work_date, func.count()).where(
        Inspection.unit_code == unit_code, Inspection.in_force, Inspection.work_date > last_day
    )
    query = query.group_by(Inspection.work_date).order_by(Inspection.work_date)
    return dict(session.execute(query).all())


def last_work(session: Session, codes: Sequence[str], since: date, until: date) -> dict[str, date]:
    """{code of one of the units: the last day from ``since`` to ``until`` on which its own people recorded anything that is
    in force}; a unit without such a day is absent. One query.
    """
    # Units and kinds by name: then the index leads to the few days that are asked for, whatever was recorded before.
    kinds = sorted(editions_of(session).kinds())
    query = (
        select(Inspection.unit_code, func.max(Inspection.work_date))
        .where(Inspection.unit_code.in_(codes), Inspection.kind.in_(kinds), Inspection.day >= since)
        .where(Inspection.acting_code == Inspection.unit_code, Inspection.in_force)
        .where(Inspection.work_date.between(since, until))
        .group_by(Inspection.unit_code)
    )
    return dict(session.execute(query).all())
