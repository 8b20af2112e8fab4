"""Where phones stood when they were at a relay point: what its keeper may take into the register; read only."""

import json
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection, Item
from webapp.journal.models import Fact
from webapp.registers.models import RelayPoint
from webapp.registers.rules import metres
from webapp.rulebook.purposes import visiting
from webapp.rulebook.queries import editions_of

GOOD = 50  # metres of accuracy with which a place is worth to be kept; the phone's own bound: domain/round.js
FEW = 5
LATEST = 20  # visits looked at


@dataclass(frozen=True)
class VisitPlace:
    """Where the phone was at a visit: degrees WGS 84, ``accuracy`` in metres; nobody's name. ``off``: metres from the
    register's place, None where it has none."""

    visit: str
    day: date
    latitude: float
    longitude: float
    accuracy: float
    off: float | None


def visit_places(session: Session, point: RelayPoint) -> list[VisitPlace]:
    """Of the latest visits in force that know their position well, the newest first; after 180 days it is deleted."""
    query = (
        select(Inspection.id, Inspection.day, Item.ordinal, Fact.personal)
        .join(Item, Item.inspection_id == Inspection.id)
        .join(Fact, Fact.id == Inspection.id)
        .where(Inspection.unit_code == point.unit_code, Inspection.in_force, Item.subject == point.id)
        .where(Inspection.kind.in_(visiting(editions_of(session).books)), Fact.personal != "")
        .order_by(Inspection.day.desc(), Inspection.id.desc())
        .limit(LATEST)
    )
    found = [_place(point, *row) for row in session.execute(query)]
    return [place for place in found if place][:FEW]


def _place(point: RelayPoint, visit: str, day: date, ordinal: int, personal: str) -> VisitPlace | None:
    said = json.loads(personal).get("positions", {}).get(str(ordinal))
    if not said or said.get("accuracy") is None or said["accuracy"] > GOOD:
        return None
    place = VisitPlace(visit, day, said["latitude"], said["longitude"], said["accuracy"], None)
    return replace(place, off=metres(point, place))
