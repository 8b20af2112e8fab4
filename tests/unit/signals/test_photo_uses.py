"""A photo in two records: meant, or a signal."""

import itertools
import random
from dataclasses import replace
from datetime import date, timedelta
from string import Formatter

import pytest

from webapp.signals.photo_uses import Pair, Use, used_again
from webapp.signals.rules import rules

DAY = date(2026, 10, 12)
SPAN = (DAY - timedelta(60), DAY + timedelta(60), {"u"})


def use(name: str, days: int = 0, **more) -> Use:
    first = Use(name, name, "p", "u", DAY + timedelta(days), frozenset([f"s{name}"]), frozenset())
    return replace(first, **more)


def told(*pairs: Pair, span=SPAN):
    return used_again(pairs, *span)


def test_a_photo_of_last_week_in_a_record_of_today():
    [one] = told(Pair(use("b", 7, person="q"), use("a"), "x", "x"))
    assert (one.rule, one.person, one.facts, one.day) == ("photo-reused", "q", ("a", "b"), DAY + timedelta(7))
    assert (one.evidence["first_day"], one.evidence["day"], one.evidence["first_person"]) == (
        "2026-10-12",
        "2026-10-19",
        "p",
    )
    sentences = (rules()["photo-reused"].says, rules()["photo-alike"].says)
    names = {
        name
        for text in sentences
        for said in (text.zh, text.en)
        for _, name, *_ in Formatter().parse(said)
        if name
    }
    assert names <= one.evidence.keys()


def test_a_cropped_one_is_nearly_equal():
    [one] = told(Pair(use("a"), use("b", 7), "x", "y", 0.97))
    assert (one.rule, one.evidence["percent"], one.evidence["pairs"]) == ("photo-alike", 97, [["x", "y"]])


@pytest.mark.parametrize(
    "first, later",
    [
        (use("a"), use("b", 1, root="a")),
        (use("a", root="r"), use("b", 1, root="r")),
        (use("a", person="carrier"), use("b", captures=frozenset(["a"]))),
        (use("a2", root="a", person="carrier"), use("b", captures=frozenset(["a"]))),
        (use("a", subjects=frozenset("s")), use("b", subjects=frozenset("st"))),
    ],
    ids=[
        "a correction",
        "two of one",
        "the evidence judged",
        "corrected evidence",
        "one thing, one day, two forms",
    ],
)
def test_where_it_belongs_in_both_there_is_no_signal(first, later):
    assert told(Pair(first, later, "x", "x")) == told(Pair(later, first, "x", "x")) == []


@pytest.mark.parametrize(
    "first, later",
    [
        (use("a", subjects=frozenset("s")), use("b", 1, subjects=frozenset("s"))),  # the next day
        (use("a", subjects=frozenset("s")), use("b", subjects=frozenset("s"), person="q")),  # by another
        (use("a", person="carrier"), use("b", captures=frozenset(["c"]))),  # another capture was judged
    ],
)
def test_nearly_so_is_a_signal(first, later):
    assert len(told(Pair(first, later, "x", "x"))) == 1


def test_only_the_later_records_days_and_unit_are_asked_about():
    pair = Pair(use("a", unit="elsewhere"), use("b", 7), "x", "x")
    assert len(told(pair)) == 1
    assert told(pair, span=(DAY + timedelta(8), DAY + timedelta(9), {"u"})) == []
    assert told(pair, span=(*SPAN[:2], {"elsewhere"})) == []


def test_ten_shared_photos_are_one_sighting_and_a_third_record_is_told_of_the_first():
    ten = [Pair(use("a"), use("b", 7), f"x{n}", f"x{n}") for n in range(10)]
    [one] = told(*ten)
    assert one.evidence["photos"] == 10
    a, b, c = use("a"), use("b", 1), use("c", 2)
    three = told(*(Pair(first, later, "x", "x") for first, later in itertools.permutations((a, b, c), 2)))
    assert [one.facts for one in three] == [("a", "b"), ("a", "c")]


def test_the_key_is_the_same_in_any_order_and_after_a_correction():
    a, b, c = use("a"), use("b", 1), use("c", 2)
    pairs = [Pair(*two, "x", "x") for two in itertools.permutations((a, b, c), 2)]
    keys = [one.key for one in told(*pairs)]
    rng = random.Random(7)
    for _ in range(20):
        rng.shuffle(pairs)
        assert [one.key for one in told(*pairs)] == keys
    corrected = use("b2", 1, root="b")
    assert told(Pair(a, corrected, "x", "x"))[0].key == keys[0]
