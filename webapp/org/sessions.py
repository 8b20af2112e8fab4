"""Signing in and out: passwords compared and counted, enrolments used up, devices begun and ended.

Hashing a password takes tens of milliseconds, so it is done before the transaction opens: ``check_password`` reads
and compares, ``sign_in`` counts and writes.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.core.spelling import spelt_login
from webapp.org import passwords, queries, second_factors, throttling
from webapp.org.devices import forget_browsers, is_expired, is_known, is_recent
from webapp.org.models import Device, Enrolment, Person
from webapp.org.queries import sha256
from webapp.org.rules import Actor
from webapp.org.throttling import LoginLimit, Source, Tally, known_device, network
from webapp.org.user_agents import device_name


@dataclass(frozen=True)
class Attempt:
    """A password that was compared: ``person_id`` is None unless it was right and the person may sign in."""

    login: str
    person_id: str | None
    compared: str | None = None  # the hash it agreed with
    renewed: str | None = None  # the same password under today's parameters


@dataclass(frozen=True)
class Caller:
    """What the door knows of the browser that asks."""

    user_agent: str
    address: str | None  # IP
    browser: str | None = None  # the token by which it may be known
    # Of the session that its cookie carries: the same person keeps it, another's ends.
    device_id: str | None = None


@dataclass(frozen=True)
class SignIn:
    """A new session: its cookie carries ``<device_id>.<token>``; the tokens are kept nowhere else."""

    person: Person
    device_id: str
    token: str
    browser: str  # what the browser is known by from now on, signed out or not

    @property
    def cookie(self) -> str:
        """What the session cookie carries."""
        return f"{self.device_id}.{self.token}"


@dataclass(frozen=True)
class HalfWay:
    """The password was right, the code of the second factor is still missing. ``proof`` dies with the password."""

    person_id: str
    proof: str


def check_password(session: Session, login: str, password: str) -> Attempt:
    """Compare, reading only. Takes the same time whether or not anybody has the name."""
    person = queries.by_login(session, login)
    login = person.login if person else spelt_login(login)[:100]
    stored = person.password_hash if person else None
    if not passwords.matches(stored, password) or not person.active:
        return Attempt(login, None)
    return Attempt(login, person.id, stored, passwords.renewed(stored, password))


def sign_in(
    session: Session, now: datetime, attempt: Attempt, caller: Caller, limit: LoginLimit
) -> SignIn | HalfWay | Problem:
    """A session for an attempt that was right, or half of one; else ``bad-login``, ``locked-out`` or
    ``temporary-expired``, returned, not raised, so that the failure which was counted is committed."""
    tally = Tally(session, now, attempt.login, _source(session, attempt.login, caller))
    if paused := tally.paused():
        return paused
    if not _still_right(session, attempt):
        return tally.wrong(limit)
    person = session.get(Person, attempt.person_id)
    if attempt.renewed:
        person.password_hash = attempt.renewed
    if second_factors.of(session, person.id):
        # It forgets no failure: else each right password would buy new guesses.
        return HalfWay(person.id, _proof(person))
    tally.right()
    if is_expired(person, now):
        return Problem("temporary-expired")
    return _begin(session, now, person, caller)


def finish_sign_in(
    session: Session, now: datetime, half: HalfWay, typed: str, key: str, caller: Caller, limit: LoginLimit
) -> SignIn | Problem:
    """The session of who was half way, for a code of the second factor or a recovery code; ``key``: the server's.

    Problems like ``sign_in``'s, ``bad-second-code`` for a wrong code; ``sign-in`` where the way has to be begun anew.
    """
    person = session.get(Person, half.person_id)
    if person is None:
        return Problem("sign-in")
    tally = Tally(session, now, person.login, _source(session, person.login, caller))
    if paused := tally.paused():
        return paused
    person = session.get(Person, half.person_id, with_for_update=True, populate_existing=True)
    if not person.active or not hmac.compare_digest(_proof(person), half.proof):
        return Problem("sign-in")
    if not second_factors.accepts(session, now, person.id, key, typed):
        return tally.wrong(limit, "bad-second-code")
    tally.right()
    if is_expired(person, now):
        return Problem("temporary-expired")
    return _begin(session, now, person, caller)


def _proof(person: Person) -> str:
    return sha256(f"{person.id} {person.password_hash}")


def _source(session: Session, login: str, caller: Caller) -> Source:
    """Where the attempt comes from; asked alike whether or not anybody has the name."""
    person_id = session.scalar(select(Person.id).where(Person.login == login))
    browser = sha256(caller.browser) if caller.browser else None
    return known_device(browser) if is_known(session, person_id, browser) else network(caller.address)


def sign_out(session: Session, now: datetime, device_id: str | None) -> None:
    """End the session of this device; what it holds stays on it and in the list, and its browser stays known."""
    device = session.get(Device, device_id) if device_id else None
    if device and device.revoked_at is None:
        device.revoked_at = now
        session.flush()


def _still_right(session: Session, attempt: Attempt) -> bool:
    """Whether the password was right and nothing changed between the comparison and the lock."""
    if attempt.person_id is None:
        return False
    person = session.get(Person, attempt.person_id, with_for_update=True, populate_existing=True)
    return person.active and person.password_hash == attempt.compared


def _begin(session: Session, now: datetime, person: Person, caller: Caller) -> SignIn:
    """The one place where a session begins."""
    token = secrets.token_urlsafe(32)
    device = session.get(Device, caller.device_id) if caller.device_id else None
    if device and (device.person_id != person.id or device.revoked_at):
        device.revoked_at = device.revoked_at or now
        device = None
    if device is None:
        device = Device(id=new_id(), person_id=person.id, created_at=now)
        session.add(device)
    device.token_hash, device.name, device.seen_at = sha256(token), device_name(caller.user_agent), now
    device.proved_at = now
    browser = _browser(session, caller)
    device.browser_hash = sha256(browser)
    session.flush()
    return SignIn(person, device.id, token, browser)


def _browser(session: Session, caller: Caller) -> str:
    """The token that the browser shows, if it is one of ours: several people may share a computer; else a new one."""
    if caller.browser:
        ours = select(Device.id).where(Device.browser_hash == sha256(caller.browser)).limit(1)
        if session.scalar(ours):
            return caller.browser
    return secrets.token_urlsafe(32)


def prove(
    session: Session, actor: Actor, now: datetime, attempt: Attempt, limit: LoginLimit
) -> Problem | None:
    """Note that the signed-in person has entered the password again; a Problem where it was wrong, like ``sign_in``."""
    tally = Tally(session, now, actor.login, known_device(actor.device_id))
    if paused := tally.paused():
        return paused
    if attempt.person_id != actor.person_id or not _still_right(session, attempt):
        return tally.wrong(limit)
    tally.right()
    session.get(Device, actor.device_id).proved_at = now
    session.flush()
    return None


def change_password(
    session: Session,
    actor: Actor,
    now: datetime,
    attempt: Attempt,
    hashed: str,
    limit: LoginLimit,
    recent: timedelta,
) -> Problem | None:
    """Set the own password (already hashed) after ``check_password`` of the present one; ends all other sessions and
    every open enrolment.

    Returns a Problem where the present one was wrong, like ``sign_in``. Who enrolled without a password has none yet
    and sets the first within ``recent`` of the enrolment, later not: problem ``no-password``.
    """
    has_one = session.scalar(select(Person.password_hash).where(Person.id == actor.person_id)) is not None
    if has_one:
        if refused := prove(session, actor, now, attempt, limit):
            return refused
    elif not is_recent(session, actor.device_id, now, recent):
        return Problem("no-password")
    person = session.get(Person, actor.person_id, with_for_update=True, populate_existing=True)
    if not has_one and person.password_hash is not None:  # two forms at once
        return Problem("bad-login")
    person.password_hash, person.temporary, person.temporary_until = hashed, False, None
    end_sessions(session, now, person.id, keep=actor.device_id)
    end_enrolments(session, now, person.id)
    return None


def consume_enrolment(
    session: Session, now: datetime, secret: str, column: str, hashed: str | None, caller: Caller
) -> SignIn:
    """Use an enrolment up and sign its person in on this device; sets the password if a hash is given, and takes the
    second factor away: whoever issued it answers for who gets it."""
    row = queries.enrolment_by(session, now, secret, column)
    used = update(Enrolment).where(Enrolment.id == row.id, Enrolment.used_at.is_(None))
    used = used.where(Enrolment.expires_at > now)  # voided meanwhile
    if session.execute(used.values(used_at=now)).rowcount != 1:  # two taps at once: one of them wins
        raise Problem("bad-code")
    person = session.get(Person, row.person_id)
    if not person.active:
        raise Problem("bad-code")
    throttling.forget(session, person)
    if hashed or person.temporary:  # nobody keeps a temporary password on the way
        person.password_hash, person.temporary, person.temporary_until = hashed, False, None
        end_enrolments(session, now, person.id)
    second_factors.forget(session, person.id)
    return _begin(session, now, person, caller)


def end_sessions(session: Session, now: datetime, person_id: str, keep: str | None = None) -> None:
    """Sign the person out everywhere but on the device ``keep``; the other browsers are known no more."""
    query = update(Device).where(Device.person_id == person_id, Device.revoked_at.is_(None))
    if keep:
        query = query.where(Device.id != keep)
    session.execute(query.values(revoked_at=now))
    forget_browsers(session, person_id, keep)
    session.flush()


def end_enrolments(session: Session, now: datetime, person_id: str) -> None:
    """Void the person's enrolments that are still open."""
    query = update(Enrolment).where(Enrolment.person_id == person_id, Enrolment.used_at.is_(None))
    session.execute(query.where(Enrolment.expires_at > now).values(expires_at=now))
