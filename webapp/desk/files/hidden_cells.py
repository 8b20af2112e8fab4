"""Rows and columns that Excel does not show: whether they are meant is asked, and nothing is imported before the answer."""

from flask import render_template
from flask_babel import gettext as _, ngettext

from webapp.desk.files.faults import lines_said
from webapp.formats.tables import Table
from webapp.org.models import Unit

LEAVE, TAKE = "leave", "take"


def told(table: Table, answer: str) -> str | None:
    """The sentence of the preview about what was asked; None where nothing was."""
    if answer == LEAVE:
        return _("Left out, as hidden: %(what)s", what=_said(table))
    return _("Taken, although hidden: %(what)s", what=_said(table)) if answer == TAKE else None


def _said(table: Table) -> str:
    rows, columns = len(table.hidden_rows), len(table.hidden_columns)
    said = [ngettext("%(num)s row", "%(num)s rows", rows)] if rows else []
    return " · ".join([*said, ngettext("%(num)s column", "%(num)s columns", columns)] if columns else said)


def question(unit: Unit, table: Table, waiting: str, columns: list[str], **page):
    """The page that asks; ``columns`` names the hidden ones, ``page`` holds ``action``, ``back`` and ``more`` form fields."""
    return render_template(
        "parts/hidden.html", unit=unit, waiting=waiting, rows=len(table.hidden_rows),
        lines=lines_said(table.hidden_rows), all_rows=len(table.rows), columns=columns, **page,
    )  # fmt: skip
