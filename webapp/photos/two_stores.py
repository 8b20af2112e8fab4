"""While photos move: the new store, and behind it the one that they are leaving. Each photo is in the one, the other, or both."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from webapp.photos.store import PhotoStore


class TwoStores:
    """What is written goes to ``new``; what is read is looked for there first, then in ``old``; what is deleted goes from both."""

    def __init__(self, new: PhotoStore, old: PhotoStore):
        self._new, self._old, self._both = new, old, (new, old)

    def write(self, digest: str, data: bytes, variant: str = "") -> None:
        """Into the new one."""
        self._new.write(digest, data, variant)

    def read(self, digest: str, variant: str = "") -> bytes | None:
        """From the new one, else from the old one; what has moved between these two looks is in the new one by now."""
        for store in (self._new, self._old, self._new):
            if (data := store.read(digest, variant)) is not None:
                return data
        return None

    def holds(self, digest: str, variant: str = "") -> bool:
        """Whether either has it."""
        return any(store.holds(digest, variant) for store in (self._new, self._old, self._new))

    def delete(self, digest: str, variant: str = "") -> None:
        """From the old one first: what is in neither cannot move any more."""
        self._old.delete(digest, variant)
        self._new.delete(digest, variant)

    def alone(self, digest: str) -> AbstractContextManager[None]:
        """As in the new one."""
        return self._new.alone(digest)

    def listing(self, prefix: str) -> dict[str, float]:
        """What either has; of what both have, when it was written last."""
        new, old = (store.listing(prefix) for store in self._both)
        return {**old, **{digest: max(written, old.get(digest, written)) for digest, written in new.items()}}

    def forget_drafts(self, instant: float, prefix: str = "") -> int:
        """In both."""
        return sum(store.forget_drafts(instant, prefix) for store in self._both)

    def put_aside(self, name: str, file: BinaryIO) -> None:
        """Into the new one."""
        self._new.put_aside(name, file)

    @contextmanager
    def aside(self, name: str) -> Iterator[Path]:
        """From the new one, else from the old one; raises ``FileNotFoundError``."""
        with ExitStack() as opened:
            try:
                path = opened.enter_context(self._new.aside(name))
            except FileNotFoundError:
                path = opened.enter_context(self._old.aside(name))
            yield path

    def forget_aside(self, beginning: str) -> None:
        """In both."""
        for store in self._both:
            store.forget_aside(beginning)

    def forget_aside_before(self, instant: float) -> int:
        """In both."""
        return sum(store.forget_aside_before(instant) for store in self._both)

    def name(self) -> str | None:
        """Of the new one."""
        return self._new.name()

    def give_name(self, name: str) -> None:
        """To the new one."""
        self._new.give_name(name)
