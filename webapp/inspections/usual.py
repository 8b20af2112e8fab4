"""Records of the usual shape, read by plain code in front of the schemas, at a tenth of their price; None: ask the schema.

A push of fifty inspections holds hundreds of items, and marshmallow took a fifth to a third of its time. What is read here the schemas
read the same way, which property tests hold; whatever is wrong, or rare, is left to them, for they have the words for it.
"""

from collections.abc import Collection
from datetime import date, datetime

from webapp.core.ids import is_id
from webapp.core.ranges import CLOCK_FIRST_DAY, FIRST_DAY, LAST_DAY, within
from webapp.core.text_lengths import fits
from webapp.inspections.drafts import (
    ANSWERS,
    MAX_ITEMS,
    MAX_TAG,
    MOST_NAMED,
    MOST_PHOTOS,
    NO_POSITION,
    PHOTO_BYTES,
    SHA256,
    WARNINGS,
    Draft,
    DraftItem,
    DraftPhoto,
    tag_in,
)
from webapp.rulebook.rules import KIND_TYPES, METHODS

# What an item of the usual shape may hold beside its subject, and which texts each takes: of these names nothing else.
_USUAL = {
    "class": lambda text: len(text) <= 12,
    "verdict": ("pass", "fail").__contains__,
    "warning": WARNINGS.__contains__,
    "position": NO_POSITION.__contains__,
    "stratum": lambda text: len(text) <= 16,
    "tag": lambda text: fits(text, MAX_TAG),
    "route": is_id,
}


def usual(item: object) -> DraftItem | None:
    """The item if it has the usual shape (no captures, no voice note, no group of which nothing came), else None."""
    if type(item) is not dict:
        return None
    subject, answers, photos = item.get("subject"), item.get("answers", {}), item.get("photos", [])
    texts = [(item[name], takes) for name, takes in _USUAL.items() if item.get(name) is not None]
    fits = (
        type(subject) is str
        and 1 <= len(subject) <= 40
        and type(answers) is dict
        and all(
            answer in ANSWERS and type(answer) is str and len(code) <= 24 for code, answer in answers.items()
        )
        and all(type(text) is str and takes(text) for text, takes in texts)
        and type(photos) is list
        and len(photos) <= MOST_PHOTOS
        and item.get("captures", []) == []
        and item.get("none_came", []) == []
        and item.get("voice") is None
    )
    taken = [_usual_photo(photo) for photo in photos] if fits else [None]
    if None in taken:
        return None
    get = item.get
    return DraftItem(
        subject, get("class"), get("verdict"), answers, tuple(taken), (), get("position"), get("stratum"),
        tag_in(get("tag")), get("route"),
    )  # fmt: skip


def _usual_photo(photo: object) -> DraftPhoto | None:
    if type(photo) is not dict:
        return None
    sha256, size = photo.get("sha256"), photo.get("size")
    fits = type(sha256) is str and SHA256.match(sha256) and type(size) is int and 1 <= size <= PHOTO_BYTES
    return DraftPhoto(sha256, size) if fits else None


# ---------------------------------------------------------------- the record around them


class Unusual(Exception):
    """The schema must read it."""


def usual_head(data: dict, types: Collection[str]) -> tuple[str, str, str, date] | None:
    """Type, unit, acting unit and day of a fact that says the usual about itself, speaks of no other and gives no reason."""
    try:
        if data.get("target") is not None or data.get("reason") is not None:
            return None
        return _head(data, types)
    except Unusual:
        return None


def _head(data: dict, types: Collection[str]) -> tuple[str, str, str, date]:
    version, kind = data.get("v"), data.get("type")
    if type(version) is not int or version != 1 or type(kind) is not str or kind not in types:
        raise Unusual
    return kind, _text(data, "unit", 20), _text(data, "acting", 20), _day(data.get("date"), CLOCK_FIRST_DAY)


def _text(data: dict, name: str, most: int) -> str:
    value = data.get(name)
    if type(value) is not str or not 1 <= len(value) <= most:
        raise Unusual
    return value


def _day(value: object, first: date) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unusual from None
    if not first <= day <= LAST_DAY:
        raise Unusual
    return day


def _instant(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unusual from None
    if instant.tzinfo is None or within(instant) != instant:
        raise Unusual
    return instant


def usual_draft(data: dict) -> Draft | None:
    """The draft of an inspection, capture or selection whose items are all :func:`usual`."""
    try:
        kind_type, unit, acting, day = _head(data, KIND_TYPES)
        about, method, header, drawn = (
            data.get("about"),
            data.get("method"),
            data.get("header", {}),
            data.get("drawn", False),
        )
        known = type(method) is str and method in METHODS and type(header) is dict and type(drawn) is bool
        if not known or len(header) > MOST_NAMED or any(len(code) > 24 for code in header):
            return None
        if (amends := data.get("amends")) is not None and not is_id(amends):
            return None
        return Draft(
            kind_type, _kind(data), unit, acting, day, None if about is None else _day(about, FIRST_DAY), method,
            _instant(data.get("started")), _instant(data.get("ended")), amends, _items(data.get("items")), header, drawn,
        )  # fmt: skip
    except Unusual:
        return None


def _kind(data: dict) -> str:
    kind = data.get("kind")
    if type(kind) is not str or len(kind) > 24:
        raise Unusual
    return kind


def _items(value: object) -> tuple[DraftItem, ...]:
    if type(value) is not list or len(value) > MAX_ITEMS:
        raise Unusual
    items = tuple(map(usual, value))
    if None in items:
        raise Unusual
    return items
