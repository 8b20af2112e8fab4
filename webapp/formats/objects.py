"""A store of objects named by their SHA-256, in a bucket of whatever speaks S3.

What it was given is confirmed before :meth:`S3Store.write` returns: the store's own tag is the MD5 of what it received; where it gives
another tag (it encrypts, say) the bytes are read back and compared.

A store that does not answer costs each request :data:`SECONDS` at most, and the others nothing: after a failure one request at a time
tries it, and all others are told at once to come again.
"""

import hashlib
import logging
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store as Client

from webapp.core.problems import Problem
from webapp.formats.buckets import Bucket
from webapp.formats.files import DIGEST

SECONDS = 2.2  # for one request to the store and its answer, whole
CONNECTING, AGAIN = 1.0, 0.5  # for a connection; in which a connection that broke is tried once more
PAUSE = 1.0  # after a failure nobody tries for so long
PIECE = 4 * 1024 * 1024  # bytes of a large file that travel at once, each within SECONDS
ASIDE, NAME = "aside/", "store-id"
_OF_A_PHOTO = re.compile(r"../[0-9a-f]{64}")
_REFUSED = ("PermissionDeniedError", "UnauthenticatedError", "PermissionError")
log = logging.getLogger(__name__)
T = TypeVar("T")


class StoreAway(Problem):
    """The store does not do its part at the moment: ``busy``, or ``cannot-write`` where it refuses our keys."""


class S3Store:
    """The objects of a bucket, as :class:`webapp.photos.store.PhotoStore`. Raises :class:`StoreAway` wherever it asks."""

    def __init__(self, bucket: Bucket):
        self._bucket = bucket
        self._guard = threading.Lock()
        self._failed, self._next_try = False, 0.0
        self._alone = [threading.Lock() for _ in range(64)]

    @cached_property
    def _client(self) -> Client:
        """Made when it is first needed: its threads do not outlive a fork."""
        bucket = self._bucket
        return Client(
            bucket.name,
            prefix=bucket.prefix or None,
            endpoint=bucket.endpoint,
            access_key_id=bucket.key,
            secret_access_key=bucket.secret,
            region=bucket.region,
            client_options={
                "allow_http": bucket.endpoint.startswith("http://"),
                "timeout": timedelta(seconds=SECONDS),
                "connect_timeout": timedelta(seconds=CONNECTING),
            },
            # What times out is not tried again: only what failed at once, such as a connection that the store has closed.
            retry_config={"max_retries": 1, "retry_timeout": timedelta(seconds=AGAIN)},
        )

    def _ask(self, question: Callable[[Client], T]) -> T:
        """The answer; ``FileNotFoundError`` is one, too."""
        self._may_try()
        try:
            answer = question(self._client)
        except FileNotFoundError:
            self._failed = False
            raise
        except (BaseError, OSError) as error:
            kind = type(error).__name__  # its words hold the address of a photo
            log.warning("the store of photos does not do its part: %s", kind)
            self._failed, self._next_try = True, time.monotonic() + PAUSE
            raise StoreAway("cannot-write" if kind in _REFUSED else "busy") from error
        self._failed = False
        return answer

    def _may_try(self) -> None:
        """Raise :class:`StoreAway` while it is known to be away; of those who come after the pause one tries."""
        with self._guard:
            if not self._failed:
                return
            if time.monotonic() < self._next_try:
                raise StoreAway("busy")
            self._next_try = time.monotonic() + SECONDS + PAUSE

    # ---------------------------------------------------------------- photos

    def write(self, digest: str, data: bytes, variant: str = "") -> None:
        """Keep ``data``; returns when the store has confirmed these very bytes. Writing again makes it younger."""
        self._put(_key(digest, variant), data)

    def read(self, digest: str, variant: str = "") -> bytes | None:
        """The bytes, or None where there are none."""
        return self._get(_key(digest, variant))

    def holds(self, digest: str, variant: str = "") -> bool:
        """Whether the object, or this variant of it, is there."""
        return self._head(_key(digest, variant)) is not None

    def delete(self, digest: str, variant: str = "") -> None:
        """Forget the object; nothing happens if it is gone already."""
        self._delete([_key(digest, variant)])

    def listing(self, prefix: str) -> dict[str, float]:
        """When the objects whose digests begin with ``prefix`` (two characters or more) were last written, ``{digest: seconds since
        1970}``; those of which only a variant is left included.
        """
        newest: dict[str, float] = {}
        for path, written in sorted(self._listed(prefix[:2])):  # the object before its variants
            if _OF_A_PHOTO.match(path) and path[3:].startswith(prefix):
                newest.setdefault(path[3 : 3 + DIGEST], written)
        return newest

    def digests(self) -> list[str]:
        """All digests kept, without variants, sorted."""
        return sorted(path[3:] for path, _ in self._listed() if _OF_A_PHOTO.fullmatch(path))

    @contextmanager
    def alone(self, digest: str) -> Iterator[None]:
        """Nobody else of this process is inside for the same digest; of other processes somebody may be, who does the same."""
        with self._alone[int(digest[:2], 16) % len(self._alone)]:
            yield

    def forget_drafts(self, instant: float, prefix: str = "") -> int:
        """Nothing is ever half written."""
        return 0

    # ---------------------------------------------------------------- what waits for somebody

    def put_aside(self, name: str, file: BinaryIO) -> None:
        """Keep a file of any size under a name of our own, in pieces; it is there when all of them are."""
        count = 0
        while piece := file.read(PIECE):
            self._put(f"{ASIDE}{name}/{count:04}", piece)
            count += 1
        self._put(f"{ASIDE}{name}/whole", str(count).encode())

    @contextmanager
    def aside(self, name: str) -> Iterator[Path]:
        """The file, on this machine's own disk while it is used; raises ``FileNotFoundError``."""
        count = self._get(f"{ASIDE}{name}/whole")
        if count is None:
            raise FileNotFoundError
        with tempfile.NamedTemporaryFile(prefix="toucha-") as copy:
            for number in range(int(count)):
                piece = self._get(f"{ASIDE}{name}/{number:04}")
                if piece is None:
                    raise FileNotFoundError
                copy.write(piece)
            copy.flush()
            yield Path(copy.name)

    def forget_aside(self, beginning: str) -> None:
        """Delete all files put aside whose names begin so."""
        self._delete([path for path, _ in self._listed(ASIDE) if path.startswith(f"{ASIDE}{beginning}")])

    def forget_aside_before(self, instant: float) -> int:
        """Delete what was put aside before ``instant`` (seconds since 1970); how many pieces."""
        old = [path for path, written in self._listed(ASIDE) if written < instant]
        self._delete(old)
        return len(old)

    # ---------------------------------------------------------------- which store it is

    def name(self) -> str | None:
        """The name that the store was given once; None for a new one."""
        found = self._get(NAME)
        return found.decode().strip() if found else None

    def give_name(self, name: str) -> None:
        """Name a store that has none; of two that name it at once one is believed: ask for it afterwards."""
        if self.name() is None:
            self._put(NAME, name.encode())

    # ---------------------------------------------------------------- objects

    def _put(self, path: str, data: bytes) -> None:
        tag = self._ask(lambda client: obstore.put(client, path, data, use_multipart=False))["e_tag"]
        if (tag or "").strip('"') == hashlib.md5(data, usedforsecurity=False).hexdigest():
            return
        if self._get(path) != data:
            log.error("the store of photos keeps other bytes than it was given")
            raise StoreAway("cannot-write")

    def _get(self, path: str) -> bytes | None:
        try:
            return self._ask(lambda client: obstore.get(client, path).bytes().to_bytes())
        except FileNotFoundError:
            return None

    def _head(self, path: str):
        try:
            return self._ask(lambda client: obstore.head(client, path))
        except FileNotFoundError:
            return None

    def _delete(self, paths: list[str]) -> None:
        for path in paths:
            try:
                self._ask(lambda client, path=path: obstore.delete(client, path))
            except FileNotFoundError:
                continue

    def _listed(self, prefix: str | None = None) -> list[tuple[str, float]]:
        """(path, seconds since 1970) of all objects."""
        parts = self._ask(lambda client: list(obstore.list(client, prefix)))
        return [(one["path"], one["last_modified"].timestamp()) for part in parts for one in part]


def _key(digest: str, variant: str) -> str:
    return f"{digest[:2]}/{digest}{variant}"
