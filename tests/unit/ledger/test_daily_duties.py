"""The other duties of a day, worked by hand: returned items [14.1(2)], the balance [14.1(3)], items chosen in advance
[14.1(5)] and the pre-shift meeting [14.5(1)]."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.ledger_tables import MON, THU, TUE, WED, check, closed, items, numbers, only, reasons, worked
from webapp.core.clock import LOCAL
from webapp.rulebook.periods import period_of
from webapp.rulebook.rules import load

DAY = period_of("day", TUE)
CLASSES = ("express", "registered", "parcel", "letter", "periodical")


# ---------------------------------------------------------------- returned items: every one of them

# returned of the day (None: missing); audited; working; required; closed status
RETURNED = [
    (0, 0, "a recorded zero", None, "not-applicable"),
    (1, 0, "100 % of 1", 1, "missed"),
    (1, 1, "100 % of 1", 1, "met"),
    (7, 6, "six of seven", 7, "missed"),
    (7, 7, "all seven", 7, "met"),
    (None, 0, "there may have been none", None, "unknown"),
    (None, 7, "there may have been seven", None, "unknown"),
]


@pytest.mark.parametrize(("returned", "audited", "working", "required", "expected"), RETURNED)
def test_every_returned_item_is_audited(returned, audited, working, required, expected):
    volumes = {} if returned is None else {(TUE, "returned"): returned}
    line = worked("return-audit", DAY, checks=(check(TUE, items(audited)),), volumes=volumes)
    assert (line.required, closed(line)) == (required, expected), working


def test_where_returned_items_are_marked_on_the_list_only_those_count():
    marked = {TUE: frozenset({"P0", "P1", "P2"})}
    day = {"volumes": {(TUE, "returned"): 3}, "returned": marked, "sealed": frozenset({TUE})}
    others = worked("return-audit", DAY, checks=(check(TUE, numbers(2, 4)),), **day)
    assert (others.done, closed(others)) == (1, "missed")
    assert "off-list" in reasons(others)
    assert closed(worked("return-audit", DAY, checks=(check(TUE, numbers(0, 2)),), **day)) == "met"


def test_the_audit_is_open_until_the_end_of_the_next_delivery_day():
    line = worked("return-audit", DAY, volumes={(TUE, "returned"): 3}, calendar=only(TUE, THU))
    assert line.closes_at == datetime(2026, 11, 20, tzinfo=LOCAL)


# ---------------------------------------------------------------- the balance of registered letters

KINDS = tuple(load().kinds.values())
EVEN = {"opening": 3, "received": 5, "delivered": 4, "returned": 1, "forwarded": 1, "carried": 2}


def balanced(day=TUE, about=None, **counts):
    return replace(check(day, (), about=about), header=EVEN | counts)


def balance(*checks, before=None, **more):
    yesterday = () if before is None else (balanced(MON, carried=before),)
    return worked("registered-balance", DAY, checks=checks, balances=yesterday, kinds=KINDS, **more)


# the counts that differ from 3 + 5 = 4 + 1 + 1 + 2; working; closed status; what is said
BALANCES = [
    ({}, "8 = 8", "met", []),
    ({"carried": 1}, "8 and 7: a problem, yet entered", "met", ["balance-differs"]),
    ({"opening": None}, "an opening that is not known is not 0", "met", ["opening-unknown"]),
    ({"opening": 0, "received": 0}, "0 and 0: nothing to balance", "not-applicable", ["nothing-to-balance"]),
    ({"opening": 0}, "5 came in and 8 went out", "met", ["balance-exceeds"]),
    ({"received": 0}, "3 were there and 8 went out", "met", ["balance-exceeds"]),
]


@pytest.mark.parametrize(("counts", "working", "expected", "said"), BALANCES)
def test_a_balance_is_met_when_it_is_entered(counts, working, expected, said):
    line = balance(balanced(**counts))
    assert closed(line) == expected, working
    assert [code for code in reasons(line) if code != "balance"] == said


# carried over yesterday (None: nobody said); registered letters today; working; closed status
NOT_ENTERED = [
    (0, 0, "nothing was there and nothing came", "not-applicable"),
    (2, 0, "two were there", "missed"),
    (0, 4, "four came", "missed"),
    (None, 0, "what was there is not known, and that is not 0", "missed"),
    (0, None, "perhaps nothing came", "unknown"),
    (2, None, "two were there whatever came", "missed"),
]


@pytest.mark.parametrize(("before", "received", "working", "expected"), NOT_ENTERED)
def test_a_balance_that_nobody_entered(before, received, working, expected):
    volumes = {} if received is None else {(TUE, "registered"): received}
    assert closed(balance(before=before, volumes=volumes)) == expected, working


def test_an_opening_other_than_yesterdays_carried_over_is_said():
    assert "opening-differs" in reasons(balance(balanced(), before=2))
    assert "opening-differs" not in reasons(balance(balanced(), before=3))


def test_of_two_balances_of_yesterday_the_newer_tells_what_was_carried_over():
    older, newer = balanced(MON, carried=2), balanced(MON, carried=0)
    volumes = {(TUE, "registered"): 0}
    line = worked("registered-balance", DAY, balances=(newer, older), kinds=KINDS, volumes=volumes)
    assert not line.applicable  # the newer one: nothing was carried over


def test_a_balance_entered_late_does_not_count():
    assert closed(balance(balanced(WED, about=TUE))) == "met"
    assert closed(balance(balanced(THU, about=TUE), volumes={(TUE, "registered"): 4})) == "missed"


# ---------------------------------------------------------------- items chosen in advance


def watch(what, picked, volume=100, chosen_on=TUE, done_on=TUE, chosen_at=None, done_at=None, **more):
    pick = replace(check(chosen_on, picked, about=TUE), at=chosen_at)
    done = replace(check(done_on, what, about=TUE), at=done_at)
    volumes = {} if volume is None else {(TUE, name): 0 for name in CLASSES} | {(TUE, "parcel"): volume}
    return worked("advance-watch", DAY, checks=(done,), picks=(pick,), volumes=volumes, **more)


# volume of all classes (None: missing); followed of those chosen; working; closed status
WATCHES = [
    (0, 0, "a zero day", "not-applicable"),
    (5, 4, "min(20, 5) = 5", "missed"),
    (5, 5, "min(20, 5) = 5", "met"),
    (19, 19, "min(20, 19) = 19", "met"),
    (20, 19, "min(20, 20) = 20", "missed"),
    (21, 20, "min(20, 21) = 20", "met"),
    (None, 19, "there may have been 19", "unknown"),
    (None, 20, "never more than 20", "met"),
]


@pytest.mark.parametrize(("volume", "followed", "working", "expected"), WATCHES)
def test_twenty_chosen_items_are_followed_or_all_there_are(volume, followed, working, expected):
    assert closed(watch(items(followed), items(25), volume)) == expected, working


def test_items_that_nobody_chose_do_not_count():
    line = watch(numbers(0, 19), numbers(5, 24))
    assert (line.done, closed(line)) == (15, "missed")
    assert "not-chosen" in reasons(line)


def test_items_chosen_after_the_day_do_not_count():
    assert watch(items(20), items(20), chosen_on=WED, done_on=WED).done == 0
    assert watch(items(20), items(20), chosen_on=MON, done_on=WED).done == 20


def test_items_chosen_after_their_outcome_do_not_count():
    eight, nine = (datetime(2026, 11, 17, hour, tzinfo=LOCAL) for hour in (8, 9))
    assert watch(items(20), items(20), chosen_at=nine, done_at=eight).done == 0
    assert watch(items(20), items(20), chosen_at=eight, done_at=nine).done == 20
    assert watch(items(20), items(20), chosen_at=eight, done_at=eight).done == 20  # in the same second


def test_an_outcome_counts_to_the_end_of_the_next_delivery_day():
    assert watch(items(20), items(20), done_on=WED).done == 20
    assert watch(items(20), items(20), done_on=THU).done == 0


def test_chosen_items_may_be_of_any_classes_and_need_no_list():
    mixed = (*items(10, of="letter"), *items(10, of="periodical"))
    assert closed(watch(mixed, mixed, listed={TUE: {"X1": "parcel"}})) == "met"


# ---------------------------------------------------------------- the meeting, and who may do what

# roles; delivery day; working; closed status
MEETINGS = [
    ("director", True, "held by the director", "met"),
    ("inspector", True, "the director holds it", "missed"),
    ("director", False, "no delivery, no meeting due", "not-applicable"),
]


@pytest.mark.parametrize(("roles", "delivers", "working", "expected"), MEETINGS)
def test_a_meeting_every_delivery_day_held_by_the_director(roles, delivers, working, expected):
    calendar = only(TUE) if delivers else only(MON)
    line = worked("pre-shift-meeting", DAY, checks=(check(TUE, (), roles=roles),), calendar=calendar)
    assert closed(line) == expected, working


def test_a_meeting_is_due_even_where_no_mail_came():
    assert closed(worked("pre-shift-meeting", DAY, volumes={(TUE, "parcel"): 0})) == "missed"


def test_a_meeting_cannot_be_made_good_the_day_after():
    assert closed(worked("pre-shift-meeting", DAY, checks=(check(WED, (), roles="director"),))) == "missed"


SOLE = {
    "receipt-sample", "return-audit", "advance-watch", "parcel-check", "letter-check-city", "letter-check-rural"
}  # fmt: skip


def test_the_county_stands_in_for_one_person_in_six_duties_and_no_other():
    own = {one.code for one in load().duties.values() if one.level == "department" and one.sole_person}
    assert own == SOLE
