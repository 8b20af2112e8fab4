"""A camera's file becomes a plain picture: upright, without anything beside its pixels, and when it was taken is told."""

import io
from datetime import datetime

import pytest
from PIL import Image

from webapp.core.problems import Problem
from webapp.formats.images import PLAIN, inspect_photo, plain_photo

MOST = 5 * 1024 * 1024
TAKEN, DETAILS, TURN, POSITION = 0x9003, 0x8769, 0x0112, 0x8825


def camera(size=(80, 40), taken: str | None = "2026:11:20 10:15:00", turn: int = 6) -> bytes:
    exif = Image.Exif()
    exif[TURN] = turn
    if taken:
        exif.get_ifd(DETAILS)[TAKEN] = taken
    exif.get_ifd(POSITION)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", size, (200, 40, 40)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_it_is_upright_and_holds_nothing_beside_its_pixels():
    data, taken = plain_photo(camera(), MOST, 10**6)
    assert taken == datetime(2026, 11, 20, 10, 15)
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((40, 80), {})
    inspect_photo(data, MOST, 10**6)  # as a phone's photo is looked at


@pytest.mark.parametrize(
    "said", [None, "", "yesterday", "2026:11:20", "0000:00:00 00:00:00", "2026:99:99 10:15:00"]
)
def test_a_camera_that_says_no_moment_tells_none(said):
    assert plain_photo(camera(taken=said), MOST, 10**6)[1] is None


def test_a_large_one_is_made_smaller():
    data, _ = plain_photo(camera((4000, 1000), turn=1), MOST, 10**7)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (PLAIN, PLAIN // 4)


@pytest.mark.parametrize(
    ("data", "pixels", "code"),
    [
        (b"no picture", 10**6, "photo-format"),
        (camera()[:200], 10**6, "photo-broken"),
        (camera(), 100, "photo-too-large"),
        (b"\xff" * (MOST + 1), 10**6, "photo-too-large"),
    ],
)
def test_what_is_no_whole_picture_is_refused(data, pixels, code):
    with pytest.raises(Problem) as refused:
        plain_photo(data, MOST, pixels)
    assert refused.value.code == code
