"""Which characters a TrueType font can draw, read from its ``cmap`` table (OpenType 1.9, formats 4 and 12). Pure."""

import struct
from collections.abc import Iterator

_FONT = struct.Struct(">4sHHHH")
_TABLE = struct.Struct(">4sLLL")
_UNICODE = {(0, 3), (0, 4), (3, 1), (3, 10)}  # platform and encoding of the tables that speak Unicode


def characters_of(font: bytes) -> frozenset[int]:
    """The code points that ``font`` has a glyph for; raises ValueError where its bytes are no such font."""
    try:
        place = _cmap(font)
        (count,) = struct.unpack_from(">H", font, place + 2)
        found: set[int] = set()
        for n in range(count):
            platform, encoding, offset = struct.unpack_from(">HHL", font, place + 4 + 8 * n)
            if (platform, encoding) in _UNICODE:
                found.update(_mapped(font, place + offset))
        return frozenset(found)
    except struct.error as error:
        raise ValueError("not a whole TrueType font") from error


def _cmap(font: bytes) -> int:
    _version, tables, *_search = _FONT.unpack_from(font)
    for n in range(tables):
        name, _sum, place, _length = _TABLE.unpack_from(font, _FONT.size + _TABLE.size * n)
        if name == b"cmap":
            return place
    raise ValueError("a font without characters")


def _mapped(font: bytes, place: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", font, place)
    if form == 4:
        yield from _segments(font, place)
    elif form == 12:
        yield from _groups(font, place)


def _segments(font: bytes, place: int) -> Iterator[int]:
    """Format 4: four arrays beside each other, a segment of the first plane in each column."""
    (twice,) = struct.unpack_from(">H", font, place + 6)
    count, ends = twice // 2, place + 14
    starts = ends + twice + 2  # two bytes of padding after the ends
    deltas, offsets = starts + twice, starts + 2 * twice
    for n in range(count):
        last, first, delta, offset = (
            struct.unpack_from(">H", font, array + 2 * n)[0] for array in (ends, starts, deltas, offsets)
        )
        for code in range(first, min(last, 0xFFFE) + 1):
            if offset:
                (glyph,) = struct.unpack_from(">H", font, offsets + 2 * n + offset + 2 * (code - first))
                glyph = glyph and (glyph + delta) % 0x10000
            else:
                glyph = (code + delta) % 0x10000
            if glyph:
                yield code


def _groups(font: bytes, place: int) -> Iterator[int]:
    """Format 12: runs of any plane."""
    (count,) = struct.unpack_from(">L", font, place + 12)
    for n in range(count):
        first, last, glyph = struct.unpack_from(">LLL", font, place + 16 + 12 * n)
        yield from range(first + (glyph == 0), last + 1)
