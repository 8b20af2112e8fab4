"""Rows and columns that Excel does not show: whether they are meant is asked, and nothing is imported before the answer."""

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask_babel import gettext as _, ngettext

from webapp.desk.files.faults import lines_said
from webapp.desk.files.waiting import wait, waited
from webapp.formats.tables import Table
from webapp.org.models import Unit
from webapp.org.rules import Actor

LEAVE, TAKE = "leave", "take"


@dataclass(frozen=True)
class Answered:
    """What was asked about, as it was answered: of which unit and day, the table, and a sentence for the preview."""

    unit_code: str
    day: date
    table: Table
    told: str


def answered(me: Actor, what: str) -> Answered | None:
    """The answer that this request brings; None where it brings a file. Raises ``form-expired``."""
    answer = request.form.get("hidden")
    if answer not in (LEAVE, TAKE):
        return None
    code, day, table = waited(me, request.form.get("rows", ""), f"{what}-hidden")
    if answer == LEAVE:
        return Answered(code, day, table.visible(), _("Left out, as hidden: %(what)s", what=_said(table)))
    return Answered(code, day, table.whole(), _("Taken, although hidden: %(what)s", what=_said(table)))


def _said(table: Table) -> str:
    rows, columns = len(table.hidden_rows), len(table.hidden_columns)
    said = [ngettext("%(num)s row", "%(num)s rows", rows)] if rows else []
    return " · ".join([*said, ngettext("%(num)s column", "%(num)s columns", columns)] if columns else said)


def question(me: Actor, unit: Unit, day: date, what: str, table: Table, fields: dict, **page):
    """The page that asks; ``fields`` names the columns, ``page`` holds ``action``, ``back`` and ``more`` form fields."""
    return render_template(
        "parts/hidden.html", unit=unit, waiting=wait(me, unit, day, table, f"{what}-hidden"),
        rows=len(table.hidden_rows), lines=lines_said(table.hidden_rows), all_rows=len(table.rows),
        columns=[fields[table.header[place]] for place in sorted(table.hidden_columns)], **page,
    )  # fmt: skip
