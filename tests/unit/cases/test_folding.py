"""How a case stands after its moves, each row worked by hand [DOMAIN2 C.2–C.5].

All of it happens about Friday 20 November 2026: an ordinary problem that arrives then is due on Friday 27, a serious one on
Wednesday 25, a grave one on Monday 23.
"""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings, strategies as st

from webapp.cases.clocks import Workdays
from webapp.cases.folding import Made, Opening, due, escalated, fold, overdue
from webapp.rulebook.case_rules import shipped

WEEK = Workdays()
RULES = shipped()
OPENED = date(2026, 11, 20)
SPRING = Workdays(
    {**{date(2026, 2, n): False for n in range(15, 24)}, date(2026, 2, 14): True, date(2026, 2, 28): True}
)


def on(day: int, month: int = 11) -> date:
    return date(2026, month, day)


def made(code: str, arrived: date, counts: date | None = None, author: str = "owner", **values) -> Made:
    """A move that arrives at noon; ``counts``: the day of the work, where it was offline."""
    at = datetime(arrived.year, arrived.month, arrived.day, 4, tzinfo=UTC)
    return Made(f"{code} {arrived}", code, author, "152502002", counts or arrived, at, values)


def problem(severity: str = "ordinary", opened: date = OPENED, **more) -> Opening:
    return Opening("problem", severity, opened, **more)


def told(*moves: Made, opening: Opening | None = None, workdays: Workdays = WEEK, fallen: bool = False):
    return fold(opening or problem(), moves, RULES, workdays, fallen)


def answer(arrived: date, counts: date | None = None) -> Made:
    return made("answer", arrived, counts)


def until(code: str, arrived: date, day: date, author: str = "owner") -> Made:
    return made(code, arrived, author=author, day=day.isoformat())


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("arrived", "counts", "in_time"),
    [
        (on(27), on(27), True),  # on the last day
        (on(28), on(28), False),  # a day later
        (
            on(30),
            on(27),
            True,
        ),  # written offline on the last day, and brought three days later: the day of the work
        (on(30), on(28), False),
        (on(21), on(20), True),  # at once
    ],
)
def test_an_answer_is_in_time_by_the_day_of_the_work(arrived, counts, in_time):
    standing = told(answer(arrived, counts))
    assert (standing.state, standing.answered_on, standing.in_time) == ("answered", counts, in_time)


def test_the_re_check_is_due_three_workdays_after_the_answer_arrived():
    """Its delay is the checker's, who could not know of it before: brought on Monday 30, so 1, 2, 3 December."""
    standing = told(answer(on(30), on(27)))
    state = RULES.types["problem"].states["answered"]
    assert (state.late, due(standing, state, WEEK)) == ("checker", on(3, 12))
    # Friday 27: Monday 30, 1, 2.
    assert due(told(answer(on(27))), state, WEEK) == on(2, 12)


def test_what_is_answered_climbs_no_ladder_and_what_is_closed_owes_nothing():
    answered = told(answer(on(26)))
    assert escalated(problem(), answered, RULES, on(31, 12), WEEK) is None
    closed = told(answer(on(26)), made("close", on(27), author="checker"))
    state = RULES.types["problem"].states[closed.state]
    assert (closed.closed_on, due(closed, state, WEEK)) == (on(27), None)
    assert not overdue(due(closed, state, WEEK), on(31, 12))


# ---------------------------------------------------------------- returned [Reading: returned]


@pytest.mark.parametrize(
    ("severity", "answered", "returned", "deadline"),
    [
        # Answered on 24 with three days left (25, 26, 27); returned on 30: three days again, 3 December.
        ("ordinary", on(24), on(30), on(3, 12)),
        # On the last day nothing is left: one day at least.
        ("ordinary", on(27), on(1, 12), on(2, 12)),
        # Returned the same day: what was left is left.
        ("ordinary", on(23), on(23), on(27)),
        # A day late: it stays late, whenever it comes back.
        ("ordinary", on(28), on(2, 12), on(27)),
        # Serious, due on Wednesday 25, answered on Monday 23 with two workdays left: returned Friday 27, so Mon 30, Tue 1.
        ("serious", on(23), on(27), on(1, 12)),
        # Answered on Saturday 21: three workdays left (23, 24, 25); returned Wednesday 25: 26, 27, 30.
        ("serious", on(21), on(25), on(30)),
        # On the day itself: one workday at least, from Friday over the week-end.
        ("serious", on(25), on(27), on(30)),
        # Grave, due Monday 23, answered Saturday 21 with one workday left; returned Tuesday 24: Wednesday 25.
        ("grave", on(21), on(24), on(25)),
    ],
)  # fmt: skip
def test_what_was_left_of_the_deadline_when_the_answer_came_is_left_again(
    severity, answered, returned, deadline
):
    back = made("return", returned, author="checker")
    standing = told(answer(answered), back, opening=problem(severity))
    assert (standing.state, standing.deadline, standing.in_time, standing.returns) == (
        "open",
        deadline,
        None,
        1,
    )


def test_a_returned_answer_over_the_spring_holiday_has_its_workdays_again():
    """Serious, Fri 13 Feb, due Wed 25. Answered on the worked Saturday: 24 and 25 are left; returned Tue 24: 25 and 26."""
    moves = answer(date(2026, 2, 14)), made("return", date(2026, 2, 24), author="checker")
    standing = told(*moves, opening=problem("serious", date(2026, 2, 13)), workdays=SPRING)
    assert standing.deadline == date(2026, 2, 26)


def test_who_answered_late_is_late_with_the_second_answer_too():
    back = made("return", on(30), author="checker")
    assert told(answer(on(28)), back, answer(on(30))).in_time is False
    assert told(answer(on(24)), back, answer(on(3, 12))).in_time is True
    assert told(answer(on(24)), back, answer(on(4, 12))).in_time is False


def test_the_last_answer_counts_and_one_that_was_rejected_never():
    back = made("return", on(26), author="checker")
    rejected = told(answer(on(24)), back)
    again = told(answer(on(24)), back, answer(on(27)))
    assert (rejected.in_time, again.in_time, again.answers) == (None, True, 2)


# ---------------------------------------------------------------- more time [C.4]


def test_asking_stops_no_clock():
    asked = told(until("ask", on(25), on(2, 12)))
    assert (asked.deadline, asked.asked) == (on(27), "ask 2026-11-25")


def test_a_grant_puts_the_deadline_off_and_a_denial_does_not():
    asked = until("ask", on(25), on(2, 12))
    granted = told(asked, until("grant", on(26), on(1, 12), "county"))
    denied = told(asked, made("deny", on(26), author="county"))
    assert (granted.deadline, granted.grants, granted.asked) == (on(1, 12), 1, None)
    assert (denied.deadline, denied.grants, denied.asked) == (on(27), 0, None)


def test_a_late_grant_works_back():
    """Asked on the last day, answered three days late, granted a week later until the day of the answer: in time after all."""
    asked, late = until("ask", on(27), on(30)), answer(on(30))
    closed = made("close", on(1, 12), author="checker")
    before = told(asked, late, closed)
    after = told(asked, late, closed, until("grant", on(4, 12), on(30), "county"))
    assert (before.in_time, after.in_time, after.state) == (False, True, "closed")
    short = told(asked, late, closed, until("grant", on(4, 12), on(29), "county"))
    assert short.in_time is False


def test_two_grants_are_two():
    moves = [
        until("ask", on(25), on(4, 12)), until("grant", on(26), on(4, 12), "county"),
        until("ask", on(4, 12), on(11, 12)), until("grant", on(7, 12), on(11, 12), "county"),
    ]  # fmt: skip
    assert (told(*moves).deadline, told(*moves).grants) == (on(11, 12), 2)


# ---------------------------------------------------------------- shortened, assigned, reopened


def test_a_deadline_is_shortened_and_never_lengthened_by_it():
    assert told(until("shorten", on(21), on(24), "director")).deadline == on(24)
    assert told(until("shorten", on(21), on(24), "director"), answer(on(25))).in_time is False


def test_who_assigns_may_shorten():
    one = told(made("assign", on(21), author="director", owner="carrier", day="2026-11-24"))
    assert (one.owner, one.deadline, one.owners) == ("carrier", on(24), {"carrier"})
    assert told(made("assign", on(21), author="director", owner="carrier")).deadline == on(27)


def test_everybody_who_owned_it_since_it_was_opened_is_kept_from_looking_again():
    moves = [
        made("assign", on(21), author="director", owner=name) for name in ("carrier", "inspector", "carrier2")
    ]
    assert told(*moves, opening=problem(owner="carrier")).owners == {"carrier", "inspector", "carrier2"}


def test_what_was_given_is_given_back_as_if_never_given():
    """With its deadline; and who had it by mistake is not kept from looking again."""
    given = made("assign", on(21), author="director", owner="inspector", day="2026-11-24")
    back = made("take-back", on(21), author="director")
    one = told(given, back, opening=problem(owner="carrier"))
    assert (one.owner, one.deadline, one.owners, one.given) == ("carrier", on(27), {"carrier"}, None)
    assert told(given, back).owner is None  # whoever leads the unit
    # Of two the latest alone.
    again = made("assign", on(22), author="director", owner="carrier2")
    assert told(given, again, back).owner == "inspector"
    assert told(given, again, back).deadline == on(24)


@pytest.mark.parametrize("since", ["ask", "press", "shorten", "take-back"])
def test_whatever_was_done_since_leaves_nothing_to_be_given_back(since):
    given = made("assign", on(21), author="director", owner="carrier")
    assert told(given).given.by == "director"
    assert told(given, made(since, on(22), author="county", day="2026-11-24")).given is None


def test_reopened_its_span_begins_anew():
    """Reopened on Tuesday 8 December: seven days, 15. The answer of before counts no more, nor who owned it before."""
    closed = made("close", on(26), author="checker")
    again = made("reopen", on(8, 12), author="county")
    moves = (
        made("assign", on(21), author="director", owner="a"),
        made("assign", on(21), author="director", owner="b"),
    )
    one = told(*moves, answer(on(24)), closed, again)
    assert (one.state, one.deadline, one.closed_on, one.answered_on) == ("open", on(15, 12), None, None)
    assert (one.in_time, one.owners, one.reopened) == (None, {"b"}, 1)
    assert told(answer(on(24)), closed, again, opening=problem("grave")).deadline == on(9, 12)


# ---------------------------------------------------------------- what falls away, and what is older than all of it


def test_a_case_whose_verdict_is_gone_is_withdrawn_whatever_was_done_about_it():
    for moves in ((), (answer(on(24)),), (answer(on(24)), made("close", on(25), author="checker"))):
        one = told(*moves, fallen=True)
        state = RULES.types["problem"].states[one.state]
        assert (one.state, state.ends, due(one, state, WEEK)) == ("withdrawn", True, None)


def test_what_is_older_than_the_mechanism_is_owed_by_nobody():
    one = told(opening=problem(before=True))
    state = RULES.types["problem"].states[one.state]
    assert (one.state, one.deadline, due(one, state, WEEK)) == ("before", None, None)


# ---------------------------------------------------------------- disputes and orders


def test_a_dispute_is_decided_within_three_workdays():
    """Raised on Friday 20: Monday 23, 24, Wednesday 25; its delay is the county's, and it climbs no ladder."""
    opening = Opening("dispute", "ordinary", OPENED, asker="director")
    one, state = told(opening=opening), RULES.types["dispute"].states["raised"]
    assert (one.state, due(one, state, WEEK), state.late) == ("raised", on(25), "county")
    assert escalated(opening, one, RULES, on(31, 12), WEEK) is None
    decided = told(made("uphold", on(25), author="county"), opening=opening)
    assert due(decided, RULES.types["dispute"].states[decided.state], WEEK) is None


def order(deadline: date = date(2026, 11, 30)) -> Opening:
    return Opening("work-order", "ordinary", OPENED, deadline=deadline)


def test_a_refused_order_runs_on_and_climbs():
    """Refused on Monday 23, due Monday 30; the issuer says nothing: on Tuesday 1 it stands with the director."""
    refused = told(made("refuse", on(23)), opening=order())
    state = RULES.types["work-order"].states["refused"]
    assert (refused.state, due(refused, state, WEEK), state.late) == ("refused", on(30), "owner")
    assert escalated(order(), refused, RULES, on(1, 12), WEEK).to == "department"
    insisted = told(made("refuse", on(23)), made("insist", on(26), author="county"), opening=order())
    assert (insisted.state, insisted.deadline) == ("received", on(30))


def test_an_order_that_is_sent_back_has_again_what_was_left_of_it():
    """Ten days were given. Answered on the 27th with three left, sent back on Wednesday 2: Saturday 5."""
    moves = made("report", on(27)), made("send-back", on(2, 12), author="county")
    one = told(*moves, opening=order())
    assert (one.state, one.deadline, one.returns) == ("received", on(5, 12), 1)


@pytest.mark.parametrize(("last", "ended"), [("accept", "accepted"), ("release", "released")])
def test_an_order_ends_accepted_or_taken_back(last, ended):
    moves = [made("report", on(27))] if last == "accept" else []
    one = told(made("receive", on(23)), *moves, made(last, on(30), author="county"), opening=order())
    assert (one.state, one.closed_on) == (ended, on(30))


# ---------------------------------------------------------------- of any moves at all

CODES = sorted({code for one in RULES.types.values() for code in one.moves})
ANY = st.lists(
    st.builds(
        lambda code, day, back, until: made(code, on(day), on(max(1, day - back)), owner="carrier", day=on(until).isoformat()),
        st.sampled_from(CODES), st.integers(20, 30), st.integers(0, 5), st.integers(20, 30),
    ),
    max_size=8,
).map(lambda moves: sorted(moves, key=lambda one: one.at))  # fmt: skip


def admitted(opening: Opening, moves: list[Made]) -> list[Made]:
    """Those that are made from a state in which they may be."""
    kept: list[Made] = []
    for one in moves:
        standing = told(*kept, opening=opening)
        move = RULES.types[opening.type].moves.get(one.move)
        if move and standing.state in move.start:
            kept.append(one)
    return kept


@given(st.sampled_from([problem(), problem("serious"), problem("grave"), order()]), ANY)
@settings(max_examples=200, deadline=None)
def test_whatever_is_done_an_ended_case_is_owed_by_nobody_and_any_other_by_a_day(opening, moves):
    kept = admitted(opening, moves)
    for count in range(len(kept) + 1):
        standing = told(*kept[:count], opening=opening)
        state = RULES.types[opening.type].states[standing.state]
        assert (due(standing, state, WEEK) is None) is state.ends
        assert standing.deadline is not None
        assert standing.in_time is None or standing.in_time is (standing.answered_on <= standing.deadline)


def test_a_move_that_this_type_does_not_know_changes_nothing():
    assert told(made("annul", on(21))) == told()
