"""Tables of inspections and captures and their items.

A carrier's capture is an inspection of kind ``capture`` whose items carry no verdict: evidence and verdict are
two facts.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Id, Json, UtcDateTime, line
from webapp.sampling.rules import tail_of


class Inspection(Base):
    """One inspection or capture, unfolded from its fact (same id)."""

    __tablename__ = "inspections"
    id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    unit_code: Mapped[str] = mapped_column(String(20))
    acting_code: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[str] = mapped_column(Id)
    roles: Mapped[str] = mapped_column(
        String(120)
    )  # the author's roles at the acting unit that day: "director inspector"
    day: Mapped[date] = mapped_column(
        Date
    )  # decides the period: the list's day where it is about one, else the work's
    work_date: Mapped[date] = mapped_column(Date)
    method: Mapped[str] = mapped_column(
        String(16)
    )  # on-site, open, covert, unannounced, recording, system, records
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_force: Mapped[bool] = mapped_column()
    withdrawn: Mapped[bool] = mapped_column(default=False)  # counted in the ledger's sight, never in its sums
    header: Mapped[dict] = mapped_column(Json, default=dict)  # {field: value} of the form's head
    drawn: Mapped[bool] = mapped_column(default=False)  # a selection whose items the server drew
    __table_args__ = (
        Index("ix_inspections_unit_kind_day", "unit_code", "kind", "day"),
        Index("ix_inspections_acting_kind_day", "acting_code", "kind", "day"),
    )


class Item(Base):
    """One thing that was checked: a mail item, a letter, a relay point."""

    __tablename__ = "items"
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    subject: Mapped[str] = mapped_column(
        String(40)
    )  # the item number, the relay point's id, the unit's code, a letter's label, "-" for no thing
    mail_class: Mapped[str | None] = mapped_column(String(12))
    verdict: Mapped[str | None] = mapped_column(String(4))  # pass, fail; None in a capture
    # {criterion: pass | fail | na}, and {"group:<code>": "none"} of what nothing came; empty: passed as a whole
    answers: Mapped[dict] = mapped_column(Json)
    stratum: Mapped[str | None] = mapped_column(String(16))  # a letter: nonlocal, local
    tag: Mapped[str | None] = mapped_column(line(40))  # an address tag, e.g. a building
    route_id: Mapped[str | None] = mapped_column(Id)
    captures: Mapped[list] = mapped_column(Json)  # ids of the captures this verdict saw
    # The last four digits of an item number: what a box finds it by.
    tail: Mapped[str | None] = mapped_column(
        String(4), index=True, default=lambda row: tail_of(row.get_current_parameters()["subject"])
    )
    __table_args__ = (Index("ix_items_subject", "subject"),)
