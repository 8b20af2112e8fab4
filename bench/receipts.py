"""Invented photos of receipts as a phone keeps them: good ones, and ones that will not do in one way each.

A sheet (white, pink, yellow … with much or little on it) lies on a table that is darker than it, is seen from a spot nearby,
in a light that falls from one side, now and then under somebody's shadow or thumb. A fault is put on top of all that:
``photo(seed, n, "blurred")``. One good photo in ten is a close view. Drawn from the seed: the same picture in every run. Beside the picture come the sheet's four
corners, in pixels, from its upper left clockwise (``None`` where no sheet is in it).
"""

import math
import random
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from bench import scenes

LONG, SHORT = 1600, 1200  # px: as static/js/ui/camera.js keeps a photo
FAULTS = ("blurred", "dark", "glare", "cut-off", "no-paper")
TILES = 6
CLOSE = 10  # of so many good ones one is a close view: the writing alone, no side of the sheet
INKS = ((25, 25, 30), (40, 40, 45), (30, 35, 80), (70, 70, 75))
PAPERS = ((244, 243, 238), (250, 250, 250), (238, 234, 222), (246, 214, 220), (247, 236, 180), (206, 226, 240), (212, 234, 208))  # fmt: skip
Corners = list[tuple[float, float]]
Pen = ImageDraw.ImageDraw


def photo(seed: int, number: int, fault: str | None = None) -> tuple[Image.Image, Corners | None]:
    """The photo of that number with that fault (or none), and where the sheet lies."""
    rng = random.Random(f"{seed}/{fault}/{number}")
    size = (SHORT, LONG) if rng.random() < 0.6 else (LONG, SHORT)
    if fault == "no-paper":
        return _finished(_without_paper(rng, size), rng, rng.uniform(0.85, 1.04)), None
    sheet = _sheet(rng)
    close = fault is None and number % CLOSE == 0
    corners = _near(sheet.size, size, rng) if close else _placed(sheet.size, size, rng, fault == "cut-off")
    image = _on_a_table(sheet, corners, size, rng)
    if fault == "blurred":
        image = _blurred(image, rng)
    if fault == "glare":
        image = _glaring(_lit(image, rng, _light(rng, most=0.85)), corners, rng)
        return _grained(image, rng, 0.03), corners
    if fault == "dark":
        return _grained(_lit(image, rng, rng.uniform(0.06, 0.28)), rng, rng.uniform(0.02, 0.06)), corners
    if fault is None and rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.5)))
    return _finished(image, rng, _light(rng)), corners


# ---------------------------------------------------------------- the sheet


def _sheet(rng: random.Random) -> Image.Image:
    """A form: a title, a table or plain lines, a barcode, a signature, a seal; some hold next to nothing."""
    width = rng.randint(700, 1100)
    height = round(width * rng.choice((0.6, 0.75, 1.0, 1.25, 1.41, 1.41, 1.7)))
    paper = tuple(min(255, part + rng.randint(-4, 4)) for part in rng.choice(PAPERS))
    sheet = Image.new("RGB", (width, height), paper)
    pen, ink, edge = ImageDraw.Draw(sheet), rng.choice(INKS), width * rng.uniform(0.06, 0.12)
    if rng.random() < 0.85:
        _words(pen, rng, edge + width * 0.15, edge * 0.6, width - edge, rng.randint(36, 56), ink)
    _rows(pen, rng, (edge, height * 0.16, width - edge, height * 0.72), ink)
    if rng.random() < 0.7:
        _bars(pen, rng, (edge, height * 0.78, width * rng.uniform(0.5, 0.75), height * 0.88))
    _signature(pen, rng, width * rng.uniform(0.45, 0.6), height * rng.uniform(0.76, 0.82), width * 0.3)
    if rng.random() < 0.4:
        _seal(pen, rng, width * rng.uniform(0.3, 0.8), height * rng.uniform(0.5, 0.8), width * 0.12)
    return sheet


def _rows(pen: Pen, rng: random.Random, box: tuple[float, float, float, float], ink: scenes.Colour) -> None:
    """So many lines of writing, with or without rules between them; each filled for a part of its width."""
    left, top, right, bottom = box
    count, size = rng.choice((1, 2, 3, 5, 7, 9, 12)), rng.randint(22, 36)
    step = max((bottom - top) / count, size * 1.5)
    ruled = rng.random() < 0.6
    for row in range(count):
        y = top + row * step
        if y + size > bottom:
            break
        if ruled:
            pen.line((left, y - 6, right, y - 6), fill=ink, width=rng.choice((1, 2, 3)))
        _words(pen, rng, left + 8, y, left + (right - left) * rng.uniform(0.35, 0.95), size, ink)
    if ruled:
        pen.rectangle((left, top - 6, right, min(bottom, top + count * step) - 6), outline=ink, width=2)


def _words(
    pen: Pen, rng: random.Random, left: float, top: float, right: float, size: int, ink: scenes.Colour
) -> None:
    """Characters of Chinese density and figures, drawn as strokes: no font of ours has the former."""
    x = left
    while x + size < right:
        if rng.random() < 0.3:
            text = "".join(rng.choice("0123456789ABCN") for _ in range(rng.randint(3, 8)))
            pen.text((x, top), text, fill=ink, font=_font(size))
            x += size * 0.6 * len(text) + size * 0.4
        else:
            _character(pen, rng, x, top, size * 0.88, ink)
            x += size


def _character(pen: Pen, rng: random.Random, x: float, y: float, size: float, ink: scenes.Colour) -> None:
    wide = max(1, round(size / 12))
    for _ in range(rng.randint(2, 4)):
        at = y + size * rng.random()
        pen.line(
            (x + size * rng.uniform(0, 0.3), at, x + size * rng.uniform(0.7, 1), at), fill=ink, width=wide
        )
    for _ in range(rng.randint(1, 3)):
        at = x + size * rng.random()
        pen.line(
            (at, y + size * rng.uniform(0, 0.3), at + rng.uniform(-4, 4), y + size), fill=ink, width=wide
        )


def _bars(pen: Pen, rng: random.Random, box: tuple[float, float, float, float]) -> None:
    x, top, right, bottom = box
    while x < right:
        wide = rng.choice((3, 3, 6, 9))
        pen.rectangle((x, top, x + wide - 1, bottom), fill=(15, 15, 15))
        x += wide + rng.choice((3, 3, 6, 9))


def _signature(pen: Pen, rng: random.Random, left: float, top: float, width: float) -> None:
    points = [(left + width * n / 9, top + rng.uniform(0, width * 0.3)) for n in range(10)]
    pen.line(points, fill=rng.choice(((20, 30, 130), (25, 25, 25))), width=rng.randint(3, 6), joint="curve")


def _seal(pen: Pen, rng: random.Random, x: float, y: float, radius: float) -> None:
    red = (200, 50, 50)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=5)
    for n in range(8):
        turn = math.pi * n / 4
        size = radius * 0.3
        _character(pen, rng, x + radius * 0.7 * math.cos(turn) - size / 2, y + radius * 0.7 * math.sin(turn) - size / 2, size, red)  # fmt: skip


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


# ---------------------------------------------------------------- where it lies


def _placed(sheet: tuple[int, int], size: tuple[int, int], rng: random.Random, cut: bool) -> Corners:
    """The sheet's corners in the picture: turned and tilted; whole, or so that a part of it lies outside."""
    while True:
        share = rng.uniform(0.62, 0.96)
        scale = share * min(size[0] / sheet[0], size[1] / sheet[1])
        turn = math.radians(max(-14, min(14, rng.gauss(0, 5))))
        half = (sheet[0] * scale / 2, sheet[1] * scale / 2)
        middle = [size[0] / 2 + rng.gauss(0, 40), size[1] / 2 + rng.gauss(0, 40)]
        if cut:
            _pushed_out(middle, half, size, rng)
        corners = [_corner(middle, half, turn, sign, rng) for sign in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        away = max(max(-x, x - size[0], -y, y - size[1]) for x, y in corners)
        if away > 0.08 * min(size) if cut else away < -0.012 * min(size):
            return corners


def _near(sheet: tuple[int, int], size: tuple[int, int], rng: random.Random) -> Corners:
    """So near that no side of the sheet is seen, and most of what is written is."""
    wide, high = size[0] * rng.uniform(1.12, 1.3), size[1] * rng.uniform(1.12, 1.3)
    turn, middle = math.radians(rng.gauss(0, 1.5)), [size[0] / 2, size[1] / 2]
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return [_corner(middle, (wide / 2, high / 2), turn, sign, rng, lean=0.01) for sign in signs]


def _pushed_out(
    middle: list[float], half: tuple[float, float], size: tuple[int, int], rng: random.Random
) -> None:
    """Over one border or two, with a tenth to a half of the sheet."""
    for axis in rng.choice(((0,), (1,), (1,), (0, 1))):
        beyond = half[axis] * 2 * rng.uniform(0.1, 0.4)
        middle[axis] = rng.choice((half[axis] - beyond, size[axis] - half[axis] + beyond))


def _corner(
    middle: list[float],
    half: tuple[float, float],
    turn: float,
    sign: tuple[int, int],
    rng: random.Random,
    lean: float = 0.05,
) -> tuple[float, float]:
    lean *= half[0]
    x, y = sign[0] * half[0] + rng.gauss(0, lean / 2), sign[1] * half[1] + rng.gauss(0, lean / 2)
    return (
        middle[0] + x * math.cos(turn) - y * math.sin(turn),
        middle[1] + x * math.sin(turn) + y * math.cos(turn),
    )


def _on_a_table(
    sheet: Image.Image, corners: Corners, size: tuple[int, int], rng: random.Random
) -> Image.Image:
    """The sheet upon its table, with the shadow that it throws and what lies about."""
    image = _table(rng, size)
    if rng.random() < 0.35:
        _clutter(image, rng)
    warp = _coefficients(corners, sheet.size)
    mask = Image.new("L", sheet.size, 255).transform(
        size, Image.Transform.PERSPECTIVE, warp, Image.Resampling.BILINEAR
    )
    shadow = ImageChops.offset(mask, rng.randint(-8, 8), rng.randint(2, 10)).filter(ImageFilter.BoxBlur(6))
    image = Image.composite(image.point([round(v * 0.75) for v in range(256)] * 3), image, shadow)
    seen = sheet.transform(size, Image.Transform.PERSPECTIVE, warp, Image.Resampling.BICUBIC)
    image.paste(seen, (0, 0), mask)
    if rng.random() < 0.2:
        _thumb(image, corners, rng)
    return image


def _table(rng: random.Random, size: tuple[int, int], least: int = 35) -> Image.Image:
    """Wood, stone, a desk's mat: darker than any paper, with a grain of its own."""
    light = rng.randint(least, 165)
    base = tuple(max(0, min(185, light + rng.randint(-25, 25))) for _ in range(3))
    grain = _tile(rng, size).point([round(128 + (v - 128) * 0.8) for v in range(256)])
    image = Image.blend(
        Image.new("RGB", size, base), Image.merge("RGB", (grain,) * 3), rng.uniform(0.02, 0.2)
    )
    if rng.random() < 0.4:
        pen = ImageDraw.Draw(image)
        step, lean = rng.randint(60, 260), rng.uniform(-80, 80)
        for x in range(-100, size[0] + 100, step):
            pen.line(
                (x, 0, x + lean, size[1]),
                fill=tuple(round(part * 0.72) for part in base),
                width=rng.randint(2, 6),
            )
    return image


def _clutter(image: Image.Image, rng: random.Random) -> None:
    """A pen, a phone, the corner of a box."""
    pen = ImageDraw.Draw(image)
    for _ in range(rng.randint(1, 3)):
        x, y = rng.randrange(image.width), rng.randrange(image.height)
        if rng.random() < 0.5:
            pen.line(
                (x, y, x + rng.randint(-300, 300), y + rng.randint(-300, 300)), fill=(30, 40, 60), width=18
            )
        else:
            pen.rectangle((x, y, x + rng.randint(80, 400), y + rng.randint(80, 400)), fill=(60, 50, 45))


def _thumb(image: Image.Image, corners: Corners, rng: random.Random) -> None:
    """Of the hand that holds the sheet, at the middle of a side."""
    n = rng.randrange(4)
    (ax, ay), (bx, by) = corners[n], corners[(n + 1) % 4]
    x, y, radius = (ax + bx) / 2, (ay + by) / 2, rng.randint(35, 70)
    box = (x - radius, y - radius * 1.5, x + radius, y + radius * 1.5)
    ImageDraw.Draw(image).ellipse(box, fill=(200, 150, 125))


def _coefficients(corners: Corners, sheet: tuple[int, int]) -> list[float]:
    """Of the perspective that takes a point of the picture to one of the sheet."""
    flat = ((0, 0), (sheet[0], 0), sheet, (0, sheet[1]))
    rows = []
    for (x, y), (u, v) in zip(corners, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss and Jordan, the largest pivot first."""
    count = len(rows)
    for at in range(count):
        best = max(range(at, count), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for row in range(count):
            if row != at:
                factor = rows[row][at]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[at], strict=True)]
    return [row[-1] for row in rows]


# ---------------------------------------------------------------- without a sheet


def _without_paper(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """A door, a shelf, the empty table, a pocket: what is photographed by mistake."""
    sorts = (scenes.door, scenes.mailboxes, scenes.shelf, scenes.sign, scenes.field)
    sort = rng.choice((*sorts, None, None))
    if sort:
        world = sort(rng, rng)  # 640 × 480; upright its middle alone
        wide = round(world.height * min(size[0] / size[1], world.width / world.height))
        left = (world.width - wide) // 2
        return world.crop((left, 0, left + wide, world.height)).resize(size, Image.Resampling.BICUBIC)
    image = _table(rng, size, least=105)  # a darker one is too dark
    _clutter(image, rng)
    return image


# ---------------------------------------------------------------- light, blur, grain


def _light(rng: random.Random, most: float = 1.04) -> float:
    return rng.uniform(0.62, most)


def _finished(image: Image.Image, rng: random.Random, gain: float) -> Image.Image:
    return _grained(_lit(image, rng, gain), rng, rng.uniform(0.01, 0.05))


def _lit(image: Image.Image, rng: random.Random, gain: float) -> Image.Image:
    """Light falls from one side, warm or cold; now and then somebody's shadow lies across."""
    slope = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(image.size)
    least = rng.uniform(0.6, 1.0)
    lit = slope.point([round(255 * (least + (1 - least) * v / 255)) for v in range(256)])
    if rng.random() < 0.3:
        lit = ImageChops.multiply(lit, _shadow(rng, image.size))
    tints = [gain * rng.uniform(0.95, 1.05) for _ in range(3)]
    table = [min(255, round(v * tint)) for tint in tints for v in range(256)]
    return ImageChops.multiply(image.point(table), Image.merge("RGB", (lit, lit, lit)))


def _shadow(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """Of an arm or a phone, soft at its edge."""
    mask = Image.new("L", (size[0] // 8, size[1] // 8), 255)
    x, y = rng.randrange(mask.width), rng.randrange(mask.height)
    box = [
        (x, y),
        (x + 120, y + rng.randint(-40, 40)),
        (x + 120, y + 150),
        (x + rng.randint(-40, 40), y + 150),
    ]
    ImageDraw.Draw(mask).polygon(box, fill=rng.randint(150, 215))
    return mask.filter(ImageFilter.GaussianBlur(rng.uniform(2, 8))).resize(size, Image.Resampling.BILINEAR)


def _blurred(image: Image.Image, rng: random.Random) -> Image.Image:
    """Out of focus, or moved while it was taken."""
    if rng.random() < 0.5:
        return image.filter(ImageFilter.GaussianBlur(rng.uniform(4, 12)))
    turn, length, steps = rng.uniform(0, math.pi), rng.uniform(16, 50), 14
    moved = image
    for n in range(1, steps):
        dx, dy = (round(length * n / steps * part) for part in (math.cos(turn), math.sin(turn)))
        moved = Image.blend(moved, ImageChops.offset(image, dx, dy), 1 / (n + 1))
    return moved.filter(ImageFilter.GaussianBlur(rng.uniform(0.8, 2)))


def _glaring(image: Image.Image, corners: Corners, rng: random.Random) -> Image.Image:
    """A lamp or the flash mirrored in the sheet: in a patch all is white, writing and paper."""
    small = (image.width // 4, image.height // 4)
    mask = Image.new("L", small, 0)
    reach = math.dist(corners[0], corners[1]) / 4
    for _ in range(rng.choice((1, 1, 2))):
        x, y = _inside(corners, rng)
        wide, high = (reach * rng.uniform(0.08, 0.2) for _ in range(2))
        ImageDraw.Draw(mask).ellipse((x / 4 - wide, y / 4 - high, x / 4 + wide, y / 4 + high), fill=255)
    soft = mask.filter(ImageFilter.GaussianBlur(reach * rng.uniform(0.02, 0.06)))
    light = soft.point([min(255, round(v * 1.4)) for v in range(256)]).resize(
        image.size, Image.Resampling.BILINEAR
    )
    return ImageChops.add(image, Image.merge("RGB", (light,) * 3))


def _inside(corners: Corners, rng: random.Random) -> tuple[float, float]:
    """A point of the sheet, away from its edges."""
    across, down = rng.uniform(0.25, 0.75), rng.uniform(0.25, 0.75)
    parts = ((1 - across) * (1 - down), across * (1 - down), across * down, (1 - across) * down)
    return tuple(
        sum(part * corner[axis] for part, corner in zip(parts, corners, strict=True)) for axis in (0, 1)
    )


def _grained(image: Image.Image, rng: random.Random, strength: float) -> Image.Image:
    """The sensor's noise."""
    grain = _tile(rng, image.size)
    return Image.blend(image, Image.merge("RGB", (grain,) * 3), strength)


def _tile(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    tile = _noise()[rng.randrange(TILES)]
    left, top = rng.randrange(tile.width - size[0]), rng.randrange(tile.height - size[1])
    return tile.crop((left, top, left + size[0], top + size[1]))


@cache
def _noise() -> list[Image.Image]:
    """Grey grain, fine and coarse, of a seed of ours."""
    rng, size = random.Random("receipts"), (2000, 2000)
    made = [Image.frombytes("L", size, rng.randbytes(size[0] * size[1])) for _ in range(TILES)]
    return [one.filter(ImageFilter.GaussianBlur(0.5 + n % 3)) for n, one in enumerate(made)]
