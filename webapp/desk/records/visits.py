"""Who came from above, what was found, what was required: a page of each unit [15, 16]."""

from flask import Blueprint, render_template, request

from webapp.core import clock
from webapp.core.database import db
from webapp.desk.unit_and_period import chosen_period, chosen_unit, trail, turns
from webapp.inquiries import visits as queries
from webapp.web.access import actor, now

blueprint = Blueprint("visits", __name__)


@blueprint.get("/records/visits")
def page():
    """``?unit=&period=&page=``: what those above did about the unit and those below it, latest first; this quarter."""
    me = actor()
    unit = chosen_unit(me, "see-inspections")
    period = chosen_period("quarter")
    number = max(1, min(request.args.get("page", 1, type=int), 10_000))
    found, total = queries.visits(db.session, unit, period, number)
    return render_template(
        "records/visits/page.html",
        unit=unit,
        period=period,
        visits=found,
        total=total,
        number=number,
        more=total > number * queries.SHOWN,
        trail=trail(me, unit, "see-inspections", "visits.page", period),
        turns=turns(period, clock.local_date(now())),
    )
