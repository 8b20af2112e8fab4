"""Tables of daily volumes, manifests and their items."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, Id, UtcDateTime, line
from webapp.sampling.rules import tail_of


class Volume(Base):
    """A number typed for a unit, day and class where no manifest tells it. ``None`` never stands for zero.

    The row with the greatest ``fact_id`` (UUIDv7) is in force; the older ones stay.
    """

    __tablename__ = "volumes"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    day: Mapped[date] = mapped_column(Date)
    mail_class: Mapped[str] = mapped_column(String(12), primary_key=True)
    items: Mapped[int | None] = mapped_column(Integer)  # None: unknown again
    returned: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (
        Index("ix_volumes_unit_day", "unit_code", "day"),
        CheckConstraint("items >= 0", name="items"),
    )


class Manifest(Base):
    """投递清单: one import of a unit's numbered items of a day. ``draft`` until sealed; a seal is final.

    A later import of the same day is a supplement: another row with its own seal, seed and draw.
    """

    __tablename__ = "manifests"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    day: Mapped[date] = mapped_column(Date)
    number: Mapped[int] = mapped_column(Integer)  # 1 the day's list, 2… its supplements
    created_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a draft thrown away
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    seal: Mapped[str | None] = mapped_column(Digest)  # SHA-256 of the canonical bytes
    seed: Mapped[str | None] = mapped_column(Digest)  # 64 hex characters, drawn after the seal
    sample_percent: Mapped[int | None] = mapped_column(Integer)  # what the rules asked of its day at the seal
    sample_size: Mapped[int | None] = mapped_column(
        Integer
    )  # ⌈that percent⌉ of express + registered + parcel
    announced: Mapped[bool] = mapped_column(default=False)  # 预告: revealed before delivery
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revealed_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    __table_args__ = (UniqueConstraint("unit_code", "day", "number"),)


class ManifestItem(Base):
    """One numbered item on a manifest. Holds no full name, telephone or street address."""

    __tablename__ = "manifest_items"
    manifest_id: Mapped[str] = mapped_column(ForeignKey("manifests.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    mail_class: Mapped[str] = mapped_column(String(12))  # express, registered, parcel
    route_id: Mapped[str | None] = mapped_column(ForeignKey("routes.id"))
    delivered_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))  # who delivered that day
    masked_name: Mapped[str | None] = mapped_column(String(12))  # 张*
    address_tag: Mapped[str | None] = mapped_column(String(40))  # an estate, a building; never street or door
    returned: Mapped[bool] = mapped_column(default=False)
    return_reason: Mapped[str | None] = mapped_column(String(60))  # one of privacy.RETURN_REASONS, or 其他：…
    rank: Mapped[int | None] = mapped_column(Integer)  # 1 is the lowest SHA-256(seed ‖ number); None unsealed
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str | None] = mapped_column(line(120))
    # The last four digits of the number: what a box finds it by.
    tail: Mapped[str | None] = mapped_column(
        String(4), index=True, default=lambda row: tail_of(row.get_current_parameters()["number"])
    )
    __table_args__ = (
        # As the migration wrote it: the numbered classes of the rulebook's table, held equal by a test.
        CheckConstraint("mail_class IN ('express', 'registered', 'parcel')", name="mail_class"),
    )


class Handover(Base):
    """A route or one number that was handed over to ``person_id`` for a day: one row for each. Of two the later counts.

    Who delivers is a dated matter of its own: neither the list, once sealed, nor the route's standing carrier changes.
    """

    __tablename__ = "handovers"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True
    )  # 0 for a route; the place of the number
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    day: Mapped[date] = mapped_column(Date)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    route_id: Mapped[str | None] = mapped_column(ForeignKey("routes.id"))  # either this
    number: Mapped[str | None] = mapped_column(String(40), index=True)  # or this
    reason: Mapped[str] = mapped_column(line(120))
    __table_args__ = (
        Index("ix_handovers_unit_day", "unit_code", "day"),
        CheckConstraint("(route_id IS NULL) <> (number IS NULL)", name="what"),
    )
