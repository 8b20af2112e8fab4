"""What becomes of a photo that is used a second time: cropped, made smaller, brighter, a screenshot, encoded anew.

Each copy goes through several of these at once, as it would on a phone: out of the album, through a messenger, into the app.
"""

import io
import random

from PIL import Image, ImageDraw, ImageEnhance

CROP = 0.15  # of each side at most
QUALITY = (30, 95)
SMALLEST = 0.6  # of the width


def encoded(image: Image.Image, rng: random.Random, quality: int | None = None) -> bytes:
    """As a phone writes it: WebP where its browser can, else JPEG."""
    quality = rng.randint(*QUALITY) if quality is None else quality
    out = io.BytesIO()
    image.save(out, "WEBP" if rng.random() < 0.4 else "JPEG", quality=quality, method=0)
    return out.getvalue()


def copy_of(image: Image.Image, rng: random.Random) -> tuple[bytes, dict[str, float]]:
    """The photo once more, and what was done with it: {"crop": …, "scale": …, "light": …, "frame": 0 or 1, "quality": …}."""
    image, crop = _cropped(image, rng)
    scale = rng.uniform(SMALLEST, 1.0)
    image = image.resize(
        (round(image.width * scale), round(image.height * scale)),
        rng.choice((Image.Resampling.LANCZOS, Image.Resampling.BILINEAR)),
    )
    image, light = _lighter(image, rng)
    frame = rng.random() < 0.15
    if frame:
        image = _screenshot(image, rng)
    quality = rng.randint(*QUALITY)
    data = encoded(image, rng, quality)
    if rng.random() < 0.3:  # a messenger on the way
        data = encoded(Image.open(io.BytesIO(data)).convert("RGB"), rng)
    return data, {"crop": crop, "scale": scale, "light": light, "frame": float(frame), "quality": quality}


def _cropped(image: Image.Image, rng: random.Random) -> tuple[Image.Image, float]:
    """Up to 15 % off each side, each by itself; a third of the copies are not cropped."""
    if rng.random() < 1 / 3:
        return image, 0.0
    left, top, right, bottom = (rng.uniform(0, CROP) for _ in range(4))
    w, h = image.size
    box = (round(w * left), round(h * top), round(w * (1 - right)), round(h * (1 - bottom)))
    return image.crop(box), left + right + top + bottom


def _lighter(image: Image.Image, rng: random.Random) -> tuple[Image.Image, float]:
    if rng.random() < 0.4:
        return image, 1.0
    light = rng.uniform(0.7, 1.3)
    image = ImageEnhance.Brightness(image).enhance(light)
    return ImageEnhance.Contrast(image).enhance(rng.uniform(0.8, 1.25)), light


def _screenshot(image: Image.Image, rng: random.Random) -> Image.Image:
    """An album's screen: the photo across it, bars above and below."""
    bar = rng.choice(((0, 0, 0), (255, 255, 255), (24, 24, 24)))
    above, below = (round(image.height * rng.uniform(0.05, 0.35)) for _ in range(2))
    screen = Image.new("RGB", (image.width, image.height + above + below), bar)
    screen.paste(image, (0, above))
    pen = ImageDraw.Draw(screen)
    pen.text((6, 2), f"{rng.randint(0, 23)}:{rng.randint(10, 59)}", fill=(128, 128, 128))
    return screen
