"""Returned items of a day, read only [14.1(2), Reading: returned]."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.queries import sealed_days, typed
from webapp.sampling.rules import SAMPLED


def marked(session: Session, unit_code: str, first: date, last: date) -> dict[date, dict[str, str | None]]:
    """{day: {number: reason}} of the items marked as returned, for each day that has a sealed manifest."""
    sealed = (
        Manifest.unit_code == unit_code,
        Manifest.day.between(first, last),
        Manifest.discarded_at.is_(None),
        Manifest.sealed_at.is_not(None),
    )
    found: dict[date, dict[str, str | None]] = {
        day: {} for day in session.scalars(select(Manifest.day).where(*sealed).distinct())
    }
    items = (
        select(Manifest.day, ManifestItem.number, ManifestItem.return_reason)
        .join(Manifest, Manifest.id == ManifestItem.manifest_id)
        .where(*sealed, ManifestItem.returned)
        .order_by(Manifest.day, ManifestItem.number)
    )
    for day, number, reason in session.execute(items):
        found[day][number] = reason
    return found


def counts(
    session: Session, unit_code: str, first: date, last: date, listed: dict[date, dict[str, str | None]]
) -> dict[date, int]:
    """{day: returned items}; a day that is absent is missing.

    Those marked on the sealed manifests (``listed``, of :func:`marked`) provided none of that day is left unsealed,
    else the number typed; 0 where the volume is 0.
    """
    whole = sealed_days(session, unit_code, first, last)
    said = typed(session, unit_code, first, last)
    found = {day: len(listed[day]) for day in whole}
    for day in {day for day, _ in said} - whole:
        numbers = [_returned(said.get((day, name))) for name in SAMPLED]
        if None not in numbers:
            letters = said.get((day, "letter"), (None, None))[1]
            found[day] = sum(numbers) + (letters or 0)
    return found


def _returned(row: tuple[int | None, int | None] | None) -> int | None:
    items, returned = row or (None, None)
    return 0 if returned is None and items == 0 else returned
