"""Numbers, seals, draws and their intervals. Pure."""

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.rulebook.rules import load

# The classes whose items stand on lists: those that bear numbers, in the order of the rulebook's table. Lists are no
# matter of an edition: their table and the words of their files know these, and an edition that numbers another is
# refused (rulebook.editions).
SAMPLED = tuple(code for code in load().classes if code in load().numbered)
# Under this name stands one number for the returned items of all numbered classes together, as somebody typed it.
RETURNED = "returned"
MAX_NUMBER = 40
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10 = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_DOMESTIC = re.compile(r"[0-9]{13}|[A-Z]{2}[0-9]{11}")
_DROPPED = {"Pd", "Cc", "Cf"}  # every kind of dash, control and format characters


@dataclass(frozen=True)
class Number:
    """An item number as written on manifests; a warning is never a refusal."""

    text: str
    form: str  # s10, domestic, strange
    warning: str | None  # check-digit, strange, empty, too-long


def check_digit(serial: str) -> int:
    """UPU S10: weights 8 6 4 2 3 5 9 7, 11 − sum mod 11, 10 → 0, 11 → 5."""
    remainder = 11 - sum(w * int(d) for w, d in zip(_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(remainder, remainder)


def read_number(written: str) -> Number:
    """The number in ``written``: half-width, upper-case, without spaces and dashes; its form and warning.

    The phone reads numbers by the same rule (tests/vectors/numbers.json): a number has one spelling everywhere.
    """
    text = spelt(written)
    if not text:
        return Number(text, "strange", "empty")
    if len(text) > MAX_NUMBER:  # code points, as the phone counts and a column holds them
        return Number(text, "strange", "too-long")
    if match := _S10.fullmatch(text):
        right = check_digit(match[1]) == int(match[2])
        return Number(text, "s10", None if right else "check-digit")
    if _DOMESTIC.fullmatch(text):
        return Number(text, "domestic", None)
    return Number(text, "strange", "strange")


def tail_of(number: str) -> str | None:
    """The last four digits of a regular number, by which people call it; None of any other text."""
    if _S10.fullmatch(number):
        return number[-6:-2]
    return number[-4:] if _DOMESTIC.fullmatch(number) else None


def spelt(written: str) -> str:
    """The one spelling of a number, whatever it is: half-width, upper-case, without spaces and dashes."""
    if written.isascii() and written.isalnum():  # nearly every number: nothing to drop, nothing to compose
        return written.upper()
    return _taken_apart(written)


def _taken_apart(written: str) -> str:
    plain = unicodedata.normalize("NFKC", written)
    kept = (char for char in plain if not char.isspace() and unicodedata.category(char) not in _DROPPED)
    # Once more: what stood apart before may now compose.
    return unicodedata.normalize("NFKC", "".join(kept).upper())


def canonical_bytes(items: Iterable[tuple[str, str, bool, str]]) -> bytes:
    """The bytes that a seal digests: number, class, returned (0 or 1) and the carrier's login (or nothing), a line each.

    Separated by tabs, which none of them can hold; sorted by number as ``LC_ALL=C sort`` does; UTF-8, each line ended
    by ``\\n``. Only what stands on the list itself: nothing that anybody may rename or close later.
    """
    rows = (
        f"{number}\t{name}\t{int(returned)}\t{login}\n" for number, name, returned, login in sorted(items)
    )
    return "".join(rows).encode()


def seal_of(canonical: bytes) -> str:
    """SHA-256 of the canonical bytes in hex."""
    return hashlib.sha256(canonical).hexdigest()


def draw_key(seed: str, number: str) -> str:
    """SHA-256(seed ‖ number) in hex, both as text: ``printf '%s%s' SEED NUMBER | sha256sum``."""
    return hashlib.sha256((seed + number).encode()).hexdigest()


def ranked(seed: str, numbers: Iterable[str]) -> list[str]:
    """The numbers in the order of the draw, the lowest digest first."""
    return sorted(numbers, key=lambda number: (draw_key(seed, number), number))


def sample_size(count: int, percent: int) -> int:
    """⌈percent %⌉ of ``count`` in whole numbers [14.1(1)]."""
    return -(-count * percent // 100)


def sample_of(ranks: Sequence[tuple[int, str, bool]], size: int) -> list[str]:
    """The sample in force: of ``(rank, number, voided)`` the ``size`` lowest ranks that are not voided."""
    standing = [number for _, number, voided in sorted(ranks) if not voided]
    return standing[:size]


def wilson(passed: int, count: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """The 95 % Wilson score interval of a rate as (low, high); (0, 1) for nothing checked."""
    if not count:
        return 0.0, 1.0
    rate = passed / count
    middle = rate + z * z / (2 * count)
    spread = z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def mask(name: str) -> str:
    """A name as it may be kept: 张三 → 张*, Anna Berg → A*. Never the full name (个人信息保护法)."""
    name = name.strip()
    return f"{name[0]}*" if name else ""
