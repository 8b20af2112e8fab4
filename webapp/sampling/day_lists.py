"""What the standing lists of a unit say of each day, read only [Reading: volume]; two queries, however many days."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.core.prepared import ask, several
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


class Items(NamedTuple):
    """What stands on one list."""

    classes: dict[str, str]
    returned: frozenset[str]


_LISTS = (
    select(Manifest.unit_code, Manifest.id, Manifest.day, Manifest.sealed_at.is_not(None), Manifest.seal)
    .where(Manifest.unit_code.in_(several("units")), Manifest.day.between(bindparam("first"), bindparam("last")))
    .where(Manifest.discarded_at.is_(None))
    .order_by(Manifest.day, Manifest.sealed_at.is_(None), Manifest.number, Manifest.id)
)  # fmt: skip
_ITEMS = select(
    ManifestItem.manifest_id, ManifestItem.number, ManifestItem.mail_class, ManifestItem.returned
).where(ManifestItem.manifest_id.in_(several("lists")))

# The items of sealed lists, by list and seal: they stand for good, and the seal is their digest. Read once a process instead of with
# every line of their day: of a push of fifty records an eighth. Lists come and go by the query that names them.
_sealed: dict[tuple[str, str], Items] = {}
MOST_KEPT = 1000  # lists; some 20 MB


def day_lists(session: Session, unit_code: str, first: date, last: date) -> dict[date, DayList]:
    """{day: its lists} of the days that have one, sealed or not; an empty list is one too."""
    return day_lists_of(session, [unit_code], first, last).get(unit_code, {})


def day_lists_of(
    session: Session, codes: Collection[str], first: date, last: date
) -> dict[str, dict[date, DayList]]:
    """The same of many units, by unit; two queries."""
    lists = ask(session, _LISTS, units=list(codes), first=first, last=last).all()
    items = _items_of(session, {one: seal if sealed else None for _, one, _, sealed, seal in lists})
    found: dict[str, dict[date, DayList]] = {}
    for unit, one, day, sealed, _ in lists:
        listed, here = found.setdefault(unit, {}).setdefault(day, DayList()), items[one]
        listed.lists += 1
        listed.sealed_lists += sealed
        listed.classes = here.classes | listed.classes
        if sealed:
            listed.sealed.update(here.classes)
        listed.returned |= here.returned
    return found


def _items_of(session: Session, seals: Mapping[str, str | None]) -> dict[str, Items]:
    """The items of each list; ``seals``: its seal, None where it is not sealed yet."""
    found = {one: _sealed[one, seal] for one, seal in seals.items() if seal and (one, seal) in _sealed}
    rows: dict[str, list] = {one: [] for one in seals if one not in found}
    for one, *item in ask(session, _ITEMS, lists=list(rows)).all() if rows else ():
        rows[one].append(item)
    for one, here in rows.items():
        classes = {number: mail_class for number, mail_class, _ in here}
        found[one] = Items(classes, frozenset(number for number, _, returned in here if returned))
        if seal := seals[one]:
            if len(_sealed) >= MOST_KEPT:
                _sealed.clear()
            _sealed[one, seal] = found[one]
    return found
