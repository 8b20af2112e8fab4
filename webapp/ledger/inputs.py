"""Load what a unit's lines are folded from: a fixed number of queries for a unit, however many lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection, Item
from webapp.ledger.rules import Check, Checked, Inputs, Point
from webapp.org.models import RelayPoint, Role, Unit
from webapp.org.rules import DEPARTMENT_ROLES
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import calendars_of
from webapp.rulebook.rules import Duty
from webapp.sampling import queries as sampling


@dataclass(frozen=True)
class Material:
    """Everything about one unit and span of days, from which the inputs of its lines are cut."""

    whole: Inputs
    checks: dict[str, list[Check]]  # by kind
    withdrawn: list[tuple[str, date]]  # (kind, day)
    voided: dict[date, int]

    def cut(self, duty: Duty, period: Period) -> Inputs:
        """The inputs of one line: only what lies in its period and is of its kinds."""
        checks = tuple(c for kind in duty.kinds for c in self.checks.get(kind, ()) if c.day in period)
        withdrawn = sum(kind in duty.kinds and day in period for kind, day in self.withdrawn)
        voided = sum(n for day, n in self.voided.items() if day in period) if duty.measure == "share" else 0
        return replace(self.whole, checks=checks, withdrawn=withdrawn, voided=voided)


def load(session: Session, unit: Unit, work: Sequence[tuple[Duty, Period]], today: date) -> Material:
    """The material of a unit for these duties and periods."""
    first, last = min(period.first for _, period in work), max(period.last for _, period in work)
    kinds = sorted({kind for duty, _ in work for kind in duty.kinds})
    by_volume = any(duty.of for duty, _ in work)
    by_points = any(duty.shrink == "population" for duty, _ in work)
    checks = _checks(session, unit.code, kinds, first, last)
    whole = Inputs(
        calendar=calendars_of(session, [unit])[unit.code],
        today=today,
        volumes=sampling.volumes(session, unit.code, first, last) if by_volume else {},
        listed=sampling.numbers_on(session, unit.code, first, last) if by_volume else {},
        drawn=sampling.samples(session, unit.code, first, last) if by_volume else {},
        points=_points(session, unit.code) if by_points else (),
        sole_days=_sole_days(session, unit.code, checks),
    )
    voided = sampling.voided(session, unit.code, first, last) if by_volume else {}
    return Material(whole, checks, _withdrawn(session, unit.code, kinds, first, last), voided)


def _checks(
    session: Session, unit_code: str, kinds: list[str], first: date, last: date
) -> dict[str, list[Check]]:
    query = (
        select(
            Inspection.kind, Inspection.id, Inspection.day, Inspection.work_date, Inspection.roles,
            Inspection.acting_code, Item.subject, Item.mail_class, Item.verdict,
        )
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.unit_code == unit_code, Inspection.kind.in_(kinds), Inspection.day.between(first, last))
        .where(Inspection.in_force, Item.verdict.is_not(None))
        .order_by(Inspection.id)
    )  # fmt: skip
    found: dict[str, list[Check]] = {}
    for head, rows in groupby(session.execute(query), key=lambda row: row[:6]):
        kind, inspection_id, day, work_date, roles, acting = head
        items = tuple(Checked(*row[6:]) for row in rows)
        check = Check(inspection_id, day, work_date, frozenset(roles.split()), acting == unit_code, items)
        found.setdefault(kind, []).append(check)
    return found


def _withdrawn(
    session: Session, unit_code: str, kinds: list[str], first: date, last: date
) -> list[tuple[str, date]]:
    query = select(Inspection.kind, Inspection.day).where(
        Inspection.unit_code == unit_code,
        Inspection.kind.in_(kinds),
        Inspection.day.between(first, last),
        Inspection.withdrawn,
    )
    return list(session.execute(query))


def _points(session: Session, unit_code: str) -> tuple[Point, ...]:
    query = select(RelayPoint.id, RelayPoint.opened_on, RelayPoint.closed_on).where(
        RelayPoint.unit_code == unit_code
    )
    return tuple(Point(*row) for row in session.execute(query.order_by(RelayPoint.id)))


def _sole_days(session: Session, unit_code: str, checks: dict[str, list[Check]]) -> frozenset[date]:
    """Days of a county's checks on which exactly one person held department roles; nobody asks about others."""
    days = {check.work_date for found in checks.values() for check in found if not check.own}
    if not days:
        return frozenset()
    query = select(Role.person_id, Role.first_day, Role.last_day).where(
        Role.unit_code == unit_code, Role.role.in_(DEPARTMENT_ROLES)
    )
    roles = list(session.execute(query))
    holders = {
        day: {person for person, first, last in roles if first <= day and (last is None or day <= last)}
        for day in days
    }
    return frozenset(day for day, people in holders.items() if len(people) == 1)


def touched_keys(session: Session, unit_code: str, duties: Sequence[Duty], keys) -> set:
    """The lines that the unit's inspections can have touched; ``keys`` makes them of duties and days."""
    query = select(Inspection.kind, Inspection.day).where(Inspection.unit_code == unit_code).distinct()
    found = set()
    for kind, day in session.execute(query):
        found |= keys(unit_code, [duty for duty in duties if kind in duty.kinds], [day])
    return found
