"""Each rule of signals by hand: what it sees, and the near miss that it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from string import Formatter

import pytest

from webapp.signals.rules import (
    Answered,
    Draw,
    Judged,
    Position,
    Remark,
    Tally,
    equal_remarks,
    impossible_speeds,
    replaced,
    rules,
    taken_apart,
    too_fast,
    without_fail,
)

DAY = date(2026, 10, 12)
NOON = datetime(2026, 10, 12, 4, tzinfo=UTC)


def limits(code: str):
    return rules()[code].limits


# ---------------------------------------------------------------- speed: one degree of latitude is 111.2 km


def at(minutes: float, latitude: float, fact: str, accuracy: float = 0, lasting: float = 0) -> Position:
    since = NOON + timedelta(minutes=minutes)
    return Position(fact, "u", DAY, since, since + timedelta(minutes=lasting), latitude, 116.0, accuracy)


def speeds(*places: Position):
    return list(impossible_speeds("p", places, limits("speed")))


def test_eleven_kilometres_in_four_minutes_cannot_be():
    [one] = speeds(at(0, 43.0, "a"), at(4, 43.1, "b"))  # 11.12 km in 4 minutes: 167 km/h
    assert (one.person, one.facts, one.day) == ("p", ("a", "b"), DAY)
    assert (one.evidence["kilometres"], one.evidence["minutes"], one.evidence["speed"]) == (11.1, 4, 167)


@pytest.mark.parametrize(
    "second",
    [
        at(5, 43.1, "b"),  # 133 km/h: a fast car
        at(4, 43.1, "b", accuracy=1500),  # at least 9.6 km: 144 km/h
        at(4, 43.1, "b", accuracy=2500),  # nobody knows where that was
        at(4, 43.1, "b", lasting=2),  # perhaps six minutes
        at(0.1, 43.015, "b"),  # 1.7 km: a phone's position jumps
    ],
    ids=["slower", "inexact", "too inexact", "longer", "nearer"],
)
def test_what_can_be_is_no_signal(second):
    assert speeds(at(0, 43.0, "a"), second) == []


def test_the_same_day_is_one_sighting_and_a_later_arrival_does_not_rename_it():
    two = [at(0, 43.0, "a"), at(4, 43.1, "b")]
    [before] = speeds(*two)
    [after] = speeds(*two, at(8, 43.9, "c"))
    assert after.key == before.key and after.facts == ("a", "b", "c") and after.evidence["pairs"] == 2


def test_two_days_are_two_sightings():
    tomorrow = [replace(one, day=DAY + timedelta(1), since=one.since + timedelta(1), until=one.until + timedelta(1))
                for one in (at(0, 43.0, "c"), at(4, 43.1, "d"))]  # fmt: skip
    assert len({one.key for one in speeds(at(0, 43.0, "a"), at(4, 43.1, "b"), *tomorrow)}) == 2


# ---------------------------------------------------------------- faster than a person can


def record(**more) -> Answered:
    return replace(Answered("f", "f", "p", "u", DAY, 14_999, 10, 4, 1), **more)


def test_ten_items_four_answers_and_a_photo_need_fifteen_seconds():
    one = too_fast(record(), limits("too-fast"))  # 10 × 1 + 4 × 0.5 + 1 × 3
    assert (one.evidence["seconds"], one.evidence["needed"], one.facts) == (15.0, 15, ("f",))
    assert too_fast(record(elapsed_ms=15_000), limits("too-fast")) is None


@pytest.mark.parametrize("more", [{"elapsed_ms": None}, {"elapsed_ms": -5}, {"items": 4}, {"root": "e"}])
def test_unknown_times_few_items_and_corrections_are_no_signal(more):
    assert too_fast(record(**more), limits("too-fast")) is None


# ---------------------------------------------------------------- months without one fail


SEPTEMBER, OCTOBER, LAST = date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 31)


def tally(person: str, month: date, items: int, failed: int = 0, kind: str = "k", county: str = "c") -> Tally:
    return Tally(person, county, "u", kind, month, items, failed, f"{person}{month.month}")


OTHERS = (tally("q", SEPTEMBER, 100, 4), tally("q", OCTOBER, 100, 4))  # 4 %


def found_without_fail(*tallies: Tally):
    return list(without_fail([*OTHERS, *tallies], limits("no-fail"), LAST))


def test_nothing_in_a_hundred_and_twenty_items_where_others_find_four_in_a_hundred():
    [one] = found_without_fail(tally("p", SEPTEMBER, 60), tally("p", OCTOBER, 60))
    assert (one.person, one.evidence["items"], one.evidence["expected"]) == ("p", 120, 4.8)
    assert one.evidence["chance_percent"] == pytest.approx(100 * 0.96**120, abs=0.001)  # 0.746 %
    assert (one.evidence["first_day"], one.evidence["last_day"]) == ("2026-09-01", "2026-10-31")


@pytest.mark.parametrize(
    "own",
    [
        [tally("p", SEPTEMBER, 60), tally("p", OCTOBER, 60, 1)],
        [tally("p", SEPTEMBER, 55), tally("p", OCTOBER, 55)],  # 1.1 %: chance
        [tally("p", OCTOBER, 200)],  # one month
        [tally("p", SEPTEMBER, 60, kind="l"), tally("p", OCTOBER, 60, kind="l")],  # others did none of it
        [tally("p", SEPTEMBER, 60, county="d"), tally("p", OCTOBER, 60, county="d")],  # nor anything there
    ],
    ids=["one fail", "chance", "one month", "another kind", "another county"],
)
def test_where_it_may_well_be_so_there_is_no_signal(own):
    assert found_without_fail(*own) == []


def test_where_others_find_nothing_either_nobody_is_asked():
    clean = [
        tally("q", SEPTEMBER, 500),
        tally("p", SEPTEMBER, 90),
        tally("p", OCTOBER, 90),
        tally("q", OCTOBER, 500),
    ]
    assert list(without_fail(clean, limits("no-fail"), LAST)) == []


def test_it_is_asked_once_in_half_a_year():
    own = (tally("p", SEPTEMBER, 60), tally("p", OCTOBER, 60))
    [one] = found_without_fail(*own)
    [again] = without_fail([*OTHERS, *own, tally("p", OCTOBER, 9)], limits("no-fail"), LAST)
    [later] = without_fail([*OTHERS, *own], limits("no-fail"), date(2027, 1, 31))
    assert one.key == again.key != later.key


# ---------------------------------------------------------------- equal remarks


def remark(n: int, text: str = "收件人电话确认已收到", day: int = 0, **more) -> Remark:
    return replace(Remark(f"f{n}", n, "p", "u", DAY + timedelta(day), f"s{n}", text), **more)


FIVE = [remark(n, day=n % 3) for n in range(5)]


def same(remarks):
    return list(equal_remarks(remarks, limits("equal-remarks")))


def test_five_equal_remarks_on_three_days():
    [one] = same([*FIVE[:4], remark(4, "收件人电话确认，已收到。", day=1)])
    assert (one.evidence["items"], one.evidence["days"]) == (5, 3)
    assert "电话" not in repr(one) and one.evidence["places"][0] == "f0/0"


@pytest.mark.parametrize(
    "remarks",
    [
        FIVE[:4],
        [remark(n, day=n % 2) for n in range(5)],
        [remark(n, "正常", day=n) for n in range(5)],
        [remark(n, day=n, subject="s") for n in range(5)],
        [remark(n, day=n, person=f"p{n % 2}") for n in range(8)],
        [remark(n, day=10 * n) for n in range(5)],  # of no month three days with five
        [remark(n, f"收件人电话确认已收到{n}", day=n) for n in range(5)],
    ],
    ids=["four", "two days", "short", "one thing", "two people", "months", "differs"],
)
def test_what_may_well_be_equal_is_no_signal(remarks):
    assert same(remarks) == []


def test_another_equal_remark_that_comes_later_or_earlier_is_the_same_sighting():
    [one] = same(FIVE)
    [more] = same([*FIVE, remark(9, day=4), remark(8, day=-3)])
    assert one.key == more.key and more.evidence["items"] == 7


# ---------------------------------------------------------------- drawn samples

DRAWN = frozenset(f"n{n}" for n in range(10))
ENOUGH = DAY + timedelta(days=4)


def verdicts(*parts: tuple[str, int, range]) -> list[Judged]:
    """(person, days after the list's, which of the numbers)."""
    return [
        Judged(f"{person}{late}", person, DAY + timedelta(late), f"n{n}")
        for person, late, numbers in parts
        for n in numbers
    ]


def draw(*parts, **more) -> Draw:
    return replace(Draw("m", "u", DAY, DRAWN, 0, tuple(verdicts(*parts))), **more)


def test_ten_drawn_items_in_three_parts_have_been_seen_by_nobody():
    one = taken_apart(
        draw(("p", 0, range(4)), ("q", 0, range(4, 7)), ("p", 1, range(7, 10))),
        limits("sample-apart"),
        ENOUGH,
    )
    wanted = {"drawn": 10, "checked": 10, "most": 4, "people": 2, "days": 2, "records": 3}
    assert wanted.items() <= one.evidence.items() and one.person == "p"


@pytest.mark.parametrize(
    "given, until",
    [
        (draw(("p", 0, range(5)), ("q", 0, range(5, 10))), ENOUGH),
        (draw(("p", 0, range(6)), ("q", 0, range(6, 8)), ("p", 1, range(8, 10))), ENOUGH),
        (draw(("p", 0, range(4)), ("q", 0, range(4, 7)), ("p", 1, range(7, 10))), ENOUGH - timedelta(1)),
        (draw(drawn=frozenset(["n0", "n1", "n2"])), ENOUGH),
    ],
    ids=["two share it", "one saw six of ten", "too early", "small"],
)
def test_a_sample_that_two_share_is_none(given, until):
    assert taken_apart(given, limits("sample-apart"), until) is None


def test_four_drawn_items_left_and_four_others_checked_instead():
    one = replaced(draw(("p", 0, range(6)), ("p", 0, range(20, 25))), limits("sample-replaced"), ENOUGH)
    assert (one.evidence["left"], one.evidence["instead"], one.person) == (4, 4, "p")


def test_four_of_ten_voided_and_drawn_anew():
    one = replaced(draw(("p", 0, range(10)), voided=4), limits("sample-replaced"), ENOUGH)
    assert (one.evidence["voided"], one.evidence["left"]) == (4, 0)


@pytest.mark.parametrize(
    "given",
    [
        draw(("p", 0, range(6))),
        draw(("p", 0, range(10)), ("p", 0, range(20, 40))),
        draw(
            ("p", 0, range(6)), ("p", 0, range(20, 25)), elsewhere=frozenset(f"n{n}" for n in range(20, 25))
        ),
        draw(("p", 0, range(10)), voided=3),
        draw(voided=9),
    ],
    ids=["left alone", "more than was drawn", "drawn from another list", "three voided", "nobody checked"],
)
def test_what_was_left_without_others_instead_is_a_matter_of_the_ledger(given):
    assert replaced(given, limits("sample-replaced"), ENOUGH) is None


# ---------------------------------------------------------------- the file


def test_each_rule_speaks_both_languages_of_numbers_that_it_has():
    seen = {
        **{one.rule: one for one in speeds(at(0, 43.0, "a"), at(4, 43.1, "b"))},
        "too-fast": too_fast(record(), limits("too-fast")),
        **{one.rule: one for one in found_without_fail(tally("p", SEPTEMBER, 60), tally("p", OCTOBER, 60))},
        **{one.rule: one for one in same(FIVE)},
        "sample-apart": taken_apart(
            draw(("p", 0, range(4)), ("q", 0, range(4, 7)), ("p", 1, range(7, 10))), limits("sample-apart"), ENOUGH
        ),
        "sample-replaced": replaced(draw(("p", 0, range(10)), voided=4), limits("sample-replaced"), ENOUGH),
    }  # fmt: skip
    assert seen.keys() == rules().keys() - {"photo-reused", "photo-alike"}  # those: test_photo_uses
    for code, one in seen.items():
        for sentence in (rules()[code].says.zh, rules()[code].says.en):
            assert {name for _, name, *_ in Formatter().parse(sentence) if name} <= one.evidence.keys()
        assert one.rule == code and len(one.key) == 64
