"""The day's lists: import with a preview, seal, reveal, void, and how anybody can do the draw again."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.department_and_day import (
    chosen_day,
    chosen_department,
    list_in_sight,
    neighbours,
    overview_url,
    several,
)
from webapp.desk.files import exports
from webapp.desk.lists import overview
from webapp.desk.lists.handovers import carried
from webapp.desk.unit_and_period import period_title
from webapp.inspections.models import Inspection
from webapp.inspections.queries import evidence
from webapp.ledger.deliveries import own_items
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import unit_for
from webapp.org.rules import Actor
from webapp.recording.changes.lists import change_list, handovers_on
from webapp.recording.operations import record_at_desk
from webapp.recording.writing import writing
from webapp.rulebook.periods import Period, parse_period, period_of
from webapp.sampling import imports, operations, queries
from webapp.sampling.models import Manifest
from webapp.sampling.operations import within_life
from webapp.sampling.privacy import reason_said
from webapp.sampling.rules import SAMPLED
from webapp.sampling.shares import drawn_percent
from webapp.web.access import actor, editions, now

blueprint = Blueprint("manifests", __name__)
blueprint.add_app_template_filter(reason_said)

DAYS = 35
PAGE = 200


@blueprint.get("/manifests")
def index():
    """``?unit=&month=``: the department's lists of the last 35 days, or of a month: 2026-11; of several departments their day."""
    me = actor()
    if those := several(me, "see-lists"):
        return overview.page(me, those)
    unit = chosen_department(me, "see-lists")
    today = clock.local_date(now())
    month = _chosen_month(unit, today)
    first, last = (
        (month.first, month.last) if month else (today - timedelta(days=DAYS - 1), today + timedelta(days=1))
    )
    return render_template(
        "lists/manifests/index.html",
        unit=unit,
        today=today,
        days=queries.listings(db.session, unit.code, first, last),
        classes=SAMPLED,
        others=neighbours(me, unit, "see-lists"),
        to_all=overview_url(me, unit, "see-lists", "manifests.index"),
        keeps=me.can("keep-lists", unit.path),
        percent=drawn_percent(db.session, unit, today),
        month=month,
        title=period_title(month) if month else None,
        turns=_turns(unit, month, today),
    )


def _chosen_month(unit: Unit, today: date) -> Period | None:
    """The month of ``?month=`` in which the unit had lists, None for the last days; raises bad-period."""
    if not (code := request.args.get("month")):
        return None
    month = parse_period(code)
    if month.kind != "month":
        raise Problem("bad-period")
    within_life(unit, month.last if month.last < unit.opened_on else max(month.first, unit.opened_on), today)
    return month


def _turns(unit: Unit, month: Period | None, today: date) -> dict[str, str | None]:
    """The months before and after; None where there is none."""
    present = period_of("month", today)
    before = month.previous() if month else present
    after = month.next() if month and month.first < present.first else None
    return {
        "previous": before.code if before.last >= unit.opened_on else None,
        "next": after.code if after else None,
    }


# ---------------------------------------------------------------- one list


@blueprint.post("/manifests/empty")
def empty():
    """``unit, day``: nothing came that day. A list without an item, which becomes a recorded zero when it is sealed."""
    me = actor()
    unit = chosen_department(me, "keep-lists")
    day = chosen_day(unit)
    with transaction() as session:
        unit = unit_for(session, me, unit.code, "keep-lists")
        manifest = change_list(
            session, me, now(), unit, day,
            lambda keeper: imports.declare_empty(session, keeper, now(), unit, day),
        )  # fmt: skip
        manifest_id = manifest.id
    flash(_("The empty list is entered. Seal it to record that nothing came."), "ok")
    return redirect(url_for("manifests.show", manifest_id=manifest_id))


@blueprint.get("/manifests/<manifest_id>")
def show(manifest_id: str):
    """``?page=``: one list: its items, its seal, and once revealed its draw with captures and verdicts."""
    me = actor()
    manifest, unit = list_in_sight(me, manifest_id, "see-lists")
    routes = {route.id: route for route in queries.routes_on(db.session, manifest.id)}
    rows = queries.items_of(db.session, manifest.id)
    rows.sort(key=lambda row: (routes[row.route_id].code if row.route_id else "\uffff", row.number))
    number = max(1, min(request.args.get("page", 1, type=int), -(-len(rows) // PAGE) or 1))
    people = {manifest.created_by, manifest.sealed_by, manifest.revealed_by}
    about = (Inspection.unit_code == unit.code, Inspection.day == manifest.day)
    return render_template(
        "lists/manifests/show.html",
        manifest=manifest,
        unit=unit,
        rows=rows[(number - 1) * PAGE : number * PAGE],
        total=len(rows),
        counts={name: sum(1 for row in rows if row.mail_class == name) for name in SAMPLED},
        returned=sum(1 for row in rows if row.returned),
        voided=sum(1 for row in rows if row.voided_at),
        drawn=_drawn(manifest, rows),
        evidence=evidence(
            db.session, unit.code, manifest.day, own_items(db.session, editions().kinds(), *about)
        ),
        carried=carried(unit, manifest, rows),
        handovers=handovers_on(db.session, unit.code, manifest.day),
        routes=routes,
        names=names_of(db.session, people, manifest.day),
        number=number,
        more=len(rows) > number * PAGE,
        keeps=me.can("keep-lists", unit.path),
        today=clock.local_date(now()),
        percent=drawn_percent(db.session, unit, manifest.day),
    )


def _drawn(manifest: Manifest, rows: list) -> list:
    """The draw by rank, with the voided ones that were replaced; nothing before it is revealed."""
    if manifest.revealed_at is None:
        return []
    last = max((row.rank for row in queries.in_sample(manifest, rows)), default=0)
    voided = max((row.rank for row in rows if row.voided_at), default=0)
    return sorted((row for row in rows if row.rank <= max(last, voided)), key=lambda row: row.rank)


@blueprint.get("/manifests/<manifest_id>/list.txt")
def canonical(manifest_id: str):
    """The bytes that the seal digests, exactly."""
    manifest, unit = list_in_sight(actor(), manifest_id, "see-lists")
    if manifest.sealed_at is None:
        raise Problem("not-sealed")
    data = operations.canonical_list(db.session, manifest)
    # A day may have several: the digest's first digits tell one from the other.
    names = _("Delivery list"), unit.name, exports.day_named(manifest.day), manifest.seal[:8]
    return exports.answer(data, "txt", "list", *names)


@blueprint.post("/manifests/<manifest_id>/seal")
def seal(manifest_id: str):
    """Seal the list and draw. Final."""
    return _record(manifest_id, operations.seal_body, _("The list is sealed and the sample is drawn."))


@blueprint.post("/manifests/<manifest_id>/reveal")
def reveal(manifest_id: str):
    """Show the draw: the routes are back."""
    return _record(
        manifest_id, operations.reveal_body, _("The draw is revealed. The carriers' phones get their items.")
    )


@blueprint.post("/manifests/<manifest_id>/void")
def void(manifest_id: str):
    """Void a drawn item with a reason; the next rank replaces it."""
    number, reason = request.form.get("number", ""), request.form.get("reason", "")
    said = _("The item is void; the next one of the draw replaces it.")
    return _record(
        manifest_id,
        lambda session, one, today: operations.void_body(session, one, number, reason, today),
        said,
    )


def _record(manifest_id: str, body_of, said: str):
    """Record what the desk does with a list, say it, and show the list again."""
    me = actor()
    list_in_sight(me, manifest_id, "keep-lists")
    record(me, manifest_id, body_of)
    flash(said, "ok")
    return redirect(url_for("manifests.show", manifest_id=manifest_id))


def record(me: Actor, manifest_id: str, body_of) -> None:
    """Record ``body_of(session, manifest_id, today)`` about a list, as a fact of the desk; raises what that refuses."""
    today = clock.local_date(now())
    with transaction() as session:
        # The journal before the list, as everywhere: two that wait for each other never end.
        code = operations.manifest_of(session, manifest_id).unit_code
        with writing(session, now(), [code], me) as work:
            record_at_desk(session, work.actor, now(), body_of(session, manifest_id, today))


@blueprint.post("/manifests/<manifest_id>/discard")
def discard(manifest_id: str):
    """Throw a draft away."""
    me = actor()
    list_in_sight(me, manifest_id, "keep-lists")
    with transaction() as session:
        manifest = operations.manifest_of(session, manifest_id)
        code, unit = manifest.unit_code, session.get(Unit, manifest.unit_code)
        change_list(
            session, me, now(), unit, manifest.day,
            lambda keeper: imports.discard(session, keeper, now(), manifest),
        )  # fmt: skip
    flash(_("The draft is discarded."), "ok")
    return redirect(url_for("manifests.index", unit=code))
