"""Until when a move can be made, and which days it can name: what somebody has to know before it is written down offline. Pure.

``moving.py`` asks the same of a move when it comes; tests hold the two together.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.cases.clocks import DAY, Workdays
from webapp.cases.folding import opening_span
from webapp.cases.rights import Known
from webapp.cases.standing import opening_of
from webapp.rulebook.case_rules import CaseRules, Move

LATER, EARLIER = (
    ("ask", "grant"),
    ("shorten", "owner"),
)  # effects whose day lies after, or before, the deadline


@dataclass(frozen=True)
class Window:
    """``until``: the last day on which it can be made, None: no end. ``days``: the first and last day that it can name, None: any."""

    until: date | None = None
    days: tuple[date, date] | None = None

    def open_on(self, today: date) -> bool:
        """Whether it can still be made, with a day that it can name."""
        return (self.until is None or today <= self.until) and (
            self.days is None or self.days[0] <= self.days[1]
        )


def window(here: Known, move: Move, rules: CaseRules, workdays: Workdays, today: date) -> Window:
    """The window of a move of the case as it stands on ``today``. ``rules``: those of the case."""
    return Window(_until(here, move, workdays), _days(here, move, rules, workdays, today))


def _until(here: Known, move: Move, workdays: Workdays) -> date | None:
    closed, deadline = here.standing.closed_on, here.standing.deadline
    ends = [
        workdays.after(here.case.opened_on, move.within) if move.within is not None else None,
        closed + timedelta(here.type.reopens) if move.effect == "reopen" and closed else None,
        deadline if move.effect == "ask" else None,
    ]
    return min((end for end in ends if end), default=None)


def _days(
    here: Known, move: Move, rules: CaseRules, workdays: Workdays, today: date
) -> tuple[date, date] | None:
    deadline = here.standing.deadline
    if "day" not in move.needs or deadline is None:
        return None
    if move.effect in LATER:
        return deadline + DAY, workdays.add(deadline, opening_span(opening_of(here.case), rules))
    return (today, deadline - DAY) if move.effect in EARLIER else None
