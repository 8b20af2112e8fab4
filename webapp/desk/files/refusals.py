"""Why a file that somebody brings is not taken, in words."""

from collections.abc import Iterable

from flask_babel import gettext as _, lazy_gettext

from webapp.core.problems import Problem
from webapp.web.language import language

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

_HAND_OVER = lazy_gettext(
    "Who really delivers is handed over on the page of the list: the route or this number, for this day, with a reason."
)
# What is possible where a sealed list says otherwise than a file.
_INSTEAD = {
    "class": lazy_gettext(
        "The class stays as sealed. If the item is drawn, it can be voided there with a reason."
    ),
    "route": _HAND_OVER,
    "carrier": _HAND_OVER,
    "returned": lazy_gettext(
        "A sealed return stays. If the item did not come back, the return audit records that."
    ),
    "reason": lazy_gettext("The sealed reason stays. Whether it is true is what the return audit says."),
}
_AS_SEALED = lazy_gettext("It stays as sealed; nothing is counted by it.")


def instead(fields: Iterable[str]) -> list[str]:
    """What is possible instead of changing these fields of a sealed item, each sentence once."""
    return list(dict.fromkeys(str(_INSTEAD.get(name, _AS_SEALED)) for name in fields))


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
