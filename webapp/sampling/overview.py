"""The lists of one day in many departments: what was imported, sealed, drawn. Read only, two queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.sampling.models import Manifest, ManifestItem

NONE, DRAFT, SEALED, REVEALED = STATES = ("none", "draft", "sealed", "revealed")


@dataclass
class DayLists:
    """A department's lists of a day. ``counts``: items by class; ``at``: when the last of them was sealed, else imported."""

    lists: int = 0
    sealed: int = 0
    revealed: int = 0
    sample: int = 0
    at: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """How far the day is: one list that is still a draft keeps all of it back."""
        if not self.lists:
            return NONE
        if self.sealed < self.lists:
            return DRAFT
        return REVEALED if self.revealed == self.lists else SEALED

    @property
    def items(self) -> int:
        """All items on them."""
        return sum(self.counts.values())


def lists_of_day(session: Session, paths: Iterable[str], day: date) -> dict[str, DayLists]:
    """{code of a department at or below the paths: its lists of the day}; a department without one is absent."""
    here = (within(paths), Manifest.day == day, Manifest.discarded_at.is_(None))
    query = (
        select(
            Manifest.unit_code, func.count(), func.count(Manifest.sealed_at), func.count(Manifest.revealed_at),
            func.coalesce(func.sum(Manifest.sample_size), 0),
            func.max(func.coalesce(Manifest.sealed_at, Manifest.created_at)),
        )
        .join(Unit, Unit.code == Manifest.unit_code)
        .where(*here)
        .group_by(Manifest.unit_code)
    )  # fmt: skip
    found = {code: DayLists(*row) for code, *row in session.execute(query)}
    counts = (
        select(Manifest.unit_code, ManifestItem.mail_class, func.count())
        .join(Unit, Unit.code == Manifest.unit_code)
        .join(ManifestItem, ManifestItem.manifest_id == Manifest.id)
        .where(*here)
        .group_by(Manifest.unit_code, ManifestItem.mail_class)
    )
    for code, name, items in session.execute(counts):
        found[code].counts[name] = items
    return found
