"""Who or what a cell of somebody's file names: exactly one, several, or none. Pure.

Nothing is matched by a key that drops characters: routes ``11`` and ``1-1`` are two carriers' routes. Only what is
spelt the same is the same (``core/spelling.py``: 王　芳 is 王芳, any hyphen is one), capitals aside; where that makes two
things one, or a login is somebody else's name, the cell is ambiguous. What is only alike is named as a candidate, never
taken.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from webapp.core.spelling import spelt_name
from webapp.formats.cells import Figure

MOST_NAMED = 5  # candidates in a sentence
_DAY = re.compile(r"(?:\d{4}[-/.年])?0?(\d{1,2})[-/.月]0?(\d{1,2})日?(?: 00:00:00)?", re.ASCII)


@lru_cache(4096)  # a list names the same few people and routes in thousands of rows
def folded(text: str) -> str:
    """A name or login to compare by: spelt as it is stored, half-width to its brackets, no case."""
    once = unicodedata.normalize("NFKC", spelt_name(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split())


def word(text: str) -> str:
    """A word of a fixed list to compare by: as :func:`folded`, with one space for any dash or underline in it."""
    return re.sub(r"(?<=\w)[\s_\-]+(?=\w)", " ", folded(text)).replace("_", " ")


def _alike(text: str) -> str:
    """What Excel and careless typing leave of a name: only to say which ones may be meant."""
    bare = "".join(char for char in folded(text) if char.isalnum())
    return bare.lstrip("0") or bare


@dataclass(frozen=True)
class Named:
    """Something with an id that files call by any of its ``names``; ``label`` tells it apart from all others."""

    id: str
    label: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a cell names: ``id`` if it is exactly one; else those that it may mean, ``several`` if it names all of them."""

    id: str | None
    candidates: tuple[Named, ...] = ()
    several: bool = False

    @property
    def labels(self) -> str:
        """The candidates in a sentence."""
        named = [one.label for one in self.candidates[:MOST_NAMED]]
        return "、".join([*named, "…"] if len(self.candidates) > MOST_NAMED else named)


class Names:
    """What can be named: by id, by label, and by each of its names."""

    def __init__(self, all_named: Iterable[Named]):
        self._exact: dict[str, dict[str, Named]] = {}
        self._near: dict[str, dict[str, Named]] = {}
        for one in all_named:
            for name in (one.id, one.label, *one.names):
                self._exact.setdefault(folded(name), {})[one.id] = one
            for name in one.names:
                self._near.setdefault(_alike(name), {})[one.id] = one

    def find(self, written: str) -> Found:
        """The one that ``written`` names. A number of a workbook has lost its leading zeros: it may be any that ends so."""
        called = dict(self._exact.get(folded(written), {}))
        if isinstance(written, Figure) and called:
            called |= self._without_zeros(written)
        if len(called) == 1:
            return Found(next(iter(called)))
        if called:
            return Found(None, tuple(called.values()), several=True)
        return Found(None, self._maybe(written))

    def _without_zeros(self, written: str) -> dict[str, Named]:
        near = self._near.get(_alike(written), {})
        return {id: one for id, one in near.items() if any(_number(name) == written for name in one.names)}

    def _maybe(self, written: str) -> tuple[Named, ...]:
        shapes = [written]
        if re.fullmatch(r"\d+\.0+", written):
            shapes.append(written.partition(".")[0])  # a number that some program wrote with its decimals
        if day := _DAY.fullmatch(written):
            shapes.append(f"{day[1]}-{day[2]}")  # Excel takes 1-1 for the first of January
        found: dict[str, Named] = {}
        for shape in shapes:
            found |= self._near.get(_alike(shape), {})
        return tuple(found.values())


def _number(name: str) -> str:
    plain = folded(name)
    return (plain.lstrip("0") or "0") if plain.isdecimal() else ""
