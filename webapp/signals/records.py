"""What the two texts of a record say to the rules of signals: how long it was open, where its author stood, which remarks. Pure.

The personal text goes after 180 days; then a record has no positions and no remarks, and nothing is seen of it but how fast it was.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from webapp.signals.rules import Answered, Position, Remark

AT_ONCE = 5000  # values in one IN list: SQLite takes 32,766


def parts(values: Iterable[str]) -> Iterator[list[str]]:
    """The values in sorted lists, each short enough for one query."""
    rest = iter(sorted(values))
    while part := list(islice(rest, AT_ONCE)):
        yield part


@dataclass(frozen=True)
class Record:
    """A record in force as it is stored; the texts are those of its fact."""

    id: str
    person: str
    unit: str
    day: date
    started: datetime | None
    ended: datetime | None
    open: str
    personal: str | None
    amends: str | None
    skew_ms: int | None


def answered(record: Record, said: Mapping) -> Answered:
    """How long the form was open for how much. What has no verdict (a choice, evidence) is no answer."""
    judged = [item for item in said.get("items", ()) if item.get("verdict")]
    elapsed = said.get("elapsed_ms")
    return Answered(
        record.id, record.amends or record.id, record.person, record.unit, record.day,
        elapsed if isinstance(elapsed, int) else None, len(judged),
        sum(len(item.get("answers") or ()) for item in judged), sum(len(item.get("photos") or ()) for item in judged),
    )  # fmt: skip


def remarks(record: Record, said: Mapping) -> Iterator[Remark]:
    """The texts beside judged items; what stands in the form's head is none of an item."""
    items = said.get("items", ())
    for place, text in _personal(record).get("notes", {}).items():
        if place.isdecimal() and int(place) < len(items) and items[int(place)].get("verdict"):
            subject = items[int(place)].get("subject", "")
            yield Remark(record.id, int(place), record.person, record.unit, record.day, subject, text)


def positions(record: Record, said: Mapping, clock_seconds: float) -> Iterator[Position]:
    """Where the author stood, each with the time within which that was; none where the phone's clock is not believed.

    A photo's position is of the moment at which it was taken, where that lies between the beginning and the end of the record; out of
    an album it may be older, and then nothing more is known than that it was put in between the two.
    """
    if record.skew_ms is None or abs(record.skew_ms) > clock_seconds * 1000:
        return
    began, ended = record.started, record.ended
    if began is None or ended is None or began > ended:
        return
    personal = _personal(record)
    places = [(place, began, ended) for place in personal.get("positions", {}).values()]
    for photo in personal.get("photos", {}).values():
        taken = _moment(photo.get("taken"))
        inside = taken is not None and began <= taken <= ended
        places.append((photo, taken if inside else began, taken if inside else ended))
    for place, since, until in places:
        if all(_is_number(place.get(name)) for name in ("latitude", "longitude")):
            far = place.get("accuracy")
            yield Position(
                record.id, record.unit, record.day, since, until, place["latitude"], place["longitude"],
                far if _is_number(far) else 0.0,
            )  # fmt: skip


def said_openly(record: Record) -> Mapping:
    """The open text."""
    return json.loads(record.open)


def _personal(record: Record) -> Mapping:
    """What the personal text says; a part of another form than ours says nothing."""
    said = json.loads(record.personal) if record.personal else {}
    names = ("notes", "positions", "photos")
    said = {name: said[name] for name in names if isinstance(said, dict) and isinstance(said.get(name), dict)}
    texts = {place: text for place, text in said.get("notes", {}).items() if isinstance(text, str)}
    told = {
        name: {key: one for key, one in said.get(name, {}).items() if isinstance(one, dict)}
        for name in names[1:]
    }
    return {"notes": texts, **told}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
