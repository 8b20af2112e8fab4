"""Volumes, sealed lists and draws, read only; each with a constant number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from webapp.core.prepared import ask, several
from webapp.org.models import Route
from webapp.sampling.day_lists import DayList, day_lists
from webapp.sampling.deliveries import deliverers
from webapp.sampling.models import Handover, Manifest, ManifestItem, Volume
from webapp.sampling.rules import RETURNED, SAMPLED, sample_of


def _standing(unit_code: str, first: date, last: date):
    """Manifests of the unit and days that were not thrown away."""
    return (
        Manifest.unit_code == unit_code,
        Manifest.day.between(first, last),
        Manifest.discarded_at.is_(None),
    )


def volumes(
    session: Session,
    unit_code: str,
    first: date,
    last: date,
    lists: Mapping[date, DayList] | None = None,
) -> dict[tuple[date, str], int]:
    """{(day, class): items}; an absent pair is missing [Reading: volume].

    The sum over the day's sealed manifests, provided none of that day is left unsealed (numbered classes absent
    from them are 0); else what was typed; else missing. ``lists`` are ``day_lists`` where the caller has them already.
    """
    said = typed(session, unit_code, first, last)
    found = {key: items for key, (items, _) in said.items() if items is not None}
    for day, listed in (day_lists(session, unit_code, first, last) if lists is None else lists).items():
        if listed.whole:
            counts = listed.counts()
            found |= {(day, name): counts[name] for name in SAMPLED}
    return found


def sealed_days(session: Session, unit_code: str, first: date, last: date) -> set[date]:
    """Days that have lists, all of them sealed: their volumes come from the manifests [Reading: volume]."""
    query = select(Manifest.day, func.count(), func.count(Manifest.sealed_at)).where(
        *_standing(unit_code, first, last)
    )
    return {day for day, lists, sealed in session.execute(query.group_by(Manifest.day)) if lists == sealed}


def typed(
    session: Session, unit_code: str, first: date, last: date
) -> dict[tuple[date, str], tuple[int | None, int | None]]:
    """{(day, class): (items, returned)} as typed, None for unknown again; of several the greatest fact id is in force."""
    rows = _typed(session, unit_code, first, last)
    return {(day, name): (items, returned) for day, name, items, returned in rows if name != RETURNED}


def typed_together(session: Session, unit_code: str, first: date, last: date) -> dict[date, int | None]:
    """{day: the returned items of all numbered classes, typed as one number}, None for unknown again.

    Only of days on which that is the last word: whoever later types one beside a class counts by class again.
    """
    found: dict[date, int | None] = {}
    for day, name, items, returned in _typed(session, unit_code, first, last):
        if name == RETURNED:
            found[day] = items
        elif name in SAMPLED and returned is not None:
            found.pop(day, None)
    return found


_SAID = (
    select(Volume.day, Volume.mail_class, Volume.items, Volume.returned)
    .where(Volume.unit_code == bindparam("unit"), Volume.day.between(bindparam("first"), bindparam("last")))
    .order_by(Volume.fact_id)
)


def _typed(session: Session, unit_code: str, first: date, last: date) -> Sequence[Row]:
    """(day, class, items, returned) as typed, the oldest fact first."""
    return ask(session, _SAID, unit=unit_code, first=first, last=last).all()


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
    found: dict[date, dict[str, bool]] = {}
    for manifest, rows in drawn_items(session, unit_code, first, last):
        sample = found.setdefault(manifest.day, {})
        sample.update({row.number: manifest.announced for row in in_sample(manifest, rows)})
    return found


_DAYS = (
    Manifest.unit_code == bindparam("unit"),
    Manifest.day.between(bindparam("first"), bindparam("last")),
    Manifest.discarded_at.is_(None),
)
_REVEALED = (
    select(Manifest.id, Manifest.day, Manifest.announced, Manifest.sample_size)
    .where(*_DAYS, Manifest.revealed_at.is_not(None))
    .order_by(Manifest.day, Manifest.number)
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
    select(Manifest.day, func.count())
    .join(ManifestItem, ManifestItem.manifest_id == Manifest.id)
    .where(*_DAYS, ManifestItem.voided_at.is_not(None))
    .group_by(Manifest.day)
)


def drawn_items(session: Session, unit_code: str, first: date, last: date) -> list[tuple[Row, list[Row]]]:
    """Revealed manifests of the days with those of their items, by rank, that can be in the sample, as rows; three queries.

    A voided item lets the next rank in, so nothing beyond the sample's size and the number of voided ones can be.
    """
    days = {"unit": unit_code, "first": first, "last": last}
    manifests = {one.id: one for one in ask(session, _REVEALED, **days)}
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


def voided(session: Session, unit_code: str, first: date, last: date) -> dict[date, int]:
    """How many drawn items were voided, by day."""
    return dict(ask(session, _VOIDED, unit=unit_code, first=first, last=last).all())


def draws_for(session: Session, unit_code: str, since: date, last: date) -> list[dict]:
    """The revealed draws of the unit for a phone: every item of the sample in force with who delivered it."""
    routes = dict(session.execute(select(Route.id, Route.code).where(Route.unit_code == unit_code)).all())
    draws = [
        (manifest, in_sample(manifest, rows))
        for manifest, rows in drawn_items(session, unit_code, since, last)
    ]
    known = deliverers(
        session, {(unit_code, manifest.day, row.number) for manifest, rows in draws for row in rows}
    )
    return [
        {
            "manifest": manifest.id,
            "day": manifest.day.isoformat(),
            "announced": manifest.announced,
            "items": [
                {
                    "number": row.number,
                    "class": row.mail_class,
                    "route": routes.get(row.route_id),
                    "tag": row.address_tag,
                    "name": row.masked_name,
                    "rank": row.rank,
                    "delivered_by": known.get((unit_code, manifest.day, row.number), frozenset()),
                }
                for row in rows
            ],
        }
        for manifest, rows in draws
    ]


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
