"""One table for all measurements: what was measured, against which limit or aim, and whether it holds."""

import json
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured number. ``limit`` is promised, ``aim`` is wanted; ``at_least`` turns the comparison round."""

    name: str
    measured: float
    unit: str
    limit: float | None = None
    aim: bool = False
    at_least: bool = False
    beside: str = ""  # what to read beside it: another's figure, the runs' spread

    @property
    def ratio(self) -> float | None:
        """The measured number in units of its limit."""
        return self.measured / self.limit if self.limit else None

    @property
    def verdict(self) -> str:
        """``ok``, ``OVER``, or nothing where there is no limit."""
        if self.limit is None:
            return ""
        held = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        return "ok" if held else "OVER"


def median(measure: Callable[[], float], runs: int) -> tuple[float, str]:
    """The median of several runs, and their spread in words."""
    values = [measure() for _ in range(runs)]
    return statistics.median(values), spread(values)


def spread(values: Iterable[float]) -> str:
    """``0.9–1.4 in 5 runs``."""
    values = list(values)
    return f"{number(min(values))}–{number(max(values))} in {len(values)} runs"


def milliseconds(work: Callable[[], object]) -> float:
    """How long ``work`` takes."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def number(value: float) -> str:
    """Three digits that matter."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


HEAD = ("what", "measured", "limit or aim", "ratio", "", "beside")


def line(figure: Figure) -> tuple[str, ...]:
    """The cells of one row."""
    limit = ratio = ""
    if figure.limit is not None:
        sign, word = "≥" if figure.at_least else "≤", " (aim)" if figure.aim else ""
        limit, ratio = (
            f"{sign} {number(figure.limit)}{word}",
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
        )
    measured = f"{number(figure.measured)} {figure.unit}".strip()
    return figure.name, measured, limit, ratio, figure.verdict, figure.beside


def table(figures: Iterable[Figure]) -> str:
    """The figures in columns."""
    rows = [HEAD, *map(line, figures)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:>{widths[3]}}  "
        f"{row[4]:<{widths[4]}}  {row[5]}".rstrip()
        for row in rows
    )


def keep(path: Path, figures: Iterable[Figure], about: dict) -> None:
    """The same as JSON, for whoever compares two days."""
    rows = [{**asdict(one), "ratio": one.ratio, "verdict": one.verdict} for one in figures]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**about, "figures": rows}, ensure_ascii=False, indent=1) + "\n")
