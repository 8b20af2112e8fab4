"""What a phone may say in an inspection or capture: an untrusted dict becomes a :class:`Draft` or a problem."""

from dataclasses import replace

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from webapp.core.ids import FORM, is_id
from webapp.core.problems import Problem
from webapp.core.ranges import ClockDay, Day, Few, FewNamed, Instant
from webapp.core.text_lengths import Characters
from webapp.formats.audio import MOST_BYTES
from webapp.inspections.drafts import (
    ANSWERS,
    MAX_ITEMS,
    MAX_TAG,
    MOST_NAMED,
    MOST_PHOTOS,
    MOST_SPOKEN,
    NO_POSITION,
    NO_SUBJECT,
    PHOTO_BYTES,
    SHA256,
    WARNINGS,
    Draft,
    DraftItem,
    DraftPhoto,
    DraftVoice,
    tag_in,
)
from webapp.inspections.form_heads import header_faults, read_header
from webapp.inspections.usual import usual, usual_draft
from webapp.rulebook.periods import period_of
from webapp.rulebook.rules import KIND_TYPES, METHODS, Kind
from webapp.sampling.rules import spelt


class PhotoSchema(Schema):
    """A photo as a fact names it."""

    class Meta:
        unknown = EXCLUDE

    sha256 = fields.String(required=True, validate=validate.Regexp(SHA256))
    size = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=PHOTO_BYTES))

    @post_load
    def _value(self, data, **_):
        return DraftPhoto(data["sha256"], data["size"])


class VoiceSchema(Schema):
    """A voice note as a fact names it."""

    class Meta:
        unknown = EXCLUDE

    sha256 = fields.String(required=True, validate=validate.Regexp(SHA256))
    size = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=MOST_BYTES))
    seconds = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=MOST_SPOKEN))

    @post_load
    def _value(self, data, **_):
        return DraftVoice(data["sha256"], data["size"], data["seconds"])


class _ItemSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    subject = fields.String(required=True, validate=validate.Length(min=1, max=40))
    mail_class = fields.String(
        data_key="class", load_default=None, allow_none=True, validate=validate.Length(max=12)
    )
    verdict = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("pass", "fail")))
    answers = FewNamed(
        MOST_NAMED,
        keys=fields.String(validate=validate.Length(max=24)),
        values=fields.String(validate=validate.OneOf(ANSWERS)),
        load_default=dict,
    )
    photos = Few(fields.Nested(PhotoSchema), MOST_PHOTOS, load_default=list)
    captures = Few(fields.String(validate=validate.Regexp(FORM)), 20, load_default=list)
    warning = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(WARNINGS))
    position = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(NO_POSITION))
    stratum = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=16))
    tag = fields.String(load_default=None, allow_none=True, validate=Characters(max=MAX_TAG))
    route = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(FORM))
    none_came = Few(fields.String(validate=validate.Length(max=24)), MOST_NAMED, load_default=list)
    voice = fields.Nested(VoiceSchema, load_default=None, allow_none=True)

    @post_load
    def _value(self, data, **_):
        return DraftItem(
            data["subject"], data["mail_class"], data["verdict"], data["answers"],
            tuple(data["photos"]), tuple(data["captures"]), data["position"],
            data["stratum"], tag_in(data["tag"]), data["route"], tuple(data["none_came"]),
            data["voice"],
        )  # fmt: skip


_IDS = {"point": "relay point", "record": "record"}  # whose subjects are ids


class _Items(fields.Nested):
    """Items of a draft: most are usual, the schema reads the others and finds the words for what is wrong."""

    def _deserialize(self, value, attr, data, **options):
        found = usual(value)
        return super()._deserialize(value, attr, data, **options) if found is None else found


class _DraftSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    v = fields.Integer(required=True, validate=validate.Equal(1))
    type = fields.String(required=True, validate=validate.OneOf(KIND_TYPES))
    kind = fields.String(required=True, validate=validate.Length(max=24))
    unit = fields.String(required=True, validate=validate.Length(min=1, max=20))
    acting = fields.String(required=True, validate=validate.Length(min=1, max=20))
    date = ClockDay(required=True)
    about = Day(load_default=None, allow_none=True)
    method = fields.String(required=True, validate=validate.OneOf(METHODS))
    started = Instant(load_default=None, allow_none=True)
    ended = Instant(load_default=None, allow_none=True)
    amends = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(FORM))
    header = FewNamed(MOST_NAMED, keys=fields.String(validate=validate.Length(max=24)), load_default=dict)
    drawn = fields.Boolean(load_default=False)
    items = Few(_Items(_ItemSchema), MAX_ITEMS, 0, required=True)


# One instance, reused: making a Schema costs three times what loading an item does.
_SCHEMA = _DraftSchema()


def flat(messages, prefix: str = "") -> dict[str, str]:
    """marshmallow's nested messages as ``{"items[3].subject": "…"}``."""
    if isinstance(messages, dict):
        found: dict[str, str] = {}
        for key, value in messages.items():
            name = f"{prefix}[{key}]" if isinstance(key, int) else f"{prefix}.{key}" if prefix else str(key)
            found |= flat(value, name)
        return found
    return {prefix: " ".join(str(message) for message in messages)}


def read(data: dict, kinds: dict[str, Kind]) -> Draft:
    """The draft in ``data``, complete for its kind; raises ``bad-fact`` naming every field at fault."""
    draft = usual_draft(data) or _by_schema(data)
    kind = kinds.get(draft.kind)
    if kind is None or kind.type != draft.type:
        raise Problem("bad-fact", {"kind": "unknown"})
    items = tuple(_read_item(item, kind) for item in draft.items)
    if items != draft.items:
        draft = replace(draft, items=items)
    if faults := dict(_faults(draft, kind)):
        raise Problem("bad-fact", faults)
    header = read_header(draft.header, kind.fields)
    return draft if header == draft.header else replace(draft, header=header)


def _by_schema(data: dict) -> Draft:
    try:
        loaded = _SCHEMA.load(data)
    except ValidationError as error:
        raise Problem("bad-fact", flat(error.messages)) from error
    loaded.pop("v")
    return Draft(**{**loaded, "items": tuple(loaded["items"])})


def _read_item(item: DraftItem, kind: Kind) -> DraftItem:
    """A number has one spelling everywhere, however it was written: lists and repeats are found by it."""
    if kind.subject != "item":
        return item
    number = spelt(item.subject)
    return item if number == item.subject or not number else replace(item, subject=number)


def _faults(draft: Draft, kind: Kind):
    if kind.about != (draft.about is not None):
        yield "about", "required" if kind.about else "not for this kind"
    if draft.method not in kind.methods:
        yield "method", f"one of {', '.join(kind.methods)}"
    yield from header_faults(draft.header, kind.fields)
    if kind.subject == "none" and [item.subject for item in draft.items] != [NO_SUBJECT]:
        yield "items", f"exactly one, its subject {NO_SUBJECT}"
    if kind.subject == "unit" and [item.subject for item in draft.items] != [draft.unit]:
        yield "items", f"exactly one, its subject the unit's code {draft.unit}"
    if (
        not draft.items and kind.subject != "record"
    ):  # a period of which there is no form can be reviewed, too
        yield "items", "at least one"
    if kind.period and draft.about and draft.about != period_of(kind.period, draft.about).first:
        yield "about", f"the first day of a {kind.period}"
    seen = set()
    codes = {criterion.code for criterion in kind.criteria}
    for index, item in enumerate(draft.items):
        name = f"items[{index}]"
        if item.subject in seen:
            yield f"{name}.subject", "twice in one record"
        seen.add(item.subject)
        yield from _item_faults(name, item, kind, codes)


def _item_faults(name: str, item: DraftItem, kind: Kind, codes: set[str]):
    if unknown := set(item.answers) - codes:
        yield f"{name}.answers", f"unknown: {', '.join(sorted(unknown))}"
    yield from _group_faults(name, item, kind)
    if not kind.judged:
        if item.verdict or item.answers:
            yield f"{name}.verdict", "this kind of record carries no verdict"
    else:
        failed = "fail" in item.answers.values()
        if item.verdict is None:
            yield f"{name}.verdict", "required"
        elif failed != (item.verdict == "fail"):
            yield f"{name}.verdict", "does not agree with the answers"
    if len({photo.sha256 for photo in item.photos}) < len(item.photos):
        yield f"{name}.photos", "the same photo twice"
    if item.voice and item.voice.sha256 in {photo.sha256 for photo in item.photos}:
        yield f"{name}.voice", "named as a photo, too"
    if not item.photos and (kind.photo == "always" or (kind.photo == "fail" and item.verdict == "fail")):
        yield f"{name}.photos", "at least one photo is needed"
    if kind.position and item.position is None:
        yield f"{name}.position", "a position, or the reason why there is none"
    if kind.subject in _IDS and not is_id(item.subject):
        yield f"{name}.subject", f"not a {_IDS[kind.subject]}'s id"
    yield from _place_faults(name, item, kind)


def _group_faults(name: str, item: DraftItem, kind: Kind):
    """Of a group either something came, and its criteria may be answered, or nothing did."""
    if unknown := set(item.none_came) - {group.code for group in kind.groups}:
        yield f"{name}.none_came", f"unknown: {', '.join(sorted(unknown))}"
    elif len(set(item.none_came)) < len(item.none_came):
        yield f"{name}.none_came", "twice the same"
    for one in kind.criteria:
        if one.group in item.none_came and one.code in item.answers:
            yield f"{name}.answers.{one.code}", f"nothing came of {one.group}"


def _place_faults(name: str, item: DraftItem, kind: Kind):
    """Class, stratum and tag: only where the kind has them."""
    if kind.classes and item.mail_class not in kind.classes:
        yield f"{name}.class", f"one of {', '.join(kind.classes)}"
    if kind.strata and item.stratum not in {stratum.code for stratum in kind.strata}:
        yield f"{name}.stratum", f"one of {', '.join(stratum.code for stratum in kind.strata)}"
    if item.tag and kind.tag == "none":
        yield f"{name}.tag", "not for this kind"
