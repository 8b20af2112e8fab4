"""Moves of cases and work orders made at the desk: for which unit somebody acts is found by who may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.cases.models import Case
from webapp.cases.rights import Known, known, staff_of, units_around
from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.recording.facts.case_move import TEXT
from webapp.recording.operations import record_at_desk
from webapp.rulebook.case_rules import Move
from webapp.rulebook.queries import Editions, editions_of


@dataclass(frozen=True)
class Picture:
    """A photo that goes with a move, and when it was taken, where that is known."""

    sha256: str
    size: int
    taken: datetime | None = None


@dataclass(frozen=True)
class Said:
    """What somebody says with a move; what the move does not need may be left out."""

    text: str = ""
    cause: str | None = None
    owner: str | None = None
    day: date | None = None
    photos: tuple[Picture, ...] = ()

    @property
    def open(self) -> dict:
        """Its part of the fact that is kept for good."""
        photos = [{"sha256": one.sha256, "size": one.size} for one in self.photos]
        said = {
            "cause": self.cause,
            "owner": self.owner,
            "day": self.day and self.day.isoformat(),
            "photos": photos,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def personal(self) -> dict | None:
        """Its part that is deleted in time."""
        taken = {one.sha256: {"taken": one.taken.isoformat()} for one in self.photos if one.taken}
        return (_words(self.text) or {}) | ({"photos": taken} if taken else {}) or None


@dataclass(frozen=True)
class Way:
    """A move that is open to somebody, and the unit for which they make it."""

    move: Move
    acting: str


def ways(
    session: Session, editions: Editions, actor: Actor, cases: Sequence[Case]
) -> dict[str, tuple[Known, list[Way]]]:
    """By case: how it stands and what this person may do with it now, each move for the nearest unit that allows it."""
    here = known(session, editions, cases)
    staff = staff_of(session, units_around(one.ground for one in here.values()), actor.today)
    found = {}
    for one in here.values():
        units = [unit for unit in reversed(one.ground.units) if actor.person_id in staff.get(unit, {})]
        open: dict[str, Way] = {}
        for unit in units:
            for move in one.moves_for(actor.person_id, unit, staff):
                open.setdefault(move.code, Way(move, unit))
        found[one.case.id] = (one, [open[code] for code in one.type.moves if code in open])
    return found


def make_move(
    session: Session, actor: Actor, now: datetime, case_id: str, move: str, said: Said = Said()
) -> Fact:
    """Make the move at the desk; raises ``not-found``, ``not-your-move``, ``case-moved`` and what its guard finds.

    Whoever may not make it is refused by the guard, for the nearest unit in which they hold a role.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise Problem("not-found")
    path = session.get(Unit, case.unit_code).path
    _known, open = ways(session, editions_of(session), actor, [case])[case.id]
    acting = next((way.acting for way in open if way.move.code == move), None) or actor.acting_for(None, path)
    if acting is None:
        raise Problem("not-your-move", {"move": move})
    body = {
        "type": "case-move", "unit": case.unit_code, "acting": acting, "date": local_date(now).isoformat(),
        "made": now.isoformat(), "case": case.id, "move": move, **said.open,
    }  # fmt: skip
    return record_at_desk(session, actor, now, body, said.personal)


def issue(
    session: Session, actor: Actor, now: datetime, unit: Unit, acting: str, cases: Sequence[str], text: str, deadline: date
) -> Fact:  # fmt: skip
    """Issue a work order to the unit, about cases or a requirement alone; raises what its guard finds."""
    body = {
        "type": "case-order", "unit": unit.code, "acting": acting, "date": local_date(now).isoformat(),
        "cases": list(cases), "deadline": deadline.isoformat(),
    }  # fmt: skip
    return record_at_desk(session, actor, now, body, _words(text))


def _words(text: str) -> dict | None:
    return {"notes": {TEXT: text.strip()}} if text.strip() else None
