"""The day's list from a file: how its rows will stand, and importing it, on demand with the seal in the same step."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext, ngettext

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.department_and_day import chosen_day, chosen_department, neighbours
from webapp.desk.files import exports
from webapp.desk.files.columns import Brought, Sort, asked, keep_promise, promise, received, shown
from webapp.desk.files.faults import Door, Fault, faults_of, people_door, person_door, routes_door
from webapp.desk.files.refusals import file_faults, instead
from webapp.desk.files.rows import CHANGED, NEW, SAME, Cell, FileRow, Page, page_of
from webapp.desk.files.waiting import wait, waited
from webapp.desk.lists.manifests import record
from webapp.desk.records.inspections import class_name
from webapp.formats.tables import MAX_BYTES
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import routes_of, unit_for
from webapp.org.rules import Actor
from webapp.recording.changes.lists import change_list
from webapp.sampling import imports, operations, queries
from webapp.sampling.columns import HEADERS, column_of
from webapp.sampling.corrections import COLUMNS
from webapp.sampling.models import Manifest
from webapp.sampling.privacy import reason_said
from webapp.sampling.rules import SAMPLED
from webapp.sampling.shares import drawn_percent
from webapp.web.access import actor, now
from webapp.web.bodies import takes
from webapp.web.language import language, said

blueprint = Blueprint("list_files", __name__)

PAGE = 200  # faults or changes of one part of a page
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
SORT = Sort(
    "manifest",
    lambda: {code: str(name) for code, name in FIELDS.items()},
    imports.NEEDED,
    column_of,
    "header",
    imports.impersonal,
)
_ALWAYS = ("class", "route", "carrier")  # columns that the rows always show, beside the number


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
    """Look at the file: how its rows will stand, every row that would not, and what its columns are taken for."""
    me = actor()
    unit = chosen_department(me, "keep-lists")
    day = clock.local_date(now())

    def place() -> tuple[Unit, date]:
        nonlocal day
        day = chosen_day(unit, ahead=1)
        return unit, day

    try:
        brought = received(me, SORT, place, lambda code: unit_for(db.session, me, code, "keep-lists"))
        return _looked_at(me, brought)
    except Problem as problem:
        if problem.code not in ("bad-file", "bad-day", "invalid"):
            raise
        return _form(me, unit, day, problem)


def _looked_at(me: Actor, brought: Brought):
    unit, day = brought.unit, brought.day
    action, back = (
        url_for("list_files.preview", unit=unit.code),
        url_for("list_files.new", unit=unit.code, day=day),
    )
    if brought.asks:
        return asked(me, brought, unit.name, action, back)
    columns = shown(me, brought, action)
    if brought.missing or brought.fault:
        return render_template("parts/columns_asked.html", columns=columns, title=unit.name, back=back), 422
    found = imports.preview(db.session, unit, day, brought.table)
    return _previewed(me, unit, day, found, columns=columns, promised=promise(me, brought), told=brought.told)


def _previewed(me: Actor, unit: Unit, day: date, found: imports.Preview, status: int = 200, **more):
    table = imports.kept_table(db.session, unit, day, found.rows) if found.rows else None
    counts = {name: sum(1 for row in found.good if row.mail_class == name) for name in SAMPLED}
    changes = [*found.changed, *found.marks, *found.final]
    page = page_of(_standing(found))
    routes, names = _labels(changes, page)
    page_of_list = render_template(
        "lists/manifests/preview.html", unit=unit, day=day, found=found, counts=counts, fields=FIELDS, size=PAGE,
        waiting=wait(me, unit, day, table) if table else None, changed=status != 200, instead=instead,
        routes=routes, names=names, rows=_rows(page, routes, names), page=page, titles=_titles(page),
        faults=_faults(me, unit, found.bad), warnings=_faults(me, unit, found.warnings, doors=False),
        lists={listing.manifest.number: listing.manifest for listing in _lists(unit, day)} if found.final else {},
        may_seal=not found.bad, percent=drawn_percent(db.session, unit, day),
        **more,
    )  # fmt: skip
    return page_of_list, status


# ---------------------------------------------------------------- the rows as they will stand


Standing = tuple[str, imports.Row, dict[str, object]]  # state, row, {field: before}


def _standing(found: imports.Preview) -> list[Standing]:
    """Every row that can be imported or stands already, in the order of the file. What is final is told apart."""
    fresh = [(NEW, row, {}) for row in found.good]
    changed = [
        (state, change.row, {name: old for name, old, _new in change.differences})
        for state, part in ((CHANGED, found.changed), ("returned", found.marks))
        for change in part
    ]
    return sorted([*fresh, *changed, *((SAME, row, {}) for row in found.same)], key=lambda one: one[1].line)


def _labels(changes: list, page: Page) -> tuple[dict[str, str], dict[str, str]]:
    """Number and name of the routes, and names of the carriers, that the page names."""
    rows: Sequence[Standing] = page.rows
    routes = {row.route_id for _state, row, _old in rows} | {old.get("route") for _state, _row, old in rows}
    people = {row.delivered_by for _state, row, _old in rows} | {
        old.get("carrier") for _state, _row, old in rows
    }
    return (
        queries.route_labels(db.session, (routes | _both(changes, "route")) - {None}),
        names_of(db.session, (people | _both(changes, "carrier")) - {None}),
    )


def _both(changes: list, field: str) -> set[str]:
    """What the changes say of a field, before and after."""
    said_ = [one for change in changes for one in change.differences if one[0] == field]
    return {value for _, *values in said_ for value in values if value}


def _shown_fields(page: Page) -> list[str]:
    """The fields that the rows of the page fill, in the order of the template, beside the number."""
    filled = {
        name
        for _state, row, old in page.rows
        for name, column in COLUMNS.items()
        if getattr(row, column) or old.get(name)
    }
    return [name for name in HEADERS if name in COLUMNS and (name in _ALWAYS or name in filled)]


def _titles(page: Page) -> list[str]:
    return [str(FIELDS[name]) for name in ("number", *_shown_fields(page))]


def _rows(page: Page, routes: dict[str, str], names: dict[str, str]) -> list[FileRow]:
    words: dict[str, Callable] = {
        "class": lambda value: said(class_name(value)),
        "route": lambda value: routes.get(value, "—"),
        "carrier": lambda value: names.get(value, "—"),
        "returned": lambda value: _("yes") if value else _("no"),
        "reason": lambda value: said(reason_said(value)),
    }

    def worded(name: str, value) -> str:
        if value is None or value == "":
            return "—"
        return str(words[name](value) if name in words else value)

    fields = _shown_fields(page)
    return [
        FileRow(row.line, state, [Cell(row.number), *(
            Cell(worded(name, getattr(row, COLUMNS[name])), worded(name, old[name]) if name in old else None)
            for name in fields
        )])
        for state, row, old in page.rows
    ]  # fmt: skip


# ---------------------------------------------------------------- what is wrong


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


# ---------------------------------------------------------------- doing it


@blueprint.post("/manifests/import/confirm")
@takes("MAX_FORM_MEMORY_SIZE")
def confirm():
    """Import what was previewed, all of it or, if anything has changed meanwhile, nothing. ``then=seal`` seals it, too."""
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
        if not found.bad:
            keep_promise(session, me, unit, SORT)
    if found.bad:
        return _previewed(me, unit_for(db.session, me, code), day, found, 409)
    if manifest_id is None:
        flash(_("Nothing has changed: all these items stand on the list already."), "info")
        return redirect(url_for("manifests.index", unit=code))
    _say(found)
    if request.form.get("then") == "seal":
        _seal(me, manifest_id)
    return redirect(url_for("manifests.show", manifest_id=manifest_id))


def _say(found: imports.Preview) -> None:
    if entered := len(found.good) + len(found.marks):
        flash(ngettext("%(num)s item imported.", "%(num)s items imported.", entered), "ok")
    if changed := len(found.changed):
        flash(ngettext("%(num)s item changed.", "%(num)s items changed.", changed), "ok")


def _seal(me: Actor, manifest_id: str) -> None:
    """The second step, recorded as if it were taken on the list's own page; the import stands if it is refused."""
    try:
        record(me, manifest_id, operations.seal_body)
    except Problem as problem:
        flash(_("Imported, but not sealed: %(why)s", why=problem.message(language())), "bad")
    else:
        flash(_("The list is sealed and the sample is drawn."), "ok")


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
