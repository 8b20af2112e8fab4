"""The find box: an item number, a relay point, a person or a unit, and the way there."""

from flask import Blueprint, redirect, render_template, url_for

from webapp.core.database import db
from webapp.desk import searches
from webapp.inquiries.finding import Found, find
from webapp.web.access import actor

blueprint = Blueprint("find", __name__)


@blueprint.get("/find")
def page():
    """``?s=``: what was found, grouped; a single hit is opened at once."""
    me = actor()
    if answer := searches.without("q"):
        return answer
    text = searches.sought()
    found = find(db.session, me, text) if text else []
    if len(found) == 1:
        return redirect(way_to(found[0]))
    groups: dict[str, list[tuple[Found, str]]] = {}
    for one in found:
        groups.setdefault(one.sort, []).append((one, way_to(one)))
    return render_template("records/find.html", text=text, groups=groups, total=len(found))


@blueprint.post("/find")
def search():
    """Search: what was typed stands in no address."""
    return searches.posted("find.page", "q")


def way_to(found: Found) -> str:
    """The page of what was found."""
    if found.sort == "unit":
        return url_for("ledger.page", unit=found.id)
    if found.sort == "person":
        return url_for("people.show", person_id=found.id)
    if found.sort == "point":
        return url_for("points.show", point_id=found.id)
    if found.sort == "check":
        return url_for("inspections.show", inspection_id=found.id)
    return url_for("manifests.show", manifest_id=found.id)
