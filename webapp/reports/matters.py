"""Tables of problems: by unit, by criterion, the grave ones, those of one unit; what is missing and what phones still hold."""

from dataclasses import replace
from urllib.parse import urlencode

from sqlalchemy import func, or_, select

from webapp.cases.figures import BY_CODE, Share
from webapp.cases.models import Case
from webapp.cases.monthly import Fault, Row as Figures, figures_of, known
from webapp.cases.naming import title_of
from webapp.journal.models import Fact
from webapp.journal.rules import HELD
from webapp.ledger.models import LedgerLine
from webapp.org.models import Device, Role, Unit
from webapp.org.queries import child_path, within
from webapp.reports.asked import Asked, months_of
from webapp.reports.quality import totalled
from webapp.reports.tables import Cell, Column, Row, Table
from webapp.rulebook.texts import Text

MOST = 60  # cases named one by one
TOGETHER = Text("合计", "Together")


def _cases(unit: str, **said: str) -> str:
    return f"/cases?{urlencode({'unit': unit, **said})}"


def _opened(asked: Asked, unit: Unit, **more: str) -> str | None:
    """The list of cases of a month; a longer period has no such list."""
    return _cases(unit.code, state="all", **more) if asked.period.kind == "month" else None


def problems(asked: Asked) -> Table:
    """By unit right below: opened, put right in time, closed, overdue, as known now."""
    found = figures_of(asked.session, asked.editions, asked.unit, asked.period, asked.now)
    rows = [_figures(asked, one) for one in found.rows]
    total = _figures(asked, found.total, TOGETHER)
    columns = (
        Column("opened", Text("新增", "Opened")),
        Column("on-time", Text("按期整改/到期", "In time / due"), "of"),
        Column("on-time-rate", Text("按期整改率", "Put right in time"), "rate"),
        Column("closed", Text("已销号/到期", "Closed / due"), "of"),
        Column("overdue", Text("超期未改", "Overdue")),
    )
    title = Text("问题与整改", "Problems and what was done")
    return Table("problems", title, columns, (*rows, *([total] if len(rows) > 1 else [])))


def _figures(asked: Asked, one: Figures, title: Text | None = None) -> Row:
    month = asked.period.code
    opened, on_time = one.values["self-found"], one.values["on-time"]
    closed, overdue = one.values["closure"], one.values["overdue"]
    due = _opened(asked, one.unit, deadline=month)
    return Row(
        "total" if title else one.unit.code,
        title or Text(one.unit.name, one.unit.name),
        (
            Cell(opened.bottom, at=_opened(asked, one.unit, opened=month)),
            Cell(on_time.top, on_time.bottom, at=due),
            Cell(on_time.top, on_time.bottom, at=due),
            Cell(closed.top, closed.bottom, at=due),
            Cell(overdue.top, at=_cases(one.unit.code, late="1")),
        ),
    )


def faults(asked: Asked) -> Table:
    """What failed most, by criterion."""
    found = figures_of(asked.session, asked.editions, asked.unit, asked.period, asked.now)
    kinds = asked.editions.kinds()
    rows = [_fault(asked, one, kinds) for one in found.faults[:20] if one.kind in kinds]
    columns = (
        Column("opened", Text("新增", "Opened")),
        Column("on-time", Text("按期整改/到期", "In time / due"), "of"),
    )
    return Table("faults", Text("主要不合格项", "What failed most"), columns, tuple(rows))


def _fault(asked: Asked, one: Fault, kinds) -> Row:
    kind = kinds[one.kind]
    failed, on_time = kind.fault(one.criterion), one.values["on-time"]
    title = Text(f"{kind.title.zh}：{failed.zh}", f"{kind.title.en}: {failed.en}")
    at = _opened(asked, asked.unit, kind=one.kind, criterion=one.criterion)
    return Row(
        f"{one.kind}-{one.criterion}",
        title,
        (Cell(one.opened, at=at), Cell(on_time.top, on_time.bottom, at=at)),
    )


def relay_problems(asked: Asked) -> Table:
    """Problems of relay points by department: opened, fell due, put right in time."""
    kinds = {code for code, kind in asked.editions.kinds().items() if kind.subject == "point"}
    groups = [
        one
        for one in known(asked.session, asked.editions, asked.unit, asked.period, asked.today)
        if one.kind in kinds
    ]
    opened, on_time = BY_CODE["self-found"], BY_CODE["on-time"]
    rows = []
    for unit in asked.below():
        own = [one for one in groups if one.path == unit.path]
        if not own:
            continue
        share: Share = on_time.of(own)
        at = _cases(unit.code, state="all", kind=sorted(kinds)[0])
        cells = (Cell(opened.of(own).bottom, at=at), Cell(share.top, share.bottom, at=at))
        rows.append(Row(unit.code, Text(unit.name, unit.name), cells))
    if len(rows) > 1:
        total = totalled(TOGETHER, [row.cells for row in rows])
        at = _cases(asked.unit.code, state="all", kind=sorted(kinds)[0])
        rows.append(replace(total, cells=tuple(replace(cell, at=at) for cell in total.cells)))
    columns = (
        Column("opened", Text("新增", "Opened")),
        Column("on-time", Text("按期整改/到期", "In time / due"), "of"),
    )
    none = Text("没有接转点问题。", "No problems of relay points.")
    return Table("relay-problems", Text("接转点问题", "Problems of relay points"), columns, tuple(rows), none)


def grave(asked: Asked) -> Table:
    """The grave problems opened in the period, one by one."""
    gravest = asked.book.cases.gravest
    here = (Case.severity == gravest, Case.opened_on.between(asked.period.first, asked.period.last))
    none = Text("没有重大问题。", "No grave problem.")
    return _one_by_one(asked, "grave", Text("重大问题", "Grave problems"), asked.unit, here, none)


def cases(asked: Asked) -> Table:
    """What the addressed unit and those below it have still to put right."""
    unit = asked.addressed or asked.unit
    none = Text("没有待整改的问题。", "Nothing is left to be put right.")
    return _one_by_one(asked, "cases", Text("待整改问题", "To be put right"), unit, (~Case.ended,), none)


def _one_by_one(asked: Asked, code: str, title: Text, unit: Unit, here: tuple, none: Text) -> Table:
    types = [book.cases.of_findings.code for book in asked.editions.books]
    query = (
        select(Case, Unit)
        .join(Unit, Unit.code == Case.unit_code)
        .where(within([unit.path]), Case.type.in_(types), ~Case.before, *here)
        .order_by(Case.deadline, Case.id)
        .limit(MOST)
    )
    rows = [
        _case(asked, number, one, of)
        for number, (one, of) in enumerate(asked.session.execute(query).all(), 1)
    ]
    columns = (
        Column("unit", Text("单位", "Unit"), "text"),
        Column("found", Text("发现日期", "Found"), "day"),
        Column("severity", Text("程度", "Severity"), "text"),
        Column("deadline", Text("整改期限", "Deadline"), "day"),
        Column("state", Text("状态", "State"), "text"),
    )
    return Table(code, title, columns, tuple(rows), none)


def _case(asked: Asked, number: int, case: Case, unit: Unit) -> Row:
    rules = asked.editions.on(case.opened_on).cases
    at = f"/cases/{case.id}"
    return Row(
        str(number),
        title_of(asked.editions, case),
        (
            Cell(Text(unit.name, unit.name), at=at),
            Cell(case.found_on, at=at),
            Cell(rules.severities[case.severity].title, at=at),
            Cell(case.deadline, at=at),
            Cell(rules.types[case.type].states[case.state].title, at=at),
        ),
    )


def open_ends(asked: Asked) -> Table:
    """By unit right below: lines without a volume, records that wait for a decision, records that phones still hold."""
    missing = _by_child(
        asked,
        select(child_path(asked.session, asked.unit), func.count())
        .select_from(LedgerLine)
        .join(Unit, Unit.code == LedgerLine.unit_code)
        .where(
            within([asked.unit.path]), LedgerLine.month.in_(months_of(asked.period)), LedgerLine.applicable
        )
        .where(LedgerLine.required.is_(None)),
    )
    held = _by_child(
        asked,
        select(child_path(asked.session, asked.unit), func.count())
        .select_from(Fact)
        .join(Unit, Unit.code == Fact.unit_code)
        .where(within([asked.unit.path]), Fact.state == HELD),
    )
    rows = []
    phones = _phones(asked)
    for unit in asked.below():
        counts = [one.get(unit.path, 0) for one in (missing, held, phones)]
        if any(counts):
            at = f"/attention?{urlencode({'unit': unit.code})}"
            rows.append(Row(unit.code, Text(unit.name, unit.name), tuple(Cell(one, at=at) for one in counts)))
    columns = (
        Column("volumes", Text("缺业务量的台账行", "Lines without a volume")),
        Column("held", Text("待确认的记录", "Records to decide")),
        Column("phones", Text("手机里未上传的记录", "Records that phones hold")),
    )
    none = Text("没有缺漏。", "Nothing is missing.")
    return Table("open-ends", Text("缺漏", "What is missing"), columns, tuple(rows), none)


def _by_child(asked: Asked, query) -> dict[str, int]:
    child = query.selected_columns[0]
    return dict(asked.session.execute(query.group_by(child)).all())


def _phones(asked: Asked) -> dict[str, int]:
    """Records that phones of people below said to hold when they were last heard from; each phone once a unit."""
    child = child_path(asked.session, asked.unit).label("child")
    held = (
        select(child, Device.id, Device.held_records)
        .join(Role, Role.person_id == Device.person_id)
        .join(Unit, Unit.code == Role.unit_code)
        .where(within([asked.unit.path]), Unit.code != asked.unit.code)
        .where(Device.revoked_at.is_(None), Device.held_records > 0, Role.first_day <= asked.today)
        .where(or_(Role.last_day.is_(None), Role.last_day >= asked.today))
        .distinct()
        .subquery()
    )
    query = select(held.c.child, func.sum(held.c.held_records)).group_by(held.c.child)
    return {path: int(count) for path, count in asked.session.execute(query)}
