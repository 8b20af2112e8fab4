"""Invented pictures of relay points, and how they get to where a phone's photos are kept."""

import hashlib
import io
from datetime import date, datetime

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from webapp.formats.images import thumbnail
from webapp.photos.models import Photo, PhotoSender
from webapp.photos.store import THUMBNAIL, PhotoStore

WIDTH, HEIGHT = 480, 360


def picture(day: date, number: int) -> bytes:
    """An invented picture of a pigeonhole shelf, different for each visit."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (214, 205, 184))
    pen = ImageDraw.Draw(image)
    for row in range(3):
        for column in range(5):
            left, top = 20 + column * 90, 30 + row * 100
            pen.rectangle((left, top, left + 78, top + 84), outline=(110, 88, 60), width=4)
            if (row * 5 + column + number + day.day) % 3:
                pen.rectangle(
                    (left + 12, top + 50, left + 66, top + 80), fill=(236, 232, 220), outline=(150, 140, 120)
                )
    pen.text((24, 336), f"{day.isoformat()} #{number}", fill=(60, 50, 40))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


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
