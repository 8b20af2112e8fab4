"""Marks of a photo: numbers by which it is found again when it was cropped, made smaller, brighter or encoded anew.

A mark is a hash of one small region, and the regions are found where the picture itself has a spot, at several sizes: a
crop leaves most of them as they are, only elsewhere. So two versions of one photo share some marks, whatever was cut off
or put around it. Shared marks alone prove nothing (two receipts of one printed form share words): they name candidates,
which :mod:`webapp.signals.likeness` then lays over each other. Pure: a decoded image in, numbers out.
"""

import io
import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import mul, sub

from PIL import Image, ImageFilter

METHOD = 2  # of another method nothing can be compared: marks of an older one are made anew
SIDE = 192  # pixels: the picture is looked at as if it were a square of this side, whatever its own size
STRIP = 6  # times as long as wide: no photo
FLAT = 3  # of 255: so even is only what was drawn; a plain wall has the sensor's noise
INNER, OUTER = 28, 4  # bits of a key: of the middle of a region, and of the whole
WORD = (
    32  # bits that are no part of the key: of a mark found by its key they say whether it is the same region
)
OTHERWISE = 11  # of them may differ
UNSURE = 3  # bits that are turned round, each and together, where a mark is sought
# Spots are sought at these sizes (pixels of the look that are one pixel of the level), at most so many at each.
FINEST, STEP = 3.0, 2**0.25
MOST = (24, 20, 17, 13, 10, 8, 6, 5)
REACH = 6.0  # half of a region's side, in pixels of the level
AROUND = 2.2  # a spot differs from what is around it: so much coarser is that looked at
FAINTEST = 3.0  # of 255: what differs less is the sensor's noise
LEAST = 8  # spots of a picture in which there is something to be seen
_GRID = 8
# What lies in the middle of a region weighs most: its rim is the first that lies otherwise in another version.
_WEIGHTS = [math.exp(-(((x - (_GRID - 1) / 2) / (_GRID * 0.25)) ** 2)) for x in range(_GRID)]
_WINDOW = [a * b for a in _WEIGHTS for b in _WEIGHTS]
_WHOLE = sum(_WINDOW)
_WAVES = [
    [math.cos(math.pi * u * (2 * x + 1) / (2 * _GRID)) * (1 if u else 2**-0.5) for x in range(_GRID)]
    for u in range(6)
]
# The slowest waves across a region, of which the sign is kept: fast ones are the first that encoding changes.
_SLOWEST = sorted(
    ((u, v) for u in range(6) for v in range(6) if u + v),
    key=lambda wave: (wave[0] ** 2 + wave[1] ** 2, wave),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The hash of a region, and where the region lies in the look: its middle and the size of its level's pixel."""

    key: int  # found by it; 32 bits
    word: int  # compared then; 32 bits
    x: float
    y: float
    level: int
    unsure: tuple[int, ...] = ()  # the least certain bits of the key; not kept

    @property
    def size(self) -> float:
        """Pixels of the look that are one of the level."""
        return FINEST * STEP**self.level

    def sought(self) -> Iterator[int]:
        """The key, and what it may be called in another version of the picture: 2³ keys."""
        for count in range(len(self.unsure) + 1):
            for some in combinations(self.unsure, count):
                yield self.key ^ sum(1 << bit for bit in some)


def colours_of(data: bytes) -> Image.Image | None:
    """The JPEG (a thumbnail of the store) without a screen's bars around it; None of a strip that is no photo.

    Raises ``OSError`` or ``ValueError`` where it is no picture.
    """
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        colours = image.convert("RGB")
    colours = colours.crop(without_bars(colours.convert("L")))
    return colours if max(colours.size) <= STRIP * min(colours.size) else None


def without_bars(grey: Image.Image) -> tuple[int, int, int, int]:
    """The box that is left without the plain bars that a screenshot has above and below its picture, or at its sides."""
    top, bottom = _between_bars(grey)
    # Turned a quarter to the left, what was at the right is above.
    first, end = _between_bars(grey.crop((0, top, grey.width, bottom)).transpose(Image.Transpose.ROTATE_90))
    return grey.width - end, top, grey.width - first, bottom


def _between_bars(grey: Image.Image) -> tuple[int, int]:
    first, end = _bar(grey), grey.height - _bar(grey.transpose(Image.Transpose.FLIP_TOP_BOTTOM))
    return (first, end) if end - first >= grey.height * 0.4 else (0, grey.height)  # else it is plain all over


def _bar(grey: Image.Image) -> int:
    """How many rows from the top are one colour for the most part: a clock may stand in them. 0: it is the picture itself."""
    colour = sorted(grey.crop((0, 0, grey.width, 1)).tobytes())[grey.width // 2]
    same = grey.point([255 if abs(value - colour) <= FLAT else 0 for value in range(256)])
    rows = same.resize((1, grey.height), Image.Resampling.BOX).tobytes()
    deep = next((row for row, share in enumerate(rows) if share < 255 * 0.8), len(rows))
    if not grey.height * 0.03 <= deep <= grey.height * 0.45:
        return 0
    # Where bar and picture meet the encoder mixes them.
    mixed = range(deep, min(deep + 6, len(rows)))
    return next((row for row in mixed if rows[row] < 255 * 0.1), mixed.stop - 1) + 1


def look_at(grey: Image.Image) -> Image.Image:
    """The look in which marks are sought, mode F."""
    scale = SIDE / math.sqrt(grey.width * grey.height)
    size = (round(grey.width * scale), round(grey.height * scale))
    return grey.resize(size, Image.Resampling.BILINEAR).convert("F")


def marks_of(look: Image.Image) -> list[Mark]:
    """The marks, at most one of each key, none of a picture in which there is nothing to be seen.

    A dark cellar, a lens cap, a white sheet: noise alone has no spot, and what has hardly any is not told from the next.
    """
    found: dict[int, Mark] = {}
    count = 0
    for level, most in enumerate(MOST):
        for x, y in _spots(look, FINEST * STEP**level, most):
            count += 1
            mark = _mark(look, x, y, level)
            found.setdefault(mark.key, mark)
    return list(found.values()) if count >= LEAST else []


# ---------------------------------------------------------------- spots


def _spots(look: Image.Image, size: float, most: int) -> list[tuple[float, float]]:
    """The middles of the strongest spots of that size: lighter or darker than what is around, the strongest first."""
    width, height = round(look.width / size), round(look.height / size)
    if min(width, height) < 2 * REACH:
        return []
    values = _contrast(look, size, width, height)
    contrast = Image.new("F", (width, height))
    contrast.putdata(values)
    highest = contrast.filter(ImageFilter.MaxFilter(3)).get_flattened_data()
    lowest = contrast.filter(ImageFilter.MinFilter(3)).get_flattened_data()
    found = []
    for place, (value, high, low) in enumerate(zip(values, highest, lowest, strict=True)):
        if (value == high and value > FAINTEST) or (value == low and value < -FAINTEST):
            y, x = divmod(place, width)
            if 0 < x < width - 1 and 0 < y < height - 1:
                x += 0.5 + _summit(values[place - 1], value, values[place + 1])
                y += 0.5 + _summit(values[place - width], value, values[place + width])
                if REACH <= x <= width - REACH and REACH <= y <= height - REACH:
                    found.append((-abs(value), x * look.width / width, y * look.height / height))
    return [(x, y) for _, x, y in sorted(found)[:most]]


def _contrast(look: Image.Image, size: float, width: int, height: int) -> list[float]:
    """Each pixel of the level less what is around it."""
    level = look.resize((width, height), Image.Resampling.BILINEAR)
    wider = (max(1, round(look.width / size / AROUND)), max(1, round(look.height / size / AROUND)))
    around = look.resize(wider, Image.Resampling.BILINEAR).resize((width, height), Image.Resampling.BICUBIC)
    return list(map(sub, level.get_flattened_data(), around.get_flattened_data()))


def _summit(before: float, here: float, after: float) -> float:
    """Where between its neighbours the highest point lies, in pixels from the middle one: of the parabola through all three."""
    bend = before - 2 * here + after
    return (before - after) / 2 / bend if bend else 0.0


def _mark(look: Image.Image, x: float, y: float, level: int) -> Mark:
    reach = REACH * FINEST * STEP**level
    box = (max(0.0, x - reach), max(0.0, y - reach), min(look.width, x + reach), min(look.height, y + reach))
    region = look.resize((_GRID, _GRID), Image.Resampling.BOX, box=box).get_flattened_data()
    middle = sum(map(mul, region, _WINDOW)) / _WHOLE
    inner = _strengths(
        [(value - middle) * weight for value, weight in zip(region, _WINDOW, strict=True)], INNER
    )
    word = _signs(_strengths(region, WORD))
    unsure = sorted(range(INNER), key=lambda bit: abs(inner[bit]))[:UNSURE]
    key = _signs(inner) | (word & ((1 << OUTER) - 1)) << INNER
    return Mark(key, word, x, y, level, tuple(unsure))


def _strengths(region: Sequence[float], count: int) -> list[float]:
    """How strong each of the slowest waves is in the region."""
    rows = [region[at : at + _GRID] for at in range(0, _GRID * _GRID, _GRID)]
    across = [[sum(map(mul, wave, row)) for row in rows] for wave in _WAVES]
    return [sum(map(mul, _WAVES[v], across[u])) for u, v in _SLOWEST[:count]]


def _signs(strengths: Sequence[float]) -> int:
    return sum(1 << bit for bit, strength in enumerate(strengths) if strength > 0)


# ---------------------------------------------------------------- kept

_ROW = struct.Struct("<IIHHB")  # key, word, x and y in tenths of a pixel, level
MARK_BYTES = _ROW.size


def packed(marks: Iterable[Mark]) -> bytes:
    """The marks as they are kept beside their photo, 13 bytes each."""
    rows = ((one.key, one.word, round(one.x * 10), round(one.y * 10), one.level) for one in marks)
    return b"".join(_ROW.pack(*row) for row in rows)


def unpacked(data: bytes) -> list[Mark]:
    """What :func:`packed` made."""
    return [Mark(key, word, x / 10, y / 10, level) for key, word, x, y, level in _ROW.iter_unpack(data)]


def folded(mark: Mark) -> int:
    """All of a mark but its key in one number of 53 bits, to whole pixels: what the index tells of it."""
    return mark.word << 21 | mark.level << 18 | round(mark.x) << 9 | round(mark.y)


def unfolded(key: int, number: int) -> Mark:
    """What :func:`folded` made."""
    return Mark(key, number >> 21, number >> 9 & 511, number & 511, number >> 18 & 7)
