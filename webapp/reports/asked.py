"""What the named queries are asked about, and what they gather beside their tables: the digests of what the figures stand on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.documents.rules import digest
from webapp.ledger.cells import departments_below
from webapp.ledger.models import LedgerLine, LedgerMonth
from webapp.ledger.signatures import line_digest
from webapp.org.models import Unit
from webapp.rulebook.documents import Section
from webapp.rulebook.periods import Period, period_of
from webapp.rulebook.queries import Editions
from webapp.rulebook.rules import Rulebook

BELOW = "below"  # of a key that stands for the departments' month sums, not for a single line


@dataclass
class Asked:
    """The unit and the period of a document, as of an instant; ``digests``: by the keys that cells name."""

    session: Session
    editions: Editions
    unit: Unit
    period: Period
    now: datetime
    section: Section
    addressed: Unit | None = None
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The local day of now."""
        return local_date(self.now)

    @property
    def book(self) -> Rulebook:
        """The edition in force on the period's first day."""
        return self.editions.on(self.period.first)

    def below(self) -> list[Unit]:
        """The units right below that were open in the period, by code."""
        query = select(Unit).where(Unit.parent_code == self.unit.code).order_by(Unit.code)
        return [
            one
            for one in self.session.scalars(query)
            if one.opened_on <= self.period.last
            and (one.closed_on is None or one.closed_on > self.period.first)
        ]

    def stands_on(self, line: LedgerLine) -> tuple[str, ...]:
        """Note the digest of a single line; its key."""
        key = f"{line.unit_code} {line.duty} {line.period}"
        self.digests[key] = line_digest(line)
        return (key,)

    def stands_on_sums(self, unit: Unit, duties: Iterable[str]) -> tuple[str, ...]:
        """Note the digest of the month sums of the departments below the unit, one for each duty; their keys."""
        keys = sums_digest(self.session, unit, duties, self.period)
        self.digests |= keys
        return tuple(keys)


def sums_digest(session: Session, unit: Unit, duties: Iterable[str], period: Period) -> dict[str, str]:
    """{key: digest of the month sums of the departments below the unit in the period}, one for each duty; one query."""
    query = (
        select(LedgerMonth)
        .join(Unit, Unit.code == LedgerMonth.unit_code)
        .where(departments_below(unit), LedgerMonth.month.in_(months_of(period)))
        .where(LedgerMonth.duty.in_(sorted(set(duties))))
        .order_by(LedgerMonth.duty, LedgerMonth.month, LedgerMonth.unit_code)
    )
    names = list(LedgerMonth.__table__.columns.keys())
    rows: dict[str, list] = {}
    for row in session.scalars(query):
        rows.setdefault(row.duty, []).append([getattr(row, name) for name in names])
    return {f"{unit.code} {duty} {period.code} {BELOW}": digest(several) for duty, several in rows.items()}


def months_of(period: Period) -> list[str]:
    """The codes of the months of the period."""
    return sorted({period_of("month", day).code for day in period.days()})


def lines_of(asked: Asked, codes: Iterable[str], duties: Iterable[str]) -> dict[tuple[str, str], LedgerLine]:
    """{(unit, duty): the line of the very period} of these units and duties; one query."""
    query = select(LedgerLine).where(
        LedgerLine.unit_code.in_(list(codes)),
        LedgerLine.duty.in_(list(duties)),
        LedgerLine.period == asked.period.code,
    )
    return {(line.unit_code, line.duty): line for line in asked.session.scalars(query)}
