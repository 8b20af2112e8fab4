"""The figures of a month, worked by hand: what is counted, what it is divided by, and what is left out."""

from datetime import UTC, date, datetime

import pytest

from webapp.cases.clocks import Workdays
from webapp.cases.figures import (
    ANSWER,
    BY_CODE,
    CLOSED,
    FIGURES,
    RETURNED,
    Days,
    Group,
    Seen,
    Share,
    answers_of,
    counted,
    groups_of,
    marks_of,
    median,
    values,
)
from webapp.cases.folding import Made, Opening, fold
from webapp.rulebook.case_rules import shipped
from webapp.rulebook.periods import parse_period

NOVEMBER = parse_period("2026-11")
LATER = date(2026, 12, 10)
RULES, WORKDAYS = shipped(), Workdays()
TYPE = RULES.of_findings
ANSWERS, REJECTS, GRANTS, SHORTENS = (
    TYPE.with_effect(effect)[0].code for effect in ("answer", "reject", "grant", "shorten")
)
[CLOSES] = [
    move.code
    for move in TYPE.moves.values()
    if move.to and TYPE.states[move.to].ends and TYPE.states[move.to] not in (TYPE.void, TYPE.before)
]


def made(*moves: tuple[str, date] | tuple[str, date, date]) -> list[Made]:
    """Moves on their days, each with the day that it names."""
    return [
        Made(f"{n}", move, "somebody", "unit", day, datetime(day.year, day.month, day.day, 2, tzinfo=UTC),
             {"day": named[0].isoformat()} if named else {})
        for n, (move, day, *named) in enumerate(moves)
    ]  # fmt: skip


def seen(opened: date, *moves, again: bool = False, own: bool = False) -> Seen:
    """An ordinary case (seven days) with these moves, as the fold sees it."""
    standing = fold(Opening(TYPE.code, "ordinary", opened), made(*moves), RULES, WORKDAYS)
    state = TYPE.states[standing.state]
    return Seen(
        opened, again, own, standing.deadline, standing.in_time is True, standing.closed_on, state.ends,
        isinstance(state.span, str),
    )  # fmt: skip


def of(*cases: Seen, today: date = LATER, month=NOVEMBER) -> dict:
    """The figures over these cases."""
    return values([group for one in cases for group in groups_of("/u/", "k", "c", one, month, today)])


def day(number: int, month: int = 11) -> date:
    return date(2026, month, number)


# ---------------------------------------------------------------- put right in time


def test_seven_are_due_and_six_of_them_in_time():
    good = [seen(day(n), (ANSWERS, day(n + 2))) for n in range(2, 8)]
    assert of(*good, seen(day(9)))["on-time"] == Share(6, 7)


@pytest.mark.parametrize(("answered", "in_time"), [(27, 1), (28, 0)])
def test_an_answer_on_the_last_day_is_in_time_and_one_on_the_next_is_late(answered, in_time):
    assert of(seen(day(20), (ANSWERS, day(answered))))["on-time"] == Share(in_time, 1)


@pytest.mark.parametrize(
    ("opened", "due"),
    [(date(2026, 10, 24), 0), (date(2026, 10, 25), 1), (day(23), 1), (day(24), 0)],
    ids=["due 31 Oct", "due 1 Nov", "due 30 Nov", "due 1 Dec"],
)
def test_a_case_belongs_to_the_month_of_its_deadline(opened, due):
    assert of(seen(opened))["on-time"] == Share(0, due)


def test_an_answer_that_was_returned_is_not_in_time_until_it_is_answered_again():
    back = seen(day(2), (ANSWERS, day(4)), (REJECTS, day(5)))
    assert of(back)["on-time"] == Share(0, 1)
    again = seen(day(2), (ANSWERS, day(4)), (REJECTS, day(5)), (ANSWERS, day(8)))
    # Five of seven days were left when it was answered; they begin anew with the return: until the 10th.
    assert again.deadline == day(10)
    assert of(again)["on-time"] == Share(1, 1)


def test_time_granted_works_back_and_moves_the_case_to_the_month_of_the_new_deadline():
    late = ((ANSWERS, day(30)),)
    assert of(seen(day(20), *late))["on-time"] == Share(0, 1)
    assert of(seen(day(20), *late, (GRANTS, day(1, 12), day(30))))["on-time"] == Share(1, 1)
    moved = seen(day(20), *late, (GRANTS, day(1, 12), day(3, 12)))
    assert of(moved)["on-time"] == Share(0, 0)
    assert of(moved, month=parse_period("2026-12"))["on-time"] == Share(1, 1)


def test_what_is_not_due_yet_is_told_apart():
    one = seen(day(20))
    for today, marks in (
        (day(27), {"ahead", "open", "opened"}),
        (day(28), {"due", "open", "late", "opened"}),
    ):
        assert marks_of(one, NOVEMBER, today) == marks
    assert of(one, today=day(27))["on-time"] == Share(0, 0)


# ---------------------------------------------------------------- closed, returned, how long


def test_closing_counts_among_what_fell_due_whenever_it_was_closed():
    closed = seen(day(2), (ANSWERS, day(4)), (CLOSES, day(4, 12)))
    assert of(closed, seen(day(3), (ANSWERS, day(4))))["closure"] == Share(1, 2)


def test_the_days_are_those_of_what_was_closed_in_the_month_and_the_middle_one_is_told():
    cases = [
        seen(day(2), (ANSWERS, day(3)), (CLOSES, day(3))),
        seen(day(2), (ANSWERS, day(3)), (CLOSES, day(6))),
        seen(day(2), (ANSWERS, day(3)), (CLOSES, day(30))),
        seen(day(2), (ANSWERS, day(3)), (CLOSES, day(1, 12))),
        seen(date(2026, 10, 20), (ANSWERS, day(1)), (CLOSES, day(1))),
    ]
    assert of(*cases[:3])["days"] == Days(4, 3)
    assert of(*cases)["days"] == Days(8, 4)  # 1, 4, 12, 28


def test_the_median_of_many_equal_spans_is_found_among_them():
    assert median([(3, 4), (1, 1), (10, 3)]) == Days(3, 8)
    assert median([(1, 2), (4, 2)]) == Days(2.5, 4)
    assert median([]) == Days(None, 0)


def test_of_two_answers_one_was_returned():
    moves = made((ANSWERS, day(4)), (REJECTS, day(5)), (ANSWERS, day(6)), (CLOSES, day(7)))
    assert answers_of(moves, TYPE, NOVEMBER) == [{ANSWER, RETURNED}, {ANSWER}]
    groups = [Group("/u/", None, None, one) for one in answers_of(moves, TYPE, NOVEMBER)]
    assert values(groups)["returned"] == Share(1, 2)


def test_an_answer_belongs_to_the_month_of_its_day_and_takes_its_return_with_it():
    moves = made((ANSWERS, day(30)), (REJECTS, day(2, 12)), (ANSWERS, day(3, 12)))
    assert answers_of(moves, TYPE, NOVEMBER) == [{ANSWER, RETURNED}]
    assert answers_of(moves, TYPE, parse_period("2026-12")) == [{ANSWER}]


# ---------------------------------------------------------------- opened: again, by itself; overdue


def test_of_what_was_opened_in_the_month_some_recurs_and_some_was_found_by_the_unit_itself():
    cases = [seen(day(1), again=True), seen(day(30), own=True), seen(day(5)), seen(day(1, 12), again=True)]
    found = of(*cases)
    assert (found["recurrence"], found["self-found"]) == (Share(1, 3), Share(1, 3))


def test_overdue_is_what_its_owner_has_still_to_answer_not_what_waits_for_a_re_check():
    cases = [seen(day(2)), seen(day(2), (ANSWERS, day(20))), seen(date(2026, 8, 3)), seen(day(5, 12))]
    assert of(*cases)["overdue"] == Share(2, 4)
    assert of(*cases, today=day(9))["overdue"] == Share(
        1, 4
    )  # of those of November nobody is late on the last day


def test_a_deadline_that_was_shortened_counts():
    assert of(seen(day(28), (SHORTENS, day(29), day(30))))["on-time"] == Share(0, 1)


# ---------------------------------------------------------------- nothing, and the table itself


def test_nothing_has_no_rate():
    found = values([])
    assert {code for code, value in found.items() if getattr(value, "rate", None) is not None} == set()
    assert found["on-time"] == Share(0, 0)
    assert found["days"].median is None


def test_each_figure_counts_a_part_of_what_it_divides_by():
    assert list(BY_CODE) == [one.code for one in FIGURES]
    for one in FIGURES:
        assert one.top is None or one.bottom < one.top
        assert one.said(90).zh.endswith("。") and one.said(90).en.endswith(".")
        assert "{" not in one.said(90).zh + one.said(90).en


def test_the_unit_with_most_to_look_at_stands_first_not_the_one_with_the_worst_rate():
    on_time, returned = BY_CODE["on-time"], BY_CODE["returned"]
    assert on_time.weight(Share(1, 10)) > on_time.weight(Share(0, 1))
    assert returned.weight(Share(9, 10)) > returned.weight(Share(1, 1))
    assert BY_CODE["days"].weight(Days(None, 0)) < BY_CODE["days"].weight(Days(0, 1))


def test_what_is_counted_is_counted_with_how_often_it_is_there():
    groups = [
        Group("/u/", "k", "c", frozenset({CLOSED}), 3, 2),
        Group("/u/", "k", "c", frozenset({CLOSED}), 1, 9),
    ]
    assert counted(groups, frozenset({CLOSED})) == 4
    assert values(groups)["days"] == Days(2, 4)
