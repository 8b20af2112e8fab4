"""How much of a scarce thing one process uses at once: who asks for more waits a little, and then is told to come again.

A request that is cheap alone is not cheap sixteen times at once: passwords are hashed with 64 MiB each, a photo of five
megabytes is a picture of a hundred.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.core.problems import Problem

MEBI = 1024 * 1024


class Budget:
    """An amount that may be in use at once, in any unit (bytes, turns); threads share it."""

    def __init__(self, total: int, seconds: float, waiting: int):
        """``seconds``: how long one waits for its part; ``waiting``: how many may wait, so that threads are left for others."""
        self.total, self._seconds, self._most = total, seconds, waiting
        self._free, self._waiting = total, 0
        self._changed = threading.Condition()

    def take(self, amount: int) -> None:
        """Take ``amount`` (all of it, where it is more than there is), waiting if need be; raises ``busy``."""
        amount = min(amount, self.total)
        with self._changed:
            if self._free < amount:
                self._wait_for(amount)
            self._free -= amount

    def _wait_for(self, amount: int) -> None:
        if self._waiting >= self._most:
            raise Problem("busy")
        self._waiting += 1
        deadline = time.monotonic() + self._seconds
        try:
            while self._free < amount:
                if not self._changed.wait(deadline - time.monotonic()):
                    raise Problem("busy")
        finally:
            self._waiting -= 1

    def give_back(self, amount: int) -> None:
        """Give back what :meth:`take` took."""
        with self._changed:
            self._free += min(amount, self.total)
            self._changed.notify_all()

    @contextmanager
    def using(self, amount: int) -> Iterator[None]:
        """Take, and give back at the end."""
        self.take(amount)
        try:
            yield
        finally:
            self.give_back(amount)


# What one process unpacks of photos and tables at once, in bytes of memory.
UNPACKING = Budget(128 * MEBI, seconds=10, waiting=8)
