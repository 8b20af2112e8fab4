"""What the charts of the ledger draw, worked out by hand."""

import pytest

from webapp.desk.ledger import shapes
from webapp.desk.ledger.shapes import (
    ALL,
    DOT,
    FEW,
    STEPS,
    bars,
    cumulative,
    lowest_last,
    shortened,
    step,
    trend,
)
from webapp.ledger.history import Fault, Rate
from webapp.rulebook.periods import parse_period


def rate(month: int, items: int = 0, passed: int = 0, drawn: int = 0, drawn_passed: int = 0) -> Rate:
    return Rate(parse_period(f"2026-{month:02}"), items, passed, drawn, drawn_passed)


@pytest.mark.parametrize(
    ("met", "owed", "said"),
    [
        (0, 80, 0),
        (1, 80, 1),
        (19, 80, 1),
        (20, 80, 2),
        (40, 80, 3),
        (60, 80, 4),
        (79, 80, 4),
        (80, 80, 5),
        (0, 0, 0),
    ],
)
def test_how_much_of_a_day_was_met_is_told_in_steps(met, owed, said):
    assert step(met, owed) == said <= STEPS


def test_a_trend_shows_the_drawn_items_and_says_of_what_kind_each_month_is():
    rates = [rate(9), rate(10, 50, 40), rate(11, 200, 190, 100, 90), rate(12, 80, 80, 20, 20)]
    drawn = trend(rates)
    assert [mark.shape for mark in drawn.marks] == [ALL, ALL, DOT, FEW]
    assert [mark.rate.told for mark in drawn.marks] == [None, 0.8, 0.9, 1.0]
    assert drawn.marks[0].y is None and drawn.last.rate.month.code == "2026-12"
    # The band is of the drawn items: 90 of 100 lie between 82.6 % and 94.5 %, so the scale begins at 80 %.
    assert [round(value, 2) for value, _ in drawn.grid] == [0.8, 0.84, 0.88, 0.92, 0.96, 1.0]
    assert drawn.band.count("M") == 1 and drawn.line.count("M") == 1


def test_the_last_the_lowest_and_the_first_value_are_named_where_there_is_room():
    flat = trend([rate(month, 10, 10) for month in range(1, 13)])
    assert [n for n, mark in enumerate(flat.marks) if mark.named] == [0, 11]
    dip = trend([rate(month, 10, 5 if month == 6 else 10) for month in range(1, 13)])
    assert [n for n, mark in enumerate(dip.marks) if mark.named] == [0, 5, 11]
    near = trend([rate(month, 10, 5 if month == 11 else 10) for month in range(1, 13)])
    assert [n for n, mark in enumerate(near.marks) if mark.named] == [0, 11]
    assert trend([rate(month) for month in range(1, 13)]).last is None


def test_one_scale_holds_for_all_small_trends():
    low, high = [rate(1, 10, 6)], [rate(1, 10, 10)]
    assert shapes.floor_of_rates([low, high]) == 0.6
    assert trend(high, 0.6, shapes.SMALL).marks[0].y == shapes.SMALL.top
    assert trend(low, 0.6, shapes.SMALL).marks[0].y == shapes.SMALL.top + shapes.SMALL.height


def test_small_trends_begin_with_the_lowest_last_value_and_leave_out_who_has_none():
    parts = {"a": [rate(1, 10, 10), rate(2)], "b": [rate(1, 10, 9), rate(2, 10, 5)], "c": [rate(1), rate(2)]}
    assert lowest_last(parts) == ["b", "a"]


def test_a_pareto_has_bars_by_count_and_a_line_of_the_share_so_far():
    rows = bars([Fault("k", "a", 6, 0.6), Fault("k", "b", 3, 0.9), Fault("k", "c", 1, 1.0)])
    assert [row.width for row in rows] == [190, 95, 31.7]
    assert [row.spot for row in rows] == [(300.4, 27), (331.6, 69), (342, 111)]
    assert cumulative(rows) == "M300.4 27L331.6 69L342 111"
    assert bars([]) == [] and cumulative([]) == ""
    assert shapes.at_share(0) == 238 and shapes.at_share(1) == 342


def test_a_long_name_is_cut_where_the_next_character_has_no_room():
    assert shortened("投递深度不到位", 14) == "投递深度不到位"
    assert shortened("投递深度不到位", 13) == "投递深度不…"
    assert shortened("Over the time limit", 10) == "Over the…"
