"""How a person wants to be told: the hour of the digest, the proven mail address, the calendar feed."""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.core.database import insert_missing
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.notices.channels.mail.addresses import is_address
from webapp.notices.codes import code_of
from webapp.notices.models import MORNING, CalendarFeed, Notice, NoticeChoice, NoticeDelivery
from webapp.notices.queue import enqueue
from webapp.org.queries import sha256

MAIL = "mail"
A_DAY = timedelta(days=1)
CODES_A_DAY, TRIES = 5, 8  # to one person; of one code


def choose(session: Session, person_id: str, hour: int, quiet: bool) -> None:
    """At which hour of the local day the digest is made (0 to 23), and whether there is none at all."""
    choice = _choice(session, person_id)
    choice.hour, choice.quiet = hour, quiet
    session.flush()


def _choice(session: Session, person_id: str) -> NoticeChoice:
    """The person's row, made if there is none, and locked: of two requests at once one waits."""
    insert_missing(
        session,
        NoticeChoice,
        [
            {
                "person_id": person_id,
                "hour": MORNING,
                "quiet": False,
                "channels": [],
                "mail_asked": 0,
                "mail_tries": 0,
            }
        ],
    )
    return _locked(session, person_id)


def _locked(session: Session, person_id: str) -> NoticeChoice | None:
    return session.get(NoticeChoice, person_id, with_for_update=True, populate_existing=True)


def enter_mail(session: Session, person_id: str, address: str, now: datetime) -> None:
    """Another address, to which a code is sent now and nothing else before that code was typed.

    Problems: ``invalid`` with ``mail_address``; ``too-many-requests`` after five codes in a day.
    """
    if not is_address(address):
        raise Problem("invalid", {"mail_address": "mail" if address else "empty"})
    choice = _choice(session, person_id)
    if choice.mail_asked_at is None or choice.mail_asked_at <= now - A_DAY:
        choice.mail_asked = 0
    if choice.mail_asked >= CODES_A_DAY:
        raise Problem("too-many-requests")
    _take_off(session, choice)
    choice.mail_address, choice.mail_salt = address, secrets.token_hex(16)
    choice.mail_asked_at, choice.mail_asked, choice.mail_tries = now, choice.mail_asked + 1, 0
    enqueue(session, MAIL, "proof", f"proof:{choice.mail_salt}", {}, now, person=person_id)


def prove_mail(session: Session, key: str, person_id: str, code: str, now: datetime) -> Problem | None:
    """Take the address for proven if the code is right; else the problem ``invalid`` with ``code``, which is counted.

    What was told before stays in the inbox: the first digest begins with what comes from now on.
    """
    choice = _locked(session, person_id)
    if choice is None:
        return Problem("invalid", {"code": "code"})
    late = choice.mail_asked_at is None or choice.mail_asked_at <= now - A_DAY
    if choice.mail_salt is None or late or choice.mail_tries >= TRIES:
        return Problem("invalid", {"code": "code"})
    typed = "".join(filter(str.isdecimal, code))
    if not hmac.compare_digest(typed.encode(), code_of(key, choice).encode()):
        choice.mail_tries += 1
        session.flush()
        return Problem("invalid", {"code": "code"})
    choice.mail_verified_at, choice.mail_salt = now, None
    choice.channels = sorted({*choice.channels, MAIL})
    past = update(Notice).where(Notice.person_id == person_id, Notice.told_at.is_(None))
    session.execute(past.values(told_at=now))
    session.flush()
    return None


def remove_mail(session: Session, person_id: str) -> None:
    """Forget the address: from now on nothing is mailed."""
    choice = _locked(session, person_id)
    if choice is not None:
        _take_off(session, choice)
        choice.mail_address = choice.mail_salt = None
        session.flush()


def _take_off(session: Session, choice: NoticeChoice) -> None:
    """What waits for the address that was goes nowhere any more."""
    choice.mail_verified_at = None
    choice.channels = [one for one in choice.channels if one != MAIL]
    waiting = update(NoticeDelivery).where(
        NoticeDelivery.person_id == choice.person_id,
        NoticeDelivery.channel == MAIL,
        NoticeDelivery.state.in_(("waiting", "failed")),
    )
    session.execute(waiting.values(state="given-up", last_error="recipient"))


def make_feed(session: Session, person_id: str, now: datetime) -> str:
    """A new secret address for the calendar, told once; the one before stops working."""
    revoke_feed(session, person_id, now)
    token = secrets.token_urlsafe(32)
    session.add(CalendarFeed(id=new_id(), person_id=person_id, token_hash=sha256(token), made_at=now))
    session.flush()
    return token


def revoke_feed(session: Session, person_id: str, now: datetime) -> bool:
    """The calendar's address opens nothing any more; whether there was one."""
    rows = update(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return session.execute(rows.values(revoked_at=now)).rowcount > 0
