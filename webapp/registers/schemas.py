"""What a change of the relay register may say: an untrusted fact becomes a :class:`Draft`, or a problem with its fields.

The reasons are codes that the desk puts into words beside its fields.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate, validates_schema

from webapp.core.ids import is_id
from webapp.core.problems import Problem
from webapp.core.ranges import ClockDay, Day
from webapp.core.spelling import spelt, spelt_name
from webapp.core.text_lengths import fits, is_blank
from webapp.registers.rules import (
    AGREEMENTS,
    AHEAD,
    BACK,
    CHANGE,
    CLOSE,
    KINDS,
    OPEN,
    OPEN_FIELDS,
    OPS,
    PERSONAL_FIELDS,
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_BYTES = 5 * 1024 * 1024  # of a photo
_DAY = {"invalid": "day", "range": "day"}


@dataclass(frozen=True)
class Draft:
    """A change of the right form; whether it may be is for the guard to say."""

    point: str
    op: str
    day: date
    values: dict  # of OPEN_FIELDS, the photo as its digest
    personal: dict = field(default_factory=dict)  # of PERSONAL_FIELDS
    photo_size: int | None = None
    made: date | None = None  # the day of the work

    @property
    def photo(self) -> str | None:
        """The digest of the photo that it names."""
        return self.values.get("photo")


def _is_line(text: str) -> None:
    if _CONTROL.search(text):
        raise ValidationError("characters")


def _line(most: int, **options) -> fields.String:
    checks = [_is_line, lambda text: fits(text, most) or _refuse("long")]
    return fields.String(allow_none=True, validate=checks, error_messages={"invalid": "text"}, **options)


def _degrees(most: int) -> fields.Float:
    messages = {"invalid": "degrees", "special": "degrees"}
    return fields.Float(
        allow_none=True, allow_nan=False, error_messages=messages, validate=validate.Range(-most, most, error="degrees")
    )  # fmt: skip


class _Tidy(Schema):
    """Texts without spaces around, names and numbers spelt in one way; an empty one is none."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def strip(self, data, **_):
        if not isinstance(data, dict):
            return data  # refused by what comes after
        tidy = {key: _spelt(key, value) if isinstance(value, str) else value for key, value in data.items()}
        return {
            key: None if isinstance(value, str) and is_blank(value) else value for key, value in tidy.items()
        }


def _spelt(name: str, value: str) -> str:
    return {"name": spelt_name, "keeper": spelt_name, "contact": spelt, "address": spelt}.get(
        name, str.strip
    )(value)


class _PhotoSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    sha256 = fields.String(required=True, validate=validate.Regexp(_SHA256))
    size = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_BYTES))


class _ValuesSchema(_Tidy):
    name = _line(80)
    kind = fields.String(allow_none=True, validate=validate.OneOf(KINDS, error="choice"))
    address = _line(120)
    route = fields.String(allow_none=True, validate=validate.Predicate("__len__", error="choice"))
    agreement = fields.String(validate=validate.OneOf(AGREEMENTS, error="choice"))
    latitude = _degrees(90)
    longitude = _degrees(180)
    photo = fields.Nested(_PhotoSchema, allow_none=True)

    @validates_schema
    def whole(self, data, **_):
        """Name and kind cannot be taken away, a position has two parts."""
        faults = {name: "empty" for name in ("name", "kind") if name in data and data[name] is None}
        given = [name for name in ("latitude", "longitude") if data.get(name) is not None]
        if ("latitude" in data) != ("longitude" in data) or len(given) == 1:
            faults["longitude" if given == ["latitude"] else "latitude"] = "both"
        if data.get("route") is not None and not is_id(data["route"]):
            faults["route"] = "choice"
        if faults:
            raise ValidationError({name: [reason] for name, reason in faults.items()})


class _PersonalSchema(_Tidy):
    keeper = _line(40)
    contact = _line(40)
    note = _line(200)


class _ChangeSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    point = fields.String(required=True, validate=lambda text: is_id(text) or _refuse("choice"))
    op = fields.String(required=True, validate=validate.OneOf(OPS))
    date = ClockDay(required=True, error_messages=_DAY)
    day = Day(load_default=None, allow_none=True, error_messages=_DAY)
    values = fields.Nested(_ValuesSchema, load_default=dict)


def _refuse(reason: str) -> None:
    raise ValidationError(reason)


_CHANGE, _VALUES, _PERSONAL = _ChangeSchema(), _ValuesSchema(), _PersonalSchema()


def read_change(open: dict, personal: str | None) -> Draft:
    """The change in a fact's open and personal parts; raises ``bad-fact`` with a reason beside each field."""
    data = _load(_CHANGE, open)
    said = _load(_PERSONAL, json.loads(personal), "personal.") if personal else {}
    values = {name: data["values"][name] for name in OPEN_FIELDS if name in data["values"]}
    photo = values.get("photo")
    if photo:
        values["photo"] = photo["sha256"]
    private = {name: said[name] for name in PERSONAL_FIELDS if name in said}
    draft = Draft(data["point"], data["op"], data["day"] or data["date"], values, private, photo["size"] if photo else None, data["date"])  # fmt: skip
    if faults := dict(_faults(draft, data["date"])):
        raise Problem("bad-fact", faults)
    return draft


def faults_in(values: dict, personal: dict) -> dict[str, str]:
    """What is wrong with the values that a form or a file would set: {field: reason}."""
    return dict(_flat(_VALUES.validate(values), "")) | dict(_flat(_PERSONAL.validate(personal), ""))


def _faults(draft: Draft, worked: date):
    if draft.op == CLOSE and draft.day > worked + AHEAD:
        yield "day", "far"
    elif draft.op != CLOSE and draft.day > worked:
        yield "day", "future"
    elif draft.day < worked - BACK:
        yield "day", "early"
    if draft.op == OPEN:
        yield from ((f"values.{name}", "empty") for name in ("name", "kind") if not draft.values.get(name))
    elif draft.op == CHANGE and not (draft.values or draft.personal):
        yield "values", "empty"
    elif draft.op not in (OPEN, CHANGE) and (draft.values or draft.personal):
        yield "values", f"none at {draft.op}"


def _load(schema: Schema, data: dict, prefix: str = "") -> dict:
    try:
        return schema.load(data)
    except ValidationError as error:
        raise Problem("bad-fact", dict(_flat(error.messages, prefix))) from error


def _flat(messages, prefix: str):
    """{"values": {"name": ["long"]}} as {"values.name": "long"}."""
    for name, said in messages.items():
        if isinstance(said, dict):
            yield from _flat(said, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(said[0])
