"""Somebody is told something, and has seen it. Called by whatever has something to say; the caller's door commits."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.core.database import insert_missing
from webapp.core.ids import is_id, new_id
from webapp.notices.models import GroupMatter, GroupRobot, Notice, NoticeDelivery
from webapp.notices.rules import LONGEST_KEY, is_address, is_phone_address
from webapp.notices.sorts import SORTS, checked
from webapp.org.models import Unit

ROWS = 50  # in one statement: each value is a parameter of it


def tell(
    session: Session,
    people: Iterable[str],
    code: str,
    values: Mapping,
    address: str,
    *,
    key: str,
    now: datetime,
    grave: bool = False,
    unit: str | None = None,
    phone: str | None = None,
) -> int:
    """Put a notice of the sort ``code`` into the inbox of each of ``people`` (ids); how many had none of this ``key`` yet.

    ``address``: the path of the desk that opens the thing; ``phone``: the one of the field app (``/app/…``), where it has
    one. ``grave``: it leaves the inbox at once, not with the day's digest. ``unit``: whose matter it is; groups with a robot
    at or above it are told how many such there are, and never who or what. ``key`` (at most 120 characters) names the
    occasion, such as ``problem-due <id> 2026-11-27``: told again it stays the first row.
    Raises ``ValueError`` for an unknown sort, other values than the sort's, an address of elsewhere: that is a mistake of
    the caller's code, not of a person.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError("a key has 1 to 120 characters")
    if not is_address(address) or (phone is not None and not is_phone_address(phone)):
        raise ValueError("an address is a path within this site")
    stored = {
        "unit_code": unit,
        "code": code,
        "key": key,
        "values": checked(code, values),
        "address": address,
        "phone_address": phone,
        "grave": grave,
        "created_at": now,
        "told_at": now if SORTS[code].inbox_only else None,
    }
    wanted = sorted(set(people))
    first = session.scalar(select(Notice.id).where(Notice.key == key).limit(1)) is None
    new = 0
    for begin in range(0, len(wanted), ROWS):
        rows = [{"id": new_id(), "person_id": one, **stored} for one in wanted[begin : begin + ROWS]]
        new += insert_missing(session, Notice, rows)
    if new and first and unit is not None and not SORTS[code].inbox_only:
        _tell_groups(session, unit, key, grave, now)
    return new


def _tell_groups(session: Session, unit: str, key: str, grave: bool, now: datetime) -> None:
    path = session.scalar(select(Unit.path).where(Unit.code == unit))
    above = [code for code in path.split("/") if code]
    robots = select(GroupRobot.id).where(GroupRobot.unit_code.in_(above), GroupRobot.removed_at.is_(None))
    matter = {"key": key, "unit_code": unit, "grave": grave, "created_at": now}
    rows = [{"robot_id": robot, **matter} for robot in session.scalars(robots.order_by(GroupRobot.id))]
    if rows:
        insert_missing(session, GroupMatter, rows)


def see(session: Session, person_id: str, ids: Collection[str] | None, now: datetime) -> int:
    """The person has seen these notices (``None``: all); how many were unseen. What is nobody's or another's is passed over."""
    wanted = update(Notice).where(Notice.person_id == person_id, Notice.seen_at.is_(None))
    if ids is not None:
        known = [one for one in ids if is_id(one)]
        if not known:
            return 0
        wanted = wanted.where(Notice.id.in_(known))
    return session.execute(wanted.values(seen_at=now)).rowcount


def forget(session: Session, before: datetime) -> int:
    """Delete notices made before that instant, and deliveries; how many notices."""
    session.execute(delete(NoticeDelivery).where(NoticeDelivery.created_at < before))
    session.execute(delete(GroupMatter).where(GroupMatter.created_at < before))
    return session.execute(delete(Notice).where(Notice.created_at < before)).rowcount
