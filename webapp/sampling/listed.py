"""Every number that the lists of a day bear, sealed or not, and short keyed marks of them for phones. Read only."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

DAYS_KEPT = 400  # of units, some 15 kB each
MARK = 5  # bytes: of 2,000 numbers a strange one is taken for a listed one once in 500 million


def marks_key(secret: str, unit_code: str, day: date) -> str:
    """The key of a unit's day in hex: 32 bytes that say nothing to whoever lacks the server's secret."""
    return hmac.new(secret.encode(), f"listed {unit_code} {day}".encode(), hashlib.sha256).hexdigest()


class Marks:
    """The marks of numbers under one key, each made once: HMAC-SHA256 cut to five bytes.

    A phone can ask of a number that somebody holds in the hand whether it is listed; it cannot read the list. The
    phone makes the same marks (static/js/domain/listed.js, tests/vectors/marks.json).
    """

    def __init__(self, key: str):
        self._secret = bytes.fromhex(key)
        self._known: dict[str, bytes] = {}

    def of(self, numbers: Iterable[str]) -> str:
        """The sorted marks of the numbers, one after the other, in base64."""
        marks = {self._known.get(number) or self._mark(number) for number in numbers}
        return base64.b64encode(b"".join(sorted(marks))).decode()

    def _mark(self, number: str) -> bytes:
        mark = self._known[number] = hmac.digest(self._secret, number.encode(), "sha256")[:MARK]
        return mark


@lru_cache(maxsize=DAYS_KEPT)
def marks_under(key: str) -> Marks:
    """The marks of a unit's day as far as they were asked for: what is sealed stays, and is asked for all day long."""
    return Marks(key)


def marks_of(key: str, numbers: Iterable[str]) -> str:
    """The marks of the numbers under the key."""
    return marks_under(key).of(numbers)
