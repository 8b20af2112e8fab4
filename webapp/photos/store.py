"""Where the bytes of photos lie: whatever can do this much may hold them."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from webapp.formats.files import DigestStore

THUMBNAIL = ".thumbnail"  # the variant of 320 px


class PhotoStore(Protocol):
    """Bytes by their digest, each with variants; the empty variant is the photo itself."""

    def write(self, digest: str, data: bytes, variant: str = "") -> None:
        """Keep ``data`` durably. Writing the same again changes nothing but when it was written."""

    def read(self, digest: str, variant: str = "") -> bytes | None:
        """The bytes, or None where there are none."""

    def holds(self, digest: str, variant: str = "") -> bool:
        """Whether the photo itself, or this variant of it, is there."""

    def delete(self, digest: str, variant: str = "") -> None:
        """Forget it; nothing happens if it is gone already."""

    def written(self, digest: str) -> float:
        """When the photo was last written, in seconds since 1970; minus infinity where there is none."""

    def written_before(self, instant: float) -> list[str]:
        """Digests of photos not written since ``instant``, those of which only a variant is left included; sorted."""

    def listing(self, prefix: str) -> Mapping[str, float]:
        """When the photos whose digests begin with ``prefix`` were last written, ``{digest: seconds since 1970}``; those of
        which only a variant is left included.
        """

    def alone(self, digest: str) -> AbstractContextManager[None]:
        """Nobody else, of this process or another, is inside for the same digest; as long as the photo is there."""

    def forget_drafts(self, instant: float, prefix: str = "") -> int:
        """Delete what a crash left half written before ``instant``, of digests that begin with ``prefix``; how many."""


def store_at(place: Path) -> PhotoStore:
    """The store that the setting ``PHOTO_DIRECTORY`` names: a folder of files."""
    return DigestStore(place)
