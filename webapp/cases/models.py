"""Table of problems: what an inspection found wrong. Their workflow comes later; they open and are listed."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Json, UtcDateTime


class OpenedProblem(Base):
    """One item that failed. It belongs to the unit it is about and lives as long as its verdict is in force."""

    __tablename__ = "problems"
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(40))
    criteria: Mapped[list] = mapped_column(Json)  # codes of the failed criteria
    day: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_force: Mapped[bool] = mapped_column(default=True)  # False: its inspection was corrected or withdrawn
    __table_args__ = (Index("ix_problems_unit_day", "unit_code", "day", "kind", "in_force"),)
