"""Voice notes: bytes in, what they are or a problem out. The container is walked whole; the sound itself is not decoded."""

import struct
from collections.abc import Iterator

from webapp.core.problems import Problem

MOST_BYTES = 1024 * 1024  # a minute of speech takes a fifth of it
MOST_SECONDS = 65  # a phone stops at sixty; a slow one needs a moment for it
WEBM, MP4 = "audio/webm", "audio/mp4"
MIMES = (WEBM, MP4)

_MATROSKA = b"\x1a\x45\xdf\xa3"
_PICTURES = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")  # of the same family as MP4
_DOCTYPE, _SEGMENT = 0x4282, 0x18538067
_TRACKS, _TRACK, _TRACK_TYPE, _CODEC = 0x1654AE6B, 0xAE, 0x83, 0x86
_CLUSTER, _GROUP, _BLOCKS = 0x1F43B675, 0xA0, (0xA3, 0xA1)
_SEEK, _VOID, _INFO, _CUES = 0x114D9B74, 0xEC, 0x1549A966, 0x1C53BB6B
_SCALE, _LENGTH, _TIME = (
    0x2AD7B1,
    0x4489,
    0xE7,
)  # nanoseconds a tick; ticks of the whole, of a cluster's beginning
_TICK = 1_000_000  # nanoseconds, where nothing is said
_IN_SEGMENT = (_SEEK, _VOID, _INFO, _TRACKS, _CLUSTER, _CUES)  # no attachments, no tags, no chapters
_IN_CLUSTER = (_TIME, 0xA7, 0xAB, _GROUP, 0xA3, _VOID)  # time, position, previous size, blocks

_BOXES = (b"ftyp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"styp", b"sidx", b"mfra")
_FOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"traf")
_LENGTHS = (b"mvhd", b"mdhd")
_PLACES = (b"\xa9xyz", b"loci", b"com.apple.quicktime.location")


def is_audio(data: bytes) -> bool:
    """Whether the bytes begin like a voice note; what follows may be anything yet."""
    return data.startswith(_MATROSKA) or (data[4:8] == b"ftyp" and data[8:12] not in _PICTURES)


def inspect_audio(data: bytes) -> str:
    """The MIME type of the voice note in ``data``: one track, Opus in WebM or AAC in MP4, of at most a minute.

    Raises photo-format, photo-broken, photo-extras or voice-too-large; what its sender calls it is not asked.
    """
    if len(data) > MOST_BYTES:
        raise Problem("voice-too-large", {"photo": f"{len(data)} bytes of at most {MOST_BYTES}"})
    webm = data.startswith(_MATROSKA)
    if not webm and not is_audio(data):
        raise _format("not a WebM or MP4 sound")
    seconds = _check_webm(data) if webm else _check_mp4(data)
    if not seconds <= MOST_SECONDS:  # a length that is no number is none
        raise Problem("voice-too-large", {"photo": f"{seconds:.0f} s of at most {MOST_SECONDS}"})
    return WEBM if webm else MP4


def _broken() -> Problem:
    return Problem("photo-broken", {"photo": "is not whole"})


def _format(what: str) -> Problem:
    return Problem("photo-format", {"photo": what})


# ---------------------------------------------------------------- WebM


def _number(data: bytes, at: int, end: int, most: int, marked: bool) -> tuple[int | None, int]:
    """A number of EBML and where it ends, with its length marker or without; None: a size that is not known."""
    width = 9 - data[at].bit_length() if at < end else 9
    if width > most or at + width > end:
        raise _broken()
    value = int.from_bytes(data[at : at + width])
    bare = value & ((1 << 7 * width) - 1)
    unknown = bare == (1 << 7 * width) - 1
    return (value if marked else None if unknown else bare), at + width


def _elements(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """Elements ``(id, from, to)`` that fill the range exactly. Of an unknown size: ``to`` is None, its children follow as if beside it."""
    while at < end:
        name, at = _number(data, at, end, 4, marked=True)
        size, at = _number(data, at, end, 8, marked=False)
        if size is None:
            if name not in (_SEGMENT, _CLUSTER):
                raise _broken()
            yield name, at, None
            continue
        if at + size > end:
            raise _broken()
        yield name, at, at + size
        at += size


def _check_webm(data: bytes) -> float:
    """How many seconds it lasts, by what it says and by its last block."""
    top = _elements(data, 0, len(data))
    _, start, stop = next(top)
    if stop is None or _texts(data, start, stop, _DOCTYPE) != [b"webm"]:
        raise _format("not a WebM")
    name, start, stop = next(top, (None, 0, 0))
    if name is None:
        raise _broken()
    if name != _SEGMENT or stop not in (None, len(data)):
        raise Problem("photo-extras", {"photo": "something beside its one segment"})
    tracks, sounds, said, tick, inside = [], _Sounds(data), 0.0, _TICK, False
    for name, at, end in _elements(data, start, len(data)):
        if name == _CLUSTER:
            inside = end is None  # its children follow as if beside it
            if end is not None:
                sounds.take_cluster(at, end)
        elif inside and name in _IN_CLUSTER and end is not None:
            sounds.take(name, at, end)
        elif name not in _IN_SEGMENT or end is None:
            raise Problem("photo-extras", {"photo": "a part that is no sound"})
        elif name == _TRACKS:
            tracks += [(one, to) for part, one, to in _elements(data, at, end) if part == _TRACK]
        elif name == _INFO:
            tick = max([_whole(one) for one in _texts(data, at, end, _SCALE)] or [_TICK])
            said = max([_float(one) for one in _texts(data, at, end, _LENGTH)] or [0.0])
    if len(tracks) != 1 or not sounds.count:
        raise _broken()
    at, end = tracks[0]
    if _texts(data, at, end, _TRACK_TYPE) != [b"\x02"] or _texts(data, at, end, _CODEC) != [b"A_OPUS"]:
        raise _format("not one track of Opus")
    return max(said, sounds.last) * tick / 1e9


def _texts(data: bytes, at: int, end: int, wanted: int) -> list[bytes]:
    return [data[one:to] for name, one, to in _elements(data, at, end) if name == wanted]


def _whole(data: bytes) -> int:
    if len(data) > 8:
        raise _broken()
    return int.from_bytes(data)


def _float(data: bytes) -> float:
    if len(data) not in (4, 8):
        raise _broken()
    return struct.unpack(">f" if len(data) == 4 else ">d", data)[0]


class _Sounds:
    """The blocks of all clusters: how many, and in which tick the last one begins."""

    def __init__(self, data: bytes) -> None:
        self.data, self.count, self.last, self._time = data, 0, 0, 0

    def take_cluster(self, at: int, end: int) -> None:
        for name, one, to in _elements(self.data, at, end):
            if name not in _IN_CLUSTER or to is None:
                raise Problem("photo-extras", {"photo": "a part that is no sound"})
            self.take(name, one, to)

    def take(self, name: int, at: int, end: int) -> None:
        """A part of a cluster."""
        if name == _TIME:
            self._time = _whole(self.data[at:end])
        elif name == _GROUP:
            for part, one, to in _elements(self.data, at, end):
                if part in _BLOCKS and to is not None:
                    self._block(one, to)
        elif name in _BLOCKS:
            self._block(at, end)

    def _block(self, at: int, end: int) -> None:
        _, at = _number(self.data, at, end, 8, marked=False)
        if at + 3 > end:
            raise _broken()
        self.count += 1
        self.last = max(self.last, self._time + struct.unpack_from(">h", self.data, at)[0])


# ---------------------------------------------------------------- MP4


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Boxes ``(name, from, to)`` that fill the range exactly."""
    while at < end:
        if at + 8 > end:
            raise _broken()
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            if at + 16 > end:
                raise _broken()
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        if size < head or at + size > end:  # 0, "to the end", cannot tell a cut file
            raise _broken()
        yield name, at + head, at + size
        at += size


def _check_mp4(data: bytes) -> float:
    """How many seconds it lasts, by its heads and by where its last fragment begins."""
    boxes = list(_boxes(data, 0, len(data)))
    if any(name not in _BOXES for name, _, _ in boxes):
        raise _format("not a sound in MP4")
    heads = [one for one in boxes if one[0] == b"moov"]
    sound = sum(end - at for name, at, end in boxes if name == b"mdat")
    if len(heads) != 1 or not sound:
        raise _broken()
    _, at, end = heads[0]
    if any(place in data[at:end] for place in _PLACES):
        raise Problem("photo-extras", {"photo": "a position"})
    leaves = list(_leaves(data, at, end))
    kinds = [data[at + 8 : at + 12] for name, at, _ in leaves if name == b"hdlr"]
    codecs = [
        codec
        for name, at, end in leaves
        if name == b"stsd"
        for codec, _, _ in _boxes(data, min(at + 8, end), end)
    ]
    if kinds != [b"soun"] or codecs != [b"mp4a"]:
        raise _format("not one track of AAC")
    lengths = {name: _ticks(data, at, end) for name, at, end in leaves if name in _LENGTHS}
    if set(lengths) != set(_LENGTHS):
        raise _broken()
    begins = [_begin(data, at, end) for name, at, end in boxes if name == b"moof"]
    return max(
        *(ticks / scale for scale, ticks in lengths.values()),
        *(one / lengths[b"mdhd"][0] for one in begins),
        0,
    )


def _ticks(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Ticks a second and how many there are, of a head; behind two dates, wider in version 1."""
    wide = at < end and data[at] == 1
    at += 4 + (16 if wide else 8)
    form = ">IQ" if wide else ">II"
    if at + struct.calcsize(form) > end:
        raise _broken()
    scale, ticks = struct.unpack_from(form, data, at)
    unknown = (1 << (64 if wide else 32)) - 1
    if not scale:
        raise _broken()
    return scale, 0 if ticks == unknown else ticks


def _begin(data: bytes, at: int, end: int) -> int:
    """The tick in which a fragment begins, 0 where it does not say so."""
    return max(
        (_time(data, one, to) for name, one, to in _leaves(data, at, end) if name == b"tfdt"), default=0
    )


def _time(data: bytes, at: int, end: int) -> int:
    width = 8 if at < end and data[at] == 1 else 4
    if at + 4 + width > end:
        raise _broken()
    return int.from_bytes(data[at + 4 : at + 4 + width])


def _leaves(data: bytes, at: int, end: int, depth: int = 0) -> Iterator[tuple[bytes, int, int]]:
    if depth > len(_FOLDERS):
        raise _format("boxes too deep")
    for name, start, stop in _boxes(data, at, end):
        if name in _FOLDERS:
            yield from _leaves(data, start, stop, depth + 1)
        else:
            yield name, start, stop
