"""A case's page: what was found, whose it is, its clock and history, and the moves that the reader may make now."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.cases.models import Case
from webapp.cases.naming import strange
from webapp.core.clock import local_date
from webapp.core.database import db, transaction
from webapp.core.ids import is_id
from webapp.core.problems import OutOfSight, Problem
from webapp.desk.cases import move_forms, story, words
from webapp.desk.cases.asked import SEES, reader_of
from webapp.desk.shell import local_path
from webapp.desk.unit_and_day import ladder
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.recording.case_moves import make_move, ways
from webapp.web.access import actor, editions, now
from webapp.web.bodies import takes
from webapp.web.language import language, said

blueprint = Blueprint("case_pages", __name__)


@blueprint.app_template_filter("local_day")
def local_day(instant):
    """The local day of an instant."""
    return local_date(instant)


MOST_BYTES = 16 * 1024 * 1024  # of the photos of one move


def in_sight(me: Actor, case_id: str) -> tuple[Case, Unit]:
    """The case and its unit: for those who see the unit's records, and for who owns it or once answered it."""
    case = db.session.get(Case, case_id) if is_id(case_id) else None
    if case is None:
        raise Problem("not-found")
    unit = db.session.get(Unit, case.unit_code)
    if me.can(SEES, unit.path) or story.is_part(db.session, case, me.person_id):
        return case, unit
    raise OutOfSight(unit.code)


@blueprint.get("/cases/<case_id>")
def show(case_id: str):
    """``?on=``: as it stood at the end of that day."""
    me = actor()
    case, unit = in_sight(me, case_id)
    return _page(me, case, unit)


def _page(me: Actor, case: Case, unit: Unit, problem: Problem | None = None, move: str | None = None):
    reader = reader_of(me)
    rules = editions().on(case.opened_on).cases
    here, open = ways(db.session, editions(), me, [case])[case.id]
    told = story.told(db.session, case, reader, here, unit)
    g.problem = problem  # for the events (desk.accounts.recorder)
    page = render_template(
        "cases/show.html",
        case=case,
        unit=unit,
        told=told,
        title=words.title_of(case, editions(), here.type),
        strange=strange(case),
        type=here.type,
        state=here.type.states[case.state],
        severity=rules.severities[case.severity],
        due=words.due_words(case, reader.today),
        clock=words.clock_words(case, here.type, rules),
        ladder=words.rungs(case, rules, reader.today, reader.workdays),
        forms=[] if told.on else move_forms.forms(db.session, here, open, reader, rules),
        trail=_trail(me, unit),
        sees=me.can(SEES, unit.path),
        wrong=move,
        errors=words.faults_of(problem.fields) if problem else {},
        fault=problem.message(language()) if problem else None,
        keep_days=current_app.config["PERSONAL_DAYS"],
        today=reader.today,
    )
    return page, problem.entry.status if problem else 200


def _trail(me: Actor, unit: Unit) -> list[tuple[str, str]]:
    """The lists of the unit and of those above it, as far as the reader sees them; a carrier's own list."""
    above, _below = ladder(me, unit, SEES, "cases.index")
    return [*above, (unit.name, url_for("cases.index", unit=unit.code))]


@blueprint.post("/cases/<case_id>/<move>")
@takes(MOST_BYTES)
def make(case_id: str, move: str):
    """Make a move with what its form says; what is wrong is shown beside the form, and nothing typed is lost."""
    me = actor()
    case, unit = in_sight(me, case_id)
    try:
        move_forms.is_open(db.session, editions(), me, case, move)
        typed = move_forms.typed(me)
        with transaction() as session:
            fact = make_move(session, me, now(), case_id, move, typed)
    except Problem as problem:
        if problem.code not in move_forms.SHOWN and not problem.code.startswith("photo-"):
            raise
        db.session.expire_all()
        return _page(me, db.session.get(Case, case_id), unit, problem, move)
    done = editions().on(case.opened_on).cases.types[case.type].moves[move].done
    flash(_("%(move)s: recorded.", move=said(done)), "ok")
    target = request.form.get("next")
    return redirect(
        local_path(target)
        if target
        else url_for("case_pages.show", case_id=case_id, _anchor=f"step-{fact.id}")
    )
