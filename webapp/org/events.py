"""What matters to security, as it happened: who did what to whom, when and from where; kept in daily files.

Files and not a table: what only reads is recorded, too (an export, a refused page), and a GET writes nothing to the
database. An event holds no password, token, note, position or item number, and no login that is nobody's: people type
passwords there.
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core import daily_log
from webapp.core.clock import local_date
from webapp.org.models import Role, Unit
from webapp.org.rules import Actor

FLOOD = "flood"  # in place of what no longer fits into a minute
# Kinds that can be caused again and again without anything being changed: of a minute the 1st, 2nd, 4th, 8th … is kept.
REPEATED = frozenset({"sign-in-failed", "locked-out", "enrolment-failed", "refused", "export", FLOOD})
MOST = 60  # different ones of these that one person, or all strangers together, leave in a minute and process
LOOKED_AT = 50_000  # lines that one page reads at most
STRANGERS_BYTES = 8 * 1024 * 1024  # of a day's file, after which strangers' doings are no longer added


@dataclass(frozen=True)
class Event:
    """``person`` did it, None: nobody who was signed in; ``about`` whom it concerns; both ids. ``what`` is a code or
    the name of a file, ``source`` the network address, ``times`` how often in that minute at least."""

    at: datetime
    kind: str
    person: str | None = None
    about: str | None = None
    unit: str | None = None
    what: str | None = None
    source: str | None = None
    device: str | None = None
    times: int = 1


@dataclass(frozen=True)
class Filter:
    """What a reader wants to see; None: everything. ``until`` is the last day."""

    kind: str | None = None
    person: str | None = None
    until: date | None = None


class Recorder:
    """Writes events; bounded, whoever knocks however often."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        self._lock = threading.Lock()
        self._minute: datetime | None = None
        self._seen: dict[str | None, dict[Event, int]] = {}

    def record(self, event: Event) -> None:
        """Keep the event, unless it is one repetition too many."""
        if event.kind in REPEATED and (event := self._counted(event)) is None:
            return
        said = {name: value for name, value in asdict(event).items() if value is not None}
        said["at"] = event.at.isoformat(timespec="seconds")
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        daily_log.append(self.folder, event.at, text, None if event.person else STRANGERS_BYTES)

    def _counted(self, event: Event) -> Event | None:
        minute = event.at.replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute:
                self._minute, self._seen = minute, {}
            seen = self._seen.setdefault(event.person, {})
            key = replace(event, at=minute)
            if key not in seen and len(seen) >= MOST:
                key = Event(minute, FLOOD, event.person)
            times = seen[key] = seen.get(key, 0) + 1
        return replace(key, at=event.at, times=times) if times & (times - 1) == 0 else None


# ---------------------------------------------------------------- reading


def page(
    session: Session, actor: Actor, folder: Path, wanted: Filter, after: str = "", size: int = 50
) -> tuple[list[Event], str]:
    """The latest events that the actor may see, and where the next page begins (empty: there is none).

    ``after`` is what the page before returned: a day and the number of a line in its file. After ``LOOKED_AT`` lines the
    page ends, however little it found: a year of them is not read for one request.
    """
    sees = _sight(session, actor)
    found: list[Event] = []
    for looked, (place, event) in enumerate(_backwards(folder, wanted, after)):
        if looked == LOOKED_AT:
            return found, place
        if event is None or not sees(event):
            continue
        if len(found) == size:
            return found, place
        if not (found and _again(event, found[-1])):
            found.append(event)
    return found, ""


def last_export(folder: Path, unit: str, begins: str | tuple[str, ...]) -> Event | None:
    """The last time that a file whose name begins so (in any of several ways) was taken out for the unit, however little of the past is kept.

    It tells whoever works with that file, not who may see events: who carried these records over, and when.
    """
    for looked, (_place, event) in enumerate(_backwards(folder, Filter(kind="export"), "")):
        if looked == LOOKED_AT:
            return None
        if event and event.unit == unit and (event.what or "").startswith(begins):
            return event
    return None


def _again(event: Event, later: Event) -> bool:
    """Whether ``later`` counted the same on."""
    same = replace(event, at=later.at, times=later.times) == later
    return same and event.times < later.times and (later.at - event.at).total_seconds() < 60


def _backwards(folder: Path, wanted: Filter, after: str) -> Iterator[tuple[str, Event | None]]:
    """Each line's place, the latest first, and its event if it is one that is wanted."""
    first, _dot, number = after.partition(".")
    for day in daily_log.days_of(folder):
        if (wanted.until and day > wanted.until) or (after and day.isoformat() > first):
            continue
        lines = daily_log.lines_of(folder, day)
        if day.isoformat() == first and number.isdecimal():
            lines = lines[: int(number[:9]) + 1]
        for index in range(len(lines) - 1, -1, -1):
            yield f"{day}.{index}", _wanted_in(lines[index], wanted)


def _wanted_in(line: str, wanted: Filter) -> Event | None:
    # Before the line is read as JSON: most days hold much more than what is wanted.
    if not all(f'"{one}"' in line for one in (wanted.kind, wanted.person) if one):
        return None
    event = _read(line)
    if event is None or (wanted.kind and event.kind != wanted.kind):
        return None
    return event if not wanted.person or wanted.person in (event.person, event.about) else None


def _read(line: str) -> Event | None:
    """The event of a line; None for one that was torn, or that a later release wrote otherwise."""
    try:
        said = json.loads(line)
        known = {one.name: said[one.name] for one in fields(Event) if one.name in said}
        return Event(**{**known, "at": datetime.fromisoformat(known["at"])})
    except (ValueError, KeyError, TypeError):
        return None


def _sight(session: Session, actor: Actor) -> Callable[[Event], bool]:
    """Whether the actor may see an event: it concerns somebody who had a role in reach on that day, or none anywhere,
    or a unit in reach. What concerns nobody that is known is for those above all units."""
    reach = actor.reach("see-events")
    units = dict(session.execute(select(Unit.code, Unit.path)).all())
    ours = {code for code, path in units.items() if path.startswith(reach)} if reach else set()
    top = any(session.scalars(select(Unit.code).where(Unit.path.in_(reach), Unit.parent_code.is_(None))))
    roles: dict[str, list[tuple[date, date, bool]]] = {}
    query = select(Role.person_id, Role.unit_code, Role.first_day, Role.last_day)
    for person, unit, first, last in session.execute(query):
        roles.setdefault(person, []).append((first, last or date.max, unit in ours))

    def ours_then(person: str | None, day: date) -> bool:
        held = roles.get(person, [])
        then = [mine for first, last, mine in held if first <= day <= last]
        return any(then) or (not then and any(mine for *_, mine in held))

    def sees(event: Event) -> bool:
        day = local_date(event.at)
        if event.unit in ours or ours_then(event.person, day) or ours_then(event.about, day):
            return True
        return top and not (event.person or event.about or event.unit)

    return sees
