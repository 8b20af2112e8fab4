"""Whoever signs months is told once that some can be signed, and has the eighth in the calendar [DOMAIN2 D; Reading]."""

from collections import Counter
from collections.abc import Collection
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
    untold = _untold(session, month)
    ready = _ready_below(session, untold, month, now)
    for code, count in ready.items():
        _tell(session, untold[code], month, count, now)
    return len(ready)


def _key(unit_code: str, month: str) -> str:
    return f"{TO_SIGN.code} {unit_code} {month}"


def _untold(session: Session, month: str) -> dict[str, Unit]:
    """The units above others, by code, of which nobody was told yet that the month can be signed."""
    units = session.scalars(select(Unit).where(Unit.level.in_(list(HEADS)[:-1])).order_by(Unit.code)).all()
    keys = {_key(unit.code, month): unit for unit in units}
    known = set(session.scalars(select(Notice.key).where(Notice.key.in_(list(keys))).distinct()))
    return {unit.code: unit for key, unit in keys.items() if key not in known}


def _ready_below(session: Session, above: Collection[str], month: str, now: datetime) -> dict[str, int]:
    """``{unit: how many}`` units right below it have lines in the month, all of them closed, and no signature; one query."""
    signed = select(MonthSignature.unit_code).where(MonthSignature.month == month)
    query = (
        select(Unit.code, Unit.parent_code)
        .join(LedgerLine, LedgerLine.unit_code == Unit.code)
        .where(Unit.parent_code.in_(above), LedgerLine.month == month, Unit.code.not_in(signed))
        .group_by(Unit.code, Unit.parent_code)
        .having(func.max(LedgerLine.closes_at) <= now)
    )
    return Counter(parent for _, parent in session.execute(query)) if above else {}


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
