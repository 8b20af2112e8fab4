"""The offices' own forms as data (``forms.toml``): heads and columns in their order. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from webapp.rulebook.texts import Text

CRITERION = "criterion:"
CHECK = "check"  # what a row of some forms is
Value = TypeVar("Value")


@dataclass(frozen=True)
class Column:
    """A column, or a field of the head. ``source`` empty: nobody enters it here, and it stays empty for the pen."""

    source: str
    title: Text
    figure: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Form:
    """A form. ``short``: its name on pages and files; ``rows``: what a row is; ``kinds``: of which records, where it is filled by checks."""

    code: str
    rows: str
    kinds: tuple[str, ...]
    title: Text
    short: Text
    head: tuple[Column, ...]
    columns: tuple[Column, ...]

    def cells(self, values: dict[str, Value]) -> list[Value | None]:
        """A row in the order of the columns; what a row does not say is None."""
        return [values.get(column.source) if column.source else None for column in self.columns]

    def fields(self, values: dict[str, Value]) -> list[Value | None]:
        """The same of the head."""
        return [values.get(field.source) if field.source else None for field in self.head]


@cache
def forms() -> MappingProxyType[str, Form]:
    """All forms by their code, in the order of the file."""
    said = tomllib.loads(Path(__file__).with_name("forms.toml").read_text(encoding="utf-8"))
    return MappingProxyType({one["code"]: _form(one) for one in said["form"]})


def _form(said: dict) -> Form:
    head, columns = (tuple(map(_column, said[part])) for part in ("head", "columns"))
    return Form(
        said["code"],
        said["rows"],
        tuple(said.get("kinds", ())),
        _text(said),
        Text(said["short_zh"], said["short_en"]),
        head,
        columns,
    )


def _column(said: dict) -> Column:
    return Column(said.get("from", ""), _text(said), said.get("figure", False), said.get("wide", False))


def _text(said: dict) -> Text:
    return Text(said["zh"], said["en"])
