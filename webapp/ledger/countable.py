"""Which numbers count for a duty on a day, said before anybody checks them. Pure; the fold counts by the same rule."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from webapp.ledger.lines import RETURNED
from webapp.rulebook.rules import Duty


@dataclass(frozen=True)
class Countable:
    """What counts: these numbers, and besides them any number of these classes that stands on no list of the day.

    ``classes`` None: any number whatever. ``least``: how many make a session of this day; 0 where the day holds none,
    None where the duty is not measured in sessions.
    """

    numbers: frozenset[str]
    classes: tuple[str, ...] | None
    least: int | None = None


@dataclass(frozen=True)
class DayLists:
    """The lists of a day, sealed or not: {number: class}, the returned numbers, and the volumes that are known."""

    day: date
    listed: Mapping[str, str]
    returned: Collection[str]
    volumes: Mapping[tuple[date, str], int]
    sealed: bool  # all of them: then nothing else came

    def volume(self, classes: Collection[str]) -> int | None:
        """The items of the classes; None where one of them is missing."""
        known = [self.volumes.get((self.day, name)) for name in classes]
        return None if None in known else sum(known)


def countable(duty: Duty, classes: Collection[str], lists: DayLists) -> Countable | None:
    """What counts for the duty; None where it does not ask for the day's lists. ``classes``: those its form offers."""
    if duty.measure == "sessions" and duty.shrink == "volume":
        return _session(duty, lists)
    if duty.measure != "share":
        return None
    if duty.of == (RETURNED,):
        others = () if lists.sealed else _absent(classes, lists)
        return Countable(frozenset(lists.returned), others)
    numbers = frozenset(number for number, name in lists.listed.items() if name in duty.of)
    return Countable(numbers, tuple(name for name in _absent(duty.of, lists) if lists.volume([name]) != 0))


def _session(duty: Duty, lists: DayLists) -> Countable:
    """min(20, the day's parcels), and of that day's parcels where there are fewer than 20 [14.2]."""
    volume = lists.volume(duty.of)
    if volume == 0:
        return Countable(frozenset(), (), 0)
    if volume is None or volume >= duty.size:
        return Countable(frozenset(), None, duty.size)
    numbers = frozenset(number for number, name in lists.listed.items() if name in duty.of)
    return Countable(numbers, () if numbers else None, volume)


def _absent(classes: Collection[str], lists: DayLists) -> tuple[str, ...]:
    """The classes of which no list of the day bears a number."""
    borne = set(lists.listed.values())
    return tuple(name for name in classes if name not in borne)
