"""People and their dated roles, their passwords and devices as a superior keeps them, enrolments issued.

Signing in and the own password are in ``sessions``.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.ids import is_id, new_id
from webapp.core.prepared import ask
from webapp.core.problems import Problem
from webapp.core.spelling import spelt_login
from webapp.org import passwords, queries, second_factors, throttling
from webapp.org.devices import forget_browsers
from webapp.org.models import Device, EarlierName, Enrolment, Person, Role, Unit
from webapp.org.queries import sha256
from webapp.org.rules import ROLE_GRACE, Actor
from webapp.org.sessions import end_enrolments, end_sessions

CODE_LENGTH = 8


def add_person(session: Session, actor: Actor, now: datetime, form: dict) -> Person:
    """A new person with a first role, from a read ``PersonForm``; signs in after an enrolment or a reset."""
    login = spelt_login(form["login"])
    person = Person(id=new_id(), login=login, name=form["name"], created_at=now)
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:  # the name is unique in the database: two managers at once cannot both have it
        raise Problem("login-taken", {"login": "taken"}) from None
    _add_role(session, actor, person, form)
    return person


def rename(
    session: Session, actor: Actor, now: datetime, person_id: str, name: str, misspelt: bool = False
) -> None:
    """Another name from now on: records made before go on showing the name of their day.

    ``misspelt``: the present name was never right; nothing is kept of it.
    """
    person = _answered_for(session, actor, person_id, "keep-people")
    if name != person.name and not misspelt:
        row = EarlierName(id=new_id(), person_id=person.id, name=person.name, ended_by=actor.person_id)
        row.ended_at, row.ended_on = now, local_date(now)
        session.add(row)
    person.name = name
    session.flush()


_HELD = select(Device.held_records, Device.emptied_at, Device.synced_at).where(
    Device.id == bindparam("device")
)
_HEARD = update(Device.__table__).where(Device.__table__.c.id == bindparam("said_by"))


def last_empty(session: Session, device_id: str | None) -> datetime | None:
    """When the phone was last heard holding no record; None: never, or there is no phone."""
    device = ask(session, _HELD, device=device_id).one_or_none() if device_id else None
    if device is None:
        return None
    return device.emptied_at if device.held_records else device.synced_at


def heard(session: Session, device_id: str, values: dict) -> None:
    """Keep what the phone says of itself: ``values`` of its row, by column."""
    ask(session, _HEARD, said_by=device_id, **values)


def choose_language(session: Session, actor: Actor, code: str) -> None:
    """Answer this person in ``code`` (``zh`` or ``en``; the door has checked it) from now on, on every device."""
    if code != actor.language:
        session.execute(update(Person).where(Person.id == actor.person_id).values(language=code))


def give_role(session: Session, actor: Actor, person_id: str, form: dict) -> Role:
    """A dated role at a unit, from a read ``RoleForm``: at or below the own rank there, fit for the unit's level."""
    return _add_role(session, actor, queries.person_for(session, actor, person_id), form)


def end_role(session: Session, actor: Actor, person_id: str, role_id: str, last_day: date) -> Role:
    """Set a role's last day. A role that has not begun is taken back by ending it the day before it begins."""
    person = queries.person_for(session, actor, person_id)
    role = next((role for role in queries.roles_in_sight(actor, person) if role.id == role_id), None)
    if role is None:
        raise Problem("not-found")
    _must_keep(actor, person, role.role, role.unit)
    back = actor.today - ROLE_GRACE
    if role.last_day and role.last_day < back:  # long over: the past is not reopened
        raise Problem("invalid", {"last_day": "over"})
    if last_day < back or last_day < role.first_day - timedelta(days=1):
        raise Problem("invalid", {"last_day": "early"})
    _no_overlap(person, role.role, role.unit_code, role.first_day, last_day, but=role.id)
    role.last_day, role.ended_by = last_day, actor.person_id
    session.flush()
    return role


def reset_password(
    session: Session, actor: Actor, now: datetime, person_id: str, hashed: str, days: int
) -> Person:
    """A temporary password (already hashed) for a person, good for ``days``; ends all sessions and open enrolments, takes
    the second factor away, lifts every pause."""
    person = _answered_for(session, actor, person_id, "enrol")
    _must_be_active(person)
    set_temporary_password(session, now, person, hashed, days)
    return person


def set_temporary_password(session: Session, now: datetime, person: Person, hashed: str, days: int) -> None:
    """The same by nobody: whoever has the server's command line answers for it."""
    throttling.forget(session, person)  # first: who signs in meanwhile holds a counter, then the person
    person.password_hash, person.temporary = hashed, True
    person.temporary_until = now + timedelta(days=days)
    end_sessions(session, now, person.id)
    end_enrolments(session, now, person.id)
    second_factors.forget(session, person.id)


def deactivate(session: Session, actor: Actor, now: datetime, person_id: str) -> Person:
    """Bar a person from signing in; ends all sessions and open enrolments. Roles and records stay."""
    person = _answered_for(session, actor, person_id, "keep-people")
    person.active = False
    end_sessions(session, now, person.id)
    end_enrolments(session, now, person.id)
    return person


def reactivate(session: Session, actor: Actor, person_id: str) -> Person:
    """Let a person sign in again."""
    person = _answered_for(session, actor, person_id, "keep-people")
    person.active = True
    session.flush()
    return person


def revoke_device(session: Session, actor: Actor, now: datetime, device_id: str) -> Device:
    """End the session of an own device, or of a person's whom the actor may reset; its browser is known no more."""
    device = session.get(Device, device_id) if is_id(device_id) else None
    if device is None:
        raise Problem("not-found")
    if device.person_id != actor.person_id:
        _answered_for(session, actor, device.person_id, "enrol")
    device.revoked_at = device.revoked_at or now
    if device.browser_hash:
        forget_browsers(session, device.person_id, only=device.browser_hash)
    session.flush()
    return device


def _answered_for(session: Session, actor: Actor, person_id: str, action: str) -> Person:
    """The person, if the actor may do ``action`` where one of the roles is and answers for all of them."""
    person = queries.person_for(session, actor, person_id)
    allowed = any(actor.can(action, role.unit.path) for role in person.roles)
    if not allowed:
        raise Problem("forbidden")
    if person.id == actor.person_id:
        raise Problem("own-account")
    if not queries.answers_for(actor, person):
        raise Problem("above-own-role")
    return person


def _add_role(session: Session, actor: Actor, person: Person, form: dict) -> Role:
    unit = session.get(Unit, form["unit"])
    if unit is None or not actor.sees(unit.path):
        raise Problem("invalid", {"unit": "choice"})
    _must_keep(actor, person, form["role"], unit)
    first, last = form["first_day"], form["last_day"]
    if unit.closed_on and first > unit.closed_on:
        raise Problem("invalid", {"unit": "closed"})
    if first < actor.today - ROLE_GRACE or first < unit.opened_on:
        raise Problem("invalid", {"first_day": "early"})
    if last is not None and last < first:
        raise Problem("invalid", {"last_day": "before"})
    _no_overlap(person, form["role"], unit.code, first, last)
    role = Role(id=new_id(), person_id=person.id, unit_code=unit.code, role=form["role"], first_day=first)
    role.last_day, role.granted_by = last, actor.person_id
    session.add(role)
    session.flush()
    session.expire(person, ["roles"])
    return role


def _must_keep(actor: Actor, person: Person, role: str, unit: Unit) -> None:
    """Guards of giving and ending: never for oneself, at or below the own rank, the role fit for the unit."""
    if person.id == actor.person_id:
        raise Problem("own-account")
    if not actor.can("keep-people", unit.path):
        raise Problem("forbidden")
    if not actor.outranks(role, unit.path):
        raise Problem("above-own-role", {"role": "rank"})
    if not actor.may_give(role, unit.level, unit.path):
        raise Problem("invalid", {"role": "level"})


def _no_overlap(
    person: Person, role: str, unit_code: str, first: date, last: date | None, but: str | None = None
) -> None:
    for other in person.roles:
        same = other.role == role and other.unit_code == unit_code and other.id != but
        if same and other.first_day <= (last or date.max) and first <= (other.last_day or date.max):
            raise Problem("invalid", {"last_day" if but else "first_day": "overlap"})


def _must_be_active(person: Person) -> None:
    if not person.active:
        raise Problem("inactive")


@dataclass(frozen=True)
class Issued:
    """An enrolment's secrets, shown once."""

    person: Person
    token: str
    code: str
    expires_at: datetime


def issue_enrolment(session: Session, actor: Actor, now: datetime, person_id: str, hours: int) -> Issued:
    """A link and a code for one person, once, within ``hours``; earlier ones of that person end, and so does a pause."""
    person = _answered_for(session, actor, person_id, "enrol")
    _must_be_active(person)
    throttling.forget(session, person)
    end_enrolments(session, now, person.id)
    token, code = (
        secrets.token_urlsafe(24),
        "".join(secrets.choice(passwords.LETTERS) for _ in range(CODE_LENGTH)),
    )
    row = Enrolment(
        id=new_id(), person_id=person.id, issued_by=actor.person_id, expires_at=now + timedelta(hours=hours)
    )
    row.token_hash, row.code_hash = sha256(token), sha256(code)
    session.add(row)
    session.flush()
    return Issued(person, token, code, row.expires_at)
