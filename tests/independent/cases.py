"""Problems to their end a second time, from the sentences of the domain alone (C): events and a calendar become cases.

Code of its own on purpose: it shares nothing with the server but the words. Here is what there is, how long everything takes and
who may look again; ``case_telling.py`` tells what happens.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

DAY = timedelta(days=1)
BEIJING = timezone(timedelta(hours=8))

# The state's notice for 2026: what is off besides the week-ends, and the week-ends that are worked.
_OFF = {
    (1, 1): 3, (2, 15): 9, (4, 4): 3, (5, 1): 5, (6, 19): 3, (9, 25): 3, (10, 1): 7,
}  # fmt: skip
OFF = frozenset(
    date(2026, month, day) + n * DAY for (month, day), length in _OFF.items() for n in range(length)
)
MADE_UP = frozenset(
    date(2026, month, day) for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
)

HIGHER = {"ordinary": "serious", "serious": "grave", "grave": "grave"}
FIRST_SPAN = {"ordinary": (7, "days"), "serious": (3, "workdays"), "grave": (1, "workdays")}
RUNGS = {
    "ordinary": ((1, "department"), (3, "county"), (5, "league"), (10, "region")),
    "serious": ((1, "department"), (3, "county"), (5, "league"), (10, "region")),
    "grave": ((0, "county"), (1, "league"), (3, "region")),
}
TO_RECHECK = TO_DECIDE = 3  # workdays


# ---------------------------------------------------------------- the calendar


def worked(day: date) -> bool:
    """A make-up day beats the week-end, a holiday the weekday; of a year without a notice only the week is known."""
    if day in MADE_UP:
        return True
    return day.weekday() < 5 and day not in OFF


def workdays_on(day: date, count: int) -> date:
    """The ``count``-th workday after ``day``."""
    while count:
        day += DAY
        count -= worked(day)
    return day


def workdays_between(day: date, last: date) -> int:
    """How many workdays come after ``day`` up to ``last``."""
    return sum(worked(day + n * DAY) for n in range(1, (last - day).days + 1))


def after_span(span: tuple[int, str], day: date) -> date:
    """The last day of a span that begins on the day after ``day``."""
    count, unit = span
    return day + count * DAY if unit == "days" else workdays_on(day, count)


# ---------------------------------------------------------------- what happens


@dataclass(frozen=True)
class Failure:
    """One criterion of one thing that failed, where, and who had it in hand (None: nobody known)."""

    kind: str  # of the record: criteria are called alike in several
    criterion: str
    severity: str
    place: tuple[str, str]  # ("point" | "route" | "person" | "unit", which)
    thing: str
    carrier: str | None = None


@dataclass(frozen=True)
class Found:
    """A record, or the corrected one in the place of ``instead``."""

    key: str
    at: datetime  # of arrival
    ended: datetime  # of the check itself
    finder: str
    acting: str
    unit: str
    failures: tuple[Failure, ...]
    instead: str | None = None
    photos: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Undone:
    """The record ``key`` is withdrawn."""

    key: str
    at: datetime
    who: str


@dataclass(frozen=True)
class Moved:
    """A move as somebody tried it. ``day``: of the work, by the phone's clock; ``believed``: whether that clock can be."""

    key: str
    at: datetime
    day: date
    who: str
    acting: str
    case: tuple | str  # of a problem its opening; of a dispute or an order the key of what opened it
    code: str
    cause: str = ""
    text: str = ""
    photos: tuple[tuple[str, datetime], ...] = ()  # which, and when it was taken
    owner: str | None = None
    until: date | None = None
    believed: bool = True


@dataclass(frozen=True)
class Ordered:
    """A work order of cases, or of a requirement, with its deadline."""

    key: str
    at: datetime
    who: str
    acting: str
    unit: str
    until: date
    cases: tuple[tuple, ...] = ()
    text: str = "请限期整改"


@dataclass(frozen=True)
class Left:
    """Somebody leaves a post after ``last``."""

    who: str
    role: str
    unit: str
    last: date
    at: datetime


@dataclass
class Post:
    """A role held at a unit, both days included."""

    who: str
    role: str
    unit: str
    first: date = date(2020, 1, 1)
    last: date | None = None

    def held(self, day: date) -> bool:
        """On the day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Offices:
    """Units with what they stand under, and the posts in them."""

    above: dict[str, str | None]
    head: dict[str, str]  # the role that leads the unit
    posts: list[Post]

    def roles(self, who: str, unit: str, day: date) -> set[str]:
        """What the person is there that day."""
        return {post.role for post in self.posts if (post.who, post.unit) == (who, unit) and post.held(day)}

    def holding(self, unit: str, roles: set[str], day: date) -> set[str]:
        """Who holds one of the roles there that day."""
        return {
            post.who for post in self.posts if post.unit == unit and post.role in roles and post.held(day)
        }

    def upwards(self, unit: str) -> Iterator[str]:
        """The unit and those above it, the nearest first."""
        here: str | None = unit
        while here is not None:
            yield here
            here = self.above[here]

    def leads(self, unit: str, day: date) -> set[str]:
        """Who leads the unit."""
        return self.holding(unit, {self.head[unit]}, day)

    def answers_for(self, unit: str, day: date) -> set[str]:
        """C.1: else the director: never nobody. So whoever leads the nearest unit that somebody leads."""
        return next((found for each in self.upwards(unit) if (found := self.leads(each, day))), set())


# ---------------------------------------------------------------- a case, an objection to it, an order


@dataclass
class Case:
    """One problem on its way. ``records``: in which it was found; ``live``: whether one of them is in force."""

    opening: tuple  # (record, kind, criterion, place)
    unit: str
    acting: str
    severity: str
    opened: datetime
    owner: str | None  # None: whoever answers for the unit
    due: date
    recurrence: bool = False
    state: str = "open"
    entered: date | None = None
    live: bool = True
    records: set[str] = field(default_factory=set)
    finders: set[str] = field(default_factory=set)  # who made those in force
    highest: str = (
        ""  # of the units that found it: what the county found too, the department did not find alone
    )
    annulled: bool = False
    owners: set[str] = field(default_factory=set)  # since it was opened, or opened again
    answerer: str | None = None
    answered: date | None = None
    in_time: bool | None = None
    returns: int = 0
    asked: str | None = None
    asked_by: str | None = None
    extended: int = 0
    disputed: bool = False
    closed: date | None = None
    given: tuple | None = None  # by the latest move: by whom; owner, owners and deadline of before

    type = "problem"

    @property
    def first_span(self) -> tuple[int, str]:
        return FIRST_SPAN[self.severity]

    @property
    def now(self) -> str:
        """Its state: withdrawn with its verdict, whatever was done about it."""
        return "withdrawn" if self.annulled or not self.live else self.state


@dataclass
class Dispute:
    """An objection to a case."""

    key: str
    about: Case
    asked_by: str
    opened: datetime
    decided: str | None = None
    owner = None
    answerer = None
    type = "dispute"

    @property
    def unit(self) -> str:
        return self.about.unit

    @property
    def now(self) -> str:
        """Decided for good; else open, and no longer needed where the verdict is gone by itself."""
        return self.decided or ("void" if self.about.now == "withdrawn" else "raised")


@dataclass
class Order:
    """A work order (督办单)."""

    key: str
    acting: str
    unit: str
    severity: str
    opened: datetime
    due: date
    number: str
    first_span: tuple[int, str]
    state: str = "issued"
    entered: date | None = None
    refused_once: bool = False
    answerer: str | None = None
    answered: date | None = None
    in_time: bool | None = None
    returns: int = 0
    asked: str | None = None
    asked_by: str | None = None
    extended: int = 0
    closed: date | None = None
    owner = None
    owners: frozenset = frozenset()
    type = "work-order"

    @property
    def now(self) -> str:
        return self.state


Followed = Case | Dispute | Order
OVER = {"closed", "withdrawn", "before", "accepted", "released", "upheld", "annulled", "void"}
OWED_BY_OWNER = {"open", "issued", "received", "refused"}  # in these the deadline runs


def same_day(instant: datetime) -> date:
    """The day of an instant by the clock of the place."""
    return instant.astimezone(BEIJING).date()


def due_day(one: Followed) -> date | None:
    """Until when whoever is at turn has time; None where nothing is owed any more."""
    if one.now in OVER:
        return None
    if isinstance(one, Dispute):
        return workdays_on(same_day(one.opened), TO_DECIDE)
    return workdays_on(one.entered, TO_RECHECK) if one.now == "answered" else one.due


def overdue(one: Followed, today: date) -> bool:
    """C.2: a function of the clock."""
    due = due_day(one)
    return due is not None and today > due


def rung(one: Followed, today: date) -> str | None:
    """How high the ladder reaches on the day: workdays after the deadline, while it is the owner who owes."""
    if one.now not in OWED_BY_OWNER:
        return None
    reached = None
    for after, level in RUNGS[one.severity]:
        if after == 0 or today >= workdays_on(one.due, after):
            reached = level
    return reached


# ---------------------------------------------------------------- who


def turn(offices: Offices, one: Followed, day: date) -> set[str]:
    """Whose it is to put right: the named one while at work there, else whoever answers for the unit."""
    if one.owner is not None and any(
        p.who == one.owner and p.unit == one.unit and p.held(day) for p in offices.posts
    ):
        return {one.owner}
    return offices.answers_for(one.unit, day)


CHECK = {"inspector", "director", "county_manager", "league_inspector", "region_supervisor"}


def recheckers(offices: Offices, one: Case, day: date) -> set[tuple[str, str]]:
    """C.2, who may look again, and for which unit: the one that found it or one between it and the responsible one; the
    department itself only what it found itself. Neither owner nor answerer. Where nobody is left the unit above."""
    chain = list(offices.upwards(one.unit))
    units = chain[1 : chain.index(one.highest) + 1] or [one.unit]
    barred = turn(offices, one, day) | one.owners | {one.answerer}

    def fit(unit: str) -> set[tuple[str, str]]:
        return {(who, unit) for who in offices.holding(unit, CHECK, day) - barred}

    found = set().union(*(fit(unit) for unit in units))
    above = chain[chain.index(units[-1]) + 1 :]
    return found or (fit(above[0]) if above else set())
