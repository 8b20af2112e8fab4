"""What arrives: an envelope with frozen texts becomes an :class:`Entry`, or a problem that names the fields."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from webapp.core.ids import FORM, is_id
from webapp.core.outages import told
from webapp.core.problems import Problem
from webapp.core.ranges import ClockDay, Day, FewNamed, Instant
from webapp.core.text_lengths import Characters
from webapp.inspections import schemas as inspection_schemas
from webapp.inspections.schemas import MAX_ITEMS, MOST_NAMED, MOST_PHOTOS, Draft, flat
from webapp.journal.rules import fact_digest, personal_hash
from webapp.rulebook.queries import Editions
from webapp.rulebook.rules import TYPES, Kind, Rulebook

log = logging.getLogger(__name__)
PHONE_TYPES = ("inspection", "capture", "selection", "withdrawal", "confirmation", "volume", "point")
DESK_TYPES = ("seal", "reveal", "void", "volume", "handover")
# What a unit lays down for itself and all below (recording.facts.rulings).
RULING_TYPES = ("override", "calendar")
_HEX = re.compile(r"[0-9a-f]{32,64}")
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # what PostgreSQL cannot keep in a column


@dataclass(frozen=True)
class Entry:
    """A fact that has the right form. ``draft`` is there for inspections and captures only."""

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


class _HeadSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    v = fields.Integer(required=True, validate=validate.Equal(1))
    type = fields.String(required=True, validate=validate.OneOf(PHONE_TYPES + DESK_TYPES + RULING_TYPES))
    unit = fields.String(required=True, validate=validate.Length(min=1, max=20))
    acting = fields.String(required=True, validate=validate.Length(min=1, max=20))
    date = ClockDay(required=True)
    target = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(FORM))
    reason = fields.String(load_default=None, allow_none=True, validate=Characters(max=500))


class _ConfirmationSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    day = Day(load_default=None, allow_none=True)


class _PositionSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    latitude = fields.Float(required=True, allow_nan=False, validate=validate.Range(-90, 90))
    longitude = fields.Float(required=True, allow_nan=False, validate=validate.Range(-180, 180))
    accuracy = fields.Float(
        load_default=None, allow_none=True, allow_nan=False, validate=validate.Range(min=0)
    )


class _TakenSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    taken = Instant(load_default=None, allow_none=True)
    latitude = fields.Float(allow_none=True, allow_nan=False, validate=validate.Range(-90, 90))
    longitude = fields.Float(allow_none=True, allow_nan=False, validate=validate.Range(-180, 180))
    accuracy = fields.Float(allow_none=True, allow_nan=False, validate=validate.Range(min=0))


class _PersonalSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    notes = FewNamed(
        MAX_ITEMS + MOST_NAMED, keys=fields.String(), values=fields.String(validate=Characters(max=4000))
    )
    positions = FewNamed(MAX_ITEMS, keys=fields.String(), values=fields.Nested(_PositionSchema))
    photos = FewNamed(MAX_ITEMS * MOST_PHOTOS, keys=fields.String(), values=fields.Nested(_TakenSchema))


_HEAD = _HeadSchema()
_PERSONAL = _PersonalSchema()
_CONFIRMATION = _ConfirmationSchema()


def _json(text: str, name: str) -> dict:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problem("bad-fact", {name: "not JSON"}) from error
    if not isinstance(value, dict):
        raise Problem("bad-fact", {name: "not an object"})
    # Written as an escape (\\u0000) it is no NUL of the frozen text, but would be one in a column. Most texts hold no
    # escape at all: those need no walk through their values.
    suspect = "\\u" in text or UNWRITABLE.search(text)
    if suspect and any(UNWRITABLE.search(said) for said in _texts_in(value)):
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
    return _json(open_text, "open")


def _load(schema: Schema, data: dict, prefix: str = "") -> dict:
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


def read(envelope: object, rulebook: Rulebook | Editions, limit: int) -> Entry:
    """The entry in an envelope of a push; raises ``bad-fact``, ``bad-digest`` or ``too-large``."""
    entry = entry_of(*texts(envelope, limit), rulebook)
    # A seal or a draw that a phone made would be one that somebody chose.
    if entry.type not in PHONE_TYPES:
        raise Problem("bad-fact", {"type": "not from a phone"})
    if entry.draft and entry.draft.drawn:
        raise Problem("bad-fact", {"drawn": "only the server draws"})
    return entry


def read_safely(envelope: object, rulebook: Rulebook | Editions, limit: int) -> Entry:
    """:func:`read`, and ``server-error`` for whatever else an envelope makes it raise: its neighbours are read all the same."""
    try:
        return read(envelope, rulebook, limit)
    except Problem:
        raise
    except Exception as error:
        log.error("a fact cannot be read: %s", told(error))
        raise Problem("server-error") from error


def _check_texts(draft: Draft, kind: Kind, personal: str) -> None:
    """What the head says was written must stand in the personal part: the ledger counts meetings that have notes."""
    notes = _json(personal, "personal").get("notes", {}) if personal else {}
    lacking = {
        f"header.{field.code}": "its text is not there"
        for field in kind.fields
        if field.type == "text" and draft.header.get(field.code) and not notes.get(f"header.{field.code}")
    }
    if lacking:
        raise Problem("bad-fact", lacking)


def entry_of(
    fact_id: str, open_text: str, personal: str, salt: str, digest: str, rulebook: Rulebook | Editions
) -> Entry:
    """The entry in frozen texts whose digest is right."""
    data = _json(open_text, "open")
    head = _load(_HEAD, data)
    if personal:
        _load(_PERSONAL, _json(personal, "personal"), "personal")
    draft = None
    if head["type"] in TYPES:
        kinds = rulebook.on(head["date"]).kinds
        draft = inspection_schemas.read(data, kinds)
        _check_texts(draft, kinds[draft.kind], personal)
    elif head["type"] in ("withdrawal", "confirmation") and not head["target"]:
        raise Problem("bad-fact", {"target": "required"})
    if head["type"] == "withdrawal" and not (head["reason"] or "").strip():
        raise Problem("reason-needed", {"reason": "required"})
    day = _load(_CONFIRMATION, data)["day"] if head["type"] == "confirmation" else None
    return Entry(
        fact_id, open_text, personal, salt, digest, personal_hash(salt, personal), head["type"],
        draft.kind if draft else None, head["unit"], head["acting"], head["date"],
        (draft.ended or draft.started) if draft else None, draft.amends if draft else None,
        head["target"] if head["type"] in ("withdrawal", "confirmation") else None, data, draft, day,
    )  # fmt: skip
