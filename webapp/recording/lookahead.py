"""What the guards of a whole push ask of the database, asked once for all its facts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.core.prepared import ask, several
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.recording.entries import Entry
from webapp.registers.models import RelayPoint
from webapp.rulebook.queries import Editions

AT_ONCE = 5000  # values in one IN list: SQLite takes 32,766
_UNITS = select(Unit).where(Unit.code.in_(several("codes")))
_POINTS = select(RelayPoint.id, RelayPoint.unit_code, RelayPoint.route_id).where(
    RelayPoint.id.in_(several("points"))
)
_SPEAKING = select(Fact.amends, Fact.target).where(
    or_(Fact.amends.in_(several("facts")), Fact.target.in_(several("facts")))
)


@dataclass(frozen=True)
class Ahead:
    """Units and points that the facts speak of, and which of the facts others speak of."""

    units: dict[str, Unit] = field(default_factory=dict)  # held here: a session forgets what nobody holds
    points: dict[str, tuple[str, str | None]] = field(default_factory=dict)  # {point: (unit, route)}
    spoken_of: frozenset[str] = (
        frozenset()
    )  # ids that other facts, stored or coming, amend, withdraw, confirm or bear

    def points_of(self, unit: str) -> dict[str, str | None]:
        """The points that are named and stand in the unit's register: {point: route}."""
        return {point: route for point, (code, route) in self.points.items() if code == unit}


def look(session: Session, entries: Sequence[Entry], rulebook: Editions) -> Ahead:
    """Everything at once: a fixed number of queries, however many facts."""
    codes = {code for entry in entries for code in entry.units}
    units = {unit.code: unit for unit in session.scalars(_UNITS, {"codes": list(codes)})} if codes else {}
    points = {
        item.subject
        for entry in entries
        if entry.draft and rulebook.on(entry.date).kinds[entry.kind].subject == "point"
        for item in entry.draft.items
    }
    return Ahead(units, _points(session, points), _spoken(session, entries))


def _points(session: Session, wanted: set[str]) -> dict[str, tuple[str, str | None]]:
    return {
        point: (unit, route)
        for part in _parts(wanted)
        for point, unit, route in ask(session, _POINTS, points=part)
    }


def _spoken(session: Session, entries: Sequence[Entry]) -> frozenset[str]:
    ids = {entry.id for entry in entries if entry.draft}
    stored = {
        fact_id
        for part in _parts(ids)
        for row in ask(session, _SPEAKING, facts=part)
        for fact_id in row
        if fact_id
    }
    twice = {fact_id for fact_id, count in Counter(entry.id for entry in entries).items() if count > 1}
    return frozenset(
        stored | twice | {fact_id for entry in entries for fact_id in (entry.amends, entry.target) if fact_id}
    )


def _parts(values: set[str]) -> Iterator[list[str]]:
    rest = iter(sorted(values))
    while part := list(islice(rest, AT_ONCE)):
        yield part
