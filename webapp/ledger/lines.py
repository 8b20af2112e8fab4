"""A ledger line, what it is folded from, and its status. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from webapp.campaigns.rules import Step
from webapp.documents.rules import Written
from webapp.rulebook.periods import Calendar
from webapp.rulebook.rules import Kind

MET, PARTIAL, DUE, MISSED, UNKNOWN, NOT_APPLICABLE = (
    "met",
    "partial",
    "due",
    "missed",
    "unknown",
    "not-applicable",
)
STATUSES = (MET, PARTIAL, DUE, MISSED, UNKNOWN, NOT_APPLICABLE)

# The returned items of a day, among the classes of its volume [Reading: returned].
RETURNED = "returned"
# Below this many items no rate is ranked: with 73 clean ones the 95 % Wilson interval begins at 95 %.
RANKED_FROM = 73


@dataclass(frozen=True)
class Checked:
    """An item with its verdict in force: ``pass``, ``fail`` or None where its kind judges nothing."""

    subject: str
    mail_class: str | None
    verdict: str | None
    stratum: str | None = None
    tag: str | None = None


@dataclass(frozen=True)
class Check:
    """An inspection in force. ``roles`` are the author's at the acting unit on the day of the work."""

    id: str
    day: date  # the list's day where the kind is about one, else the day of the work
    work_date: date
    roles: frozenset[str]
    own: bool  # acted for the department itself
    items: tuple[Checked, ...]
    header: Mapping = field(default_factory=dict)
    drawn: bool = False  # a selection that the server drew
    at: datetime | None = None  # when it was ended, by the phone's clock
    author: str | None = None
    own_deliveries: frozenset[str] = frozenset()  # numbers that its author delivered: left out of ``items``
    unit: str = ""  # that it is about
    kind: str = ""
    method: str = ""
    groups: frozenset[str] = (
        frozenset()
    )  # of criteria that were answered, or of which it was said that nothing came
    group_classes: frozenset[str] = frozenset()  # the classes of mail that these speak of
    made_after: date | None = None  # the last day of the period that it is about: it is made after that [U6]


@dataclass(frozen=True)
class Point:
    """A relay point's life in the register."""

    id: str
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True)
class Inputs:
    """All that a line of one unit and period is folded from."""

    calendar: Calendar = Calendar()
    today: date = date.max
    checks: tuple[Check, ...] = ()
    # {(day, class): items}; a pair that is absent is missing, 0 is a recorded zero.
    volumes: Mapping[tuple[date, str], int] = field(default_factory=dict)
    # {day: {number: class}} on the day's manifests, sealed or not: what may count.
    listed: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    # {day: numbers} on the sealed manifests of a day that has others too: the known part of a missing volume.
    held: Mapping[date, frozenset[str]] = field(default_factory=dict)
    # {day: {number: announced}} of the revealed draws in force.
    drawn: Mapping[date, Mapping[str, bool]] = field(default_factory=dict)
    # Days whose lists are all sealed: their volumes come from the manifests.
    sealed: frozenset[date] = frozenset()
    # {day: numbers marked as returned} of the days that have manifests, sealed or not.
    returned: Mapping[date, frozenset[str]] = field(default_factory=dict)
    # {(day, class): returned items} as typed: the known part where the number of a day is missing.
    returned_typed: Mapping[tuple[date, str], int] = field(default_factory=dict)
    picks: tuple[Check, ...] = ()  # selections for the duty
    balances: tuple[Check, ...] = ()  # of the days before, too
    kinds: tuple[Kind, ...] = ()  # the kinds that serve the duty
    points: tuple[Point, ...] = ()
    # {point: days on which it was entered, confirmed, or visited by director or inspector}
    confirmed: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    opened_on: date | None = None  # the unit's first day
    ledger_from: date | None = None  # the first day of its ledger, on the first or later
    closed_on: date | None = None  # the first day on which it is closed
    pauses: tuple[tuple[date, date], ...] = ()  # (first closed day, first day open again) before that
    sole_days: frozenset[date] = frozenset()  # exactly one person held department roles
    withdrawn: int = 0
    voided: int = 0
    below: Any = None  # :class:`populations.Below`, of a duty that covers units below
    steps: tuple[Step, ...] = ()  # of the unit's plans of special checks
    documents: tuple[Written, ...] = ()  # that the unit has issued about the period


@dataclass(frozen=True)
class Covered:
    """A unit that an upper duty asks about: how much of what makes it count was done, and why it does not count."""

    unit: str
    setting: str | None
    counts: bool
    done: int
    required: int
    left: bool = False  # closed since: it keeps its credit and is asked of nobody
    reason: str = ""  # what is missing: a code of ``reasons``


@dataclass(frozen=True)
class Line:
    """What was required and done for one duty in one period. ``required`` None: a volume is missing."""

    closes_at: datetime
    applicable: bool = True
    required: int | None = None
    done: int = 0
    met: bool = False
    uncertain: bool = False
    started: bool = False
    items: int = 0
    passed: int = 0
    drawn: int = 0
    drawn_passed: int = 0
    announced: int = 0
    withdrawn: int = 0
    voided: int = 0
    why: tuple[tuple[str, dict], ...] = ()
    edition: str = ""  # of the Measures, by which it was folded
    # (record, whether its head is a problem), where that hangs on other records too; stored with the problems.
    problems: tuple[tuple[str, bool], ...] = ()
    covered: tuple[Covered, ...] = ()  # never stored: told anew where somebody looks at the line

    @property
    def failed(self) -> int:
        """Items that failed."""
        return self.items - self.passed


def status(line, now: datetime) -> str:
    """The status of a line (or of its stored row) at ``now``; unknown counts as not met."""
    if not line.applicable:
        return NOT_APPLICABLE
    if line.met:
        return MET
    if now < line.closes_at:
        return PARTIAL if line.started else DUE
    return UNKNOWN if line.uncertain else MISSED


def roll_up(statuses: Mapping[str, int]) -> str:
    """One status for many lines: {status: how many}; a single line is what it is [Readings: roll-up, status]."""
    held = {name for name, count in statuses.items() if count}
    if len(held) == 1 and sum(statuses.values()) == 1:
        return held.pop()
    if not held or held == {NOT_APPLICABLE}:
        return NOT_APPLICABLE
    if held <= {MET, NOT_APPLICABLE}:
        return MET
    if held & {MISSED, UNKNOWN}:
        return MISSED
    return PARTIAL if held & {MET, PARTIAL} else DUE
