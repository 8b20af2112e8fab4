"""The find box: an item number, a relay point, a person, a unit or a work order, and the way there; the same in a list that follows the typing."""

from collections.abc import Iterable

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _

from webapp.core.database import db
from webapp.desk import places, searches
from webapp.desk.records.inspections import class_name, kind_name
from webapp.inquiries.finding import Found, find
from webapp.org.rules import Actor
from webapp.web.access import actor, editions
from webapp.web.language import day as day_said, said

blueprint = Blueprint("find", __name__)

MOST = 8  # rows of a group in the list that follows the typing
# The groups of what is found, and the sorts in each.
GROUPS = {
    "unit": _("Units"),
    "person": _("People"),
    "point": _("Relay points"),
    "check": _("Inspections of this item"),
    "list": _("Lists with this item"),
    "case": _("Work orders"),
}
ICONS = {"unit": "unit", "person": "people", "point": "pin", "check": "check", "list": "list", "case": "flag"}
VERDICTS = {"pass": _("Passed"), "fail": _("Failed")}


@blueprint.get("/find")
def page():
    """``?s=``: what was found, grouped; a single hit is opened at once."""
    me = actor()
    if answer := searches.without("q"):
        return answer
    text = searches.sought()
    found = find(db.session, me, text) if text else []
    if len(found) == 1:
        return redirect(way_to(me, found[0]))
    groups: dict[str, list[tuple[Found, str]]] = {}
    for one in found:
        groups.setdefault(one.sort, []).append((one, way_to(me, one)))
    return render_template("records/find.html", text=text, groups=groups, names=GROUPS, total=len(found))


@blueprint.post("/find")
def search():
    """Search: what was typed stands in no address."""
    return searches.posted("find.page", "q")


@blueprint.post("/find/quick")
def quick():
    """What the text of ``q`` names, while it is being typed: ``{groups: [{code, title, more, rows: [{label, hint, url, icon}]}]}``.

    Of no text the pages that the actor has. Posted, for what is searched for stands in no address; nothing is kept of it.
    """
    me, text = actor(), searches.text_of(request.form.get("q", ""))
    found = find(db.session, me, text, MOST + 1) if text else []
    groups = [("page", _("Pages and actions"), _pages(me, text), MOST if text else None)]
    groups += [
        (code, title, [_row(me, one) for one in found if one.sort == code], MOST)
        for code, title in GROUPS.items()
    ]
    response = jsonify(groups=[_group(*group) for group in groups if group[2]])
    response.headers["Cache-Control"] = "no-store"  # names and numbers
    return response


def _group(code: str, title, rows: list[dict], most: int | None) -> dict:
    return {
        "code": code,
        "title": str(title),
        "more": most is not None and len(rows) > most,
        "rows": rows[:most],
    }


def _pages(me: Actor, text: str) -> list[dict]:
    return [
        {"label": str(way.label), "hint": "", "url": way.url, "icon": way.icon}
        for way in places.named(me, text)
    ]


def _row(me: Actor, found: Found) -> dict:
    return {
        "label": found.name,
        "hint": " · ".join(_hints(found)),
        "url": way_to(me, found),
        "icon": ICONS[found.sort],
    }


def _hints(found: Found) -> Iterable[str]:
    """What tells one from others of the same name."""
    if found.unit != found.name:
        yield found.unit
    if found.sort == "person":
        yield found.kind
    elif found.sort == "check":
        yield said(kind_name(found.kind))
        yield str(VERDICTS.get(found.verdict, "–"))
    elif found.sort == "list":
        yield said(class_name(found.kind))
    elif found.sort == "case":
        yield said(editions().books[-1].cases.types[found.kind].title)
    if found.day:
        yield day_said(found.day)


def way_to(me: Actor, found: Found) -> str:
    """The page of what was found; of a unit its ledger, for whoever keeps units alone the unit itself."""
    if found.sort == "unit":
        ledger = me.can("see-ledger", found.path)
        return url_for("ledger.page", unit=found.id) if ledger else url_for("units.show", code=found.id)
    if found.sort == "person":
        return url_for("people.show", person_id=found.id)
    if found.sort == "point":
        return url_for("points.show", point_id=found.id)
    if found.sort == "check":
        return url_for("inspections.show", inspection_id=found.id)
    if found.sort == "case":
        return url_for("case_pages.show", case_id=found.id)
    return url_for("manifests.show", manifest_id=found.id)
