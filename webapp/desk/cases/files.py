"""The list of cases as a file: what the filters leave, in the order of the list, in words."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext as _, lazy_gettext

from webapp.cases import listing
from webapp.cases.filters import Reader
from webapp.core import clock
from webapp.core.database import db
from webapp.desk import searches
from webapp.desk.cases import words
from webapp.desk.cases.asked import asked
from webapp.desk.files import exports
from webapp.web.access import actor, editions
from webapp.web.language import said

blueprint = Blueprint("case_files", __name__)

MOST = 10_000  # rows of a file
AT_ONCE = 500  # cases that are read together
HEADS = (
    lazy_gettext("What"), lazy_gettext("Sort"), lazy_gettext("Number of the order"), lazy_gettext("Unit"), lazy_gettext("Where"), lazy_gettext("Whose"),
    lazy_gettext("Severity"), lazy_gettext("State"), lazy_gettext("Found"), lazy_gettext("Deadline"), lazy_gettext("Closed"), lazy_gettext("Recurrence"), lazy_gettext("Up to"),
)  # fmt: skip


@blueprint.get("/cases/export.csv", defaults={"ending": "csv"})
@blueprint.get("/cases/export.xlsx", defaults={"ending": "xlsx"})
def export(ending: str):
    """The list's own filters: its cases as a table, at most ``MOST``; of more the list says so instead."""
    wanted = asked(actor(), request.args)
    if searches.lost():  # else the file would hold more than the list that was seen
        return redirect(wanted.address())
    filters, text = wanted.filters, searches.sought()
    if text:
        filters = filters.but(ids=listing.sought(db.session, filters.unit, text))
    found = listing.find(db.session, editions(), filters, wanted.reader, size=MOST)
    if found.next:
        flash(_("A file holds at most %(most)s rows: choose a month or a unit.", most=f"{MOST:,}"), "error")
        return redirect(wanted.address())
    title, today = _("Problems and orders"), exports.day_named(clock.local_date(clock.now()))
    data = exports.table(
        ending, [str(head) for head in HEADS], list(_rows(found.ids, wanted.reader)), str(title)
    )
    return exports.answer(data, ending, f"cases-{filters.unit.code}", title, filters.unit.name, today)


def _rows(ids: Sequence[str], reader: Reader) -> Iterator[list]:
    for start in range(0, len(ids), AT_ONCE):
        for row in listing.rows(db.session, ids[start : start + AT_ONCE]):
            yield _cells(row, reader)


def _cells(row: listing.Row, reader: Reader) -> list:
    case, rules = row.case, editions().on(row.case.opened_on).cases
    case_type = rules.types[case.type]
    state = case_type.states.get(case.state)
    return [
        words.title_of(case, editions(), case_type),
        said(case_type.title),
        case.number,
        row.unit_name,
        row.place_name,
        row.owner_name,
        said(rules.severities[case.severity].title),
        said(state.title) if state else case.state,
        case.first_found or case.found_on,
        case.due_on,
        case.closed_on,
        _("yes") if case.previous else "",
        words.climbed(case, rules, reader.today, reader.workdays),
    ]
