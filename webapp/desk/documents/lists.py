"""The documents of a unit: what has to be out until when, what waits to be received, what it wrote; and to begin one."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import format_date
from sqlalchemy import select

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.documents import words
from webapp.desk.unit_and_day import ladder
from webapp.desk.unit_and_period import chosen_unit, period_title
from webapp.documents import queries
from webapp.documents.models import Document
from webapp.documents.operations import begin
from webapp.documents.rules import MOVES, VOID, leads
from webapp.ledger.models import LedgerLine
from webapp.ledger.rules import status
from webapp.org.models import Unit
from webapp.org.queries import below, unit_for
from webapp.rulebook.documents import DocumentType, document_types
from webapp.rulebook.periods import Period, parse_period, period_of
from webapp.rulebook.rules import Duty
from webapp.web.access import actor, editions, now
from webapp.web.language import language

blueprint = Blueprint("documents", __name__)
SECOND = timedelta(seconds=1)
BACK = 6  # periods that can be chosen for a new document, and closings that are shown


@blueprint.app_template_filter("document_state")
def document_state(code: str) -> words.State:
    """A state by shape, colour and word."""
    return words.state_of(code)


@blueprint.app_template_filter("document_title")
def document_title(document: Document) -> str:
    """What a document is called: its type and its period."""
    return words.title_of(document.type, document.period)


@blueprint.app_template_filter("document_move")
def document_move(code: str) -> str:
    """What a step is called in the history."""
    return MOVES[code].done.in_(language())


@blueprint.app_template_filter("duty_name")
def duty_name(code: str) -> str:
    """What a duty is called; the bare code of one that no edition has any more."""
    found = next((duty for duty in editions().duties() if duty.code == code), None)
    return found.title.in_(language()) if found else code


@blueprint.app_template_filter("month_word")
def month_word(day: date) -> str:
    """The month of a day: ``12月``, ``Dec``."""
    return format_date(day, "MMM")


@dataclass(frozen=True)
class Due:
    """A document that the unit owes: until when, how that stands, and the one that is written or out."""

    duty: Duty
    period: Period
    last_day: date
    status: str
    document: Document | None
    begun: bool  # whether its period is over, so that it can be written


@blueprint.get("/documents")
def index():
    """``?unit=``: the unit's documents."""
    me = actor()
    unit = chosen_unit(me, "see-documents")
    mine = leads(me, unit.code, unit.level)
    own = queries.own(db.session, unit) if me.can("write-documents", unit.path) else []
    above, below_ = ladder(me, unit, "see-documents", "documents.index")
    return render_template(
        "documents/index.html",
        unit=unit,
        due=_due(unit, own),
        own=own,
        received=queries.received(db.session, me, unit),
        writes=mine,
        types=_types(unit) if mine else [],
        trail=above,
        below=below_,
    )


def _due(unit: Unit, own: list[Document]) -> list[Due]:
    """The lines of the unit that a document meets, the next to close first, then the last ones that have closed."""
    duties = {duty.code: duty for duty in editions().duties() if duty.document and duty.kept}
    query = (
        select(LedgerLine)
        .where(LedgerLine.unit_code == unit.code, LedgerLine.duty.in_(duties), LedgerLine.applicable)
        .order_by(LedgerLine.closes_at.desc(), LedgerLine.duty)
        .limit(BACK * max(1, len(duties)))
    )
    today = clock.local_date(now())
    found = []
    for line in db.session.scalars(query):
        duty, period = duties[line.duty], parse_period(line.period)
        about = [
            one for one in own if (one.type, one.period) == (duty.document, line.period) and one.state != VOID
        ]
        closes = clock.local_date(line.closes_at - SECOND)
        found.append(
            Due(duty, period, closes, status(line, now()), about[0] if about else None, period.last < today)
        )
    still = [one for one in found if one.last_day >= today]
    return [*reversed(still), *(one for one in found if one.last_day < today)]


def _types(unit: Unit) -> list[tuple[DocumentType, list[tuple[str, str]], list[Unit]]]:
    """The types that the unit issues, each with the periods and the addressees that can be chosen."""
    found = []
    for kind in document_types().values():
        if unit.level not in kind.levels:
            continue
        periods = [period_of(kind.period, clock.local_date(now()))]
        while len(periods) < BACK:
            periods.append(periods[-1].previous())
        to = [
            one for one in below(db.session, [unit.path]) if one.code != unit.code and one.closed_on is None
        ]
        chosen = to if kind.to == "chosen" else []
        found.append((kind, [(one.code, period_title(one)) for one in periods], chosen))
    return found


@blueprint.post("/documents")
def add():
    """Begin one, or go on with the one that is begun."""
    me = actor()
    unit = unit_for(db.session, me, request.form.get("unit", ""), "write-documents")
    type, period = request.form.get("type", ""), request.form.get("period", "")
    if not period and (kind := document_types().get(type)):
        raise Problem("invalid", {"period": f"a {kind.period}"})
    with transaction() as session:
        one = begin(session, me, now(), unit, type, period, request.form.get("addressed") or None).id
    return redirect(url_for("document_pages.show", document_id=one), 303)
