"""What a way of counting answers for: the fold of a line, and all that others would else have to ask about it. Pure."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from webapp.ledger.countable import Countable, DayLists
from webapp.ledger.lines import Inputs, Line
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty

Span = tuple[date, date | None]  # the first day, and the first day on which it is over (None: not yet)


class Measure:
    """A way of counting. Whatever is not said otherwise by one of them is so for most."""

    code: str

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """The line of the duty for the period, whatever the order in which the facts came."""
        raise NotImplementedError

    # ------------------------------------------------------------ what it is folded from

    def reach(self, duty: Duty) -> timedelta:
        """How far before a period its line looks."""
        return timedelta(0)

    def asks_points(self, duty: Duty) -> bool:
        """Whether its threshold depends on how many relay points there are."""
        return duty.counts == "points" or duty.shrink == "population"

    def looks_at(self, duty: Duty, period: Period) -> Period:
        """The days of whose checks its line may count some."""
        return period

    def asks_lists(self, duty: Duty) -> bool:
        """Whether it depends on a day's volumes and lists."""
        return bool(duty.of)

    def counts_voids(self, duty: Duty) -> bool:
        """Whether drawn items of lists thrown away stand beside its figures."""
        return False

    # ------------------------------------------------------------ which lines a fact moves

    def periods(self, duty: Duty, first: Period, day: date) -> Iterator[Period]:
        """The periods whose lines a fact about ``day`` can change; ``first`` holds the day."""
        yield first

    # ------------------------------------------------------------ whether it is owed, and what is left

    def owed(self, period: Period, spans: Sequence[Span]) -> bool:
        """Whether a unit that is open in these ``spans`` has the duty: for the full periods between."""
        return any(first <= period.first and (end is None or period.last < end) for first, end in spans)

    def required_now(self, line) -> int | None:
        """How many a person is asked for until the line closes."""
        return line.required

    lapses = False  # what was not done in time cannot be made up by doing more of it

    def missing(self, line, closed: bool) -> tuple[str, dict] | None:
        """The reason told of a line that is not met, instead of how many of what it counts are left."""
        return None

    # ------------------------------------------------------------ what a phone is told beforehand

    def session_size(self, duty: Duty, period: Period, inputs: Inputs) -> int | None:
        """How many one session of the period asks for; None where it is not measured in sessions."""
        return None

    says_countable = False  # whether ``countable`` ever says anything

    def countable(self, duty: Duty, classes: Collection[str], lists: DayLists) -> Countable | None:
        """Which numbers of a day count, said before anybody checks them; None where the day's lists do not matter."""
        return None
