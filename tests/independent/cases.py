"""Problems to their end a second time, from the sentences of the domain alone (C): events and a calendar become cases.

Code of its own on purpose: it shares nothing with the server but the words. Days are walked one by one, nothing is remembered
between two questions, and every case is told again from its first event.
"""

from collections.abc import Iterable, Iterator
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
RECURS, REOPENS, ADMITTED = 90, 30, 2
TO_RECHECK = TO_DISPUTE = TO_DECIDE = 3
TO_REFUSE = 1


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


def span_from(severity: str, day: date) -> date:
    """The day on which a severity's time ends that begins on the day after ``day``."""
    count, unit = FIRST_SPAN[severity]
    return day + count * DAY if unit == "days" else workdays_on(day, count)


# ---------------------------------------------------------------- what happens


@dataclass(frozen=True)
class Failure:
    """One criterion of one thing that failed, where, and who had it in hand (None: nobody known)."""

    criterion: str
    severity: str
    place: tuple[str, str]  # ("point" | "route" | "deliverer" | "unit", which)
    thing: str
    carrier: str | None = None


@dataclass(frozen=True)
class Found:
    """A record, or the corrected one in the place of ``instead``."""

    key: str
    at: datetime  # of arrival
    finder: str
    acting: str
    unit: str
    failures: tuple[Failure, ...]
    instead: str | None = None


@dataclass(frozen=True)
class Undone:
    """A record is withdrawn."""

    key: str
    at: datetime


@dataclass(frozen=True)
class Moved:
    """A move as somebody tried it: ``day`` is that of the work (of arrival where the clock cannot be believed)."""

    key: str
    at: datetime
    day: date
    who: str
    case: tuple  # of its opening: record, criterion, place; of a dispute or an order: the key of the move that opened it
    code: str
    cause: str = ""
    text: str = ""
    photos: int = 0
    newer: bool = True  # the photo is newer than the finding
    owner: str | None = None
    until: date | None = None


@dataclass(frozen=True)
class Ordered:
    """A work order of cases, or of a requirement, with its deadline."""

    key: str
    at: datetime
    issuer: str
    acting: str
    unit: str
    owner: str
    until: date


@dataclass(frozen=True)
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
    level: dict[str, str]
    posts: list[Post]

    LEADS = {"director", "county_manager", "league_inspector", "region_supervisor"}
    CHECKS = LEADS | {"inspector"}

    def holding(self, unit: str, roles: set[str], day: date) -> set[str]:
        """Who holds one of the roles there that day."""
        return {post.who for post in self.posts if post.unit == unit and post.role in roles and post.held(day)}

    def upwards(self, unit: str) -> Iterator[str]:
        """The units above, the nearest first."""
        while (unit := self.above[unit]) is not None:
            yield unit

    def leads(self, unit: str, day: date) -> set[str]:
        return self.holding(unit, self.LEADS, day)

    def leads_above(self, unit: str, day: date) -> set[str]:
        """County or higher."""
        return set().union(*(self.leads(each, day) for each in self.upwards(unit)))


# ---------------------------------------------------------------- a case


@dataclass
class Case:
    """One problem on its way."""

    opening: tuple  # (record, criterion, place)
    unit: str
    acting: str
    finder: str
    severity: str
    opened: date
    owner: str | None
    due: date  # last day of the deadline
    found_at: datetime
    state: str = "open"
    entered: date | None = None  # this state, by the day of the move
    things: dict[str, set[str]] = field(default_factory=dict)  # record -> things in it
    answerer: str | None = None
    answered: date | None = None
    late_answer: bool = False
    asked: tuple[str, date] | None = None  # who, until
    extended: int = 0
    disputed: bool = False
    recurrence: bool = False
    ended: date | None = None


@dataclass
class Dispute:
    """An objection to a case."""

    key: str
    about: Case
    asker: str
    entered: date
    state: str = "raised"


@dataclass
class Order:
    """A work order."""

    key: str
    issuer: str
    acting: str
    unit: str
    owner: str
    opened: date
    due: date
    number: int
    state: str = "issued"
    entered: date | None = None
    refused_once: bool = False
    refuser: str | None = None
    answerer: str | None = None


def same_day(instant: datetime) -> date:
    """The day of an instant by the clock of the place."""
    return instant.astimezone(BEIJING).date()


def due_day(one: Case | Dispute | Order) -> date | None:
    """Until when the state it is in has time; None where nothing is owed any more."""
    if isinstance(one, Dispute):
        return workdays_on(one.entered, TO_DECIDE) if one.state == "raised" else None
    if one.state in ("accepted", "released", "closed", "withdrawn", "before"):
        return None
    if one.state == "answered":
        return workdays_on(one.entered, TO_RECHECK)
    return one.due


def overdue(one: Case | Dispute | Order, today: date) -> bool:
    """C.2: a function of the clock."""
    due = due_day(one)
    return due is not None and today > due


def rung(one: Case, today: date) -> str | None:
    """How high the ladder reaches on the day: workdays after the deadline of what is not answered."""
    if one.state != "open":
        return None
    reached = None
    for after, level in RUNGS[one.severity]:
        if after == 0 or today >= workdays_on(one.due, after):
            reached = level
    return reached


# ---------------------------------------------------------------- who


def may_recheck(offices: Offices, one: Case, day: date) -> set[str]:
    """C.2: the unit that found it or one between; the department itself only what it found; never owner or answerer."""
    barred = {one.owner, one.answerer}
    if one.acting == one.unit:
        mine = offices.holding(one.unit, offices.CHECKS, day) - barred
        return mine or offices.leads(offices.above[one.unit], day) - barred
    who: set[str] = set()
    for each in offices.upwards(one.unit):
        who |= offices.holding(each, offices.CHECKS, day)
        if each == one.acting:
            break
    return who - barred


def inspected(offices: Offices, one: Case, day: date) -> set[str]:
    """The owner and whoever leads the responsible unit."""
    return {one.owner, *offices.leads(one.unit, day)}


# ---------------------------------------------------------------- the telling


class Told:
    """Cases after the events, in the order of their arrival; ``refused``: the moves that did not come about."""

    def __init__(self, offices: Offices, events: Iterable):
        self.offices = offices
        self.cases: list[Case] = []
        self.disputes: dict[str, Dispute] = {}
        self.orders: dict[str, Order] = {}
        self.refused: list[str] = []
        self._numbers: dict[tuple[str, int], int] = {}
        for event in events:
            match event:
                case Found():
                    self._found(event)
                case Undone():
                    self._undone(event)
                case Ordered():
                    self._ordered(event)
                case Moved():
                    if not self._moved(event):
                        self.refused.append(event.key)

    # ------------------------------------------------------------ what was found

    def _found(self, record: Found) -> None:
        groups: dict[tuple, list[Failure]] = {}
        for failure in record.failures:
            groups.setdefault((failure.criterion, failure.place), []).append(failure)
        if record.instead:
            self._replaced(record, groups)
        for (criterion, place), failures in groups.items():
            self._occur(record, criterion, place, failures)
        self._empty_ones(same_day(record.at))

    def _replaced(self, record: Found, groups: dict) -> None:
        for one in self.cases:
            before = one.things.pop(record.instead, None)
            again = groups.pop(one.opening[1:], None) if before is not None else None
            if again:
                one.things[record.key] = {failure.thing for failure in again}

    def _occur(self, record: Found, criterion: str, place: tuple, failures: list[Failure]) -> None:
        things = {failure.thing for failure in failures}
        alike = [c for c in self.cases if c.opening[1:] == (criterion, place) and c.unit == record.unit]
        for one in alike:
            if one.state == "open":
                one.things.setdefault(record.key, set()).update(things)
                return
        today = same_day(record.at)
        again = any(c.state == "closed" and (today - c.ended).days <= RECURS for c in alike)
        severity = HIGHER[failures[0].severity] if again else failures[0].severity
        self.cases.append(
            Case(
                opening=(record.key, criterion, place),
                unit=record.unit,
                acting=record.acting,
                finder=record.finder,
                severity=severity,
                opened=today,
                owner=self._owner(failures, record.unit, today),
                due=span_from(severity, today),
                found_at=record.at,
                things={record.key: things},
                recurrence=again,
            )
        )

    def _owner(self, failures: list[Failure], unit: str, day: date) -> str | None:
        carriers = [failure.carrier for failure in failures if failure.carrier]
        if carriers:
            return carriers[0]
        for each in (unit, *self.offices.upwards(unit)):
            if leads := sorted(self.offices.leads(each, day)):
                return leads[0]
        return None

    def _undone(self, gone: Undone) -> None:
        for one in self.cases:
            one.things.pop(gone.key, None)
        self._empty_ones(same_day(gone.at))

    def _empty_ones(self, day: date) -> None:
        for one in self.cases:
            if not one.things and one.state != "withdrawn":
                self._withdraw(one, day)

    def _withdraw(self, one: Case, day: date) -> None:
        one.state, one.ended = "withdrawn", day
        for dispute in self.disputes.values():
            if dispute.about is one and dispute.state == "raised":
                dispute.state = "void"

    def _ordered(self, order: Ordered) -> None:
        year = same_day(order.at).year
        number = self._numbers[order.acting, year] = self._numbers.get((order.acting, year), 0) + 1
        self.orders[order.key] = Order(
            order.key, order.issuer, order.acting, order.unit, order.owner, same_day(order.at), order.until, number
        )

    # ------------------------------------------------------------ moves

    def _moved(self, move: Moved) -> bool:
        if move.case in self.disputes:
            return self._decide(self.disputes[move.case], move)
        if move.case in self.orders:
            return getattr(self, "_order_" + move.code.replace("-", "_"))(self.orders[move.case], move)
        one = next((c for c in self.cases if c.opening == move.case), None)
        return one is not None and getattr(self, "_" + move.code)(one, move)

    def _heads(self, one: Case, day: date) -> set[str]:
        return self.offices.leads(one.unit, day) | self.offices.leads_above(one.unit, day)

    def _assign(self, one: Case, move: Moved) -> bool:
        if one.state != "open" or move.who not in self._heads(one, move.day) or not move.owner:
            return False
        one.owner = move.owner
        return True

    def _shorten(self, one: Case, move: Moved) -> bool:
        if one.state != "open" or move.who not in self._heads(one, move.day):
            return False
        if not move.until or not move.day <= move.until < one.due:
            return False
        one.due = move.until
        return True

    def _answer(self, one: Case, move: Moved) -> bool:
        if one.state != "open" or move.who != one.owner:
            return False
        if not (move.cause and move.text and move.photos and move.newer):
            return False
        one.state, one.entered = "answered", move.day
        one.answerer, one.answered = move.who, move.day
        return True

    def _close(self, one: Case, move: Moved) -> bool:
        if one.state != "answered" or move.who not in may_recheck(self.offices, one, move.day):
            return False
        one.state, one.ended = "closed", move.day
        return True

    def _return(self, one: Case, move: Moved) -> bool:
        if one.state != "answered" or move.who not in may_recheck(self.offices, one, move.day) or not move.text:
            return False
        if one.answered <= one.due:  # a late answer stays late
            one.due = max(self._left(one, move.day), move.day + DAY)
        one.state = "open"
        return True

    def _left(self, one: Case, day: date) -> date:
        """What was left of the deadline when the answer came is left again, in days as the severity counts them."""
        if FIRST_SPAN[one.severity][1] == "days":
            return day + (one.due - one.answered)
        return workdays_on(day, max(workdays_between(one.answered, one.due), 1))

    def _ask(self, one: Case, move: Moved) -> bool:
        if one.state != "open" or move.who not in inspected(self.offices, one, move.day):
            return False
        if not move.text or not self._admitted(one, move.until) or move.day > one.due or one.asked:
            return False
        one.asked = (move.who, move.until)
        return True

    def _admitted(self, one: Case, until: date | None) -> bool:
        """Twice at most, each time by the first span at most."""
        if until is None or one.extended >= ADMITTED:
            return False
        return one.due < until <= span_from(one.severity, one.due)

    def _grant(self, one: Case, move: Moved) -> bool:
        if one.state not in ("open", "answered", "closed") or not one.asked or move.who == one.asked[0]:
            return False
        if move.who not in self.offices.leads_above(one.unit, move.day) or not self._admitted(one, move.until):
            return False
        one.due, one.extended, one.asked = move.until, one.extended + 1, None
        return True

    def _deny(self, one: Case, move: Moved) -> bool:
        if one.state not in ("open", "answered", "closed") or not one.asked or move.who == one.asked[0]:
            return False
        if move.who not in self.offices.leads_above(one.unit, move.day) or not move.text:
            return False
        one.asked = None
        return True

    def _dispute(self, one: Case, move: Moved) -> bool:
        if one.state not in ("open", "answered") or move.who not in inspected(self.offices, one, move.day):
            return False
        if one.disputed or not move.text or move.day > workdays_on(one.opened, TO_DISPUTE):
            return False
        one.disputed = True
        self.disputes[move.key] = Dispute(move.key, one, move.who, move.day)
        return True

    def _press(self, one: Case, move: Moved) -> bool:
        return one.state in ("open", "answered") and move.who in self.offices.leads_above(one.unit, move.day)

    def _reopen(self, one: Case, move: Moved) -> bool:
        if one.state != "closed" or move.who not in self.offices.leads_above(one.unit, move.day) or not move.text:
            return False
        if (move.day - one.ended).days > REOPENS:
            return False
        one.state, one.ended, one.due = "open", None, span_from(one.severity, move.day)
        return True

    def _decide(self, dispute: Dispute, move: Moved) -> bool:
        one = dispute.about
        barred = {one.finder, dispute.asker, one.owner}
        if dispute.state != "raised" or not move.text or move.who in barred:
            return False
        if move.who not in self.offices.leads_above(one.unit, move.day):
            return False
        dispute.state = {"uphold": "upheld", "annul": "annulled"}[move.code]
        if dispute.state == "annulled":
            one.things.clear()
            self._withdraw(one, move.day)
        return True
