"""From an envelope to an :class:`Entry`, or a problem that names the fields: the head here, the rest by the fact's type."""

import logging
from datetime import date

from marshmallow import EXCLUDE, Schema, fields, validate

from webapp.core.ids import FORM
from webapp.core.outages import told
from webapp.core.problems import Problem
from webapp.core.ranges import ClockDay, Few, FewNamed, Instant
from webapp.core.text_lengths import Characters
from webapp.inspections.drafts import MAX_ITEMS, MOST_NAMED, MOST_PHOTOS, SHA256
from webapp.inspections.usual import usual_head
from webapp.journal.rules import personal_hash
from webapp.recording.entries import Entry, json_in, loaded, texts
from webapp.recording.facts.fact_type import Frozen
from webapp.recording.facts.registry import FACT_TYPES
from webapp.rulebook.queries import Editions
from webapp.rulebook.rules import Rulebook

MARKS = ("circle", "arrow")
MOST_MARKS = 12  # of one photo
MOST_MARKED = 20  # photos of one record

log = logging.getLogger(__name__)


class _HeadSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    v = fields.Integer(required=True, validate=validate.Equal(1))
    type = fields.String(required=True, validate=validate.OneOf(FACT_TYPES.keys()))
    unit = fields.String(required=True, validate=validate.Length(min=1, max=20))
    acting = fields.String(required=True, validate=validate.Length(min=1, max=20))
    date = ClockDay(required=True)
    target = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(FORM))
    reason = fields.String(load_default=None, allow_none=True, validate=Characters(max=500))


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


class _Fraction(fields.Float):
    """A number, not a text that reads like one: pages calculate with it."""

    def _deserialize(self, value, attr, data, **options):
        if type(value) not in (int, float):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **options)


class _Fractions(Few):
    """A point of a photo: how far across and how far down."""

    def __init__(self, **options):
        super().__init__(_Fraction(allow_nan=False, validate=validate.Range(0, 1)), 2, 2, **options)


class _MarkSchema(Schema):
    """A circle or an arrow beside a photo, by fractions of its width and height as it was taken."""

    class Meta:
        unknown = EXCLUDE

    shape = fields.String(required=True, validate=validate.OneOf(MARKS))
    begins = _Fractions(data_key="from", required=True)
    ends = _Fractions(data_key="to", required=True)


class _PersonalSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    notes = FewNamed(
        MAX_ITEMS + MOST_NAMED, keys=fields.String(), values=fields.String(validate=Characters(max=4000))
    )
    positions = FewNamed(MAX_ITEMS, keys=fields.String(), values=fields.Nested(_PositionSchema))
    photos = FewNamed(MAX_ITEMS * MOST_PHOTOS, keys=fields.String(), values=fields.Nested(_TakenSchema))
    marks = FewNamed(
        MOST_MARKED,
        keys=fields.String(validate=validate.Regexp(SHA256)),
        values=Few(fields.Nested(_MarkSchema), MOST_MARKS, 1),
    )


_HEAD = _HeadSchema()
_PERSONAL = _PersonalSchema()


def read(envelope: object, rulebook: Rulebook | Editions, limit: int) -> Entry:
    """The entry in an envelope of a push; raises ``bad-fact``, ``bad-digest`` or ``too-large``."""
    entry = entry_of(*texts(envelope, limit), rulebook)
    # A seal or a draw that a phone made would be one that somebody chose.
    if not FACT_TYPES[entry.type].from_phone:
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


def _head(data: dict) -> tuple[str, str, str, date, str | None, str | None]:
    """Type, unit, acting unit, day, the fact that it speaks of, its reason."""
    if usual := usual_head(data, FACT_TYPES):
        return *usual, None, None
    head = loaded(_HEAD, data)
    return tuple(head[name] for name in ("type", "unit", "acting", "date", "target", "reason"))


def entry_of(
    fact_id: str, open_text: str, personal: str, salt: str, digest: str, rulebook: Rulebook | Editions
) -> Entry:
    """The entry in frozen texts whose digest is right."""
    data = json_in(open_text, "open")
    fact_type, unit, acting, day, target, reason = _head(data)
    if personal:
        loaded(_PERSONAL, json_in(personal, "personal"), "personal")
    parts = FACT_TYPES[fact_type].read(Frozen(data, personal, day, target, reason, rulebook))
    draft = parts.draft
    return Entry(
        fact_id, open_text, personal, salt, digest, personal_hash(salt, personal), fact_type,
        draft.kind if draft else None, unit, acting, day,
        (draft.ended or draft.started) if draft else parts.made, draft.amends if draft else None,
        parts.target, data, draft, parts.day,
    )  # fmt: skip
