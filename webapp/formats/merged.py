"""Merged ranges of a sheet: what the one cell shows belongs to every row and column that it covers. Pure."""

from bisect import bisect_left
from collections.abc import Iterable

MAX_FILLED = 2_000_000  # cells: ranges that lie over each other could be told to grow without end

Cells = tuple[int, list[str]]
Range = tuple[int, int, int, int]  # first row and column, last row and column; A1 is 1, 1


class TooManyError(Exception):
    """More cells are merged than a real sheet has."""


def filled(lines: list[Cells], merges: Iterable[Range], width: int) -> list[Cells]:
    """The lines by number, with the value of each merged range in all its cells up to column ``width``.

    A row that has nothing of its own, because all its cells are merged with those above, does not come into being: a
    person sees one row there.
    """
    lines = sorted(lines, key=lambda line: line[0])
    places, left = [number for number, _ in lines], MAX_FILLED
    for top, first, bottom, last in merges:
        start, last = bisect_left(places, top), min(last, width)
        if start == len(lines) or places[start] != top or first > last:
            continue
        above = lines[start][1]
        value = above[first - 1] if first <= len(above) else ""
        for _, cells in lines[start : bisect_left(places, bottom + 1)]:
            left -= last - first + 1
            if left < 0:
                raise TooManyError
            cells += [""] * (last - len(cells))
            cells[first - 1 : last] = [value] * (last - first + 1)
    return lines
