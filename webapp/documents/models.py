"""Tables of documents: the working copy with how it stands, every step with it, and the numbers that were given."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, Id, Json, UtcDateTime


class Document(Base):
    """A document. Until it is issued its texts are a plain working copy; what was issued stands in its fact, and nowhere else.

    ``texts``: {section: {"text", "revision", "by" (person), "at" (ISO)}}. A correction is a row of its own with the number
    of what it corrects and the next ``version``.
    """

    __tablename__ = "documents"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))  # that issues it
    type: Mapped[str] = mapped_column(String(24))
    period: Mapped[str] = mapped_column(String(10))  # 2026-11, 2026-Q4
    addressed: Mapped[str | None] = mapped_column(ForeignKey("units.code"))  # None: all units below
    texts: Mapped[dict] = mapped_column(Json, default=dict)
    writers: Mapped[list] = mapped_column(
        Json, default=list
    )  # ids of all who wrote in it: none of them checks it
    drafted_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    corrects: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    version: Mapped[int] = mapped_column(SmallInteger, default=1)
    # --- of the facts
    state: Mapped[str] = mapped_column(String(10))
    checked_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_digest: Mapped[str | None] = mapped_column(Digest)  # of the texts that were checked
    fact_id: Mapped[str | None] = mapped_column(ForeignKey("facts.id"))  # that issued it
    year: Mapped[int | None] = mapped_column(Integer)
    n: Mapped[int | None] = mapped_column(Integer)
    number: Mapped[str | None] = mapped_column(String(40))
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("unit_code", "type", "year", "n", "version", name="uq_documents_number"),
        Index("ix_documents_unit", "unit_code", "type", "period"),
        Index("ix_documents_addressed", "addressed", "state"),
    )


class DocumentMove(Base):
    """A step with a document, unfolded from its fact (same id)."""

    __tablename__ = "document_moves"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    seq: Mapped[int] = mapped_column(Integer)  # 1 … in the order of arrival
    move: Mapped[str] = mapped_column(String(8))
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    acting_code: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (Index("ix_document_moves_document", "document_id", "seq", unique=True),)


class DocumentNumber(Base):
    """The last number that a unit gave to documents of a type in a year: no gaps, none twice."""

    __tablename__ = "document_numbers"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    type: Mapped[str] = mapped_column(String(24), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
