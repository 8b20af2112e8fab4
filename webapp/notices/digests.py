"""What leaves the inbox, and when: once a day at the person's hour what is new, at once what is grave; groups alike."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.ids import new_id
from webapp.notices.channels.registry import PERSONAL
from webapp.notices.models import (
    FAILED,
    WAITING,
    GroupMatter,
    GroupRobot,
    Notice,
    NoticeChoice,
    NoticeDelivery,
)
from webapp.notices.queue import enqueue
from webapp.notices.rules import is_due
from webapp.org.models import Person


def compose_digests(session: Session, now: datetime, channels: Collection[str]) -> int:
    """Queue what is due by the channels that are on; how many new messages. Again at once it queues nothing.

    What a person has seen meanwhile is not sent, and what was sent as grave does not come again with the digest.
    """
    return _to_people(session, now, channels) + _to_groups(session, now, channels)


def _to_people(session: Session, now: datetime, on: Collection[str]) -> int:
    query = select(NoticeChoice).join(Person, Person.id == NoticeChoice.person_id)
    query = query.where(Person.active, NoticeChoice.mail_verified_at.is_not(None))
    choices = {one.person_id: one for one in session.scalars(query)}
    count = 0
    for person, notices in _untold(session, choices).items():
        choice = choices[person]
        ways = [channel for channel in PERSONAL if channel in choice.channels and channel in on]
        grave = [one for one in notices if one.grave]
        others = [one for one in notices if not one.grave]
        if ways and grave:
            count += _queue(session, ways, "grave", f"grave:{grave[0].id}", grave, now)
        if others and choice.quiet:  # never to be sent, not even when the person chooses otherwise later
            _take_over(session, others, now)
        elif ways and others and is_due(choice.hour, now):
            count += _queue(session, ways, "digest", f"digest:{person}:{local_date(now)}", others, now)
    return count


def _untold(session: Session, people: Collection[str]) -> dict[str, list[Notice]]:
    """What no channel has taken over and nobody has seen; another worker's are left to it."""
    reached = select(NoticeChoice.person_id).where(NoticeChoice.mail_verified_at.is_not(None))
    query = select(Notice).where(Notice.told_at.is_(None), Notice.seen_at.is_(None))
    query = (
        query.where(Notice.person_id.in_(reached))
        .order_by(Notice.created_at, Notice.id)
        .with_for_update(skip_locked=True)
    )
    found: dict[str, list[Notice]] = {}
    for notice in session.scalars(query) if people else ():
        if notice.person_id in people:
            found.setdefault(notice.person_id, []).append(notice)
    return found


def _queue(session: Session, ways, sort: str, key: str, notices: list[Notice], now: datetime) -> int:
    params = {"notices": [one.id for one in notices]}
    person = notices[0].person_id
    new = sum(enqueue(session, way, sort, f"{key}:{way}", params, now, person=person) for way in ways)
    if new:  # else this day's digest was made before: the rest waits for the next
        _take_over(session, notices, now)
    return new


def _take_over(session: Session, notices: list[Notice], now: datetime) -> None:
    ids = [one.id for one in notices]
    session.execute(update(Notice).where(Notice.id.in_(ids)).values(told_at=now))


def _to_groups(session: Session, now: datetime, on: Collection[str]) -> int:
    waiting = select(GroupMatter.robot_id).distinct()
    query = select(GroupRobot).where(GroupRobot.removed_at.is_(None), GroupRobot.id.in_(waiting))
    query = query.where(GroupRobot.channel.in_(list(on))).order_by(GroupRobot.id)
    robots = session.scalars(query.with_for_update(skip_locked=True)).all()
    return sum(_to_group(session, robot, now) for robot in robots)


def _to_group(session: Session, robot: GroupRobot, now: datetime) -> int:
    """One text for all that waits for the group; where one has not gone out yet, that one says more."""
    matters = list(session.scalars(select(GroupMatter).where(GroupMatter.robot_id == robot.id)))
    grave = sum(one.grave for one in matters)
    if not matters or not (grave or is_due(robot.hour, now)):
        return 0
    counts = Counter(one.unit_code for one in matters)
    if (unsent := _unsent(session, robot.id)) is not None:
        row = session.get(
            NoticeDelivery, unsent, populate_existing=True, with_for_update={"skip_locked": True}
        )
        if row is None or row.claim is not None or row.state not in (WAITING, FAILED):
            return 0  # it is being sent, or just was: what waits goes with the next
        counts += Counter(row.params["counts"])
        row.params = {"counts": dict(counts), "grave": row.params["grave"] + grave}
        new = 0
    else:
        sort = "grave" if grave else "digest"
        # Ordinary ones once a day; what is grave at once, and what waits goes with it.
        key = f"group:{robot.id}:{new_id() if grave else local_date(now)}"
        params = {"counts": dict(counts), "grave": grave}
        new = enqueue(session, robot.channel, sort, key, params, now, robot=robot.id)
        if not new:
            return 0
    session.execute(
        delete(GroupMatter).where(
            GroupMatter.robot_id == robot.id, GroupMatter.key.in_([one.key for one in matters])
        )
    )
    session.flush()
    return new


def _unsent(session: Session, robot_id: str) -> str | None:
    """The text that waits for the group. Not locked: a worker that claims one locks the message before the robot."""
    query = select(NoticeDelivery.id).where(
        NoticeDelivery.robot_id == robot_id,
        NoticeDelivery.state.in_((WAITING, FAILED)),
        NoticeDelivery.sort != "test",
    )
    return session.scalar(query.order_by(NoticeDelivery.id).limit(1))
