"""The ledger line by line, read only: one duty of a unit down to its inspections, and all lines with their reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.cases.figures import Share
from webapp.core.problems import Problem
from webapp.ledger import rules
from webapp.ledger.beside import beside
from webapp.ledger.cells import Cell, cells_below, departments_below, of_period
from webapp.ledger.evidence import InspectionSummary, summaries
from webapp.ledger.models import LedgerLine
from webapp.ledger.own import Member, members, own_half, summed, told_anew
from webapp.ledger.queries import DutyHead, Row, children, head, wire_status
from webapp.ledger.reasons import WORDS, explain, told
from webapp.ledger.touched import Key
from webapp.org.models import Unit
from webapp.rulebook.periods import Period, parse_period
from webapp.rulebook.queries import Rules, editions_of, rules_of
from webapp.rulebook.rules import Duty, Text

MOST_LINES = 20_000  # of one spreadsheet


@dataclass(frozen=True)
class LineDetail:
    """A duty of a unit in a period: figures, reasons, its single lines, the units below, and the inspections."""

    cell: Cell
    duty: DutyHead
    why: list[Text]
    closes_at: datetime | None
    inspections: list[InspectionSummary]
    lines: list[tuple[LedgerLine, str]]  # with its status; where the period holds several
    rows: list[Row]  # the units below
    reasons: list[
        tuple[str, Mapping]
    ]  # of a single line: what each sentence of ``why`` says, as a code with values
    own: Duty | None = None  # a duty of those above, which the unit fulfils by its own work
    own_period: Period | None = None  # of its single line, which may be longer than the period shown
    members: list[Member] = field(default_factory=list)  # whom a single line of such a duty covers
    beside: Share | None = None  # of what the edition shows beside the line: how much was put right in time


@dataclass(frozen=True)
class FullLine:
    """One stored line with its unit, its duty as it bound that unit, its status and its reasoning."""

    unit: Unit
    duty: Duty
    line: LedgerLine
    status: str
    why: list[Text]


def line(session: Session, unit: Unit, duty_code: str, period: Period, now: datetime) -> LineDetail:
    """One duty of a unit in a period; raises ``not-found`` where the ledger keeps no such duty of the unit or below."""
    duty = editions_of(session).during(period).get(duty_code)
    if duty is None or not duty.kept or (duty.upper and unit.level not in duty.levels):
        raise Problem("not-found")
    return (_own if duty.upper else _summed)(session, unit, duty, period, now)


def _own(session: Session, unit: Unit, duty: Duty, period: Period, now: datetime) -> LineDetail:
    """A duty that the unit itself fulfils: its lines, and whom a single one covers."""
    stored = [(one, rules.status(one, now)) for one in _stored(session, unit, duty, period)]
    lines = [one for one, _ in stored]
    return LineDetail(
        summed(stored),
        head(duty),
        _why(session, unit, lines, now),
        lines[0].closes_at if len(lines) == 1 else None,
        summaries(session, unit, duty, period),
        stored if len(stored) > 1 else [],
        [],
        _reasons(session, unit, lines, now),
        duty,
        parse_period(lines[0].period) if len(lines) == 1 else None,
        _covered(session, unit, lines[0], now) if len(lines) == 1 else [],
    )


def _covered(session: Session, unit: Unit, line: LedgerLine, now: datetime) -> list[Member]:
    period = parse_period(line.period)
    folded = told_anew(session, [Key(unit.code, line.duty, line.period)], now)
    book, _duty = rules_of(session, [unit]).bound(unit, line.duty, period)
    return [one for told_line in folded.values() for one in members(session, told_line, book)]


def _summed(session: Session, unit: Unit, duty: Duty, period: Period, now: datetime) -> LineDetail:
    """A duty of departments: of one its lines, of those above the sums of the departments below."""
    cells = {
        path: cell
        for (path, code), cell in cells_below(session, unit, period, now).items()
        if code == duty.code
    }
    total = Cell(sampled=duty.sampled)
    for cell in cells.values():
        total.add(cell)
    stored = _stored(session, unit, duty, period)
    return LineDetail(
        total,
        head(duty),
        _why(session, unit, stored, now),
        stored[0].closes_at if len(stored) == 1 else None,
        summaries(session, unit, duty, period),
        [(one, rules.status(one, now)) for one in stored] if len(stored) > 1 else [],
        _rows(session, unit, duty, cells),
        _reasons(session, unit, stored, now),
        beside=beside(session, editions_of(session), unit, duty, period, now),
    )


def _rows(session: Session, unit: Unit, duty: Duty, cells: dict[str, Cell]) -> list[Row]:
    """The duty in each unit below, summed; none for a department itself."""
    if unit.level == "department":
        return []
    rows = []
    for child in children(session, unit):
        mine = [cell for path, cell in cells.items() if path.startswith(child.path)]
        if mine:
            total = Cell(sampled=duty.sampled)
            for cell in mine:
                total.add(cell)
            rows.append(Row(child, {duty.code: total}))
    return rows


def _stored(session: Session, unit: Unit, duty: Duty, period: Period) -> list[LedgerLine]:
    """The unit's own lines of the duty; none where it only sums those of others."""
    if unit.level not in duty.levels:
        return []
    query = select(LedgerLine).where(
        LedgerLine.unit_code == unit.code, LedgerLine.duty == duty.code, of_period(period)
    )
    return list(session.scalars(query.order_by(LedgerLine.period)))


def _why(session: Session, unit: Unit, stored: Sequence[LedgerLine], now: datetime) -> list[Text]:
    """The reasoning of one line; for a longer period one sentence for each of its lines."""
    if len(stored) == 1:
        return _explained(rules_of(session, [unit]), unit, stored[0], now)
    found = []
    for one in stored:
        status = WORDS[rules.status(one, now)]
        required = "?" if one.required is None else one.required
        figures = f" {one.done}/{required}" if one.applicable else ""
        found.append(Text(f"{one.period}：{status.zh}{figures}", f"{one.period}: {status.en}{figures}"))
    return found


def _reasons(
    session: Session, unit: Unit, stored: Sequence[LedgerLine], now: datetime
) -> list[tuple[str, Mapping]]:
    """The reasoning of a single line as codes; nothing for several."""
    if len(stored) != 1:
        return []
    period = parse_period(stored[0].period)
    book, duty = rules_of(session, [unit]).bound(unit, stored[0].duty, period)
    return told(stored[0], duty, period, book, now)


def _explained(rules_in_force: Rules, unit: Unit, line: LedgerLine, now: datetime) -> list[Text]:
    period = parse_period(line.period)
    book, duty = rules_in_force.bound(unit, line.duty, period)
    return explain(line, duty, period, book, now)


def own_lines(session: Session, unit: Unit, period: Period, now: datetime) -> list[FullLine]:
    """Every line of the unit's own duties and of those of the units right below, by unit, article and period."""
    half = own_half(session, unit, period, now)
    cells = [(unit, half.duties), *((one, list(duties.values())) for one, duties in half.below)]
    rows = [(line, where) for where, duties in cells for one in duties for line, _ in one.lines]
    return _full(session, rows, now)


def every_line(session: Session, unit: Unit, period: Period, now: datetime) -> list[FullLine]:
    """Every line of every department below the unit, by unit, article and period; at most 20,000."""
    query = (
        select(LedgerLine, Unit)
        .join(Unit, Unit.code == LedgerLine.unit_code)
        .where(departments_below(unit), of_period(period))
        .order_by(Unit.path, LedgerLine.duty, LedgerLine.period)
        .limit(MOST_LINES)
    )
    return _full(session, session.execute(query).all(), now)


def _full(session: Session, rows: Sequence, now: datetime) -> list[FullLine]:
    in_force = rules_of(session, {unit.code: unit for _, unit in rows}.values())
    return [
        FullLine(
            unit, in_force.bound(unit, one.duty, parse_period(one.period))[1], one, rules.status(one, now),
            _explained(in_force, unit, one, now),
        )
        for one, unit in rows
    ]  # fmt: skip


# ---------------------------------------------------------------- the API


def api_lines(session: Session, unit: Unit, period: Period, now: datetime, language: str) -> list[dict]:
    """The lines of a unit's period for ``/api/ledger``, summed for each duty."""
    cells: dict[str, Cell] = {}
    for (_, code), cell in cells_below(session, unit, period, now).items():
        cells.setdefault(code, Cell(sampled=cell.sampled)).add(cell)
    found = []
    for duty in editions_of(session).during(period).values():
        if duty.code in cells:
            stored = _stored(session, unit, duty, period)
            why = [text.in_(language) for text in _why(session, unit, stored, now)]
            found.append(_api_line(duty, cells[duty.code], why, language))
    return found


def api_own_lines(session: Session, unit: Unit, period: Period, now: datetime, language: str) -> list[dict]:
    """What a unit above departments did by its own work, for each of its own duties; of a department nothing."""
    found = []
    for one in own_half(session, unit, period, now).duties:
        why = _why(session, unit, [line for line, _ in one.lines], now)
        found.append(_api_line(one.duty, one.cell, [text.in_(language) for text in why], language))
    return found


def _api_line(duty: Duty, cell: Cell, why: list[str], language: str) -> dict:
    return {
        "duty": duty.code,
        "article": duty.article,
        "title": duty.title.in_(language),
        "measure": duty.counts,
        "required": None if cell.unknown_required else cell.required,
        "done": cell.done,
        "items": cell.items,
        "passed": cell.passed,
        "failed": cell.failed,
        "drawn": cell.drawn,
        "drawn_passed": cell.drawn_passed,
        "interval": cell.interval,
        "announced": cell.announced,
        "self_chosen": cell.self_chosen,
        "withdrawn": cell.withdrawn,
        "voided": cell.voided,
        "problems": cell.problems,
        "status": wire_status(cell.status),
        "lines": {wire_status(name): count for name, count in cell.lines.items()},
        "why": why,
    }
