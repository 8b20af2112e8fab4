"""Tables of duties: by unit that is covered, the unit's own duties, whom it covered, duties by unit, visits."""

from collections.abc import Iterable

from sqlalchemy import func, select

from webapp.inspections.models import Inspection
from webapp.ledger.lines import Line
from webapp.ledger.models import LedgerLine
from webapp.ledger.own import own_half, told_anew
from webapp.ledger.reasons import WORDS
from webapp.ledger.touched import Key
from webapp.org.models import Unit
from webapp.reports.asked import Asked, lines_of
from webapp.reports.quality import totalled
from webapp.reports.tables import Cell, Column, Row, Table
from webapp.rulebook.texts import Text

TOGETHER = Text("合计", "Together")


def _told(asked: Asked, duty: str) -> tuple[Line | None, tuple[str, ...]]:
    """An own line folded anew, for only so it says whom it covers, and the key of the stored one."""
    key = Key(asked.unit.code, duty, asked.period.code)
    stored = asked.session.get(LedgerLine, key)
    if stored is None:
        return None, ()
    return told_anew(asked.session, [key], asked.now).get(key), asked.stands_on(stored)


def _named(asked: Asked, codes: Iterable[str]) -> dict[str, Unit]:
    query = select(Unit).where(Unit.code.in_(list(codes)))
    return {unit.code: unit for unit in asked.session.scalars(query)}


def _part(asked: Asked, line: LedgerLine | None) -> Cell:
    """Done of required of a single line; nothing where it is not owed."""
    if line is None or not line.applicable:
        return Cell()
    return Cell(line.done, line.required, asked.stands_on(line))


def members(asked: Asked) -> Table:
    """By unit that the section's own duties cover: how much of each was done there, and the line of each duty of its own."""
    known = asked.editions.during(asked.period)
    wanted = [known[code] for code in asked.section.duties if code in known]
    covered = {one.code: _covered(asked, one.code) for one in wanted if one.upper}
    units = _named(asked, {unit for cells in covered.values() for unit in cells})
    own = lines_of(asked, units, [one.code for one in wanted if not one.upper])
    rows = []
    for code in sorted(units):
        cells = (
            covered[one.code].get(code, Cell()) if one.upper else _part(asked, own.get((code, one.code)))
            for one in wanted
        )
        rows.append(Row(code, Text(units[code].name, units[code].name), tuple(cells)))
    if len(rows) > 1:
        rows.append(totalled(TOGETHER, [row.cells for row in rows]))
    columns = tuple(Column(one.code, one.title, "of") for one in wanted)
    none = Text("没有接转点。", "There are no relay points.")
    return Table(
        "members",
        Text("接转点检查（完成/要求）", "Relay points (done / required)"),
        columns,
        tuple(rows),
        none,
    )


def _covered(asked: Asked, duty: str) -> dict[str, Cell]:
    """By unit that the own line covers: done of required."""
    line, keys = _told(asked, duty)
    return {one.unit: Cell(one.done, one.required, keys) for one in (line.covered if line else ())}


def own(asked: Asked) -> Table:
    """The unit's own duties of the period: required, done, how each stands."""
    half = own_half(asked.session, asked.unit, asked.period, asked.now)
    rows = []
    for one in half.duties:
        keys = tuple(key for line, _ in one.lines for key in asked.stands_on(line))
        cell = one.cell
        title = Text(f"第{one.duty.article}条 {one.duty.title.zh}", f"{one.duty.article} {one.duty.title.en}")
        met = sum(1 for _, state in one.lines if state == "met")
        cells = (
            Cell(cell.done, cell.required, keys)
            if not cell.unknown_required
            else Cell(cell.done, lines=keys),
            Cell(met, len(one.lines), keys),
            Cell(WORDS[cell.status], lines=keys),
        )
        rows.append(Row(one.duty.code, title, cells))
    columns = (
        Column("done", Text("完成/要求", "Done / required"), "of"),
        Column("met", Text("达标期数", "Periods met"), "of"),
        Column("status", Text("状态", "State"), "text"),
    )
    return Table("own", Text("本级职责", "Own duties"), columns, tuple(rows))


def coverage(asked: Asked) -> Table:
    """By county: departments to be visited, visited by the unit itself, and the county's own visits."""
    [duty] = asked.section.duties
    line, keys = _told(asked, duty)
    by_county: dict[str, list] = {}
    units = _named(asked, [one.unit for one in (line.covered if line else ())])
    for one in line.covered if line else ():
        by_county.setdefault(units[one.unit].parent_code, []).append(one)
    theirs = lines_of(asked, [one.code for one in asked.below()], [duty])
    rows = []
    for county in asked.below():
        members = by_county.get(county.code)
        if not members:
            continue
        there = [one for one in members if not one.left]
        cells = (
            Cell(len(there), lines=keys),
            Cell(sum(one.counts for one in members), len(there), keys),
            _part(asked, theirs.get((county.code, duty))),
        )
        rows.append(Row(county.code, Text(county.name, county.name), cells))
    if len(rows) > 1:
        rows.append(totalled(TOGETHER, [row.cells for row in rows]))
    columns = (
        Column("departments", Text("投递部", "Departments")),
        Column("visited", Text("盟市已查", "Visited by the league"), "of"),
        Column("theirs", Text("旗县自查", "By the county itself"), "of"),
    )
    return Table("coverage", Text("检查覆盖面", "Coverage"), columns, tuple(rows))


def duties(asked: Asked) -> Table:
    """The section's duties by unit right below: done of required."""
    known = asked.editions.during(asked.period)
    wanted = [known[code] for code in asked.section.duties if code in known]
    below = asked.below()
    found = lines_of(asked, [one.code for one in below], [one.code for one in wanted])
    rows = [
        Row(
            unit.code,
            Text(unit.name, unit.name),
            tuple(_part(asked, found.get((unit.code, one.code))) for one in wanted),
        )
        for unit in below
        if any((unit.code, one.code) in found for one in wanted)
    ]
    if len(rows) > 1:
        rows.append(totalled(TOGETHER, [row.cells for row in rows]))
    columns = tuple(Column(one.code, one.title, "of") for one in wanted)
    return Table(
        "duties", Text("专项检查（完成/要求）", "Special checks (done / required)"), columns, tuple(rows)
    )


def special(asked: Asked) -> Table:
    """By league: what of the quarter's special check was done there."""
    [duty] = asked.section.duties
    line, keys = _told(asked, duty)
    units = _named(asked, [one.unit for one in (line.covered if line else ())])
    yes, no = Text("已查", "checked"), Text("未查全", "not whole")
    rows = [
        Row(
            one.unit, Text(units[one.unit].name, units[one.unit].name),
            (Cell(one.done, one.required, keys), Cell(yes if one.counts else no, lines=keys)),
        )
        for one in (line.covered if line else ())
    ]  # fmt: skip
    columns = (
        Column("classes", Text("邮件种类", "Classes of mail"), "of"),
        Column("state", Text("状态", "State"), "text"),
    )
    return Table("special", Text("专项检查", "Special check"), columns, tuple(rows))


def visits(asked: Asked) -> Table:
    """What was recorded in the unit's own name: records, on how many days, of how many units, by kind."""
    query = (
        select(
            Inspection.kind, func.count(), func.count(Inspection.work_date.distinct()),
            func.count(Inspection.unit_code.distinct()), func.count(Inspection.author_id.distinct()),
        )
        .where(Inspection.acting_code == asked.unit.code, Inspection.in_force)
        .where(Inspection.work_date.between(asked.period.first, asked.period.last))
        .group_by(Inspection.kind)
        .order_by(Inspection.kind)
    )  # fmt: skip
    kinds = asked.editions.kinds()
    rows = []
    for kind, *counts in asked.session.execute(query):
        title = kinds[kind].title if kind in kinds else Text(kind, kind)
        rows.append(Row(kind, title, tuple(Cell(count, at="/records/visits") for count in counts)))
    columns = (
        Column("records", Text("记录", "Records")),
        Column("days", Text("天数", "Days")),
        Column("units", Text("单位", "Units")),
        Column("people", Text("检查人员", "People")),
    )
    return Table("visits", Text("本级检查", "Own checks"), columns, tuple(rows))
