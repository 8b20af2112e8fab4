"""Among all photos that were looked at, those that are one with a new one. Pure: an :class:`Index` says what is kept.

What a new photo costs does not grow with the number of photos: so many keys are asked for, of each so many photos are told,
so many of them are looked at more closely, and so few are opened.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from webapp.signals.likeness import Picture, differs, likeness, proposals
from webapp.signals.photo_hash import OTHERWISE, Mark, colours_of, look_at, marks_of, unfolded

OF_A_KEY = 240  # photos of one key that are told, the latest: a key that many have says little
OPENED = 40  # photos that are opened, to see whether they fit at all: those that share most
AGREE = 2  # marks that must agree on how they lie: a single one is shared by chance
REFUSED = 8  # photos laid over the new one and found to be others: the rest, which fit worse, are let be
CELL = 24.0  # pixels of the look: so near to each other lie the middles that agreeing marks propose
Row = tuple[
    int, int, int
]  # a key, a photo that has a mark of it, and what else that mark says (photo_hash.folded)


class Index(Protocol):
    """What is kept of the photos that were looked at, each by its number."""

    def having(self, keys: Sequence[int]) -> Iterable[Row]:
        """The photos that have a mark of one of the keys, at most the latest ``OF_A_KEY`` of each."""

    def marks(self, photos: Sequence[int]) -> Mapping[int, Sequence[Mark]]:
        """Their marks."""

    def thumbnail(self, photo: int) -> bytes | None:
        """The JPEG; None where it is gone."""


@dataclass(frozen=True)
class Twin:
    """A photo that is one with the new one, and the share of parts that agree."""

    photo: int
    likeness: float


def picture_of(thumbnail: bytes) -> Picture | None:
    """The picture with its marks; None where nothing is to be seen in it. Raises ``OSError``, ``ValueError``: no picture."""
    colours = colours_of(thumbnail)
    if colours is None:
        return None
    look = look_at(colours.convert("L"))
    marks = marks_of(look)
    return Picture(colours, look.size, marks) if marks else None


def twins_of(picture: Picture, index: Index) -> list[Twin]:
    """The photos of the index that are one with the picture, the likest first."""
    shares = shares_of(picture, index.having(sorted(picture.sought)))
    most = sorted(shares, key=lambda photo: (-shares[photo], -photo))[:OPENED]
    opened = []
    for photo, marks in index.marks(most).items():
        other = _opened(index.thumbnail(photo), marks)
        if other is not None and (proposed := proposals(picture, other)):
            opened.append((proposed, photo, other))
    opened.sort(key=lambda each: -each[0][0][0])
    found, refused = [], 0
    for proposed, photo, other in opened:
        if like := likeness(picture, other, proposed):
            found.append(Twin(photo, like))
        elif (refused := refused + 1) == REFUSED:
            break
    return sorted(found, key=lambda twin: -twin.likeness)


def shares_of(picture: Picture, rows: Iterable[Row]) -> dict[int, float]:
    """{photo: how much it shares with the picture}, of those of which at least two marks agree on how they lie.

    A mark weighs more the more of its word is the same, and less the more photos have one of its key. Those agree that lay the
    middle of the picture on about the same place of the other, in about the same size: each votes for a cell, once as the grid lies and
    once half a cell aside.
    """
    rows = list(rows)
    common = Counter(key for key, *_ in rows)
    cells: dict[tuple, dict[int, float]] = defaultdict(dict)
    for key, photo, number in rows:
        other = unfolded(key, number)
        for mine in picture.sought[key]:
            if (apart := differs(mine, other)) <= OTHERWISE:
                weight = (1 - apart / (OTHERWISE + 1)) / math.sqrt(common[key])
                for cell in _cells(picture, mine, other):
                    votes = cells[photo, *cell]
                    votes[mine.key] = max(weight, votes.get(mine.key, 0.0))
    best: dict[int, float] = {}
    for (photo, *_), votes in cells.items():
        if len(votes) >= AGREE:
            best[photo] = max(best.get(photo, 0.0), sum(votes.values()))
    return best


def _cells(picture: Picture, mine: Mark, other: Mark) -> Iterator[tuple]:
    scale = other.size / mine.size
    x = (other.x + (picture.width / 2 - mine.x) * scale) / CELL
    y = (other.y + (picture.height / 2 - mine.y) * scale) / CELL
    levels = (other.level - mine.level) / 2
    for aside in (0.0, 0.5):
        yield aside, math.floor(levels + aside), math.floor(x + aside), math.floor(y + aside)


def _opened(thumbnail: bytes | None, marks: Sequence[Mark]) -> Picture | None:
    """A kept photo; None where it is gone or damaged: then it is nobody's twin."""
    try:
        colours: Image.Image | None = None if thumbnail is None else colours_of(thumbnail)
    except (OSError, ValueError):
        return None
    return None if colours is None else Picture(colours, look_at(colours.convert("L")).size, marks)
