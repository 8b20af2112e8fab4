"""Photos: bytes in, what they are or a problem out. Every photo is decoded in full: a header proves nothing."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from webapp.core.problems import Problem

FORMATS = ("JPEG", "PNG", "WEBP")
MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
THUMBNAIL = 320


@dataclass(frozen=True)
class PhotoInfo:
    """What a photo is: MIME type and size in pixels."""

    mime: str
    width: int
    height: int


def inspect_photo(data: bytes, max_bytes: int, max_pixels: int) -> PhotoInfo:
    """The photo in ``data``, decoded whole; raises photo-format, photo-broken or photo-too-large."""
    if len(data) > max_bytes:
        raise Problem("photo-too-large", {"photo": f"{len(data)} bytes of at most {max_bytes}"})
    image = _open(data)
    if image.width * image.height > max_pixels:
        raise Problem("photo-too-large", {"photo": f"{image.width} × {image.height} pixels"})
    info = PhotoInfo(MIMES[image.format], image.width, image.height)
    _load(image)
    return info


def _open(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Problem("photo-too-large", {"photo": "too many pixels"}) from error
    except UnidentifiedImageError as error:
        raise Problem("photo-format", {"photo": "not a JPEG, PNG or WebP"}) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Problem("photo-broken", {"photo": "cannot be opened"}) from error


def _load(image: Image.Image) -> None:
    # Always load(): verify() passes truncated files.
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise Problem("photo-broken", {"photo": "is not whole"}) from error


def thumbnail(data: bytes, size: int = THUMBNAIL) -> bytes:
    """A JPEG of at most ``size`` pixels a side, upright."""
    image = _open(data)
    image.thumbnail((size, size), Image.Resampling.BICUBIC, reducing_gap=1.0)
    image = ImageOps.exif_transpose(image).convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=78, optimize=True)
    return out.getvalue()
