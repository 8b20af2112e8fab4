"""The pages of a form that is made in the background: start it, see how far it is, take the file."""

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, make_response, redirect, render_template, url_for

from webapp.core.database import db
from webapp.desk.files import exports
from webapp.desk.paper import batches
from webapp.desk.paper.forms import SEES, chosen_form, title_of
from webapp.desk.unit_and_period import chosen_period, chosen_unit
from webapp.inquiries.checks import departments_with
from webapp.org.queries import unit_for
from webapp.rulebook.forms import forms
from webapp.rulebook.rules import parse_period
from webapp.web.access import actor, now
from webapp.web.language import language

blueprint = Blueprint("form_batches", __name__)

PIECE = 256 * 1024  # bytes that are in memory at once
SECONDS = "2"  # after which the page looks again


@blueprint.post("/forms/batch")
def start():
    """``?unit=&period=&form=``: begin to make the sheets; what the person began before is given up."""
    me = actor()
    unit, period, form = chosen_unit(me, SEES), chosen_period("month"), chosen_form()
    found = departments_with(db.session, unit.path, form.kinds, period.first, period.last)
    if not found:
        return redirect(url_for("office_forms.page", unit=unit.code, period=period.code, form=form.code))
    batches.begin(me, unit, form, period, len(found), language(), now())
    return redirect(url_for("form_batches.show"), 303)


@blueprint.get("/forms/batch")
def show():
    """How far the own batch is; the page looks again by itself while it is made."""
    me = actor()
    batch = batches.told(me.person_id)
    if batch is None:
        return redirect(url_for("office_forms.page"))
    form = forms()[batch.form]
    period = exports.period_named(parse_period(batch.period))
    page = render_template("paper/batch.html", batch=batch, form=form, period=period)
    answer = make_response(page)
    if batch.state == batches.WORKING:
        answer.headers["Refresh"] = SECONDS
    return answer


@blueprint.get("/forms/batch/sheets.pdf")
def sheets():
    """The file of the own batch, as long as the person still sees the unit's records."""
    me = actor()
    path = batches.result(me.person_id)
    batch = batches.told(me.person_id)
    unit = unit_for(db.session, me, batch.unit, SEES)
    form, period = forms()[batch.form], parse_period(batch.period)
    names = title_of(form), unit.name, exports.period_named(period)
    answer = exports.answer(_pieces(path), "pdf", f"{form.code}-{unit.code}-{period.code}", *names)
    answer.content_length = path.stat().st_size
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
