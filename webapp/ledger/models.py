"""Table of ledger lines: one for each unit, duty and period, recomputed whenever a fact touches it."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Json, UtcDateTime


class LedgerLine(Base):
    """What was required and done. The status is no column: it is a pure function of the line and the clock."""

    __tablename__ = "ledger_lines"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(32), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)  # 2026-11-20, 2026-W47, 2026-11
    last_day: Mapped[date] = mapped_column(Date)
    month: Mapped[str] = mapped_column(String(7))  # the month it belongs to; a week to that of its Thursday
    edition: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[date] = mapped_column(Date)  # the day whose register and calendar it was folded by
    applicable: Mapped[bool] = mapped_column()
    required: Mapped[int | None] = mapped_column(Integer)  # None: the volume is missing
    done: Mapped[int] = mapped_column(Integer)
    met: Mapped[bool] = mapped_column()
    uncertain: Mapped[bool] = mapped_column()  # some value of a missing volume would change the verdict
    started: Mapped[bool] = mapped_column()  # something was done
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    items: Mapped[int] = mapped_column(Integer)  # items with a verdict in force
    passed: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)
    drawn: Mapped[int] = mapped_column(
        Integer
    )  # of these, in a draw that was not announced: an interval is honest
    drawn_passed: Mapped[int] = mapped_column(Integer)
    announced: Mapped[int] = mapped_column(
        Integer
    )  # of these, in a draw shown before delivery (预告): no interval
    withdrawn: Mapped[int] = mapped_column(Integer)
    voided: Mapped[int] = mapped_column(Integer)
    why: Mapped[list] = mapped_column(
        Json
    )  # [[code, {values}], …], rendered by ledger.rules in either language
    __table_args__ = (
        Index("ix_ledger_lines_unit_month", "unit_code", "month"),
        Index("ix_ledger_lines_month_closes", "month", "closes_at"),
    )


class LedgerMonth(Base):
    """A unit's lines of one duty and month, summed: what a region's month is read from.

    The counts are those of a time when all lines are closed; a reader sets right the few that are still open.
    """

    __tablename__ = "ledger_months"
    month: Mapped[str] = mapped_column(String(7), primary_key=True)  # first: a region's month lies together
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(32), primary_key=True)
    lines: Mapped[int] = mapped_column(Integer)
    idle: Mapped[int] = mapped_column(Integer)  # of these, not applicable
    met: Mapped[int] = mapped_column(Integer)
    unknown: Mapped[int] = mapped_column(Integer)  # neither met nor to be told, once closed
    missing: Mapped[int] = mapped_column(Integer)  # applicable, but what is required is not known
    required: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer)
    items: Mapped[int] = mapped_column(Integer)
    passed: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)
    drawn: Mapped[int] = mapped_column(Integer)
    drawn_passed: Mapped[int] = mapped_column(Integer)
    announced: Mapped[int] = mapped_column(Integer)
    withdrawn: Mapped[int] = mapped_column(Integer)
    voided: Mapped[int] = mapped_column(Integer)
    # The rows themselves lie in the order of the key: a region's month is read in one go.
    __table_args__ = {"sqlite_with_rowid": False}


class LineSupplement(Base):
    """What a line of a signed month would say today (补录): the signed one stands, this stands beside it.

    There only while it differs. ``line``: columns as JSON, as :func:`signatures.values_of`; None: there would be none.
    """

    __tablename__ = "line_supplements"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(32), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    line: Mapped[dict | None] = mapped_column(Json)
    since: Mapped[datetime] = mapped_column(UtcDateTime)  # when it first differed from what is signed
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupersededLine(Base):
    """A line as an earlier version of a month's signature had it, where the next one says otherwise: it stays printable."""

    __tablename__ = "superseded_lines"
    signature_id: Mapped[str] = mapped_column(ForeignKey("month_signatures.fact_id"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(32), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    line: Mapped[dict | None] = mapped_column(Json)  # None: it came with the next version


class LedgerClock(Base):
    """How far the tick has opened a unit's lines, and when it last looked."""

    __tablename__ = "ledger_clock"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    opened_through: Mapped[date] = mapped_column(Date)
    ticked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fold: Mapped[int] = mapped_column(Integer, index=True)  # the way of counting, `ledger.operations.FOLD`
    # From which instant a tick has something to do: the midnight after `opened_through`. None: at once.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
