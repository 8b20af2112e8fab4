"""Who is told what of a case: at its opening, after a move, and as its clock runs. What is grave, or pressed, at once.

Nobody is told of the own move. The words hold no text that a person wrote and no name: an inbox may be read over a shoulder.
"""

import functools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, literal, or_, select
from sqlalchemy.orm import Session

from webapp.cases.folding import Standing
from webapp.cases.models import Case
from webapp.cases.naming import title_of
from webapp.cases.parties import CHECKERS, Staff, checking_units, owners
from webapp.cases.rights import Known, known, staff_of, units_around
from webapp.cases.standing import rules_for, workdays_of
from webapp.core.clock import local_date
from webapp.notices.deadlines import Deadline, provide
from webapp.notices.models import Notice
from webapp.notices.operations import tell
from webapp.notices.sorts import Sort, register
from webapp.org.models import Person, Role
from webapp.org.rules import HEADS, LEVELS
from webapp.rulebook.case_rules import Move, Step
from webapp.rulebook.queries import Editions, editions_of

YOURS = register(Sort("case-yours", ("unit", "what", "day"), "{unit}：“{what}”由您整改，{day}前完成", "{unit}: “{what}” is yours to put right by {day}"))  # fmt: skip
TO_MOVE = register(Sort("case-to-move", ("unit", "what", "state"), "{unit}：“{what}”{state}，请办理", "{unit}: “{what}” is {state}; please look at it"))  # fmt: skip
MOVED = register(Sort("case-moved", ("unit", "what", "done"), "{unit}：“{what}”{done}", "{unit}: “{what}”: {done}"))  # fmt: skip
DUE = register(Sort("case-due", ("unit", "what", "day"), "{unit}：“{what}”{day}到期", "{unit}: “{what}” is due on {day}"))  # fmt: skip
CLIMBED = register(Sort("case-climbed", ("unit", "what", "day"), "{unit}：“{what}”{day}到期未整改，已上报到本级", "{unit}: “{what}” was due on {day} and has come up to your level"))  # fmt: skip

# What the timer missed is told afterwards, but not what is older; and so many of each sort in one tick.
BACK = timedelta(days=5)
AT_ONCE = 300


def opened(session: Session, editions: Editions, cases: Sequence[Case], now: datetime) -> None:
    """Whoever owns a new case is told; of the gravest also who sees it at once."""
    cases = [case for case in cases if not case.ended]
    if not cases:
        return
    here = known(session, editions, cases)
    staff = staff_of(session, units_around(one.ground for one in here.values()), local_date(now))
    for case in cases:
        one = here[case.id]
        grave = case.number is not None or case.severity == rules_for(editions, case).gravest
        _tell_owners(session, editions, one, owners(one.ground, one.standing, staff), now, "opened", grave)


def after_move(
    session: Session, editions: Editions, case: Case, move: Move, author: str, now: datetime, before: Standing
) -> None:
    """Whose turn it is now is told, and whom else the move concerns. ``before``: how the case stood when it was made."""
    one = known(session, editions, [case])[case.id]
    staff = staff_of(session, units_around([one.ground]), local_date(now))
    mine = owners(one.ground, one.standing, staff)
    if move.effect in ("owner", "reject", "reopen", "press"):
        _tell_owners(
            session, editions, one, mine - {author}, now, f"{move.code} {case.moves}", move.effect == "press"
        )
        return
    state = one.type.states[one.standing.state]
    key = f"case {case.id} {case.moves}"
    if move.effect in ("answer", "ask") or move.opens:
        those = _at_turn(one, move, staff)
        said = {"what": _what(editions, case), "state": state.title.as_dict()}
        _tell(session, one, TO_MOVE, those - {author}, said, key, now)
    else:
        concerned = mine | one.standing.owners | {one.standing.asker, one.standing.answerer}
        if move.effect == "give-back":  # whose it is again was never told that it was not
            concerned = {before.owner} - mine
        said = {"what": _what(editions, case), "done": move.done.as_dict()}
        _tell(session, one, MOVED, concerned - {None, author}, said, key, now)


def _at_turn(one: Known, move: Move, staff: Staff) -> frozenset[str]:
    """Who looks again at an answer; who decides about a request or a dispute: the unit above, of an order who issued it."""
    units = one.ground.units
    if move.effect == "answer" and one.type.states[one.standing.state].late == "checker":
        those = checking_units(one.ground, one.standing, staff)
        found = {
            person for unit in those for person, roles in staff.get(unit, {}).items() if roles & CHECKERS
        }
        return frozenset(found - one.standing.owners - {one.standing.answerer})
    decides = one.ground.found_by if one.type.issued_by else (one.ground.above or units)[-1]
    return frozenset(_leading(staff, decides, units))


def _leading(staff: Staff, unit: str, units: Sequence[str]) -> set[str]:
    role = HEADS[LEVELS[units.index(unit)]] if unit in units else None
    return {person for person, roles in staff.get(unit, {}).items() if role in roles}


def _what(editions: Editions, case: Case) -> dict:
    return title_of(editions, case).as_dict()


def _tell_owners(
    session: Session, editions: Editions, one: Known, people: Iterable[str], now: datetime, occasion: str, grave: bool
) -> None:  # fmt: skip
    due = one.case.due_on or local_date(now)
    said = {"what": _what(editions, one.case), "day": due}
    _tell(session, one, YOURS, people, said, f"case {one.case.id} {occasion}", now, grave)


def _tell(
    session: Session, one: Known, sort: Sort, people: Iterable[str], said: dict, key: str, now: datetime, grave: bool = False
) -> None:  # fmt: skip
    case = one.case
    values = {**said, "unit": one.unit_name}
    tell(
        session, people, sort.code, values, f"/cases/{case.id}", key=key, now=now, grave=grave, unit=case.unit_code,
        phone=f"/app/case/{case.id}",
    )  # fmt: skip


# ---------------------------------------------------------------- as the clock runs


def remind(session: Session, editions: Editions, now: datetime) -> int:
    """Tell owners what was opened and what is due, and each level what has climbed up to it; how many cases. Idempotent.

    What was told before is left out by the database; so many at a time that a tick is short: the next one goes on.
    """
    today = local_date(now)
    fresh = select(Case).where(
        ~Case.ended, Case.opened_on >= today - BACK, _untold("case ", Case.id, " opened")
    )
    soon = select(Case).where(
        ~Case.ended,
        Case.climbs,
        Case.due_on.between(today, today + timedelta(days=1)),
        _untold("case-due ", Case.id, " ", cast(Case.due_on, String)),
    )
    found = session.scalars(fresh.order_by(Case.opened_at).limit(AT_ONCE)).all()
    opened(session, editions, found, now)
    due = session.scalars(soon.order_by(Case.due_on).limit(AT_ONCE)).all()
    _tell_due(session, editions, due, now)
    return len(found) + len(due) + _climbed(session, editions, now)


def _untold(*parts) -> ColumnElement[bool]:
    """Whether nobody was told under the key of which these are the parts."""
    key = functools.reduce(lambda left, right: left + right, (literal(one) if isinstance(one, str) else one for one in parts))  # fmt: skip
    return ~exists().where(Notice.key == key)


def _tell_due(session: Session, editions: Editions, cases: Sequence[Case], now: datetime) -> None:
    here, staff = _around(session, editions, cases, now)
    for case in cases:
        one = here[case.id]
        said = {"what": _what(editions, case), "day": case.due_on}
        people = owners(one.ground, one.standing, staff)
        _tell(session, one, DUE, people, said, f"case-due {case.id} {case.due_on}", now)


def _around(session: Session, editions: Editions, cases: Sequence[Case], now: datetime):
    if not cases:
        return {}, {}
    here = known(session, editions, cases)
    return here, staff_of(session, units_around(one.ground for one in here.values()), local_date(now))


def _climbed(session: Session, editions: Editions, now: datetime) -> int:
    """Each rung that was reached in the last days, told to who leads the unit of its level."""
    today, workdays, count = local_date(now), workdays_of(session), 0
    for severity, ladder in editions.on(today).cases.ladders.items():
        for step in (one for one in ladder if one.after is not None):
            last = workdays.latest(today, step.after)
            key = ("case-climbed ", Case.id, " ", cast(Case.deadline, String), f" {step.to}")
            query = select(Case).where(~Case.ended, Case.climbs, Case.severity == severity, _untold(*key))
            query = (
                query.where(Case.deadline.between(last - BACK, last)).order_by(Case.deadline).limit(AT_ONCE)
            )
            count += _tell_level(session, editions, session.scalars(query).all(), step, now)
    return count


def _tell_level(
    session: Session, editions: Editions, cases: Sequence[Case], step: Step, now: datetime
) -> int:
    here, staff = _around(session, editions, cases, now)
    level = LEVELS.index(step.to)
    for case in cases:
        one = here[case.id]
        units = one.ground.units
        people = _leading(staff, units[level], units) if level < len(units) else ()
        said = {"what": _what(editions, case), "day": case.deadline}
        key = f"case-climbed {case.id} {case.deadline} {step.to}"
        _tell(session, one, CLIMBED, people, said, key, now)
    return len(cases)


# ---------------------------------------------------------------- a calendar's deadlines

MOST = 200


@provide
def deadlines(session: Session, person: Person) -> list[Deadline]:
    """The days by which the person has to have answered: own cases, and those of units that the person leads."""
    editions = editions_of(session)
    leads = select(Role.unit_code).where(Role.person_id == person.id, Role.role.in_(HEADS.values()), Role.last_day.is_(None))  # fmt: skip
    mine = or_(Case.owner_id == person.id, Case.owner_id.is_(None) & Case.unit_code.in_(leads))
    query = select(Case).where(~Case.ended, Case.climbs, Case.due_on.is_not(None), mine)
    return [
        Deadline(f"case-{case.id}", case.due_on, title.zh, title.en, f"/cases/{case.id}")
        for case in session.scalars(query.order_by(Case.due_on, Case.id).limit(MOST))
        for title in [title_of(editions, case)]
    ]
