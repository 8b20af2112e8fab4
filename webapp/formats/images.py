"""Photos: bytes in, what they are or a problem out. Every photo is decoded in full: a header proves nothing."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageOps, UnidentifiedImageError

from webapp.core.budgets import MEBI, UNPACKING
from webapp.core.problems import Problem
from webapp.formats.image_parts import check_parts

FORMATS = ("JPEG", "PNG", "WEBP")
MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
THUMBNAIL = 320
MOST_UNPACKED = 120 * MEBI  # of memory; what the app makes of a photo takes 8
_POSITION = 0x8825  # the EXIF tag that leads to the GPS part


@dataclass(frozen=True)
class PhotoInfo:
    """What a photo is: MIME type and size in pixels."""

    mime: str
    width: int
    height: int


def inspect_photo(data: bytes, max_bytes: int, max_pixels: int) -> PhotoInfo:
    """The photo in ``data``, decoded whole; raises photo-format, photo-broken, photo-extras or photo-too-large."""
    if len(data) > max_bytes:
        raise Problem("photo-too-large", {"photo": f"{len(data)} bytes of at most {max_bytes}"})
    with _whole():
        image = _open(data)
        if image.width * image.height > max_pixels:
            raise Problem("photo-too-large", {"photo": f"{image.width} × {image.height} pixels"})
        check_parts(data)
        if image.format not in MIMES:
            raise Problem("photo-format", {"photo": f"a {image.format} file"})
        info = PhotoInfo(MIMES[image.format], image.width, image.height)
        if (cost := _unpacked(image, data)) > MOST_UNPACKED:
            raise Problem("photo-too-large", {"photo": f"{cost // MEBI} MiB unpacked"})
        with UNPACKING.using(cost):
            # An eighth of its size is enough to read every byte of it, and takes a third of the time; a PNG or WebP has no such way.
            image.draft(None, (1, 1))
            image.load()  # always: verify() passes truncated files
            _check_exif(image)  # a PNG tells it only when it has been read
            image.close()
        return info


def _unpacked(image: Image.Image, data: bytes) -> int:
    """About how many bytes of memory decoding takes, at most: the picture, and what its decoder keeps beside it."""
    # What shines through is multiplied before it is made smaller, in a copy.
    bytes_each = 1 if image.mode in ("1", "L", "P") else 8 if image.mode in ("LA", "PA", "RGBA") else 4
    if image.format == "JPEG" and data.count(b"\xff\xda") > 1:
        # Of several scans every coefficient is kept until the last.
        bytes_each += 2 * len(image.getbands())
    elif image.format == "WEBP":
        bytes_each += 12
    return image.width * image.height * bytes_each


def is_whole(data: bytes) -> bool:
    """Whether a JPEG that this server made is undamaged, as far as its file tells."""
    try:
        with _whole(), _open(data) as image:
            check_parts(data)
            image.draft(None, (1, 1))
            image.load()
    except Problem:
        return False
    return True


@contextmanager
def _whole() -> Iterator[None]:
    """Whatever a decoder makes of damaged bytes, it is the photo that is broken and never the server."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except Problem:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Problem("photo-too-large", {"photo": "too many pixels"}) from error
    except UnidentifiedImageError as error:
        raise Problem("photo-format", {"photo": "not a JPEG, PNG or WebP"}) from error
    except Exception as error:
        raise Problem("photo-broken", {"photo": "is not whole"}) from error


def _open(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _check_exif(image: Image.Image) -> None:
    """Some browsers write the size and the camera's turn into EXIF; a position there came from a camera's own file."""
    exif = image.getexif()
    if exif.get_ifd(_POSITION) or _POSITION in exif:
        raise Problem("photo-extras", {"photo": "a position"})
    exif.tobytes()  # what cannot be written again was damaged


def thumbnail(data: bytes, size: int = THUMBNAIL) -> bytes:
    """A JPEG of at most ``size`` pixels a side, upright; raises photo-broken."""
    with _whole(), _open(data) as image, UNPACKING.using(_unpacked(image, data)):
        image.thumbnail((size, size), Image.Resampling.BICUBIC, reducing_gap=1.0)
        upright = ImageOps.exif_transpose(image).convert("RGB")
        # A picture of its own: what the file holds beside its pixels does not go with them.
        plain = Image.new("RGB", upright.size)
        plain.paste(upright)
        out = io.BytesIO()
        plain.save(out, "JPEG", quality=78, optimize=True)
        return out.getvalue()


PLAIN = 1600  # pixels of a side: what the field app makes of a photo, too
_DETAILS, _TAKEN = (
    0x8769,
    0x9003,
)  # the EXIF part of the exposure, and when it was made, by the camera's own clock


def plain_photo(data: bytes, max_bytes: int, max_pixels: int) -> tuple[bytes, datetime | None]:
    """A camera's file as a plain upright JPEG without anything beside its pixels, and when it says that it was taken.

    The moment is one of the camera's clock, without an offset, or None. Raises photo-format, photo-broken or photo-too-large.
    """
    if len(data) > max_bytes:
        raise Problem("photo-too-large", {"photo": f"{len(data)} bytes of at most {max_bytes}"})
    with _whole(), _open(data) as image:
        if image.width * image.height > max_pixels:
            raise Problem("photo-too-large", {"photo": f"{image.width} × {image.height} pixels"})
        if (cost := _unpacked(image, data)) > MOST_UNPACKED:
            raise Problem("photo-too-large", {"photo": f"{cost // MEBI} MiB unpacked"})
        said = str(image.getexif().get_ifd(_DETAILS).get(_TAKEN, ""))
    return thumbnail(data, PLAIN), _moment(said)


def _moment(said: str) -> datetime | None:
    """What a camera writes; one whose clock was never set writes zeros."""
    try:
        return datetime.strptime(said.strip("\x00 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
