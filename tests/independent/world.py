"""A random month of one department as plain values: who works there, what mail came, what was checked and when it arrived.

Nothing here knows the server or the rules of counting. Every world is made from its seed alone.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
NUMBERED = ("express", "registered", "parcel")
CLASSES = (*NUMBERED, "letter", "periodical")


@dataclass(frozen=True)
class Grant:
    """A dated role: ``place`` is ``department`` or ``county``, ``last`` None for open."""

    login: str
    role: str
    place: str
    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Row:
    """One number on a list, and who delivers it."""

    number: str
    mail_class: str
    carrier: str | None
    returned: bool = False
    route: str | None = None  # whose walker delivers, where no carrier is named


@dataclass(frozen=True)
class Thing:
    """One checked thing of a record."""

    subject: str
    verdict: str | None = "pass"
    mail_class: str | None = None
    stratum: str | None = None
    tag: str | None = None


@dataclass(frozen=True)
class Record:
    """An inspection or a choice as a phone makes it; ``made`` is when it was saved, on ``day``."""

    key: str
    author: str
    kind: str
    acting: str
    day: date
    made: datetime
    about: date | None = None
    things: tuple[Thing, ...] = ()
    header: dict = field(default_factory=dict)
    amends: str | None = None


@dataclass(frozen=True)
class Withdrawal:
    """The record ``target`` is taken back by its author."""

    key: str
    author: str
    target: str
    day: date


@dataclass(frozen=True)
class Volumes:
    """Volumes typed for a day: {class: (items, returned)}, None for not known."""

    key: str
    author: str
    day: date
    about: date
    said: dict
    together: int | None = None  # the returned items of the numbered classes as one number


@dataclass(frozen=True)
class PointChange:
    """A change of the relay register: ``op`` open, close, reopen or confirm, from ``holds`` on."""

    key: str
    author: str
    point: str
    op: str
    day: date
    holds: date


@dataclass(frozen=True)
class Listed:
    """Rows are brought to the department's open list of a day (a new one, if none is open)."""

    about: date
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sealed:
    """The open list of the day is sealed."""

    about: date


@dataclass(frozen=True)
class Discarded:
    """The open list of the day is thrown away."""

    about: date


@dataclass(frozen=True)
class HandedOver:
    """A route, or single numbers, go to another person for a day."""

    about: date
    to: str
    route: str | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closing:
    """The unit gets its last day: ``closed`` is the day after."""

    closed: date


@dataclass(frozen=True)
class Excepted:
    """A holiday or a make-up day is entered."""

    day: date
    delivers: bool


@dataclass(frozen=True)
class Turned:
    """City or rural from ``first`` on."""

    first: date
    setting: str


@dataclass(frozen=True)
class RoleGiven:
    """A role begins, perhaps some days back."""

    grant: Grant


@dataclass(frozen=True)
class RoleEnded:
    """A role that was open ends, perhaps some days back."""

    login: str
    role: str
    last: date


@dataclass(frozen=True)
class Arrival:
    """Something reaches the server at ``at``; what a person's phone sends at one moment is one batch."""

    at: datetime
    what: object


@dataclass
class World:
    """Everything about the department and the month; what is said here was known from the beginning."""

    seed: int
    setting: str
    first: date
    last: date
    opened: date
    closed: date | None  # the first day on which it is no longer open; ``closing_told``: it came to be known
    closing_told: bool
    ledger_first: date  # from which day on its duties stand in the ledger
    masks: tuple[tuple[date, int], ...]
    exceptions: dict[date, bool]
    grants: list[Grant]
    routes: dict[str, str]  # who walks each
    points: dict[str, date]  # those that are there from the beginning: when they were opened
    arrivals: list[Arrival] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)

    def delivers(self, day: date) -> bool:
        """A make-up day beats a holiday, both beat the weekday."""
        return self.exceptions.get(day, self.delivers_by_mask(day))

    def delivers_by_mask(self, day: date) -> bool:
        """Whether the department delivers on that weekday."""
        mask = 127
        for since, each in self.masks:
            if since <= day:
                mask = each
        return bool(mask >> day.weekday() & 1)

    def roles(self, login: str, place: str, day: date) -> set[str]:
        """What the person is at the place on the day."""
        return {g.role for g in self.grants if (g.login, g.place) == (login, place) and g.holds(day)}

    def with_role(self, role: str, day: date) -> list[str]:
        """Who holds the role on the day."""
        return sorted({g.login for g in self.grants if g.role == role and g.holds(day)})


def at(day: date, hour: float = 0, second: int = 0) -> datetime:
    """An instant of a local day."""
    return datetime.combine(day, datetime.min.time(), LOCAL) + timedelta(hours=hour, seconds=second)
