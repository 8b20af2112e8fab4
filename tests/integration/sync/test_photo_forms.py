"""Photos of every form: what the app makes is taken, all else is told what it is; never does the server fail."""

import hashlib
import io
import random
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from tests.cast import build_in, client_for, read
from tests.photos import HEADERS, named, picture
from webapp.core.problems import Problem
from webapp.formats.images import inspect_photo, thumbnail
from webapp.photos.models import Photo

LIMITS = (5 * 1024 * 1024, 40_000_000)
SIZE = (640, 480)


def noise(mode: str = "RGB", size=SIZE) -> Image.Image:
    """A picture with something in it."""
    small = Image.frombytes("RGB", (32, 24), random.Random(7).randbytes(32 * 24 * 3))
    return small.resize(size).convert(mode) if mode not in ("I;16", "F") else Image.new(mode, size, 500)


def saved(form: str, mode: str = "RGB", size=SIZE, **more) -> bytes:
    file = io.BytesIO()
    noise(mode, size).save(file, form, **more)
    return file.getvalue()


def verdict(data: bytes) -> str:
    """``taken`` (with a thumbnail), or the code of the refusal; anything else is the server's failure."""
    try:
        inspect_photo(data, *LIMITS)
    except Problem as problem:
        assert problem.entry.status < 500
        assert problem.fields["photo"]
        return problem.code
    small = Image.open(io.BytesIO(thumbnail(data)))
    assert max(small.size) <= 320 and small.format == "JPEG" and not small.getexif()
    return "taken"


def with_position() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 56.0, 0.0), 3: "E", 4: (116.0, 4.0, 0.0)})
    return exif


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def mpo() -> bytes:
    file = io.BytesIO()
    noise().save(file, "MPO", save_all=True, append_images=[noise("L").convert("RGB")])
    return file.getvalue()


def moving(form: str) -> bytes:
    return saved(form, save_all=True, append_images=[noise().rotate(90), noise().rotate(180)], duration=100)


def commented_png() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "张三 13900000000")
    return saved("PNG", pnginfo=text)


TAKEN = {
    "a JPEG as a canvas writes it": saved("JPEG", quality=82),
    "a grey JPEG": saved("JPEG", "L"),
    "a progressive JPEG": saved("JPEG", progressive=True),
    "a JPEG with the size in its EXIF": saved("JPEG", exif=turned()),
    "a JPEG that its encoder signed": saved("JPEG", comment=b"CREATOR: gd-jpeg v1.0 (quality = 82)"),
    "a WebP": saved("WEBP", quality=82),
    "a WebP without loss": saved("WEBP", lossless=True),
    "a WebP with transparency": saved("WEBP", "RGBA"),
    "a PNG": saved("PNG"),
    "a PNG with transparency": saved("PNG", "RGBA"),
    "a PNG of a palette": saved("PNG", "P"),
    "a grey PNG with transparency": saved("PNG", "LA"),
    "a black and white PNG": saved("PNG", "1"),
    "a tiny one": saved("JPEG", size=(1, 1)),
    "a long one": saved("PNG", size=(2000, 1)),
}
REFUSED = {
    "several pictures in one (MPO)": (mpo(), "photo-format"),
    "16 bits grey": (saved("PNG", "I;16"), "photo-format"),
    "16 bits grey, large": (saved("PNG", "I;16", (3000, 2000)), "photo-format"),
    "four colours for print": (saved("JPEG", "CMYK"), "photo-format"),
    "a moving PNG": (moving("PNG"), "photo-format"),
    "a moving WebP": (moving("WEBP"), "photo-format"),
    "a GIF": (saved("GIF", "P"), "photo-format"),
    "a TIFF": (saved("TIFF"), "photo-format"),
    "a BMP": (saved("BMP"), "photo-format"),
    "text": (b"hello", "photo-format"),
    "nothing": (b"", "photo-format"),
    "a position in a JPEG": (saved("JPEG", exif=with_position()), "photo-extras"),
    "a position in a PNG": (saved("PNG", exif=with_position()), "photo-extras"),
    "a position in a WebP": (saved("WEBP", exif=with_position()), "photo-extras"),
    "a comment in a JPEG": (saved("JPEG", comment="张三家门口".encode()), "photo-extras"),
    "a long comment in a JPEG": (saved("JPEG", comment=b"at home " * 9), "photo-extras"),
    "a place in a comment": (saved("JPEG", comment=b"43.9333, 116.0667"), "photo-extras"),
    "a comment in a PNG": (commented_png(), "photo-extras"),
    "XMP in a JPEG": (saved("JPEG", xmp=b"<x:xmpmeta/>"), "photo-extras"),
    "XMP in a WebP": (saved("WEBP", xmp=b"<x:xmpmeta/>"), "photo-extras"),
    "bytes after a JPEG": (saved("JPEG") + b"PK\3\4", "photo-extras"),
    "bytes after a PNG": (saved("PNG") + b"x", "photo-extras"),
    "bytes after a WebP": (saved("WEBP") + b"x", "photo-extras"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_a_phones_page_may_make_is_taken(name):
    assert verdict(TAKEN[name]) == "taken"


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_phones_page_makes_is_refused_by_its_name(name):
    data, code = REFUSED[name]
    assert verdict(data) == code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_no_photo_is_taken_that_lacks_its_end(form):
    whole = saved(form, size=(200, 150))
    for cut in {1, 2, 3, 4, 8, 11, 12, 13, 20, 50, 500, len(whole) // 2, len(whole) - 30}:
        assert verdict(whole[:-cut]) in ("photo-broken", "photo-format"), cut


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def test_a_png_whose_rows_are_fewer_or_more_than_it_says_is_not_whole():
    rows = b"".join(b"\0" + bytes(30) for _ in range(10))
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0))
    whole = zlib.compress(rows)
    assert verdict(head + chunk(b"IDAT", whole) + chunk(b"IEND", b"")) == "taken"
    for packed in (zlib.compress(rows[:-31]), zlib.compress(rows + bytes(31)), whole[:-4], whole + b"x", b""):
        assert verdict(head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")) == "photo-broken"
    bomb = zlib.compress(bytes(200_000_000), 9)
    assert verdict(head + chunk(b"IDAT", bomb) + chunk(b"IEND", b"")) == "photo-broken"


def with_exif(body: bytes) -> bytes:
    """A JPEG that carries this EXIF."""
    plain = picture()
    part = b"Exif\0\0" + body
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part + plain[2:]


BROKEN_EXIF = [
    b"", b"II", b"XX*\0\x08\0\0\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"II*\0\x08\0\0\0\x01\0",
    b"II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x01\0\0\0\xff\xff\xff\xff\0\0\0\0",
    b"II*\0\x08\0\0\0\x02\0\x12\x01\x05\0\x01\0\0\0\x08\0\0\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0",
    b"II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\xf0\xff\xff\xff\0\0\0\0",
    b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x00\0\0\0\0\0\0\0\0\0\0\0",
]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN_EXIF)
def test_broken_exif_is_never_the_servers_failure(body):
    assert verdict(with_exif(body)) in ("taken", "photo-broken", "photo-extras", "photo-format")


@pytest.mark.parametrize("seed", range(6))
def test_whatever_damage_a_photo_takes_it_is_taken_or_refused(seed):
    chance = random.Random(seed)
    models = [
        *TAKEN.values(),
        mpo(),
        saved("PNG", "I;16"),
        saved("JPEG", exif=with_position()),
        commented_png(),
    ]
    for _ in range(120):
        data = bytearray(chance.choice(models))
        for _ in range(chance.choice((1, 1, 2, 5, 40))):
            place = min(chance.randrange(len(data)), int(chance.expovariate(1 / 60))) if chance.random() < 0.7 else chance.randrange(len(data))  # fmt: skip
            match chance.randrange(5):
                case 0:
                    data[place] = chance.randrange(256)
                case 1:
                    del data[place : place + chance.randrange(1, 9)]
                case 2:
                    data[place:place] = chance.randbytes(chance.randrange(1, 9))
                case 3:
                    data[place : place + 4] = struct.pack(">I", chance.choice((0, 1, 2**31, 2**32 - 1)))
                case 4:
                    data = data[: chance.randrange(len(data)) + 1] if chance.random() < 0.2 else data
            if not data:
                data = bytearray(b"x")
        verdict(bytes(data))


def test_the_door_answers_each_with_its_reason_and_keeps_nothing_of_it(app):
    lead = client_for(app, build_in(app), "lead")
    for data, code in REFUSED.values():
        answer = lead.put(
            f"/api/photos/{hashlib.sha256(data).hexdigest()}", data=data,
            headers={**HEADERS, "Content-Type": "image/jpeg"},
        )  # fmt: skip
        assert (answer.status_code // 100, answer.json["code"]) == (4, code) or not data
    assert read(app, lambda session: session.query(Photo).count()) == 0
    assert named(picture())["size"] == len(picture())
