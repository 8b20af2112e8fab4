"""Tables of quality: what was checked and what failed, by duty and by unit, with intervals where it was drawn."""

from collections.abc import Iterable

from webapp.ledger.cells import Cell as Sums, cells_below
from webapp.ledger.lines import MET, MISSED, RANKED_FROM, UNKNOWN
from webapp.org.models import Unit
from webapp.reports.asked import Asked
from webapp.reports.tables import TOTAL, Cell, Column, Row, Table
from webapp.rulebook.periods import Period
from webapp.rulebook.texts import Text
from webapp.sampling.rules import wilson

CHECKED = Column("checked", Text("检查件数", "Checked"))
FAILED = Column("failed", Text("不合格", "Failed"))
RATE = Column("rate", Text("合格率", "Passed"), "rate")
DRAWN = Column("drawn", Text("其中抽样", "Of these drawn"))
DRAWN_RATE = Column("drawn-rate", Text("抽样合格率", "Passed of drawn"), "rate")
INTERVAL = Column("interval", Text("95%区间", "95 % interval"), "interval")
BEFORE = Column("before", Text("上期合格率", "Period before"), "rate")


def quality(asked: Asked) -> Table:
    """By duty whose items bear verdicts: checked, failed, rate, interval of what was drawn, and the rate of the period before."""
    now, before = _by_duty(asked, asked.period), _by_duty(asked, asked.period.previous())
    duties = asked.editions.during(asked.period)
    rows = [
        Row(
            code,
            duties[code].title,
            _cells(now[code], before.get(code), asked.stands_on_sums(asked.unit, [code])),
        )
        for code in duties
        if code in now and now[code].items
    ]
    columns = (CHECKED, FAILED, RATE, DRAWN, INTERVAL, BEFORE)
    return Table("quality", Text("投递质量", "Quality"), columns, tuple(rows))


def _by_duty(asked: Asked, period: Period) -> dict[str, Sums]:
    found: dict[str, Sums] = {}
    for (_, code), cell in cells_below(asked.session, asked.unit, period, asked.now, {}).items():
        found.setdefault(code, Sums(sampled=cell.sampled)).add(cell)
    return found


def _cells(sums: Sums, before: Sums | None, keys: tuple[str, ...]) -> tuple[Cell, ...]:
    return (
        Cell(sums.items, lines=keys),
        Cell(sums.failed, lines=keys),
        Cell(sums.passed, sums.items, keys),
        Cell(sums.drawn, lines=keys),
        _interval(sums, keys),
        Cell(before.passed, before.items, keys) if before and before.items else Cell(),
    )


def _interval(sums: Sums, keys: tuple[str, ...]) -> Cell:
    if not sums.drawn:
        return Cell()
    low, high = wilson(sums.drawn_passed, sums.drawn)
    return Cell((int(low * 1000), min(1000, -int(-high * 1000 // 1))), lines=keys)


def comparison(asked: Asked) -> Table:
    """By unit right below: lines met, checked, the rate of what was drawn. Under 73 drawn items nobody is ranked."""
    now, before = (_by_unit(asked, period) for period in (asked.period, asked.period.previous()))
    units = [one for one in asked.below() if one.path in now]
    ranks = _ranks({one.code: now[one.path][1] for one in units})
    rows = [_compared(asked, one, now[one.path], before.get(one.path), ranks) for one in units]
    columns = (
        Column("met", Text("达标", "Met"), "of"), CHECKED, RATE, DRAWN, DRAWN_RATE, INTERVAL,
        Column("rank", Text("排名", "Rank")), BEFORE,
    )  # fmt: skip
    return Table("comparison", Text("各单位对比", "Units compared"), columns, tuple(rows))


def _by_unit(asked: Asked, period: Period) -> dict[str, tuple[dict[str, Sums], Sums]]:
    """By path: the cells of each duty, and all of them summed."""
    found: dict[str, tuple[dict[str, Sums], Sums]] = {}
    for (path, code), cell in cells_below(asked.session, asked.unit, period, asked.now, {}).items():
        each, total = found.setdefault(path, ({}, Sums()))
        each[code] = cell
        total.add(cell)
    return found


def _ranks(sums: dict[str, Sums]) -> dict[str, int]:
    """The place of each that may be ranked, by the share of drawn items that passed; equals share a place."""
    ranked = {code: one for code, one in sums.items() if one.drawn >= RANKED_FROM}

    def better(one: Sums, than: Sums) -> bool:
        return one.drawn_passed * than.drawn > than.drawn_passed * one.drawn

    return {code: 1 + sum(better(other, one) for other in ranked.values()) for code, one in ranked.items()}


def _compared(asked: Asked, unit: Unit, now, before, ranks: dict[str, int]) -> Row:
    each, sums = now
    keys = asked.stands_on_sums(unit, each)
    told = sum(count for status, count in sums.lines.items() if status in (MET, MISSED, UNKNOWN))
    earlier = before[1] if before else None
    return Row(
        unit.code,
        Text(unit.name, unit.name),
        (
            Cell(sums.lines[MET], told, keys),
            Cell(sums.items, lines=keys),
            Cell(sums.passed, sums.items, keys),
            Cell(sums.drawn, lines=keys),
            Cell(sums.drawn_passed, sums.drawn, keys),
            _interval(sums, keys),
            Cell(ranks.get(unit.code), lines=keys),
            Cell(earlier.passed, earlier.items, keys) if earlier and earlier.items else Cell(),
        ),
    )


def totalled(title: Text, rows: Iterable[tuple[Cell, ...]]) -> Row:
    """The sums of counts and of parts, column by column."""
    columns = list(zip(*rows, strict=True))
    return Row(TOTAL, title, tuple(_sum(column) for column in columns))


def _sum(cells: Iterable[Cell]) -> Cell:
    cells = list(cells)
    numbers = [cell.value for cell in cells if isinstance(cell.value, int)]
    if len(numbers) < sum(cell.value is not None for cell in cells) or not numbers:
        return Cell()
    of = [cell.of for cell in cells if cell.of is not None]
    keys = tuple(dict.fromkeys(key for cell in cells for key in cell.lines))
    return Cell(sum(numbers), sum(of) if of else None, keys)
