"""Among all photos that were looked at, those that are one with a new one. Pure: an :class:`Index` says what is kept.

What a new photo costs does not grow with the number of photos: so many keys are asked for, of each so many photos are told,
so many of them are looked at more closely, and so few are opened.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from webapp.signals.likeness import Picture, lays, likeness, proposals
from webapp.signals.photo_hash import Mark, grey_of, look_at, marks_of

OF_A_KEY = 40  # photos of one key that are told, the latest: a key that many have says little
COMPARED = 12  # photos whose marks are read: those that share most
OPENED = 8  # photos that are opened, to see whether they fit at all
REFUSED = 3  # photos laid over the new one and found to be others: then the rest, which fit worse, are let be
AGREE = 2  # marks that must agree on how they lie: a single one is shared by chance


class Index(Protocol):
    """What is kept of the photos that were looked at, each by its number."""

    def having(self, keys: Sequence[int]) -> Iterable[tuple[int, int]]:
        """(key, photo) of the photos that have a mark of one of the keys, at most the latest ``OF_A_KEY`` of each."""

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
    grey = grey_of(thumbnail)
    if grey is None:
        return None
    look = look_at(grey)
    marks = marks_of(look)
    return Picture(grey, look.size, marks) if marks else None


def twins_of(picture: Picture, index: Index) -> list[Twin]:
    """The photos of the index that are one with the picture, the likest first."""
    shares: Counter[int] = Counter()
    hit: set[tuple[int, int]] = set()
    for key, photo in index.having(sorted(picture.sought)):
        for mark in picture.sought[key]:
            if (photo, mark.key) not in hit:
                hit.add((photo, mark.key))
                shares[photo] += 1
    most = sorted(shares, key=lambda photo: (-shares[photo], -photo))[:COMPARED]
    known = index.marks([photo for photo in most if shares[photo] >= AGREE])
    agree = {photo: max((n for n, _ in lays(picture.sought, known[photo])), default=0) for photo in known}
    opened = []
    for photo in sorted(agree, key=lambda photo: (-agree[photo], -photo))[:OPENED]:
        other = _opened(index.thumbnail(photo), known[photo]) if agree[photo] >= AGREE else None
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


def _opened(thumbnail: bytes | None, marks: Sequence[Mark]) -> Picture | None:
    """A kept photo; None where it is gone or damaged: then it is nobody's twin."""
    try:
        grey: Image.Image | None = None if thumbnail is None else grey_of(thumbnail)
    except (OSError, ValueError):
        return None
    return None if grey is None else Picture(grey, look_at(grey).size, marks)
