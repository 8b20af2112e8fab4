"""A second file about items that stand on the day's lists: what it says otherwise, and what of that can still be changed.

The same number is not the same content. A column that the file does not have says nothing.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.schemas import Row

# What a file says by the columns of a row and of an item.
COLUMNS = {
    "class": "mail_class",
    "route": "route_id",
    "carrier": "delivered_by",
    "name": "masked_name",
    "tag": "address_tag",
    "returned": "returned",
    "reason": "return_reason",
}
RETURN = ("returned", "reason")


@dataclass(frozen=True)
class Standing:
    """An item as it stands on the day's lists; on two of them it is one, returned if one of them says so."""

    manifest: str
    sealed: bool
    values: tuple  # in the order of COLUMNS

    def value(self, name: str):
        """What it says of a field of a file."""
        return self.values[list(COLUMNS).index(name)]

    @property
    def digest(self) -> str:
        """Changes whenever what is said of the item does."""
        said = repr((self.manifest, self.sealed, self.values))
        return hashlib.sha256(said.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Change:
    """A row that says otherwise than the list: ``row`` in full, and ``(field, old, new)`` of each difference."""

    row: Row
    differences: tuple[tuple[str, object, object], ...]


def standing_on(session: Session, unit_code: str, day: date) -> dict[str, Standing]:
    """{number: how it stands on the unit's lists of the day}: as on the draft, else as on the first sealed one."""
    query = (
        select(Manifest.id, Manifest.sealed_at, ManifestItem.number, *(getattr(ManifestItem, name) for name in COLUMNS.values()))
        .join(Manifest, Manifest.id == ManifestItem.manifest_id)
        .where(Manifest.unit_code == unit_code, Manifest.day == day, Manifest.discarded_at.is_(None))
        .order_by(Manifest.number)
    )  # fmt: skip
    found: dict[str, Standing] = {}
    for manifest, sealed_at, number, *values in session.execute(query):
        item = Standing(manifest, sealed_at is not None, tuple(values))
        first = found.get(number)
        found[number] = item if first is None or not item.sealed else _one(first, item)
    return found


def _one(first: Standing, again: Standing) -> Standing:
    """A sealed item and what a sealed supplement says of its return."""
    came_back = again if again.value("returned") and not first.value("returned") else first
    return replace(first, values=(*first.values[:5], *came_back.values[5:]))


def compared(row: Row, item: Standing) -> Change | None:
    """The row in full, what its file does not say as it stands; None if it says nothing else than the list."""
    kept = {name: item.value(name) for name in COLUMNS if name not in row.said}
    if "carrier" in kept and row.route_id != item.value("route") and "route" in row.said:
        del kept["carrier"]  # another route without a carrier: who walks that one
    if "reason" in kept and not row.returned and "returned" in row.said:
        kept["reason"] = None
    full = replace(row, **{COLUMNS[name]: value for name, value in kept.items()})
    said = {name: (item.value(name), getattr(full, column)) for name, column in COLUMNS.items()}
    differences = tuple((name, old, new) for name, (old, new) in said.items() if old != new)
    return Change(full, differences) if differences else None


def parted(change: Change) -> tuple[Change | None, Change | None]:
    """Of a sealed item: its return, which a supplement can say, and what nothing can change any more."""
    rest = tuple(one for one in change.differences if one[0] not in RETURN)
    back = tuple(one for one in change.differences if one[0] in RETURN)
    if ("returned", False, True) not in back:
        return None, change
    old = {COLUMNS[name]: value for name, value, _ in rest}
    return Change(replace(change.row, **old), back), Change(change.row, rest) if rest else None
