"""From what failed to cases: failed items of one record with one criterion at one place are one case [DOMAIN2 C.1].

What fails again at the same place joins the case until it is answered, without a new deadline; afterwards it opens another one,
which is a recurrence where the first was closed not long ago. A case lives as long as one of its verdicts is in force.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import Session

from webapp.cases import telling
from webapp.cases.models import Case, Finding, Occurrence
from webapp.cases.standing import refold
from webapp.core.clock import local_date
from webapp.core.prepared import ask, several
from webapp.inspections.models import Inspection, Item
from webapp.org.models import Route, RouteCarrier
from webapp.registers.models import RelayPoint
from webapp.rulebook.case_rules import CaseRules, CaseType
from webapp.rulebook.queries import Editions
from webapp.rulebook.rules import Kind
from webapp.sampling.deliveries import carried_by, parts

POINT, ROUTE, PERSON, UNIT = "point", "route", "person", "unit"


@dataclass(frozen=True)
class Key:
    """What makes occurrences one case: the responsible unit, kind, criterion and place."""

    unit: str
    kind: str
    criterion: str
    place_kind: str
    place: str


@dataclass(frozen=True)
class Failed:
    """One failed criterion of an item, with where it failed and who was at work there."""

    key: Key
    inspection: str
    ordinal: int
    severity: str
    found_by: str
    found_on: date
    owner: str | None


def follow(
    session: Session, editions: Editions, records: Iterable[str], now: datetime, chain: Collection[str] = ()
) -> None:
    """Open and join the cases of what these records found, and end those whose verdicts are gone.

    ``chain``: records that correct each other; what the corrected one had opened goes on with the same failure in the correction,
    even where it was answered. A fixed number of queries, however many records; none but one where nothing failed.
    """
    ids = sorted({*records, *chain})
    rows = _findings(session, ids)
    held = _held(session, ids)
    if not rows and not held:
        return
    known = {(one.inspection_id, one.ordinal, one.criterion) for one in held}
    fresh = [one for one in _failed(session, editions, rows) if _name(one) not in known]
    touched = {one.case_id for one in held}
    if fresh:
        touched |= _place(session, editions, fresh, now, chain, held)
    cases = refold(session, editions, touched, now)
    gravest = editions.on(local_date(now)).cases.gravest  # everybody else is told by the timer
    telling.opened(
        session, editions, [one for one in cases if one.opened_at == now and one.severity == gravest], now
    )


def _name(one: Failed) -> tuple[str, int, str]:
    return one.inspection, one.ordinal, one.key.criterion


# Put together once: every record that is stored asks (core/prepared.py). What failed comes as objects, and so from the session.
_FINDINGS = (
    select(Finding, Inspection.day, Inspection.work_date, Inspection.acting_code, Inspection.header, Item.route_id)
    .join(Inspection, Inspection.id == Finding.inspection_id)
    .outerjoin(Item, and_(Item.inspection_id == Finding.inspection_id, Item.ordinal == Finding.ordinal))
    .where(Finding.inspection_id.in_(several("records")), Finding.in_force, Inspection.in_force)
    .order_by(Finding.inspection_id, Finding.ordinal)
)  # fmt: skip
_HELD = select(Occurrence.__table__).where(Occurrence.inspection_id.in_(several("records")))
_ROUTES = select(RelayPoint.id, RelayPoint.route_id).where(RelayPoint.id.in_(several("points")))
_WALKED = (
    select(RouteCarrier.route_id, RouteCarrier.first_day, RouteCarrier.person_id)
    .join(Route)
    .where(Route.id.in_(several("routes")))
    .order_by(RouteCarrier.first_day)
)
_CASES = (
    select(Case)
    .where(
        Case.type == bindparam("type"),
        Case.unit_code.in_(several("units")),
        Case.kind.in_(several("kinds")),
        Case.criterion.in_(several("criteria")),
        Case.place.in_(several("places")),
    )
    .order_by(Case.opened_at.desc(), Case.id)
)


def _findings(session: Session, ids: Sequence[str]) -> list:
    """What failed in the records that are in force, with all that says where."""
    return [row for part in parts(ids) for row in session.execute(_FINDINGS, {"records": part})]


def _held(session: Session, ids: Sequence[str]) -> list[Row]:
    return [row for part in parts(ids) for row in ask(session, _HELD, records=part)]


# ---------------------------------------------------------------- where it failed, and who was at work there


def _failed(session: Session, editions: Editions, rows: Sequence) -> list[Failed]:
    kinds = {(row[0].kind, row[2]): editions.kind_on(row[2], row[0].kind) for row in rows}
    routes = _routes(session, kinds, rows)
    walked = _carriers(session, {route for route, _ in routes.values() if route})
    found = []
    for finding, day, work_date, acting, _header, _route in rows:
        route, people = routes[finding.inspection_id, finding.ordinal]
        kind = kinds[finding.kind, work_date]
        place = _place_of(kind, finding, route, people)
        owner = next(iter(people)) if len(people) == 1 else _carrier_on(walked.get(route, ()), day)
        for criterion in finding.criteria:
            key = Key(finding.unit_code, finding.kind, criterion, *place)
            severity = _severity(kind, criterion)
            found.append(
                Failed(key, finding.inspection_id, finding.ordinal, severity, acting, work_date, owner)
            )
    return found


def _severity(kind: Kind, code: str) -> str:
    return next((one.severity for one in kind.criteria if one.code == code), "ordinary")


def _place_of(kind: Kind, finding: Finding, route: str | None, people: Collection[str]) -> tuple[str, str]:
    if kind.subject == "point":
        return POINT, finding.subject
    if route:
        return ROUTE, route
    return (PERSON, next(iter(people))) if len(people) == 1 else (UNIT, finding.unit_code)


def _routes(
    session: Session, kinds: Mapping, rows: Sequence
) -> dict[tuple[str, int], tuple[str | None, frozenset]]:
    """By item: its route (its own, that of its list, its point or the record's head), and who delivered it."""
    asked, points = {}, set()
    for finding, day, work_date, *_ in rows:
        subject = kinds[finding.kind, work_date].subject
        if subject == "item":
            asked[finding.inspection_id, finding.ordinal] = (finding.unit_code, day, finding.subject)
        elif subject == "point":
            points.add(finding.subject)
    carried = carried_by(session, asked.values()) if asked else {}
    of_points = _routes_of_points(session, points) if points else {}
    found = {}
    for finding, _day, work_date, _acting, header, route in rows:
        name, kind = (finding.inspection_id, finding.ordinal), kinds[finding.kind, work_date]
        listed = carried.get(asked.get(name))
        head = next((header[code] for code in kind.fields_of("route") if (header or {}).get(code)), None)
        of_point = of_points.get(finding.subject) if kind.subject == "point" else None
        found[name] = (
            (listed and listed.route) or route or of_point or head,
            listed.people if listed else frozenset(),
        )
    return found


def _routes_of_points(session: Session, points: Collection[str]) -> dict[str, str | None]:
    return {one: route for part in parts(points) for one, route in ask(session, _ROUTES, points=part)}


def _carriers(session: Session, routes: Collection[str]) -> dict[str, list[tuple[date, str | None]]]:
    """Who walks each of the routes from which day on, the oldest first; routes that are gone are left out."""
    found: dict[str, list] = {}
    for part in parts(routes):
        for route, first, person in ask(session, _WALKED, routes=part):
            found.setdefault(route, []).append((first, person))
    return found


def _carrier_on(walked: Iterable[tuple[date, str | None]], day: date) -> str | None:
    held = [person for first, person in walked if first <= day]
    return held[-1] if held else None


# ---------------------------------------------------------------- joined, or opened


def _place(
    session: Session, editions: Editions, fresh: Sequence[Failed], now: datetime, chain: Collection[str],
    held: Sequence[Row],
) -> set[str]:  # fmt: skip
    """Add each to its case, or open one; returns the ids of the cases."""
    today = local_date(now)
    rules = editions.on(today).cases
    case_type = rules.of_findings
    by_key = _cases_at(session, case_type, {one.key for one in fresh}, today)
    corrected = {one.case_id for one in held if one.inspection_id in set(chain)}
    touched = set()
    for (_inspection, key), group in _groups(fresh):
        there = by_key.setdefault(key, [])
        case = next((one for one in there if one.id in corrected), None) or next(
            (one for one in there if _joinable(one, case_type)), None
        )
        if case is None:
            case = _opened(group, rules, case_type, there, now)
            session.add(case)
            there.append(case)
        touched.add(case.id)
        session.add_all(Occurrence(inspection_id=one.inspection, ordinal=one.ordinal, criterion=key.criterion, case_id=case.id) for one in group)  # fmt: skip
    session.flush()
    return touched


def _groups(fresh: Sequence[Failed]) -> Iterator[tuple[tuple[str, Key], list[Failed]]]:
    groups: dict[tuple[str, Key], list[Failed]] = {}
    for one in fresh:
        groups.setdefault((one.inspection, one.key), []).append(one)
    yield from groups.items()


def _cases_at(
    session: Session, case_type: CaseType, keys: Collection[Key], today: date
) -> dict[Key, list[Case]]:
    """All cases with these keys that can still be joined, or make the next one a recurrence; the latest first."""
    wanted = {
        "type": case_type.code,
        "units": list({key.unit for key in keys}),
        "kinds": list({key.kind for key in keys}),
        "criteria": list({key.criterion for key in keys}),
    }
    found: dict[Key, list[Case]] = {}
    for part in parts({key.place for key in keys}):
        for case in session.scalars(_CASES, {**wanted, "places": part}):
            key = Key(case.unit_code, case.kind, case.criterion, case.place_kind, case.place)
            if key in keys:
                found.setdefault(key, []).append(case)
    return found


def _joinable(case: Case, case_type: CaseType) -> bool:
    """Not answered yet: what fails again is the same matter."""
    return case.state == case_type.first.code and case.answered_on is None


def _opened(
    group: Sequence[Failed], rules: CaseRules, case_type: CaseType, there: Sequence[Case], now: datetime
) -> Case:
    first, today = group[0], local_date(now)
    previous = next((one for one in there if _recurs(one, case_type, today)), None)
    key, owner = first.key, next((one.owner for one in group if one.owner), None)
    return Case(
        id=_id_of(first.inspection, key), type=case_type.code, unit_code=key.unit, found_by=first.found_by,
        kind=key.kind, criterion=key.criterion, place_kind=key.place_kind, place=key.place,
        severity=rules.worse(first.severity) if previous else first.severity,
        previous=previous.id if previous else None, opened_at=now, opened_on=today, found_on=first.found_on,
        first_owner=owner, owner_id=owner, state=case_type.first.code, entered_on=today, content={},
    )  # fmt: skip


def _recurs(case: Case, case_type: CaseType, today: date) -> bool:
    """Closed, after it was looked at again, at most so many days ago."""
    state = case_type.states[case.state]
    closed = state.ends and not state.void and not state.before and case.closed_on is not None
    return closed and 0 <= (today - case.closed_on).days <= case_type.recurs


def _id_of(inspection: str, key: Key) -> str:
    """A UUIDv7 of its own for what a record opens at a place, the same whenever it is worked out; as old as the record."""
    said = "\n".join((inspection, key.kind, key.criterion, key.place_kind, key.place))
    digest = hashlib.sha256(said.encode()).hexdigest()
    variant = "89ab"[int(digest[3], 16) % 4]
    return f"{inspection[:14]}7{digest[:3]}-{variant}{digest[4:7]}-{digest[7:19]}"
