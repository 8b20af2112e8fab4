"""Invented photos as carriers and inspectors take them: receipts, doors, mailboxes, parcels, shelves, walls, dark cellars.

A *place* is what stands there (one door, one printed form, one wall); many photos are of one place, each taken anew: from
another spot, in another light, with another number on it. So photos of one place look alike and are none the less
different photos. Drawn from a seed: ``photo(seed, n)`` is the same picture in every run.
"""

import math
import random
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

SIZE = (
    480,
    360,
)  # of a photo in pixels; a phone's has 1600 × 1200, and is looked at in its thumbnail of 320 px as well
WORLD = (640, 480)  # what stands before the camera
A_PLACE = 10  # photos of one place, one after another by number
TILES = 8
Pen = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


def photo(seed: int, number: int) -> Image.Image:
    """The photo of that number."""
    place = random.Random(f"{seed}/place/{number // A_PLACE}")
    taken = random.Random(f"{seed}/photo/{number}")
    sort = place.choices(list(SORTS), weights=list(SORTS.values()))[0]
    return _taken(sort(place, taken), taken)


# ---------------------------------------------------------------- how a photo is taken


def _taken(world: Image.Image, rng: random.Random) -> Image.Image:
    """From a spot nearby, by hand: turned, tilted, nearer or farther; then light, blur and the sensor's noise."""
    width, height = WORLD
    zoom, turn = rng.uniform(0.80, 0.95), math.radians(rng.gauss(0, 2.0))
    x, y = width / 2 + rng.gauss(0, 14), height / 2 + rng.gauss(0, 11)
    corners = []
    for sx, sy in ((-1, -1), (-1, 1), (1, 1), (1, -1)):
        dx, dy = sx * width / 2 * zoom + rng.gauss(0, 6), sy * height / 2 * zoom + rng.gauss(0, 6)
        corners += [
            x + dx * math.cos(turn) - dy * math.sin(turn),
            y + dx * math.sin(turn) + dy * math.cos(turn),
        ]
    seen = world.transform(SIZE, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR)
    if rng.random() < 0.4:
        seen = seen.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))
    return _noisy(_lit(seen, rng), rng)


def _lit(image: Image.Image, rng: random.Random) -> Image.Image:
    """Light falls from one side; the whole is brighter or darker, warmer or colder."""
    slope = _slope().rotate(rng.choice((0, 90, 180, 270))).resize(SIZE)
    least = rng.uniform(0.5, 0.95)
    lit = slope.point([round(255 * (least + (1 - least) * v / 255)) for v in range(256)])
    gains = [rng.uniform(0.85, 1.05) * rng.uniform(0.95, 1.05) for _ in range(3)]
    table = [min(255, round(v * gain)) for gain in gains for v in range(256)]
    return ImageChops.multiply(image.point(table), Image.merge("RGB", (lit, lit, lit)))


def _noisy(image: Image.Image, rng: random.Random) -> Image.Image:
    tile = _noise()[rng.randrange(TILES)]
    left, top = rng.randrange(SIZE[0]), rng.randrange(SIZE[1])
    grain = tile.crop((left, top, left + SIZE[0], top + SIZE[1]))
    return Image.blend(image, Image.merge("RGB", (grain, grain, grain)), rng.uniform(0.02, 0.07))


@cache
def _slope() -> Image.Image:
    return Image.linear_gradient("L")


@cache
def _noise() -> list[Image.Image]:
    """Grey grain, made of the library's own generator of bytes with a seed of ours."""
    rng = random.Random("grain")
    size = (2 * SIZE[0], 2 * SIZE[1])
    made = [Image.frombytes("L", size, rng.randbytes(size[0] * size[1])) for _ in range(TILES)]
    return [one.filter(ImageFilter.GaussianBlur(rng.choice((0.4, 0.7, 1.2, 2.5)))) for one in made]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


# ---------------------------------------------------------------- what stands there


def _ground(place: random.Random, light: int, spread: int = 30) -> Image.Image:
    """A table, a floor, a wall: one colour with a texture that belongs to the place."""
    base = _colour(place, light, spread)
    tile, contrast = _noise()[place.randrange(TILES)], place.uniform(0.5, 2.0)
    left, top = place.randrange(tile.width - WORLD[0]), place.randrange(tile.height - WORLD[1])
    grain = tile.crop((left, top, left + WORLD[0], top + WORLD[1]))
    texture = grain.point([min(255, max(0, round(128 + (v - 128) * contrast))) for v in range(256)])
    return Image.blend(
        Image.new("RGB", WORLD, base), Image.merge("RGB", (texture,) * 3), place.uniform(0.05, 0.25)
    )


def _colour(rng: random.Random, light: int, spread: int = 30) -> Colour:
    return tuple(min(255, max(0, light + rng.randint(-spread, spread))) for _ in range(3))


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def receipt(place: random.Random, taken: random.Random) -> Image.Image:
    """A printed form on a table: the same lines and words on every one, other numbers, other strokes of a signature."""
    image = _ground(place, place.randint(60, 150))
    pen = ImageDraw.Draw(image)
    left, top = place.randint(70, 130), place.randint(30, 70)
    right, bottom = left + place.randint(360, 420), top + place.randint(330, 390)
    pen.rectangle((left, top, right, bottom), fill=_colour(place, 235, 12))
    pen.text(
        (left + 90, top + 8),
        place.choice(("RECEIPT", "DELIVERY NOTE", "POSTAL FORM 2102")),
        fill=(20, 20, 20),
        font=_font(22),
    )
    lines = place.randint(5, 9)
    step = (bottom - top - 130) / lines
    for row in range(lines):
        y = top + 44 + row * step
        pen.line((left + 12, y, right - 12, y), fill=(90, 90, 90), width=1)
        pen.text((left + 16, y + 4), _word(place), fill=(40, 40, 40), font=_font(14))
        pen.text((left + 130, y + 2), _digits(taken, taken.randint(6, 15)), fill=(25, 25, 60), font=_font(18))
    _bars(pen, taken, left + 20, bottom - 74, right - 120, bottom - 36)
    pen.text((left + 30, bottom - 32), _digits(taken, 13), fill=(10, 10, 10), font=_font(16))
    _signature(pen, taken, right - 110, bottom - 70)
    return image


def _word(rng: random.Random) -> str:
    return "".join(rng.choice("abcdefghijklmnoprstuvw") for _ in range(rng.randint(4, 10))).title()


def _bars(pen: Pen, rng: random.Random, left: float, top: float, right: float, bottom: float) -> None:
    x = left
    while x < right:
        wide = rng.choice((1, 2, 3, 4))
        pen.rectangle((x, top, x + wide - 1, bottom), fill=(10, 10, 10))
        x += wide + rng.choice((1, 2, 3))


def _signature(pen: Pen, rng: random.Random, left: float, top: float) -> None:
    points = [(left + n * 12 + rng.uniform(-6, 6), top + rng.uniform(0, 50)) for n in range(8)]
    pen.line(points, fill=(20, 30, 120), width=2, joint="curve")


def door(place: random.Random, taken: random.Random) -> Image.Image:
    """A door in a wall; now and then a slip hangs on it."""
    image = _ground(place, place.randint(120, 210))
    pen = ImageDraw.Draw(image)
    left, wide = place.randint(150, 260), place.randint(170, 230)
    frame, leaf = _colour(place, 90), _colour(place, 130, 50)
    pen.rectangle((left - 10, 30, left + wide + 10, 480), fill=frame)
    pen.rectangle((left, 42, left + wide, 480), fill=leaf)
    for row in range(place.randint(1, 3)):
        y = 70 + row * 130
        for column in range(place.choice((1, 2))):
            x = left + 18 + column * wide / 2
            pen.rectangle((x, y, x + wide / 2 - 30, y + 100), outline=frame, width=place.randint(2, 5))
    pen.ellipse((left + wide - 30, 260, left + wide - 14, 276), fill=(210, 200, 120))
    pen.text((left + wide / 2 - 20, 46), _digits(place, 3), fill=(240, 240, 240), font=_font(20))
    _slip(pen, taken, left + 20, 120, wide - 60, 200)
    return image


def _slip(pen: Pen, rng: random.Random, left: float, top: float, wide: float, high: float) -> None:
    """A note, a parcel, a hand's shadow: what is there this time."""
    x, y = left + rng.uniform(0, wide), top + rng.uniform(0, high)
    w, h = rng.uniform(30, 90), rng.uniform(25, 80)
    pen.rectangle((x, y, x + w, y + h), fill=_colour(rng, 200, 50), outline=(60, 60, 60))
    for row in range(3):
        pen.text((x + 4, y + 2 + row * 16), _digits(rng, 6), fill=(30, 30, 30), font=_font(13))


def mailboxes(place: random.Random, taken: random.Random) -> Image.Image:
    """Rows of equal boxes with numbers; papers stick out of other ones each time."""
    image = _ground(place, place.randint(130, 200))
    pen = ImageDraw.Draw(image)
    columns, rows = place.randint(4, 7), place.randint(3, 6)
    wide, high = 540 / columns, 400 / rows
    fill, edge = _colour(place, 150, 60), _colour(place, 70, 40)
    first = place.randint(1, 900)
    for row in range(rows):
        for column in range(columns):
            x, y = 50 + column * wide, 40 + row * high
            pen.rectangle((x, y, x + wide - 6, y + high - 6), fill=fill, outline=edge, width=3)
            pen.rectangle((x + 10, y + 10, x + wide - 20, y + 16), fill=(30, 30, 30))
            pen.text(
                (x + 10, y + 20), str(first + row * columns + column), fill=(250, 250, 250), font=_font(16)
            )
            if taken.random() < 0.35:
                pen.polygon(
                    [(x + 14, y + 14), (x + wide - 26, y + 12), (x + wide - 30, y + 40)],
                    fill=_colour(taken, 225, 25),
                )
    return image


def parcel(place: random.Random, taken: random.Random) -> Image.Image:
    """A parcel on this place's floor: the box, the tape, the label with its number."""
    image = _ground(place, place.randint(80, 180))
    pen = ImageDraw.Draw(image)
    for n in range(place.randint(0, 8)):
        x = n * place.randint(70, 110)
        pen.line((x, 0, x + place.randint(-30, 30), 480), fill=_colour(place, 110), width=2)
    left, top = taken.randint(60, 180), taken.randint(50, 140)
    right, bottom = left + taken.randint(240, 360), top + taken.randint(180, 280)
    card = _colour(taken, 160, 25)
    pen.polygon(
        [
            (left, top),
            (right, top + taken.randint(-20, 20)),
            (right + taken.randint(-15, 15), bottom),
            (left + taken.randint(-15, 15), bottom),
        ],
        fill=(card[0], card[1] - 25, max(0, card[2] - 60)),
    )
    middle = (top + bottom) / 2 + taken.randint(-20, 20)
    pen.rectangle((left, middle - 14, right, middle + 14), fill=_colour(taken, 200, 15))
    lx, ly = left + taken.randint(20, 80), top + taken.randint(15, 60)
    pen.rectangle((lx, ly, lx + 170, ly + 110), fill=(240, 240, 238))
    _bars(pen, taken, lx + 10, ly + 8, lx + 150, ly + 36)
    for row in range(4):
        pen.text(
            (lx + 10, ly + 40 + row * 17),
            _word(taken) + " " + _digits(taken, 5),
            fill=(20, 20, 20),
            font=_font(14),
        )
    return image


def shelf(place: random.Random, taken: random.Random) -> Image.Image:
    """The pigeonholes of a relay point with letters in some of them."""
    image = _ground(place, place.randint(100, 170))
    pen = ImageDraw.Draw(image)
    columns, rows = place.randint(3, 6), place.randint(2, 4)
    wide, high = 560 / columns, 400 / rows
    wood = _colour(place, 120, 30)
    for row in range(rows):
        for column in range(columns):
            x, y = 40 + column * wide, 40 + row * high
            pen.rectangle(
                (x, y, x + wide - 4, y + high - 4), fill=_colour(place, 50, 15), outline=wood, width=6
            )
            for n in range(taken.choice((0, 0, 1, 3, 6))):
                low = y + high - 12 - n * 7
                pen.line(
                    (x + 10, low, x + wide - 16 - taken.randint(0, 30), low + taken.randint(-3, 3)),
                    fill=_colour(taken, 220, 30),
                    width=5,
                )
    return image


def sign(place: random.Random, taken: random.Random) -> Image.Image:
    """A wall with the sign of a relay point, in every photo the same, and somebody's bicycle or bag before it."""
    image = _ground(place, place.randint(120, 220))
    pen = ImageDraw.Draw(image)
    left, top = place.randint(120, 240), place.randint(60, 160)
    pen.rectangle(
        (left, top, left + 300, top + 130), fill=_colour(place, 60, 50), outline=(230, 230, 230), width=4
    )
    for row in range(3):
        pen.text(
            (left + 16, top + 12 + row * 36),
            f"{_word(place)} {_digits(place, 4)}",
            fill=(240, 240, 200),
            font=_font(24),
        )
    _slip(pen, taken, 40, 300, 480, 90)
    _slip(pen, taken, 40, 220, 480, 160)
    return image


def field(place: random.Random, taken: random.Random) -> Image.Image:
    """Outdoors: patches of light and dark, no edge of anything built."""
    tiny = Image.frombytes("RGB", (12, 9), taken.randbytes(12 * 9 * 3))
    image = tiny.resize(WORLD, Image.Resampling.BICUBIC)
    return Image.blend(image, _ground(place, 140), place.uniform(0.3, 0.6))


def dark(place: random.Random, taken: random.Random) -> Image.Image:
    """A cellar at night, a lens cap, a sheet of white paper: nothing to be seen but noise."""
    light = place.choice((4, 12, 20, 245))
    return Image.new("RGB", WORLD, _colour(place, light, 4))


SORTS = {receipt: 30, door: 14, mailboxes: 12, parcel: 16, shelf: 10, sign: 8, field: 5, dark: 5}
