"""Inspections and captures, read only."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection, Item


@dataclass
class Evidence:
    """What is known of the items of a day's list: {number: capture id}, {number: (inspection id, verdict)}."""

    captures: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)


def evidence(session: Session, unit_code: str, day: date) -> Evidence:
    """Captures and verdicts in force about the unit's list of ``day``; of two verdicts a fail wins [Reading]."""
    query = (
        select(Inspection.id, Inspection.kind, Item.subject, Item.verdict)
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.unit_code == unit_code, Inspection.day == day, Inspection.in_force)
        .where(Inspection.kind.in_(("capture", "receipt")))
        .order_by(Inspection.id)
    )
    found = Evidence()
    for inspection, kind, number, verdict in session.execute(query):
        if kind == "capture":
            found.captures[number] = inspection
        elif verdict == "fail" or number not in found.verdicts:
            found.verdicts[number] = (inspection, verdict)
    return found
