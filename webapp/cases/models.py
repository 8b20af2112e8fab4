"""Tables of cases: what failed, the cases that it opened, and every move made with them."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Id, Json, UtcDateTime, line


class Finding(Base):
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


# How lists are ordered, what they most often ask of a case, and all that they ask of one that has not ended.
_ORDER, _STANDING = ("urgency", "id"), ("type", "state", "severity")
_DAYS = ("last_month", "first_found", "last_found")
_SEEN = (
    *_STANDING, "league_code", "county_code", "unit_code", "owner_id", "kind", "criterion", "previous", "found_by",
    "climbs", "asked", "first_found", "last_found",
)  # fmt: skip


def _where(postgresql: str, sqlite: str | None = None) -> dict:
    """An index of some rows only."""
    return {"postgresql_where": text(postgresql), "sqlite_where": text(sqlite or postgresql)}


class Case(Base):
    """Something that is followed to its end: its type, states and moves are data (``rulebook/cases.toml``).

    What can be worked out of the opening and the moves is kept here all the same, so that lists can ask for it; whether it is
    overdue or escalated is not: that depends on the day.
    """

    __tablename__ = "cases"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(String(16))
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))  # that has to put it right
    found_by: Mapped[str] = mapped_column(String(20))  # the unit that found or issued it
    kind: Mapped[str | None] = mapped_column(String(24))  # of the record
    criterion: Mapped[str | None] = mapped_column(String(24))
    place_kind: Mapped[str] = mapped_column(String(8))  # point, route, person, unit
    place: Mapped[str] = mapped_column(String(40))  # its id or code
    severity: Mapped[str] = mapped_column(String(12))
    previous: Mapped[str | None] = mapped_column(Id)  # the case of which it is a recurrence
    parent: Mapped[str | None] = mapped_column(Id, index=True)  # the case that it is about
    number: Mapped[str | None] = mapped_column(String(40))
    content: Mapped[dict] = mapped_column(
        Json, default=dict
    )  # what an order asks for, what a signal rests upon
    sole: Mapped[str | None] = mapped_column(
        String(80), unique=True
    )  # of what is opened once only, whoever asks
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_on: Mapped[date] = mapped_column(Date)  # the local day of its arrival
    found_on: Mapped[date] = mapped_column(Date)  # the day of the work
    set_deadline: Mapped[date | None] = mapped_column(Date)  # by a person; None: by its severity
    first_owner: Mapped[str | None] = mapped_column(ForeignKey("people.id"))  # None: whoever leads the unit
    before: Mapped[bool] = mapped_column(default=False, server_default=false())  # older than the mechanism
    # --- of the fold
    state: Mapped[str] = mapped_column(String(16))
    ended: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    entered_on: Mapped[date] = mapped_column(Date)  # since when it is in this state
    deadline: Mapped[date | None] = mapped_column(Date)  # by which its owner has to have answered
    due_on: Mapped[date | None] = mapped_column(Date)  # by which whoever is at turn has to have moved
    climbs: Mapped[bool] = mapped_column(default=False)  # whether it climbs the ladder while it is overdue
    answered_on: Mapped[date | None] = mapped_column(Date)
    in_time: Mapped[bool | None] = mapped_column()
    closed_on: Mapped[date | None] = mapped_column(Date)
    returns: Mapped[int] = mapped_column(SmallInteger, default=0)
    moves: Mapped[int] = mapped_column(Integer, default=0)
    asked: Mapped[bool] = mapped_column(default=False)  # whether a request for more time waits
    # --- of lists (webapp/cases/listing.py)
    league_code: Mapped[str | None] = mapped_column(String(20))  # above the responsible unit, or itself
    county_code: Mapped[str | None] = mapped_column(String(20))
    urgency: Mapped[int] = mapped_column(Integer, default=0)  # the most urgent first: webapp/cases/urgency.py
    recency: Mapped[int] = mapped_column(Integer, default=0)  # the latest first
    first_found: Mapped[date | None] = mapped_column(Date)  # the days of what failed and still stands
    last_found: Mapped[date | None] = mapped_column(Date)
    first_month: Mapped[str | None] = mapped_column(String(7))  # of these days, 2026-11
    last_month: Mapped[str | None] = mapped_column(String(7))
    # Of the figures of a month: when it was opened, fell due, was closed.
    opened_month: Mapped[str | None] = mapped_column(String(7))
    due_month: Mapped[str | None] = mapped_column(String(7))
    closed_month: Mapped[str | None] = mapped_column(String(7))
    # Which question each of them answers stands in filters.py. Long ones hold all that is asked of a row, so that the row
    # itself is not read before it is known to be shown.
    __table_args__ = (
        Index("ix_cases_place", "unit_code", "kind", "criterion", "place_kind", "place"),
        Index("ix_cases_unit", "unit_code", *_ORDER),
        Index("ix_cases_county", "county_code", *_ORDER),
        Index("ix_cases_owner", "owner_id", *_ORDER),
        Index("ix_cases_league", "league_code", *_ORDER, *_STANDING, "kind", "criterion"),
        Index("ix_cases_standing", *_STANDING, *_ORDER),
        Index("ix_cases_criterion", "kind", "criterion", *_ORDER, *_STANDING, "league_code"),
        Index("ix_cases_found", "last_month", *_ORDER, *_STANDING, "league_code", "first_found", "last_found"),
        Index("ix_cases_opened", "opened_month", *_ORDER, *_STANDING, "league_code"),
        Index("ix_cases_due", "due_month", *_ORDER, *_STANDING, "league_code"),
        Index("ix_cases_closed", "closed_month", *_ORDER, *_STANDING, "league_code"),
        Index("ix_cases_live", *_ORDER, *_SEEN, **_where("NOT ended", "ended = 0")),
        Index("ix_cases_newest", "recency", "id", *_SEEN, **_where("NOT ended", "ended = 0")),
        Index("ix_cases_ended", *_ORDER, **_where("ended", "ended = 1")),
        Index("ix_cases_recurs", *_ORDER, *_STANDING, "league_code", **_where("previous IS NOT NULL")),
        Index("ix_cases_again", *_ORDER, *_DAYS, *_STANDING, "league_code", **_where("first_month < last_month")),
        Index("ix_cases_asked", *_ORDER, **_where("asked", "asked = 1")),
        Index("ix_cases_numbered", "number", **_where("number IS NOT NULL")),
    )  # fmt: skip


class Occurrence(Base):
    """A failed criterion of an item, and the case that it opened or joined."""

    __tablename__ = "case_occurrences"
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    criterion: Mapped[str] = mapped_column(String(24), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)


class CaseMove(Base):
    """A move that somebody made, unfolded from its fact (same id); its words stand in the fact's personal part."""

    __tablename__ = "case_moves"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    seq: Mapped[int] = mapped_column(Integer)  # 1 … in the order of arrival
    move: Mapped[str] = mapped_column(String(16))
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    acting_code: Mapped[str] = mapped_column(String(20))
    day: Mapped[date] = mapped_column(Date)  # on which it counts
    at: Mapped[datetime] = mapped_column(UtcDateTime)  # when it arrived
    content: Mapped[dict] = mapped_column(Json, default=dict)
    __table_args__ = (Index("ix_case_moves_case", "case_id", "seq", unique=True),)


class CaseLink(Base):
    """A work order is about these cases."""

    __tablename__ = "case_links"
    order_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)


class CaseNumber(Base):
    """The last number that a unit gave to cases of a type in a year: no gaps, none twice."""

    __tablename__ = "case_numbers"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    type: Mapped[str] = mapped_column(String(16), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class CaseView(Base):
    """A list of cases as somebody likes to see it, under a name: the filters of its address."""

    __tablename__ = "case_views"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(line(40))
    query: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (UniqueConstraint("person_id", "name"),)
