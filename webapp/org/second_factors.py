"""The second factor: codes of six digits that change every half minute [TOTP, RFC 6238], and recovery codes.

The secret stands in no table, no copy and no log: it is made each time of a random salt, the person and the server's key.
Who holds the database alone cannot make a code; who loses the key loses all second factors, recovery codes excepted.
"""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.core.spelling import spelt_code
from webapp.org.models import RecoveryCode, SecondFactor, Unit
from webapp.org.passwords import LETTERS
from webapp.org.queries import sha256
from webapp.org.rules import OFFICE_ROLES, Actor

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be off
RECOVERY_CODES, CODE_LENGTH = 10, 10  # 49 bits each
ISSUER = "投查 Toucha"


def new_salt() -> str:
    """What a new secret is made of."""
    return secrets.token_hex(16)


def secret_of(key: str, person_id: str, salt: str) -> str:
    """The secret, in base32 as authenticator apps read it: 160 bits."""
    digest = hmac.digest(key.encode(), f"second factor {person_id} {salt}".encode(), "sha256")
    return b32encode(digest[:20]).decode()


def uri_of(secret: str, login: str) -> str:
    """What the QR code says to an authenticator app."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=ISSUER)


def of(session: Session, person_id: str) -> SecondFactor | None:
    """The person's second factor, if one was set up."""
    return session.get(SecondFactor, person_id)


def codes_left(session: Session, person_id: str) -> int:
    """How many recovery codes the person has not used."""
    query = select(func.count()).select_from(RecoveryCode)
    return session.scalar(query.where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)))


def may_have(actor: Actor) -> bool:
    """County managers and above may set one up."""
    return any(grant.role in OFFICE_ROLES for grant in actor.current)


def is_required(session: Session, actor: Actor) -> bool:
    """Whether the unit of such a role of the actor's, or one above it, asks for it."""
    held = [grant.path for grant in actor.current if grant.role in OFFICE_ROLES]
    above = {code for path in held for code in path.strip("/").split("/")}
    query = select(Unit.code).where(Unit.code.in_(above), Unit.second_factor)
    return bool(above) and session.scalar(query.limit(1)) is not None


def is_missing(session: Session, actor: Actor) -> bool:
    """Whether the actor has to set one up before anything else."""
    return is_required(session, actor) and of(session, actor.person_id) is None


def set_up(session: Session, actor: Actor, now: datetime, key: str, salt: str, typed: str) -> list[str]:
    """Begin with the secret of ``salt``, shown by a code of it, instead of an earlier one; the recovery codes.

    Problems ``forbidden``, ``bad-second-code``.
    """
    if not may_have(actor):
        raise Problem("forbidden")
    step = _step_of(secret_of(key, actor.person_id, salt), now, typed, after=-1)
    if step is None:
        raise Problem("bad-second-code")
    forget(session, actor.person_id)
    session.add(SecondFactor(person_id=actor.person_id, salt=salt, last_step=step, set_up_at=now))
    session.flush()
    return renew_codes(session, actor)


def renew_codes(session: Session, actor: Actor) -> list[str]:
    """New recovery codes instead of all earlier ones: shown once, kept as hashes."""
    if of(session, actor.person_id) is None:
        raise Problem("not-found")
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == actor.person_id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=sha256(code), person_id=actor.person_id) for code in codes)
    session.flush()
    return codes


def take_off(session: Session, actor: Actor) -> None:
    """Do without it from now on; problem ``second-factor-required`` where a unit asks for it."""
    if is_required(session, actor):
        raise Problem("second-factor-required")
    forget(session, actor.person_id)


def forget(session: Session, person_id: str) -> None:
    """Take it away, recovery codes included."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))


def accepts(session: Session, now: datetime, person_id: str, key: str, typed: str) -> bool:
    """Whether ``typed`` is a code of now that was not used yet, or an unused recovery code; uses it up."""
    row = session.get(SecondFactor, person_id, with_for_update=True, populate_existing=True)
    if row is None:
        return False
    step = _step_of(secret_of(key, person_id, row.salt), now, typed, after=row.last_step)
    if step is not None:
        row.last_step = step
        session.flush()
        return True
    used = update(RecoveryCode).where(RecoveryCode.code_hash == sha256(spelt_code(typed)))
    used = used.where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.execute(used.values(used_at=now)).rowcount == 1


def _step_of(secret: str, now: datetime, typed: str, after: int) -> int | None:
    """The time step later than ``after`` whose code ``typed`` is, at most ``DRIFT`` from now [RFC 6238, 5.2]."""
    totp, code = pyotp.TOTP(secret, interval=STEP), spelt_code(typed).encode()
    present = int(now.timestamp()) // STEP
    near = (present + drift for drift in range(-DRIFT, DRIFT + 1))
    fits = [step for step in near if hmac.compare_digest(totp.generate_otp(step).encode(), code)]
    return next((step for step in fits if step > after), None)


def require(session: Session, unit: Unit, required: bool) -> None:
    """Ask for it, or not, of whoever holds a role of county and above in the unit or below."""
    unit.second_factor = required
    session.flush()
