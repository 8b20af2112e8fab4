"""Voice notes: what a phone records is taken, all else is told what it is; never does the server fail."""

import random
import struct
from pathlib import Path

import pytest

from webapp.core.problems import Problem
from webapp.formats.audio import MOST_BYTES, MP4, WEBM, inspect_audio, is_audio

FILES = Path(__file__).parents[2] / "files"
RECORDED = (FILES / "voice.webm").read_bytes()  # 1.2 s, by Chromium's MediaRecorder
AAC = (FILES / "voice.mp4").read_bytes()  # 1.2 s of silence
OPUS_IN_MP4 = (FILES / "voice-opus.mp4").read_bytes()


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def head(name: bytes, seconds: float, rate: int = 44100, wide: bool = False) -> bytes:
    """The head of a movie or a track, as far as its length."""
    form, dates = (">IQ", 16) if wide else (">II", 8)
    return box(
        name, bytes([wide, 0, 0, 0]), bytes(dates), struct.pack(form, rate, round(seconds * rate)), bytes(80)
    )


def fragment(second: int, rate: int = 44100) -> bytes:
    """A part of a sound that was written while it was recorded."""
    begin = box(b"tfdt", bytes([1, 0, 0, 0]), struct.pack(">Q", second * rate))
    return box(b"moof", box(b"mfhd", bytes(8)), box(b"traf", box(b"tfhd", bytes(8)), begin)) + box(
        b"mdat", bytes(40)
    )


def mp4(
    codec: bytes = b"mp4a", kind: bytes = b"soun", more: bytes = b"", tracks: int = 1, seconds: float = 1.2,
    medium: float = 0, wide: bool = False, fragments: tuple[int, ...] = (),
) -> bytes:  # fmt: skip
    stsd = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(28)))
    minf = box(b"minf", box(b"stbl", stsd))
    track = box(
        b"trak",
        box(b"mdia", head(b"mdhd", medium, wide=wide), box(b"hdlr", bytes(8), kind, bytes(13)), minf),
    )
    moov = box(b"moov", head(b"mvhd", seconds, 1000, wide), track * tracks, more)
    sound = b"".join(fragment(one) for one in fragments) or box(b"mdat", b"\x21\x10\x05" * 40)
    return box(b"ftyp", b"M4A ", bytes(4), b"M4A ") + moov + sound


def element(name: bytes, *parts: bytes, unknown: bool = False) -> bytes:
    body = b"".join(parts)
    return name + (b"\x01" + b"\xff" * 7 if unknown else struct.pack(">Q", 1 << 56 | len(body))) + body


def webm(
    kind: bytes = b"\x02", codec: bytes = b"A_OPUS", doc: bytes = b"webm", more: bytes = b"", unknown: bool = False,
    info: bytes = b"", second: int = 1,
) -> bytes:  # fmt: skip
    track = element(b"\xae", element(b"\x83", kind), element(b"\x86", codec))
    block = element(b"\xa3", b"\x81\x00\x00\x80" + bytes(20))
    begins = [struct.pack(">H", 0), struct.pack(">I", second * 1000)]
    return element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", doc)) + element(
        b"\x18\x53\x80\x67",
        info,
        element(b"\x16\x54\xae\x6b", track),
        *(element(b"\x1f\x43\xb6\x75", element(b"\xe7", one), block, unknown=unknown) for one in begins),
        more,
        unknown=unknown,
    )


def info(ticks: float, scale: int = 1_000_000) -> bytes:
    """What a WebM says of its own length."""
    parts = element(b"\x2a\xd7\xb1", struct.pack(">I", scale)), element(b"\x44\x89", struct.pack(">d", ticks))
    return element(b"\x15\x49\xa9\x66", *parts)


def refusal(data: bytes) -> str:
    with pytest.raises(Problem) as caught:
        inspect_audio(data)
    assert caught.value.entry.status < 500 and caught.value.fields["photo"]
    return caught.value.code


@pytest.mark.parametrize(
    "data, mime",
    [
        (RECORDED, WEBM),
        (webm(), WEBM),
        (webm(unknown=True), WEBM),
        (webm(info=info(60_000), second=60), WEBM),
        (AAC, MP4),
        (mp4(), MP4),
        (mp4(seconds=60, wide=True), MP4),
        (mp4(seconds=0, fragments=(0, 30, 59)), MP4),
        (mp4(seconds=0xFFFFFFFF / 1000), MP4),  # a recorder that does not know
    ],
)
def test_a_voice_note_is_taken(data, mime):
    assert inspect_audio(data) == mime


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "photo-format"),
        (b"<!doctype html><script>alert(1)</script>", "photo-format"),
        (b"RIFF\x00\x00\x00\x00WAVE", "photo-format"),
        (webm(doc=b"matroska"), "photo-format"),
        (webm(kind=b"\x01"), "photo-format"),
        (webm(codec=b"A_VORBIS"), "photo-format"),
        (webm(more=element(b"\x19\x41\xa4\x69", b"<html>")), "photo-extras"),
        (webm(unknown=True, more=element(b"\x19\x41\xa4\x69", b"<html>")), "photo-extras"),
        (RECORDED + b"<html>", "photo-extras"),
        (OPUS_IN_MP4, "photo-format"),
        (mp4(kind=b"vide"), "photo-format"),
        (mp4(tracks=2), "photo-format"),
        (mp4(more=box(b"udta", box(b"\xa9xyz", b"+43.9+116.0/"))), "photo-extras"),
        (mp4() + box(b"html", b"<html>"), "photo-format"),
        (mp4() + b"<html>", "photo-broken"),
        (box(b"ftyp", b"heic", bytes(8)) + box(b"meta", bytes(40)), "photo-format"),
        (b"\x1a\x45\xdf\xa3" + bytes(MOST_BYTES), "voice-too-large"),
        (webm(info=info(66_000)), "voice-too-large"),
        (webm(info=info(6_600, 10_000_000)), "voice-too-large"),
        (webm(info=info(float("nan"))), "voice-too-large"),
        (webm(info=info(float("inf"))), "voice-too-large"),
        (webm(second=66), "voice-too-large"),
        (webm(second=66, unknown=True), "voice-too-large"),
        (webm(info=element(b"\x15\x49\xa9\x66", element(b"\x2a\xd7\xb1", b"\xff" * 200))), "photo-broken"),
        (mp4(seconds=66), "voice-too-large"),
        (mp4(medium=66), "voice-too-large"),
        (mp4(seconds=66, wide=True), "voice-too-large"),
        (mp4(seconds=0, fragments=(0, 66)), "voice-too-large"),
    ],
)
def test_what_is_no_voice_note_is_told_what_it_is(data, code):
    assert refusal(data) == code


def test_boxes_within_boxes_end_somewhere():
    deep = b""
    for _ in range(3000):
        deep = box(b"trak", deep)
    assert refusal(mp4(more=deep)) == "photo-format"


@pytest.mark.parametrize("data", [RECORDED, AAC, mp4()])
def test_a_file_that_was_cut_is_refused_wherever_it_was_cut(data):
    for end in range(8, len(data)):
        assert refusal(data[:end]) in ("photo-broken", "photo-format", "photo-extras"), end


@pytest.mark.parametrize("data", [RECORDED, webm(unknown=True), AAC, mp4(fragments=(0, 1))])
def test_damage_is_a_refusal_and_never_a_failure(data):
    chance = random.Random(7)
    for _ in range(2000):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(min(len(data), 400))] = chance.randrange(256)
        try:
            inspect_audio(bytes(damaged))
        except Problem as problem:
            assert problem.entry.status < 500


def test_what_begins_like_a_picture_is_none():
    pictures = (b"\xff\xd8\xff", b"\x89PNG\r\n", box(b"ftyp", b"heic", bytes(8)), b"")
    assert [is_audio(one) for one in (RECORDED, AAC, *pictures)] == [True, True, False, False, False, False]
