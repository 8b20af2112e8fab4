"""Photos found again: by marks, laid over each other. The measure over thousands is ``run.py bench signals``."""

import io
import random

import pytest
from PIL import Image, ImageEnhance

from bench import reuse, scenes
from bench.signals import Memory
from webapp.formats.images import thumbnail
from webapp.signals.finding import picture_of, twins_of
from webapp.signals.photo_hash import MARK_BYTES, MOST, colours_of, folded, packed, unfolded, unpacked

SEED = 3
SET = range(0, 80, 2)  # four places, ten photos of each


def stored(image: Image.Image, quality: int = 82, form: str = "JPEG") -> bytes:
    """What the store holds of it."""
    out = io.BytesIO()
    image.save(out, form, quality=quality)
    return thumbnail(out.getvalue())


@pytest.fixture(scope="module")
def kept() -> Memory:
    memory = Memory()
    for number in SET:
        data = stored(scenes.photo(SEED, number))
        picture = picture_of(data)
        memory.add(number, data, packed(picture.marks) if picture else b"")
    return memory


def seen(memory: Memory, data: bytes) -> list[int]:
    picture = picture_of(data)
    return [twin.photo for twin in twins_of(picture, memory)] if picture else []


def number_with_marks(memory: Memory) -> int:
    return next(number for number in SET if len(memory.kept[number]) > MARK_BYTES * 40)


CHANGES = {
    "saved at quality 30": lambda image: stored(image, 30),
    "saved as WebP": lambda image: stored(image, 60, "WEBP"),
    "half the size": lambda image: stored(image.resize((240, 180))),
    "cropped": lambda image: stored(image.crop((50, 20, 440, 330))),
    "darker": lambda image: stored(ImageEnhance.Brightness(image).enhance(0.7)),
    "a screenshot": lambda image: stored(reuse._screenshot(image, random.Random(1))),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_photo_is_found_again(kept, change):
    number = number_with_marks(kept)
    assert seen(kept, CHANGES[change](scenes.photo(SEED, number))) == [number]


def test_another_photo_of_the_same_place_is_another_photo(kept):
    """The same door or form, from another spot, with another number."""
    assert [seen(kept, stored(scenes.photo(SEED, number + 1))) for number in SET] == [[]] * len(SET)


@pytest.mark.parametrize("colour", [(4, 4, 4), (250, 250, 250)])
def test_a_dark_cellar_and_a_white_sheet_have_no_marks(kept, colour):
    grain = scenes._noisy(Image.new("RGB", scenes.SIZE, colour), random.Random(2))
    assert (
        picture_of(stored(grain)) is None
        and picture_of(stored(Image.new("RGB", scenes.SIZE, colour))) is None
    )


def test_a_strip_is_no_photo():
    assert picture_of(stored(Image.effect_noise((1400, 60), 90).convert("RGB"))) is None


def test_what_is_no_picture_says_so():
    with pytest.raises(OSError):
        picture_of(b"nothing of the kind")


def test_bars_of_a_screenshot_are_left_out_and_a_plain_wall_is_not():
    image = scenes.photo(SEED, 0)
    bare = colours_of(stored(image)).size
    framed = colours_of(stored(reuse._screenshot(image, random.Random(1)))).size
    assert framed[0] / framed[1] == pytest.approx(bare[0] / bare[1], rel=0.06)
    assert colours_of(stored(Image.new("RGB", (320, 240), (90, 90, 90)))).size == (320, 240)


def test_marks_are_kept_as_they_are_sought(kept):
    number = number_with_marks(kept)
    marks = picture_of(kept.thumbnails[number]).marks
    again = unpacked(packed(marks))
    assert [(one.key, one.level) for one in again] == [(one.key, one.level) for one in marks]
    assert all(abs(a.x - b.x) <= 0.06 and abs(a.y - b.y) <= 0.06 for a, b in zip(again, marks, strict=True))
    assert all(unfolded(one.key, folded(one)).word == one.word for one in marks)
    assert len({one.key for one in marks}) == len(marks) <= sum(MOST) and min(one.key for one in marks) >= 0
    assert all(one.key in set(one.sought()) and len(set(one.sought())) == 8 for one in marks)


def test_a_photo_whose_file_is_gone_is_nobodys_twin(kept, monkeypatch):
    number = number_with_marks(kept)
    picture = picture_of(kept.thumbnails[number])
    for left in (None, b"damaged"):
        monkeypatch.setitem(kept.thumbnails, number, left)
        assert twins_of(picture, kept) == []


def test_the_same_door_in_another_colour_is_another_door_and_in_other_light_the_same(kept):
    """In grey the two are one picture: all that differs is which of its colours is which."""
    number = number_with_marks(kept)
    photo = scenes.photo(SEED, number)
    luma, blue, red = photo.convert("YCbCr").split()
    turned = Image.merge("YCbCr", [luma, *(band.point(lambda value: 255 - value) for band in (blue, red))])
    colours = [abs(value - 128) for band in (blue, red) for value in band.tobytes()]
    assert sum(colours) / len(colours) > 4  # of a grey scene nothing could be told
    assert seen(kept, stored(turned.convert("RGB"))) == []
    assert seen(kept, stored(ImageEnhance.Color(photo).enhance(0.5))) == [number]
    assert seen(kept, stored(photo.convert("L").convert("RGB"))) == [
        number
    ]  # who takes its colour away hides nothing
