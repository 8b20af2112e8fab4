"""What the standing lists of a unit say of each day, read only [Reading: volume]; one query, however many days."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.sampling.models import Manifest, ManifestItem


@dataclass
class DayList:
    """All lists of one day that were not thrown away, taken together: a number on two of them is one item."""

    classes: dict[str, str] = field(default_factory=dict)  # {number: class}; a sealed list's word goes first
    sealed: set[str] = field(default_factory=set)  # the numbers on sealed lists
    returned: set[str] = field(default_factory=set)  # those marked as returned on any of the lists
    lists: int = 0
    sealed_lists: int = 0

    @property
    def whole(self) -> bool:
        """Whether no list of the day is left unsealed: then its volumes come from the lists."""
        return self.lists == self.sealed_lists

    def counts(self) -> Counter[str]:
        """{class: items} on the sealed lists."""
        return Counter(self.classes[number] for number in self.sealed)


def day_lists(session: Session, unit_code: str, first: date, last: date) -> dict[date, DayList]:
    """{day: its lists} of the days that have one, sealed or not; an empty list is one too."""
    return day_lists_of(session, [unit_code], first, last).get(unit_code, {})


def day_lists_of(
    session: Session, codes: Collection[str], first: date, last: date
) -> dict[str, dict[date, DayList]]:
    """The same of many units, by unit; one query."""
    query = (
        select(Manifest.unit_code, Manifest.day, Manifest.id, Manifest.sealed_at.is_not(None).label("sealed"),
               ManifestItem.number, ManifestItem.mail_class, ManifestItem.returned)
        .outerjoin(ManifestItem, ManifestItem.manifest_id == Manifest.id)
        .where(Manifest.unit_code.in_(codes), Manifest.day.between(first, last), Manifest.discarded_at.is_(None))
        .order_by(Manifest.unit_code, Manifest.day, Manifest.sealed_at.is_(None), Manifest.number, Manifest.id)
    )  # fmt: skip
    found: dict[str, dict[date, DayList]] = {}
    manifest = None
    for row in session.execute(query):
        listed = found.setdefault(row.unit_code, {}).setdefault(row.day, DayList())
        if row.id != manifest:
            manifest = row.id
            listed.lists += 1
            listed.sealed_lists += row.sealed
        if row.number is not None:
            _add(listed, row)
    return found


def _add(listed: DayList, row) -> None:
    listed.classes.setdefault(row.number, row.mail_class)
    if row.sealed:
        listed.sealed.add(row.number)
    if row.returned:
        listed.returned.add(row.number)
