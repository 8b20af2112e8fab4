"""One number by which lists of cases are ordered: the most urgent first, then what has no clock, then what has ended.

It is stored beside the case, so that one index gives the order, what is overdue (smaller than today's number), what is due soon and
what has ended, of a million cases as of ten. Pure.
"""

from datetime import date

NO_CLOCK = 1_000_000  # not ended, but nothing is owed: after every day of the calendar
ENDED = 2_000_000  # from here on: the case has ended, the latest opened first


def urgency(due_on: date | None, ended: bool, opened_on: date) -> int:
    """The place of a case in the order of urgency: the smaller, the sooner somebody has to move."""
    if ended:
        return ENDED + recency(opened_on)
    return NO_CLOCK if due_on is None else of_day(due_on)


def of_day(day: date) -> int:
    """The number of what is due on the day."""
    return day.toordinal()


def recency(opened_on: date) -> int:
    """The place of a case in the order of its opening: the smaller, the later it was opened."""
    return NO_CLOCK - opened_on.toordinal()
