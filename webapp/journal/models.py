"""Tables of facts, the journal, and what was kept without being counted."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, Id, Json, UtcDateTime

_HELD = "state = 'held'"


def _only(where: str) -> dict:
    """An index of the rows only that a tick still has to look at."""
    return {"sqlite_where": text(where), "postgresql_where": text(where)}


class Fact(Base):
    """One immutable fact, verbatim as its maker froze it.

    ``digest`` is SHA-256(open ‖ SHA-256(salt ‖ personal)): purging ``personal`` and ``salt`` after the set time
    leaves ``open``, ``personal_hash`` and so the journal's chain intact.
    """

    __tablename__ = "facts"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(String(16))  # inspection, capture, withdrawal, confirmation, seal …
    kind: Mapped[str | None] = mapped_column(String(24))
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))  # the unit it is about
    acting_code: Mapped[str] = mapped_column(ForeignKey("units.code"))  # the unit that acts
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    open: Mapped[str] = mapped_column(Text)
    personal: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(64))
    personal_hash: Mapped[str] = mapped_column(Digest)
    digest: Mapped[str] = mapped_column(Digest)
    amends: Mapped[str | None] = mapped_column(Id, index=True)
    target: Mapped[str | None] = mapped_column(Id, index=True)  # what a withdrawal or confirmation speaks of
    work_date: Mapped[date] = mapped_column(Date)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    skew_ms: Mapped[int | None] = mapped_column(BigInteger)  # a clock may be years off
    # The phone's last contact before the push that brought this, at which it held no record: so the work is no older.
    contact_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # in-force · superseded · withdrawn · held (a person must confirm) · waiting (its parent has not come)
    state: Mapped[str] = mapped_column(String(12))
    hold: Mapped[str | None] = mapped_column(String(12))  # why it is held: clock, role
    # Whoever brought it in as a file (recording.rescue); None: it came from the author's own phone or page.
    brought_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))

    __table_args__ = (
        Index("ix_facts_author_received", "author_id", "received_at"),
        # The few that wait: every ledger page counts them, and would else read all facts with their texts for it.
        Index("ix_facts_held", "unit_code", sqlite_where=text(_HELD), postgresql_where=text(_HELD)),
        Index("ix_facts_personal", "received_at", **_only("personal IS NOT NULL")),
    )


class JournalHead(Base):
    """The last row of a unit's journal; locked first, in code order, by every writer."""

    __tablename__ = "journal_heads"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(Digest)


class JournalRow(Base):
    """One row of a unit's chain: hash = SHA-256(previous ‖ unit ‖ seq ‖ entry ‖ digest)."""

    __tablename__ = "journal"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry: Mapped[str] = mapped_column(String(16))  # a fact's type, or: photo, conflict, decision, lists
    fact_id: Mapped[str | None] = mapped_column(Id)
    digest: Mapped[str] = mapped_column(Digest)
    previous: Mapped[str] = mapped_column(Digest)
    hash: Mapped[str] = mapped_column(Digest)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Conflict(Base):
    """A second content under an id that is already in force: kept beside it for the director to decide."""

    __tablename__ = "conflicts"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(Digest, primary_key=True)
    open: Mapped[str] = mapped_column(Text)
    personal: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(String(8))  # first, second
    brought_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))  # and never decides on it
    __table_args__ = (Index("ix_conflicts_personal", "received_at", **_only("personal IS NOT NULL")),)


class Refusal(Base):
    """Something readable that was refused: kept, uncounted, shown to its author and director with the reason."""

    __tablename__ = "refusals"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    fact_id: Mapped[str] = mapped_column(String(36), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    unit_code: Mapped[str | None] = mapped_column(String(20), index=True)
    digest: Mapped[str] = mapped_column(Digest)
    text: Mapped[str] = mapped_column(Text)  # empty when its time is over
    code: Mapped[str] = mapped_column(String(32))
    fields: Mapped[dict] = mapped_column(Json)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    brought_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))  # in a file, if not its author
    __table_args__ = (Index("ix_refusals_text", "received_at", **_only("text <> ''")),)


class JournalCheck(Base):
    """When everything was last compared with what was recorded (``flask check``), and how many faults that found."""

    __tablename__ = "journal_checks"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    faults: Mapped[int] = mapped_column(Integer)
