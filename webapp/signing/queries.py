"""What became of months: read only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.core.prepared import ask
from webapp.org.models import Person, Role, Unit
from webapp.org.rules import HEADS
from webapp.signing.models import MonthConsent, MonthDispute, MonthSignature, SigningGrant
from webapp.signing.rules import Deputy, Place


@dataclass
class Standing:
    """A unit's month: its versions, the first first; the director's word; what is disputed."""

    versions: list[MonthSignature] = field(default_factory=list)
    consent: MonthConsent | None = None
    disputes: list[MonthDispute] = field(default_factory=list)

    @property
    def signature(self) -> MonthSignature | None:
        """The version in force."""
        return self.versions[-1] if self.versions else None

    @property
    def disputed(self) -> MonthDispute | None:
        """What nobody has decided yet."""
        return next((one for one in self.disputes if one.ruling_id is None), None)


_SIGNED = select(MonthSignature.month).where(MonthSignature.unit_code == bindparam("unit"))


def signed_months(session: Session, unit_code: str) -> frozenset[str]:
    """The months of the unit that somebody signed: their lines move no more."""
    return frozenset(ask(session, _SIGNED, unit=unit_code).scalars())


def standing_of(session: Session, unit_codes: Collection[str], month: str) -> dict[str, Standing]:
    """How the month of each of the units stands, in three queries."""
    found = {code: Standing() for code in unit_codes}
    for row in _rows(session, MonthSignature, unit_codes, month, MonthSignature.version):
        found[row.unit_code].versions.append(row)
    for row in _rows(session, MonthConsent, unit_codes, month, MonthConsent.given_at):
        found[row.unit_code].consent = row
    for row in _rows(session, MonthDispute, unit_codes, month, MonthDispute.raised_at):
        found[row.unit_code].disputes.append(row)
    return found


def _rows(session: Session, table, unit_codes: Collection[str], month: str, order) -> Iterable:
    query = select(table).where(table.unit_code.in_(list(unit_codes)), table.month == month)
    return session.scalars(query.order_by(table.unit_code, order))


def above(session: Session, unit: Unit, today: date) -> list[Place]:
    """The units above, the nearest first, and whether each has a head today."""
    codes = unit.path.strip("/").split("/")[:-1]
    units = session.scalars(select(Unit).where(Unit.code.in_(codes)))
    headed = heads_of(session, codes, today)
    places = [Place(one.code, one.level, one.path, bool(headed.get(one.code))) for one in units]
    return sorted(places, key=lambda place: -len(place.path))


def heads_of(session: Session, unit_codes: Collection[str], today: date) -> dict[str, set[str]]:
    """{unit: people} of those active people who head a unit today."""
    query = (
        select(Role.unit_code, Role.role, Unit.level, Role.person_id)
        .join(Unit, Unit.code == Role.unit_code)
        .join(Person, Person.id == Role.person_id)
        .where(Role.unit_code.in_(list(unit_codes)), Person.active, Role.first_day <= today)
        .where((Role.last_day.is_(None)) | (Role.last_day >= today))
    )
    found: dict[str, set[str]] = {}
    for code, role, level, person in session.execute(query):
        if role == HEADS[level]:
            found.setdefault(code, set()).add(person)
    return found


def deputies(session: Session, unit_codes: Collection[str], today: date) -> list[Deputy]:
    """Grants that hold today."""
    query = select(SigningGrant).where(
        SigningGrant.unit_code.in_(list(unit_codes)),
        SigningGrant.first_day <= today,
        SigningGrant.last_day >= today,
    )
    rows = session.scalars(query.order_by(SigningGrant.fact_id))
    return [Deputy(one.unit_code, one.person_id, one.fact_id) for one in rows]


def grants_of(session: Session, unit_code: str, today: date) -> list[SigningGrant]:
    """Grants of the unit that hold today or later, the first to begin first."""
    query = select(SigningGrant).where(SigningGrant.unit_code == unit_code, SigningGrant.last_day >= today)
    return list(session.scalars(query.order_by(SigningGrant.first_day, SigningGrant.fact_id)))
