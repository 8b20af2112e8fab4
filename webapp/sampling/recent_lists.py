"""What the lists of several departments say of the last weeks, read for phones: a few queries, however many departments."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Boolean, Integer, Row, String, cast, func, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from webapp.sampling.deliveries import Asked, Handed, Stood, who
from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.queries import Typed
from webapp.sampling.rules import SAMPLED, sample_of

BETWEEN = "\n"  # numbers are printable
Counts = Mapping[tuple[date, str], int]  # {(day, class): items}


class Reach(NamedTuple):
    """From which day on what is read, up to ``last``: the samples, what came back, and every number."""

    drawn: date
    returned: date
    listed: date
    last: date


class Numbers(NamedTuple):
    """What the lists of one day say: {number: class}, and the numbers that came back."""

    classes: dict[str, str]
    returned: set[str]


@dataclass(frozen=True)
class RecentLists:
    """The standing lists by unit, day and number, and those of their items that phones are told of."""

    reach: Reach
    heads: Sequence[Row]  # id, unit_code, day, number, sealed, revealed, announced, sample_size
    items: Mapping[str, Sequence[Row]]  # of each list, those of its sample and those that came back
    groups: Mapping[
        str, Sequence[Row]
    ]  # of each list of the last days: the numbers that are alike in all else

    @cached_property
    def sealed_days(self) -> Mapping[str, set[date]]:
        """Days of each unit that have lists, all of them sealed: their volumes come from the lists [Reading: volume]."""
        found: dict[str, set[date]] = {}
        for head in self.heads:
            found.setdefault(head.unit_code, set()).add(head.day)
        for head in self.heads:
            if not head.sealed:
                found[head.unit_code].discard(head.day)
        return found

    @cached_property
    def draws(self) -> Sequence[tuple[Row, Sequence[Row]]]:
        """The revealed lists by unit, day and number with their sample in force by rank."""
        return [(head, list(_sample(head, self.items[head.id]))) for head in self.heads if head.revealed]

    def returned(self, unit_code: str) -> dict[date, dict[str, Row]]:
        """{day: {number: its row}} of the items marked as returned on sealed lists, by day and number."""
        found: dict[date, dict[str, Row]] = {}
        for head in self._of(unit_code, self.reach.returned):
            if head.sealed:
                marked = {row.number: row for row in self.items[head.id] if row.returned}
                found[head.day] = marked | found.get(head.day, {})
        return {day: dict(sorted(rows.items())) for day, rows in found.items() if rows}

    def listed(self, unit_code: str) -> dict[date, Numbers]:
        """What the lists of each of the last days say of its numbers; of two classes the first list's."""
        if unit_code not in self._listed:
            self._listed[unit_code] = self._read(unit_code)
        return self._listed[unit_code]

    @cached_property
    def _listed(self) -> dict[str, dict[date, Numbers]]:
        return {}

    def _read(self, unit_code: str) -> dict[date, Numbers]:
        found: dict[date, Numbers] = {}
        for head in self._of(unit_code, self.reach.listed):
            numbers = found.setdefault(head.day, Numbers({}, set()))
            for row in self.groups[head.id]:
                alike = _numbers(row)
                if row.returned:
                    numbers.returned.update(alike)
                for number in alike:
                    numbers.classes.setdefault(number, row.mail_class)
        return found

    def delivered_by(self, unit_code: str, person: str, handed: Sequence[Handed]) -> dict[date, set[str]]:
        """{day: the numbers on the lists of the last days that the person delivered}, by the unit's hand-overs."""
        days = self.listed_days.get(unit_code, set())
        named = {one.day for one in handed if one.person == person} & days
        for head in self._of(unit_code, self.reach.listed):
            for row in self.groups[head.id]:
                named |= {head.day} if row.delivered_by == person else set()
        return {day: self._by(unit_code, day, person, handed) for day in sorted(named)}

    def _by(self, unit_code: str, day: date, person: str, handed: Sequence[Handed]) -> set[str]:
        here = [one for one in handed if one.day == day]
        stood: dict[str, list[Stood]] = {}
        for head in self._of(unit_code, day):
            if head.day == day:
                for row in self.groups[head.id]:
                    one = Stood(day, row.route_id, row.delivered_by)
                    for number in _numbers(row):
                        stood.setdefault(number, []).append(one)
        return {number for number, rows in stood.items() if person in who(day, number, rows, here)}

    @cached_property
    def known(self) -> Mapping[str, tuple[str, date]]:
        """{list: its unit and day}."""
        return {head.id: (head.unit_code, head.day) for head in self.heads}

    @cached_property
    def listed_days(self) -> Mapping[str, set[date]]:
        """The days of each unit of which every number is read."""
        found: dict[str, set[date]] = {}
        for head in self.heads:
            if head.day >= self.reach.listed:
                found.setdefault(head.unit_code, set()).add(head.day)
        return found

    def asked(self) -> set[Asked]:
        """The items that were drawn and those that came back: of them phones are told who delivered them."""
        drawn = {(head.unit_code, head.day, row.number) for head, rows in self.draws for row in rows}
        units = {head.unit_code for head in self.heads}
        return drawn | {
            (code, day, number)
            for code in units
            for day, rows in self.returned(code).items()
            for number in rows
        }

    def _of(self, unit_code: str, since: date) -> Iterator[Row]:
        return (head for head in self._by_unit.get(unit_code, ()) if head.day >= since)

    @cached_property
    def _by_unit(self) -> Mapping[str, Sequence[Row]]:
        found: dict[str, list[Row]] = {}
        for head in self.heads:
            found.setdefault(head.unit_code, []).append(head)
        return found


def _sample(head: Row, rows: Sequence[Row]) -> Iterator[Row]:
    by_number = {row.number: row for row in rows if row.rank is not None}
    ranks = [(row.rank, row.number, row.voided) for row in by_number.values()]
    return (by_number[number] for number in sample_of(ranks, head.sample_size or 0))


def _numbers(row: Row) -> list[str]:
    return row.number.split(BETWEEN)


def recent_lists(session: Session, codes: Collection[str], reach: Reach) -> RecentLists:
    """The lists of the units: two queries; three where an item of a sample was voided."""
    heads = _heads(session, codes, reach)
    if not heads:
        return RecentLists(reach, (), {}, {})
    last_rank = max((head.sample_size or 0 for head in heads if head.revealed), default=0)
    items, groups = _items(session, heads, reach, last_rank)
    voids = [sum(row.voided for row in rows) for rows in items.values()]
    if any(voids):  # a voided item lets the next rank in
        items, groups = _items(session, heads, reach, last_rank + max(voids))
    return RecentLists(reach, heads, items, groups)


def _heads(session: Session, codes: Collection[str], reach: Reach) -> Sequence[Row]:
    query = (
        select(
            Manifest.id, Manifest.unit_code, Manifest.day, Manifest.number, Manifest.announced,
            Manifest.sample_size, Manifest.sealed_at.is_not(None).label("sealed"),
            Manifest.revealed_at.is_not(None).label("revealed"),
        )
        .where(Manifest.unit_code.in_(codes), Manifest.day.between(min(reach), reach.last))
        .where(Manifest.discarded_at.is_(None))
        .order_by(Manifest.unit_code, Manifest.day, Manifest.number)
    )  # fmt: skip
    return session.execute(query).all()


Parts = dict[str, list[Row]]  # by list


def _items(session: Session, heads: Sequence[Row], reach: Reach, last_rank: int) -> tuple[Parts, Parts]:
    """Of draws the sample and what was voided, of the last weeks what came back; and of the last days every number, in
    groups: a county has tens of thousands.
    """
    item, of = ManifestItem, ManifestItem.manifest_id
    drawn = [head.id for head in heads if head.revealed]
    returned = [head.id for head in heads if head.sealed and head.day >= reach.returned]
    listed = [head.id for head in heads if head.day >= reach.listed]
    alike = (of, item.mail_class, item.route_id, item.delivered_by, item.returned)
    singly = select(
        *alike, item.number, item.masked_name, item.address_tag, item.return_reason, item.rank,
        item.voided_at.is_not(None).label("voided"),
    ).where(
        or_(
            of.in_(drawn) & or_(item.rank <= last_rank, item.voided_at.is_not(None)),
            of.in_(returned) & item.returned,
        )
    )  # fmt: skip
    none = cast(null(), String)
    together = (
        select(*alike, func.aggregate_strings(item.number, BETWEEN), none, none, none, cast(null(), Integer), cast(null(), Boolean))
        .where(of.in_(listed))
        .group_by(*alike)
    )  # fmt: skip
    items, groups = ({head.id: [] for head in heads} for _ in range(2))
    for row in session.execute(union_all(singly, together)).all():
        (groups if row.voided is None else items)[row.manifest_id].append(row)
    return items, groups


def counts_of(session: Session, codes: Collection[str], first: date, last: date) -> dict[str, Counts]:
    """How many items of each class stand on the sealed lists of the days, by unit; one query.

    A number on two lists of a day is one item, of the first list's class.
    """
    earlier, same = aliased(Manifest), aliased(ManifestItem)
    before = (
        select(same.number)
        .join(earlier, earlier.id == same.manifest_id)
        .where(earlier.unit_code == Manifest.unit_code, earlier.day == Manifest.day)
        .where(earlier.number < Manifest.number, earlier.discarded_at.is_(None), earlier.sealed_at.is_not(None))
        .where(same.number == ManifestItem.number)
        .exists()
    )  # fmt: skip
    query = (
        select(Manifest.unit_code, Manifest.day, ManifestItem.mail_class, func.count())
        .join(ManifestItem, ManifestItem.manifest_id == Manifest.id)
        .where(Manifest.unit_code.in_(codes), Manifest.day.between(first, last))
        .where(Manifest.discarded_at.is_(None), Manifest.sealed_at.is_not(None))
        .where(or_(Manifest.number == 1, ~before))
        .group_by(Manifest.unit_code, Manifest.day, ManifestItem.mail_class)
    )
    found: dict[str, dict[tuple[date, str], int]] = {}
    for code, day, name, count in session.execute(query):
        found.setdefault(code, {})[day, name] = count
    return found


def volumes_from(
    lists: RecentLists, counts: Mapping[str, Counts], said: Typed, unit_code: str
) -> dict[tuple[date, str], int]:
    """{(day, class): items} of a unit, as ``queries.volumes`` says it: the lists where all are sealed, else what was typed.

    ``counts``: of the days before those of which every number is read.
    """
    found = {key: items for key, (items, _) in said.items() if items is not None}
    before, listed = counts.get(unit_code, {}), lists.listed(unit_code)
    for day in lists.sealed_days.get(unit_code, ()):
        if day >= lists.reach.listed:
            by_class = Counter(listed[day].classes.values())
            found |= {(day, name): by_class[name] for name in SAMPLED}
        elif day >= lists.reach.returned:
            found |= {(day, name): before.get((day, name), 0) for name in SAMPLED}
    return found
