"""Invented pictures of relay points, and how they get to where a phone's photos are kept."""

import hashlib
import io
import random
from datetime import date, datetime

from PIL import Image, ImageDraw, ImageEnhance
from sqlalchemy.orm import Session

from webapp.formats.images import thumbnail
from webapp.photos.models import Photo, PhotoSender
from webapp.photos.store import THUMBNAIL, PhotoStore

WIDTH, HEIGHT = 480, 360
MARGIN = 40  # around what is drawn, so that no two pictures are taken from one spot
WALLS = ((214, 205, 184), (196, 208, 205), (222, 214, 208), (188, 196, 178), (206, 198, 214), (230, 224, 206))
WOODS = ((110, 88, 60), (92, 96, 100), (140, 104, 66), (70, 84, 92), (120, 72, 58))
PAPERS = ((236, 232, 220), (201, 168, 120), (222, 226, 232), (188, 150, 104), (240, 222, 180), (168, 186, 202))  # fmt: skip
INKS = ((60, 50, 40), (40, 60, 96), (120, 40, 36))


def picture(day: date, number: int) -> bytes:
    """An invented picture of a pigeonhole shelf: the same shelf for the same number, and on each day what lay in it then.

    Another day is another photo: from another spot, in another light, of other items. So nobody of the demo is suspected of having
    used a photo twice, unless somebody did.
    """
    place = random.Random(f"shelf {number}")  # noqa: S311  (a story, no draw)
    visit = random.Random(f"visit {number} {day.isoformat()}")  # noqa: S311
    width, height = WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN
    image = Image.new("RGB", (width, height), place.choice(WALLS))
    pen = ImageDraw.Draw(image)
    _surroundings(pen, place, width, height)
    _shelf(pen, place, visit, width, height)
    image = _taken(image, visit)
    pen = ImageDraw.Draw(image)
    pen.text((12, HEIGHT - 18), f"{day.isoformat()} #{number}", fill=(60, 50, 40))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def taken_again(data: bytes) -> bytes:
    """The same picture once more, cut a little smaller: what somebody sends who did not go there."""
    image = Image.open(io.BytesIO(data))
    cut = image.crop((WIDTH // 20, HEIGHT // 24, WIDTH - WIDTH // 16, HEIGHT - HEIGHT // 12))
    out = io.BytesIO()
    cut.resize((WIDTH, HEIGHT)).save(out, "JPEG", quality=60)
    return out.getvalue()


def _surroundings(pen: ImageDraw.ImageDraw, place: random.Random, width: int, height: int) -> None:
    """The floor, a door, and notices on the wall."""
    floor = height - place.randint(30, 80)
    pen.rectangle((0, floor, width, height), fill=place.choice(WOODS))
    for _ in range(place.randint(2, 5)):
        left, top = place.randint(0, width - 60), place.randint(0, 90)
        across, down = place.randint(30, 90), place.randint(24, 70)
        pen.rectangle(
            (left, top, left + across, top + down), fill=place.choice(PAPERS), outline=place.choice(INKS)
        )
        for line in range(top + 8, top + down - 6, place.randint(6, 11)):
            pen.line(
                (left + 6, line, left + place.randint(12, across - 4), line), fill=place.choice(INKS), width=2
            )
    door = place.randint(-60, width - 40)
    pen.rectangle(
        (door, place.randint(20, 120), door + place.randint(50, 120), floor), fill=place.choice(WOODS)
    )


def _shelf(
    pen: ImageDraw.ImageDraw, place: random.Random, visit: random.Random, width: int, height: int
) -> None:
    """Rows and columns of its own, and in the pigeonholes what lies in them that day."""
    rows, columns, wood = place.randint(2, 4), place.randint(3, 6), place.choice(WOODS)
    left, top = place.randint(30, 110), place.randint(60, 130)
    wide = (width - left - place.randint(30, 90)) // columns
    high = (height - top - place.randint(40, 90)) // rows
    ground = place.choice(WALLS)
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * wide, top + row * high
            pen.rectangle((x, y, x + wide, y + high), fill=ground, outline=wood, width=5)
            pen.rectangle((x + 8, y + 6, x + 8 + place.randint(14, 30), y + 14), fill=place.choice(PAPERS))
            for _ in range(visit.choice((0, 0, 1, 1, 2, 3))):
                _item(pen, visit, x + 5, y + 18, wide - 10, high - 23)


def _item(pen: ImageDraw.ImageDraw, visit: random.Random, x: int, y: int, wide: int, high: int) -> None:
    """A letter or a parcel that stands in the hole, leaning to one side, with its address."""
    across = visit.randint(wide // 3, max(wide // 3 + 1, wide - 8))
    down = visit.randint(high // 3, max(high // 3 + 1, high - 4))
    left, lean = x + visit.randint(0, max(1, wide - across)), visit.randint(-8, 8)
    bottom, ink = y + high, visit.choice(INKS)
    top, right = bottom - down, left + across
    corners = ((left, bottom), (right, bottom), (right + lean, top), (left + lean, top))
    pen.polygon(corners, fill=visit.choice(PAPERS), outline=ink)
    for line in range(visit.randint(1, 3)):
        at = top + 7 + 7 * line
        pen.line(
            (left + lean + 5, at, left + lean + visit.randint(10, max(11, across - 6)), at), fill=ink, width=2
        )


def _taken(image: Image.Image, visit: random.Random) -> Image.Image:
    """From a spot near the shelf, by hand, in the light of that day."""
    right, bottom = image.size
    corners = ((0, 0), (0, bottom), (right, bottom), (right, 0))
    seen = [abs(edge - visit.uniform(0, MARGIN)) for corner in corners for edge in corner]
    image = image.transform((WIDTH, HEIGHT), Image.Transform.QUAD, seen, Image.Resampling.BILINEAR)
    return ImageEnhance.Brightness(image).enhance(visit.uniform(0.75, 1.1))


def keep(session: Session, store: PhotoStore, now: datetime, person: str, data: bytes) -> dict:
    """Keep a picture as if the person's phone had sent it; what an item says of it."""
    digest = hashlib.sha256(data).hexdigest()
    if session.get(Photo, digest) is None:
        store.write(digest, data)
        store.write(digest, thumbnail(data), THUMBNAIL)
        session.add(
            Photo(
                digest=digest, size=len(data), mime="image/jpeg", width=WIDTH, height=HEIGHT,
                uploaded_by=person, received_at=now,
            )
        )  # fmt: skip
    if session.get(PhotoSender, (digest, person)) is None:
        session.add(PhotoSender(digest=digest, person_id=person, received_at=now))
    return {"sha256": digest, "size": len(data), "type": "image/jpeg"}
