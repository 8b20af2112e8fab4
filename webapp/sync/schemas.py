"""The wire's shapes, as the OpenAPI document tells them. Facts are read one by one by recording.schemas."""

from marshmallow import EXCLUDE, Schema, fields, validate

from webapp.core.ranges import Few, FewNamed, NearestInstant
from webapp.sync import rows

MOST_FACTS, MOST_LOST, MOST_SEEN = 100, 100, 100  # of one push
MOST_HEADS = 2_000  # units: a phone tells those whose journals it knows


class Loose(Schema):
    """Unknown fields are passed over: an old server understands a newer phone."""

    class Meta:
        unknown = EXCLUDE


class ProblemSchema(Schema):
    """The one shape of an error."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    fields_ = fields.Dict(keys=fields.String(), values=fields.String(), data_key="fields", required=True)


class PingSchema(Schema):
    """Online means: this was read."""

    toucha = fields.String(required=True)
    time = fields.String(required=True)


class ReadySchema(Schema):
    """Whether a load balancer may send requests here, and why not."""

    ready = fields.Boolean(required=True)
    reasons = fields.List(fields.String(), required=True)


class HoldingSchema(Loose):
    """What the phone still holds, this batch included."""

    records = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 1_000_000))
    photos = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 1_000_000))
    oldest = NearestInstant(load_default=None, allow_none=True)


class LossSchema(Loose):
    """A photo of one's own records that the phone cannot send."""

    sha256 = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    reason = fields.String(required=True, validate=validate.OneOf(("gone", "damaged", "refused")))


class PushSchema(Loose):
    """A push; an empty one is the heartbeat."""

    device_time = NearestInstant(load_default=None, allow_none=True)
    holding = fields.Nested(HoldingSchema, load_default=None, allow_none=True)
    heads = FewNamed(
        MOST_HEADS,
        keys=fields.String(validate=validate.Regexp(r"[\w.-]{1,20}\Z")),
        values=fields.List(fields.Raw(allow_none=True)),
        load_default=dict,
    )
    confirmed = FewNamed(
        MOST_HEADS,
        keys=fields.String(validate=validate.Regexp(r"[\w.-]{1,20}\Z")),
        values=fields.List(fields.Raw(allow_none=True)),
        load_default=dict,
        metadata={
            "description": "The heads that the last answered push told: all that the phone had sent stands below them"
        },
    )
    language = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "zh or en, where the person chose one on this phone since the last push"},
    )
    lost = Few(
        fields.Nested(LossSchema),
        MOST_LOST,
        load_default=list,
        metadata={
            "description": "Photos whose bytes are gone or damaged on the phone, or that the server refused"
        },
    )
    seen = Few(
        fields.String(validate=validate.Length(max=64)),
        MOST_SEEN,
        load_default=list,
        metadata={"description": "Ids of notices that the person has seen on this phone"},
    )
    facts = Few(fields.Raw(metadata=rows.FACT), MOST_FACTS, load_default=list)


class ResultSchema(Schema):
    """What became of one fact."""

    id = fields.String(required=True)
    state = fields.String(
        required=True, validate=validate.OneOf(("stored", "known", "conflict", "waiting", "refused"))
    )
    held = fields.String(required=True, allow_none=True)
    problem = fields.Nested(ProblemSchema, required=True, allow_none=True)
    photos_missing = fields.List(fields.String(), required=True)


class PushAnswerSchema(Schema):
    """One result for each fact, in order."""

    server_time = fields.String(required=True)
    skew_ms = fields.Integer(required=True, allow_none=True)
    results = fields.List(fields.Nested(ResultSchema), required=True)
    heads = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Raw()),
        required=True,
        metadata={
            "description": "{unit: [number, hash]} of the journals' last rows, to be sent as `confirmed`"
        },
    )
    rewound = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "Units whose journal lacks a row that the phone saw, as after a restore: it sends all again"
        },
    )


class PullQuerySchema(Loose):
    """Where the phone stopped."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=8000))
    places = fields.Function(
        deserialize=lambda text: [code for code in text.split(",") if code][:25],
        load_default=(),
        metadata={
            "type": "string",
            "description": "Codes, parted by commas, of departments that the person chose lately: of a region only these are sent",
        },
    )


class PullAnswerSchema(Schema):
    """``complete``: replace everything; else replace the named sections only."""

    cursor = fields.String(required=True)
    complete = fields.Boolean(required=True)
    server_time = fields.String(required=True)
    version = fields.String(required=True)
    person = fields.Raw(metadata=rows.PERSON)
    kinds = fields.List(fields.Raw(metadata=rows.KIND))
    classes = fields.List(fields.Raw(metadata=rows.CLASS))
    case_rules = fields.Raw(metadata=rows.CASE_RULES)
    articles = fields.List(
        fields.Raw(metadata=rows.ARTICLE),
        metadata={
            "description": "The Measures' own words for each duty that asks one of the person's roles for something"
        },
    )
    notices = fields.List(
        fields.Raw(metadata=rows.NOTICE),
        metadata={"description": "What the person is told, the latest first; absent: as the phone has it"},
    )
    sections = fields.List(fields.Raw(metadata=rows.SECTIONS), required=True)


class PhotoAnswerSchema(Schema):
    """The photo is on disk."""

    sha256 = fields.String(required=True)
    state = fields.String(required=True)


class LedgerQuerySchema(Loose):
    """Which unit and period: 2026-11-20, 2026-W47, 2026-11, 2026-Q4, 2026."""

    unit = fields.String(required=True, validate=validate.Length(min=1, max=20))
    period = fields.String(required=True, validate=validate.Length(min=4, max=10))


class LedgerLineSchema(Schema):
    """One duty of the unit in the period, summed over its lines."""

    duty = fields.String(required=True)
    article = fields.String(required=True)
    title = fields.String(required=True)
    measure = fields.String(required=True)
    required = fields.Integer(required=True, allow_none=True)
    done = fields.Integer(required=True)
    items = fields.Integer(required=True)
    passed = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    drawn = fields.Integer(required=True)
    drawn_passed = fields.Integer(required=True)
    interval = fields.List(fields.Float(), required=True, allow_none=True)
    announced = fields.Integer(required=True)
    self_chosen = fields.Integer(required=True)
    withdrawn = fields.Integer(required=True)
    voided = fields.Integer(required=True)
    problems = fields.Integer(required=True)
    status = fields.String(required=True)
    lines = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    why = fields.List(fields.String(), required=True)


class IncompleteSchema(Schema):
    """What phones said they still hold: it is in no figure yet."""

    phones = fields.Integer(required=True)
    records = fields.Integer(required=True)
    photos = fields.Integer(required=True)


class LedgerAnswerSchema(Schema):
    """The ledger of a unit and period."""

    unit = fields.String(required=True)
    name = fields.String(required=True)
    period = fields.String(required=True)
    first = fields.String(required=True)
    last = fields.String(required=True)
    incomplete = fields.Nested(IncompleteSchema, required=True)
    ledger = fields.List(fields.Nested(LedgerLineSchema), required=True)
    own = fields.List(
        fields.Nested(LedgerLineSchema),
        required=True,
        metadata={
            "description": "What the unit itself owes and did [15, 16], in no figure of `ledger`; of a department nothing"
        },
    )
