"""The measurements of bench/ are no tests, but they must be there when somebody wants them."""

import pytest

from bench.__main__ import PARTS
from bench.first_visit import rounds_of
from bench.report import Figure, table


@pytest.mark.parametrize("name", PARTS)
def test_each_part_can_be_measured_by_name(name):
    assert callable(PARTS[name].measure)


def test_the_table_says_which_limit_is_missed():
    held = Figure("bytes", 120, "kB", 150)
    missed = Figure("rate", 5, "%", 25, aim=True, at_least=True)
    lines = table([held, missed, Figure("noted", 1.5, "s")]).splitlines()
    assert [line.split()[-1] for line in lines[1:3]] == ["ok", "OVER"]
    assert "≥ 25 (aim)" in lines[2] and "0.20" in lines[2]


def test_round_trips_are_counted_where_one_request_waits_for_another():
    page = {"start": 0, "end": 600}
    together = [{"start": 650, "end": 1500}, {"start": 651, "end": 2400}]
    assert rounds_of([page, *together]) == 2
    assert rounds_of([page, *together, {"start": 1600, "end": 2500}]) == 3
