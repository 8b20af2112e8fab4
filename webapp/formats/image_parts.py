"""The parts of a photo's file, walked without decoding: whole to its last byte, and nothing in it that no canvas writes.

A photo's digest is its evidence, so nothing is taken out of it: the phone draws each picture anew, and what holds comments,
a position or bytes after its end was not made by the phone. Raises ``photo-broken``, ``photo-format``, ``photo-extras``.
"""

import re
import struct
import zlib

from webapp.core.problems import Problem

# JPEG (ITU-T T.81): markers without a length, the frames that are no lossy baseline or progressive picture, and the
# segments that an encoder writes of itself: JFIF, EXIF (some write the size there), colour profile, Adobe's colours.
_BARE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = {0xC0, 0xC1, 0xC2}
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_TABLES = {0xC4, 0xDA, 0xDB, 0xDD}
_OWN = {0xE0: (b"JFIF\0", b"JFXX\0"), 0xE1: (b"Exif\0\0",), 0xE2: (b"ICC_PROFILE\0",), 0xEE: (b"Adobe",)}
# Some encoders sign what they wrote, in a few words; a person's comment, or a place, is no signature.
_SIGNATURE = re.compile(rb"[\x20-\x7e]{0,64}")
_COORDINATE = re.compile(rb"[0-9]+\.[0-9]{3}")
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG_OWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"sBIT", b"bKGD", b"cICP", b"eXIf"}  # fmt: skip
_PNG_MOVING = {b"acTL", b"fcTL", b"fdAT"}
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Adam7: (first column, first row, columns apart, rows apart) of each pass.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_WEBP_OWN = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"EXIF"}
_WEBP_MOVING = {b"ANIM", b"ANMF"}


def _broken(why: str) -> Problem:
    return Problem("photo-broken", {"photo": why})


def _foreign(why: str) -> Problem:
    return Problem("photo-format", {"photo": why})


def _extra(why: str) -> Problem:
    return Problem("photo-extras", {"photo": why})


def check_parts(data: bytes) -> None:
    """Raise what is wrong with the file of a JPEG, PNG or WebP picture."""
    try:
        if data.startswith(b"\xff\xd8"):
            _check_jpeg(data)
        elif data.startswith(b"\x89PNG\r\n\x1a\n"):
            _check_png(data)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            _check_webp(data)
        else:
            raise _foreign("not a JPEG, PNG or WebP")
    except (struct.error, IndexError, zlib.error) as error:
        raise _broken("is not whole") from error


# ---------------------------------------------------------------- JPEG


def _check_jpeg(data: bytes) -> None:
    place, frames, scans = 2, 0, 0
    while True:
        marker, place = _marker(data, place)
        if marker == 0xD9:
            break
        if marker in _BARE:
            continue
        (length,) = struct.unpack_from(">H", data, place)
        body = data[place + 2 : place + length]
        if length < 2 or len(body) != length - 2:
            raise _broken("is not whole")
        _check_segment(marker, body)
        place += length
        frames += marker in _FRAMES
        if marker == 0xDA:
            scans += 1
            place = _after_scan(data, place)
    if frames != 1 or not scans:
        raise _broken("holds no picture")
    if place != len(data):
        raise _extra("bytes after its end")


def _marker(data: bytes, place: int) -> tuple[int, int]:
    """The marker at ``place`` and where what follows it begins; bytes of 0xFF before it only fill."""
    if data[place] != 0xFF:
        raise _broken("is damaged")
    while data[place] == 0xFF:
        place += 1
    return data[place], place + 1


def _check_segment(marker: int, body: bytes) -> None:
    if marker in _FRAMES:
        if body[0] != 8:
            raise _foreign("not 8 bits a colour")
        if body[5] not in (1, 3):
            raise _foreign("neither grey nor three colours")
    elif marker in _OTHER_FRAMES:
        raise _foreign("an unusual JPEG")
    elif marker == 0xE2 and body.startswith(b"MPF\0"):
        raise _foreign("several pictures in one file (MPO)")
    elif marker == 0xFE and _SIGNATURE.fullmatch(body) and not _COORDINATE.search(body):
        pass
    elif marker not in _TABLES and not body.startswith(_OWN.get(marker, ())):
        raise _extra("comments or parts that no phone's page writes")


def _after_scan(data: bytes, place: int) -> int:
    found = _NEXT_MARKER.search(data, place)
    if found is None:
        raise _broken("is not whole")
    return found.start()


# ---------------------------------------------------------------- PNG


def _check_png(data: bytes) -> None:
    place, names, packed = 8, [], []
    while True:
        length, name = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + length]
        (check,) = struct.unpack_from(">I", data, place + 8 + length)
        if zlib.crc32(name + body) != check:
            raise _broken("is damaged")
        _check_chunk(name, first=not names)
        names.append(name)
        place += 12 + length
        if name == b"IHDR":
            size = _unpacked_size(body)
        elif name == b"IDAT":
            packed.append(body)
        elif name == b"IEND":
            break
    if place != len(data):
        raise _extra("bytes after its end")
    if not _fills(packed, size):
        raise _broken("is not whole")


def _check_chunk(name: bytes, first: bool) -> None:
    if first != (name == b"IHDR"):
        raise _broken("is damaged")
    if name in _PNG_MOVING:
        raise _foreign("a moving picture")
    if name not in _PNG_OWN:
        raise _extra("comments or parts that no phone's page writes")


def _unpacked_size(header: bytes) -> int:
    """How many bytes the rows of the picture are, with one more for each row's filter."""
    width, height, depth, colour, _method, _filter, interlaced = struct.unpack(">IIBBBBB", header)
    if depth > 8:
        raise _foreign("not 8 bits a colour")
    if colour not in _PNG_CHANNELS or interlaced > 1 or not width or not height:
        raise _broken("is damaged")
    bits = depth * _PNG_CHANNELS[colour]
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    total = 0
    for column, row, across, down in passes:
        columns, rows = -(-(width - column) // across), -(-(height - row) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _fills(packed: list[bytes], size: int) -> bool:
    """Whether the compressed rows are exactly ``size`` bytes; unpacked piece by piece and thrown away."""
    stream, total = zlib.decompressobj(), 0
    for part in packed:
        while part and not stream.eof:
            total += len(stream.decompress(part, 1 << 16))
            if total > size:
                return False
            part = stream.unconsumed_tail
    return stream.eof and total == size and not stream.unused_data


# ---------------------------------------------------------------- WebP


def _check_webp(data: bytes) -> None:
    (length,) = struct.unpack_from("<I", data, 4)
    end = length + 8
    if end > len(data):
        raise _broken("is not whole")
    if end < len(data):
        raise _extra("bytes after its end")
    place, pictures = 12, 0
    while place < end:
        name, length = struct.unpack_from("<4sI", data, place)
        if name in _WEBP_MOVING:
            raise _foreign("a moving picture")
        if name not in _WEBP_OWN:
            raise _extra("comments or parts that no phone's page writes")
        pictures += name in (b"VP8 ", b"VP8L")
        place += 8 + length + length % 2
    if place != end or pictures != 1:
        raise _broken("is not whole")
