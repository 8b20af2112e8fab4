"""Several cases at once: one owner for the chosen ones, and back. Each is a move of its own, and the outcome of each is said."""

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.cases.filters import Reader
from webapp.cases.models import Case, CaseMove
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.cases import issuing, words
from webapp.desk.cases.asked import reader_of
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import workers_on
from webapp.org.rules import Actor
from webapp.recording.case_moves import Said, make_move, ways
from webapp.web.access import actor, editions, now
from webapp.web.language import language, said as said_in

blueprint = Blueprint("case_bulk", __name__)

MOST = 50  # chosen at once: a page of the list
# Effects of moves: one names another owner, the other takes that back.
OWNER, BACK = "owner", "give-back"


@dataclass(frozen=True)
class Chosen:
    """A chosen case. ``move``: the one by which the reader may do it; None where that is not so. ``since``: what came after."""

    case: Case
    unit: Unit
    title: str
    move: str | None
    since: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one. ``made``: the move that did it; None where it was not done."""

    chosen: Chosen
    said: str
    made: str | None = None


@blueprint.get("/cases/assign")
def assign():
    """``?case=`` several times: the chosen cases, and who could own them."""
    reader = reader_of(actor())
    several = chosen(reader, request.args.getlist("case"))
    if not several:
        flash(_("Choose at least one case first."), "info")
        return redirect(url_for("cases.index"))
    return render_template("cases/assign.html", several=several, owners=_owners(several, reader))


@blueprint.post("/cases/assign")
def save():
    """Give each of them to the person; what cannot be done is said beside it, and the others are done."""
    me = actor()
    reader = reader_of(me)
    several = chosen(reader, request.form.getlist("case"))
    owner = request.form.get("owner", "")
    if not several or not owner:
        raise Problem("invalid", {"owner": str(_("Please choose one of the list."))})
    said = Said(request.form.get("text", "").strip(), owner=owner[:36])
    outcomes = [_make(me, one, said, _("Assigned")) for one in several]
    return render_template("cases/assigned.html", outcomes=outcomes, undo=False)


@blueprint.post("/cases/assign/undo")
def undo():
    """``move`` several times: assignments of one's own. Each case is as it was before, but where something came after it."""
    me = actor()
    query = select(CaseMove).where(
        CaseMove.fact_id.in_(request.form.getlist("move")[:MOST]), CaseMove.author_id == me.person_id
    )
    made = {one.case_id: one for one in db.session.scalars(query)}
    several = [_since(one, made[one.case.id]) for one in chosen(reader_of(me), list(made), BACK)]
    if not several:
        raise Problem("invalid", {"move": str(_("Please choose one of the list."))})
    outcomes = [_make(me, one, Said(), _("As it was before")) for one in several]
    return render_template("cases/assigned.html", outcomes=outcomes, undo=True)


def _since(one: Chosen, made: CaseMove) -> Chosen:
    """With what was done after the move, the latest, in words."""
    if one.case.moves == made.seq:
        return one
    latest = select(CaseMove.move).where(CaseMove.case_id == one.case.id, CaseMove.seq == one.case.moves)
    moves = editions().on(one.case.opened_on).cases.types[one.case.type].moves
    return replace(one, since=said_in(moves[db.session.scalar(latest)].done))


def chosen(reader: Reader, ids: list[str], effect: str = OWNER) -> list[Chosen]:
    """Those of the cases that the reader sees, with the move that does this to them."""
    pairs = issuing.chosen(reader, ids[:MOST])
    open = ways(db.session, editions(), reader.actor, [case for case, _ in pairs]) if pairs else {}
    found = []
    for case, unit in pairs:
        here, may = open[case.id]
        move = next((way.move.code for way in may if way.move.effect == effect), None)
        found.append(Chosen(case, unit, words.title_of(case, editions(), here.type), move))
    return found


def _owners(several: list[Chosen], reader: Reader) -> list[tuple[str, str]]:
    """The people who work in any of the units today, by name."""
    units = {one.unit.code: one.unit.name for one in several}
    found = []
    for code, unit in units.items():
        names = names_of(db.session, workers_on(db.session, code, reader.today))
        found += [(id, f"{name} · {unit}" if len(units) > 1 else name) for id, name in names.items()]
    return sorted(found, key=lambda one: one[1])


def _make(me: Actor, one: Chosen, said: Said, done: str) -> Outcome:
    if one.since:
        return Outcome(one, _("Left as it is: %(done)s since then", done=one.since))
    if one.move is None:
        return Outcome(one, Problem("not-your-move").message(language()))
    try:
        with transaction() as session:
            fact = make_move(session, me, now(), one.case.id, one.move, said)
    except Problem as problem:
        reasons = words.faults_of(problem.fields) if problem.code == "bad-fact" else {}
        return Outcome(one, next(iter(reasons.values()), problem.message(language())))
    return Outcome(one, done, fact.id)
