"""What a fact about a plan says, from an untrusted dict: each operation with its own fields."""

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from webapp.campaigns.rules import (
    CANCEL,
    CHANGE,
    ENTER,
    FIELDS,
    MOST_POINTS,
    MOST_TEAM,
    MOST_UNITS,
    SUMMARISE,
    Member,
)
from webapp.core.ids import FORM
from webapp.core.problems import Problem
from webapp.core.ranges import Day, Few
from webapp.core.text_lengths import fits
from webapp.inspections.schemas import flat

TITLE, REASON, TEXT, DOCUMENT = 60, 200, 2000, 40  # characters


class _Line(fields.String):
    """A text of at most so many characters that says something."""

    default_error_messages = {"required": "empty", "empty": "empty", "long": "long"}

    def __init__(self, longest: int, **options):
        self.longest = longest
        super().__init__(**options)

    def _deserialize(self, value, attr, data, **options):
        text = super()._deserialize(value, attr, data, **options).strip()
        if self.required and not text:
            raise self.make_error("empty")
        if not fits(text, self.longest):
            raise self.make_error("long")
        return text


class _Plain(Schema):
    class Meta:
        unknown = EXCLUDE


class _MemberSchema(_Plain):
    person = fields.String(required=True, validate=validate.Regexp(FORM))
    unit = fields.String(required=True, validate=validate.Length(1, 20))
    first_day = Day(required=True)
    last_day = Day(required=True)

    @post_load
    def _made(self, data: dict, **_more) -> Member:
        return Member(**data)


class _PlanSchema(_Plain):
    title = _Line(TITLE, required=True)
    subject = fields.String(required=True, validate=validate.Length(1, 24))
    first_day = Day(required=True)
    last_day = Day(required=True)
    report_day = Day(required=True)
    units = Few(fields.String(validate=validate.Length(1, 20)), MOST_UNITS, required=True)
    minimum = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, MOST_POINTS, error="number"),
        error_messages={"invalid": "number", "required": "number"},
    )
    team = Few(fields.Nested(_MemberSchema), MOST_TEAM, load_default=())

    @post_load
    def _made(self, data: dict, **_more) -> dict:
        return {**data, **{name: tuple(data[name]) for name in ("units", "team") if name in data}}


class _SummarySchema(_Plain):
    issued = Day(required=True)
    text = _Line(TEXT, required=True)
    document = _Line(DOCUMENT, load_default=None, allow_none=True)


class _ReasonSchema(_Plain):
    reason = _Line(REASON, required=True)


_READ = {ENTER: _PlanSchema(), CHANGE: _PlanSchema(partial=FIELDS), SUMMARISE: _SummarySchema()}
_REASON = _ReasonSchema()


def read_step(op: object, data: dict) -> tuple[dict, str]:
    """(what the operation sets, its reason) of the open part of such a fact; raises ``bad-fact`` naming the fields.

    Whoever cancels or changes says why; that somebody joins or leaves the team says it all.
    """
    if op not in (*_READ, CANCEL):
        raise Problem("bad-fact", {"op": "unknown"})
    try:
        said = _READ[op].load(data) if op in _READ else {}
        explained = op == CANCEL or (op == CHANGE and said.keys() != {"team"})
        reason = _REASON.load(data)["reason"] if explained else ""
    except ValidationError as error:
        raise Problem("bad-fact", flat(error.messages)) from error
    if op == CHANGE and not said:
        raise Problem("bad-fact", {"plan": "same"})
    return said, reason
