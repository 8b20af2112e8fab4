"""The named queries of documents, and all tables of one with the digests of what they stand on. Read only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.reports import duties, late, matters, quality
from webapp.reports.asked import Asked
from webapp.reports.tables import Figure, Table, figures_in
from webapp.rulebook.documents import DocumentType
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import Editions

QUERIES: Mapping[str, Callable[[Asked], Table]] = {
    "members": duties.members,
    "relay-problems": matters.relay_problems,
    "quality": quality.quality,
    "comparison": quality.comparison,
    "problems": matters.problems,
    "faults": matters.faults,
    "grave": matters.grave,
    "visits": duties.visits,
    "own": duties.own,
    "coverage": duties.coverage,
    "duties": duties.duties,
    "open-ends": matters.open_ends,
    "supplements": late.supplements,
    "corrections": late.corrections,
    "special": duties.special,
    "cases": matters.cases,
}


@dataclass(frozen=True)
class Tables:
    """The tables of a document by section, as plain JSON, and the digests of what their figures stand on, by its key."""

    by_section: Mapping[str, list[dict]]
    digests: Mapping[str, str]

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure by its code."""
        return {one.code: one for tables in self.by_section.values() for one in figures_in(tables)}


def tables_of(
    session: Session, editions: Editions, kind: DocumentType, unit: Unit, period: Period, now: datetime,
    addressed: Unit | None = None,
) -> Tables:  # fmt: skip
    """All tables of a document of the unit about the period as they stand ``now``."""
    found: dict[str, list[dict]] = {}
    digests: dict[str, str] = {}
    for section in kind.sections:
        asked = Asked(session, editions, unit, period, now, section, addressed)
        found[section.code] = [QUERIES[name](asked).frozen() for name in section.tables]
        digests |= asked.digests
    return Tables(found, dict(sorted(digests.items())))
