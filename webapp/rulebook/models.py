"""Tables of editions, overrides and calendars: what a region, league or county laid down, and since when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, Id, Json, UtcDateTime, line


class Edition(Base):
    """A further edition of the Measures, as its TOML was entered. Immutable from its first day on [3]."""

    __tablename__ = "editions"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    first_day: Mapped[date] = mapped_column(Date, unique=True)
    source: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Digest)
    entered_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))  # None: from the command line
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Override(Base):
    """A unit asks for more than the edition does, for itself and all below it [3]. ``id`` is that of its fact."""

    __tablename__ = "overrides"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    duty: Mapped[str] = mapped_column(String(32))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)  # before first_day: it never held
    changes: Mapped[dict] = mapped_column(Json)  # {"percent": 15}, {"strata": {"local": 6}}, {"shrink": null}
    reason: Mapped[str] = mapped_column(line(500))
    entered_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeliveryDays(Base):
    """On which weekdays a department delivers from ``first_day`` on: bit 0 Monday … bit 6 Sunday."""

    __tablename__ = "delivery_days"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    first_day: Mapped[date] = mapped_column(Date, primary_key=True)
    mask: Mapped[int] = mapped_column(Integer)
    holidays: Mapped[bool] = mapped_column(default=False)  # public holidays are days without delivery
    reason: Mapped[str | None] = mapped_column(line(500))
    entered_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("mask BETWEEN 0 AND 127", name="mask"),)


class DayException(Base):
    """A day that differs from the mask for a unit and all below it: a holiday, or a make-up workday.

    ``public``: the state's, kept at the region's unit, only for units that keep public holidays; ``local``: of the
    unit itself and all below, always.
    """

    __tablename__ = "day_exceptions"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    delivers: Mapped[bool] = mapped_column()
    name: Mapped[str] = mapped_column(line(40))
    source: Mapped[str] = mapped_column(String(8), default="local")
    reason: Mapped[str | None] = mapped_column(line(500))
    entered_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))  # None: from the package's table
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("source IN ('public', 'local')", name="source"),)
