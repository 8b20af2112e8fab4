"""Open a problem for each failed item, and close it with its verdict."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from webapp.inspections.schemas import Draft, DraftItem
from webapp.problems.models import OpenedProblem
from webapp.rulebook.rules import DIFFERENCE, Kind


def open_for(session: Session, fact_id: str, draft: Draft, kind: Kind, now: datetime, in_force: bool) -> None:
    """One problem for each item of the inspection that failed, and for a head whose sums do not agree."""
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
        session.execute(insert(OpenedProblem), rows)


def _faults(item: DraftItem, kind: Kind, header: dict) -> list[str]:
    if kind.difference(header):
        return [DIFFERENCE]
    return sorted(code for code, answer in item.answers.items() if answer == "fail")


def set_in_force(session: Session, inspection_ids: Iterable[str], in_force: bool) -> None:
    """Problems live as long as the verdict that opened them."""
    ids = list(inspection_ids)
    session.execute(
        update(OpenedProblem).where(OpenedProblem.inspection_id.in_(ids)).values(in_force=in_force)
    )
