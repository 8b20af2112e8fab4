"""What fell short, in the few words that a printed sheet has room for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _, ngettext

from webapp.ledger.shortfalls import CAUSES, LAPSED, NOTHING, SHORT, UNDECIDED, Shortfall
from webapp.rulebook.rules import Duty
from webapp.web import labels


@dataclass(frozen=True)
class Said:
    """Duties that fell short in the same way, and how."""

    duties: tuple[Duty, ...]
    how: str


def said_of(found: Sequence[Shortfall], whole: str | None) -> list[Said]:
    """Duties of one unit with how they fell short; those that say the same stand together. ``whole``: see :func:`how`."""
    groups: dict[str, list[Duty]] = {}
    for one in found:
        groups.setdefault(how(one, whole), []).append(one.duty)
    return [Said(tuple(duties), text) for text, duties in groups.items()]


def how(one: Shortfall, whole: str | None) -> str:
    """``18 days not begun, 3 days too few``; of a single line that fell short its figures, too: ``12/20 points``.

    ``whole`` is the kind of the period shown, whose single line needs no "1 month"; None where the lines are those of
    many departments and no longer days or weeks.
    """
    span = _span(one.duty.period if whole else "line")
    alone = one.duty.period == whole
    if whole and one.lines == 1 and SHORT in one.causes:
        figures = f"{one.done}/{'?' if one.required is None else one.required}"
        return f"{'' if alone else span(1)} {figures} {labels.MEASURES[one.duty.counts]}".strip()
    return _(", ").join(_caused(cause, "" if alone else span(count)) for cause, count in _sorted(one))


def _sorted(one: Shortfall) -> Iterable[tuple[str, int]]:
    return ((cause, one.causes[cause]) for cause in CAUSES if cause in one.causes)


def _caused(cause: str, span: str) -> str:
    said = {
        NOTHING: _("%(span)s not begun", span=span),
        SHORT: _("%(span)s too few checked", span=span),
        LAPSED: _("%(span)s not in time", span=span),
        UNDECIDED: _("%(span)s volume missing", span=span),
    }
    return said[cause].strip()


def _span(kind: str):
    """So many days, weeks, months, or lines of several units."""
    spans = {
        "day": lambda n: ngettext("%(num)s day", "%(num)s days", n),
        "week": lambda n: ngettext("%(num)s week", "%(num)s weeks", n),
        "month": lambda n: ngettext("%(num)s month", "%(num)s months", n),
    }
    return spans.get(kind, lambda n: ngettext("%(num)s line", "%(num)s lines", n))
