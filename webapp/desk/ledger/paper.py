"""The ledger on paper and as a spreadsheet: what a manager signs, and what an office keeps."""

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.database import db
from webapp.desk.files import exports
from webapp.desk.ledger import figures
from webapp.desk.ledger.shortfalls import Said, how, said_of
from webapp.desk.unit_and_period import chosen_period, chosen_unit, trail, turns
from webapp.formats.sheets import Share, Sheet, write_book
from webapp.inquiries.signing import MonthRow, month_row, months_below
from webapp.ledger import details, queries
from webapp.ledger.cells import Cell, problems_below
from webapp.ledger.own import own_half
from webapp.ledger.queries import LedgerPage, Row
from webapp.ledger.shortfalls import Shortfall, shortfalls
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.rulebook.periods import Period, parse_period
from webapp.web import labels
from webapp.web.access import actor, now
from webapp.web.language import language

blueprint = Blueprint("paper", __name__)


@dataclass(frozen=True)
class Line:
    """A row of the sheet: a unit (or, of a department, a duty), how its lines stand, and what fell short."""

    row: Row
    sums: figures.Overall
    problems: int
    short: list[Said]


@blueprint.get("/ledger/print")
def page():
    """``?unit=&period=``: the unit's ledger as a sheet to be signed: a row a unit, what fell short, and why."""
    me = actor()
    unit = chosen_unit(me, "see-ledger")
    period = chosen_period("month")
    found = queries.page(db.session, unit, period, now())
    return render_template(
        "ledger/paper.html",
        unit=unit,
        period=period,
        period_name=exports.period_named(period),
        page=found,
        lines=_unit_lines(found) if unit.level != "department" else [],
        short={one.duty.code: how(one, period.kind) for one in _short(found).get(unit.path, ())},
        overall=figures.overall(found.total),
        own_half=own_half(db.session, unit, period, now()),
        duty_sums={
            code: figures.overall(Row(unit, {code: cell})) for code, cell in found.total.cells.items()
        },
        made=now(),
        maker=me.name,
        signatures=_signatures(unit, period),
        trail=trail(me, unit, "see-ledger", "paper.page", period),
        turns=turns(period, clock.local_date(now())),
    )


@dataclass(frozen=True)
class Signatures:
    """What the sheet of a month says about its signature: of a department who signed it, of those above how many are."""

    own: MonthRow | None
    below: list[MonthRow]
    names: dict[str, str]

    @property
    def signed(self) -> int:
        """How many of the units below are signed."""
        return sum(row.is_signed for row in self.below)


def _signatures(unit: Unit, period: Period) -> Signatures | None:
    if period.kind != "month":
        return None
    own = month_row(db.session, unit, period.code, now())
    below = months_below(db.session, unit, period.code, now())
    signer = own.standing.signature.person_id if own.is_signed else None
    return Signatures(own if own.is_signed else None, below, names_of(db.session, [signer]))


def _short(found: LedgerPage) -> dict[str, list[Shortfall]]:
    return shortfalls(db.session, found.unit, found.period, now())


def _unit_lines(found: LedgerPage) -> list[Line]:
    """A row for each unit below that has a duty, in the order of their codes, the same every month."""
    short, problems = _short(found), Counter()
    for (path, _kind, _setting), count in problems_below(db.session, found.unit, found.period).items():
        problems[path] += count
    return [
        Line(
            row,
            figures.overall(row),
            problems[row.unit.path],
            said_of(
                short.get(row.unit.path, ()), found.period.kind if row.unit.level == "department" else None
            ),
        )
        for row in found.rows
        if figures.overall(row).applicable
    ]


@blueprint.get("/ledger.xlsx")
def workbook():
    """``?unit=&period=``: the matrix, the own half, and every line of every department with its reasons."""
    me = actor()
    unit = chosen_unit(me, "see-ledger")
    period = chosen_period("month")
    found = queries.page(db.session, unit, period, now())
    lines = details.every_line(db.session, unit, period, now())
    own = details.own_lines(db.session, unit, period, now())
    halves = [_matrix(found), *([_lines(own, _("Own duties"))] if own else []), _lines(lines, _("Lines"))]
    content = write_book([*halves, _held(found)], exports.formats())
    plain = f"ledger-{unit.code}-{period.code}"
    return exports.answer(
        content, "xlsx", plain, _("Delivery ledger"), unit.name, exports.period_named(period)
    )


def _matrix(page: LedgerPage) -> Sheet:
    header = [
        _("Unit"), _("Duty"), _("Article"), _("Status"), _("Required"), _("Done"), _("Items"), _("Passed"),
        _("Failed"), _("Drawn"), _("Interval from"), _("Interval to"), _("Announced"), _("Self-chosen"),
        _("Withdrawn"), _("Voided"), _("Problems"), *[str(name) for name in labels.STATUS.values()],
    ]  # fmt: skip
    below = [row for row in page.rows if row.unit.code != page.unit.code]
    rows = [
        _cell_row(row.unit.name, duty, row.cells[duty.code])
        for row in [*below, page.total]
        for duty in page.duties
        if duty.code in row.cells
    ]
    return Sheet(exports.period_named(page.period), header, rows)


def _cell_row(unit: str, duty, cell: Cell) -> list:
    low, high = (Share(round(share, 4)) for share in cell.interval) if cell.interval else (None, None)
    return [
        unit, getattr(duty.title, language()), duty.article, str(labels.STATUS[cell.status]),
        None if cell.unknown_required else cell.required, cell.done, cell.items, cell.passed, cell.failed,
        cell.drawn, low, high, cell.announced, cell.self_chosen,
        cell.withdrawn, cell.voided, cell.problems, *[cell.lines.get(code, 0) for code in labels.STATUS],
    ]  # fmt: skip


def _lines(lines: list[details.FullLine], title: str) -> Sheet:
    header = [
        _("Unit"), _("Duty"), _("Article"), _("Period"), _("First day"), _("Last day"), _("Status"), _("Required"),
        _("Done"), _("Items"), _("Passed"), _("Failed"), _("Closes"), _("Edition"), _("Why"),
    ]  # fmt: skip
    return Sheet(title, header, [_line_row(one) for one in lines])


def _line_row(one: details.FullLine) -> list:
    line, period = one.line, parse_period(one.line.period)
    return [
        one.unit.name, one.duty.title.in_(language()), one.duty.article, exports.period_named(period),
        period.first, period.last, str(labels.STATUS[one.status]), line.required, line.done, line.items,
        line.passed, line.failed, exports.local(line.closes_at), line.edition,
        "\n".join(text.in_(language()) for text in one.why),
    ]  # fmt: skip


def _held(page: LedgerPage) -> Sheet:
    header = [_("Person"), _("Phone"), _("Records"), _("Photos"), _("Last heard")]
    rows = [
        [one.person, one.name, one.records, one.photos, exports.local(one.seen_at)] for one in page.phones
    ]
    return Sheet(_("Still on phones"), header, rows)
