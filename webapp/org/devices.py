"""Sessions of devices: whose a cookie is, how long it lasts, whether a browser is known, when the password was last entered."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session, joinedload

from webapp.core.clock import local_date
from webapp.org.models import Device, Person, Role
from webapp.org.queries import sha256
from webapp.org.rules import OFFICE_ROLES


@dataclass(frozen=True)
class Lifetimes:
    """How long a session lasts [ASVS 5.0, 7.3.1 and 7.3.2]: office sessions idle and in all, field sessions both."""

    office_idle: timedelta
    office: timedelta
    field: timedelta


_WHOSE = select(Device).options(joinedload(Device.person)).where(Device.id == bindparam("device"))


def session_of(
    session: Session,
    device_id: str,
    token: str,
    now: datetime,
    used_at: datetime | None,
    lifetimes: Lifetimes,
) -> Person | None:
    """Whose session ``device_id`` with ``token`` is, last used at ``used_at``; None if it is unknown, revoked or too
    old, the person deactivated, or the temporary password past its time."""
    device = session.scalars(_WHOSE, {"device": device_id}).one_or_none()
    known = device.token_hash if device else ""
    if not hmac.compare_digest(known, sha256(token)) or device.revoked_at or not device.person.active:
        return None
    if is_expired(device.person, now) or _is_over(session, device, now, used_at, lifetimes):
        return None
    return device.person


def is_expired(person: Person, now: datetime) -> bool:
    """Whether the person's temporary password is past its time."""
    return person.temporary and person.temporary_until is not None and person.temporary_until <= now


def _is_over(
    session: Session, device: Device, now: datetime, used_at: datetime | None, lifetimes: Lifetimes
) -> bool:
    last = max(filter(None, (used_at, device.seen_at, device.synced_at)))
    idle, age = now - last, now - (device.proved_at or device.created_at)
    if max(idle, age) > lifetimes.field:
        return True
    # Nearly every request ends here, without a question to the database.
    if idle <= lifetimes.office_idle and age <= lifetimes.office:
        return False
    return _is_office(session, device, now)


def _is_office(session: Session, device: Device, now: datetime) -> bool:
    """Whether the session opens more than the field app of a department: a role of county and above, the strictest of
    several, or a device that never synced, so that no work can wait on it."""
    if device.synced_at is None:
        return True
    today = local_date(now)
    held = select(Role.id).where(Role.person_id == device.person_id, Role.role.in_(OFFICE_ROLES))
    held = held.where(Role.first_day <= today, or_(Role.last_day.is_(None), Role.last_day >= today))
    return session.scalar(held.limit(1)) is not None


def is_recent(session: Session, device_id: str | None, now: datetime, age: timedelta) -> bool:
    """Whether the password, or the code of an enrolment, was entered on the device within ``age``."""
    device = session.get(Device, device_id) if device_id else None
    return device is not None and device.proved_at is not None and now - device.proved_at <= age


def is_known(session: Session, person_id: str | None, browser_hash: str | None) -> bool:
    """Whether the person has signed in before with the browser, and it was not forgotten since."""
    if browser_hash is None:
        return False
    query = select(Device.id).where(
        Device.browser_hash == browser_hash, Device.person_id == (person_id or "")
    )
    return session.scalar(query.limit(1)) is not None


def forget_browsers(
    session: Session, person_id: str, keep: str | None = None, only: str | None = None
) -> None:
    """The person's browsers are strangers from now on: all but that of the device ``keep``, or ``only`` one hash."""
    query = update(Device).where(Device.person_id == person_id)
    if only:
        query = query.where(Device.browser_hash == only)
    if keep:
        query = query.where(Device.id != keep)
    session.execute(query.values(browser_hash=None))
