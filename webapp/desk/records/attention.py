"""What waits for a person: held records, conflicts, refusals."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import OutOfSight, Problem
from webapp.desk.cases.asked import reader_of, where_of
from webapp.desk.cases.lists import lines_of
from webapp.desk.ledger import doors
from webapp.desk.records.contents import read_ahead, rows_of_refused, versions_of
from webapp.desk.unit_and_day import given_day
from webapp.desk.unit_and_period import chosen_unit
from webapp.inquiries import attention, case_attention
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.recording import conflicts, withdrawals
from webapp.web import labels
from webapp.web.access import actor, editions, now

blueprint = Blueprint("attention", __name__)


@blueprint.get("/attention")
def index():
    """``?unit=``: what cannot be counted before somebody looks at it."""
    me = actor()
    unit = chosen_unit(me, "see-inspections")
    found = attention.attention(db.session, unit, me)
    read_ahead(version.content for one in found.conflicts for version in (one.first, one.second))
    return render_template(
        "records/problems/attention.html",
        unit=unit,
        today=me.today,
        found=found,
        versions_of=versions_of,
        said_by=lambda refused: rows_of_refused(refused.open, refused.unit.code),
        door_of=lambda refused: doors.of_refusal(me, refused),
        keeps_people=lambda path: me.can("keep-people", path),
        advice=labels.REFUSAL_ADVICE,
        waiting=_cases(me, unit),
    )


def _cases(me: Actor, unit: Unit) -> list[tuple]:
    """What of cases waits: what for, its first lines, how many there are, the list of all."""
    reader = reader_of(me)
    parts = case_attention.waiting_cases(db.session, editions(), unit, reader)
    return [
        (one.name, lines_of(one.found.ids, reader), one.found.count, url_for("cases.index", **where_of(one.filters)))
        for one in parts
    ]  # fmt: skip


def _must_see(me: Actor, fact_id: str) -> None:
    """Raise ``not-found`` unless the actor sees inspections of the fact's unit, or made it."""
    fact = db.session.get(Fact, fact_id)
    unit = db.session.get(Unit, fact.unit_code) if fact else None
    if unit is None:
        raise Problem("not-found")
    if not (me.can("see-inspections", unit.path) or fact.author_id == me.person_id):
        raise OutOfSight(unit.code)


@blueprint.post("/attention/held/<fact_id>")
def confirm(fact_id: str):
    """Confirm that a held record is rightly dated, or say of which ``day`` its work was: the author or the director.

    The manager for an ended role.
    """
    me = actor()
    _must_see(me, fact_id)
    day = given_day() if request.form.get("day") else None
    with transaction() as session:
        withdrawals.confirm(session, me, now(), fact_id, day)
    flash(_("Confirmed. The record counts from now on."), "ok")
    return redirect(_return())


@blueprint.post("/attention/held/<fact_id>/refuse")
def refuse(fact_id: str):
    """Refuse a held record with a reason: by whoever may confirm it."""
    me = actor()
    _must_see(me, fact_id)
    with transaction() as session:
        withdrawals.refuse(session, me, now(), fact_id, (request.form.get("reason") or "").strip())
    flash(_("Refused. The record counts nowhere, and its author sees that it was withdrawn."), "ok")
    return redirect(_return())


@blueprint.post("/attention/conflicts/<fact_id>/<digest>")
def decide(fact_id: str, digest: str):
    """Decide which of two contents under one number is in force: never its author."""
    me = actor()
    _must_see(me, fact_id)
    with transaction() as session:
        conflicts.decide(session, me, now(), fact_id, digest, request.form.get("decision", ""))
    flash(_("Decided. The other content stays on record."), "ok")
    return redirect(_return())


def _return() -> str:
    return url_for("attention.index", unit=request.form.get("unit") or None)
