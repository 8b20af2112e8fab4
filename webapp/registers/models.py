"""Tables of the relay register: the points and each of their changes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, Id, Json, UtcDateTime, line


class RelayPoint(Base):
    """邮件接转点: a mail room, property office or village post station [14.4(1)].

    ``keeper`` and ``contact`` are of the post's own partner, not of an addressee.
    """

    __tablename__ = "relay_points"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    name: Mapped[str] = mapped_column(line(80))
    initials: Mapped[str] = mapped_column(line(80))  # pinyin initials: 都兰敖包 → dlab
    kind: Mapped[str] = mapped_column(String(12))  # mail-room, property, village
    address: Mapped[str | None] = mapped_column(line(120))
    keeper: Mapped[str | None] = mapped_column(line(40))
    contact: Mapped[str | None] = mapped_column(line(40))
    route_id: Mapped[str | None] = mapped_column(ForeignKey("routes.id"))
    agreement: Mapped[str] = mapped_column(String(8), default="none")  # none, oral, written
    note: Mapped[str | None] = mapped_column(line(200))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    photo_digest: Mapped[str | None] = mapped_column(Digest, index=True)
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)  # the first day on which it is no longer open
    __table_args__ = (
        CheckConstraint("kind IN ('mail-room', 'property', 'village')", name="kind"),
        CheckConstraint("agreement IN ('none', 'oral', 'written')", name="agreement"),
        Index("ix_relay_points_unit_name", "unit_code", "name"),
    )


class RelayChange(Base):
    """One change of the register, unfolded from its fact (same id). The opening of a point made with its unit is of
    nobody and no fact.

    ``values`` holds what it set; of keeper, contact and note only the names stand in ``personal``: what they were set
    to stays in the fact and goes with its personal part.
    """

    __tablename__ = "relay_changes"
    fact_id: Mapped[str] = mapped_column(Id, primary_key=True)
    point_id: Mapped[str] = mapped_column(ForeignKey("relay_points.id"))
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    day: Mapped[date] = mapped_column(Date)  # from which it holds; a closing may lie ahead
    made_on: Mapped[date | None] = mapped_column(
        Date
    )  # the day of the work; None of an opening that is no fact
    op: Mapped[str] = mapped_column(String(8))
    values: Mapped[dict] = mapped_column(Json, default=dict)
    personal: Mapped[list] = mapped_column(Json, default=list)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("op IN ('open', 'change', 'confirm', 'close', 'reopen')", name="op"),
        Index("ix_relay_changes_point_day", "point_id", "day"),
        Index("ix_relay_changes_unit_day", "unit_code", "day"),
    )
