"""Units, routes and staff as files: templates, a preview of what every row would do, then all good rows or none."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext, ngettext

from webapp.core.database import db, transaction
from webapp.core.problems import CATALOGUE, Problem
from webapp.desk.accounts.proving import asks_password
from webapp.desk.files import exports
from webapp.desk.files.columns import Brought, Sort, asked, keep_promise, promise, received, shown
from webapp.desk.files.faults import Door, faults_of, person_door, unit_door
from webapp.desk.files.refusals import file_faults
from webapp.desk.files.rows import Cell, FileRow, Page, page_of
from webapp.desk.files.waiting import wait, waited
from webapp.desk.forms import REASONS
from webapp.formats.tables import MAX_BYTES, Table
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import below
from webapp.org.rules import Actor
from webapp.org.unit_columns import DAYS, HEADERS, NEEDED, column_of
from webapp.recording.changes.unit_imports import SORTS, Fault, Outcome, run
from webapp.web import labels
from webapp.web.access import actor, now
from webapp.web.bodies import takes
from webapp.web.language import language

blueprint = Blueprint("unit_files", __name__)
SHOWN = 300  # changes on a preview
NAMES = {"units": lazy_gettext("Units"), "routes": lazy_gettext("Routes"), "staff": lazy_gettext("Staff")}
FILE_REASONS = {
    "units-header": lazy_gettext("Columns with code, name and parent are needed. Is the header there?"),
    "routes-header": lazy_gettext(
        "Columns with department and route number are needed. Is the header there?"
    ),
    "staff-header": lazy_gettext("Columns with login, name, unit and role are needed. Is the header there?"),
    "unit-rows": lazy_gettext("The file has more than 500 rows."),
    "sort": lazy_gettext("Please choose one of the list."),
}
ROW_REASONS = {
    "other-parent": lazy_gettext("The unit with this code lies below another one."),
    "other-day": lazy_gettext("The unit with this code was opened on another day."),
    "on-its-page": lazy_gettext("That is changed on the unit's page, with a day."),
    "other-name": lazy_gettext("This login name belongs to a person of another name."),
    "other-days": lazy_gettext("This role is held there on other days. Give or end it on the person's page."),
    "inactive-person": lazy_gettext("This person is deactivated."),
    "closed-unit": lazy_gettext("The unit with this code is closed. Reopen it on its page."),
    "closed-route": lazy_gettext("The route with this number is closed. Reopen it on the unit's page."),
    "several-routes": lazy_gettext("This number may be any of: %(maybe)s."),
    "level": lazy_gettext("This role does not exist at a unit of that level."),
}


class _TakenBackError(Exception):
    """Ends a transaction in which rows were only tried."""


@blueprint.get("/units/import")
def new():
    """Choose a file."""
    return _form(_keeper())


def _keeper() -> Actor:
    me = actor()
    if not me.reach("keep-units"):
        raise Problem("forbidden")
    return me


def _form(me: Actor, problem: Problem | None = None):
    faults = file_faults(problem) if problem else {}
    errors = {name: str(FILE_REASONS.get(said, said)) for name, said in faults.items()}
    sort = request.values.get("sort", "")
    page = render_template(
        "staff/units/import.html", me=me, errors=errors, names=NAMES, sort=sort, headers=_headers()
    )
    return page, problem.entry.status if problem else 200


def _headers() -> dict[str, list[str]]:
    place = 0 if language() == "zh" else 1
    return {sort: [names[place] for names in columns.values()] for sort, columns in HEADERS.items()}


@blueprint.get("/units/import/template.csv", defaults={"ending": "csv"})
@blueprint.get("/units/import/template.xlsx", defaults={"ending": "xlsx"})
def template(ending: str):
    """``?sort=``: an example to fill in."""
    _keeper()
    sort = _sort(request.args.get("sort", SORTS[0]))
    example = [_example(name, names[2]) for name, names in HEADERS[sort].items()]
    data = exports.table(ending, _headers()[sort], [example], str(NAMES[sort]))
    return exports.answer(data, ending, sort, _("Template"), NAMES[sort])


def _example(name: str, cell: str) -> date | str:
    return date.fromisoformat(cell) if cell and name in DAYS else cell


def _sort(text: str) -> str:
    if text not in SORTS:
        raise Problem("invalid", {"sort": "sort"})
    return text


@blueprint.post("/units/import")
@takes(MAX_BYTES)
def preview():
    """Look at the file: what would be entered and changed, and every row that would not."""
    me = _keeper()
    try:
        sort = _sort(request.form.get("sort", ""))
        top = _top(me)
        brought = received(me, _sort_of_file(sort), lambda: (top, me.today), _own(me))
        return _looked_at(me, sort, brought)
    except Problem as problem:
        if problem.code not in ("bad-file", "invalid"):
            raise
        return _form(me, problem)


def _own(me: Actor):
    """What waited is of the unit that the actor keeps, still; raises ``form-expired``."""

    def unit_of(code: str) -> Unit:
        top = _top(me)
        if top.code != code:
            raise Problem("form-expired")
        return top

    return unit_of


def _sort_of_file(sort: str) -> Sort:
    return Sort(
        f"unit-{sort}",
        lambda: _titles(sort),
        NEEDED[sort],
        lambda cell: column_of(sort, cell),
        f"{sort}-header",
    )


def _looked_at(me: Actor, sort: str, brought: Brought):
    action, back, more = url_for("unit_files.preview"), url_for("unit_files.new", sort=sort), {"sort": sort}
    if brought.asks:
        return asked(me, brought, NAMES[sort], action, back, more)
    columns = shown(me, brought, action, more)
    if brought.missing or brought.fault:
        return render_template("parts/columns_asked.html", columns=columns, title=NAMES[sort], back=back), 422
    found = tried(me, sort, brought.table)
    return _page(me, sort, found, columns=columns, promised=promise(me, brought), told=brought.told)


def _titles(sort: str) -> dict[str, str]:
    return dict(zip(HEADERS[sort], _headers()[sort], strict=True))


def tried(me: Actor, sort: str, table: Table) -> Outcome:
    """What the file would do: all of it is done and taken back, so that no guard is told twice."""
    found = None
    try:
        with transaction() as session:
            found = run(session, me, now(), sort, table)
            raise _TakenBackError
    except _TakenBackError:
        return found


def _page(me: Actor, sort: str, found: Outcome, status: int = 200, **more):
    faults = faults_of((one.line, one.field, _why(one), _doors(me, one)) for one in found.faults)
    page, titles = page_of(sorted(found.done)), _titles(sort)
    text = render_template(
        "staff/units/preview.html", sort=sort, title=NAMES[sort], found=found, fields=titles, shown=SHOWN,
        changed=status != 200, waiting=_waiting(me, sort, found), faults=faults, roles=labels.ROLES,
        page=page, rows=_rows(page, found), titles=[titles[name] for name in found.header], **more,
    )  # fmt: skip
    return text, status


def _rows(page: Page, found: Outcome) -> list[FileRow]:
    """The rows as the file says them, with what stood before where a column of the file changes it."""
    rows = []
    for line, cells, state in page.rows:
        before = {name: worded(name, old) for name, old, _new in found.differences.get(line, [])}
        named = zip(found.header, cells, strict=True)
        rows.append(FileRow(line, state, [Cell(cell or "—", before.get(name)) for name, cell in named]))
    return rows


def worded(name: str, code: str) -> str:
    """A value of a unit, route or role in words."""
    words = {"role": labels.ROLES, "bureau": labels.BUREAUS}.get(name, {})
    return str(words.get(code, code)) or "—"


def _waiting(me: Actor, sort: str, found: Outcome) -> str | None:
    return wait(me, _top(me), me.today, found.table, f"unit-{sort}") if found.table.rows else None


def _top(me: Actor) -> Unit:
    """The highest unit that the actor keeps: what is imported lies there or below."""
    return below(db.session, me.reach("keep-units")[:1])[0]


def _why(fault: Fault) -> str:
    """Why a row is refused, in words."""
    said = ROW_REASONS.get(fault.reason) or REASONS.get(fault.reason)
    if said is None and fault.reason in CATALOGUE:
        return Problem(fault.reason).message(language())
    return str(said) % {"maybe": fault.maybe} if fault.maybe else str(said or fault.reason)


def _doors(me: Actor, fault: Fault) -> tuple[Door, ...]:
    """Where a wrong row is mended: on the page of the person, or of the unit."""
    if fault.person:
        name = names_of(db.session, [fault.person]).get(fault.person, "")
        return (person_door(fault.person, name),)
    return unit_door(me, fault.unit)


@blueprint.post("/units/import/confirm")
@takes("MAX_FORM_MEMORY_SIZE")
@asks_password
def confirm():
    """Do what was previewed, all of it or, if anything has changed meanwhile, nothing."""
    me = _keeper()
    sort = _sort(request.form.get("sort", ""))
    code, _day, table = waited(me, request.form.get("rows", ""), f"unit-{sort}")
    try:
        with transaction() as session:
            found = run(session, me, now(), sort, table)
            if found.faults:
                raise _TakenBackError
            keep_promise(session, me, _top(me), _sort_of_file(sort))
    except _TakenBackError:
        return _page(me, sort, found, 409)
    done = len(found.table.rows)
    if done:
        flash(ngettext("%(num)s row imported.", "%(num)s rows imported.", done), "ok")
    else:
        flash(_("Nothing has changed: all this is so already."), "info")
    return redirect(
        url_for("units.show", code=code) if sort == "staff" else url_for("units.index", unit=code)
    )
