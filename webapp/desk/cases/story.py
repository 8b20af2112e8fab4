"""The story of a case for its page: what was found, every step, what hangs together with it, and how it stood on a day."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import request
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.cases.filters import Reader
from webapp.cases.folding import Standing, due, escalated, fold
from webapp.cases.models import Case, CaseLink, CaseMove, Occurrence
from webapp.cases.reading import Detail, Seen, Shot, Step, compared, details
from webapp.cases.rights import Known
from webapp.cases.standing import ANNULLED, moves_of, opening_of, rules_for
from webapp.core.clock import end_of_day
from webapp.core.ids import is_id
from webapp.desk.cases import words
from webapp.desk.unit_and_day import given_day
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import within
from webapp.photos.queries import may_see
from webapp.photos.rules import HERE
from webapp.rulebook.case_rules import CaseRules, Move, State
from webapp.web.access import editions

MOST_LINKED = 100


@dataclass(frozen=True)
class Told:
    """A step of the history: what it did by the rules of the case, and under which name it is shown."""

    step: Step
    move: Move | None
    author: str
    acting: str
    cause: str | None = None
    owner: str | None = None
    until: date | None = None


@dataclass(frozen=True)
class Linked:
    """Another case that hangs together with this one."""

    case: Case
    title: str
    state: str
    unit_name: str


@dataclass(frozen=True)
class Stood:
    """How the case stood at the end of a day; ``state`` None: it had not been opened yet."""

    day: date
    state: State | None = None
    standing: Standing | None = None
    owner: str | None = None
    due: date | None = None
    level: str | None = None


@dataclass(frozen=True)
class Story:
    """All that the page tells. ``hidden``: who found it is not named to the reader."""

    detail: Detail
    hidden: bool
    seen: tuple[Seen, ...]
    steps: list[Told]
    parent: list[Linked]
    about: list[Linked]  # disputes
    orders: list[Linked]
    cases: list[Linked]  # of an order
    recurs: list[Linked]  # the one before, and those after
    pairs: list[list[Shot]]  # of a signal: the photos that it compares, as far as the reader may see them
    on: Stood | None


def is_part(session: Session, case: Case, person: str) -> bool:
    """Whether the person owns the case, or once had a hand in it."""
    mine = select(CaseMove.fact_id).where(CaseMove.case_id == case.id, CaseMove.author_id == person)
    return case.owner_id == person or session.scalar(mine.limit(1)) is not None


def told(session: Session, case: Case, reader: Reader, here: Known, unit: Unit) -> Story:
    """The story as the reader may read it; ``?on=`` of the address tells how it stood on a day."""
    detail = details(session, [case])[case.id]
    hidden = words.hides_finder(reader.actor, detail, unit.path)
    rules = rules_for(editions(), case)
    on = given_day("on") if request.args.get("on") else None
    steps = [_step(step, detail, hidden, rules, here) for step in detail.steps]
    if on is not None:
        steps = [one for one in steps if one.step.at < end_of_day(on)]
    return Story(
        detail,
        hidden,
        detail.seen,
        steps,
        _linked(session, reader, Case.id == case.parent),
        _linked(session, reader, Case.parent == case.id),
        _linked(session, reader, Case.id.in_(_links(CaseLink.order_id, CaseLink.case_id, case))),
        _linked(session, reader, Case.id.in_(_links(CaseLink.case_id, CaseLink.order_id, case))),
        _linked(session, reader, or_(Case.id == case.previous, Case.previous == case.id)),
        _pairs(session, case, reader),
        _stood(session, case, reader, here, on) if on is not None else None,
    )


def _pairs(session: Session, case: Case, reader: Reader) -> list[list[Shot]]:
    """A photo that is not here any more, or not yet, is shown as that."""
    return [
        [shot for shot in pair if shot.state != HERE or may_see(session, reader.actor, shot.sha256)]
        for pair in compared(session, case)
    ]


def _step(step: Step, detail: Detail, hidden: bool, rules: CaseRules, here: Known) -> Told:
    content = step.content
    cause = rules.causes.get(content.get("cause"))
    return Told(
        step,
        here.type.moves.get(step.move),
        words.author_of(step, detail, hidden),
        step.acting,
        cause.title if cause else content.get("cause"),
        detail.people.get(content.get("owner")),
        date.fromisoformat(content["day"]) if content.get("day") else None,
    )


def _links(wanted, known, case: Case):
    return select(wanted).where(known == case.id)


def _linked(session: Session, reader: Reader, condition) -> list[Linked]:
    """Those of the cases that the reader sees, in the order of their opening."""
    query = (
        select(Case, Unit.name)
        .join(Unit, Unit.code == Case.unit_code)
        .where(
            condition,
            or_(within(reader.actor.reach("see-inspections")), Case.owner_id == reader.actor.person_id),
        )
        .order_by(Case.opened_at, Case.id)
        .limit(MOST_LINKED)
    )
    return [_link(*row) for row in session.execute(query)]


def cases_of(session: Session, inspection: str) -> dict[int, list[Linked]]:
    """By the ordinal of a failed item: the cases that it opened or joined."""
    query = (
        select(Occurrence.ordinal, Case, Unit.name)
        .join(Case, Case.id == Occurrence.case_id)
        .join(Unit, Unit.code == Case.unit_code)
        .where(Occurrence.inspection_id == inspection)
        .order_by(Occurrence.ordinal, Occurrence.criterion)
    )
    found: dict[int, list[Linked]] = {}
    for ordinal, case, unit_name in session.execute(query):
        found.setdefault(ordinal, []).append(_link(case, unit_name))
    return found


def _link(case: Case, unit_name: str) -> Linked:
    case_type = rules_for(editions(), case).types[case.type]
    title = words.title_of(case, editions(), case_type)
    return Linked(case, title, case_type.states[case.state].title, unit_name)


# ---------------------------------------------------------------- as it stood


def _stood(session: Session, case: Case, reader: Reader, here: Known, day: date) -> Stood:
    """Folded anew from what had arrived by the end of the day."""
    until = end_of_day(day)
    if case.opened_at >= until:
        return Stood(day)
    rules = rules_for(editions(), case)
    made = [one for one in moves_of(session, [case.id]).get(case.id, ()) if one.at < until]
    fallen = _fell_at(session, case, here)
    opening = opening_of(case)
    standing = fold(opening, made, rules, reader.workdays, fallen is not None and fallen < until)
    state = here.type.states[standing.state]
    step = escalated(opening, standing, rules, day, reader.workdays)
    owner = names_of(session, {standing.owner}).get(standing.owner) if standing.owner else None
    return Stood(
        day, state, standing, owner, due(standing, state, reader.workdays), step.to if step else None
    )


def _fell_at(session: Session, case: Case, here: Known) -> datetime | None:
    """When its ground fell away: decided so, or the last record that held it was withdrawn or corrected."""
    if here.type.void is None or case.state != here.type.void.code:
        return None
    ground = session.get(Case, case.parent) if case.parent else case
    annulled = ground.content.get(ANNULLED)
    if is_id(annulled):
        return session.scalar(select(CaseMove.at).where(CaseMove.fact_id == annulled))
    records = select(Occurrence.inspection_id).where(Occurrence.case_id == ground.id)
    query = select(func.max(Fact.received_at)).where(or_(Fact.target.in_(records), Fact.amends.in_(records)))
    return session.scalar(query) or case.opened_at
