"""The address of what was found wrong, as it was before there were cases: it leads to the list of them."""

from flask import Blueprint, redirect, request, url_for

from webapp.desk.unit_and_period import chosen_period, chosen_unit
from webapp.web.access import actor

blueprint = Blueprint("problems", __name__)


@blueprint.get("/problems")
def index():
    """``?unit=&period=&kind=&criterion=``: the cases of what was found in the period; without one those that have not ended."""
    unit = chosen_unit(actor(), "see-inspections")
    named = {name: request.args.get(name) for name in ("kind", "criterion")}
    found = chosen_period("month").code if request.args.get("period") else None
    return redirect(url_for("cases.index", unit=unit.code, found=found, **named))
