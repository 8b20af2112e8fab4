"""A store of files named by their SHA-256. Written durably: written, fsynced, renamed, the folder fsynced."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

DIGEST = 64  # characters of a SHA-256 in hex
ASIDE, NAME = "aside", "store-id"


class DigestStore:
    """Files in a folder, two levels deep. Everything that keeps photos speaks to this small interface."""

    def __init__(self, folder: Path):
        self._folder = Path(folder)

    def _path(self, digest: str, variant: str) -> Path:
        return self._folder / digest[:2] / f"{digest}{variant}"

    def write(self, digest: str, data: bytes, variant: str = "") -> None:
        """Keep ``data``; when this returns it survives a power loss. Writing the same again changes nothing."""
        path = self._path(digest, variant)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.parent / f".{secrets.token_hex(8)}"
        try:
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        # Each may be new, and is an entry in the one above it.
        for folder in (path.parent, self._folder, self._folder.parent):
            _sync_folder(folder)

    def read(self, digest: str, variant: str = "") -> bytes | None:
        """The bytes, or None where there are none."""
        try:
            return self._path(digest, variant).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, digest: str, variant: str = "") -> None:
        """Forget the file; nothing happens if it is gone already."""
        self._path(digest, variant).unlink(missing_ok=True)

    def holds(self, digest: str, variant: str = "") -> bool:
        """Whether the file, or this variant of it, is there."""
        return self._path(digest, variant).is_file()

    @contextmanager
    def alone(self, digest: str) -> Iterator[None]:
        """Nobody else is inside for the same digest: by a lock of its file, which the kernel takes from a process that dies.

        Where there is no such file, or no locks of files, everybody comes in.
        """
        try:
            handle = os.open(self._path(digest, ""), os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            yield
            return
        try:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def listing(self, prefix: str) -> dict[str, float]:
        """When the files whose digests begin with ``prefix`` were last written, ``{digest: seconds since 1970}``, sorted.

        Of a file that was deleted halfway only a variant may be left: its digest is told too. A variant that was made later
        makes its file no younger.
        """
        newest: dict[str, float] = {}
        # The file before its variants.
        for path in sorted(self._folder.glob(f"{prefix[:2] or '??'}/{prefix}*")):
            if not path.name.startswith("."):
                newest.setdefault(path.name[:DIGEST], _written(path))
        return newest

    def forget_drafts(self, instant: float, prefix: str = "") -> int:
        """Delete what a crash left half written before ``instant``, of digests that begin with ``prefix``; returns how many."""
        old = [path for path in self._folder.glob(f"{prefix[:2] or '??'}/.*") if _written(path) < instant]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def digests(self, beginning: str = "??") -> list[str]:
        """All digests kept, without variants, sorted; those with the two characters of ``beginning``."""
        return sorted(path.name for path in self._folder.glob(f"{beginning}/*") if len(path.name) == DIGEST)

    # ---------------------------------------------------------------- what waits for somebody

    def put_aside(self, name: str, file: BinaryIO) -> None:
        """Keep a file of any size under a name of our own; nobody but the server may read it."""
        folder = self._folder / ASIDE
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / name
        try:
            with path.open("xb") as target:
                shutil.copyfileobj(file, target, 1024 * 1024)
        except OSError:
            path.unlink(missing_ok=True)
            raise

    @contextmanager
    def aside(self, name: str) -> Iterator[Path]:
        """The file; raises ``FileNotFoundError``."""
        path = self._folder / ASIDE / name
        if not path.is_file():
            raise FileNotFoundError
        yield path

    def forget_aside(self, beginning: str) -> None:
        """Delete all files put aside whose names begin so."""
        for path in (self._folder / ASIDE).glob(f"{beginning}*"):
            path.unlink(missing_ok=True)

    def forget_aside_before(self, instant: float) -> int:
        """Delete what was put aside before ``instant`` (seconds since 1970); how many files."""
        return forget_older(self._folder / ASIDE, instant)

    # ---------------------------------------------------------------- which store it is

    def name(self) -> str | None:
        """The name that the folder was given once, in a file that moves and is copied with it; None for a new one."""
        try:
            return (self._folder / NAME).read_text().strip() or None
        except FileNotFoundError:
            return None

    def is_store(self) -> bool:
        """Whether the folder bears a name: whether photos are, or were, kept there."""
        return (self._folder / NAME).is_file()

    def give_name(self, name: str) -> None:
        """Name a folder that has no name; of two that name it at once one is believed: ask for it afterwards."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f".{NAME}-{secrets.token_hex(4)}"
        draft.write_text(name)
        with suppress(FileExistsError):
            os.link(draft, self._folder / NAME)
        draft.unlink()

    def close_down(self) -> None:
        """Everything has left: the folder is no store any more. Raises ``OSError`` where something is left in it."""
        for folder in self._folder.glob("??"):
            for rest in folder.iterdir():
                if len(rest.name) > DIGEST:  # of a photo that is gone
                    rest.unlink()
            folder.rmdir()
        (self._folder / NAME).unlink(missing_ok=True)


def _written(path: Path) -> float:
    """When the file was last written; a file that has just gone is as new as can be."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def forget_older(folder: Path, instant: float) -> int:
    """Delete the files of the folder that were written before ``instant`` (seconds since 1970); returns how many."""
    old = [path for path in folder.glob("*") if path.is_file() and _written(path) < instant]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
