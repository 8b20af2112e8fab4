"""Lines and bands of charts: values worked out by hand."""

from webapp.desk.drawing import Frame, band, floor_of, line, runs

FRAME = Frame(10, 20, 100, 50, low=0.5)


def test_a_value_stands_between_the_bottom_and_the_top_of_its_frame():
    assert [FRAME.y(value) for value in (0.5, 0.75, 1.0)] == [70, 45, 20]
    assert FRAME.y(0.2) == 70 and FRAME.y(1.5) == 20  # beyond it at its edge
    assert [FRAME.x(n, 3) for n in range(3)] == [10, 60, 110]
    assert FRAME.x(0, 1) == 10


def test_what_is_not_known_is_a_gap():
    assert FRAME.spots([0.5, None, 1.0]) == [(10, 70), None, (110, 20)]
    assert runs([None, 1, 2, None, None, 3]) == [[1, 2], [3]]
    assert line([(0, 1), (2, 3), None, (4.5, 5)]) == "M0 1L2 3M4.5 5h0"
    assert line([None, None]) == ""


def test_a_band_goes_round_each_stretch():
    upper, lower = [(0, 1), (10, 2), None, (30, 4)], [(0, 5), (10, 6), None, (30, 8)]
    assert band(upper, lower) == "M0 1L10 2L10 6L0 5ZM27 4H33V8H27Z"
    assert band([(0, 1)], [None]) == ""


def test_a_scale_begins_at_the_tenth_below_what_there_is():
    assert floor_of([0.84, 0.97]) == 0.8
    assert floor_of([0.7]) == 0.7
    assert floor_of([0.95, None]) == floor_of([]) == 0.9
    assert floor_of([0.0]) == 0.0
