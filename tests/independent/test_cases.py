"""Random worlds of cases, told twice: the server and the domain's sentences agree after everything that happens."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from tests.independent.case_comparison import compare
from tests.independent.case_office import Office, at
from tests.independent.case_world import first_day
from tests.independent.cases import (
    FIRST_SPAN,
    Case,
    after_span,
    overdue,
    rung,
    workdays_on,
)
from tests.independent.delivery import clock_of_our_own

SEEDS = {"sqlite": (3, 18, 31, 44), "postgres": (5, 19, 35)}
STEPS = 70


@pytest.mark.parametrize(
    ("dialect", "seed"), [(name, seed) for name, seeds in SEEDS.items() for seed in seeds]
)
def test_the_server_follows_cases_as_the_domain_says(dialect: str, seed: int, request, tmp_path: Path):
    template = request.getfixturevalue(f"{dialect}_template")
    with clock_of_our_own():
        office = Office(template, tmp_path, at(first_day(seed), 8), Random(seed))
        try:
            count = compare(seed, office, STEPS)
        finally:
            office.close()
    assert count.faults == []
    assert count.cases >= 5 and count.moves >= 10 and count.refused >= 5


def test_the_second_computation_knows_the_examples_of_the_domain():
    """The days that the domain itself names: else both could be wrong alike."""
    spans = {name: after_span(span, date(2026, 11, 20)) for name, span in FIRST_SPAN.items()}
    assert spans == {
        "ordinary": date(2026, 11, 27), "serious": date(2026, 11, 25), "grave": date(2026, 11, 23)
    }  # fmt: skip
    assert after_span(FIRST_SPAN["grave"], date(2026, 2, 13)) == date(2026, 2, 14)
    assert after_span(FIRST_SPAN["serious"], date(2026, 2, 13)) == date(2026, 2, 25)
    due = date(2026, 11, 25)
    assert [workdays_on(due, n).day for n in (1, 3, 5, 10)] == [26, 30, 2, 9]
    opened = at(date(2026, 11, 20), 10)
    one = Case(("r", "parcel", "feedback", ("unit", "u")), "u", "u", "serious", opened, None, due)
    assert [rung(one, date(2026, 11, day)) for day in (25, 26, 30)] == [None, "department", "county"]
    assert (overdue(one, due), overdue(one, date(2026, 11, 26))) == (False, True)
