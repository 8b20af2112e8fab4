"""Work orders: issued to units below, about chosen cases or a requirement alone; and the sheet of one, to print and sign."""

from datetime import date, timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from sqlalchemy import select

from webapp.cases.filters import Reader
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.cases import issuing, order_paper, words
from webapp.desk.cases.asked import reader_of
from webapp.desk.cases.bulk import MOST
from webapp.desk.cases.issuing import Addressed
from webapp.desk.cases.show import in_sight
from webapp.desk.cases.story import told
from webapp.desk.files import exports
from webapp.documents.rules import digest
from webapp.formats.typeset import typeset
from webapp.org.models import Unit
from webapp.org.queries import unit_for
from webapp.org.rules import Grant
from webapp.recording.case_moves import issue, ways
from webapp.recording.facts.case_order import FARTHEST
from webapp.web.access import actor, editions, now
from webapp.web.language import language

blueprint = Blueprint("case_orders", __name__)

PROPOSED = 7  # days to the deadline that the form proposes
DAY = timedelta(days=1)


@blueprint.get("/cases/orders/new")
def new():
    """``?case=`` several times: about these; else ``?unit=``: to it or to those right below it, about a requirement."""
    reader = reader_of(actor())
    return _form(reader, request.args.getlist("case"), request.args.get("unit"))


@blueprint.post("/cases/orders")
def add():
    """Issue one to each unit that is addressed; each has a number of its own."""
    me = actor()
    reader = reader_of(me)
    ids = request.form.getlist("case")
    try:
        issuer = _issuer(reader, request.form.get("acting"))
        several = _addressed(reader, issuer, ids)
        deadline, text = _deadline(request.form.get("deadline", "")), request.form.get("text", "").strip()
        if not several:
            raise Problem("bad-fact", {"to": "required"})
        with transaction() as session:
            for one in several:
                cases = [case.id for case in one.cases]
                fact = issue(session, me, now(), one.unit, issuer.unit_code, cases, text, deadline)
    except Problem as problem:
        if problem.code not in ("bad-fact", "invalid"):
            raise
        return _form(reader, ids, request.form.get("unit"), problem)
    flash(ngettext("%(num)s work order issued.", "%(num)s work orders issued.", len(several)), "ok")
    if len(several) == 1:
        return redirect(url_for("case_pages.show", case_id=fact.id), 303)
    where = {"unit": issuer.unit_code, "type": reader.rules.of_orders.code, "sort": "newest"}
    return redirect(url_for("cases.index", **where), 303)


def _issuer(reader: Reader, code: str | None) -> Grant:
    """The unit for which the reader issues; raises ``forbidden`` where there is none."""
    found = [one for one in issuing.issuers(reader) if code in (None, "", one.unit_code)]
    if not found:
        raise Problem("forbidden")
    return found[0]


def _addressed(reader: Reader, issuer: Grant, ids: list[str]) -> list[Addressed]:
    """The orders to be: by the chosen cases, else to the units that the form names."""
    if ids:
        return issuing.addressed(issuer, issuing.chosen(reader, ids[:MOST]))
    units = [
        unit_for(db.session, reader.actor, code, "see-inspections") for code in request.form.getlist("to")
    ]
    return [Addressed(unit, ()) for unit in units]


def _deadline(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Problem("bad-fact", {"deadline": "required"}) from error


def _form(reader: Reader, ids: list[str], code: str | None, problem: Problem | None = None):
    unit = unit_for(db.session, reader.actor, code, "see-inspections") if code else None
    issuers = issuing.issuers(reader, unit)
    if not issuers:
        raise Problem("forbidden")
    issuer = _issuer(reader, request.form.get("acting") or issuers[0].unit_code)
    g.problem = problem  # for the events (desk.accounts.recorder)
    several = issuing.addressed(issuer, issuing.chosen(reader, ids[:MOST])) if ids else []
    page = render_template(
        "cases/order.html",
        issuer=db.session.get(Unit, issuer.unit_code),
        issuers=[db.session.get(Unit, one.unit_code) for one in issuers],
        several=several,
        ids=[case.id for one in several for case in one.cases],
        left_out=len(ids) - sum(len(one.cases) for one in several),
        unit=unit,
        units=[] if ids else _below(issuer, unit),
        title_of=lambda case: words.title_of(
            case, editions(), editions().on(case.opened_on).cases.types[case.type]
        ),
        type=reader.rules.of_orders,
        first=reader.today + DAY,
        last=reader.today + FARTHEST * DAY,
        proposed=reader.today + PROPOSED * DAY,
        errors=words.faults_of(problem.fields) if problem else {},
        fault=problem.message(language()) if problem else None,
    )
    return page, problem.entry.status if problem else 200


def _below(issuer: Grant, unit: Unit | None) -> list[Unit]:
    """Whom a requirement can be sent to: the unit that is looked at where it lies below the issuing one, else those right below."""
    if unit is not None and unit.code != issuer.unit_code and unit.path.startswith(issuer.path):
        return [unit]
    query = select(Unit).where(Unit.parent_code == issuer.unit_code).order_by(Unit.code)
    return [one for one in db.session.scalars(query) if one.closed_on is None]


@blueprint.get("/cases/<case_id>/sheet.pdf")
def as_pdf(case_id: str):
    """The order as it was issued, as PDF/A with its digest; for those who see the unit's records."""
    case, unit = in_sight(actor(), case_id)
    if case.number is None or not actor().can("see-inspections", unit.path):
        raise Problem("not-found")
    body = order_paper.body_of(db.session, editions(), case)
    data = typeset("order", order_paper.data_of(body, digest(body)))
    return exports.answer(data, "pdf", f"order-{case.id[-8:]}", case.number, unit.name, _("Work order"))


@blueprint.get("/cases/<case_id>/sheet")
def sheet(case_id: str):
    """The order on paper: number, to whom, about what, what is asked, until when, what became of it, and who signs."""
    me = actor()
    case, unit = in_sight(me, case_id)
    if case.number is None:
        raise Problem("not-found")
    reader = reader_of(me)
    here, _open = ways(db.session, editions(), me, [case])[case.id]
    return render_template(
        "cases/sheet.html",
        case=case,
        unit=unit,
        type=here.type,
        state=here.type.states[case.state],
        told=told(db.session, case, reader, here, unit),
        today=reader.today,
        heading=_("Work order"),
        pdf=me.can("see-inspections", unit.path),
    )
