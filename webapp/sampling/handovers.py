"""Hand a route or single items over to another person for a day, before or after the seal: a fact of its own.

The list stays as it was sealed and the route keeps its standing carrier: only who delivers that day is another one.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.core.ids import FORM
from webapp.core.problems import Problem
from webapp.core.ranges import Few
from webapp.core.text_lengths import Characters
from webapp.org.models import Route, Unit
from webapp.org.queries import workers_on
from webapp.sampling.columns import tidy
from webapp.sampling.deliveries import standing
from webapp.sampling.models import Handover, Manifest, ManifestItem
from webapp.sampling.operations import within_life
from webapp.sampling.rules import MAX_NUMBER, read_number

AHEAD = timedelta(days=1)  # a list is imported for the next day at the latest
MOST_NUMBERS = 200
MOST_REASON = 120


class _HandoverSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    about = fields.Date(required=True)
    to = fields.String(required=True, validate=validate.Regexp(FORM))
    reason = fields.String(required=True, validate=Characters(MOST_REASON, 1))
    route = fields.String(validate=validate.Regexp(FORM))
    numbers = Few(fields.String(validate=validate.Length(1, MAX_NUMBER)), MOST_NUMBERS, 1)


_SCHEMA = _HandoverSchema()
_FAULTS = {
    "about": "day",
    "to": "choice",
    "route": "choice",
}  # of a field that has not its form; else it is too long


def handover_body(
    unit: Unit, day: date, today: date, to: str, reason: str, route: str | None = None, numbers: Iterable[str] = ()
) -> dict:  # fmt: skip
    """What a hand-over will say: the route (its id), or the numbers as they are typed, each once, go to the person ``to``."""
    read = list(dict.fromkeys(read_number(one).text for one in numbers))
    return {
        "type": "handover",
        "unit": unit.code,
        "acting": unit.code,
        "date": today.isoformat(),
        "about": day.isoformat(),
        **({"route": route} if route else {}),
        **({"numbers": [one for one in read if one]} if any(read) else {}),
        "to": to,
        "reason": tidy(reason),
    }


def apply_handover(session: Session, fact_id: str, open: dict) -> tuple[date, set[str]]:
    """Store a hand-over; returns its day and the numbers of which it says who delivered them, whenever that is asked.

    Raises ``reason-needed``, ``invalid`` with the fields at fault, and ``bad-day`` outside the unit's life or later than
    a list may be imported for.
    """
    if not str(open.get("reason") or "").strip():
        raise Problem("reason-needed", {"reason": "required"})
    try:
        data = _SCHEMA.load(open)
    except ValidationError as error:
        raise Problem(
            "invalid", {str(name): _FAULTS.get(str(name), "long") for name in error.normalized_messages()}
        ) from error
    unit, day = session.get(Unit, open["unit"]), data["about"]
    within_life(unit, day, date.fromisoformat(open["date"]) + AHEAD)
    _guard(session, unit, data)
    what = [(data["route"], None)] if "route" in data else [(None, number) for number in data["numbers"]]
    rows = [
        {
            "fact_id": fact_id, "ordinal": ordinal, "unit_code": unit.code, "day": day,
            "person_id": data["to"], "route_id": route, "number": number, "reason": data["reason"],
        }
        for ordinal, (route, number) in enumerate(what)
    ]  # fmt: skip
    session.execute(insert(Handover), rows)
    return day, _numbers(session, unit.code, day, data)


def _guard(session: Session, unit: Unit, data: dict) -> None:
    """Either a route of the unit or numbers, to somebody who works there that day."""
    if ("route" in data) == ("numbers" in data):
        raise Problem("invalid", {"numbers": "choice"})
    if "route" in data:
        route = session.get(Route, data["route"])
        if route is None or route.unit_code != unit.code:
            raise Problem("invalid", {"route": "choice"})
    numbers = data.get("numbers", ())
    if len(set(numbers)) < len(numbers) or any(read_number(one).text != one for one in numbers):
        raise Problem("invalid", {"numbers": "characters"})
    if data["to"] not in workers_on(session, unit.code, data["about"]):
        raise Problem("invalid", {"to": "choice"})


def _numbers(session: Session, unit_code: str, day: date, data: dict) -> set[str]:
    """Those named, or whatever stands on the route on the day's lists."""
    if "numbers" in data:
        return set(data["numbers"])
    query = (
        select(ManifestItem.number)
        .join(Manifest, Manifest.id == ManifestItem.manifest_id)
        .where(Manifest.unit_code == unit_code, Manifest.day == day, Manifest.discarded_at.is_(None))
        .where(ManifestItem.route_id == data["route"])
    )
    return set(session.scalars(query))


def not_listed(session: Session, unit_code: str, day: date, numbers: Sequence[str]) -> list[str]:
    """Those of the numbers, as typed, that stand on no list of the day."""
    listed = {number for number, _, _ in standing(session, unit_code, day)}
    read = [read_number(one).text for one in numbers]
    return [one for one in read if one and one not in listed]
