"""Where the bytes of photos lie: whatever can do this much may hold them, files or objects of S3.

Which one it is, ``photos/chosen_store.py`` says.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

THUMBNAIL = ".thumbnail"  # the variant of 320 px


class PhotoStore(Protocol):
    """Bytes by their digest, each with variants; the empty variant is the photo itself.

    A store that does not do its part raises ``busy``, ``disk-full`` or ``cannot-write``, or the ``OSError`` that says so
    (``core/outages.py``), within three seconds: nothing is refused for it.
    """

    def write(self, digest: str, data: bytes, variant: str = "") -> None:
        """Keep ``data`` durably. Writing the same again changes nothing but when it was written."""

    def read(self, digest: str, variant: str = "") -> bytes | None:
        """The bytes, or None where there are none."""

    def holds(self, digest: str, variant: str = "") -> bool:
        """Whether the photo itself, or this variant of it, is there."""

    def delete(self, digest: str, variant: str = "") -> None:
        """Forget it; nothing happens if it is gone already."""

    def listing(self, prefix: str) -> Mapping[str, float]:
        """When the photos whose digests begin with ``prefix`` were last written, ``{digest: seconds since 1970}``; those of
        which only a variant is left included.
        """

    def alone(self, digest: str) -> AbstractContextManager[None]:
        """Nobody else, of this process or another, is inside for the same digest; as long as the photo is there."""

    def forget_drafts(self, instant: float, prefix: str = "") -> int:
        """Delete what a crash left half written before ``instant``, of digests that begin with ``prefix``; how many."""

    def put_aside(self, name: str, file: BinaryIO) -> None:
        """Keep a file that is no photo, of any size, until somebody needs it: all servers of the store find it."""

    def aside(self, name: str) -> AbstractContextManager[Path]:
        """That file, on this machine's disk while it is used; raises ``FileNotFoundError``."""

    def forget_aside(self, beginning: str) -> None:
        """Delete all files put aside whose names begin so."""

    def forget_aside_before(self, instant: float) -> int:
        """Delete what was put aside before ``instant``; how many."""

    def name(self) -> str | None:
        """The name that the store was given once; None for a new one."""

    def give_name(self, name: str) -> None:
        """Name a store that has none; of two that name it at once one is believed: ask for it afterwards."""
