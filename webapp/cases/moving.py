"""Make a move: look whether it may be made now, keep it, and fold the case anew. The caller has locked the unit's journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.cases import telling
from webapp.cases.clocks import Workdays
from webapp.cases.folding import opening_span
from webapp.cases.models import Case, CaseLink, CaseMove, CaseNumber
from webapp.cases.rights import Known, known, staff_of, units_around
from webapp.cases.standing import ANNULLED, opening_of, refold, rules_for, workdays_of
from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.rulebook.case_rules import Move
from webapp.rulebook.queries import Editions


@dataclass(frozen=True)
class Wanted:
    """A move as somebody wants to make it. ``day``: on which it counts; ``content``: cause, owner, day as ISO text."""

    id: str
    case: str
    move: str
    unit: str
    author: str
    acting: str
    day: date
    content: Mapping


def allowed(session: Session, editions: Editions, wanted: Wanted, now: datetime) -> tuple[Known, Move]:
    """The case and the move, if this person may make it now; else the problem that says why not."""
    case = session.get(Case, wanted.case)
    if case is None or case.unit_code != wanted.unit:
        raise Problem("bad-fact", {"case": "unknown"})
    here = known(session, editions, [case])[case.id]
    move = here.type.moves.get(wanted.move)
    if move is None:
        raise Problem("bad-fact", {"move": "unknown"})
    staff = staff_of(session, units_around([here.ground]), wanted.day)
    state = here.type.states[here.standing.state]
    if here.standing.state not in move.start or not here.open_to(move):
        raise Problem("case-moved", {"move": state.code}, zh_state=state.title.zh, en_state=state.title.en)
    if move not in here.moves_for(wanted.author, wanted.acting, staff):
        raise Problem("not-your-move", {"move": move.code})
    _in_time(here, move, wanted, workdays_of(session), editions, now)
    if move.effect == "owner" and not staff.get(wanted.unit, {}).get(wanted.content.get("owner")):
        raise Problem("bad-fact", {"owner": "does not work here"})
    return here, move


def _in_time(
    here: Known, move: Move, wanted: Wanted, workdays: Workdays, editions: Editions, now: datetime
) -> None:
    """The days of a move: within its time, and a deadline neither behind us nor further off than may be."""
    opened, today = here.case.opened_on, local_date(now)
    if move.within is not None and wanted.day > workdays.after(opened, move.within):
        raise Problem("too-late-for-move", {"move": move.code}, days=str(move.within))
    standing, day = here.standing, wanted.content.get("day")
    chosen = date.fromisoformat(day) if day else None
    closed = (today - standing.closed_on).days if standing.closed_on else 0
    if move.effect == "reopen" and closed > here.type.reopens:
        raise Problem("too-late-for-move", {"move": move.code}, days=str(here.type.reopens))
    if chosen is None or standing.deadline is None:
        return
    if move.effect in ("shorten", "owner") and not today <= chosen < standing.deadline:
        raise Problem("bad-fact", {"day": "from today up to the day before the deadline"})
    if move.effect == "ask" and wanted.day > standing.deadline:
        raise Problem("case-moved", {"move": "overdue"}, zh_state="已超期", en_state="overdue")
    if move.effect in ("ask", "grant"):
        span = opening_span(opening_of(here.case), rules_for(editions, here.case))
        if not standing.deadline < chosen <= workdays.add(standing.deadline, span):
            raise Problem("bad-fact", {"day": "after the deadline, by its first span at most"})


def make(
    session: Session, editions: Editions, here: Known, move: Move, wanted: Wanted, now: datetime
) -> list[Case]:
    """Keep the move, and what follows from it; returns the cases that it changed."""
    case = here.case
    session.add(
        CaseMove(
            fact_id=wanted.id, case_id=case.id, seq=case.moves + 1, move=move.code, author_id=wanted.author,
            acting_code=wanted.acting, day=wanted.day, at=now, content=dict(wanted.content),
        )
    )  # fmt: skip
    if move.opens:
        session.add(_about(case, move, wanted, now))
    parent = session.get(Case, case.parent) if case.parent else None
    if move.effect == "annul" and parent is not None:
        parent.content = {**parent.content, ANNULLED: wanted.id}
    session.flush()
    changed = [case.id, *([parent.id] if parent is not None else []), *([wanted.id] if move.opens else [])]
    cases = refold(session, editions, changed, now)
    told = next(one for one in cases if one.id == (wanted.id if move.opens else case.id))
    telling.after_move(session, editions, told, move, wanted.author, now, here.standing)
    return cases


def _about(case: Case, move: Move, wanted: Wanted, now: datetime) -> Case:
    """A case about this one, raised by the move: its id is the move's."""
    return Case(
        id=wanted.id, type=move.opens, unit_code=case.unit_code, found_by=case.found_by, kind=case.kind,
        criterion=case.criterion, place_kind=case.place_kind, place=case.place, severity=case.severity, parent=case.id,
        opened_at=now, opened_on=local_date(now), found_on=wanted.day, first_owner=None, owner_id=None, state="",
        entered_on=local_date(now), content={"asker": wanted.author},
    )  # fmt: skip


@dataclass(frozen=True)
class Order:
    """A case that somebody above issues: about other cases or a requirement (its words stand in the fact), with a deadline."""

    id: str
    unit: str
    acting: str
    deadline: date
    cases: tuple[str, ...]
    severity: str


def issue(session: Session, editions: Editions, order: Order, now: datetime) -> Case:
    """Open it with the next number of the issuing unit's year."""
    today = local_date(now)
    case_type = editions.on(today).cases.of_orders
    case = Case(
        id=order.id, type=case_type.code, unit_code=order.unit, found_by=order.acting, place_kind="unit",
        place=order.unit, severity=order.severity, opened_at=now, opened_on=today, found_on=today,
        set_deadline=order.deadline, first_owner=None, owner_id=None, state=case_type.first.code, entered_on=today,
        number=_number(session, order.acting, case_type.code, case_type.number, today.year), content={},
    )  # fmt: skip
    session.add(case)
    session.flush()
    session.add_all(CaseLink(order_id=case.id, case_id=one) for one in order.cases)
    refold(session, editions, [case.id], now)
    telling.opened(session, editions, [case], now)
    return case


def _number(session: Session, unit: str, case_type: str, form: str | None, year: int) -> str:
    """The next one: no gaps, no zeros, for the unit's journal is locked."""
    row = session.get(CaseNumber, (unit, case_type, year))
    if row is None:
        row = CaseNumber(unit_code=unit, type=case_type, year=year, last=0)
        session.add(row)
    row.last += 1
    return (form or "{year}-{n}").format(year=year, n=row.last)
