"""The offices' forms as PDF and Excel, filled from what is recorded: checks of a unit and period, the register, cases.

What is carried over into the post's own system [14.3(3), 14.4(2)] is such a file; that it left is an event with its day.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.cases import listing as case_listing
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.database import db
from webapp.core.ids import is_id
from webapp.core.problems import Problem
from webapp.desk import searches
from webapp.desk.cases.asked import asked
from webapp.desk.department_and_day import chosen_department
from webapp.desk.files import exports
from webapp.desk.paper import printing
from webapp.desk.paper.filling import fill_cases, fill_checks, fill_points
from webapp.desk.paper.sheets import Filled, in_book
from webapp.desk.register import listing
from webapp.desk.register.points import chosen
from webapp.desk.unit_and_day import ladder
from webapp.desk.unit_and_period import chosen_period, chosen_unit, turns
from webapp.formats.sheets import write_book
from webapp.inquiries.checks import departments_with
from webapp.inspections.models import Inspection
from webapp.org import events
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import unit_for
from webapp.org.rules import Actor
from webapp.rulebook.forms import CHECK, Form, forms
from webapp.web.access import actor, editions, now
from webapp.web.language import language

blueprint = Blueprint("office_forms", __name__)

SEES = "see-inspections"
AT_ONCE = 1_200  # rows of a PDF that is made while somebody waits; more are made in the background
MOST = 20_000  # rows of a workbook
MOST_CASES = 1_000  # of a register on paper


def checks_forms() -> list[Form]:
    """The forms that are filled from checks, in the offices' order."""
    return [form for form in forms().values() if form.rows == CHECK]


def chosen_form() -> Form:
    """The form of ``?form=``, else the first; raises ``not-found``."""
    code = request.values.get("form")
    found = {form.code: form for form in checks_forms()}
    if code and code not in found:
        raise Problem("not-found")
    return found[code] if code else next(iter(found.values()))


@blueprint.get("/forms")
def page():
    """``?unit=&period=&form=``: what a form would hold, by department; when it was last taken out."""
    me = actor()
    unit, period, form = chosen_unit(me, SEES), chosen_period("month"), chosen_form()
    found = departments_with(db.session, unit.path, form.kinds, period.first, period.last)
    trail, children = ladder(me, unit, SEES, "office_forms.page", period=period.code, form=form.code)
    last = events.last_export(
        current_app.config["EVENTS_DIRECTORY"], unit.code, (form.short.zh, form.short.en)
    )
    return render_template(
        "paper/forms.html", unit=unit, period=period, form=form, forms=checks_forms(), found=found, trail=trail, children=children,
        turns=turns(period, clock.local_date(now())), rows=sum(items for _unit, items in found), at_once=AT_ONCE, most=MOST, last=last,
        who=names_of(db.session, [last.person]).get(last.person) if last else None,
    )  # fmt: skip


@blueprint.get("/forms/checks.pdf", defaults={"ending": "pdf"})
@blueprint.get("/forms/checks.xlsx", defaults={"ending": "xlsx"})
def checks_file(ending: str):
    """``?unit=&period=&form=``: the form filled, a sheet a department; ``?check=``: of one check alone."""
    me = actor()
    if check := request.args.get("check"):
        return _of_one(me, check, ending)
    unit, period, form = chosen_unit(me, SEES), chosen_period("month"), chosen_form()
    found = departments_with(db.session, unit.path, form.kinds, period.first, period.last)
    rows, most = sum(items for _unit, items in found), AT_ONCE if ending == "pdf" else MOST
    if rows > most or not found:
        said = _("Nothing was recorded.") if not found else _("A file holds at most %(most)s rows: choose a smaller unit or period.", most=f"{most:,}")  # fmt: skip
        flash(said, "error")
        return redirect(url_for("office_forms.page", unit=unit.code, period=period.code, form=form.code))
    today = clock.local_date(now())
    filled = [
        fill_checks(form, one, period.first, period.last, me, editions(), today) for one, _items in found
    ]
    return handed_out(ending, form, filled, unit, exports.period_named(period), f"{form.code}-{unit.code}-{period.code}")  # fmt: skip


def _of_one(me: Actor, check: str, ending: str) -> Response:
    found = db.session.get(Inspection, check) if is_id(check) else None
    form = form_of(found.kind) if found else None
    if form is None:
        raise Problem("not-found")
    unit, today = unit_for(db.session, me, found.unit_code, SEES), clock.local_date(now())
    filled = fill_checks(form, unit, found.day, found.day, me, editions(), today, only=check)
    return handed_out(ending, form, [filled], unit, exports.day_named(found.work_date), f"{form.code}-{unit.code}-{found.work_date}")  # fmt: skip


def form_of(kind: str) -> Form | None:
    """The form that checks of this kind fill; None: the offices have none for it."""
    return next((form for form in checks_forms() if kind in form.kinds), None)


@blueprint.app_template_global("has_form")
def has_form(kind: str) -> bool:
    """Whether the offices have a form for checks of this kind."""
    return form_of(kind) is not None


@blueprint.get("/points/register.pdf", defaults={"ending": "pdf"})
@blueprint.get("/points/register.xlsx", defaults={"ending": "xlsx"})
def register_file(ending: str):
    """``?unit=`` and the list's filter: the register of relay points in the offices' own columns."""
    me = actor()
    unit = chosen_department(me, "see-register")
    if searches.lost("search"):  # else the file would hold more than the list that was seen
        return redirect(url_for("points.index", unit=unit.code))
    today, form = clock.local_date(now()), forms()["register"]
    rows = listing.filtered(listing.rows_of(unit, today), **chosen())
    reader = names_of(db.session, [me.person_id])[me.person_id]
    filled = fill_points(form, unit, rows, reader, today)
    return handed_out(ending, form, [filled], unit, exports.day_named(today), f"relay-register-{unit.code}")


@blueprint.get("/cases/register.pdf", defaults={"ending": "pdf"})
@blueprint.get("/cases/register.xlsx", defaults={"ending": "xlsx"})
def cases_file(ending: str):
    """The list's own filters: its cases in the columns of the offices' register, at most ``MOST_CASES``."""
    me = actor()
    wanted = asked(me, request.args)
    if searches.lost():
        return redirect(wanted.address())
    filters, text = wanted.filters, searches.sought()
    if text:
        filters = filters.but(ids=case_listing.sought(db.session, filters.unit, text))
    found = case_listing.find(db.session, editions(), filters, wanted.reader, size=MOST_CASES)
    if found.next:
        flash(_("A file holds at most %(most)s rows: choose a month or a unit.", most=f"{MOST_CASES:,}"), "error")  # fmt: skip
        return redirect(wanted.address())
    today, form = clock.local_date(now()), forms()["problem-register"]
    filled = fill_cases(form, filters.unit, _in_order(found.ids), me, editions(), today)
    return handed_out(ending, form, [filled], filters.unit, exports.day_named(today), f"problems-{filters.unit.code}")  # fmt: skip


def _in_order(ids: Sequence[str]) -> list[Case]:
    found = {case.id: case for case in db.session.scalars(select(Case).where(Case.id.in_(ids)))}
    return [found[id] for id in ids if id in found]


def handed_out(ending: str, form: Form, filled: Sequence[Filled], unit: Unit, of: str, plain: str) -> Response:  # fmt: skip
    """The file: a workbook with a sheet each, or a PDF."""
    if ending == "xlsx":
        data = write_book([in_book(one, language()) for one in filled], exports.formats())
    else:
        data = printing.pdf(form, filled, now(), language())
    return exports.answer(data, ending, plain, title_of(form), unit.name, of)


def title_of(form: Form) -> str:
    """What files of the form are called in the reader's language."""
    return form.short.in_(language())
