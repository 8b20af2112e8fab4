"""Lines and bands of charts: from values to the numbers that an SVG wants. Pure; y grows downwards, as there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Spot = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """Where a chart draws: its left and top edge, width and height, and the values at its bottom and top."""

    left: float
    top: float
    width: float
    height: float
    low: float = 0.0
    high: float = 1.0

    def x(self, index: int, count: int) -> float:
        """Where the ``index``-th of ``count`` values stands: the first at the left edge, the last at the right."""
        return round(self.left + self.width * index / max(count - 1, 1), 1)

    def y(self, value: float) -> float:
        """How far down a value stands; one beyond the frame at its edge."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.top + self.height * (1 - min(max(share, 0.0), 1.0)), 1)

    def spots(self, values: Sequence[float | None]) -> list[Spot | None]:
        """The places of the values; None stays None."""
        return [
            None if value is None else (self.x(n, len(values)), self.y(value))
            for n, value in enumerate(values)
        ]


def runs(values: Iterable) -> list[list]:
    """The stretches between the gaps (None), in their order."""
    found: list[list] = [[]]
    for value in values:
        if value is None:
            found.append([])
        else:
            found[-1].append(value)
    return [run for run in found if run]


def line(spots: Iterable[Spot | None]) -> str:
    """The path of a line, broken where nothing is known; a value alone is a stroke of no length, drawn by its round end."""
    return "".join(f"M{_joined(run)}" if len(run) > 1 else f"M{_joined(run)}h0" for run in runs(spots))


def band(upper: Iterable[Spot | None], lower: Iterable[Spot | None]) -> str:
    """The path around what lies between two lines with the same gaps; one value alone gets a little width."""
    pairs = [
        None if high is None or low is None else (high, low) for high, low in zip(upper, lower, strict=True)
    ]
    parts = []
    for run in runs(pairs):
        if len(run) == 1:
            (x, top), (_, bottom) = run[0]
            parts.append(f"M{x - 3:g} {top:g}H{x + 3:g}V{bottom:g}H{x - 3:g}Z")
        else:
            around = [high for high, _ in run] + [low for _, low in reversed(run)]
            parts.append(f"M{_joined(around)}Z")
    return "".join(parts)


def _joined(run: Sequence[Spot]) -> str:
    return "L".join(f"{x:g} {y:g}" for x, y in run)


def floor_of(values: Iterable[float | None], most: float = 0.9) -> float:
    """Where a scale of shares begins: at the tenth below the lowest one, never above ``most``."""
    known = [value for value in values if value is not None]
    return min(int(min(known, default=1.0) * 10 + 1e-9) / 10, most)
