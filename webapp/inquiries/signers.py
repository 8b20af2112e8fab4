"""Whoever signs months is told once that some can be signed, and has the eighth in the calendar [DOMAIN2 D; Reading]."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from webapp.core import clock
from webapp.core.clock import local_date
from webapp.ledger.models import LedgerLine, LedgerMonth
from webapp.notices.deadlines import Deadline, provide
from webapp.notices.models import Notice
from webapp.notices.operations import tell
from webapp.notices.sorts import Sort, register
from webapp.org.models import Person, Role, Unit
from webapp.org.rules import HEADS
from webapp.rulebook.periods import period_of
from webapp.signing.models import MonthSignature
from webapp.signing.queries import heads_of
from webapp.signing.rules import month_words, wanted_by

TO_SIGN = register(
    Sort(
        "months-to-sign", ("unit", "month", "count", "day"),
        "{unit}：{month}有 {count} 个单位可以审签，请在 {day} 前完成",
        "{unit}: {month} can be signed for {count} units; please do so by {day}",
    )
)  # fmt: skip
FIRST_DAY = 2  # of the month: the last lines of the month before have closed
LAST_DAY = 20  # whoever has not begun by then was told


def remind(session: Session, now: datetime) -> int:
    """Tell the heads of units below which a month can be signed; once a unit and month. Returns how many units were told."""
    today = local_date(now)
    if not FIRST_DAY <= today.day <= LAST_DAY:
        return 0
    month = period_of("month", today).previous().code
    told = 0
    for unit in _untold(session, month):
        count = _ready_below(session, unit, month, now)
        if count:
            told += 1
            _tell(session, unit, month, count, now)
    return told


def _key(unit_code: str, month: str) -> str:
    return f"{TO_SIGN.code} {unit_code} {month}"


def _untold(session: Session, month: str) -> list[Unit]:
    units = session.scalars(select(Unit).where(Unit.level.in_(list(HEADS)[:-1])).order_by(Unit.code)).all()
    keys = {_key(unit.code, month): unit for unit in units}
    known = session.scalars(select(Notice.key).where(Notice.key.in_(list(keys))).distinct())
    return [keys[key] for key in keys.keys() - set(known)]


def _ready_below(session: Session, unit: Unit, month: str, now: datetime) -> int:
    """How many units right below have lines in the month, all of them closed, and no signature."""
    signed = select(MonthSignature.unit_code).where(MonthSignature.month == month)
    query = (
        select(LedgerLine.unit_code)
        .join(Unit, Unit.code == LedgerLine.unit_code)
        .where(Unit.parent_code == unit.code, LedgerLine.month == month, Unit.code.not_in(signed))
        .group_by(LedgerLine.unit_code)
        .having(func.max(LedgerLine.closes_at) <= now)
    )
    return len(session.scalars(query).all())


def _tell(session: Session, unit: Unit, month: str, count: int, now: datetime) -> None:
    people = heads_of(session, [unit.code], local_date(now)).get(unit.code, ())
    values = {"unit": unit.name, "month": month_words(month), "count": count, "day": wanted_by(month)}
    tell(
        session, people, TO_SIGN.code, values, f"/signing?unit={unit.code}&period={month}",
        key=_key(unit.code, month), now=now, unit=unit.code,
    )  # fmt: skip


@provide
def deadlines(session: Session, person: Person) -> list[Deadline]:
    """The eighth, for each unit that the person heads and below which last month is not signed yet."""
    today = local_date(clock.now())
    month = period_of("month", today).previous().code
    below = aliased(Unit)
    signed = select(MonthSignature.unit_code).where(MonthSignature.month == month)
    owing = select(LedgerMonth.unit_code).where(LedgerMonth.month == month)
    query = (
        select(Unit.code, Unit.name, Unit.level, Role.role)
        .join(Role, Role.unit_code == Unit.code)
        .join(below, below.parent_code == Unit.code)
        .where(Role.person_id == person.id, Role.first_day <= today)
        .where((Role.last_day.is_(None)) | (Role.last_day >= today))
        .where(below.code.in_(owing), below.code.not_in(signed))
        .distinct()
    )
    said = month_words(month)
    return [
        Deadline(
            f"sign-{code}-{month}", wanted_by(month), f"{name}：{said['zh']}审签", f"{name}: sign {said['en']}",
            f"/signing?unit={code}&period={month}",
        )
        for code, name, level, role in session.execute(query)
        if role == HEADS[level]
    ]  # fmt: skip
