"""Several cases at once: one owner for the chosen ones. Each is a move of its own, and the outcome of each is said."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.cases.filters import Reader
from webapp.cases.models import Case
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.cases import issuing, words
from webapp.desk.cases.asked import reader_of
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import workers_on
from webapp.recording.case_moves import Said, make_move, ways
from webapp.web.access import actor, editions, now
from webapp.web.language import language

blueprint = Blueprint("case_bulk", __name__)

MOST = 50  # chosen at once: a page of the list
OWNER = "owner"  # the effect of a move that names another owner


@dataclass(frozen=True)
class Chosen:
    """A chosen case. ``move``: the one by which the reader may give it to somebody; None where that is not so."""

    case: Case
    unit: Unit
    title: str
    move: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of one."""

    chosen: Chosen
    done: bool
    said: str


@blueprint.get("/cases/assign")
def assign():
    """``?case=`` several times: the chosen cases, and who could own them."""
    reader = reader_of(actor())
    several = chosen(reader, request.args.getlist("case"))
    if not several:
        flash(_("Choose at least one case first."), "info")
        return redirect(url_for("cases.index"))
    return render_template(
        "cases/assign.html", several=several, owners=_owners(several, reader), outcomes=None
    )


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
    outcomes = [_give(me, one, said) for one in several]
    return render_template(
        "cases/assign.html", several=several, owners=_owners(several, reader), outcomes=outcomes
    )


def chosen(reader: Reader, ids: list[str]) -> list[Chosen]:
    """Those of the cases that the reader sees, with the move that gives them to somebody."""
    pairs = issuing.chosen(reader, ids[:MOST])
    open = ways(db.session, editions(), reader.actor, [case for case, _ in pairs]) if pairs else {}
    found = []
    for case, unit in pairs:
        here, may = open[case.id]
        move = next((way.move.code for way in may if way.move.effect == OWNER), None)
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


def _give(me, one: Chosen, said: Said) -> Outcome:
    if one.move is None:
        return Outcome(one, False, Problem("not-your-move").message(language()))
    try:
        with transaction() as session:
            make_move(session, me, now(), one.case.id, one.move, said)
    except Problem as problem:
        reasons = words.faults_of(problem.fields) if problem.code == "bad-fact" else {}
        return Outcome(one, False, next(iter(reasons.values()), problem.message(language())))
    return Outcome(one, True, _("Assigned"))
