"""Tables of what came after the signature: what stands beside signed months (补录), and what corrections took in [DOMAIN2 D]."""

from sqlalchemy import select

from webapp.core.clock import local_date
from webapp.ledger.models import LedgerLine, LineSupplement
from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.reports.asked import Asked, months_of
from webapp.reports.tables import TOTAL, Cell, Column, Row, Table
from webapp.rulebook.periods import parse_period
from webapp.rulebook.texts import Text
from webapp.signing.models import MonthSignature

MOST = 60  # named one by one
UNIT = Column("unit", Text("单位", "Unit"), "text")


def supplements(asked: Asked) -> Table:
    """Lines of signed months, of this one or earlier, that would say something else by now and that no correction has taken in."""
    query = (
        select(LineSupplement, LedgerLine, Unit)
        .join(Unit, Unit.code == LineSupplement.unit_code)
        .outerjoin(
            LedgerLine,
            (LedgerLine.unit_code == LineSupplement.unit_code)
            & (LedgerLine.duty == LineSupplement.duty)
            & (LedgerLine.period == LineSupplement.period),
        )
        .where(within([asked.unit.path]), LineSupplement.month <= months_of(asked.period)[-1])
        .order_by(LineSupplement.month, LineSupplement.unit_code, LineSupplement.duty, LineSupplement.period)
    )
    found = asked.session.execute(query).all()
    rows = [
        _supplement(asked, number, late, line, unit)
        for number, (late, line, unit) in enumerate(found[:MOST], 1)
    ]
    columns = (
        UNIT,
        Column("period", Text("期间", "Period"), "text"),
        Column("signed", Text("审签时（完成/要求）", "Signed (done / required)"), "of"),
        Column("now", Text("按补录（完成/要求）", "With what came (done / required)"), "of"),
        Column("since", Text("补录日期", "Since"), "day"),
    )
    return _table(
        "supplements",
        Text("补录", "Supplements"),
        columns,
        rows,
        len(found),
        Text("没有补录。", "No supplement."),
    )


def _supplement(asked: Asked, number: int, late: LineSupplement, line: LedgerLine | None, unit: Unit) -> Row:
    duty = asked.editions.during(parse_period(late.period)).get(late.duty)
    keys = asked.stands_on(line) if line is not None else ()
    now = late.line or {}
    title = (
        Text(f"第{duty.article}条 {duty.title.zh}", f"{duty.article} {duty.title.en}")
        if duty
        else Text(late.duty, late.duty)
    )
    return Row(
        str(number),
        title,
        (
            Cell(Text(unit.name, unit.name)),
            Cell(late.period),
            Cell(line.done, line.required, keys) if line is not None else Cell(),
            Cell(now.get("done"), now.get("required")),
            Cell(local_date(late.since)),
        ),
    )


def corrections(asked: Asked) -> Table:
    """Corrections (更正审签) of months below that were signed from the period's first day on, with their reason."""
    query = (
        select(MonthSignature, Unit)
        .join(Unit, Unit.code == MonthSignature.unit_code)
        .where(within([asked.unit.path]), MonthSignature.version > 1)
        .order_by(MonthSignature.signed_at, MonthSignature.unit_code)
    )
    found = [
        (one, unit)
        for one, unit in asked.session.execute(query).all()
        if local_date(one.signed_at) >= asked.period.first
    ]
    rows = [
        Row(
            str(number),
            Text(unit.name, unit.name),
            (Cell(one.month), Cell(one.version), Cell(local_date(one.signed_at))),
        )
        for number, (one, unit) in enumerate(found[:MOST], 1)
    ]
    columns = (
        Column("month", Text("月份", "Month"), "text"),
        Column("version", Text("版次", "Version")),
        Column("day", Text("更正日期", "Day"), "day"),
    )
    none = Text("没有更正审签。", "No correction.")
    return _table("corrections", Text("更正审签", "Corrections"), columns, rows, len(found), none)


def _table(
    code: str, title: Text, columns: tuple[Column, ...], rows: list[Row], count: int, none: Text
) -> Table:
    if count > len(rows):
        more = count - len(rows)
        rest = Text(f"另有 {more} 项", f"{more} more")
        rows = [*rows, Row(TOTAL, rest, tuple(Cell() for _ in columns))]
    return Table(code, title, columns, tuple(rows), none)
