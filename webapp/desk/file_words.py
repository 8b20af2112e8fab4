"""Why a file that somebody brings is not taken, in words."""

from flask_babel import gettext as _, lazy_gettext

from webapp.core.problems import Problem
from webapp.desk.language import language

REASONS = {
    "missing": lazy_gettext("Please choose a file."),
    "empty": lazy_gettext("The file is empty."),
    "large": lazy_gettext("The file is larger than 8 MB."),
    "rows": lazy_gettext("The file has more than 20,000 rows."),
    "columns": lazy_gettext("The file has more than 64 columns."),
    "unpacked": lazy_gettext("The workbook is too large: unpacked it has more than 24 MB."),
    "macros": lazy_gettext("The workbook holds macros and was not opened. Save it as .xlsx without macros."),
    "encoding": lazy_gettext("The file is no table. Save it as .xlsx or .csv."),
    "old-excel": lazy_gettext("This is an old .xls file or has a password. Save it as .xlsx without one."),
    "broken": lazy_gettext("The file is incomplete or damaged."),
    "header": lazy_gettext(
        "A column with the number and one with the class are needed. Is the header there?"
    ),
    "day": lazy_gettext("Please give a day."),
}


def file_faults(problem: Problem) -> dict[str, str]:
    """The sentence beside each field at fault, for ``bad-file``, ``bad-day`` and ``invalid``."""
    if problem.code == "bad-day":
        return {"day": problem.message(language())}
    return {name: _said(code) for name, code in problem.fields.items()}


def _said(code: str) -> str:
    kind, _colon, line = code.partition(":")
    if kind == "quotes":
        return _("A quotation mark in line %(line)s is never closed.", line=line)
    return str(REASONS.get(code, code))
