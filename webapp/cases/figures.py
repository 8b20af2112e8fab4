"""The figures of a month about cases that failed work has opened: what is counted, and what it is divided by [DOMAIN2 C.6]. Pure.

Each case has marks in a month (it was opened in it, fell due in it, …); a figure counts those that bear some marks of those that
bear others. Where the numbers come from, the database's sums (``monthly.py``) or a fold cut at an instant, is all the same here.
No figure is an average of averages: sums of counts alone, and no share of nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.cases.folding import Made
from webapp.rulebook.case_rules import CaseType
from webapp.rulebook.periods import Period
from webapp.rulebook.texts import Text

# What a case has in a month.
OPENED = "opened"  # it arrived in the month
AGAIN = "again"  # a recurrence: the same failed at the same place not long after its closing
OWN = "own"  # found by the unit that has to put it right
DUE = "due"  # its deadline lies in the month and has passed
AHEAD = "ahead"  # its deadline lies in the month and has not passed yet
IN_TIME = "in-time"  # the last answer came by the deadline and was not returned
DONE = "done"  # closed, in whichever month
OPEN = "open"  # not closed
LATE = "late"  # the deadline has passed, and its owner has still to answer
CLOSED = "closed"  # closed in the month; these have ``days``
# What an answer has that counts for a day of the month.
ANSWER = "answer"
RETURNED = "returned"  # whoever looked again found it not put right

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Seen:
    """What the figures ask of one case. ``runs``: its owner has to answer, so that its deadline can be missed."""

    opened_on: date
    again: bool
    own: bool
    deadline: date | None
    in_time: bool
    closed_on: date | None
    ended: bool
    runs: bool


@dataclass(frozen=True)
class Group:
    """So many cases, or answers, of the unit with ``path`` that bear the same marks. ``days``: from opening to closing."""

    path: str
    kind: str | None
    criterion: str | None
    marks: frozenset[str]
    count: int = 1
    days: int | None = None


def passed_in(month: Period, today: date) -> tuple[date, date]:
    """The first and last day of the month whose deadlines have passed on ``today``: on its last day nobody is late."""
    return month.first, min(month.last, today - DAY)


def marks_of(seen: Seen, month: Period, today: date) -> frozenset[str]:
    """What a case has in the month, looked at on ``today``."""
    first, last = passed_in(month, today)
    due = seen.deadline is not None and first <= seen.deadline <= last
    has = {
        OPENED: seen.opened_on in month,
        AGAIN: seen.again,
        OWN: seen.own,
        DUE: due,
        AHEAD: seen.deadline is not None and seen.deadline in month and not due,
        IN_TIME: seen.in_time,
        DONE: seen.ended,
        OPEN: not seen.ended,
        LATE: seen.runs and seen.deadline is not None and seen.deadline < today,
    }
    return frozenset(mark for mark, is_so in has.items() if is_so)


def groups_of(path: str, kind: str | None, criterion: str | None, seen: Seen, month: Period, today: date) -> list[Group]:  # fmt: skip
    """One case as groups: its marks, and how long it took where it was closed in the month."""
    found = [Group(path, kind, criterion, marks_of(seen, month, today))]
    if seen.ended and seen.closed_on is not None and seen.closed_on in month:
        days = (seen.closed_on - seen.opened_on).days
        found.append(Group(path, kind, criterion, frozenset({CLOSED}), days=days))
    return found


def answers_of(moves: Iterable[Made], case_type: CaseType, month: Period) -> list[frozenset[str]]:
    """The marks of each answer that counts for a day of the month; returned is what is rejected before the next answer."""
    found: list[list] = []
    for one in moves:
        move = case_type.moves.get(one.move)
        if move is not None and move.effect == "answer":
            found.append([one.day, {ANSWER}])
        elif move is not None and move.effect == "reject" and found:
            found[-1][1].add(RETURNED)
    return [frozenset(marks) for day, marks in found if day in month]


# ---------------------------------------------------------------- the figures


@dataclass(frozen=True)
class Share:
    """``top`` of ``bottom``: never said without both."""

    top: int
    bottom: int

    @property
    def rate(self) -> float | None:
        """The share; None where there is nothing to divide by."""
        return self.top / self.bottom if self.bottom else None

    @property
    def rest(self) -> int:
        """How many are missing to the whole."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Days:
    """The middle of ``count`` spans in days; None where there is none."""

    median: float | None
    count: int


Value = Share | Days


@dataclass(frozen=True)
class Figure:
    """A figure with its name and what it says. ``top`` None: no share, but the median of ``days``.

    ``worst``: what is looked at first, "rest" (many are missing to the whole), "top" (many are counted) or "median".
    ``sentence`` may speak of ``{recurs}``, the days in which the same is a recurrence.
    """

    code: str
    title: Text
    top_title: Text
    bottom_title: Text
    sentence: Text
    bottom: frozenset[str]
    top: frozenset[str] | None
    worst: str = "rest"

    def said(self, recurs: int) -> Text:
        """The sentence that defines it."""
        return Text(self.sentence.zh.format(recurs=recurs), self.sentence.en.format(recurs=recurs))

    def of(self, groups: Sequence[Group]) -> Value:
        """Its value over these groups."""
        if self.top is None:
            return median((one.days, one.count) for one in groups if self.bottom <= one.marks)
        return Share(counted(groups, self.top), counted(groups, self.bottom))

    def weight(self, value: Value) -> float:
        """How much there is to look at: the greatest stands first. Never a rate: one of one is not worse than nine of ten."""
        if isinstance(value, Days):
            return -1 if value.median is None else value.median
        return value.rest if self.worst == "rest" else value.top


def counted(groups: Iterable[Group], marks: frozenset[str]) -> int:
    """How many bear all of these marks."""
    return sum(one.count for one in groups if marks <= one.marks)


def median(spans: Iterable[tuple[int, int]]) -> Days:
    """The median of spans given as ``(days, how many)``; between two middle ones half way."""
    sorted_spans = sorted(spans)
    total = sum(count for _, count in sorted_spans)
    if not total:
        return Days(None, 0)
    return Days((_at(sorted_spans, (total - 1) // 2) + _at(sorted_spans, total // 2)) / 2, total)


def _at(spans: Sequence[tuple[int, int]], place: int) -> int:
    for days, count in spans:
        if place < count:
            return days
        place -= count
    raise IndexError(place)


FIGURES = (
    Figure(
        "on-time",
        Text("按期整改率", "Put right in time"),
        Text("按期整改", "In time"),
        Text("到期问题", "Due"),
        Text(
            "整改期限（含同意的延期）在本月内且已到期的问题中，最后一次整改在期限内、且未被退回的所占比例。事后同意的延期同样有效。"
            "期限未到的另列，不计入。",
            "Of the problems whose deadline, with the time granted, lies in the month and has passed: those whose last answer came "
            "by it and was not returned. Time granted late works back. What is not yet due is told apart and not counted.",
        ),
        frozenset({DUE}),
        frozenset({DUE, IN_TIME}),
    ),
    Figure(
        "closure",
        Text("销号率", "Closed"),
        Text("已销号", "Closed"),
        Text("到期问题", "Due"),
        Text(
            "同一批到期问题中，已复查合格销号的所占比例，不论何时销号。",
            "Of the same problems that fell due: those that were re-checked and closed, whenever that was.",
        ),
        frozenset({DUE}),
        frozenset({DUE, DONE}),
    ),
    Figure(
        "recurrence",
        Text("复发率", "Recurrences"),
        Text("复发", "Recurrences"),
        Text("新增问题", "Opened"),
        Text(
            "本月新增的问题中，同一检查项在同一地点销号后{recurs}天内再次发生的所占比例。",
            "Of the problems opened in the month: those where the same failed at the same place within {recurs} days of closing.",
        ),
        frozenset({OPENED}),
        frozenset({OPENED, AGAIN}),
        "top",
    ),
    Figure(
        "self-found",
        Text("自查发现率", "Found by itself"),
        Text("自查发现", "Found by itself"),
        Text("新增问题", "Opened"),
        Text(
            "本月新增的问题中，由责任单位自己检查发现的所占比例。",
            "Of the problems opened in the month: those that the responsible unit found by its own checks.",
        ),
        frozenset({OPENED}),
        frozenset({OPENED, OWN}),
    ),
    Figure(
        "returned",
        Text("退回率", "Returned"),
        Text("退回", "Returned"),
        Text("整改", "Answers"),
        Text(
            "本月填写的整改中，复查不合格被退回的所占比例，不论何时退回。",
            "Of the answers given in the month: those that were returned after the re-check, whenever that was.",
        ),
        frozenset({ANSWER}),
        frozenset({ANSWER, RETURNED}),
        "top",
    ),
    Figure(
        "days",
        Text("整改天数", "Days to closing"),
        Text("天数中位数", "Median days"),
        Text("本月销号", "Closed in the month"),
        Text(
            "本月销号的问题从新增到销号的天数，取中位数。",
            "Of the problems closed in the month: the days from opening to closing, the middle one.",
        ),
        frozenset({CLOSED}),
        None,
        "median",
    ),
    Figure(
        "overdue",
        Text("超期未改", "Overdue"),
        Text("超期未改", "Overdue"),
        Text("未销号", "Not closed"),
        Text(
            "截至查看之日尚未销号的问题中，已过整改期限仍未整改的，不论何时新增。等待复查的时间不算责任单位超期。",
            "Of the problems not closed on the day of looking, whenever they were opened: those whose deadline has passed without an "
            "answer. While a re-check is waited for, the responsible unit is not overdue.",
        ),
        frozenset({OPEN}),
        frozenset({OPEN, LATE}),
        "top",
    ),
)  # fmt: skip
BY_CODE: Mapping[str, Figure] = {one.code: one for one in FIGURES}
# What holds for all of them.
LEFT_OUT = Text(
    "已撤销的问题和建账前的问题不计入任何一项；异议、督办单和疑点不在此列。",
    "Withdrawn problems and those from before problems were followed are in none of them; nor are disputes, work orders and signals.",
)


def values(groups: Sequence[Group]) -> dict[str, Value]:
    """Every figure over these groups, by its code."""
    return {one.code: one.of(groups) for one in FIGURES}
