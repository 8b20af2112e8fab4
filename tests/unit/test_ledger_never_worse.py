"""Properties of the fold: one more qualifying check never makes a verdict worse, whatever was recorded before."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from tests.ledger_tables import LONG_AFTER, MON, MONTH, TUE, WEEK, duty
from webapp.ledger.rules import Check, Checked, Inputs, Point, fold, qualifying, status
from webapp.rulebook.periods import Calendar, period_of
from webapp.rulebook.rules import load

CLASSES = ("parcel", "express", "registered", None)
PERIODS = {"day": period_of("day", TUE), "week": WEEK, "month": MONTH}
KEPT = sorted(one.code for one in load().duties.values() if one.level == "department" and one.kept)
days = st.integers(0, 9).map(lambda n: MON + timedelta(days=n))
numbers = st.integers(0, 25).map(lambda n: f"P{n}")
item = st.builds(
    Checked,
    numbers,
    st.sampled_from(CLASSES),
    st.sampled_from(("pass", "pass", "fail")),
    st.sampled_from((None, "nonlocal", "local")),
    st.sampled_from((None, "1号楼", "2号楼")),
)
several = st.lists(item, max_size=30, unique_by=lambda one: one.subject).map(tuple)
span = st.lists(
    st.integers(0, 25).map(lambda n: Checked(f"P{n}", "parcel", "pass")), max_size=26, unique=True
)


@st.composite
def checks(draw):
    """Checks by anybody, on any of ten days, about that day or the one before."""
    day = draw(days)
    return Check(
        f"c{draw(st.integers(0, 10**9)):010}",
        day - timedelta(days=draw(st.integers(0, 1))),
        day,
        frozenset(draw(st.sampled_from((("inspector",), ("director",), ("team_lead",), ("carrier",), ("county_manager",))))),
        draw(st.booleans()),
        draw(st.one_of(several, span.map(tuple))),
        header={"opening": 1, "received": 2, "delivered": 3, "returned": 0, "forwarded": 0, "carried": 0},
    )  # fmt: skip


@st.composite
def situations(draw):
    """Everything else that a line is folded from."""
    week = [MON + timedelta(days=n) for n in range(7)]
    volume = st.one_of(st.none(), st.integers(0, 45))
    volumes = {
        (day, name): count
        for day in week
        for name in ("parcel", "express", "registered")
        if (count := draw(volume)) is not None
    }
    listed = draw(st.dictionaries(numbers, st.sampled_from(CLASSES[:3]), max_size=20))
    lives = draw(st.lists(st.tuples(numbers, days, st.one_of(st.none(), days)), max_size=12))
    return Inputs(
        calendar=Calendar(exceptions={day: draw(st.booleans()) for day in week}),
        today=draw(st.sampled_from((MON, date(2026, 11, 30)))),
        checks=tuple(draw(st.lists(checks(), max_size=5))),
        volumes=volumes,
        listed={TUE: listed} if listed else {},
        points=tuple(Point(one, date(2026, 1, 1) if until else day, until) for one, day, until in lives)
        + tuple(Point(f"P{n}", date(2026, 1, 1), None) for n in range(draw(st.integers(0, 25)))),
        kinds=tuple(load().kinds.values()),
        opened_on=date(2026, 1, 1),
        sole_days=frozenset(draw(st.sets(days))),
    )


def folded(one, inputs: Inputs):
    period = PERIODS[one.period]
    kept = tuple(sorted((c for c in inputs.checks if c.day in period), key=lambda check: check.id))
    return fold(one, period, replace(inputs, checks=kept))


@pytest.mark.parametrize("code", KEPT)
@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(inputs=situations(), more=checks())
def test_one_more_qualifying_check_never_makes_a_line_worse(code, inputs, more):
    one = duty(code)
    with_more = replace(inputs, checks=(*inputs.checks, more))
    if more not in qualifying(one, PERIODS[one.period], with_more):
        return
    before, after = folded(one, inputs), folded(one, with_more)
    assert (before.met, after.met) != (True, False)
    assert after.done >= before.done
    if one.measure != "balance":  # a balance says itself whether there was anything to balance
        assert after.applicable is before.applicable


@pytest.mark.parametrize("code", KEPT)
@settings(max_examples=25, derandomize=True, deadline=None, database=None)
@given(inputs=situations(), more=checks())
def test_a_check_that_does_not_qualify_changes_nothing_but_the_reasons(code, inputs, more):
    one = duty(code)
    with_more = replace(inputs, checks=(*inputs.checks, more))
    if more in qualifying(one, PERIODS[one.period], with_more):
        return
    before, after = folded(one, inputs), folded(one, with_more)
    assert replace(before, why=()) == replace(after, why=())


@pytest.mark.parametrize("code", KEPT)
@settings(max_examples=25, derandomize=True, deadline=None, database=None)
@given(inputs=situations(), order=st.randoms(use_true_random=False))
def test_points_and_days_in_another_order_give_the_same_line(code, inputs, order):
    one = duty(code)
    points = list(inputs.points)
    order.shuffle(points)
    volumes = list(inputs.volumes.items())
    order.shuffle(volumes)
    other = replace(inputs, points=tuple(points), volumes=dict(volumes))
    assert folded(one, inputs) == folded(one, other)


@pytest.mark.parametrize("code", KEPT)
@settings(max_examples=25, derandomize=True, deadline=None, database=None)
@given(inputs=situations())
def test_sums_hold_together(code, inputs):
    line = folded(duty(code), inputs)
    assert 0 <= line.passed <= line.items
    assert 0 <= line.drawn_passed <= line.drawn
    assert line.drawn + line.announced <= max(line.items, line.done)
    assert status(line, LONG_AFTER) not in ("due", "partial")
    if line.applicable and line.required is not None and line.met:
        assert line.done >= line.required
    assert not (line.met and line.uncertain)
