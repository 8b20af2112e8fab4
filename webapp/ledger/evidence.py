"""The inspections behind a line, as a list shows them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection, Item
from webapp.ledger.counting import closing, fault_of
from webapp.ledger.deliveries import own_items
from webapp.ledger.inputs import CONFIRMING, sole_days
from webapp.ledger.lines import Check, Inputs
from webapp.ledger.measures.coverage import made_as_asked
from webapp.org.models import Person, Unit
from webapp.org.names import name_on
from webapp.org.queries import within
from webapp.photos.models import PhotoRef
from webapp.photos.queries import of_records
from webapp.photos.rules import HERE, LOST, MISSING, PURGED
from webapp.rulebook.periods import Period, period_of
from webapp.rulebook.queries import Editions, calendars_of, editions_of
from webapp.rulebook.rules import Duty, Kind

INSPECTIONS_SHOWN = 200


@dataclass(frozen=True)
class InspectionSummary:
    """An inspection in a list; ``counted`` says whether it counts for the duty, as the line's reasons do."""

    id: str
    day: object
    author_name: str
    kind: str
    items: int
    passed: int
    failed: int
    photos: list[str]
    missing_photos: int
    lost_photos: int
    purged_photos: int
    counted: bool
    unit: str = ""  # the name of the unit that it is about, where the line is another's


def summaries(session: Session, unit: Unit, duty: Duty, period: Period) -> list[InspectionSummary]:
    """Inspections of the duty's kinds below the unit in the period, newest first, at most 200."""
    query = (
        select(Inspection, name_on(Inspection.work_date, Inspection.ended_at), Unit)
        .join(Unit, Unit.code == Inspection.unit_code)
        .join(Person, Person.id == Inspection.author_id)
        .where(
            # Nobody borrows: an upper duty is fulfilled in the unit's own name [Reading: upper-own].
            Inspection.acting_code == unit.code if duty.upper else within([unit.path]),
            Inspection.kind.in_(duty.kinds),
            Inspection.day.between(period.first, period.last),
        )
        .order_by(Inspection.day.desc(), Inspection.id.desc())
        .limit(INSPECTIONS_SHOWN)
    )
    found = session.execute(query).all()
    ids = [inspection.id for inspection, _, _ in found]
    if duty.upper:
        counted = _counted_above([inspection for inspection, _, _ in found], duty, editions_of(session))
    else:
        counted = _counted(session, [(inspection, where) for inspection, _, where in found], duty)
    verdicts = _verdicts(session, ids)
    photos = photos_of(session, ids)
    return [
        _summary(
            inspection,
            name,
            inspection.id in counted,
            verdicts[inspection.id],
            photos.get(inspection.id, []),
            where.name if duty.upper else "",
        )
        for inspection, name, where in found
    ]


def _counted(session: Session, found: Sequence[tuple[Inspection, Unit]], duty: Duty) -> set[str]:
    """The ids of those that count for the duty: in force, in time, by a role that it names or by a substitute."""
    checks = [(_check(inspection), where) for inspection, where in found if inspection.in_force]
    if duty.way.confirms:
        return {check.id for check, _ in checks if check.own and check.roles & CONFIRMING}
    days: dict[str, set] = {}
    for check, where in checks:
        days.setdefault(where.code, set()).update([] if check.own else [check.work_date])
    alone = sole_days(session, days)
    empty = _own_alone(session, [check.id for check, _ in checks])
    calendars = calendars_of(session, list({where.code: where for _, where in checks}.values()))
    inputs = {
        where.code: Inputs(
            calendars[where.code], closed_on=where.closed_on, pauses=where.pauses, sole_days=alone[where.code]
        )
        for _, where in checks
    }
    return {
        check.id
        for check, where in checks
        if check.id not in empty and not _faulty(duty, check, inputs[where.code])
    }


def _counted_above(found: Sequence[Inspection], duty: Duty, editions: Editions) -> set[str]:
    """The ids of those that count for an upper duty: in force, in time, by a role that it names, made as it asks."""
    kinds = editions.kinds()
    checks = [
        _check(inspection, kinds.get(inspection.kind), own=True)
        for inspection in found
        if inspection.in_force
    ]
    return {
        check.id
        for check in checks
        if not _faulty(duty, check, Inputs())
        and (duty.coverage is None or made_as_asked(duty.coverage, check))
    }


def _faulty(duty: Duty, check: Check, inputs: Inputs) -> str | None:
    return fault_of(duty, check, closing(duty, period_of(duty.period, check.day), inputs), inputs)


def _own_alone(session: Session, ids: Sequence[str]) -> set[str]:
    """Those of the inspections that hold nothing but what their author delivered: nothing in them counts."""
    own = own_items(session, editions_of(session).kinds(), Inspection.id.in_(ids))
    query = select(Item.inspection_id, func.count()).where(Item.inspection_id.in_(list(own)))
    items = session.execute(query.group_by(Item.inspection_id)) if own else ()
    return {one for one, count in items if count == len(own[one])}


def _check(inspection: Inspection, kind: Kind | None = None, own: bool | None = None) -> Check:
    """The head of the record; ``own``: whether it was made for whoever owes the line, unsaid for its unit itself."""
    own = inspection.acting_code == inspection.unit_code if own is None else own
    return Check(
        inspection.id, inspection.day, inspection.work_date, frozenset(inspection.roles.split()), own, (),
        header=inspection.header or {}, kind=inspection.kind, method=inspection.method,
        made_after=period_of(kind.period, inspection.day).last if kind and kind.period else None,
    )  # fmt: skip


def _verdicts(session: Session, ids: Iterable[str]) -> dict[str, Counter]:
    counts: dict[str, Counter] = {one: Counter() for one in ids}
    query = select(Item.inspection_id, Item.verdict, func.count()).where(Item.inspection_id.in_(list(counts)))
    for inspection_id, verdict, count in session.execute(query.group_by(Item.inspection_id, Item.verdict)):
        counts[inspection_id][verdict] = count
    return counts


def photos_of(session: Session, ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Photos of inspections, those of the captures they judged included: {inspection: [(digest, state)]}."""
    sources = {one: [one] for one in ids}
    judged = select(Item.inspection_id, Item.captures).where(Item.inspection_id.in_(list(sources)))
    for inspection_id, captures in session.execute(judged):
        sources[inspection_id] += [one for one in captures if one not in sources[inspection_id]]
    wanted = {one for several in sources.values() for one in several}
    query = of_records(wanted).order_by(PhotoRef.fact_id, PhotoRef.ordinal)
    by_source: dict[str, list[tuple[str, str]]] = {}
    for inspection_id, _, digest, state in session.execute(query):
        by_source.setdefault(inspection_id, []).append((digest, state))
    return {
        one: [photo for source in several for photo in by_source.get(source, [])]
        for one, several in sources.items()
    }


def _summary(
    inspection: Inspection, name: str, counted: bool, verdicts: Counter, photos: list, unit: str = ""
) -> InspectionSummary:
    return InspectionSummary(
        inspection.id, inspection.day, name, inspection.kind, sum(verdicts.values()), verdicts["pass"],
        verdicts["fail"], [digest for digest, state in photos if state == HERE],
        *(sum(state == what for _, state in photos) for what in (MISSING, LOST, PURGED)), counted,
        unit,
    )  # fmt: skip
