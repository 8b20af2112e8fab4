"""Whether two pictures are one photo: laid over each other where their marks agree, and compared part by part. Pure.

A photo taken anew of the same door or the same printed form agrees here and there, too; but not everywhere: its paper lies
otherwise, its number is another. A copy agrees in every part in which there is anything to be seen, and in its colours.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import mul

from PIL import Image, ImageChops, ImageFilter

from webapp.signals.photo_hash import OTHERWISE, Mark

MOST_PAIRS = 60  # shared marks that are looked at: a wall of equal bricks shares each with each
NEAR = 12.0  # pixels of the look: two marks that lay the pictures within so much agree
TURN = 1.25  # and whose scales differ by no more than this factor
SURE = 500.0  # square pixels of spread that tell the scale as well as the marks' sizes do
SMALLEST = 0.2  # scale: what is smaller is no copy
TRIED = 3  # of them are refined
LAYS = 20  # ways of laying them that are tried
OVERLAP = 0.35  # of either picture that must lie over the other
CELLS, FINE, COARSE = 96 * 72, 48 * 36, 24 * 18  # of the grids in which they are compared
REDUCED = {CELLS: 1, FINE: 2, COARSE: 4}  # the picture of which each is taken
PART = 12  # cells that a part is wide and high
SHADE = 20.0  # pixels: what changes more slowly across the picture is its light
PLAIN = 4.0  # of 255: a part that varies less holds nothing but noise
PARTS = 6  # that hold something, at least
ALIKE = 0.75  # correlation of a part that is the same
SHARE = 0.93  # of the parts
# Correlation of the whole: as proposed, at the coarse grid, at the fine one.
FAINTLY, ROUGHLY, CLOSELY = 0.5, 0.7, 0.75
SURELY = 0.94  # of the whole, where a few parts may differ and colours have faded; of what is less alike every part must agree
TINT, TINT_IN_DOUBT = (
    0.65,
    0.85,
)  # cosine of the tints: brighter or stronger colours keep theirs, another door has another
PALE = 3.0  # of 128, on the average: what has less colour says nothing by it


_VALUES, _SQUARES = range(256), [value * value for value in range(256)]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True, order=True)
class Lay:
    """Where a point of one look lies in the other: ``x * scale + right``, ``y * scale + down``."""

    scale: float
    right: float
    down: float


Sought = Mapping[int, Sequence[Mark]]  # marks by what each may be called in another version of the picture


def sought_keys(marks: Iterable[Mark]) -> dict[int, list[Mark]]:
    """The marks by all keys under which they are sought."""
    found: dict[int, list[Mark]] = {}
    for mark in marks:
        for key in mark.sought():
            found.setdefault(key, []).append(mark)
    return found


class Picture:
    """A picture, in colour and in grey, the size of its look (in whose pixels marks and lays are told), and its marks."""

    def __init__(self, colours: Image.Image, look: tuple[int, int], marks: Sequence[Mark]):
        self.colours, self.grey, self.marks = colours, colours.convert("L"), marks
        self.width, self.height = look
        self._details: dict[int, Image.Image] = {}

    @cached_property
    def sought(self) -> Sought:
        """The marks by all keys under which they are sought in others."""
        return sought_keys(self.marks)

    def detail(self, cells: int) -> Image.Image:
        """What differs from its surroundings, 128 where nothing does; for a coarse grid of a smaller picture: at a tenth of the cost."""
        if cells not in self._details:
            by = REDUCED[cells]
            grey = self.grey.reduce(by)
            shade = grey.filter(ImageFilter.GaussianBlur(SHADE / by))
            self._details[cells] = ImageChops.subtract(grey, shade, 1, 128)
        return self._details[cells]

    def tints(self, box: Box, size: tuple[int, int]) -> list[int]:
        """How blue, then how red each cell of the part is, from -128 to 127; 0 where it has no colour."""
        cells = self.sampled(self.colours, box, size).convert("YCbCr")
        return [value - 128 for band in ("Cb", "Cr") for value in cells.getchannel(band).tobytes()]

    def sampled(self, image: Image.Image, box: Box, size: tuple[int, int]) -> Image.Image:
        """The part of the picture (or of its details) that the box cuts out of its look, in so many cells."""
        across, down = image.width / self.width, image.height / self.height
        left, top, right, bottom = box
        there = (
            left * across,
            top * down,
            min(image.width, right * across),
            min(image.height, bottom * down),
        )
        return image.resize(size, Image.Resampling.BILINEAR, box=there)


def lays(ours: Sought, theirs: Iterable[Mark]) -> list[tuple[int, Lay]]:
    """Ways to lay the one picture over the other, and how many shared marks agree in each; the most first."""
    pairs = shared(ours, theirs)
    proposed = [_lay(mine, other) for mine, other in pairs]
    groups = [
        frozenset(n for n, (mine, _) in enumerate(pairs) if _agree(lay, proposed[n], mine))
        for lay in proposed
    ]
    taken: set[int] = set()
    found = []
    for group in sorted(groups, key=len, reverse=True):
        if len(found) < LAYS and not group <= taken:
            lay = _fitted([pairs[n] for n in sorted(group)])
            near = [pair for pair in pairs if _lies(lay, pair)]
            found.append((len({mine for mine, _ in near}), _fitted(near) if near else lay))
            taken |= group
    return sorted(found, key=lambda one: -one[0])


def shared(ours: Sought, theirs: Iterable[Mark]) -> list[tuple[Mark, Mark]]:
    """The marks that both have: each of ours beside those of theirs that are called like it and say nearly the same."""
    pairs = ((mine, other) for other in theirs for mine in ours.get(other.key, ()))
    return [pair for pair in pairs if differs(*pair) <= OTHERWISE][:MOST_PAIRS]


def differs(mine: Mark, other: Mark) -> int:
    """In how many bits of their words two marks differ."""
    return (mine.word ^ other.word).bit_count()


def _lay(mine: Mark, other: Mark) -> Lay:
    scale = other.size / mine.size
    return Lay(scale, other.x - mine.x * scale, other.y - mine.y * scale)


def _agree(lay: Lay, other: Lay, mark: Mark) -> bool:
    """Whether both lay the mark on about the same place, at about the same size."""
    turn = other.scale / lay.scale
    if not 1 / TURN < turn < TURN:
        return False
    bent = other.scale - lay.scale
    return (
        abs(mark.x * bent + other.right - lay.right) < NEAR
        and abs(mark.y * bent + other.down - lay.down) < NEAR
    )


def _lies(lay: Lay, pair: tuple[Mark, Mark]) -> bool:
    mine, other = pair
    return (
        1 / TURN < other.size / mine.size / lay.scale < TURN
        and abs(mine.x * lay.scale + lay.right - other.x) < NEAR / 2
        and abs(mine.y * lay.scale + lay.down - other.y) < NEAR / 2
    )


def _fitted(pairs: Sequence[tuple[Mark, Mark]]) -> Lay:
    """The lay with the least squares of what is left; where the marks lie close together, their sizes say the scale."""
    n = len(pairs)
    x, y = (sum(getattr(mine, axis) for mine, _ in pairs) / n for axis in "xy")
    u, v = (sum(getattr(other, axis) for _, other in pairs) / n for axis in "xy")
    told = math.exp(sum(math.log(other.size / mine.size) for mine, other in pairs) / n)
    spread = sum((mine.x - x) ** 2 + (mine.y - y) ** 2 for mine, _ in pairs)
    turned = sum((a.x - x) * (b.x - u) + (a.y - y) * (b.y - v) for a, b in pairs)
    scale = (turned + SURE * told) / (spread + SURE)
    return Lay(scale, u - x * scale, v - y * scale)


# ---------------------------------------------------------------- laid over each other


def over(lay: Lay, one: Picture, other: Picture) -> Box | None:
    """The part of the one that lies over the other; None where that is too little of either."""
    if lay.scale <= SMALLEST:
        return None
    left, top = max(0.0, -lay.right / lay.scale), max(0.0, -lay.down / lay.scale)
    right = min(one.width, (other.width - lay.right) / lay.scale)
    bottom = min(one.height, (other.height - lay.down) / lay.scale)
    if right <= left or bottom <= top:
        return None
    area = (right - left) * (bottom - top)
    share = min(area / (one.width * one.height), area * lay.scale**2 / (other.width * other.height))
    return (left, top, right, bottom) if share >= OVERLAP else None


def under(box: Box, lay: Lay, other: Picture) -> Box:
    """Where that part lies in the other."""
    left, top, right, bottom = box
    return (
        max(0.0, left * lay.scale + lay.right), max(0.0, top * lay.scale + lay.down),
        min(other.width, right * lay.scale + lay.right), min(other.height, bottom * lay.scale + lay.down),
    )  # fmt: skip


def _grid(box: Box, cells: int) -> tuple[int, int]:
    wide, high = box[2] - box[0], box[3] - box[1]
    unit = math.sqrt(wide * high / cells)
    return max(1, round(wide / unit / PART)) * PART, max(1, round(high / unit / PART)) * PART


def correlation(one: Image.Image, other: Image.Image) -> float:
    """Of two grey pictures of one size: from -1 to 1, 0 where one of them does not vary.

    Of histograms: the sum of the products is half of what both squares have above the squared difference.
    """
    n = one.width * one.height
    ours, theirs = one.histogram(), other.histogram()
    a, b = sum(map(mul, ours, _VALUES)), sum(map(mul, theirs, _VALUES))
    aa, bb = sum(map(mul, ours, _SQUARES)), sum(map(mul, theirs, _SQUARES))
    apart = sum(map(mul, ImageChops.difference(one, other).histogram(), _SQUARES))
    squares = (n * aa - a * a) * (n * bb - b * b)
    return (n * (aa + bb - apart) / 2 - a * b) / math.sqrt(squares) if squares > 0 else 0.0


def fit_of(one: Picture, other: Picture, lay: Lay, cells: int) -> float:
    """How well the details agree, from -1 to 1."""
    box = over(lay, one, other)
    if box is None:
        return -1.0
    size = _grid(box, cells)
    ours = one.sampled(one.detail(cells), box, size)
    return correlation(ours, other.sampled(other.detail(cells), under(box, lay, other), size))


def proposals(one: Picture, other: Picture) -> list[tuple[float, Lay]]:
    """Ways to lay the one over the other with how well each fits as it is, the best first; those alone that fit at all."""
    fits = [(fit_of(one, other, lay, COARSE), lay) for _, lay in lays(one.sought, other.marks)]
    return sorted((each for each in fits if each[0] >= FAINTLY), reverse=True)


def likeness(one: Picture, other: Picture, proposed: Sequence[tuple[float, Lay]]) -> float:
    """The share of parts that agree, 0 to 1, where the two are one photo (at least ``SHARE``); else 0.

    Each step is dearer than the one before and lets fewer through: two photos of one door fail at the first or second.
    """
    for _, lay in proposed[:TRIED]:
        fit, lay = _refined(one, other, lay, COARSE, (4.0,))
        if fit >= ROUGHLY:
            fit, lay = _refined(one, other, lay, FINE, (2.0,))
        if fit >= ROUGHLY:
            fit, lay = _refined(one, other, lay, CELLS, (1.0, 0.5, 0.25))
        if fit >= CLOSELY:
            parts = parts_alike(one, other, lay)
            tint = TINT if fit >= SURELY else TINT_IN_DOUBT
            if len(parts) >= PARTS and _agrees(fit, parts) and tints_agree(one, other, lay, tint):
                return sum(part >= ALIKE for part in parts) / len(parts)
    return 0.0


def _agrees(fit: float, parts: Sequence[float]) -> bool:
    """A picture of few things has much plain wall, whose noise agrees with nothing: then every part with something in it must."""
    alike = sum(part >= ALIKE for part in parts)
    return alike == len(parts) or (fit >= SURELY and alike >= SHARE * len(parts))


def tints_agree(one: Picture, other: Picture, lay: Lay, least: float = TINT) -> bool:
    """Whether the colours are the same wherever the one lies over the other: their cosine is at least ``least``. In grey
    two doors of one make are one door."""
    box = over(lay, one, other)
    if box is None:
        return False
    size = _grid(box, COARSE)
    ours, theirs = one.tints(box, size), other.tints(under(box, lay, other), size)
    own, its = (sum(map(mul, tints, tints)) for tints in (ours, theirs))
    if min(own, its) < PALE**2 * len(ours) / 2:
        return True
    return sum(map(mul, ours, theirs)) >= least * math.sqrt(own * its)


def _refined(one: Picture, other: Picture, lay: Lay, cells: int, steps: Sequence[float]) -> tuple[float, Lay]:
    """The lay moved and turned larger or smaller as long as it then fits better; what helped once is tried again first."""
    best = fit_of(one, other, lay, cells)
    middle = one.width / 2, one.height / 2
    for step in steps:
        moves = deque(range(6))
        failed = 0
        while failed < len(moves):
            moved = _moved(lay, moves[0], step, middle)
            fit = fit_of(one, other, moved, cells)
            if fit > best:
                best, lay, failed = fit, moved, 0
            else:
                failed += 1
                moves.rotate(-1)
    return best, lay


def _moved(lay: Lay, way: int, step: float, middle: tuple[float, float]) -> Lay:
    """Moved right, left, down, up by ``step`` pixels, or made as many per cent larger or smaller around the middle."""
    if way < 4:
        right, down = ((step, 0), (-step, 0), (0, step), (0, -step))[way]
        return Lay(lay.scale, lay.right + right, lay.down + down)
    scale = lay.scale * (1 + step / 100 if way == 4 else 1 - step / 100)
    return Lay(scale, lay.right + middle[0] * (lay.scale - scale), lay.down + middle[1] * (lay.scale - scale))


def parts_alike(one: Picture, other: Picture, lay: Lay) -> list[float]:
    """The correlation of each part in which either picture holds something."""
    box = over(lay, one, other)
    if box is None:
        return []
    wide, high = _grid(box, CELLS)
    ours = one.sampled(one.grey, box, (wide, high))
    theirs = other.sampled(other.grey, under(box, lay, other), (wide, high))
    found = []
    for top in range(0, high, PART):
        for left in range(0, wide, PART):
            part = (left, top, left + PART, top + PART)
            a, b = ours.crop(part), theirs.crop(part)
            if max(_deviation(a), _deviation(b)) >= PLAIN:
                found.append(correlation(a, b))
    return found


def _deviation(part: Image.Image) -> float:
    counts, n = part.histogram(), part.width * part.height
    mean = sum(map(mul, counts, _VALUES)) / n
    return math.sqrt(max(0.0, sum(map(mul, counts, _SQUARES)) / n - mean * mean))
