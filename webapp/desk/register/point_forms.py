"""The form of a relay point: a new one, and changes of one; likely doubles are pointed out before it is entered."""

import hashlib

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import is_id, new_id
from webapp.core.problems import Problem
from webapp.desk.department_and_day import chosen_department, neighbours
from webapp.desk.forms import again
from webapp.desk.register import listing
from webapp.desk.register.points import in_sight, worded
from webapp.inquiries.point_photos import picture_state
from webapp.inquiries.point_places import VisitPlace, visit_places
from webapp.org.models import Unit
from webapp.org.queries import routes_of
from webapp.org.rules import Actor
from webapp.recording.facts.point import body
from webapp.recording.operations import record_at_desk
from webapp.registers.models import RelayPoint
from webapp.registers.operations import COLUMNS
from webapp.registers.queries import points_of
from webapp.registers.rules import BACK, PERSONAL_FIELDS, duplicates, outline
from webapp.web.access import actor, now
from webapp.web.bodies import takes
from webapp.web.photo_uploads import keep

blueprint = Blueprint("point_forms", __name__)
TYPED = ("name", "kind", "address", "route", "agreement", "latitude", "longitude")


@blueprint.get("/points/new")
def new():
    """``?unit=``: the form of a new point."""
    me = actor()
    return _new(me, chosen_department(me, "keep-register"))


@blueprint.post("/points/new")
@takes("PHOTO_MAX_BYTES")
def add():
    """Enter a point, or ask first where it is likely on the register already."""
    me = actor()
    unit = chosen_department(me, "keep-register")
    point_id = request.form.get("point", "")
    if not is_id(point_id):
        raise Problem("form-expired")
    if _is_here(unit, point_id):  # the form was sent twice
        return redirect(url_for("points.show", point_id=point_id))
    try:
        values, personal = _typed()
        said = {
            **{name: value for name, value in values.items() if value is not None},
            "name": values["name"],
        }
        likely = _likely(unit, point_id, values | personal)
        if likely and not request.form.get("sure"):
            return _new(me, unit, likely=likely)
        said |= _photo(me)
        _record(me, unit, point_id, "open", said, {name: value for name, value in personal.items() if value})
    except Problem as problem:
        return _new(me, unit, _of_form(problem))
    flash(_("The point is entered."), "ok")
    return redirect(url_for("points.show", point_id=point_id))


def _is_here(unit: Unit, point_id: str) -> bool:
    point = db.session.get(RelayPoint, point_id)
    return point is not None and point.unit_code == unit.code


def _likely(unit: Unit, point_id: str, said: dict) -> list:
    """The open points that are likely the same as what the form says."""
    today = clock.local_date(now())
    present = [point for point in points_of(db.session, unit.code) if listing.is_open(point, today)]
    return duplicates(outline(point_id, said), present)


def _new(me: Actor, unit: Unit, problem: Problem | None = None, likely: list | None = None):
    page, status = again(
        "register/points/form.html",
        problem,
        point=None,
        point_id=request.form.get("point") or new_id(),
        said=request.form,
        likely=likely or [],
        others=neighbours(me, unit, "keep-register"),
        **_around(unit),
    )
    return page, 409 if likely else status


def _around(unit: Unit) -> dict:
    today = clock.local_date(now())
    earliest = max(today - BACK, unit.opened_on)
    return {
        "unit": unit,
        "routes": routes_of(db.session, unit.code),
        "today": today,
        "earliest": earliest,
        "back": BACK.days,
    }


@blueprint.get("/points/<point_id>/edit")
def edit(point_id: str):
    """``?place=``: the form with what the register says; with the place of that visit, where one is named."""
    return _edit(point_id)


def _edit(point_id: str, problem: Problem | None = None):
    point, unit = in_sight(actor(), point_id, "keep-register")
    places = visit_places(db.session, point)
    said = request.form or {
        name: value for name, value in (_present(point) | _taken(places)).items() if value is not None
    }
    picture = picture_state(db.session, point)
    return again(
        "register/points/form.html",
        problem,
        point=point,
        point_id=point.id,
        picture=picture,
        places=places,
        said=said,
        likely=[],
        others=[],
        **_around(unit),
    )


def _taken(places: list[VisitPlace]) -> dict[str, float]:
    """The place of the visit that the address names, to be looked at and saved; else nothing."""
    wanted = request.args.get("place")
    if not wanted:
        return {}
    for place in places:
        if place.visit == wanted:
            return {"latitude": round(place.latitude, 6), "longitude": round(place.longitude, 6)}
    raise Problem("not-found")


@blueprint.post("/points/<point_id>/edit")
@takes("PHOTO_MAX_BYTES")
def save(point_id: str):
    """Record what differs from the register; nothing where nothing does."""
    me = actor()
    point, unit = in_sight(me, point_id, "keep-register")
    try:
        values, personal = _typed()
        values, personal = _differing(values, _present(point)), _differing(personal, _present(point))
        for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if one in values:
                values.setdefault(other, getattr(point, other))
        values |= _photo(me)
        if request.form.get("no_photo") and point.photo_digest:
            values.setdefault("photo", None)
        if values or personal:
            _record(me, unit, point_id, "change", values, personal)
    except Problem as problem:
        return _edit(point_id, _of_form(problem))
    flash(_("The change is recorded.") if values or personal else _("Nothing has changed."), "ok" if values or personal else "info")  # fmt: skip
    return redirect(url_for("points.show", point_id=point_id))


def _present(point: RelayPoint) -> dict:
    return {name: getattr(point, COLUMNS.get(name, name)) for name in (*TYPED, *PERSONAL_FIELDS)}


def _differing(typed: dict, present: dict) -> dict:
    return {name: value for name, value in typed.items() if value != present[name]}


def _typed() -> tuple[dict, dict]:
    """(open, personal) values of the fields that the form has; an empty one is None. Raises ``invalid`` for what is no number."""
    form = request.form
    text = {name: form[name].strip() or None for name in (*TYPED, *PERSONAL_FIELDS) if name in form}
    faults = {}
    for name in ("latitude", "longitude"):
        try:
            if text.get(name):
                text[name] = float(text[name])
        except ValueError:
            faults[name] = "degrees"
    if faults:
        raise Problem("bad-fact", faults)
    if "agreement" in text:
        text["agreement"] = text["agreement"] or "none"
    return {name: text[name] for name in TYPED if name in text}, {
        name: text[name] for name in PERSONAL_FIELDS if name in text
    }


def _photo(me: Actor) -> dict:
    """The photo that was chosen, kept: ``{"photo": …}`` as a fact names it, or nothing."""
    file = request.files.get("photo")
    if not file or not file.filename:
        return {}
    data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    keep(me, now(), digest, data)
    return {"photo": {"sha256": digest, "size": len(data)}}


def _record(me: Actor, unit: Unit, point_id: str, op: str, values: dict, personal: dict) -> None:
    today = clock.local_date(now())
    day = request.form.get("day") or today.isoformat()
    change = body(me, unit, today, point_id, op, day=day, values=values)
    with transaction() as session:
        record_at_desk(session, me, now(), change, personal)


def _of_form(problem: Problem) -> Problem:
    """What a form shows beside its fields; all else is the page's own answer."""
    if problem.code == "bad-fact":
        return worded(problem)
    if problem.code.startswith("photo-"):
        return Problem(problem.code)
    raise problem
