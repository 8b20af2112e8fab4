"""Types of documents as values: who issues them, their sections, who gets them, what is done with them. Pure.

Read from ``documents.toml``. What a table shows stands in ``webapp/reports``, how a document goes its way in ``webapp/documents``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from webapp.org.rules import LEVELS
from webapp.rulebook.texts import Text

PERIODS = ("month", "quarter")
ADDRESSED = ("above", "below", "chosen")
COPIES = ("above", "none")
MOVES = ("send", "receive", "accept", "reject")
# What a section can show; webapp/reports/queries.py has one query of each name.
TABLES = (
    "members", "relay-problems", "quality", "comparison", "problems", "faults", "grave", "visits", "own", "coverage",
    "duties", "open-ends", "supplements", "corrections", "special", "cases",
)  # fmt: skip
OF_DUTIES = ("members", "duties", "coverage", "special")  # which duties they show stands beside them
# As long as the columns in which they are kept.
LONGEST_CODE, LONGEST_ABBREVIATION = 24, 8


@dataclass(frozen=True)
class Section:
    """A part of a document: tables that are frozen at issue, and what is written at the desk.

    ``duties``: what a table of duties shows. ``needed``: it is not issued while its text is empty.
    """

    code: str
    title: Text
    tables: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    text: bool = False
    needed: bool = False
    hint: Text | None = None


@dataclass(frozen=True)
class DocumentType:
    """A type of document; ``to``: who gets it, ``copy``: who gets it for information."""

    code: str
    title: Text
    levels: tuple[str, ...]
    abbreviation: str
    period: str
    to: str
    copy: str
    moves: tuple[str, ...]
    seal: bool
    sections: tuple[Section, ...]

    @property
    def is_sent(self) -> bool:
        """Whether it is done when it was sent, not when it was issued."""
        return "send" in self.moves

    def number(self, year: int, n: int) -> str:
        """``转报〔2026〕1号``: no leading zeros."""
        return f"{self.abbreviation}〔{year}〕{n}号"

    def section(self, code: str) -> Section | None:
        """The section of this code, if there is one."""
        return next((one for one in self.sections if one.code == code), None)

    @property
    def written(self) -> tuple[Section, ...]:
        """The sections with a text of their own."""
        return tuple(one for one in self.sections if one.text)


@cache
def document_types() -> Mapping[str, DocumentType]:
    """The types that ship with Toucha, by code, in their order."""
    return read((Path(__file__).parent / "documents.toml").read_text(encoding="utf-8"))


def read(source: str) -> Mapping[str, DocumentType]:
    """The types in a TOML text; raises ``ValueError`` with what is wrong and where."""
    rows = tomllib.loads(source).get("document")
    if not isinstance(rows, list) or not rows:
        raise ValueError("document: at least one")
    types = [_type(row, f"document[{number}]") for number, row in enumerate(rows, 1)]
    _once("document.code", [one.code for one in types])
    _once("document.abbreviation", [one.abbreviation for one in types])
    return {one.code: one for one in types}


def _type(row: Mapping, place: str) -> DocumentType:
    code = _said(row, "code", str, place, LONGEST_CODE)
    place = f"document {code}"
    levels = _several(row, "level", place, LEVELS, least=1)
    moves = _several(row, "moves", place, MOVES)
    to = _one(row, "to", place, ADDRESSED)
    if "department" in levels or (to == "above" and "region" in levels):
        raise ValueError(f"{place}.level: nobody of that level can address it")
    if moves and moves != MOVES[: len(moves)]:
        raise ValueError(f"{place}.moves: in this order {', '.join(MOVES)}")
    sections = tuple(
        _section(one, f"{place} section[{n}]") for n, one in enumerate(row.get("section", []), 1)
    )
    if not sections:
        raise ValueError(f"{place}.section: at least one")
    _once(f"{place} section.code", [one.code for one in sections])
    return DocumentType(
        code, _text(row, place), levels, _said(row, "abbreviation", str, place, LONGEST_ABBREVIATION),
        _one(row, "period", place, PERIODS), to, _one(row, "copy", place, COPIES), moves,
        _said(row, "seal", bool, place), sections,
    )  # fmt: skip


def _section(row: Mapping, place: str) -> Section:
    code = _said(row, "code", str, place, LONGEST_CODE)
    tables = _several(row, "tables", place, TABLES) if "tables" in row else ()
    text, needed = _said(row, "text", bool, place), _said(row, "needed", bool, place)
    if needed and not text:
        raise ValueError(f"{place}.needed: it has no text")
    if not tables and not text:
        raise ValueError(f"{place}: neither a table nor a text")
    duties = _several(row, "duties", place) if "duties" in row else ()
    if bool(duties) != bool(set(tables) & set(OF_DUTIES)):
        raise ValueError(f"{place}.duties: goes with {', '.join(OF_DUTIES)}, and with these alone")
    hint = _text(row, place, "hint_") if text else None
    return Section(code, _text(row, place), tables, duties, text, needed, hint)


def _text(row: Mapping, place: str, prefix: str = "") -> Text:
    return Text(_said(row, f"{prefix}zh", str, place), _said(row, f"{prefix}en", str, place))


def _said(row: Mapping, key: str, form: type, place: str, most: int | None = None):
    value = row.get(key)
    if type(value) is not form or value == "":
        raise ValueError(f"{place}.{key}: a {form.__name__} is needed")
    if most is not None and len(value) > most:
        raise ValueError(f"{place}.{key}: at most {most} characters")
    return value


def _one(row: Mapping, key: str, place: str, known: tuple[str, ...]) -> str:
    value = _said(row, key, str, place)
    if value not in known:
        raise ValueError(f"{place}.{key}: {value!r} is none of {', '.join(known)}")
    return value


def _several(
    row: Mapping, key: str, place: str, known: tuple[str, ...] = (), least: int = 0
) -> tuple[str, ...]:
    values = row.get(key)
    if not isinstance(values, list) or len(values) < least or not all(isinstance(one, str) for one in values):
        raise ValueError(f"{place}.{key}: a list of texts is needed")
    if strangers := [one for one in values if known and one not in known]:
        raise ValueError(f"{place}.{key}: {strangers[0]!r} is none of {', '.join(known)}")
    _once(f"{place}.{key}", values)
    return tuple(values)


def _once(place: str, values: list[str]) -> None:
    for one in values:
        if values.count(one) > 1:
            raise ValueError(f"{place}: {one!r} twice")
