"""What the rules of signals look at, read only: records in force of some days of a unit and all below it.

:func:`find` asks a fixed number of questions, whatever it finds. It reads the texts of all records of the days (how long a form was
open, where somebody stood): ask it county by county, and of weeks rather than years.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import Session, aliased

from webapp.inspections.models import Inspection, Item
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.photos.models import PhotoRef
from webapp.photos.rules import RECORD
from webapp.rulebook.purposes import judging_drawn
from webapp.rulebook.queries import editions_of
from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.queries import in_sample
from webapp.signals import records
from webapp.signals.models import PhotoTwin
from webapp.signals.photo_uses import Pair, Use, used_again
from webapp.signals.rules import (
    Draw,
    Judged,
    Sighting,
    Tally,
    equal_remarks,
    impossible_speeds,
    replaced,
    rules,
    taken_apart,
    too_fast,
    without_fail,
)

ROWS = 500  # read at a time: the texts of a county's month do not have to stand in memory together
COUNTY = "county"


@dataclass(frozen=True)
class Span:
    """The days asked about, both included, and the paths of the units (a unit is asked about with all below it)."""

    since: date
    until: date
    paths: tuple[str, ...]


def find(session: Session, since: date, until: date, paths: Iterable[str] = ("/",)) -> list[Sighting]:
    """All sightings of records whose work is of a day from ``since`` to ``until``, by the units at or below the paths.

    Some rules look back by themselves: equal remarks to the first day of the month of ``since``, months without a fail to the last whole
    months before ``until``, photos to all records in force, drawn samples from a few days before ``since``.
    """
    span = Span(since, until, tuple(paths))
    found: list[Sighting] = []
    for look in (_of_photos, _of_records, _of_months, _of_draws):
        found += look(session, span)
    return sorted(found, key=lambda one: (one.day, one.rule, one.person, one.key))


def _here(span: Span, days) -> tuple:
    """Records in force of the span; the query joins units."""
    return (Inspection.in_force, days.between(span.since, span.until), within(span.paths))


# ---------------------------------------------------------------- photos


def _of_photos(session: Session, span: Span) -> list[Sighting]:
    named, other = aliased(PhotoRef), aliased(PhotoRef)
    ours = (
        select(named.digest, named.fact_id)
        .join(Inspection, Inspection.id == named.fact_id)
        .join(Unit, Unit.code == Inspection.unit_code)
        .where(named.source == RECORD, *_here(span, Inspection.work_date))
        .distinct()
        .subquery()
    )
    elsewhere = (other.source == RECORD, other.fact_id != ours.c.fact_id)
    same = select(ours.c.digest, ours.c.fact_id, other.digest, other.fact_id, literal(1.0))
    pairs = {
        tuple(row)
        for row in session.execute(same.join(other, other.digest == ours.c.digest).where(*elsewhere))
    }
    for mine, its in ((PhotoTwin.first, PhotoTwin.second), (PhotoTwin.second, PhotoTwin.first)):
        alike = select(ours.c.digest, ours.c.fact_id, other.digest, other.fact_id, PhotoTwin.likeness)
        alike = alike.join(PhotoTwin, mine == ours.c.digest).join(other, other.digest == its)
        pairs |= {tuple(row) for row in session.execute(alike.where(*elsewhere))}
    uses = _uses(session, {(row[n], row[n + 1]) for row in pairs for n in (0, 2)})
    units = set(session.scalars(select(Unit.code).where(within(span.paths))))
    told = (
        Pair(uses[row[0], row[1]], uses[row[2], row[3]], row[0], row[2], row[4])
        for row in sorted(pairs)
        if (row[0], row[1]) in uses and (row[2], row[3]) in uses
    )
    return used_again(told, span.since, span.until, units)


def _uses(session: Session, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Use]:
    """(photo, record) of those in force."""
    facts = {fact for _, fact in wanted}
    roots = _roots(session, facts)
    query = (
        select(PhotoRef.digest, Inspection, Item.subject, Item.captures)
        .join(Inspection, Inspection.id == PhotoRef.fact_id)
        .join(Item, (Item.inspection_id == PhotoRef.fact_id) & (Item.ordinal == PhotoRef.ordinal))
        .where(PhotoRef.source == RECORD, Inspection.in_force)
    )
    found: dict[tuple[str, str], Use] = {}
    for some in records.parts(facts):
        for digest, one, subject, captures in session.execute(query.where(Inspection.id.in_(some))):
            if (digest, one.id) in wanted:
                root, seen = roots.get(one.id, one.id), frozenset(captures)
                new = Use(
                    one.id, root, one.author_id, one.unit_code, one.work_date, frozenset([subject]), seen
                )
                old = found.get((digest, one.id), new)
                found[digest, one.id] = replace(
                    old, subjects=old.subjects | new.subjects, captures=old.captures | new.captures
                )
    judged = _roots(session, {capture for use in found.values() for capture in use.captures})
    return {
        key: replace(use, captures=use.captures | {judged[one] for one in use.captures if one in judged})
        for key, use in found.items()
    }


def _roots(session: Session, facts: Iterable[str]) -> dict[str, str]:
    """What each correction first was, before all corrections; those that correct nothing are left out."""
    found: dict[str, str] = {}
    for some in records.parts(facts):
        up = select(Fact.id.label("fact"), Fact.amends.label("above")).where(
            Fact.id.in_(some), Fact.amends.is_not(None)
        )
        chain = up.cte(recursive=True)
        above = aliased(Fact)
        step = select(chain.c.fact, above.amends).join(above, above.id == chain.c.above)
        chain = chain.union(step.where(above.amends.is_not(None)))
        parent = aliased(Fact)
        first = select(chain.c.fact, chain.c.above).join(parent, parent.id == chain.c.above)
        found |= dict(session.execute(first.where(parent.amends.is_(None))).all())
    return found


# ---------------------------------------------------------------- what the records say


def _of_records(session: Session, span: Span) -> Iterator[Sighting]:
    limits = {code: rule.limits for code, rule in rules().items()}
    months = replace(span, since=span.since.replace(day=1))
    positions, remarks = defaultdict(list), []
    for record in _records(session, months):
        said = records.said_openly(record)
        remarks += records.remarks(record, said)
        if record.day < span.since:
            continue
        positions[record.person] += records.positions(record, said, limits["speed"]["clock_seconds"])
        if fast := too_fast(records.answered(record, said), limits["too-fast"]):
            yield fast
    for person, places in sorted(positions.items()):
        yield from impossible_speeds(person, places, limits["speed"])
    yield from (one for one in equal_remarks(remarks, limits["equal-remarks"]) if one.day >= span.since)


def _records(session: Session, span: Span) -> Iterator[records.Record]:
    query = (
        select(
            Inspection.id, Inspection.author_id, Inspection.unit_code, Inspection.work_date, Inspection.started_at,
            Inspection.ended_at, Fact.open, Fact.personal, Fact.amends, Fact.skew_ms,
        )
        .join(Fact, Fact.id == Inspection.id)
        .join(Unit, Unit.code == Inspection.unit_code)
        .where(*_here(span, Inspection.work_date))
        .order_by(Inspection.author_id, Inspection.work_date, Inspection.id)
        .execution_options(yield_per=ROWS)
    )  # fmt: skip
    return (records.Record(*row) for row in session.execute(query))


# ---------------------------------------------------------------- months


def _of_months(session: Session, span: Span) -> Iterator[Sighting]:
    """Whole counties are counted, for others say what is to be expected; told is of the units asked about."""
    limits = rules()["no-fail"].limits
    firsts = _last_months(span.until, int(limits["months"]))
    last = (firsts[0] + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    counties = _counties(session, span)
    month = case(*((Inspection.work_date >= first, n) for n, first in enumerate(firsts)))
    query = (
        select(
            Unit.path, Unit.code, Inspection.author_id, Inspection.kind, month, func.count(),
            func.count(case((Item.verdict == "fail", 1))), func.max(Inspection.id),
        )
        .join(Item, Item.inspection_id == Inspection.id)
        .join(Unit, Unit.code == Inspection.unit_code)
        .where(Inspection.in_force, Item.verdict.is_not(None), Inspection.work_date.between(firsts[-1], last))
        .where(within(counties))
        .group_by(Unit.path, Unit.code, Inspection.author_id, Inspection.kind, month)
    )  # fmt: skip
    paths, tallies = {}, []
    for path, code, person, kind, n, items, failed, latest in session.execute(query):
        county = next(one for one in counties if path.startswith(one))
        paths[code] = path
        tallies.append(Tally(person, county, code, kind, firsts[n], items, failed, latest))
    yield from (one for one in without_fail(tallies, limits, last) if paths[one.unit].startswith(span.paths))


def _last_months(until: date, count: int) -> list[date]:
    """The first days of the last months that were over on ``until``, the latest first."""
    found = [(until + timedelta(days=1)).replace(day=1)]
    while len(found) <= count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[1:]


def _counties(session: Session, span: Span) -> list[str]:
    """The paths of the counties below the paths asked about, or above them."""
    every = session.scalars(select(Unit.path).where(Unit.level == COUNTY).order_by(Unit.path))
    return [
        path
        for path in every
        if path.startswith(span.paths) or any(one.startswith(path) for one in span.paths)
    ]


# ---------------------------------------------------------------- drawn samples


def _of_draws(session: Session, span: Span) -> Iterator[Sighting]:
    limits = rules()["sample-apart"].limits
    early = replace(span, since=span.since - timedelta(days=limits["days_after"]))
    verdicts = _verdicts(session, early)
    for draw in _draws(session, early):
        draw = replace(draw, verdicts=tuple(verdicts.get((draw.unit, draw.day), ())))
        found = (
            taken_apart(draw, limits, span.until),
            replaced(draw, rules()["sample-replaced"].limits, span.until),
        )
        yield from (one for one in found if one)


def _draws(session: Session, span: Span) -> list[Draw]:
    """The revealed draws of the lists of these days, without their verdicts."""
    standing = (Manifest.discarded_at.is_(None), Manifest.revealed_at.is_not(None))
    lists = select(Manifest).join(Unit, Unit.code == Manifest.unit_code)
    lists = lists.where(*standing, Manifest.day.between(span.since, span.until), within(span.paths))
    manifests = {one.id: one for one in session.scalars(lists.order_by(Manifest.day, Manifest.id))}
    rows: dict[str, list[ManifestItem]] = {one: [] for one in manifests}
    other = aliased(ManifestItem)
    voided = select(func.count()).where(
        other.manifest_id == ManifestItem.manifest_id, other.voided_at.is_not(None)
    )
    # A voided item lets the next rank in: nothing behind the sample's size and those voided can be in it.
    reach = func.coalesce(Manifest.sample_size, 0) + voided.scalar_subquery()
    items = select(ManifestItem).join(Manifest, Manifest.id == ManifestItem.manifest_id)
    items = items.join(Unit, Unit.code == Manifest.unit_code).where(*standing, within(span.paths))
    items = items.where(Manifest.day.between(span.since, span.until), ManifestItem.rank <= reach)
    for item in session.scalars(items.order_by(ManifestItem.manifest_id, ManifestItem.rank)):
        rows[item.manifest_id].append(item)
    drawn = {one: frozenset(row.number for row in in_sample(manifests[one], rows[one])) for one in manifests}
    of_day: dict[tuple[str, date], set[str]] = defaultdict(set)
    for one in manifests.values():
        of_day[one.unit_code, one.day] |= drawn[one.id]
    return [
        Draw(
            one.id, one.unit_code, one.day, drawn[one.id], sum(row.voided_at is not None for row in rows[one.id]),
            (), frozenset(of_day[one.unit_code, one.day] - drawn[one.id]),
        )
        for one in manifests.values()
    ]  # fmt: skip


def _verdicts(session: Session, span: Span) -> Mapping[tuple[str, date], list[Judged]]:
    """{(unit, list's day): verdicts in force on items of that day's lists}."""
    kinds = judging_drawn(editions_of(session).books)
    query = (
        select(
            Inspection.unit_code,
            Inspection.day,
            Inspection.id,
            Inspection.author_id,
            Inspection.work_date,
            Item.subject,
        )
        .join(Item, Item.inspection_id == Inspection.id)
        .join(Unit, Unit.code == Inspection.unit_code)
        .where(*_here(span, Inspection.day), Inspection.kind.in_(kinds), Item.verdict.is_not(None))
        .order_by(Inspection.id, Item.ordinal)
    )
    found: dict[tuple[str, date], list[Judged]] = defaultdict(list)
    for unit, day, fact, person, work_day, number in session.execute(query):
        found[unit, day].append(Judged(fact, person, work_day, number))
    return found
