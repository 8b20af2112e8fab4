"""The county's lines are those that the sentences of the domain give, over random counties; a difference names its seed."""

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from tests.independent.above import (
    NEXT_WEEK,
    THIS_WEEK,
    County,
    Office,
    points_of_the_month,
    review_of_the_week,
    some_day,
    visits_of_the_month,
)  # fmt: skip
from tests.ledger_tables import LONG_AFTER
from tests.upper_tables import MONTH, NEVER, WEEK, about, below, calls, review, unit, visit, worked
from webapp.ledger.rules import Check, Checked, Point, status
from webapp.rulebook.periods import Calendar

SEEDS = range(600)
LONG = date(2020, 1, 1)
BY = {True: "county_manager", False: "inspector"}


def lives(chance: Random) -> list:
    """Mostly open since long ago."""
    first, then, last = sorted(some_day(chance) for _ in range(3))
    if first == then or then == last:
        return [(LONG, None)]
    several = (
        [(LONG, None)],
        [(first, None)],
        [(LONG, first)],
        [(first, last)],
        [(LONG, first), (then, None)],
    )
    return chance.choices(several, (6, 1, 1, 1, 1))[0]


def county(chance: Random) -> County:
    offices = {
        f"A1{letter}": Office(
            lives(chance), chance.random() < 0.6, chance.random() < 0.9, chance.random() < 0.9,
            {f"A1{letter}{n}": lives(chance) for n in range(chance.choice((0, 0, 3, 5, 7)))},
        )
        for letter in "abcdefgh"[: chance.randint(0, 8)]
    }  # fmt: skip
    codes = list(offices) or ["A1z"]
    classes = ("express", "letters", "periodicals", "general")
    many = range(chance.randint(0, 14)) if offices else ()

    def at() -> str:
        return chance.choice(codes)

    def some(things, share=0.7) -> frozenset:
        return frozenset(one for one in things if chance.random() < share)

    return County(
        offices,
        [(at(), some_day(chance), chance.choice(("on-site", "open", "covert", "system")), some(classes), chance.random() < 0.9, chance.random() < 0.9) for _ in many],
        [(where := at(), some_day(chance), some(offices[where].points, 0.5), chance.random() < 0.9) for _ in many],
        [(at(), day := some_day(chance), max(day, some_day(chance))) for _ in many],
        [(at(), chance.choice((THIS_WEEK[-1], *NEXT_WEEK, NEXT_WEEK[-1], date(2026, 11, 30))), chance.random() < 0.9, chance.random() < 0.9) for _ in many],
    )  # fmt: skip


def told_to_the_ledger(one: County):
    """(the county's world, its records) as the ledger loads them."""
    units = [
        unit(code, "city" if office.city else "rural", spans=tuple(office.lives),
             services=("delivery",) if office.delivers else ("counter",), calendar=Calendar() if office.works else NEVER,
             points=tuple(Point(name, *life) for name, several in office.points.items() for life in several))
        for code, office in one.offices.items()
    ]  # fmt: skip
    letters = [about("letter", code, day, came=came) for code, day, came in one.letters]
    visits = [
        visit(code, day, classes, 9 if findings else 0, method=method, role=BY[named])
        for code, day, method, classes, findings, named in one.visits
    ]
    called = [calls(code, day, role=BY[named]) for code, day, _, named in one.calls]
    called = [_with(check, points) for check, (_, _, points, _) in zip(called, one.calls, strict=True)]
    weeks = {True: THIS_WEEK[0], False: date(2026, 11, 9)}
    reviews = [
        review("form-review", code, day, weeks[this], signed=signed)
        for code, day, signed, this in one.reviews
    ]
    return below(*units, records=letters), {
        "onsite-depts": visits,
        "relay-county": called,
        "letter-review": reviews,
    }


def _with(check: Check, points: frozenset) -> Check:
    return replace(check, items=tuple(Checked(point, None, "pass") for point in sorted(points)))


@pytest.mark.parametrize(
    ("code", "period", "second"),
    [
        ("onsite-depts", MONTH, visits_of_the_month),
        ("relay-county", MONTH, points_of_the_month),
        ("letter-review", WEEK, review_of_the_week),
    ],
    ids=["visits", "points", "reviews"],
)
def test_the_ledger_says_what_the_domain_says(code, period, second):
    seen = Counter()
    for seed in SEEDS:
        one = county(Random(seed))
        world, checks = told_to_the_ledger(one)
        line, answer = worked(code, period, world, *checks[code]), second(one)
        assert (line.required, line.done) == (answer.required, answer.done), seed
        expected = (
            "not-applicable"
            if answer.required is None
            else "met"
            if answer.done == answer.required
            else "missed"
        )
        assert status(line, LONG_AFTER) == expected, seed
        seen[expected] += 1
    assert min(seen[name] for name in ("met", "missed", "not-applicable")) > 10, seen
