"""What a phone is told beforehand is what the ledger counts afterwards: both are asked of the same lists, at random."""

import random

import pytest

from tests.ledger_tables import TUE, WEEK, check, duty
from webapp.ledger.countable import DayLists
from webapp.ledger.measures import measure_of
from webapp.ledger.rules import Checked, Inputs, fold
from webapp.rulebook.periods import period_of
from webapp.rulebook.rules import load
from webapp.sampling.rules import SAMPLED

BOOK = load()


def a_day(dice: random.Random) -> DayLists:
    listed = {f"N{n}": dice.choice(SAMPLED) for n in range(dice.choice([0, 1, 3, 12, 40]))}
    returned = {number for number in listed if dice.random() < 0.3}
    sealed = bool(listed) and dice.random() < 0.5
    names = [name for name in SAMPLED if dice.random() < 0.7]
    volumes = {(TUE, name): dice.choice([0, 3, 19, 20, 35]) for name in names}
    if sealed:
        volumes = {(TUE, name): list(listed.values()).count(name) for name in SAMPLED}
    return DayLists(TUE, listed, returned, volumes, sealed)


def inputs(lists: DayLists, items) -> Inputs:
    known = {} if not lists.listed else {"returned": {TUE: frozenset(lists.returned)}}
    volumes = dict(lists.volumes) | {(TUE, "returned"): 5}
    return Inputs(
        checks=(check(TUE, tuple(items)),), listed={TUE: lists.listed} if lists.listed else {}, volumes=volumes,
        sealed=frozenset({TUE} if lists.sealed else ()), kinds=tuple(BOOK.kinds.values()), **known,
    )  # fmt: skip


@pytest.mark.parametrize("code", ["receipt-sample", "return-audit"])
def test_a_number_that_the_phone_says_counts_is_counted_and_no_other(code):
    dice, rule = random.Random(code), duty(code)
    classes = BOOK.kinds[rule.kinds[0]].classes
    for _ in range(600):
        lists = a_day(dice)
        if not sum(lists.volumes.get((TUE, name), 1) for name in SAMPLED):
            continue  # nothing came: no line at all
        found = measure_of(rule).countable(rule, classes, lists)
        item = Checked(f"N{dice.randrange(50)}", dice.choice(SAMPLED), "pass")
        others = item.subject not in lists.listed and item.mail_class in found.classes
        said = item.subject in found.numbers or others
        line = fold(rule, period_of("day", TUE), inputs(lists, [item]))
        assert (line.done == 1) == said, (lists, item, found)


def test_the_least_that_the_phone_asks_for_makes_a_session_and_one_less_does_not():
    dice, rule = random.Random("parcels"), duty("parcel-check")
    for _ in range(400):
        lists = a_day(dice)
        found = measure_of(rule).countable(rule, (), lists)
        others = [f"X{n}" for n in range(30)] if found.classes is None else []
        numbers = [*sorted(found.numbers), *others]
        if found.least == 0 or len(numbers) < found.least:
            continue  # a zero day holds none; fewer listed than typed cannot be reached
        for size in (found.least, found.least - 1):
            items = [Checked(number, "parcel", "pass") for number in numbers[:size]]
            strangers = (
                [] if found.classes is None else [Checked(f"X{n}", "parcel", "pass") for n in range(20)]
            )
            line = fold(rule, WEEK, inputs(lists, [*items, *strangers]))
            assert line.done == (size == found.least), (lists, found, size)
