"""Delivery days: weekday masks from a day on, public holidays where they are kept, exceptions of one's own."""

from datetime import date

import pytest

from webapp.desk.rules.calendars import weeks
from webapp.rulebook.periods import Calendar, period_of

WORKDAYS = 0b0011111
SPRING = date(2026, 3, 2)  # a Monday


def test_without_any_rule_every_day_is_a_delivery_day():
    assert len(Calendar().delivery_days(period_of("week", SPRING))) == 7
    assert Calendar().knows(2199)


def test_a_weekday_mask_holds_from_its_day_on():
    calendar = Calendar(masks=((date(2026, 3, 4), WORKDAYS), (date(2026, 3, 9), 0b1000001)))
    days = [day.day for day in calendar.delivery_days(period_of("week", SPRING))]
    assert days == [2, 3, 4, 5, 6]
    assert [day.day for day in calendar.delivery_days(period_of("week", date(2026, 3, 9)))] == [9, 15]


PUBLIC = {date(2026, 10, 1): False, date(2026, 10, 10): True}


@pytest.mark.parametrize(
    ("calendar", "first", "tenth"),
    [
        # Who keeps no holidays delivers on them, and rests on the Saturday of the make-up day.
        (Calendar(((date(2026, 1, 1), WORKDAYS),), public=PUBLIC), True, False),
        (
            Calendar(
                ((date(2026, 1, 1), WORKDAYS),), {}, ((date(2026, 1, 1), True),), PUBLIC, frozenset({2026})
            ),
            False,
            True,
        ),
        # The own exception beats the public day, in both directions.
        (
            Calendar(
                ((date(2026, 1, 1), WORKDAYS),),
                {date(2026, 10, 1): True, date(2026, 10, 10): False},
                ((date(2026, 1, 1), True),),
                PUBLIC,
            ),
            True,
            False,
        ),
        # An exception counts where no holidays are kept, too.
        (Calendar((), {date(2026, 10, 1): False}), False, True),
        # Kept only since the second of October.
        (Calendar(((date(2026, 10, 2), 127),), {}, ((date(2026, 10, 2), True),), PUBLIC), True, True),
    ],
)
def test_which_rule_says_whether_there_is_delivery(calendar, first, tenth):
    assert calendar.delivers(date(2026, 10, 1)) is first
    assert calendar.delivers(date(2026, 10, 10)) is tenth


def test_a_year_whose_holidays_are_not_known_is_said_and_not_guessed():
    keeping = Calendar(((date(2026, 6, 1), 127),), {}, ((date(2026, 6, 1), True),), {}, frozenset({2026}))
    assert keeping.knows(2026)
    assert not keeping.knows(2027)
    assert keeping.unknown_years(period_of("week", date(2026, 12, 31))) == [2027]
    assert keeping.unknown_years(period_of("week", date(2026, 12, 20))) == []


def test_a_unit_that_begins_to_keep_holidays_next_autumn_does_not_know_that_year():
    calendar = Calendar(((date(2027, 9, 1), 127),), {}, ((date(2027, 9, 1), True),), {}, frozenset({2026}))
    assert calendar.knows(2026)
    assert not calendar.knows(2027)


def test_the_delivery_day_before_leaps_over_holidays():
    calendar = Calendar((), {date(2026, 10, n): False for n in range(1, 8)})
    assert calendar.delivery_day_before(date(2026, 10, 8)) == date(2026, 9, 30)
    assert calendar.delivery_day_before(date(2026, 10, 9)) == date(2026, 10, 8)
    assert calendar.next_delivery_day(date(2026, 9, 30)) == date(2026, 10, 8)
    never = Calendar(((date(2000, 1, 1), 0),))
    assert never.delivery_day_before(date(2026, 10, 8)) == date(2026, 8, 7)


def test_a_month_is_shown_in_whole_weeks_from_monday():
    grid = weeks(Calendar(), {}, period_of("month", date(2026, 11, 5)))
    assert [len(week) for week in grid] == [7] * 6
    assert (grid[0][0].day, grid[-1][-1].day) == (date(2026, 10, 26), date(2026, 12, 6))
    assert sum(day.inside for week in grid for day in week) == 30
    february = weeks(Calendar(), {}, period_of("month", date(2027, 2, 1)))
    assert len(february) == 4
