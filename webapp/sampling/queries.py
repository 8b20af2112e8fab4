"""Volumes, sealed lists and draws, read only; each with a constant number of queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from webapp.core.prepared import ask, several
from webapp.org.models import Route
from webapp.sampling.day_lists import DayList, day_lists
from webapp.sampling.models import Handover, Manifest, ManifestItem, Volume
from webapp.sampling.rules import RETURNED, SAMPLED, sample_of

Typed = dict[tuple[date, str], tuple[int | None, int | None]]  # {(day, class): (items, returned)}
Together = dict[date, int | None]
Drawn = list[tuple[Row, list[Row]]]  # manifests with items of theirs


def _standing(codes: str | Collection[str], first: date, last: date):
    """Manifests of the units (the one unit) and days that were not thrown away."""
    return (
        Manifest.unit_code == codes if isinstance(codes, str) else Manifest.unit_code.in_(codes),
        Manifest.day.between(first, last),
        Manifest.discarded_at.is_(None),
    )


def volumes(session: Session, unit_code: str, first: date, last: date) -> dict[tuple[date, str], int]:
    """{(day, class): items}; an absent pair is missing [Reading: volume].

    The sum over the day's sealed manifests, provided none of that day is left unsealed (numbered classes absent
    from them are 0); else what was typed; else missing.
    """
    lists = day_lists(session, unit_code, first, last)
    return volumes_by(typed(session, unit_code, first, last), lists)


def volumes_by(said: Typed, lists: Mapping[date, DayList]) -> dict[tuple[date, str], int]:
    """The same of a unit for whoever has what was typed and the ``day_lists`` already."""
    found = {key: items for key, (items, _) in said.items() if items is not None}
    for day, listed in lists.items():
        if listed.whole:
            counts = listed.counts()
            found |= {(day, name): counts[name] for name in SAMPLED}
    return found


def typed(session: Session, unit_code: str, first: date, last: date) -> Typed:
    """{(day, class): (items, returned)} as typed, None for unknown again; of several the greatest fact id is in force."""
    return typed_of(session, [unit_code], first, last).get(unit_code, ({}, {}))[0]


def typed_together(session: Session, unit_code: str, first: date, last: date) -> Together:
    """{day: the returned items of all numbered classes, typed as one number}, None for unknown again.

    Only of days on which that is the last word: whoever later types one beside a class counts by class again.
    """
    return typed_of(session, [unit_code], first, last).get(unit_code, ({}, {}))[1]


_SAID = (
    select(Volume.unit_code, Volume.day, Volume.mail_class, Volume.items, Volume.returned)
    .where(Volume.unit_code.in_(several("units")), Volume.day.between(bindparam("first"), bindparam("last")))
    .order_by(Volume.fact_id)
)


def typed_of(
    session: Session, codes: Collection[str], first: date, last: date
) -> dict[str, tuple[Typed, Together]]:
    """What :func:`typed` and :func:`typed_together` say of many units, by unit; one query."""
    found: dict[str, tuple[Typed, Together]] = {}
    for code, day, name, items, returned in ask(
        session, _SAID, units=list(codes), first=first, last=last
    ).all():
        said, together = found.setdefault(code, ({}, {}))
        if name == RETURNED:
            together[day] = items
            continue
        said[day, name] = (items, returned)
        if name in SAMPLED and returned is not None:
            together.pop(day, None)
    return found


def numbers_on(session: Session, unit_code: str, first: date, last: date) -> dict[date, dict[str, str]]:
    """{day: {number: class}} of the sealed manifests."""
    query = (
        select(Manifest.day, ManifestItem.number, ManifestItem.mail_class)
        .join(Manifest, Manifest.id == ManifestItem.manifest_id)
        .where(*_standing(unit_code, first, last), Manifest.sealed_at.is_not(None))
        .order_by(Manifest.day, Manifest.number)
    )
    found: dict[date, dict[str, str]] = {}
    for day, number, name in session.execute(query):
        found.setdefault(day, {}).setdefault(number, name)
    return found


def samples(session: Session, unit_code: str, first: date, last: date) -> dict[date, dict[str, bool]]:
    """{day: {number: announced}} of the revealed draws in force."""
    return samples_of(session, [unit_code], first, last).get(unit_code, {})


def samples_of(
    session: Session, codes: Collection[str], first: date, last: date
) -> dict[str, dict[date, dict[str, bool]]]:
    """The same of many units, by unit; three queries."""
    found: dict[str, dict[date, dict[str, bool]]] = {}
    for manifest, rows in drawn_of(session, codes, first, last):
        sample = found.setdefault(manifest.unit_code, {}).setdefault(manifest.day, {})
        sample.update({row.number: manifest.announced for row in in_sample(manifest, rows)})
    return found


_DAYS = (
    Manifest.unit_code.in_(several("units")),
    Manifest.day.between(bindparam("first"), bindparam("last")),
    Manifest.discarded_at.is_(None),
)
_REVEALED = (
    select(Manifest.id, Manifest.unit_code, Manifest.day, Manifest.announced, Manifest.sample_size)
    .where(*_DAYS, Manifest.revealed_at.is_not(None))
    .order_by(Manifest.day, Manifest.number, Manifest.unit_code)
)
_VOIDED_OF = (
    select(ManifestItem.manifest_id, func.count())
    .where(ManifestItem.manifest_id.in_(several("lists")), ManifestItem.voided_at.is_not(None))
    .group_by(ManifestItem.manifest_id)
)
_FIRST_ITEMS = (
    select(ManifestItem.__table__)
    .where(ManifestItem.manifest_id.in_(several("lists")), ManifestItem.rank <= bindparam("rank"))
    .order_by(ManifestItem.rank)
)
_VOIDED = (
    select(Manifest.unit_code, Manifest.day, func.count())
    .join(ManifestItem, ManifestItem.manifest_id == Manifest.id)
    .where(*_DAYS, ManifestItem.voided_at.is_not(None))
    .group_by(Manifest.unit_code, Manifest.day)
)


def drawn_items(session: Session, unit_code: str, first: date, last: date) -> Drawn:
    """Revealed manifests of the days with those of their items, by rank, that can be in the sample, as rows; three queries.

    A voided item lets the next rank in, so nothing beyond the sample's size and the number of voided ones can be.
    """
    return drawn_of(session, [unit_code], first, last)


def drawn_of(session: Session, codes: Collection[str], first: date, last: date) -> Drawn:
    """The same of many units; three queries."""
    manifests = {
        one.id: one for one in ask(session, _REVEALED, units=list(codes), first=first, last=last).all()
    }
    if not manifests:
        return []
    voided = dict(ask(session, _VOIDED_OF, lists=list(manifests)).all())
    last_rank = max((one.sample_size or 0) + voided.get(one.id, 0) for one in manifests.values())
    rows: dict[str, list[Row]] = {one: [] for one in manifests}
    for item in ask(session, _FIRST_ITEMS, lists=list(manifests), rank=last_rank).all():
        rows[item.manifest_id].append(item)
    return [(manifest, rows[manifest.id]) for manifest in manifests.values()]


def in_sample(manifest: Row, rows: Iterable[Row]) -> list[Row]:
    """The items of the sample in force by rank: voided ones are replaced by the next rank."""
    by_number = {row.number: row for row in rows}
    ranks = [(row.rank, row.number, row.voided_at is not None) for row in by_number.values()]
    return [by_number[number] for number in sample_of(ranks, manifest.sample_size or 0)]


def capturable(session: Session, unit_code: str, day: date, person_id: str) -> set[str]:
    """Numbers of that day's revealed draws that the person delivered; one voided meanwhile stays evidence.

    Whoever the list or any hand-over names: a photo that was taken before the route changed hands is evidence too,
    whenever it arrives.
    """
    given = select(Handover.route_id, Handover.number).where(
        Handover.unit_code == unit_code, Handover.day == day, Handover.person_id == person_id
    )
    handed = {one for row in session.execute(given) for one in row if one}
    found = set()
    for manifest, rows in drawn_items(session, unit_code, day, day):
        last = max((row.rank for row in in_sample(manifest, rows)), default=0)
        mine = [row for row in rows if row.delivered_by == person_id or handed & {row.route_id, row.number}]
        found |= {row.number for row in mine if row.rank <= last}
    return found


def voided_of(
    session: Session, codes: Collection[str], first: date, last: date
) -> dict[str, dict[date, int]]:
    """How many drawn items of the units were voided, by unit and day; one query."""
    found: dict[str, dict[date, int]] = {}
    for code, day, count in ask(session, _VOIDED, units=list(codes), first=first, last=last).all():
        found.setdefault(code, {})[day] = count
    return found


@dataclass
class Listing:
    """A manifest with how many items of each class stand on it, and how many of them came back or were voided."""

    manifest: Manifest
    counts: dict[str, int] = field(default_factory=dict)
    returned: int = 0
    voided: int = 0

    @property
    def items(self) -> int:
        """All items on it."""
        return sum(self.counts.values())


def listings(session: Session, unit_code: str, first: date, last: date) -> dict[date, list[Listing]]:
    """{day: the lists of that day by number}, drafts too, the latest day first; two queries."""
    query = (
        select(Manifest)
        .where(*_standing(unit_code, first, last))
        .order_by(Manifest.day.desc(), Manifest.number)
    )
    found = {one.id: Listing(one) for one in session.scalars(query)}
    counts = select(
        ManifestItem.manifest_id, ManifestItem.mail_class, func.count(),
        func.count().filter(ManifestItem.returned), func.count(ManifestItem.voided_at),
    ).where(ManifestItem.manifest_id.in_(list(found)))  # fmt: skip
    for manifest, name, items, returned, voids in session.execute(
        counts.group_by(ManifestItem.manifest_id, ManifestItem.mail_class)
    ):
        found[manifest].counts[name] = items
        found[manifest].returned += returned
        found[manifest].voided += voids
    days: dict[date, list[Listing]] = {}
    for listing in found.values():
        days.setdefault(listing.manifest.day, []).append(listing)
    return days


def items_of(session: Session, manifest_id: str) -> list[ManifestItem]:
    """The items of one manifest by number."""
    query = select(ManifestItem).where(ManifestItem.manifest_id == manifest_id)
    return list(session.scalars(query.order_by(ManifestItem.number)))


def returned_on(session: Session, unit_code: str, day: date) -> dict[str, int]:
    """{class: distinct items marked as returned on the sealed manifests of the day}."""
    query = (
        select(ManifestItem.mail_class, func.count(ManifestItem.number.distinct()))
        .join(Manifest, Manifest.id == ManifestItem.manifest_id)
        .where(*_standing(unit_code, day, day), Manifest.sealed_at.is_not(None), ManifestItem.returned)
    )
    return dict(session.execute(query.group_by(ManifestItem.mail_class)).all())


def routes_on(session: Session, manifest_id: str) -> list[Route]:
    """The routes that the manifest's items name, closed ones too, by code."""
    named = select(ManifestItem.route_id).where(ManifestItem.manifest_id == manifest_id)
    return list(session.scalars(select(Route).where(Route.id.in_(named)).order_by(Route.code)))


def route_labels(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Number and name of the routes, closed ones too, by id."""
    rows = session.execute(select(Route.id, Route.code, Route.name).where(Route.id.in_(list(ids))))
    return {route: f"{code} {name}" for route, code, name in rows}
