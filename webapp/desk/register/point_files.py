"""The relay register as a file: export, and import with a preview of what every row would do."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext, ngettext

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.desk import searches
from webapp.desk.department_and_day import chosen_department, neighbours
from webapp.desk.files import exports
from webapp.desk.files.columns import Brought, Sort, asked, keep_promise, promise, received, shown
from webapp.desk.files.faults import Door, Fault, faults_of, routes_door
from webapp.desk.files.refusals import file_faults
from webapp.desk.files.rows import CHANGED, NEW, SAME, Cell, FileRow, Page, page_of
from webapp.desk.files.waiting import wait, waited
from webapp.desk.forms import REASONS as FORM_REASONS
from webapp.desk.register import listing
from webapp.desk.register.listing import Row
from webapp.desk.register.points import REASONS, chosen
from webapp.formats.tables import MAX_BYTES
from webapp.org.models import Unit
from webapp.org.queries import routes_of, unit_for
from webapp.org.rules import Actor
from webapp.recording.facts.point import body
from webapp.recording.together import record_all_at_desk
from webapp.recording.writing import writing
from webapp.registers.columns import (
    AGREEMENT_NAMES,
    HEADERS,
    KIND_NAMES,
    STATE,
    STATUS_NAMES,
    column_of,
    named,
)
from webapp.registers.imports import NEEDED, Plan, Preview, Remark, preview as previewed
from webapp.registers.rules import BACK
from webapp.web import labels
from webapp.web.access import actor, now
from webapp.web.bodies import takes
from webapp.web.language import language

blueprint = Blueprint("point_files", __name__)
SHOWN = 300  # changes on a preview
FILE_REASONS = {
    "register-header": lazy_gettext(
        "A column with the name and one with the kind are needed. Is the header there?"
    ),
    "register-rows": lazy_gettext("The file has more than 2,000 rows."),
}
# Why a row is refused, or looked at twice; %(about)s is what it speaks of.
ROW_REASONS = {
    "unknown-id": lazy_gettext("No point of this unit has the number “%(about)s”."),
    "unknown-kind": lazy_gettext(
        "There is no kind “%(about)s”: mail room, property office or village station."
    ),
    "unknown-agreement": lazy_gettext("There is no agreement “%(about)s”: none, oral or written."),
    "unknown-route": lazy_gettext("There is no route “%(about)s”."),
    "like-route": lazy_gettext("There is no route “%(about)s”. Is one of these meant: %(maybe)s?"),
    "several-routes": lazy_gettext("“%(about)s” may be any of: %(maybe)s. Write one of these in full."),
    "several": lazy_gettext("Several points are called “%(about)s”; give the number from an export."),
    "repeat": lazy_gettext("The same point as in line %(about)s."),
    "closed": lazy_gettext("“%(about)s” is closed; reopen it on its page."),
    "not-by-file": lazy_gettext("A file neither closes nor reopens a point; do that on its page."),
    "empty": lazy_gettext("Please fill this in."),
    "long": lazy_gettext("That is too long."),
    "characters": lazy_gettext("There is a character in it that cannot be used."),
    "rounded": FORM_REASONS["rounded"],
    "negative": FORM_REASONS["negative"],
    "like-name": lazy_gettext("Likely the same as “%(about)s”: the same name."),
    "like-near": lazy_gettext("Likely the same as “%(about)s”: the same kind within 30 m."),
    "like-keeper": lazy_gettext("Likely the same as “%(about)s”: the same keeper and contact."),
}
FIELDS = {**labels.POINT_FIELDS, "id": lazy_gettext("Number of the point"), "status": lazy_gettext("State")}
_NO_CELLS = ("id", "status", "photo")  # of the fields, what is no value of a row
SORT = Sort(
    "register",
    lambda: {code: str(FIELDS[code]) for code in HEADERS if code not in STATE},
    NEEDED,
    column_of,
    "register-header",
)


# ---------------------------------------------------------------- export


@blueprint.get("/points/export.csv", defaults={"ending": "csv"})
@blueprint.get("/points/export.xlsx", defaults={"ending": "xlsx"})
def export(ending: str):
    """``?unit=`` and the list's filter: the points as a file that can be imported again."""
    unit = chosen_department(actor(), "see-register")
    if searches.lost("search"):  # else the file would hold more than the list that was seen
        return redirect(url_for("points.index", unit=unit.code))
    rows = listing.filtered(listing.rows_of(unit, clock.local_date(now())), **chosen())
    routes = {route.id: route.code for route in routes_of(db.session, unit.code)}
    header = [names[0 if language() == "zh" else 1] for names in HEADERS.values()]
    lines = [_line(row, routes) for row in rows]
    title, today = _("Relay register"), exports.day_named(clock.local_date(now()))
    data = exports.table(ending, header, lines, title)
    return exports.answer(data, ending, f"relay-points-{unit.code}", title, unit.name, today)


def _line(row: Row, routes: dict[str, str]) -> list:
    point, spoken = row.point, language()
    cells = {
        "id": point.id,
        "kind": named(KIND_NAMES, point.kind, spoken),
        "route": routes.get(point.route_id),
        "agreement": named(AGREEMENT_NAMES, point.agreement, spoken),
        "status": named(STATUS_NAMES, "open" if row.open else "closed", spoken),
        "opened": point.opened_on,
        "closed": point.closed_on,
        "confirmed": row.confirmed,
        "visited": row.visited,
    }
    return [cells[name] if name in cells else getattr(point, name) for name in HEADERS]


# ---------------------------------------------------------------- import


@blueprint.get("/points/import")
def new():
    """``?unit=``: choose a file."""
    me = actor()
    return _form(me, chosen_department(me, "keep-register"))


def _form(me: Actor, unit: Unit, problem: Problem | None = None):
    faults = file_faults(problem) if problem else {}
    errors = {name: str({**FILE_REASONS, **REASONS}.get(said, said)) for name, said in faults.items()}
    today = clock.local_date(now())
    page = render_template(
        "register/points/import.html", unit=unit, today=today, earliest=max(today - BACK, unit.opened_on), errors=errors,
        back=BACK.days,
        others=neighbours(me, unit, "keep-register"), form=request.form,
    )  # fmt: skip
    return page, problem.entry.status if problem else 200


@blueprint.post("/points/import")
@takes(MAX_BYTES)
def preview():
    """Look at the file: what would be entered and changed, and every row that would not."""
    me = actor()
    unit = chosen_department(me, "keep-register")
    try:
        brought = received(
            me, SORT, lambda: (unit, _first_day(unit, clock.local_date(now()))),
            lambda code: unit_for(db.session, me, code, "keep-register"),
        )  # fmt: skip
        return _looked_at(me, brought)
    except Problem as problem:
        if problem.code not in ("bad-file", "invalid"):
            raise
        return _form(me, unit, problem)


def _looked_at(me: Actor, brought: Brought):
    unit = brought.unit
    action, back = (url_for(f"point_files.{name}", unit=unit.code) for name in ("preview", "new"))
    if brought.asks:
        return asked(me, brought, unit.name, action, back)
    columns = shown(me, brought, action)
    if brought.missing or brought.fault:
        return render_template("parts/columns_asked.html", columns=columns, title=unit.name, back=back), 422
    found = previewed(db.session, unit, clock.local_date(now()), brought.table)
    more = {"columns": columns, "promised": promise(me, brought), "told": brought.told}
    return _page(me, unit, brought.day, found, **more)


def _first_day(unit: Unit, today: date) -> date:
    """The day from which it holds, as typed, else today; raises ``invalid``."""
    try:
        day = date.fromisoformat(request.form.get("day") or today.isoformat())
    except ValueError as error:
        raise Problem("invalid", {"day": "day"}) from error
    if day > today:
        raise Problem("invalid", {"day": "future"})
    if day < max(today - BACK, unit.opened_on):
        raise Problem("invalid", {"day": "early"})
    return day


def _page(me: Actor, unit: Unit, day: date, found: Preview, status: int = 200, **more):
    routes = {route.id: f"{route.code} {route.name}" for route in routes_of(db.session, unit.code)}
    page, fields = (
        page_of(_standing(found)),
        [name for name in FIELDS if name in found.header and name not in _NO_CELLS],
    )
    text = render_template(
        "register/points/preview.html", unit=unit, day=day, found=found, fields=FIELDS, shown=SHOWN, routes=routes,
        faults=_faults(me, unit, found.bad), warnings=_faults(me, unit, found.warnings),
        changed=status != 200, page=page, rows=_rows(page, fields, routes), titles=[str(FIELDS[name]) for name in fields],
        waiting=wait(me, unit, day, found.table, "register") if found.plans else None, **more,
    )  # fmt: skip
    return text, status


def _standing(found: Preview) -> list[tuple[str, Plan]]:
    """Every row that can be recorded or is so already, in the order of the file."""
    parts = ((NEW, found.new), (CHANGED, found.changed), (SAME, found.same))
    return sorted(((state, plan) for state, part in parts for plan in part), key=lambda one: one[1].line)


def _rows(page: Page, fields: list[str], routes: dict[str, str]) -> list[FileRow]:
    def worded(name: str, value) -> str:
        if value is None or value == "":
            return "—"
        if name == "route":
            return routes.get(value, "—")
        if name in ("kind", "agreement"):
            return str((labels.POINT_KINDS if name == "kind" else labels.AGREEMENTS)[value])
        return f"{value:.5f}" if isinstance(value, float) else str(value)

    return [
        FileRow(plan.line, state, [
            Cell(worded(name, plan.value(name)), worded(name, plan.before[name]) if name in plan.before else None)
            for name in fields
        ])
        for state, plan in page.rows
    ]  # fmt: skip


def _faults(me: Actor, unit: Unit, remarks: list[Remark]) -> list[Fault]:
    return faults_of((one.line, one.field, _why(one), _doors(me, unit, one)) for one in remarks)


def _doors(me: Actor, unit: Unit, remark: Remark) -> tuple[Door, ...]:
    """Where a wrong row is mended: the points that it may mean, or where the routes are kept."""
    if remark.field == "route":
        return (routes_door(me, unit),)
    return tuple(Door(one.label, url_for("points.show", point_id=one.id)) for one in remark.points)


def _why(remark: Remark) -> str:
    """Why a row is refused, in words."""
    said = ROW_REASONS.get(remark.reason) or REASONS.get(remark.reason, remark.reason)
    return str(said) % {"about": remark.about, "maybe": remark.maybe}


@blueprint.post("/points/import/confirm")
@takes("MAX_FORM_MEMORY_SIZE")
def confirm():
    """Record what was previewed, all of it or, if anything has changed meanwhile, nothing."""
    me = actor()
    chosen_department(me, "keep-register")
    code, day, table = waited(me, request.form.get("rows", ""), "register")
    today = clock.local_date(now())
    with transaction() as session:
        unit = unit_for(session, me, code, "keep-register")
        # Two imports of one file at once: the second sees what the first did. With the units that may act, in one order.
        units = {code} | {grant.unit_code for grant in me.current if grant.reaches(unit.path)}
        with writing(session, now(), units, me) as work:
            found = previewed(session, unit, today, table)
            if not found.bad:
                facts = [_fact(work.actor, unit, today, day, plan) for plan in found.plans]
                done = record_all_at_desk(session, work.actor, now(), facts)
                keep_promise(session, me, unit, SORT)
    if found.bad:
        return _page(me, unit_for(db.session, me, code), day, found, 409)
    if done:
        flash(ngettext("%(num)s point recorded.", "%(num)s points recorded.", done), "ok")
    else:
        flash(_("Nothing has changed: the register says all this already."), "info")
    return redirect(url_for("points.index", unit=code))


def _fact(me: Actor, unit: Unit, today: date, day: date, plan: Plan) -> tuple[dict, dict]:
    """The open and personal parts of what a row does. A change cannot hold from before its point was opened."""
    if plan.point is None:
        return body(me, unit, today, new_id(), "open", day=day.isoformat(), values=plan.values), plan.personal
    since = max(day, plan.point.opened_on).isoformat()
    return body(me, unit, today, plan.point.id, "change", day=since, values=plan.values), plan.personal
