"""The server's cases and the domain's, side by side."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from tests.independent.case_office import Office
from tests.independent.case_world import World, first_day
from tests.independent.cases import (
    DAY,
    OVER,
    Case as Ours,
    Dispute,
    Followed,
    Order,
    due_day,
    overdue,
    recheckers,
    rung,
    same_day,
    turn,
)  # fmt: skip
from webapp.cases import folding
from webapp.cases.models import Case, CaseMove
from webapp.cases.parties import owners
from webapp.cases.rights import known, staff_of, units_around
from webapp.cases.standing import opening_of, refold, rules_for, workdays_of
from webapp.cases.verifying import differences
from webapp.core import clock
from webapp.journal.models import Fact, Refusal
from webapp.photos.models import PhotoRef
from webapp.photos.rules import REFUSED, named_in
from webapp.recording.facts import case_move, case_order
from webapp.rulebook.queries import editions_of

FINDS_AND_RAISED = ("close", "return", "accept", "send-back", "clear", "keep")
COLUMNS = [column.name for column in Case.__table__.columns]


@dataclass
class Count:
    """What was compared, and where it differs."""

    cases: int = 0
    moves: int = 0
    kinds: Counter = field(default_factory=Counter)  # of the moves that came about
    refused: int = 0
    faults: list[str] = field(default_factory=list)


def compare(seed: int, office: Office, steps: int) -> Count:
    """Let so many things happen, and ask both after each of them; more thoroughly now and then."""
    world = World(office, seed, first_day(seed))
    count, log = Count(), []
    for number, step in enumerate(world.steps(steps)):
        log.append(step)
        world.faults += office.read(lambda session: list(_columns(session, world)))
        if number % 7 == 0 or number == steps - 1:
            world.faults += office.read(lambda session: list(_deeply(session, world)))
        if world.faults:
            break
    world.faults += office.read(lambda session: list(_kept(session, world)))
    count.cases, count.moves, count.refused = len(world.told.all), len(world.moved), len(world.refused)
    count.kinds = Counter(world.moved.values())
    count.kinds["recurrences"] = sum(one.recurrence for one in world.told.cases)
    if world.faults:
        story = "\n".join(f"  {line}" for line in log)
        count.faults = [f"seed {seed}: {fault}" for fault in world.faults] + [
            f"seed {seed} went so:\n{story}"
        ]
    return count


def _stored(session) -> dict[str, Case]:
    return {row.id: row for row in session.scalars(select(Case))}


def _said(one: Followed) -> dict:
    """What the server must have stored of it."""
    said = {
        "type": one.type, "unit_code": one.unit, "state": one.now, "ended": one.now in OVER, "due_on": due_day(one),
        "opened_on": same_day(one.opened), "owner_id": one.owner,
    }  # fmt: skip
    if isinstance(one, Dispute):
        return said
    said |= {
        "found_by": one.acting, "severity": one.severity, "deadline": one.due, "answered_on": one.answered,
        "in_time": one.in_time, "closed_on": one.closed, "returns": one.returns, "asked": one.asked is not None,
    }  # fmt: skip
    return said | ({"number": one.number} if isinstance(one, Order) else {"recurs": one.recurrence})


def _columns(session, world: World) -> Iterator[str]:
    """Which cases there are, and what is stored of each."""
    rows = _stored(session)
    ours = dict(zip(world.ids_of(world.told.all), world.told.all, strict=True))
    if stranger := rows.keys() - ours.keys():
        yield f"cases that the domain does not know: {sorted(stranger)}"
    for name, one in ours.items():
        row = rows.get(name)
        if row is None:
            yield f"the server does not know {_name(one)}"
            continue
        stored = {column: getattr(row, column) for column in COLUMNS} | {"recurs": row.previous is not None}
        for column, wanted in _said(one).items():
            if stored[column] != wanted:
                yield f"{_name(one)}: {column} is {stored[column]!r}, the domain says {wanted!r}"
        if row.ended and (row.due_on is not None or row.climbs):
            yield f"{name} has ended and is due on {row.due_on}"


def _deeply(session, world: World) -> Iterator[str]:
    """Functions of the day; who may look again; stored equals rebuilt."""
    editions, workdays, today = editions_of(session), workdays_of(session), clock.local_date(world.now)
    rows = list(_stored(session).values())
    here = known(session, editions, rows)
    staff = staff_of(session, units_around(one.ground for one in here.values()), today)
    ours = dict(zip(world.ids_of(world.told.all), world.told.all, strict=True))
    for row in rows:
        one, there = ours[row.id], here[row.id]
        yield from _at_turn(world, one, there, staff, today)
        for day in (today, *(today + n * DAY for n in (1, 3, 8, 15))):
            if folding.overdue(row.due_on, day) is not overdue(one, day):
                yield f"{_name(one)}: overdue on {day} is not {overdue(one, day)}"
            rules = rules_for(editions, row)
            step = (
                None
                if isinstance(one, Dispute)
                else folding.escalated(opening_of(row), there.standing, rules, day, workdays)
            )
            reached = None if isinstance(one, Dispute) else rung(one, day)
            if (step and step.to) != reached:
                yield f"{_name(one)}: on {day} it has climbed to {step}, says the server; the domain: {reached}"
    yield from _rebuilt(session, editions, world)


def _at_turn(world: World, one: Followed, there, staff, today: date) -> Iterator[str]:
    offices = world.told.offices
    at_turn = owners(there.ground, there.standing, staff)
    if at_turn != turn(offices, one, today):
        yield f"{_name(one)}: at turn are {at_turn}, the domain says {turn(offices, one, today)}"
    if not isinstance(one, Ours) or one.now != "answered":
        return
    may = {
        (person, unit)
        for unit in there.ground.units
        for person in staff.get(unit, {})
        if {"close", "return"} <= {move.code for move in there.moves_for(person, unit, staff)}
    }
    if may != recheckers(offices, one, today):
        yield f"{_name(one)}: {may} may look again, the domain says {recheckers(offices, one, today)}"


def _rebuilt(session, editions, world: World) -> Iterator[str]:
    """`check` finds nothing, and folding everything anew changes nothing."""
    yield from differences(session, editions, case_move.TYPE.name, case_order.TYPE.name)
    before = {row.id: {name: getattr(row, name) for name in COLUMNS} for row in _stored(session).values()}
    refold(session, editions, before, world.now)
    session.expire_all()
    for row in _stored(session).values():
        if (after := {name: getattr(row, name) for name in COLUMNS}) != before[row.id]:
            yield f"{row.id} folded anew is {after}, it was {before[row.id]}"


def _kept(session, world: World) -> Iterator[str]:
    """Nobody looked again at the own answer; every refused move is kept with its text and photos; nothing came twice."""
    answered: dict[str, str] = {}
    for move in session.scalars(select(CaseMove).order_by(CaseMove.case_id, CaseMove.seq)):
        if move.move in FINDS_AND_RAISED and answered.get(move.case_id) == move.author_id:
            yield f"{move.author_id} looked again at the own answer in {move.case_id}"
        if move.move in ("answer", "report", "explain"):
            answered[move.case_id] = move.author_id
    stored = select(func.count()).select_from(Fact).where(Fact.type == "case-move")
    if session.scalar(stored) != len(world.moved):
        yield f"{session.scalar(stored)} moves are stored, {len(world.moved)} came"
    kept = {row.fact_id: row for row in session.scalars(select(Refusal))}
    for name in world.refused:
        row, sent = kept.get(name), world.office.sent[name]
        if row is None or row.text != sent["open"] or not row.code:
            yield f"the refused move {name} is not kept: {row and row.text}"
            continue
        names = select(PhotoRef.digest).where(PhotoRef.fact_id == name, PhotoRef.source == REFUSED)
        if set(session.scalars(names)) != set(named_in([sent["open"]])):
            yield f"the photos of the refused move {name} are not named"


def _name(one: Followed) -> str:
    return f"{one.type} {one.key if hasattr(one, 'key') else one.opening[1:]} of {one.unit}, opened {same_day(one.opened)}, {one.now}"
