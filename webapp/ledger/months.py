"""Month sums of a unit's lines, written with the lines: a region's month is read from them, not from every day."""

from collections.abc import Iterable

from sqlalchemy import Select, and_, bindparam, case, delete, func, select
from sqlalchemy.orm import Session

from webapp.core.database import upsert
from webapp.core.prepared import several
from webapp.ledger.models import LedgerLine, LedgerMonth

SUMS = (
    "required", "done", "items", "passed", "failed", "drawn", "drawn_passed", "announced", "withdrawn", "voided",
)  # fmt: skip
COUNTS = {
    "lines": True,
    "idle": ~LedgerLine.applicable,
    "met": and_(LedgerLine.applicable, LedgerLine.met),
    "unknown": and_(LedgerLine.applicable, ~LedgerLine.met, LedgerLine.uncertain),
    "missing": and_(LedgerLine.applicable, LedgerLine.required.is_(None)),
}
KEY = ("month", "unit_code", "duty")


def how_many(condition) -> object:
    """How many of a group's lines fulfil the condition."""
    return func.count() if condition is True else func.sum(case((condition, 1), else_=0))


def _summed() -> Select:
    """The sums of a ``unit`` as its lines give them, columns in the order of the table."""
    counts = [how_many(condition).label(name) for name, condition in COUNTS.items()]
    sums = [func.coalesce(func.sum(getattr(LedgerLine, name)), 0).label(name) for name in SUMS]
    key = (LedgerLine.month, LedgerLine.unit_code, LedgerLine.duty)
    return select(*key, *counts, *sums).where(LedgerLine.unit_code == bindparam("unit")).group_by(*key)


_ALL = _summed()
_MONTH = _ALL.where(LedgerLine.month == bindparam("month"))
_SOME = _ALL.where(LedgerLine.month.in_(several("months")), LedgerLine.duty.in_(several("duties")))


def refresh(session: Session, unit_code: str, months: Iterable[str], duties: Iterable[str]) -> None:
    """Sum these months of these duties anew from the unit's lines. The cost is bounded by the unit's month."""
    upsert(session, LedgerMonth, _SOME, KEY, unit=unit_code, months=list(months), duties=list(duties))


def renew(session: Session, unit_code: str, month: str) -> None:
    """Sum all duties of one month anew, from nothing: some of its lines may be gone."""
    session.execute(delete(LedgerMonth).where(LedgerMonth.unit_code == unit_code, LedgerMonth.month == month))
    upsert(session, LedgerMonth, _MONTH, KEY, unit=unit_code, month=month)


def faults(session: Session, unit_code: str) -> list[str]:
    """Where the stored sums differ from the unit's lines: empty when all is well."""
    table = LedgerMonth.__table__
    stored = {tuple(row) for row in session.execute(select(table).where(table.c.unit_code == unit_code))}
    summed = {tuple(row) for row in session.execute(_ALL, {"unit": unit_code})}
    return [f"{row[1]}/{row[2]}/{row[0]}: the month's sums differ" for row in sorted(stored ^ summed)]
