"""Unfold an inspection or capture into its rows. The caller has stored the fact and commits."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from webapp.inspections.drafts import Draft
from webapp.inspections.models import Inspection, Item
from webapp.inspections.queries import stale_roles
from webapp.photos.operations import name_in_record
from webapp.sampling.rules import tail_of

_RECORDS, _ITEMS = insert(Inspection), insert(Item)


def unfold(
    session: Session, fact_id: str, draft: Draft, author_id: str, roles: Iterable[str], in_force: bool
) -> None:
    """Insert the inspection, its items and photo references under the id of its fact."""
    session.execute(
        _RECORDS,
        [
            {
                "id": fact_id,
                "kind": draft.kind,
                "unit_code": draft.unit,
                "acting_code": draft.acting,
                "author_id": author_id,
                "roles": " ".join(sorted(roles)),
                "day": draft.day,
                "work_date": draft.date,
                "method": draft.method,
                "started_at": draft.started,
                "ended_at": draft.ended,
                "in_force": in_force,
                "withdrawn": False,
                "header": draft.header,
                "drawn": draft.drawn,
            }
        ],
    )
    if draft.items:  # a review may open no form at all
        session.execute(_ITEMS, [_item_row(fact_id, n, item) for n, item in enumerate(draft.items)])
    photos = [(n, photo.sha256, photo.size) for n, item in enumerate(draft.items) for photo in item.photos]
    voices = [(n, item.voice.sha256, item.voice.size) for n, item in enumerate(draft.items) if item.voice]
    name_in_record(session, fact_id, draft.unit, author_id, photos, voices)


def _item_row(fact_id: str, ordinal: int, item) -> dict:
    return {
        "inspection_id": fact_id,
        "ordinal": ordinal,
        "subject": item.subject,
        "mail_class": item.mail_class,
        "verdict": item.verdict,
        "answers": item.stored_answers,
        "captures": list(item.captures),
        "stratum": item.stratum,
        "tag": item.tag,
        "route_id": item.route,
        "tail": tail_of(item.subject),
    }


def set_in_force(session: Session, ids: Iterable[str], in_force: bool) -> None:
    """Mark inspections as counted or not."""
    session.execute(update(Inspection).where(Inspection.id.in_(list(ids))).values(in_force=in_force))


def set_withdrawn(session: Session, ids: Iterable[str]) -> None:
    """Mark inspections as withdrawn: they are counted as such beside the figures."""
    session.execute(update(Inspection).where(Inspection.id.in_(list(ids))).values(withdrawn=True))


def put_on_day(session: Session, inspection_id: str, work_date: date, day: date) -> None:
    """The inspection was done on ``work_date`` and counts for ``day``, whatever its phone's clock said."""
    this = Inspection.id == inspection_id
    session.execute(update(Inspection).where(this).values(work_date=work_date, day=day))
    refresh_roles(session, this)


def refresh_roles(session: Session, *which) -> list[str]:
    """Write anew the authors' roles on the day of the work, where a role was given or ended since; ids of what differed.

    ``which`` are conditions on :class:`Inspection`.
    """
    stale = stale_roles(session, *which)
    if stale:
        rows = [{"id": one, "roles": " ".join(roles)} for one, roles in sorted(stale.items())]
        session.execute(update(Inspection), rows)
    return sorted(stale)
