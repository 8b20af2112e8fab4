"""Small photos, each with its own bytes."""

import base64
import io
import random
from functools import cache

from PIL import Image


@cache
def jpeg(number: int) -> str:
    """The photo of that number as base64; the same number is the same photo."""
    chance = random.Random(number)
    picture = Image.new("RGB", (16, 16), tuple(chance.randrange(256) for _ in range(3)))
    for _ in range(6):
        picture.putpixel(
            (chance.randrange(16), chance.randrange(16)), tuple(chance.randrange(256) for _ in range(3))
        )
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=80, comment=f"photo {number}")
    return base64.b64encode(data.getvalue()).decode()
