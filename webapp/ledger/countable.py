"""What is said of a day's numbers before anybody checks them. Pure; each way of counting says it by its own fold."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date


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


def absent(classes: Collection[str], lists: DayLists) -> tuple[str, ...]:
    """The classes of which no list of the day bears a number."""
    borne = set(lists.listed.values())
    return tuple(name for name in classes if name not in borne)
