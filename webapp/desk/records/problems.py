"""What was found wrong: the list of opened problems."""

from flask import Blueprint, render_template, request

from webapp.cases import queries
from webapp.core import clock
from webapp.core.database import db
from webapp.desk.unit_and_period import chosen_period, chosen_unit, trail, turns
from webapp.web.access import actor, editions, now

blueprint = Blueprint("problems", __name__)

PAGE = 100


@blueprint.get("/problems")
def index():
    """``?unit=&period=&page=``: problems opened in the period, newest first, each with the way to its inspection."""
    me = actor()
    unit = chosen_unit(me, "see-inspections")
    period = chosen_period("month")
    kind, criterion = request.args.get("kind"), request.args.get("criterion")
    found = queries.opened(db.session, unit, period.first, period.last, kind, criterion)
    number = max(1, min(request.args.get("page", 1, type=int), -(-len(found) // PAGE)))
    return render_template(
        "records/problems/index.html",
        unit=unit,
        period=period,
        problems=found[(number - 1) * PAGE : number * PAGE],
        total=len(found),
        kind=kind,
        criterion=criterion,
        number=number,
        more=len(found) > number * PAGE,
        trail=trail(me, unit, "see-inspections", "problems.index", period),
        turns=turns(period, clock.local_date(now())),
    )


@blueprint.app_template_filter("criterion_name")
def criterion_name(code: str, kind: str):
    """The rulebook's words for a criterion of a kind of record; the bare code of one that it no longer has."""
    found = editions().kinds().get(kind)
    return found.fault(code) if found else code
