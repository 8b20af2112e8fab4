"""Plain ZIP files from outside, read in place: nothing is unpacked to a disk, and nothing in one can grow.

Only what is *stored* is read: an entry that is as long as its bytes cannot be a bomb, and those that overlap are refused.
The end of the file is looked at before Python's reader lists it, so that no list of millions is made.
"""

import hashlib
import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from webapp.core.problems import Problem

END = struct.Struct("<4s4H2LH")  # of the central directory; what our own writer makes has no comment after it
END_MARK, WIDE_MARK = b"PK\x05\x06", b"PK\x06\x07"
LIST_BYTES = 8 * 1024 * 1024
CHUNK = 1024 * 1024
_BROKEN = (BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, struct.error)


def bad(reason: str) -> Problem:
    """The file is not taken; ``reason`` is a code for the door to word."""
    return Problem("bad-file", {"file": reason})


class Archive:
    """An open archive whose names are all known and stand there once. Raises ``bad-file`` for anything else."""

    def __init__(self, path: Path, names: re.Pattern, most: int):
        """``names``: what an entry may be called; ``most``: how many there may be."""
        size = path.stat().st_size
        _look_at_the_end(path, size, most)
        with broken():
            self._zip = ZipFile(path)
        try:
            self._entries = _checked(self._zip.infolist(), names, size)
        except Problem:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_error) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """All names, in the order of the file."""
        return list(self._entries)

    def size(self, name: str) -> int:
        """How many bytes the entry says it has."""
        return self._entries[name].file_size

    def read(self, name: str, most: int) -> bytes:
        """The entry's bytes, whole and as they were packed; ``large`` where there are more than ``most``."""
        if self.size(name) > most:
            raise bad("large-part")
        with self._open(name) as file:
            return file.read()

    def lines(self, name: str, most: int) -> Iterator[bytes]:
        """The entry's lines without their ends; one that is longer than ``most`` bytes is cut off there."""
        with self._open(name) as file:
            while line := file.readline(most + 1):
                rest = line
                while len(rest) > most and not rest.endswith(b"\n"):
                    rest = file.readline(most + 1)
                yield line[:most].rstrip(b"\r\n")

    def digest(self, name: str) -> str:
        """SHA-256 of the entry in hex."""
        found = hashlib.sha256()
        with self._open(name) as file:
            while part := file.read(CHUNK):
                found.update(part)
        return found.hexdigest()

    @contextmanager
    def _open(self, name: str) -> Iterator[BinaryIO]:
        with broken(), self._zip.open(self._entries[name]) as file:
            yield file


@contextmanager
def broken() -> Iterator[None]:
    """What Python's reader says of a damaged file, as our problem; a problem of ours goes through."""
    try:
        yield
    except _BROKEN as error:
        raise bad("broken") from error


def pack(files: Mapping[str, bytes]) -> bytes:
    """A ZIP file of these, stored as they are and without a time: the same files give the same bytes."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(ZipInfo(name), data)
    return target.getvalue()


def _look_at_the_end(path: Path, size: int, most: int) -> None:
    """The last 22 bytes: a file that was cut off has lost them, another kind of file never had them."""
    with path.open("rb") as file:
        start = file.read(4)
        if start[:2] != b"PK":
            raise bad("not-zip")
        if size < END.size:
            raise bad("cut")
        file.seek(max(0, size - END.size - 20))
        tail = file.read()
    mark, _disk, _first, here, entries, length, _offset, comment = END.unpack(tail[-END.size :])
    if mark != END_MARK or comment:
        raise bad("cut")
    if entries > most or here != entries or length > LIST_BYTES or tail.startswith(WIDE_MARK):
        raise bad("many")


def _checked(found: list[ZipInfo], names: re.Pattern, size: int) -> dict[str, ZipInfo]:
    entries: dict[str, ZipInfo] = {}
    for entry in found:
        if entry.orig_filename != entry.filename or not names.fullmatch(entry.filename):
            raise bad("strange-name")
        if entry.filename in entries:
            raise bad("twice")
        # Bit 0: encrypted.
        if entry.compress_type != ZIP_STORED or entry.file_size != entry.compress_size or entry.flag_bits & 1:
            raise bad("packed")
        entries[entry.filename] = entry
    if sum(entry.file_size for entry in found) > size or _overlap(found):
        raise bad("broken")
    return entries


def _overlap(found: list[ZipInfo]) -> bool:
    """Whether an entry begins before the one before it ends: the same bytes under two names."""
    ordered = sorted(found, key=lambda entry: entry.header_offset)
    return any(
        second.header_offset < first.header_offset + first.file_size
        for first, second in zip(ordered, ordered[1:], strict=False)
    )
