"""Forms about people, untrusted: what they must hold. Every message is a reason code, put into words by the door."""

import re

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from webapp.core.problems import Problem
from webapp.core.ranges import Day
from webapp.core.spelling import spelt, spelt_login, spelt_name
from webapp.core.text_lengths import Characters
from webapp.org.rules import LEVEL_OF

_LOGIN = re.compile(r"[\w][\w.\-]{1,39}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Form(Schema):
    """A flat form: values are spelt in one way (``core.spelling``), an empty field is an absent one."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def strip(self, data, **_):
        """Spell the values and leave out the empty ones."""
        values = {key: _spelt(key, value) if isinstance(value, str) else value for key, value in data.items()}
        return {key: value for key, value in values.items() if value != ""}


def _spelt(field: str, value: str) -> str:
    return spelt_name(value) if field == "name" else spelt(value)


def needed(kind: type[fields.Field], invalid: str, *validators, **options) -> fields.Field:
    """A field that must be filled in; ``invalid`` is the reason where it cannot be read."""
    messages = {"required": "empty", "null": "empty", "invalid": invalid, "range": invalid}
    return kind(required=True, validate=list(validators), error_messages=messages, **options)


def _is_login(text: str) -> None:
    if not _LOGIN.fullmatch(spelt_login(text)):
        raise ValidationError("login")


def is_line(text: str) -> None:
    """Refuse line breaks and other control characters."""
    if _CONTROL.search(text):
        raise ValidationError("characters")


_NAME = (is_line, Characters(40, error="long"))


class RoleForm(Form):
    """A role given: ``role``, ``unit`` (code), ``first_day``, ``last_day`` or none."""

    role = needed(fields.String, "choice", validate.OneOf(tuple(LEVEL_OF), error="choice"))
    unit = needed(fields.String, "choice", is_line, validate.Length(max=20, error="choice"))
    first_day = needed(Day, "day")
    last_day = Day(load_default=None, error_messages={"invalid": "day", "range": "day"})


class PersonForm(RoleForm):
    """A new person with a first role."""

    login = needed(fields.String, "login", _is_login)
    name = needed(fields.String, "characters", *_NAME)


class NameForm(Form):
    """A person's new name; ``misspelt`` where the old one was never right and no record shall show it."""

    name = needed(fields.String, "characters", *_NAME)
    misspelt = fields.Boolean(load_default=False)


class EndForm(Form):
    """The last day of a role."""

    last_day = needed(Day, "day")


ROLE, PERSON, NAME, END = RoleForm(), PersonForm(), NameForm(), EndForm()


def read(schema: Schema, form) -> dict:
    """The values of ``form`` (a mapping of strings); problem ``invalid`` names each field and its reason code."""
    try:
        return schema.load(dict(form))
    except ValidationError as error:
        raise Problem("invalid", {name: reasons[0] for name, reasons in error.messages.items()}) from None
