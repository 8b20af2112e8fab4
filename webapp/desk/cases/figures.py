"""The figures of a month: what became of what was found, by unit and criterion, over a year, and as a file."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from webapp.cases.figures import BY_CODE, FIGURES, LEFT_OUT, Days, Figure, Value
from webapp.cases.monthly import MonthFigures, Row, figures_of, trend
from webapp.core import clock
from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.desk.files import exports
from webapp.desk.unit_and_day import ladder
from webapp.desk.unit_and_period import chosen_unit, period_title
from webapp.formats.sheets import Share as ShareCell, Sheet, write_book
from webapp.org.models import Unit
from webapp.rulebook.periods import Period, parse_period, period_of
from webapp.web.access import actor, editions, now
from webapp.web.language import language

blueprint = Blueprint("case_figures", __name__)

LIST = "/cases"
# Which cases a figure speaks of: the filters of the list; where the list cannot tell them, none.
LISTS = {
    "on-time": ("deadline",),
    "closure": ("deadline",),
    "recurrence": ("opened", "recurs"),
    "self-found": ("opened", "self"),
    "days": ("closed",),
    "overdue": ("late",),
}
OF_MONTH = ("opened", "deadline", "closed")
END = "end"  # as the month stood at its end


@dataclass(frozen=True)
class Asked:
    """What the address asks for. ``at``: the instant at which the month is looked at; None: as it is known now."""

    unit: Unit
    month: Period
    at: datetime | None

    @property
    def args(self) -> dict[str, str]:
        """The same in an address."""
        return {"unit": self.unit.code, "month": self.month.code} | ({"at": END} if self.at else {})


@blueprint.app_template_filter("criterion_name")
def criterion_name(code: str, kind: str):
    """The rulebook's words for a criterion of a kind of record; the bare code of one that it no longer has."""
    found = editions().kinds().get(kind)
    return found.fault(code) if found else code


def _asked() -> Asked:
    unit = chosen_unit(actor(), "see-ledger")
    code = request.args.get("month") or ""
    month = parse_period(code) if code else period_of("month", clock.local_date(now()))
    if month.kind != "month":
        raise Problem("bad-period", {"month": code})
    at = clock.end_of_day(month.last)
    return Asked(unit, month, at if request.args.get("at") == END and at <= now() else None)


def _found(asked: Asked) -> MonthFigures:
    return figures_of(db.session, editions(), asked.unit, asked.month, now(), asked.at)


@blueprint.get("/cases/figures")
def page():
    """``?unit=&month=&at=end&sort=``: the figures of the units below; as they are known now, or as they stood at the month's end."""
    me, asked = actor(), _asked()
    month, today = asked.month, clock.local_date(now())
    found = _found(asked)
    sort = BY_CODE.get(request.args.get("sort", ""), FIGURES[0])
    above, below = ladder(me, asked.unit, "see-ledger", "case_figures.page", month=month.code)
    return render_template(
        "cases/figures.html",
        unit=asked.unit,
        month=month,
        asked=asked,
        found=found,
        rows=ordered(found.rows, sort),
        sort=sort,
        figures=FIGURES,
        sentences=[(one.title, one.said(recurs(month))) for one in FIGURES],
        left_out=LEFT_OUT,
        nothing=nothing_before(found) if found.before else None,
        title=period_title(month),
        over=month.last < today,
        next=month.next().code if month.last < today else None,
        trend=trend(db.session, editions(), asked.unit, month, today),
        to_list=None if asked.at else listed,
        trail=above,
        below={url: name for name, url in below},
    )


def nothing_before(found: MonthFigures) -> str:
    """What is said of a month before anything was followed."""
    return _(
        "Problems have been followed to their end since %(day)s. Of the months before there are no figures; that is not zero.",
        day=exports.day_named(found.since),
    )


def recurs(month: Period) -> int:
    """Within how many days the same is a recurrence, by the edition in force at the month's end."""
    return editions().on(month.last).cases.of_findings.recurs


def ordered(rows: list[Row], figure: Figure) -> list[Row]:
    """Where there is most to look at first; of equals by code."""
    return sorted(rows, key=lambda row: (-figure.weight(row.values[figure.code]), row.unit.code))


def listed(unit: Unit, month: Period, figure: str) -> str | None:
    """The address of the list of the cases that a figure of the unit speaks of."""
    filters = LISTS.get(figure)
    if filters is None:
        return None
    said = {name: month.code if name in OF_MONTH else "1" for name in filters}
    return f"{LIST}?{urlencode({'unit': unit.code, **said})}"


# ---------------------------------------------------------------- as a file


@blueprint.get("/cases/figures.csv", defaults={"ending": "csv"})
@blueprint.get("/cases/figures.xlsx", defaults={"ending": "xlsx"})
def export(ending: str):
    """``?unit=&month=&at=end``: the units' figures as a table; a workbook holds the criteria and what the figures mean, too."""
    asked = _asked()
    found = _found(asked)
    sheets = [_units(found), _faults(found), _meanings(asked.month)]
    if ending == "csv":
        data = exports.table(ending, sheets[0].header, sheets[0].rows, sheets[0].name)
    else:
        data = write_book(sheets, exports.formats())
    names = (_("Figures of problems"), asked.unit.name, exports.period_named(asked.month))
    end = (_("as at the month's end"),) if asked.at else ()
    return exports.answer(data, ending, f"figures-{asked.unit.code}-{asked.month.code}", *names, *end)


def _heads(figure: Figure) -> list[str]:
    spoken = language()
    top, bottom = figure.top_title.in_(spoken), figure.bottom_title.in_(spoken)
    name = figure.title.in_(spoken)
    if figure.top is None:
        return [f"{name}: {top}", f"{name}: {bottom}"]
    return [f"{name}: {top}", f"{name}: {bottom}", f"{name}: %"]


def _cells(figure: Figure, value: Value) -> list:
    if isinstance(value, Days):
        return [value.median, value.count]
    return [value.top, value.bottom, None if value.rate is None else ShareCell(round(value.rate, 4))]


def _units(found: MonthFigures) -> Sheet:
    header = [_("Unit"), *(head for one in FIGURES for head in _heads(one)), _("Not due yet")]
    if found.before:
        return Sheet(exports.period_named(found.month), header, [[nothing_before(found)]])
    rows = [*found.rows, *([found.total] if len(found.rows) > 1 else [])]
    lines = [
        [row.unit.name, *(cell for one in FIGURES for cell in _cells(one, row.values[one.code])), row.ahead]
        for row in rows
    ]
    return Sheet(exports.period_named(found.month), header, lines)


def _faults(found: MonthFigures) -> Sheet:
    shown = [BY_CODE[code] for code in ("recurrence", "on-time")]
    header = [
        _("What failed"),
        _("Kind"),
        _("Opened in the month"),
        *(head for one in shown for head in _heads(one)),
    ]
    kinds, spoken = editions().kinds(), language()
    lines = [
        [
            kinds[one.kind].fault(one.criterion).in_(spoken) if one.kind in kinds else one.criterion,
            kinds[one.kind].title.in_(spoken) if one.kind in kinds else one.kind,
            one.opened,
            *(cell for figure in shown for cell in _cells(figure, one.values[figure.code])),
        ]
        for one in found.faults
    ]
    return Sheet(_("By criterion"), header, lines)


def _meanings(month: Period) -> Sheet:
    spoken = language()
    lines = [[one.title.in_(spoken), one.said(recurs(month)).in_(spoken)] for one in FIGURES]
    return Sheet(
        _("What the figures mean"), [_("Figure"), _("Meaning")], [*lines, ["", LEFT_OUT.in_(spoken)]]
    )
