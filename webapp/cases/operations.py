"""Open a problem for each failed item, and close it with its verdict."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Insert, insert, literal, select, update
from sqlalchemy.orm import Session

from webapp.cases.models import Finding
from webapp.inspections.drafts import Draft, DraftItem
from webapp.inspections.models import Inspection, Item
from webapp.rulebook.rules import DIFFERENCE, Kind

_INTO = insert(Finding)


def open_for(session: Session, fact_id: str, draft: Draft, kind: Kind, now: datetime, in_force: bool) -> bool:
    """Keep each item of the inspection that failed, and a head whose sums do not agree; returns whether there was any."""
    rows = [
        {
            "inspection_id": fact_id,
            "ordinal": ordinal,
            "unit_code": draft.unit,
            "kind": draft.kind,
            "subject": item.subject,
            "criteria": criteria,
            "day": draft.day,
            "opened_at": now,
            "in_force": in_force,
        }
        for ordinal, item in enumerate(draft.items)
        if (criteria := _faults(item, kind, draft.header))
    ]
    if rows:
        session.execute(_INTO, rows)
    return bool(rows)


def follow_heads(session: Session, differs: Mapping[str, bool], now: datetime) -> list[str]:
    """Open or end what heads failed: {record: whether its sums or its opening differ}, as the ledger found them.

    Returns the records of which something changed.

    A balance is right or wrong by what the day before carried over, which may be recorded or corrected later.
    """
    if not differs:
        return []
    here = (Finding.inspection_id.in_(list(differs)), Finding.ordinal == 0)
    stored = dict(session.execute(select(Finding.inspection_id, Finding.in_force).where(*here)).all())
    changed = [record for record in sorted(differs) if record not in stored and differs[record]]
    for record in changed:
        session.execute(_opening(record, now))
    for state in (True, False):
        moved = [record for record, in_force in stored.items() if differs[record] is state is not in_force]
        if moved:
            set_in_force(session, moved, state)
        changed += moved
    return changed


def _opening(record: str, now: datetime) -> Insert:
    """The problem of a record's head, opened after the record itself."""
    columns = (
        "inspection_id",
        "ordinal",
        "unit_code",
        "kind",
        "subject",
        "criteria",
        "day",
        "opened_at",
        "in_force",
    )
    row = select(
        Inspection.id, literal(0), Inspection.unit_code, Inspection.kind, Item.subject,
        literal([DIFFERENCE], Finding.criteria.type), Inspection.day, literal(now, Finding.opened_at.type),
        literal(True),
    ).join(Item, (Item.inspection_id == Inspection.id) & (Item.ordinal == 0)).where(Inspection.id == record)  # fmt: skip
    return insert(Finding).from_select(columns, row)


def _faults(item: DraftItem, kind: Kind, header: dict) -> list[str]:
    if kind.difference(header):
        return [DIFFERENCE]
    return sorted(code for code, answer in item.answers.items() if answer == "fail")


def set_in_force(session: Session, inspection_ids: Iterable[str], in_force: bool) -> None:
    """Problems live as long as the verdict that opened them."""
    ids = list(inspection_ids)
    session.execute(update(Finding).where(Finding.inspection_id.in_(ids)).values(in_force=in_force))
