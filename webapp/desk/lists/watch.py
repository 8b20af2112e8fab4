"""Items chosen in advance and followed through the day [14.1(5)]: draw them, and see what became of each."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.desk.department_and_day import chosen_day, chosen_department, neighbours
from webapp.inspections.models import Inspection
from webapp.inspections.queries import watched
from webapp.ledger.deliveries import own_items
from webapp.org.queries import routes_of
from webapp.recording.operations import record_at_desk
from webapp.rulebook.purposes import following
from webapp.sampling.shares import watch_duty, watch_size
from webapp.sampling.watching import drawable, watch_body
from webapp.web.access import actor, editions, now

blueprint = Blueprint("watch", __name__)
MOST = 200  # at one go; may be asked for again


@blueprint.get("/watch")
def page():
    """``?unit=&day=``: the items chosen for a day with their outcomes, and the form that draws more."""
    me = actor()
    unit = chosen_department(me, "see-inspections")
    day = chosen_day(unit)
    outcomes = Inspection.kind.in_(following(editions().books))
    own = own_items(
        db.session, editions().kinds(), Inspection.unit_code == unit.code, outcomes, Inspection.day == day
    )
    items = [one for one in watched(db.session, unit.code, day, own) if one.day == day]
    routes = {route.id: route for route in routes_of(db.session, unit.code)}
    return render_template(
        "lists/watch.html",
        unit=unit,
        day=day,
        items=items,
        done=sum(one.verdict is not None for one in items),
        routes=routes,
        listed=len(drawable(db.session, unit.code, day)),
        draws=me.can("draw-watch", unit.path) and day >= clock.local_date(now()),
        others=neighbours(me, unit, "see-inspections"),
        size=watch_size(db.session, unit, day),
        duty=watch_duty(db.session, unit, day).code,
        most=MOST,
    )


@blueprint.post("/watch")
def draw():
    """Draw as many as were asked for on the routes that were ticked; what was chosen before stays chosen."""
    me = actor()
    unit = chosen_department(me, "draw-watch")
    day, today = chosen_day(unit), clock.local_date(now())
    asked = request.form.get("count", watch_size(db.session, unit, day), type=int)
    count = min(MOST, max(1, asked))
    code = unit.code
    with transaction() as session:
        taken = [one.subject for one in watched(session, code, day) if one.day == day]
        chooser = watch_duty(session, unit, today).chosen_by  # the form of the day on which it is filled in
        body = watch_body(session, code, chooser, day, today, request.form.getlist("route"), count, taken)
        record_at_desk(session, me, now(), body)
    drawn = len(body["items"])
    flash(ngettext("%(num)s item was drawn.", "%(num)s items were drawn.", drawn), "ok")
    if drawn < count:
        flash(_("There were no more on these routes."), "warn")
    return redirect(url_for("watch.page", unit=code, day=day.isoformat()))
