"""What differs between two editions, table by table. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from webapp.rulebook.rules import SEVERITIES, Rulebook, Text

_WORDS = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)
TABLES = ("duties", "kinds", "populations", "readings", "classes")


@dataclass(frozen=True)
class Change:
    """A duty, kind, reading or class that was added, removed or changed; ``fields`` are (name, before, after)."""

    table: str
    code: str
    title: Text
    what: str  # added, removed, changed
    fields: tuple[tuple[str, object, object], ...] = ()


def compare(before: Rulebook, after: Rulebook) -> list[Change]:
    """The differences of ``after`` to ``before``, duties first."""
    found: list[Change] = []
    for table in TABLES:
        found += _compare(table, getattr(before, table), getattr(after, table))
    return found


@dataclass(frozen=True)
class Pair:
    """A duty, kind, reading or class in two editions beside each other; a side is None where it has none of this code.

    ``what``: added, removed, changed or same; ``fields`` are (name, before, after) of those that differ.
    """

    table: str
    code: str
    what: str
    before: object | None
    after: object | None
    fields: tuple[tuple[str, object, object], ...] = ()


def side_by_side(before: Rulebook, after: Rulebook) -> list[Pair]:
    """All of both, in the order of ``after``; what it no longer has follows what it followed in ``before``."""
    changes = {(one.table, one.code): one for one in compare(before, after)}
    found = []
    for table in TABLES:
        old, new = getattr(before, table), getattr(after, table)
        for code in _merged(list(old), list(new)):
            change = changes.get((table, code))
            what, fields_ = (change.what, change.fields) if change else ("same", ())
            found.append(Pair(table, code, what, old.get(code), new.get(code), fields_))
    return found


Part = tuple[bool, str]  # whether the other text has it not, and the words


def marked(before: str, after: str) -> tuple[list[Part], list[Part]]:
    """Two texts in parts: what only one of them has is marked. Words are compared, of Chinese each character."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left, right = [], []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left += [(what != "equal", "".join(old[i1:i2]))] if i2 > i1 else []
        right += [(what != "equal", "".join(new[j1:j2]))] if j2 > j1 else []
    return left, right


def _merged(old: list[str], new: list[str]) -> list[str]:
    merged = list(new)
    for place, code in enumerate(old):
        if code not in merged:
            follows = old[place - 1] if place else None
            merged.insert(merged.index(follows) + 1 if follows else 0, code)
    return merged


def _compare(table: str, before: Mapping, after: Mapping) -> list[Change]:
    found = [Change(table, code, _title(one), "removed") for code, one in before.items() if code not in after]
    for code, one in after.items():
        if code not in before:
            found.append(Change(table, code, _title(one), "added"))
        elif one != before[code]:
            found.append(Change(table, code, _title(one), "changed", _fields(before[code], one)))
    return found


def _title(one) -> Text:
    return one if isinstance(one, Text) else getattr(one, "title", None) or one.text


def _fields(before, after) -> tuple[tuple[str, object, object], ...]:
    pairs = ((field.name, getattr(before, field.name), getattr(after, field.name)) for field in fields(after))
    return tuple((name, _plain(old), _plain(new)) for name, old, new in pairs if old != new)


def _plain(value):
    """As a page can show it: texts stay in both languages, lists and sets become words."""
    if value is None or isinstance(value, (Text, str, int)):
        return value
    if isinstance(value, (frozenset, set)):
        return ", ".join(sorted(value))
    return ", ".join(_word(one) for one in value)


def _word(one) -> str:
    if isinstance(one, (tuple, list)):
        return " = ".join(map(str, one))
    if isinstance(one, str):
        return one
    fail = getattr(one, "fail", None)
    said = f"{one.code} {one.title.zh}" + (f" / {fail.zh}" if fail else "")
    # What is unusual about a criterion, in the edition's own codes.
    marks = [mark for mark in (getattr(one, "group", None), getattr(one, "severity", None)) if mark]
    return " · ".join([said, *(mark for mark in marks if mark != SEVERITIES[0])])
