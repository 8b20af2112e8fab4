"""Tables of calendars: dated weekday masks of departments, holidays and make-up days."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base


class DeliveryDays(Base):
    """On which weekdays a department delivers from ``first_day`` on: bit 0 Monday … bit 6 Sunday."""

    __tablename__ = "delivery_days"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    first_day: Mapped[date] = mapped_column(Date, primary_key=True)
    mask: Mapped[int] = mapped_column(Integer)
    __table_args__ = (CheckConstraint("mask BETWEEN 0 AND 127", name="mask"),)


class DayException(Base):
    """A day that differs from the mask for a unit and all below it: a holiday, or a make-up workday."""

    __tablename__ = "day_exceptions"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    delivers: Mapped[bool] = mapped_column()
    name: Mapped[str] = mapped_column(String(40))
