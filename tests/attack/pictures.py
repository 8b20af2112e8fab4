"""Photos: whole ones, damaged ones, and small files that are large pictures."""

import hashlib
import io
import random
from functools import cache

from PIL import Image

from tests.attack import odd
from tests.attack.facts import HEADERS
from tests.attack.wire import Blow

FORMS = (("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("PNG", {"optimize": True}), ("WEBP", {}),
         ("WEBP", {"lossless": True}), ("GIF", {}), ("TIFF", {}), ("BMP", {}), ("JPEG2000", {}))  # fmt: skip
MODES = ("RGB", "L", "RGBA", "P", "1", "LA", "CMYK", "I;16")


@cache
def picture(form: int, mode: str, side: int) -> bytes | None:
    """A picture of that form, or None where the form does not know the mode."""
    noise = Image.frombytes("RGB", (16, 16), random.Random(form).randbytes(768)).resize((side, side))
    name, more = FORMS[form]
    file = io.BytesIO()
    try:
        (Image.new(mode, (side, side)) if mode == "I;16" else noise.convert(mode)).save(file, name, **more)
    except (OSError, ValueError, KeyError):
        return None
    return file.getvalue()


def put(chance: random.Random) -> Blow:
    """Send one photo under its name, mostly."""
    side = (
        chance.choice((1, 16, 64, 400, 400, 1600))
        if chance.random() < 0.98
        else chance.choice((5_000, 6_300))
    )
    data = picture(chance.randrange(len(FORMS)), chance.choice(MODES), side) or b"no picture"
    if chance.random() < 0.8:
        data = odd.damaged(data, chance)
    name = (
        hashlib.sha256(data).hexdigest()
        if chance.random() < 0.97
        else chance.choice(("a" * 64, "..", "A" * 64))
    )
    return Blow(
        "photo", "PUT", f"/api/photos/{name}", data, chance.choice(("image/jpeg", "image/png")), HEADERS
    )
