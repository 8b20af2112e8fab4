"""The relay register [14.4(1)]: a department's points, and each point's own page with its history and visits."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import is_id
from webapp.core.problems import Problem
from webapp.desk import searches
from webapp.desk.department_and_day import chosen_department, neighbours, overview_url, several
from webapp.desk.forms import again
from webapp.desk.paging import number_of, page_url
from webapp.desk.register import listing, overview
from webapp.inquiries.point_history import history
from webapp.inquiries.point_photos import picture_state
from webapp.inspections.relay import visits_of
from webapp.org.models import Route, Unit
from webapp.org.queries import routes_of, unit_for
from webapp.org.rules import DIRECTOR, Actor
from webapp.recording.facts.point import body
from webapp.recording.operations import record_at_desk
from webapp.registers.models import RelayPoint
from webapp.registers.queries import confirmations, points_of
from webapp.registers.rules import AHEAD, BACK, duplicates, metres
from webapp.rulebook.binding import confirmed_for
from webapp.web.access import actor, now

blueprint = Blueprint("points", __name__)
PAGE = 50  # points on a page
VISITS = 30  # visits on a page
NEIGHBOURS = 5
# What the register's rules say of a field, in words.
REASONS = {
    "future": lazy_gettext("This day is still to come."),
    "early": lazy_gettext("At most %(days)s days back.", days=BACK.days),
    "far": lazy_gettext("That day is more than a year ahead."),
    "before-opening": lazy_gettext("Not before the point was opened."),
    "closed": lazy_gettext("This point is closed on that day."),
    "open": lazy_gettext("This point is open on that day."),
    "degrees": lazy_gettext("A number of degrees, such as 43.93 or 116.08."),
    "both": lazy_gettext("Latitude and longitude belong together."),
    "text": lazy_gettext("There is a character in it that cannot be used."),
}


def worded(problem: Problem) -> Problem:
    """A problem of the register for a form: its fields by their own names, with sentences for the register's reasons."""
    fields = {name.rpartition(".")[2]: str(REASONS.get(said, said)) for name, said in problem.fields.items()}
    return Problem("invalid", fields) if problem.code == "bad-fact" else problem


@blueprint.get("/points")
def index():
    """``?unit=&state=&kind=&route=&s=&page=``: the department's points, by name; of several departments how many each has."""
    me = actor()
    if answer := searches.without("search"):
        return answer
    if those := several(me, "see-register"):
        return overview.page(me, those)
    unit = chosen_department(me, "see-register")
    today = clock.local_date(now())
    rows = listing.rows_of(unit, today)
    wanted = chosen()
    found = listing.filtered(rows, **wanted)
    number, pages = number_of(len(found), PAGE)
    return render_template(
        "register/points/index.html",
        unit=unit,
        today=today,
        days=confirmed_for(db.session, unit, today).days,
        rows=found[(number - 1) * PAGE : number * PAGE],
        count=len(found),
        counts=listing.counted(rows),
        wanted=wanted,
        routes=routes_of(db.session, unit.code),
        others=neighbours(me, unit, "see-register"),
        to_all=overview_url(me, unit, "see-register", "points.index"),
        keeps=me.can("keep-register", unit.path),
        number=number,
        pages=pages,
        page_url=page_url(),
        kept={name: request.args.get(name) for name in ("state", "kind", "route", searches.KEY)},
    )


@blueprint.post("/points")
def search():
    """Search: what was typed stands in no address."""
    chosen_department(actor(), "see-register")
    return searches.posted("points.index", "search", "unit", "state", "kind", "route")


def chosen() -> dict[str, str]:
    """The filter of the address; an unknown state is that of open points."""
    wanted = {name: request.args.get(name, "").strip()[:40] for name in ("state", "kind", "route")}
    wanted["search"] = searches.sought()
    return wanted | {"state": wanted["state"] if wanted["state"] in listing.STATES else "open"}


# ---------------------------------------------------------------- one point


def in_sight(me: Actor, point_id: str, action: str) -> tuple[RelayPoint, Unit]:
    """The point and its department; for whoever does not see the department there is no such point."""
    point = db.session.get(RelayPoint, point_id) if is_id(point_id) else None
    if point is None:
        raise Problem("not-found")
    return point, unit_for(db.session, me, point.unit_code, action)


@blueprint.get("/points/<point_id>")
def show(point_id: str):
    """``?page=``: what the register says of the point, its changes, and all visits, the newest first."""
    return _show(point_id)


def _show(point_id: str, problem: Problem | None = None):
    me = actor()
    point, unit = in_sight(me, point_id, "see-register")
    today = clock.local_date(now())
    others = [one for one in points_of(db.session, unit.code) if listing.is_open(one, today)]
    visits = visits_of(db.session, unit.code, point.id)
    number = max(1, min(request.args.get("page", 1, type=int), -(-len(visits) // VISITS) or 1))
    row = next(row for row in listing.rows_of(unit, today) if row.point.id == point.id)
    return again(
        "register/points/show.html",
        problem,
        point=point,
        unit=unit,
        today=today,
        row=row,
        picture=picture_state(db.session, point),
        route=db.session.get(Route, point.route_id) if point.route_id else None,
        likely=duplicates(point, others) if row.open else [],
        nearest=_nearest(point, others),
        steps=history(db.session, point),
        visits=visits[(number - 1) * VISITS : number * VISITS],
        total=len(visits),
        failed=sum(visit.verdict == "fail" and not visit.withdrawn for visit in visits),
        number=number,
        more=len(visits) > number * VISITS,
        days=confirmed_for(db.session, unit, today).days,
        earliest=max(today - BACK, point.opened_on),
        latest=today + AHEAD,
        closes=point.closed_on if row.open else None,
        keeps=me.can("keep-register", unit.path),
        confirms=DIRECTOR in me.roles_at(unit.code, today),
    )


def _nearest(point: RelayPoint, others: list[RelayPoint]) -> list[tuple[RelayPoint, int]]:
    """The open points around it, with their distance in metres."""
    apart = ((metres(point, other), other) for other in others if other.id != point.id)
    found = sorted(
        ((away, other.name, other) for away, other in apart if away is not None), key=lambda one: one[:2]
    )
    return [(other, round(away)) for away, _name, other in found[:NEIGHBOURS]]


@blueprint.post("/points/<point_id>/confirm")
def confirm(point_id: str):
    """The director confirms that the register is right; a second time on one day adds nothing."""
    me = actor()
    point, unit = in_sight(me, point_id, "keep-register")
    today = clock.local_date(now())
    change = body(me, unit, today, point.id, "confirm")
    if today in confirmations(db.session, unit.code, today, today).get(point.id, ()):
        flash(_("It was confirmed today already."), "info")
        return redirect(url_for("points.show", point_id=point_id))
    return _record(point_id, change, _("Confirmed: the register is right."))


@blueprint.post("/points/<point_id>/close")
def close(point_id: str):
    """Close the point from a day on, which may lie ahead; it stays on the register with its history."""
    ahead = request.form.get("day", "") > clock.local_date(now()).isoformat()
    return _turned(point_id, "close", _("The closing is noted.") if ahead else _("The point is closed."))


@blueprint.post("/points/<point_id>/reopen")
def reopen(point_id: str):
    """Open the point again from a day on."""
    return _turned(point_id, "reopen", _("The point is open again."))


def _turned(point_id: str, op: str, said: str):
    me = actor()
    _point, unit = in_sight(me, point_id, "keep-register")
    today = clock.local_date(now())
    more = {"day": request.form.get("day") or today.isoformat()}
    if reason := request.form.get("reason", "").strip():
        more["reason"] = reason
    return _record(point_id, body(me, unit, today, point_id, op, **more), said)


def _record(point_id: str, change: dict, said: str):
    """Record the change, say it, and show the point again; or show it with what is wrong."""
    try:
        with transaction() as session:
            record_at_desk(session, actor(), now(), change)
    except Problem as problem:
        if problem.code != "bad-fact":
            raise
        return _show(point_id, worded(problem))
    flash(said, "ok")
    return redirect(url_for("points.show", point_id=point_id))
