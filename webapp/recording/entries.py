"""What arrives: the frozen texts of a fact, opened and checked for their form, and the :class:`Entry` that they become."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from marshmallow import Schema, ValidationError

from webapp.core.ids import is_id
from webapp.core.problems import Problem
from webapp.inspections.drafts import Draft
from webapp.inspections.schemas import flat
from webapp.journal.rules import fact_digest, personal_hash

_HEX = re.compile(r"[0-9a-f]{32,64}")
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # what PostgreSQL cannot keep in a column


@dataclass(frozen=True)
class Entry:
    """A fact that has the right form. ``draft`` is there for records of a kind only."""

    id: str
    open_text: str
    personal_text: str
    salt: str
    digest: str
    personal_hash: str
    type: str
    kind: str | None
    unit: str
    acting: str
    date: date
    made: datetime | None  # when the phone saved it: the moment that gave it its date
    amends: str | None
    target: str | None
    open: dict
    draft: Draft | None = None
    day: date | None = None  # of a confirmation: on which day the work was done, where not as dated

    @property
    def units(self) -> set[str]:
        """The units whose journals it enters: the one it is about and the one that acts."""
        return {self.unit, self.acting}


def json_in(text: str, name: str) -> dict:
    """The JSON object in a text; raises ``bad-fact`` under ``name`` where it is none, or holds what no column keeps."""
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problem("bad-fact", {name: "not JSON"}) from error
    if not isinstance(value, dict):
        raise Problem("bad-fact", {name: "not an object"})
    # Written as an escape (\\u0000) it is no NUL of the frozen text, but would be one in a column. Most texts hold no
    # escape at all: those need no walk through their values.
    suspect = "\\u" in text or UNWRITABLE.search(text)
    if suspect and any(UNWRITABLE.search(part) for part in _texts_in(value)):
        raise Problem("bad-fact", {name: "holds a NUL character or half a character"})
    return value


def _texts_in(value: object) -> Iterator[str]:
    """Every text of a JSON value, keys too, without recursion: nobody else says how deep it goes."""
    rest = [value]
    while rest:
        match rest.pop():
            case str() as text:
                yield text
            case dict() as members:
                rest += [*members, *members.values()]
            case list() as values:
                rest += values


def _no_constant(name: str):
    raise ValueError(f"{name} is not JSON")


def opened(open_text: str) -> dict:
    """The open part as it can be read; raises ``bad-fact`` where it cannot."""
    return json_in(open_text, "open")


def loaded(schema: Schema, data: dict, prefix: str = "") -> dict:
    """The values of a schema; raises ``bad-fact`` with a reason beside each field."""
    try:
        return schema.load(data)
    except ValidationError as error:
        raise Problem("bad-fact", flat(error.messages, prefix)) from error


def texts(envelope: object, limit: int) -> tuple[str, str, str, str, str]:
    """id, open, personal, salt and digest of an envelope, checked for form, size and digest."""
    if not isinstance(envelope, dict):
        raise Problem("bad-fact", {"facts": "not an object"})
    values = [envelope.get(name, "") for name in ("id", "open", "personal", "salt", "digest")]
    for name, value in zip(("id", "open", "personal", "salt", "digest"), values, strict=True):
        if not isinstance(value, str):
            raise Problem("bad-fact", {name: "not a text"})
    fact_id, open_text, personal, salt, digest = values
    if not is_id(fact_id):
        raise Problem("bad-fact", {"id": "not a UUIDv7"})
    if "\x00" in open_text + personal or "\\u0000" in open_text + personal:
        raise Problem("bad-fact", {"open": "holds a NUL character"})
    try:
        size = len(open_text.encode()) + len(personal.encode())
    except UnicodeEncodeError as error:
        raise Problem("bad-fact", {"open": "holds a lone surrogate"}) from error
    if size > limit:
        raise Problem("too-large", {"open": f"{size} bytes of at most {limit}"})
    if not _HEX.fullmatch(salt):
        raise Problem("bad-fact", {"salt": "32 to 64 hex characters"})
    if fact_digest(open_text, personal_hash(salt, personal)) != digest:
        raise Problem("bad-digest", {"digest": "does not match"})
    return fact_id, open_text, personal, salt, digest
