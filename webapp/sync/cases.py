"""Cases as a phone holds them: one's own to answer, those to look at again, and what became of them."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, or_, select

from webapp.cases.clocks import Workdays
from webapp.cases.models import Case
from webapp.cases.naming import strange
from webapp.cases.parties import Staff, owners
from webapp.cases.reading import Detail, Seen, Shot, Step, details
from webapp.cases.rights import Known, known, staff_of, units_around
from webapp.cases.standing import rules_for, workdays_of
from webapp.cases.windows import Window, window
from webapp.inspections.covert import is_inspected
from webapp.rulebook.case_rules import CaseRules, CaseType, Move
from webapp.sync.working import Rows, Working

MOST = 300  # of a unit: more than anybody reads on a phone
ENDED_FOR = timedelta(days=35)
LABELS = 20


def cases(working: Working) -> Rows:
    """The units' cases that are not ended, or ended of late; a carrier who sees no records gets the own ones alone."""
    session, me = working.session, working.actor.person_id
    found = _lately(working)
    if not found:
        return {}
    units, workdays = {unit.code: unit for unit in working.units}, workdays_of(session)
    here = known(session, working.editions, found, units, workdays)
    staff = staff_of(session, units_around(one.ground for one in here.values()), working.today)
    whole = {unit.code for unit in working.where("see-inspections")}
    inspected = {unit.code for unit in working.units if is_inspected(working.actor, unit.path)}
    mine = {one.case.id for one in here.values() if _is_mine(one, me, staff)}
    shown = [case for case in found if case.unit_code in whole or case.id in mine]
    told = details(session, shown)
    rows: dict[str, list[dict]] = {}
    for case in shown:
        as_seen = case.id in mine, case.unit_code in whole, case.unit_code in inspected
        row = _row(told[case.id], here[case.id], *as_seen)
        rows.setdefault(case.unit_code, []).append(row | _moves(here[case.id], working, staff, workdays))
    return rows


def _lately(working: Working) -> list[Case]:
    """Of each unit the most urgent, those that are not ended first."""
    order = (Case.ended, Case.due_on, Case.id)
    place = func.row_number().over(partition_by=Case.unit_code, order_by=order).label("place")
    ranked = (
        select(Case.id, place)
        .where(Case.unit_code.in_(working.codes), ~Case.before)
        .where(or_(~Case.ended, Case.closed_on >= working.today - ENDED_FOR))
        .subquery()
    )
    query = select(Case).join(ranked, ranked.c.id == Case.id).where(ranked.c.place <= MOST)
    return list(working.session.scalars(query.order_by(Case.unit_code, ranked.c.place)))


def _is_mine(here: Known, me: str, staff) -> bool:
    """Whether it is this person's turn, or was: what became of the own answer, and of what was asked or disputed, is shown, too."""
    return (
        me in owners(here.ground, here.standing, staff)
        or me in here.standing.owners
        or me in (here.standing.answerer, here.standing.asker)
    )


def _moves(here: Known, working: Working, staff: Staff, workdays: Workdays) -> dict:
    """What this person may do with it now, for any of the units in which a role is held: on a phone, or at the desk alone."""
    me, rules = working.actor.person_id, rules_for(working.editions, here.case)
    units = [unit for unit in reversed(here.ground.units) if me in staff.get(unit, {})]
    found = {move.code: (move, unit) for unit in reversed(units) for move in here.moves_for(me, unit, staff)}
    may, desk = [], False
    for move, unit in found.values():
        when = window(here, move, rules, workdays, working.today)
        if not when.open_on(working.today):
            continue
        if move.phone:
            may.append(_may(move, unit, when))
        else:
            desk = desk or move.to is not None
    return {"may": may, "desk": desk and not here.case.ended}


def _may(move: Move, unit: str, when: Window) -> dict:
    days = when.days and {"first": when.days[0].isoformat(), "last": when.days[1].isoformat()}
    return {
        "move": move.code,
        "acting": unit,
        "until": when.until and when.until.isoformat(),
        "days": days,
    }


def _row(told: Detail, here: Known, mine: bool, whole: bool, inspected: bool) -> dict:
    """``whole``: the person sees the unit's records; ``inspected``: as one of its own. Who found it covertly is named to nobody
    whom it concerns, nor heard by them.
    """
    silent = told.covert and inspected
    case, covert = told.case, told.covert and (mine or not whole)
    first = told.seen[0] if told.seen else None
    return {
        "id": case.id, "type": case.type, "state": case.state, "number": case.number, "kind": case.kind,
        "criterion": case.criterion, "severity": case.severity, "recurs": case.previous is not None,
        "place": {"kind": case.place_kind, "name": told.place_name},
        "subjects": [one.label for one in told.seen if one.in_force][:LABELS],
        "count": sum(one.in_force for one in told.seen),
        "found": case.found_on.isoformat(), "opened": case.opened_on.isoformat(),
        "by": {"unit": case.found_by, "name": told.found_by_name},
        "finder": None if covert or first is None else first.finder,
        "owner": {"id": case.owner_id, "name": told.owner_name} if case.owner_id else None,
        "mine": mine, "ended": case.ended,
        "late": here.type.states[case.state].late,
        "deadline": case.deadline.isoformat() if case.deadline else None,
        "due": case.due_on.isoformat() if case.due_on else None,
        "asked": case.asked, "parent": case.parent,
        "text": told.words or next((one.words for one in told.seen if one.words), None),
        "about": seen[1].as_dict() if (seen := strange(case)) else None,
        "photos": _shots(told.seen),
        "voices": [] if silent else _voices(told.seen),
        "history": [_step(step, told) for step in told.steps],
    }  # fmt: skip


def _shots(seen: tuple[Seen, ...]) -> list[dict]:
    return [_shot(shot) for one in seen if one.in_force for shot in one.photos if shot.state == "here"][
        :LABELS
    ]


def _voices(seen: tuple[Seen, ...]) -> list[dict]:
    spoken = [one.voice.as_dict() for one in seen if one.in_force and one.voice]
    return [one for one in spoken if one][:LABELS]


def _shot(shot: Shot) -> dict:
    return {"sha256": shot.sha256, "size": shot.size or 0, "type": shot.type or "image/jpeg"}


def _step(step: Step, told: Detail) -> dict:
    content = step.content
    return {
        "id": step.id, "move": step.move, "day": step.day.isoformat(), "author": step.author, "unit": step.acting,
        "text": step.words, "cause": content.get("cause"), "until": content.get("day"),
        "owner": told.people.get(content.get("owner")),
        "photos": [_shot(shot) for shot in step.photos if shot.state == "here"],
    }  # fmt: skip


BUILDERS: dict[str, Callable[[Working], Rows]] = {"cases": cases}


def rules_on_the_wire(rules: CaseRules) -> dict:
    """The rules of cases as phones hold them."""
    return {
        "types": [_type(one) for one in rules.types.values()],
        "severities": [{"code": one.code, **one.title.as_dict()} for one in rules.severities.values()],
        "causes": [{"code": one.code, **one.title.as_dict()} for one in rules.causes.values()],
    }


def _type(one: CaseType) -> dict:
    return {
        "code": one.code,
        **one.title.as_dict(),
        "states": [
            {"code": state.code, **state.title.as_dict(), "ends": state.ends} for state in one.states.values()
        ],
        "moves": [
            {
                "code": move.code,
                **move.title.as_dict(),
                "done_zh": move.done.zh,
                "done_en": move.done.en,
                "needs": list(move.needs),
                "to": move.to,
            }
            for move in one.moves.values()
        ],
    }
