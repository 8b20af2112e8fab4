"""Passwords: Argon2 hashes, what is too weak, and temporary ones. Slow on purpose: never inside a transaction."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.core.budgets import Budget
from webapp.core.problems import Problem

SHORTEST, LONGEST = 8, 128  # characters; the upper bound keeps the work of one request bounded
# No 0 O 1 I L: what is read aloud or copied from a screen is typed right the first time.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

_HASHER = PasswordHasher()  # the library's default is RFC 9106's second profile
# It takes 64 MiB each time: one at a time in a process, and few wait for their turn.
_TURN = Budget(1, seconds=5, waiting=10)
# Those that head every list of leaked passwords and are long enough; runs and repeats are found by rule.
_COMMON = frozenset(
    [
        "password",
        "password1",
        "password12",
        "password123",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "starwars",
        "superman",
        "trustno1",
        "whatever",
        "welcome1",
        "welcome123",
        "letmein1",
        "admin123",
        "admin1234",
        "administrator",
        "qwertyui",
        "qwertyuiop",
        "qwerty123",
        "qwerty12",
        "1qaz2wsx",
        "1q2w3e4r",
        "1q2w3e4r5t",
        "1qazxsw2",
        "q1w2e3r4",
        "zaq12wsx",
        "asdfghjk",
        "asdfghjkl",
        "asdf1234",
        "zxcvbnm1",
        "abcd1234",
        "abc12345",
        "abc123456",
        "a1234567",
        "a12345678",
        "a123456789",
        "aa123456",
        "aa12345678",
        "1234qwer",
        "123qweasd",
        "123456aa",
        "123456abc",
        "12345678a",
        "123456789a",
        "woaini1314",
        "woaini520",
        "woaini123",
        "wo123456",
        "5201314520",
        "52013145201314",
        "1314520520",
        "13145201314",
        "147258369",
        "159357159",
        "789456123",
        "741852963",
        "88888888",
        "66668888",
        "china123",
        "youzheng",
        "youzheng123",
        "youzheng11185",
        "chinapost",
        "neimenggu",
        "toucha123",
        "changeme",
        "changeme1",
        "test1234",
        "user1234",
    ]
)
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def is_weak(password: str, *about: str) -> bool:
    """Whether a new password is too short, too long, common, a run or repeat, or made of ``about`` (login, name)."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if not SHORTEST <= len(password) <= LONGEST or len(set(plain)) < 4 or plain in _COMMON:
        return True
    if any(plain in run or plain in run[::-1] for run in _RUNS):
        return True
    rest = plain
    for word in filter(None, (text.casefold() for text in about)):
        rest = rest.replace(word, "")
    return rest != plain and len(rest) < 4


def hashed(password: str, *about: str) -> str:
    """The hash of a new password; problem ``weak-password`` if it must not be used."""
    if is_weak(password, *about):
        raise Problem("weak-password", {"password": "weak"})
    with _TURN.using(1):
        return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one that was hashed. Without a hash: no, after the same amount of work."""
    try:
        with _TURN.using(1):
            agrees = _HASHER.verify(stored or _nobody(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return agrees and stored is not None


def renewed(stored: str, password: str) -> str | None:
    """A new hash of a password just verified if the stored one was made with other parameters, else None."""
    if not _HASHER.check_needs_rehash(stored):
        return None
    with _TURN.using(1):
        return _HASHER.hash(password)


def temporary() -> str:
    """A password to be told to somebody once: ten letters and digits that cannot be confused (49 bits)."""
    return "".join(secrets.choice(LETTERS) for _ in range(10))


@cache
def _nobody() -> str:
    """A hash that no password has, made with the present parameters: unknown names cost as much as known ones."""
    return _HASHER.hash(secrets.token_hex(16))
