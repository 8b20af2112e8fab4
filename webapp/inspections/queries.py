"""Inspections and captures, read only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

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


@dataclass(frozen=True)
class Watched:
    """An item chosen in advance [14.1(5)]; ``verdict`` None: nothing was recorded of it yet."""

    day: date
    subject: str
    mail_class: str | None
    route_id: str | None
    tag: str | None
    drawn: bool
    selection: str
    verdict: str | None
    inspection: str | None


def watched(session: Session, unit_code: str, since: date, own: Own = NONE) -> list[Watched]:
    """The items chosen for days from ``since`` on, by day; drawn where any selection drew it.

    What its own deliverer recorded is no outcome.
    """
    books = editions_of(session).books
    outcomes: dict[tuple[date, str], tuple[str, str]] = {}
    here = (Inspection.unit_code == unit_code, Inspection.in_force, Inspection.day >= since)
    query = (
        select(Inspection.day, Item.subject, Item.verdict, Inspection.id)
        .join(Item, Item.inspection_id == Inspection.id)
        .where(*here, Inspection.kind.in_(following(books)))
        .order_by(Inspection.id)
    )
    for day, subject, verdict, inspection in session.execute(query):
        if subject in own.get(inspection, ()):
            continue
        if verdict == "fail" or (day, subject) not in outcomes:
            outcomes[day, subject] = (verdict, inspection)
    picks = (
        select(
            Inspection.day,
            Item.subject,
            Item.mail_class,
            Item.route_id,
            Item.tag,
            Inspection.drawn,
            Inspection.id,
        )
        .join(Item, Item.inspection_id == Inspection.id)
        .where(*here, Inspection.kind.in_(choosing(books)))
        .order_by(Inspection.day, Inspection.drawn.desc(), Inspection.id, Item.ordinal)
    )
    found: dict[tuple[date, str], Watched] = {}
    for row in session.execute(picks):
        key = (row.day, row.subject)
        found.setdefault(key, Watched(*row, *outcomes.get(key, (None, None))))
    return list(found.values())


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
