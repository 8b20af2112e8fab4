"""The forms of the moves that somebody may make with a case: built from what a move needs, read back from what was typed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app, request
from sqlalchemy.orm import Session

from webapp.cases.filters import Reader
from webapp.cases.folding import opening_span
from webapp.cases.models import Case
from webapp.cases.rights import Known
from webapp.cases.standing import moves_of, opening_of
from webapp.core import clock
from webapp.core.problems import Problem
from webapp.desk.cases import words
from webapp.formats.images import plain_photo
from webapp.inspections.drafts import MOST_PHOTOS
from webapp.org.names import names_of
from webapp.org.queries import workers_on
from webapp.org.rules import Actor
from webapp.recording.case_moves import Picture, Said, Way, ways
from webapp.rulebook.case_rules import CaseRules, Cause, Move
from webapp.rulebook.queries import Editions
from webapp.web.access import now
from webapp.web.photo_uploads import keep

# Problems that the form itself explains.
SHOWN = frozenset({"bad-fact", "case-moved", "not-your-move", "too-late-for-move", "evidence-old", "invalid"})
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """Which days a move can name, and the one that is proposed."""

    first: date
    last: date
    proposed: date | None = None


@dataclass(frozen=True)
class Form:
    """A move that can be made now: its fields in order, and what they are chosen from. Without fields: one tap."""

    move: Move
    fields: tuple[str, ...]
    causes: tuple[Cause, ...] = ()
    owners: tuple[tuple[str, str], ...] = ()
    days: Days | None = None

    @property
    def one_tap(self) -> bool:
        """Whether nothing has to be said with it."""
        return not self.move.needs


def forms(session: Session, here: Known, open: Sequence[Way], reader: Reader, rules: CaseRules) -> list[Form]:
    """The forms of the moves that are open to the reader."""
    found = []
    for move in (way.move for way in open):
        owners = _owners(session, here.case, reader) if "owner" in move.needs else ()
        causes = tuple(rules.causes.values()) if "cause" in move.needs else ()
        days = _days(session, here, move, reader, rules) if "day" in move.needs else None
        found.append(Form(move, words.needs_of(move), causes, owners, days))
    return found


def _owners(session: Session, case: Case, reader: Reader) -> tuple[tuple[str, str], ...]:
    """The people who work in the responsible unit today, by name."""
    people = workers_on(session, case.unit_code, reader.today)
    return tuple(sorted(names_of(session, people).items(), key=lambda one: one[1]))


def _days(session: Session, here: Known, move: Move, reader: Reader, rules: CaseRules) -> Days | None:
    """Earlier than the deadline where the move shortens it; else later, by the first span at most."""
    deadline = here.standing.deadline
    if deadline is None:
        return None
    if move.effect not in ("ask", "grant"):
        return Days(reader.today, deadline - DAY)
    last = reader.workdays.add(deadline, opening_span(opening_of(here.case), rules))
    return Days(deadline + DAY, last, _asked_for(session, here) if move.effect == "grant" else None)


def _asked_for(session: Session, here: Known) -> date | None:
    """The day that the waiting request names."""
    made = moves_of(session, [here.case.id]).get(here.case.id, ())
    said = next((one.values.get("day") for one in made if one.id == here.standing.asked), None)
    return date.fromisoformat(said) if said else None


def is_open(session: Session, editions: Editions, me: Actor, case: Case, move: str) -> None:
    """Raise ``not-found`` for what is no move; a photo is kept only of a move that is open to who sends it."""
    here, open = ways(session, editions, me, [case])[case.id]
    if move not in here.type.moves:
        raise Problem("not-found")
    if any(file.filename for file in request.files.getlist("photos")) and move not in {
        way.move.code for way in open
    }:
        _why_not(here, move)


def _why_not(here: Known, code: str) -> None:
    state, move = here.type.states[here.standing.state], here.type.moves[code]
    if here.standing.state in move.start and here.open_to(move):
        raise Problem("not-your-move", {"move": code})
    raise Problem("case-moved", {"move": state.code}, zh_state=state.title.zh, en_state=state.title.en)


def typed(me: Actor) -> Said:
    """What the form says; its photos are kept. Raises ``bad-fact`` for what is no day, or what is wrong with a photo."""
    form = request.form
    return Said(
        form.get("text", "").strip(),
        form.get("cause", "").strip()[:24] or None,
        form.get("owner", "").strip()[:36] or None,
        _day(form.get("day", "").strip()),
        _pictures(me),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Problem("bad-fact", {"day": "required"}) from error


def _pictures(me: Actor) -> tuple[Picture, ...]:
    """The photos that were chosen, as plain pictures: what a camera's file holds beside its pixels is not kept."""
    files = [file for file in request.files.getlist("photos") if file.filename]
    if len(files) > MOST_PHOTOS:
        raise Problem("bad-fact", {"photos": "many"})
    config, found = current_app.config, {}
    for file in files:
        data, taken = plain_photo(file.read(), config["PHOTO_MAX_BYTES"], config["PHOTO_MAX_PIXELS"])
        digest = hashlib.sha256(data).hexdigest()
        keep(me, now(), digest, data)
        moment = taken.replace(tzinfo=clock.LOCAL) if taken else None
        found[digest] = Picture(digest, len(data), moment)
    return tuple(found.values())
