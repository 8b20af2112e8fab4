"""The queue in the database: what waits is taken by one worker, sent outside of any transaction, and its outcome kept.

At least once: a worker that dies after the other side took a message and before that is written leaves it to the next
worker, which sends it again under the same id. Never twice at the same time: whoever takes a delivery marks it until
``LEASE`` has passed, in a transaction that locks the row (on SQLite the whole database; on PostgreSQL rows that another
worker holds are passed over).
"""

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.database import insert_missing
from webapp.core.ids import new_id
from webapp.core.outages import told
from webapp.core.problems import Problem
from webapp.notices import letters
from webapp.notices.channels.channel import Message, Sender, Undelivered
from webapp.notices.models import FAILED, GIVEN_UP, SENT, WAITING, GroupRobot, NoticeDelivery
from webapp.notices.operations import tell
from webapp.notices.queries import delivery_for, keepers_of
from webapp.notices.rules import GIVES_UP_AFTER, LEASE, TEXTS_A_MINUTE, room_at, wait_after
from webapp.notices.sorts import GROUP_GIVEN_UP, MAIL_GIVEN_UP, SERVER_GIVEN_UP
from webapp.org.models import Role, Unit
from webapp.org.rules import ADMIN, Actor

log = logging.getLogger(__name__)
MOST = 500  # messages of one run: a queue of a bad day does not hold up what else the run does
# The server's own trouble, not the recipient's.
OURS = ("connection", "timeout", "tls", "login")


@dataclass(frozen=True)
class Claimed:
    """A delivery in one worker's hands; ``claim`` is this try's, the message's id the same each time."""

    id: str
    claim: str
    channel: str
    message: Message


@dataclass(frozen=True)
class Told:
    """What a run did."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


def enqueue(
    session: Session, channel: str, sort: str, key: str, params: dict, now: datetime,
    *, person: str | None = None, robot: str | None = None,
) -> int:  # fmt: skip
    """Queue a message to a person or into a group; 1, or 0 where one of this key is there already."""
    row = {
        "id": new_id(), "channel": channel, "sort": sort, "key": key, "params": params, "person_id": person,
        "robot_id": robot, "created_at": now, "not_before": now, "state": WAITING, "tries": 0,
    }  # fmt: skip
    return insert_missing(session, NoticeDelivery, [row])


def claim(session: Session, config: Mapping, channels: Collection[str], now: datetime) -> Claimed | None:
    """Take the first delivery that is due; None where nothing is. Commit before sending."""
    while (delivery := _first_due(session, channels, now)) is not None:
        if (later := _room(session, delivery, now)) is not None:
            delivery.not_before = later
            session.flush()
            continue
        message = letters.message_of(session, config, delivery)
        if message is None:  # nobody is there any more: a person left, an address was taken back
            delivery.state, delivery.last_error = GIVEN_UP, "recipient"
            session.flush()
            continue
        delivery.claim, delivery.claimed_until = new_id(), now + LEASE
        delivery.tries += 1
        delivery.first_tried_at = delivery.first_tried_at or now
        session.flush()
        return Claimed(delivery.id, delivery.claim, delivery.channel, message)
    return None


def _first_due(session: Session, channels: Collection[str], now: datetime) -> NoticeDelivery | None:
    free = or_(NoticeDelivery.claimed_until.is_(None), NoticeDelivery.claimed_until <= now)
    query = select(NoticeDelivery).where(
        NoticeDelivery.state.in_((WAITING, FAILED)),
        NoticeDelivery.not_before <= now,
        NoticeDelivery.channel.in_(list(channels)),
        free,
    )
    query = query.order_by(NoticeDelivery.not_before, NoticeDelivery.id).limit(1)
    return session.scalars(query.with_for_update(skip_locked=True)).first()


def _room(session: Session, delivery: NoticeDelivery, now: datetime) -> datetime | None:
    """From when on the group's robot takes a text; None: now, and it is counted."""
    if delivery.robot_id is None:
        return None
    robot = session.get(GroupRobot, delivery.robot_id, with_for_update=True, populate_existing=True)
    lately = [datetime.fromisoformat(one) for one in robot.lately]
    if (later := room_at(lately, now)) is not None:
        return later
    robot.lately = [moment.isoformat() for moment in [*lately, now][-TEXTS_A_MINUTE:]]
    return None


def settle(
    session: Session, claimed: Claimed, error: Undelivered | None, now: datetime, chance: float
) -> str | None:
    """Keep what came of a try: the new state; None where another worker has taken it over meanwhile."""
    row = session.get(NoticeDelivery, claimed.id, with_for_update=True, populate_existing=True)
    if row is None or row.claim != claimed.claim or row.state not in (WAITING, FAILED):
        return None
    row.claimed_until = row.claim = None
    if error is None:
        row.state, row.sent_at, row.last_error = SENT, now, None
    elif error.lasting or now - row.first_tried_at >= GIVES_UP_AFTER:
        row.state, row.last_error = GIVEN_UP, error.code
        _say_given_up(session, row, now)
    else:
        wait = wait_after(row.tries, chance)
        row.state, row.last_error = FAILED, error.code
        row.not_before = now + max(wait, error.wait or wait)
    session.flush()
    return row.state


def _say_given_up(session: Session, row: NoticeDelivery, now: datetime) -> None:
    """Into the inbox of whoever keeps the channel: one notice a day and recipient, by no channel."""
    day = local_date(now)
    if row.robot_id is not None:
        robot = session.get(GroupRobot, row.robot_id)
        unit = session.get(Unit, robot.unit_code)
        values = {"group": robot.name, "unit": unit.name, "day": day}
        keepers, address = keepers_of(session, unit.code, day), f"/units/{unit.code}/robots"
        tell(
            session, keepers, GROUP_GIVEN_UP.code, values, address, key=f"given-up {robot.id} {day}", now=now
        )
        return
    key = f"given-up mail {row.person_id} {day}"
    tell(session, [row.person_id], MAIL_GIVEN_UP.code, {"day": day}, "/account/notices", key=key, now=now)
    if row.last_error in OURS:
        query = select(Role.person_id).where(Role.role == ADMIN, Role.first_day <= day)
        admins = session.scalars(query.where(or_(Role.last_day.is_(None), Role.last_day >= day)))
        key = f"given-up server {day}"
        tell(session, admins, SERVER_GIVEN_UP.code, {"day": day}, "/notices/queue", key=key, now=now)


def deliver(
    begin: Callable[[], AbstractContextManager[Session]],
    senders: Mapping[str, Sender],
    config: Mapping,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
    most: int = MOST,
) -> Told:
    """Send what is due, one after the other. ``begin`` opens a write transaction; ``clock`` and ``chance`` are asked anew."""
    counts = {SENT: 0, FAILED: 0, GIVEN_UP: 0}
    on = dict(senders)
    for _ in range(most):
        if not on:
            break
        with begin() as session:
            claimed = claim(session, config, on, clock())
        if claimed is None:
            break
        error = None
        try:
            senders[claimed.channel].send(claimed.message)
        except Undelivered as failed:
            error = failed
        except Exception as failed:  # a mistake of ours: the others behind it must not wait for it
            log.error("a message by %s is not sent: %s", claimed.channel, told(failed))
            error = Undelivered("error")
        with begin() as session:
            state = settle(session, claimed, error, clock(), chance())
        if state:
            counts[state] += 1
        if error is not None and error.code in OURS:
            del on[
                claimed.channel
            ]  # what stands behind it would wait as long for the same silence: the next run
    return Told(counts[SENT], counts[FAILED], counts[GIVEN_UP])


def retry_now(session: Session, actor: Actor, delivery_id: str, now: datetime) -> None:
    """Try it again at once, and for another day; what was sent or is being sent stays. Problem ``not-found``: out of sight."""
    if delivery_for(session, actor, delivery_id) is None:
        raise Problem("not-found")
    row = session.get(NoticeDelivery, delivery_id, with_for_update=True, populate_existing=True)
    if row.state == SENT or row.last_error == "recipient":
        raise Problem("not-found")
    row.state = FAILED if row.tries else WAITING
    row.not_before, row.first_tried_at = now, None
    session.flush()
