"""Where stored cases differ from what their facts give: for `flask check`. Read only."""

import json
from collections.abc import Iterable, Iterator

from sqlalchemy import and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.cases.models import Case, CaseMove, CaseNumber, Finding, Occurrence
from webapp.cases.standing import columns, grounded, moves_of, rules_for, told, workdays_of
from webapp.core.clock import local_date
from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.rulebook.queries import Editions
from webapp.sampling.deliveries import parts

ROWS = 1000  # at a time: a county's years do not fit into memory


def differences(session: Session, editions: Editions, move: str, order: str) -> list[str]:
    """One line for each thing that is not as the facts give it; empty when all is well.

    ``move``, ``order``: what the facts of moves and of orders are called.
    """
    ids = list(session.scalars(select(Case.id).order_by(Case.id)))
    checks = (
        *(_standings(session, editions, ids[n : n + ROWS]) for n in range(0, len(ids), ROWS)),
        _unknown(session, move, CaseMove.fact_id),
        _unknown(session, order, Case.id),
        _moves(session, move),
        _unfollowed(session),
        _raised(session, editions),
        _numbers(session),
    )
    return [fault for check in checks for fault in check]


def _standings(session: Session, editions: Editions, ids: list[str]) -> Iterator[str]:
    """Cases whose columns are not the fold of their opening and moves."""
    moves, grounds, workdays = moves_of(session, ids), grounded(session, ids), workdays_of(session)
    for case in session.scalars(select(Case).where(Case.id.in_(ids)).order_by(Case.id)):
        made = moves.get(case.id, ())
        standing = told(session, editions, case, made, grounds, workdays)
        given = columns(case, standing, rules_for(editions, case), workdays) | {"moves": len(made)}
        for name, value in given.items():
            if (stored := getattr(case, name)) != value:
                yield f"case {case.id} of {case.unit_code}: {name} is {stored!r}, facts give {value!r}"


def _unknown(session: Session, fact_type: str, key: InstrumentedAttribute[str]) -> Iterator[str]:
    """Facts of moves, or of orders, that no case knows by their id."""
    query = select(Fact.id, Fact.unit_code).outerjoin(key.class_, key == Fact.id)
    for fact, unit in session.execute(query.where(Fact.type == fact_type, key.is_(None)).order_by(Fact.id)):
        yield f"{fact_type} {fact} of {unit}: stands in no case"


def _moves(session: Session, name: str) -> Iterator[str]:
    """Moves that say something else than their facts."""
    query = select(CaseMove, Fact).outerjoin(Fact, Fact.id == CaseMove.fact_id).order_by(CaseMove.fact_id)
    for move, fact in session.execute(query.execution_options(yield_per=ROWS)):
        if fact is None or fact.type != name:
            yield f"move {move.fact_id}: its fact is gone"
            continue
        said = json.loads(fact.open)
        given = {name: said[name] for name in ("cause", "owner", "day") if said.get(name)}
        stored = (move.case_id, move.move, move.author_id, move.acting_code, dict(move.content), move.at)
        if stored != (said["case"], said["move"], fact.author_id, said["acting"], given, fact.received_at):
            yield f"move {move.fact_id} of {fact.unit_code}: differs from its fact"
        if move.day.isoformat() not in (said["date"], local_date(move.at).isoformat()):
            yield f"move {move.fact_id} of {fact.unit_code}: counts for {move.day}, on which nothing was done"


def _unfollowed(session: Session) -> Iterator[str]:
    """What failed, is in force and belongs to no case."""
    here = and_(Occurrence.inspection_id == Finding.inspection_id, Occurrence.ordinal == Finding.ordinal)
    query = (
        select(
            Finding.inspection_id, Finding.ordinal, Finding.unit_code, Finding.criteria, Occurrence.criterion
        )
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .outerjoin(Occurrence, here)
        .where(Finding.in_force, Inspection.in_force)
        .order_by(Finding.inspection_id, Finding.ordinal)
    )
    failed: dict[tuple, set[str]] = {}
    for record, ordinal, unit, criteria, followed in session.execute(query):
        failed.setdefault((record, ordinal, unit), set(criteria)).discard(followed)
    for (record, ordinal, unit), left in failed.items():
        for criterion in sorted(left):
            yield f"problem {record}/{ordinal} of {unit}: {criterion} is followed by no case"


def _raised(session: Session, editions: Editions) -> Iterator[str]:
    """Moves that open a case about theirs, without it."""
    opening = {
        (one.code, move.code)
        for book in editions.books
        for one in book.cases.types.values()
        for move in one.moves.values()
        if move.opens
    }
    codes = {move for _, move in opening}
    query = select(CaseMove.fact_id, CaseMove.move, Case.type).join(Case, Case.id == CaseMove.case_id)
    rows = session.execute(query.where(CaseMove.move.in_(codes))).all()
    wanted = {fact for fact, move, case_type in rows if (case_type, move) in opening}
    there = _there(session, wanted)
    for fact in sorted(wanted - there):
        yield f"move {fact}: the case that it opened is gone"


def _there(session: Session, ids: Iterable[str]) -> set[str]:
    return {one for part in parts(ids) for one in session.scalars(select(Case.id).where(Case.id.in_(part)))}


def _numbers(session: Session) -> Iterator[str]:
    """Numbers of a unit's year that were given twice, or left out."""
    given: dict[tuple, list[str]] = {}
    query = select(Case.found_by, Case.type, Case.opened_on, Case.number).where(Case.number.is_not(None))
    for unit, case_type, day, number in session.execute(query):
        given.setdefault((unit, case_type, day.year), []).append(number)
    last = {(row.unit_code, row.type, row.year): row.last for row in session.scalars(select(CaseNumber))}
    for key in sorted(given.keys() | last.keys()):
        numbers = given.get(key, [])
        if len(set(numbers)) != len(numbers) or len(numbers) != last.get(key, 0):
            unit, case_type, year = key
            yield f"{case_type} of {unit} in {year}: {len(numbers)} cases bear {len(set(numbers))} numbers of {last.get(key, 0)}"
