"""Tables of signed months. What was signed stands in the fact; here is what pages and the ledger ask often."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, Id, UtcDateTime


class MonthSignature(Base):
    """A unit's month as somebody signed it. The highest version is in force; the others stay as they were."""

    __tablename__ = "month_signatures"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    month: Mapped[str] = mapped_column(String(7))  # 2026-11
    version: Mapped[int] = mapped_column(Integer)  # 1, 2 …
    signer_code: Mapped[str] = mapped_column(ForeignKey("units.code"))  # the unit in whose name it is signed
    acting_code: Mapped[str] = mapped_column(ForeignKey("units.code"))  # where the person's own role is
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    capacity: Mapped[str] = mapped_column(String(8))  # head, deputy, vacancy
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lines: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(Digest)  # of the list of lines, signing.rules.list_digest
    __table_args__ = (UniqueConstraint("unit_code", "month", "version", name="uq_month_signatures_version"),)


class MonthConsent(Base):
    """The director's word that the month is right, before it is signed. Optional; the last one stands."""

    __tablename__ = "month_consents"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    month: Mapped[str] = mapped_column(String(7))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str] = mapped_column(Digest)  # of the lines that were seen


class MonthDispute(Base):
    """Somebody of the unit disputes (异议) a version; the level above whoever signed decides."""

    __tablename__ = "month_disputes"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    month: Mapped[str] = mapped_column(String(7))
    version: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due: Mapped[date] = mapped_column(Date)  # the last day on which it should be decided
    ruling_id: Mapped[str | None] = mapped_column(Id)  # the fact that decided it: a ruling, or a correction
    upheld: Mapped[bool | None] = mapped_column(Boolean)  # the dispute was right, and the month corrected


class SigningGrant(Base):
    """Who may sign in the head's place (授权代签), from a day to a day."""

    __tablename__ = "signing_grants"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    given_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
