"""The ledger's pages: a unit's period as a matrix, and one line down to its inspections."""

from datetime import date, datetime

from flask import Blueprint, redirect, render_template, request, url_for

from webapp.core import clock
from webapp.core.database import db
from webapp.desk.ledger import doors, figures
from webapp.desk.ledger.columns import columns
from webapp.desk.ledger.drawn import cell_body
from webapp.desk.unit_and_period import (
    chosen_period,
    chosen_unit,
    own_units,
    period_name,
    trail,
    turns,
)
from webapp.inquiries.attention import waiting
from webapp.inquiries.signing import signed_line
from webapp.ledger import details, queries
from webapp.ledger.idleness import together
from webapp.ledger.own import own_half
from webapp.org.queries import unit_for
from webapp.rulebook.rules import parse_period
from webapp.web.access import actor, editions, now
from webapp.web.unchanged import unless_unchanged

SUMS = ("region", "league")
blueprint = Blueprint("ledger", __name__)
blueprint.add_app_template_filter(period_name)
blueprint.add_app_template_filter(figures.least, "least_required")


@blueprint.get("/ledger")
def page():
    """``?unit=&period=&col=&sort=``: the unit's departments (or counties, leagues) by duties; this week where none is named."""
    me = actor()
    unit = chosen_unit(me, "see-ledger")
    period = chosen_period("week")
    found = queries.page(db.session, unit, period, now())
    shown = columns(found.duties, (duty.code for duty in editions().duties()), request.args)
    sums = {row.unit.code: figures.overall(row) for row in found.rows}
    shown_page = render_template(
        "ledger/page.html",
        unit=unit,
        period=period,
        page=found,
        columns=shown,
        rows=shown.ordered(found.rows),
        overall=figures.overall(found.total),
        sums=sums,
        cell_body=cell_body,
        idleness=together(found.idleness),
        late=_late(found.ticked_at),
        trail=trail(me, unit, "see-ledger", "ledger.page", period, **shown.kept),
        turns=turns(period, clock.local_date(now())),
        own=own_units(me, "see-ledger"),
        own_half=own_half(db.session, unit, period, now()),
        me=me,
        waiting=waiting(db.session, unit),
        sees_person=lambda phone: any(me.can("see-people", path) for path in phone.paths),
    )
    # Sums of counties and leagues name nobody, unless a phone is named with whose it is.
    return unless_unchanged(shown_page) if unit.level in SUMS and not found.phones else shown_page


def _late(ticked_at: datetime | None) -> bool:
    """Whether the tick has not run today: then lines where nobody did anything may be missing."""
    return ticked_at is None or clock.local_date(ticked_at) < clock.local_date(now())


@blueprint.get("/ledger/<unit>/<duty>/<period>")
def line(unit: str, duty: str, period: str):
    """One duty of one unit and period: what is required, what was done, why, and the inspections that count."""
    me = actor()
    found = unit_for(db.session, me, unit, "see-ledger")
    span = parse_period(period)
    if span.code != period:
        return redirect(url_for("ledger.line", unit=unit, duty=duty, period=span.code))
    shown, today = details.line(db.session, found, duty, span, now()), clock.local_date(now())
    return render_template(
        "ledger/line.html",
        unit=found,
        period=span,
        line=shown,
        doors=doors.of_line(me, found, span, shown),
        own_doors=doors.of_own(me, found, shown, today),
        member_doors=[doors.of_member(me, found, shown, member, today) for member in shown.members],
        to_volumes=lambda day: doors.volumes(me, found, [date.fromisoformat(day)]),
        figures=figures,
        signed=signed_line(db.session, found, duty, span, now()),
        trail=trail(me, found, "see-ledger", "ledger.page", span, own=True),
        turns=turns(span, clock.local_date(now())),
        photos_open=me.can("see-inspections", found.path),
    )
