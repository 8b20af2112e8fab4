"""Passwords: Argon2 hashes, what is too weak, and temporary ones. Slow on purpose: never inside a transaction."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.core.budgets import Budget
from webapp.core.problems import Problem
from webapp.org.guessable import is_guessable

SHORTEST, LONGEST = 8, 128  # characters; the upper bound keeps the work of one request bounded
# No 0 O 1 I L: what is read aloud or copied from a screen is typed right the first time.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

_HASHER = PasswordHasher()  # the library's default is RFC 9106's second profile
# It takes 64 MiB each time: one at a time in a process, and few wait for their turn.
_TURN = Budget(1, seconds=5, waiting=10)
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def is_weak(password: str, *about: str) -> bool:
    """Whether a new password must not be used: see :func:`fault`."""
    return fault(password, *about) is not None


def fault(password: str, *about: str) -> str | None:
    """Why a new password must not be used, or None: ``weak`` (too short or long, a run or repeat, made of ``about``:
    login, name), ``common`` (what is tried first)."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if not SHORTEST <= len(password) <= LONGEST or len(set(plain)) < 4:
        return "weak"
    if any(plain in run or plain in run[::-1] for run in _RUNS):
        return "weak"
    rest = plain
    for word in filter(None, (text.casefold() for text in about)):
        rest = rest.replace(word, "")
    if rest != plain and len(rest) < 4:
        return "weak"
    return "common" if is_guessable(plain) else None


def hashed(password: str, *about: str) -> str:
    """The hash of a new password; problem ``weak-password`` if it must not be used."""
    if reason := fault(password, *about):
        raise Problem("weak-password", {"password": reason})
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
