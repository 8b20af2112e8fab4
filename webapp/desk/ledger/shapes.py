"""What the charts of the ledger draw: steps, marks, lines and bands, from values to numbers. Pure.

The squares of a drawing are 360 wide, so that its words can be read on a phone of 390 px; wide screens get smaller words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from webapp.desk.drawing import Frame, Spot, band, floor_of, line
from webapp.ledger.history import Fault, Rate

TREND = Frame(38, 26, 306, 114)  # room above for a value
SMALL = Frame(4, 5, 112, 34)
BARS = 190.0  # width of the longest bar of a Pareto
SUMS = Frame(238, 0, 104, 0)  # beside them: the cumulative share, 0 to 100 % across
ROW = 42.0  # height of a bar with its name
STEPS = 5
DOT, FEW, ALL = (
    "dot",
    "few",
    "all",
)  # drawn items; too few of them to compare; nothing drawn: all that was checked
APART = 44.0  # labels nearer than that would lie on each other


def step(met: int, owed: int) -> int:
    """How much of what was owed was met, in steps: 0 nothing, 1 to 4 the quarters below all of it, 5 all of it."""
    if not owed or not met:
        return 0
    return STEPS if met >= owed else 1 + 4 * met // owed


@dataclass(frozen=True)
class Mark:
    """A month in a trend. ``y`` is None where nothing was checked; ``named``: its value stands beside it."""

    rate: Rate
    x: float
    y: float | None
    shape: str
    named: bool = False


@dataclass(frozen=True)
class Trend:
    """A line of months with its band. ``grid``: (value, y) of the lines across."""

    marks: list[Mark]
    line: str
    band: str
    grid: list[tuple[float, float]]

    @property
    def last(self) -> Mark | None:
        """The last month in which anything was checked."""
        return next((mark for mark in reversed(self.marks) if mark.y is not None), None)


def trend(rates: Sequence[Rate], floor: float | None = None, frame: Frame = TREND) -> Trend:
    """The rates of months on a scale from ``floor`` (where None: just below what there is) to all passed."""
    low = floor_of_rates([rates]) if floor is None else floor
    frame = Frame(frame.left, frame.top, frame.width, frame.height, low)
    spots = frame.spots([rate.told for rate in rates])
    edges = [rate.interval for rate in rates]
    upper, lower = (frame.spots([edge and edge[side] for edge in edges]) for side in (1, 0))
    marks = [
        Mark(rate, frame.x(n, len(rates)), spot and spot[1], _shape(rate))
        for n, (rate, spot) in enumerate(zip(rates, spots, strict=True))
    ]
    named = _named(marks)
    marks = [Mark(one.rate, one.x, one.y, one.shape, n in named) for n, one in enumerate(marks)]
    values = [low + (1 - low) * n / 5 for n in range(6)]
    return Trend(marks, line(spots), band(upper, lower), [(value, frame.y(value)) for value in values])


def floor_of_rates(several: Sequence[Sequence[Rate]]) -> float:
    """Where one scale for all of them begins."""
    edges = [rate.interval[0] for rates in several for rate in rates if rate.interval]
    return floor_of([*edges, *(rate.told for rates in several for rate in rates)])


def _shape(rate: Rate) -> str:
    if not rate.drawn:
        return ALL
    return DOT if rate.ranked else FEW


def _named(marks: Sequence[Mark]) -> set[int]:
    """The last, the lowest and the first that is known, as far as their values would not lie on each other."""
    known = [n for n, mark in enumerate(marks) if mark.y is not None]
    if not known:
        return set()
    lowest = max(known, key=lambda n: (marks[n].y, n))
    chosen: list[int] = []
    for n in (known[-1], lowest, known[0]):
        if all(abs(marks[n].x - marks[one].x) >= APART for one in chosen):
            chosen.append(n)
    return set(chosen)


@dataclass(frozen=True)
class Bar:
    """A row of a Pareto: the width of its bar, and where the cumulative share stands."""

    fault: Fault
    y: float
    width: float
    spot: Spot


def bars(faults: Sequence[Fault]) -> list[Bar]:
    """The rows, the most frequent first, and the points of the cumulative line."""
    most = max((fault.count for fault in faults), default=1)
    return [
        Bar(
            fault, n * ROW, round(BARS * fault.count / most, 1),
            (round(SUMS.left + SUMS.width * fault.cumulative, 1), n * ROW + 27),
        )
        for n, fault in enumerate(faults)
    ]  # fmt: skip


def cumulative(rows: Sequence[Bar]) -> str:
    """The path of the cumulative line."""
    return line([row.spot for row in rows])


def at_share(share: float) -> float:
    """Where a cumulative share stands."""
    return round(SUMS.left + SUMS.width * share, 1)


def shortened(text: str, most: int = 52) -> str:
    """As much of a text as ``most`` narrow characters take, a wide one counting as two; what is cut ends in …"""
    width = 0
    for n, char in enumerate(text):
        width += 2 if east_asian_width(char) in "WF" else 1
        if width > most:
            return text[: n - 1].rstrip() + "…"
    return text


def lowest_last(trends: Mapping[str, Sequence[Rate]]) -> list[str]:
    """The keys of those in which anything was checked: whose last known rate is lowest first."""

    def last(key: str) -> float:
        return next(rate.told for rate in reversed(trends[key]) if rate.told is not None)

    known = [key for key, rates in trends.items() if any(rate.told is not None for rate in rates)]
    return sorted(known, key=lambda key: (last(key), key))
