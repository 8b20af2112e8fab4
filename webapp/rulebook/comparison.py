"""What differs between two editions, table by table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from webapp.rulebook.rules import SEVERITIES, Rulebook, Text


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
    for table in ("duties", "kinds", "populations", "readings", "classes"):
        found += _compare(table, getattr(before, table), getattr(after, table))
    return found


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
