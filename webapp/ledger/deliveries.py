"""Nobody judges the own deliveries [Reading: who]: such items are left out of a check before anything is counted.

It is a matter of what is in force, not of what was known when the check arrived: the lists, hand-overs and checks that
there are give the same lines in whatever order they came.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection, Item
from webapp.ledger.counting import without_own
from webapp.ledger.lines import Check
from webapp.rulebook.rules import Kind
from webapp.sampling.deliveries import Asked, deliverers, parts


def counts_deliverer(kind: Kind | None) -> bool:
    """Whether who delivered an item of this kind may not judge it: verdicts on numbered items, not choices or evidence."""
    return kind is not None and kind.judged and kind.subject == "item"


def leave_out(
    session: Session, checks: Mapping[str, Mapping[str, list[Check]]], kinds: Mapping[str, Kind]
) -> dict[str, dict[str, list[Check]]]:
    """The units' checks by unit and kind without own deliveries: a fixed number of queries for all units."""
    asked = {
        (code, check.day, item.subject)
        for code, by_kind in checks.items()
        for kind, several in by_kind.items()
        if counts_deliverer(kinds.get(kind))
        for check in several
        for item in check.items
    }
    known: dict[str, dict] = {}
    for (code, day, number), people in deliverers(session, asked).items():
        known.setdefault(code, {})[day, number] = people
    return {
        code: {
            kind: [without_own(check, known[code]) for check in several]
            if code in known and counts_deliverer(kinds.get(kind))
            else several
            for kind, several in by_kind.items()
        }
        for code, by_kind in checks.items()
    }


# ---------------------------------------------------------------- single records, for pages and phones


def own_items(session: Session, kinds: Mapping[str, Kind], *which) -> dict[str, set[str]]:
    """{inspection: numbers in it that its author delivered} of the inspections that ``which`` picks."""
    judged = [code for code, kind in kinds.items() if counts_deliverer(kind)]
    query = (
        select(Inspection.id, Inspection.author_id, Inspection.unit_code, Inspection.day, Item.subject)
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.kind.in_(judged), *which)
    )
    rows = session.execute(query).all()
    known: dict[Asked, frozenset[str]] = deliverers(session, {tuple(row[2:]) for row in rows})
    found: dict[str, set[str]] = {}
    for one, author, *asked in rows:
        if author in known.get(tuple(asked), ()):
            found.setdefault(one, set()).add(asked[-1])
    return found


def judged_days(
    session: Session, unit_code: str, numbers: Iterable[str], since: date
) -> set[tuple[str, date]]:
    """(kind, the day looked at) of the unit's checks in force of these numbers that look back to ``since``."""
    query = (
        select(Inspection.kind, Inspection.day)
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.unit_code == unit_code, Inspection.in_force, Inspection.day >= since)
        .distinct()
    )
    return {
        (kind, day)
        for part in parts(numbers)
        for kind, day in session.execute(query.where(Item.subject.in_(part)))
    }
