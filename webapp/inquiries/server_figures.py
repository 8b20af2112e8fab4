"""How a county stands, in numbers for whoever runs its servers: nobody's name, no unit's."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.journal.models import JournalCheck, JournalHead
from webapp.ledger.queries import SILENT
from webapp.notices.models import GIVEN_UP, WAITING, NoticeDelivery
from webapp.org.models import Device
from webapp.photos.models import Photo

SENTENCES = {
    "journal_entries": "Rows of all journals: facts, and what else was recorded.",
    "photos": "Photos and voice notes that are kept.",
    "notices_waiting": "Messages that wait to be sent.",
    "notices_given_up": "Messages of the last 180 days that could not be sent.",
    "check_faults": "What the last `flask check` found that is not as it was recorded.",
    "check_age_seconds": "Seconds since the last `flask check`.",
    "phones": "Phones that are signed in and have sent something.",
    "phones_silent": "Of these, those not heard from for three days.",
    "phones_held_records": "Records that phones said they still hold.",
    "phones_other_past": "Phones that saw another past than the journals of today.",
}


def sums(session: Session) -> dict[str, int]:
    """What takes a look at everything."""
    photos = select(func.count()).select_from(Photo).where(Photo.purged_at.is_(None))
    entries = select(func.coalesce(func.sum(JournalHead.seq), 0))
    return {"journal_entries": session.scalar(entries), "photos": session.scalar(photos)}


def of_now(session: Session, now: datetime) -> dict[str, float | None]:
    """What changes from minute to minute; None for what has never been."""
    return {**_notices(session), **_check(session, now), **_phones(session, now)}


def _notices(session: Session) -> dict[str, int]:
    by_state = dict(
        session.execute(select(NoticeDelivery.state, func.count()).group_by(NoticeDelivery.state)).all()
    )
    return {"notices_waiting": by_state.get(WAITING, 0), "notices_given_up": by_state.get(GIVEN_UP, 0)}


def _check(session: Session, now: datetime) -> dict[str, float | None]:
    query = select(JournalCheck.ended_at, JournalCheck.faults).where(JournalCheck.ended_at <= now)
    checked = session.execute(query.order_by(JournalCheck.ended_at.desc()).limit(1)).one_or_none()
    return {
        "check_faults": checked.faults if checked else None,
        "check_age_seconds": (now - checked.ended_at).total_seconds() if checked else None,
    }


def _phones(session: Session, now: datetime) -> dict[str, int]:
    signed_in = (Device.revoked_at.is_(None), Device.synced_at.is_not(None))
    silent = func.count().filter(Device.synced_at < now - SILENT)
    held, differing = func.coalesce(func.sum(Device.held_records), 0), func.count(Device.head_mismatch)
    every, silent, held, differing = session.execute(
        select(func.count(), silent, held, differing).where(*signed_in)
    ).one()
    return {
        "phones": every,
        "phones_silent": silent,
        "phones_held_records": held,
        "phones_other_past": differing,
    }
