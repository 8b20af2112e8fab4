"""The characters of a font, read from its own bytes."""

import struct

import pytest

from webapp.formats.glyphs import characters_of
from webapp.formats.typeset import FONTS, WEIGHTS


def font(*subtables: tuple[int, int, bytes]) -> bytes:
    """A font of nothing but a table of characters."""
    cmap, bodies, place = struct.pack(">HH", 0, len(subtables)), b"", 4 + 8 * len(subtables)
    for platform, encoding, body in subtables:
        cmap += struct.pack(">HHL", platform, encoding, place + len(bodies))
        bodies += body
    cmap += bodies
    return struct.pack(">4sHHHH4sLLL", b"\0\1\0\0", 1, 0, 0, 0, b"cmap", 0, 28, len(cmap)) + cmap


def segments(*runs: tuple[int, int, int, int]) -> bytes:
    """Format 4 of runs (first, last, delta, range offset)."""
    count = len(runs)
    arrays = [[run[1] for run in runs], [0], *([run[n] for run in runs] for n in (0, 2, 3))]
    return struct.pack(">HHHHHHH", 4, 0, 0, count * 2, 0, 0, 0) + b"".join(
        struct.pack(f">{len(array)}H", *array) for array in arrays
    )


def groups(*runs: tuple[int, int, int]) -> bytes:
    return struct.pack(">HHLLL", 12, 0, 0, 0, len(runs)) + b"".join(struct.pack(">LLL", *run) for run in runs)


def test_segments_count_glyphs_from_a_delta_or_look_them_up_and_glyph_nought_is_none():
    plain = segments((65, 67, -65 % 0x10000, 0), (0xFFFF, 0xFFFF, 1, 0))
    assert characters_of(font((3, 1, plain))) == {66, 67}  # A would be glyph 0
    looked_up = segments((97, 99, 5, 4), (0xFFFF, 0xFFFF, 1, 0)) + struct.pack(">3H", 7, 0, 8)
    assert characters_of(font((0, 3, looked_up))) == {97, 99}


def test_groups_reach_every_plane():
    assert characters_of(font((3, 10, groups((0x20000, 0x20002, 9), (65, 66, 0))))) == {0x20000, 0x20001, 0x20002, 66}  # fmt: skip


def test_tables_of_other_encodings_say_nothing():
    assert characters_of(font((1, 0, groups((65, 66, 1))), (3, 10, groups((97, 97, 1))))) == {97}


@pytest.mark.parametrize("data", [b"", b"OTTO", font((3, 10, groups((65, 66, 1))))[:-4]], ids=len)
def test_bytes_that_are_no_font_are_said_to_be_none(data):
    with pytest.raises(ValueError, match="font"):
        characters_of(data)


def test_a_font_without_characters_is_none():
    with pytest.raises(ValueError, match="without characters"):
        characters_of(struct.pack(">4sHHHH", b"\0\1\0\0", 0, 0, 0, 0))


def test_our_fonts_draw_what_the_measures_and_the_forms_are_written_with():
    for weight in WEIGHTS:
        drawn = characters_of((FONTS / weight).read_bytes())
        assert set(map(ord, "投递服务质量检查〔2026〕、，。：；“”（）《》—…×≥%①Aa1䶮堃镕")) <= drawn
        assert not set(map(ord, "ᠮ😀𠮷")) & drawn
