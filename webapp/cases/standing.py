"""The stored standing of cases: folded anew from their opening and moves whenever one of these changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, Row, cast, func, or_, select
from sqlalchemy.orm import Session

from webapp.cases.clocks import Workdays
from webapp.cases.folding import Made, Opening, Standing, due, fold
from webapp.cases.models import Case, CaseMove, Finding, Occurrence
from webapp.cases.urgency import recency, urgency
from webapp.core.prepared import ask, several
from webapp.org.models import Unit
from webapp.rulebook.case_rules import CaseRules
from webapp.rulebook.queries import Editions, public_days
from webapp.sampling.deliveries import parts

ANNULLED = "annulled_by"  # in a case's content: the move by which it was decided that nothing was wrong


def workdays_of(session: Session) -> Workdays:
    """The state's calendar."""
    return Workdays(public_days(session))


def rules_for(editions: Editions, case: Case) -> CaseRules:
    """The rules of a case are those of the day on which it was opened."""
    return editions.on(case.opened_on).cases


def opening_of(case: Case) -> Opening:
    """What the case begins with."""
    return Opening(
        case.type, case.severity, case.opened_on, case.first_owner, case.set_deadline, case.before,
        case.content.get("asker"),
    )  # fmt: skip


def made_of(row: CaseMove | Row) -> Made:
    """A stored move as the fold reads it."""
    return Made(row.fact_id, row.move, row.author_id, row.acting_code, row.day, row.at, row.content)


_CASES = select(Case).where(Case.id.in_(several("cases")))
_MOVES = (
    select(CaseMove.__table__)
    .where(CaseMove.case_id.in_(several("cases")))
    .order_by(CaseMove.case_id, CaseMove.seq)
)
_ABOUT = select(Case.id).where(Case.parent.in_(several("cases")))
_PATHS = select(Unit.code, Unit.path).where(Unit.code.in_(several("codes")))
_FOUND_IN = (Finding.inspection_id == Occurrence.inspection_id) & (Finding.ordinal == Occurrence.ordinal)
_DAYS = (
    select(Occurrence.case_id, func.min(Finding.day), func.max(Finding.day))
    .join(Finding, _FOUND_IN)
    .where(Finding.in_force, Occurrence.case_id.in_(several("cases")))
    .group_by(Occurrence.case_id)
)
_GROUND = (
    select(Occurrence.case_id, func.sum(cast(Finding.in_force, Integer)))
    .join(Finding, _FOUND_IN)
    .where(Occurrence.case_id.in_(several("cases")))
    .group_by(Occurrence.case_id)
)


def moves_of(session: Session, ids: Collection[str]) -> dict[str, list[Made]]:
    """The moves of the cases in the order of their arrival."""
    found: dict[str, list[Made]] = {}
    for part in parts(ids):
        for row in ask(session, _MOVES, cases=part):
            found.setdefault(row.case_id, []).append(made_of(row))
    return found


def refold(session: Session, editions: Editions, ids: Iterable[str], now: datetime) -> list[Case]:
    """Fold the cases anew and store how they stand; those about them follow. Returns them."""
    wanted = sorted(set(ids))
    if not wanted:
        return []
    cases = [one for part in parts(wanted) for one in session.scalars(_CASES, {"cases": part})]
    moves, grounds = moves_of(session, wanted), grounded(session, wanted)
    _place(session, cases)
    found = _found(session, wanted)
    workdays = workdays_of(session)
    for case in cases:
        made = moves.get(case.id, ())
        store(
            case, told(session, editions, case, made, grounds, workdays), rules_for(editions, case), workdays
        )
        case.moves = len(made)
        _store_days(case, *found.get(case.id, (case.found_on, case.found_on)))
    session.flush()
    about = [child for part in parts(wanted) for child in ask(session, _ABOUT, cases=part).scalars()]
    refold(session, editions, about, now)
    return cases


def follow_calendar(session: Session, editions: Editions, first: date, now: datetime) -> None:
    """The state's calendar has changed from the day ``first`` on: what it times there is timed anew.

    The caller has locked the journals of :func:`units_reaching`.
    """
    refold(session, editions, session.scalars(select(Case.id).where(_reaches(first))).all(), now)


def units_reaching(session: Session, first: date) -> list[str]:
    """The units of the cases that the calendar of ``first`` and later can move."""
    return list(session.scalars(select(Case.unit_code).where(_reaches(first)).distinct()))


def _reaches(first: date) -> ColumnElement[bool]:
    return or_(~Case.ended, Case.deadline >= first)


def told(
    session: Session, editions: Editions, case: Case, made: Sequence[Made], grounds: Mapping[str, int], workdays: Workdays
) -> Standing:  # fmt: skip
    """How the case stands after the moves ``made``, and with what is left of its ground."""
    rules = rules_for(editions, case)
    standing = fold(opening_of(case), made, rules, workdays)
    ended = rules.types[case.type].states[standing.state].ends
    # What was decided about a case stays decided, whatever became of the case afterwards.
    if has_fallen(case, grounds) or (not ended and _parent_fallen(session, editions, case)):
        return fold(opening_of(case), made, rules, workdays, fallen=True)
    return standing


def _place(session: Session, cases: Collection[Case]) -> None:
    """Say of new cases under which league and county they stand: a unit never moves to another."""
    fresh = [case for case in cases if case.league_code is None]
    if not fresh:
        return
    paths = dict(ask(session, _PATHS, codes=list({case.unit_code for case in fresh})).all())
    for case in fresh:
        _region, *below = paths[case.unit_code].strip("/").split("/")
        case.league_code, case.county_code = (*below, None, None)[:2]


def _found(session: Session, ids: Collection[str]) -> dict[str, tuple[date, date]]:
    """The first and the last day of what failed, of those that have anything that still stands."""
    rows = [row for part in parts(ids) for row in ask(session, _DAYS, cases=part)]
    return {one: (first, last) for one, first, last in rows}


def _store_days(case: Case, first: date, last: date) -> None:
    case.first_found, case.last_found = first, last
    case.first_month, case.last_month = f"{first:%Y-%m}", f"{last:%Y-%m}"


def has_fallen(case: Case, grounds: Mapping[str, int]) -> bool:
    """Whether what it rests upon is gone: its verdicts withdrawn, or decided not to have been right."""
    return ANNULLED in case.content or grounds.get(case.id, 1) == 0


def grounded(session: Session, ids: Collection[str]) -> dict[str, int]:
    """{case: how many of its occurrences are in force}, of those that have any at all."""
    return {one: int(count) for part in parts(ids) for one, count in ask(session, _GROUND, cases=part)}


def _parent_fallen(session: Session, editions: Editions, case: Case) -> bool:
    """Whether the case that it is about fell away by itself: then nothing has to be decided about it any more."""
    parent = session.get(Case, case.parent) if case.parent else None
    if parent is None or parent.content.get(ANNULLED):
        return False
    return rules_for(editions, parent).types[parent.type].states[parent.state].void


def store(case: Case, standing: Standing, rules: CaseRules, workdays: Workdays) -> None:
    """Keep the standing in the case's columns."""
    for name, value in columns(case, standing, rules, workdays).items():
        setattr(case, name, value)


def columns(case: Case, standing: Standing, rules: CaseRules, workdays: Workdays) -> dict:
    """What is stored of a standing: {column: value}."""
    state = rules.types[case.type].states[standing.state]
    due_on = due(standing, state, workdays)
    return {
        "state": standing.state,
        "ended": state.ends,
        "owner_id": standing.owner,
        "entered_on": standing.entered_on,
        "deadline": standing.deadline,
        "due_on": due_on,
        "climbs": isinstance(state.span, str) and not state.ends,
        "answered_on": standing.answered_on,
        "in_time": standing.in_time,
        "closed_on": standing.closed_on,
        "returns": standing.returns,
        "asked": standing.asked is not None,
        "urgency": urgency(due_on, state.ends, case.opened_on),
        "recency": recency(case.opened_on),
        "opened_month": _month(case.opened_on),
        "due_month": _month(standing.deadline),
        "closed_month": _month(standing.closed_on),
    }


def _month(day: date | None) -> str | None:
    return f"{day:%Y-%m}" if day else None
