"""Notices and the queue as values, read only."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.notices.models import (
    CalendarFeed,
    GroupRobot,
    Notice,
    NoticeChoice,
    NoticeDelivery,
)
from webapp.notices.sorts import sentence
from webapp.org.models import Person, Role, Unit
from webapp.org.names import shown_name
from webapp.org.queries import sha256, within
from webapp.org.rules import ACTIONS, Actor

ON_PHONE, DAYS_ON_PHONE = 50, timedelta(days=30)
SHOWN = ("unseen", "grave", "all")


def unseen(session: Session, person_id: str) -> int:
    """How many notices the person has not seen."""
    query = select(func.count()).select_from(Notice)
    return session.scalar(query.where(Notice.person_id == person_id, Notice.seen_at.is_(None)))


def inbox(session: Session, person_id: str, shown: str, page: int, size: int) -> tuple[list[Notice], bool]:
    """One page of the person's notices, the latest first, and whether another follows. ``shown``: one of ``SHOWN``."""
    query = select(Notice).where(Notice.person_id == person_id)
    if shown == "unseen":
        query = query.where(Notice.seen_at.is_(None))
    elif shown == "grave":
        query = query.where(Notice.grave)
    query = query.order_by(Notice.created_at.desc(), Notice.id.desc())
    found = list(session.scalars(query.offset((page - 1) * size).limit(size + 1)))
    return found[:size], len(found) > size


def on_phone(session: Session, person_id: str, now: datetime) -> tuple[str, list[dict]]:
    """What a phone shows of the last 30 days, the latest first, and a mark that differs where that differs."""
    query = select(Notice).where(Notice.person_id == person_id, Notice.created_at > now - DAYS_ON_PHONE)
    rows = [_row(one) for one in session.scalars(query.order_by(Notice.id.desc()).limit(ON_PHONE))]
    told = "".join(f"{row['id']}{row['seen']:d}" for row in rows)
    return hashlib.sha256(told.encode()).hexdigest()[:12] if rows else "", rows


def _row(notice: Notice) -> dict:
    return {
        "id": notice.id,
        "code": notice.code,
        "zh": sentence(notice.code, notice.values, "zh"),
        "en": sentence(notice.code, notice.values, "en"),
        "grave": notice.grave,
        "at": notice.created_at.isoformat(),
        "seen": notice.seen_at is not None,
        "address": notice.phone_address or notice.address,
    }


def choice_of(session: Session, person_id: str) -> NoticeChoice:
    """The person's choices; the defaults, not stored, where nothing was chosen."""
    row = session.get(NoticeChoice, person_id)
    return row or NoticeChoice(
        person_id=person_id, hour=8, quiet=False, channels=[], mail_tries=0, mail_asked=0
    )


def robots_of(session: Session, unit_code: str) -> list[GroupRobot]:
    """The unit's group robots."""
    query = select(GroupRobot).where(GroupRobot.unit_code == unit_code, GroupRobot.removed_at.is_(None))
    return list(session.scalars(query.order_by(GroupRobot.id)))


def feed_of(session: Session, person_id: str) -> CalendarFeed | None:
    """The person's calendar feed, if there is one that is not revoked."""
    query = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return session.scalars(query.order_by(CalendarFeed.made_at.desc())).first()


def feed_by(session: Session, token: str) -> tuple[CalendarFeed, Person] | None:
    """The feed behind a secret address and whose it is; None for one that is revoked, or whose person may not sign in."""
    query = select(CalendarFeed, Person).join(Person, Person.id == CalendarFeed.person_id)
    query = query.where(CalendarFeed.token_hash == sha256(token), CalendarFeed.revoked_at.is_(None))
    row = session.execute(query.where(Person.active)).one_or_none()
    return (row[0], row[1]) if row else None


@dataclass(frozen=True)
class Queued:
    """A line of the queue's page: the delivery, and to whom: a person's name, or a group's with its unit."""

    delivery: NoticeDelivery
    person: str | None
    group: str | None
    unit: str | None


def queue_of(session: Session, actor: Actor, state: str, page: int, size: int) -> tuple[list[Queued], bool]:
    """One page of what was, or waits to be, sent to groups and people of the actor's units; whether another follows.

    ``state``: one of the states, or empty: all. Of a mail only that there is one: never its address or its text.
    """
    query = _in_sight(session, actor)
    if state:
        query = query.where(NoticeDelivery.state == state)
    query = query.order_by(NoticeDelivery.created_at.desc(), NoticeDelivery.id.desc())
    rows = [Queued(*row) for row in session.execute(query.offset((page - 1) * size).limit(size + 1))]
    return rows[:size], len(rows) > size


def delivery_for(session: Session, actor: Actor, delivery_id: str) -> NoticeDelivery | None:
    """The delivery, if the actor keeps the robots of its unit, or those of its person's."""
    row = session.execute(_in_sight(session, actor).where(NoticeDelivery.id == delivery_id)).one_or_none()
    return row[0] if row else None


def _in_sight(session: Session, actor: Actor):
    reach = actor.reach("keep-robots")
    units = select(Unit.code).where(within(reach))
    day = actor.today
    held = select(Role.person_id).where(Role.unit_code.in_(units), Role.first_day <= day)
    held = held.where(or_(Role.last_day.is_(None), Role.last_day >= day))
    return (
        select(NoticeDelivery, shown_name(), GroupRobot.name, Unit.name)
        .outerjoin(Person, Person.id == NoticeDelivery.person_id)
        .outerjoin(GroupRobot, GroupRobot.id == NoticeDelivery.robot_id)
        .outerjoin(Unit, Unit.code == GroupRobot.unit_code)
        .where(or_(GroupRobot.unit_code.in_(units), NoticeDelivery.person_id.in_(held)))
    )


def keepers_of(session: Session, unit_code: str, now_day) -> list[str]:
    """Ids of those who keep the channels of a unit today: at the nearest unit, from it upwards, where there is anybody."""
    path = session.scalar(select(Unit.path).where(Unit.code == unit_code)) or ""
    for code in reversed([one for one in path.split("/") if one]):
        query = select(Role.person_id).join(Person, Person.id == Role.person_id)
        query = query.where(Role.unit_code == code, Role.role.in_(ACTIONS["keep-robots"]), Person.active)
        query = query.where(Role.first_day <= now_day)
        query = query.where(or_(Role.last_day.is_(None), Role.last_day >= now_day))
        if found := sorted(set(session.scalars(query))):
            return found
    return []
