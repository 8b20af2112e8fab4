"""Signing in and out: passwords compared and counted, enrolments used up, devices begun and ended.

Hashing a password takes tens of milliseconds, so it is done before the transaction opens: ``check_password`` reads
and compares, ``sign_in`` counts and writes.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.core.spelling import spelt_login
from webapp.org import passwords, queries
from webapp.org.models import Device, Enrolment, LoginFailure, Person
from webapp.org.queries import sha256
from webapp.org.rules import Actor
from webapp.org.user_agents import device_name

FORGET_FAILURES = timedelta(days=1)


@dataclass(frozen=True)
class LoginLimit:
    """How many wrong passwords in a row pause a login name, and for how many minutes."""

    failures: int
    minutes: int


@dataclass(frozen=True)
class Attempt:
    """A password that was compared: ``person_id`` is None unless it was right and the person may sign in."""

    login: str
    person_id: str | None
    compared: str | None = None  # the hash it agreed with
    renewed: str | None = None  # the same password under today's parameters


@dataclass(frozen=True)
class SignIn:
    """A new session: its cookie carries ``<device_id>.<token>``; the token is kept nowhere else."""

    person: Person
    device_id: str
    token: str

    @property
    def cookie(self) -> str:
        """What the session cookie carries."""
        return f"{self.device_id}.{self.token}"


def check_password(session: Session, login: str, password: str) -> Attempt:
    """Compare, reading only. Takes the same time whether or not anybody has the name."""
    person = queries.by_login(session, login)
    login = person.login if person else spelt_login(login)[:100]
    stored = person.password_hash if person else None
    if not passwords.matches(stored, password) or not person.active:
        return Attempt(login, None)
    return Attempt(login, person.id, stored, passwords.renewed(stored, password))


def sign_in(
    session: Session,
    now: datetime,
    attempt: Attempt,
    user_agent: str,
    limit: LoginLimit,
    before: str | None = None,
) -> SignIn | Problem:
    """A session for an attempt that was right; else ``bad-login`` or ``locked-out``, returned, not raised, so that
    the failure which was counted is committed.

    ``before`` is the id of the device that the browser's cookie names: the same person keeps it, another's ends.
    """
    refused = _count(session, now, attempt, limit)
    if refused:
        return refused
    person = session.get(Person, attempt.person_id)
    if attempt.renewed:
        person.password_hash = attempt.renewed
    return _begin(session, now, person, user_agent, before)


def sign_out(session: Session, now: datetime, device_id: str | None) -> None:
    """End the session of this device; what it holds stays on it and in the list."""
    device = session.get(Device, device_id) if device_id else None
    if device and device.revoked_at is None:
        device.revoked_at = now
        session.flush()


def _count(session: Session, now: datetime, attempt: Attempt, limit: LoginLimit) -> Problem | None:
    """Count a failure or forget the earlier ones; whoever guesses in parallel is stopped here, under the lock."""
    row = _failures(session, now, attempt.login)
    if row.paused_until and row.paused_until > now:
        return _locked(row.paused_until - now)
    right = attempt.person_id and _still_right(session, attempt)
    row.failures = 0 if right else row.failures + 1
    row.last_at, row.paused_until = now, None
    if row.failures >= limit.failures:
        row.failures, row.paused_until = 0, now + timedelta(minutes=limit.minutes)
    session.flush()
    if row.paused_until:
        return _locked(row.paused_until - now)
    return None if right else Problem("bad-login")


def _locked(left: timedelta) -> Problem:
    return Problem("locked-out", minutes=max(1, -(-int(left.total_seconds()) // 60)))


def _still_right(session: Session, attempt: Attempt) -> bool:
    """Whether nothing changed between the comparison and the lock."""
    person = session.get(Person, attempt.person_id, with_for_update=True, populate_existing=True)
    return person.active and person.password_hash == attempt.compared


def _failures(session: Session, now: datetime, login: str) -> LoginFailure:
    """The name's counter, locked; made if it is not there. Old ones are swept on the way."""
    session.execute(delete(LoginFailure).where(LoginFailure.last_at < now - FORGET_FAILURES))
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {"name_hash": sha256(login), "failures": 0, "last_at": now}
    session.execute(dialect.insert(LoginFailure).values(values).on_conflict_do_nothing())
    return session.get(LoginFailure, sha256(login), with_for_update=True, populate_existing=True)


def _begin(session: Session, now: datetime, person: Person, user_agent: str, before: str | None) -> SignIn:
    token = secrets.token_urlsafe(32)
    device = session.get(Device, before) if before else None
    if device and (device.person_id != person.id or device.revoked_at):
        device.revoked_at = device.revoked_at or now
        device = None
    if device is None:
        device = Device(id=new_id(), person_id=person.id, created_at=now)
        session.add(device)
    device.token_hash, device.name, device.seen_at = sha256(token), device_name(user_agent), now
    session.flush()
    return SignIn(person, device.id, token)


def change_password(
    session: Session, actor: Actor, now: datetime, attempt: Attempt, hashed: str, limit: LoginLimit
) -> Problem | None:
    """Set the own password (already hashed) after ``check_password`` of the present one; ends all other sessions.

    Returns a Problem where the present one was wrong, like ``sign_in``. Who enrolled without a password has none yet
    and sets the first.
    """
    person = session.get(Person, actor.person_id, with_for_update=True, populate_existing=True)
    if person.password_hash is not None:
        refused = _count(session, now, attempt, limit)
        if refused or attempt.person_id != person.id:
            return refused or Problem("bad-login")
    person.password_hash, person.temporary = hashed, False
    end_sessions(session, now, person.id, keep=actor.device_id)
    return None


def consume_enrolment(
    session: Session,
    now: datetime,
    secret: str,
    column: str,
    user_agent: str,
    hashed: str | None,
    before: str | None,
) -> SignIn:
    """Use an enrolment up and sign its person in on this device; sets the password if a hash is given."""
    row = queries.enrolment_by(session, now, secret, column)
    used = update(Enrolment).where(Enrolment.id == row.id, Enrolment.used_at.is_(None)).values(used_at=now)
    if session.execute(used).rowcount != 1:  # two taps at once: one of them wins
        raise Problem("bad-code")
    person = session.get(Person, row.person_id)
    if not person.active:
        raise Problem("bad-code")
    if hashed or person.temporary:  # nobody keeps a temporary password on the way
        person.password_hash, person.temporary = hashed, False
    forget_failures(session, person)
    return _begin(session, now, person, user_agent, before)


def end_sessions(session: Session, now: datetime, person_id: str, keep: str | None = None) -> None:
    """Sign the person out everywhere but on the device ``keep``."""
    query = update(Device).where(Device.person_id == person_id, Device.revoked_at.is_(None))
    if keep:
        query = query.where(Device.id != keep)
    session.execute(query.values(revoked_at=now))
    session.flush()


def end_enrolments(session: Session, now: datetime, person_id: str) -> None:
    """Void the person's enrolments that are still open."""
    query = update(Enrolment).where(Enrolment.person_id == person_id, Enrolment.used_at.is_(None))
    session.execute(query.where(Enrolment.expires_at > now).values(expires_at=now))


def forget_failures(session: Session, person: Person) -> None:
    """Lift a pause."""
    session.execute(delete(LoginFailure).where(LoginFailure.name_hash == sha256(person.login)))
