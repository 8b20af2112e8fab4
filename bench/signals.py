"""Photos used twice: how many copies are found among 10,000 photos, and how many photos are wrongly said to be copies.

What is counted, on invented photos of 480 × 360 pixels (``bench/scenes.py``), ten of each place in other light, from another
spot, with another number; all of them go through the thumbnail of 320 pixels, as in the store:

- *found*: of 2,000 copies, of every fifth photo (``--full``: of each), each made of one of the photos (``bench/reuse.py``: cropped
  by up to 15 % of each side, down to 0.6 of its width, lighter or darker, as a screenshot with bars, JPEG or WebP of quality 30 to
  95, one in three encoded twice), the share for which the photo that it was made of is named, by the index of all 10,000.
- *false*: of the copies and of as many photos of the set, the share for which at least one photo is named that is another one. Each
  is held against all 10,000 (not: pairs; of those there are 50 million). Two photos of one place are different photos.
- Photos in which nothing is to be seen (a dark cellar, a lens cap) have no marks and can be neither: they are told apart, and
  leave *found*; in *false* they stay.

The last line is ``signals: found 0.97 false 0.0004``.
"""

import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context

from PIL import Image

from bench import reuse, scenes
from bench.report import Figure
from webapp.formats.images import thumbnail
from webapp.signals.finding import OF_A_KEY, Row, picture_of, twins_of
from webapp.signals.photo_hash import MARK_BYTES, Mark, folded, packed, unpacked

PHOTOS = int(os.environ.get("BENCH_SIGNALS_PHOTOS", "10000"))
EACH = 5  # of so many photos one is copied, and one is sought itself
SEED = 20261130
FOUND, FALSE = 0.95, 0.001


@dataclass
class Memory:
    """An index without a database, filled with all photos before the first is sought."""

    thumbnails: dict[int, bytes] = field(default_factory=dict)
    kept: dict[int, bytes] = field(default_factory=dict)
    keys: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    itself: int | None = None

    def add(self, photo: int, thumbnail: bytes, marks: bytes) -> None:
        """Keep a photo; of one in which nothing is to be seen there are no marks."""
        self.thumbnails[photo], self.kept[photo] = thumbnail, marks
        for mark in unpacked(marks):
            self.keys[mark.key].append((mark.key, photo, folded(mark)))

    def having(self, keys: Sequence[int]) -> Iterator[Row]:
        """As :class:`webapp.signals.finding.Index`; without the photo that is sought itself."""
        told = (row for key in keys for row in self.keys.get(key, ())[-OF_A_KEY:])
        return (row for row in told if row[1] != self.itself)

    def marks(self, photos: Sequence[int]) -> dict[int, list[Mark]]:
        """As the index."""
        return {photo: unpacked(self.kept[photo]) for photo in photos}

    def thumbnail(self, photo: int) -> bytes:
        """As the index."""
        return self.thumbnails[photo]


MEMORY = Memory()  # of this process; those that seek are forked when it is full


def measure(full: bool = False) -> Iterator[Figure]:
    """The two shares, what is beside them, and the time of a photo."""
    context = get_context("fork")
    with context.Pool(os.cpu_count()) as pool:
        marked = pool.map(_mark, range(PHOTOS), 50)
    for number, data, marks, _ in marked:
        MEMORY.add(number, data, marks)
    sought = range(0, PHOTOS, 1 if full else EACH)
    with context.Pool(os.cpu_count()) as pool:
        alone = pool.map(_seek, sought, 10)
        copies = pool.map(_seek_copy, sought, 10)
    told = [one for one in copies if one.marked]
    yield from _shares(alone, copies, told)
    plain = sum(not marks for _, _, marks, _ in marked)
    yield Figure("signals: photos in which nothing is to be seen", plain, f"of {PHOTOS:,}")
    yield Figure(
        "signals: copies whose photo has marks, and that have none",
        sum(one.marked and not one.marks for one in copies),
        "",
    )
    for name in ("crop", "frame", "quality"):
        yield from _by(name, told)
    yield Figure(
        "signals: marks of a photo",
        statistics.mean(len(marks) // MARK_BYTES for _, _, marks, _ in marked if marks),
        "",
    )
    yield Figure(
        "signals: processor time to mark a photo", statistics.mean(spent for *_, spent in marked) * 1000, "ms"
    )
    yield Figure(
        "signals: processor time to seek a photo",
        statistics.mean(one.spent for one in alone) * 1000,
        "ms",
        beside="10 of each place",
    )


def _shares(
    alone: Sequence["Sought"], copies: Sequence["Sought"], told: Sequence["Sought"]
) -> Iterator[Figure]:
    """What the last line says."""
    found = sum(one.found for one in told) / len(told)
    count = len(alone) + len(copies)
    wrong = sum(bool(one.wrong) for one in (*alone, *copies))
    global LAST
    LAST = f"signals: found {found:.4f} false {wrong / count:.4f}"
    yield Figure(
        "signals: copies found", found * 100, "%", FOUND * 100, at_least=True, beside=f"of {len(told):,}"
    )
    yield Figure(
        "signals: photos called a copy of another one",
        wrong / count * 100,
        "%",
        FALSE * 100,
        beside=f"{wrong} of {count:,}",
    )


LAST = ""


def last_line() -> str:
    """What is said at the very end."""
    return LAST


def _by(name: str, copies: Sequence["Sought"]) -> Iterator[Figure]:
    """How many are found of those that were changed more in one way."""
    bounds = {"crop": ((0, 0, "not cropped"), (0.001, 0.3, "cropped by up to 30 % in all"), (0.3, 1, "cropped by more")),
              "frame": ((0, 0, "no bars"), (1, 1, "a screenshot with bars")),
              "quality": ((30, 50, "quality 30–50"), (51, 75, "quality 51–75"), (76, 95, "quality 76–95"))}  # fmt: skip
    for least, most, words in bounds[name]:
        some = [one for one in copies if least <= one.done[name] <= most]
        if some:
            yield Figure(
                f"signals: found, {words}",
                sum(one.found for one in some) / len(some) * 100,
                "%",
                beside=f"of {len(some):,}",
            )


@dataclass(frozen=True)
class Sought:
    """What became of one photo: whether it has marks, was found, was called another; how it was changed; seconds."""

    number: int
    marked: bool
    marks: bool
    found: bool
    wrong: list[int]
    spent: float
    done: dict[str, float]


def _photo(number: int) -> Image.Image:
    return scenes.photo(SEED, number)


def _mark(number: int) -> tuple[int, bytes, bytes, float]:
    data = thumbnail(reuse.encoded(_photo(number), random.Random(f"{SEED}/file/{number}"), 82))
    began = time.process_time()
    picture = picture_of(data)
    return number, data, packed(picture.marks) if picture else b"", time.process_time() - began


def _seek(number: int) -> Sought:
    """A photo of the set against all others of it."""
    began = time.process_time()
    picture, MEMORY.itself = picture_of(MEMORY.thumbnails[number]), number
    names = [twin.photo for twin in twins_of(picture, MEMORY)] if picture else []
    spent = time.process_time() - began
    wrong = [one for one in names if one != number]
    return Sought(number, bool(MEMORY.kept[number]), bool(picture), number in names, wrong, spent, {})


def _seek_copy(number: int) -> Sought:
    """A copy of a photo against all of the set."""
    data, done = reuse.copy_of(_photo(number), random.Random(f"{SEED}/copy/{number}"))
    began = time.process_time()
    picture, MEMORY.itself = picture_of(thumbnail(data)), None
    names = [twin.photo for twin in twins_of(picture, MEMORY)] if picture else []
    spent = time.process_time() - began
    return Sought(
        number,
        bool(MEMORY.kept[number]),
        bool(picture),
        number in names,
        [one for one in names if one != number],
        spent,
        done,
    )
