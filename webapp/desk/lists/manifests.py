"""The day's lists: import with a preview, seal, reveal, void, and how anybody can do the draw again."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext, ngettext

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
from webapp.desk.files.faults import Door, Fault, faults_of, people_door, person_door, routes_door
from webapp.desk.files.hidden_cells import answered, question
from webapp.desk.files.refusals import file_faults, instead
from webapp.desk.files.waiting import wait, waited
from webapp.desk.lists import overview
from webapp.desk.lists.handovers import carried
from webapp.desk.unit_and_period import period_title
from webapp.formats.tables import MAX_BYTES, Table, read_table
from webapp.inspections.models import Inspection
from webapp.inspections.queries import evidence
from webapp.ledger.deliveries import own_items
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import routes_of, unit_for
from webapp.org.rules import Actor
from webapp.recording.changes.lists import change_list, handovers_on
from webapp.recording.operations import record_at_desk
from webapp.recording.writing import writing
from webapp.rulebook.periods import Period, parse_period, period_of
from webapp.sampling import imports, operations, queries
from webapp.sampling.columns import HEADERS
from webapp.sampling.models import Manifest
from webapp.sampling.operations import within_life
from webapp.sampling.privacy import reason_said
from webapp.sampling.rules import SAMPLED
from webapp.sampling.shares import drawn_percent
from webapp.web.access import actor, editions, now
from webapp.web.bodies import takes
from webapp.web.language import language

blueprint = Blueprint("manifests", __name__)
blueprint.add_app_template_filter(reason_said)

DAYS = 35
PAGE = 200
FIELDS = {
    "number": lazy_gettext("Number"),
    "class": lazy_gettext("Class"),
    "route": lazy_gettext("Route"),
    "carrier": lazy_gettext("Carrier"),
    "date": lazy_gettext("Date"),
    "name": lazy_gettext("Addressee"),
    "tag": lazy_gettext("Address tag"),
    "returned": lazy_gettext("Returned"),
    "reason": lazy_gettext("Reason of return"),
}


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


# ---------------------------------------------------------------- import


@blueprint.get("/manifests/import")
def new():
    """``?unit=&day=``: choose a file."""
    me = actor()
    unit = chosen_department(me, "keep-lists")
    return _form(me, unit, chosen_day(unit, ahead=1))


def _form(me: Actor, unit: Unit, day: date, problem: Problem | None = None):
    errors = file_faults(problem) if problem else {}
    today = clock.local_date(now())
    page = render_template(
        "lists/manifests/import.html", unit=unit, day=day, today=today, latest=today + timedelta(days=1),
        others=neighbours(me, unit, "keep-lists"), errors=errors,
    )  # fmt: skip
    return page, problem.entry.status if problem else 200


@blueprint.post("/manifests/import")
@takes(MAX_BYTES)
def preview():
    """Look at the file, or at what was asked about: what would be imported, and every row that would not."""
    me = actor()
    unit = chosen_department(me, "keep-lists")
    day = clock.local_date(now())
    try:
        if asked := answered(me, "manifest"):
            unit, day = unit_for(db.session, me, asked.unit_code, "keep-lists"), asked.day
            found = imports.preview(db.session, unit, day, asked.table)
            return _previewed(me, unit, day, found, told=asked.told)
        day = chosen_day(unit, ahead=1)
        file = request.files.get("file")
        if not file or not file.filename:
            raise Problem("bad-file", {"file": "missing"})
        table = read_table(file.read(), file.filename)
        if table.hides and (known := imports.known(table)).hides:
            return _asked(me, unit, day, known)
        found = imports.preview(db.session, unit, day, table)
    except Problem as problem:
        if problem.code not in ("bad-file", "bad-day", "invalid"):
            raise
        return _form(me, unit, day, problem)
    return _previewed(me, unit, day, found)


def _asked(me: Actor, unit: Unit, day: date, known: Table):
    return question(
        me, unit, day, "manifest", known, FIELDS, title=unit.name,
        action=url_for("manifests.preview", unit=unit.code),
        back=url_for("manifests.new", unit=unit.code, day=day.isoformat()),
    )  # fmt: skip


def _previewed(
    me: Actor, unit: Unit, day: date, found: imports.Preview, status: int = 200, told: str | None = None
):
    table = imports.kept_table(db.session, unit, day, found.rows) if found.rows else None
    counts = {name: sum(1 for row in found.good if row.mail_class == name) for name in SAMPLED}
    changes = [*found.changed, *found.marks, *found.final]
    named = {name: _both(changes, name) for name in ("route", "carrier")}
    page = render_template(
        "lists/manifests/preview.html", unit=unit, day=day, found=found, counts=counts, fields=FIELDS, size=PAGE,
        waiting=wait(me, unit, day, table) if table else None, changed=status != 200, told=told, instead=instead,
        routes=queries.route_labels(db.session, named["route"]), names=names_of(db.session, named["carrier"]),
        faults=_faults(me, unit, found.bad), warnings=_faults(me, unit, found.warnings, doors=False),
        lists={listing.manifest.number: listing.manifest for listing in _lists(unit, day)} if found.final else {},
    )  # fmt: skip
    return page, status


def _both(changes: list, field: str) -> set[str]:
    """What the changes say of a field, before and after."""
    said = [one for change in changes for one in change.differences if one[0] == field]
    return {value for _, *values in said for value in values if value}


def _lists(unit: Unit, day: date) -> list:
    return queries.listings(db.session, unit.code, day, day).get(day, [])


def _faults(me: Actor, unit: Unit, remarks: list, doors: bool = True) -> list[Fault]:
    spoken = language()
    return faults_of(
        (one.line, one.field, getattr(one.reason, spoken), _doors(me, unit, one) if doors else ())
        for one in remarks
    )


def _doors(me: Actor, unit: Unit, remark) -> tuple[Door, ...]:
    """Where a wrong row is mended: the people that it may mean, or where they and the routes are kept."""
    if remark.field == "carrier":
        people = [person_door(one.id, one.label) for one in remark.about if me.can("see-people", unit.path)]
        return tuple(people) or (people_door(me, unit),)
    return (routes_door(me, unit),) if remark.field == "route" else ()


@blueprint.post("/manifests/import/confirm")
@takes("MAX_FORM_MEMORY_SIZE")
def confirm():
    """Import what was previewed, all of it or, if anything has changed meanwhile, nothing."""
    me = actor()
    chosen_department(me, "keep-lists")
    code, day, table = waited(me, request.form.get("rows", ""))
    found = imports.Preview()
    with transaction() as session:
        unit = unit_for(session, me, code, "keep-lists")

        def change(keeper: Actor) -> Manifest | None:
            nonlocal found
            found = imports.preview_kept(session, unit, day, table)
            if found.bad or not found.rows:
                return None
            return imports.import_rows(session, keeper, now(), unit, day, found.rows)

        manifest = change_list(session, me, now(), unit, day, change)
        manifest_id = manifest.id if manifest else None
    if found.bad:
        return _previewed(me, unit_for(db.session, me, code), day, found, 409)
    if manifest_id is None:
        flash(_("Nothing has changed: all these items stand on the list already."), "info")
        return redirect(url_for("manifests.index", unit=code))
    _say(found)
    return redirect(url_for("manifests.show", manifest_id=manifest_id))


def _say(found: imports.Preview) -> None:
    if entered := len(found.good) + len(found.marks):
        flash(ngettext("%(num)s item imported.", "%(num)s items imported.", entered), "ok")
    if changed := len(found.changed):
        flash(ngettext("%(num)s item changed.", "%(num)s items changed.", changed), "ok")


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


@blueprint.get("/manifests/template.csv", defaults={"ending": "csv"})
@blueprint.get("/manifests/template.xlsx", defaults={"ending": "xlsx"})
def template(ending: str):
    """``?unit=``: an empty file to fill in, with one example row, as .csv or .xlsx."""
    unit = chosen_department(actor(), "keep-lists")
    header, example = imports.template(language())
    example[list(HEADERS).index("date")] = clock.local_date(now())
    if routes := routes_of(db.session, unit.code):
        example[list(HEADERS).index("route")] = routes[0].code
    data = exports.table(ending, header, [example], _("Delivery list"))
    return exports.answer(data, ending, "template", _("Template"), _("Delivery list"), unit.name)


# ---------------------------------------------------------------- one list


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
    today = clock.local_date(now())
    with transaction() as session:
        # The journal before the list, as everywhere: two that wait for each other never end.
        code = operations.manifest_of(session, manifest_id).unit_code
        with writing(session, now(), [code], me) as work:
            record_at_desk(session, work.actor, now(), body_of(session, manifest_id, today))
    flash(said, "ok")
    return redirect(url_for("manifests.show", manifest_id=manifest_id))


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
