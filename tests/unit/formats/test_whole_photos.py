"""A JPEG is read whole at an eighth of its size: what that finds broken is exactly what a decoder of every pixel finds broken."""

import io
import random

import pytest
from PIL import Image

from webapp.core.problems import Problem
from webapp.formats.images import inspect_photo, is_whole

FORMS = {
    "plain": {},
    "progressive": {"progressive": True},
    "full colours": {"subsampling": 0},
    "restarts": {"restart_marker_blocks": 3},
    "optimised": {"optimize": True, "quality": 40},
}


def jpeg(mode: str, size: tuple[int, int], **more) -> bytes:
    rng, out = random.Random(f"{mode} {size}"), io.BytesIO()
    small = Image.frombytes("RGB", (40, 30), rng.randbytes(40 * 30 * 3))
    small.resize(size).convert(mode).save(out, "JPEG", **more)
    return out.getvalue()


def decodes(data: bytes) -> bool:
    """Every pixel of it."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            image.load()
    except Exception:
        return False
    return True


def taken(data: bytes) -> bool:
    try:
        inspect_photo(data, 10**6, 10**7)
    except Problem:
        return False
    return True


def scans(data: bytes) -> list[int]:
    """Where something can be damaged within the picture's own bytes."""
    return list(range(data.index(b"\xff\xda") + 14, len(data) - 2))


@pytest.mark.parametrize("mode, size", [("RGB", (640, 480)), ("L", (321, 247)), ("RGB", (5, 3))])
@pytest.mark.parametrize("form", FORMS)
def test_what_is_whole_is_taken_and_measured(form, mode, size):
    data = jpeg(mode, size, **FORMS[form])
    info = inspect_photo(data, 10**6, 10**7)
    assert (info.mime, info.width, info.height) == ("image/jpeg", *size) and is_whole(data)


@pytest.mark.parametrize("form", FORMS)
def test_what_no_decoder_reads_to_its_end_is_broken(form):
    data, rng = jpeg("RGB", (640, 480), **FORMS[form]), random.Random(form)
    places = scans(data)
    for place in rng.sample(places, 60):
        cut = data[:place]
        assert not taken(cut) and not is_whole(cut)
        ended = cut + b"\xff\xd9"  # the walk over its parts sees an end: only the decoder misses the rest
        assert taken(ended) == decodes(ended), place
        flipped = bytearray(data)
        for other in rng.sample(places, 3):
            flipped[other] ^= 1 << rng.randrange(8)
        if taken(bytes(flipped)):
            assert decodes(bytes(flipped)), place
