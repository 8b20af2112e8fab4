"""Nobody judges the own deliveries: whatever was known first, the same line results [Reading: who]."""

from datetime import timedelta

import pytest

from tests.cast import RURAL, build_in
from tests.deliveries import NUMBERS, discard, hand_over, judge, lay, seal, withdraw
from tests.ledger_stories import OPENED, Office, noon
from webapp.ledger.models import LedgerLine
from webapp.ledger.reasons import sentence
from webapp.rulebook.rules import load

DAY = OPENED + timedelta(days=7)  # a Monday
EVENING = noon(DAY, 20)
PERIOD = DAY.isoformat()


@pytest.fixture
def office(app) -> Office:
    """The cast's offices; the head of the rural one delivers, inspects and directs alone."""
    return Office(app, build_in(app))


def reasons(line: LedgerLine) -> dict:
    """The line's reasons by code."""
    return dict(map(tuple, line.why))


def check_figures(office: Office, required, done, left_out, duty="receipt-sample", at=EVENING) -> LedgerLine:
    """The stored line says so, and the whole ledger is what its facts give."""
    line = office.line(duty, PERIOD, RURAL)
    said = reasons(line).get("own-delivery", {}).get("items", 0)
    assert (line.required, line.done, said) == (required, done, left_out), line.why
    assert office.faults(at) == []
    return line


def test_receipts_judged_before_the_list_was_imported_do_not_count_once_it_names_their_judge(office):
    judge(office, "head", "receipt", DAY, NUMBERS[:2])
    lay(office, DAY, NUMBERS, "head", noon(DAY, 15))
    line = check_figures(office, None, 0, 2)
    assert not line.started and not line.met
    zh = sentence(("own-delivery", {"items": 2}), load()).zh
    assert "2 件" in zh and "本人投递" in zh


def test_receipts_judged_after_the_list_was_sealed_give_the_same_line(office):
    seal(office, lay(office, DAY, NUMBERS, "head", noon(DAY, 8)), noon(DAY, 9))
    judge(office, "head", "receipt", DAY, NUMBERS[:2])
    first = check_figures(office, 1, 0, 2)
    assert (first.items, first.passed) == (0, 0)


def test_the_rest_of_the_same_check_counts(office):
    lay(office, DAY, NUMBERS[:5], "head", noon(DAY, 8))
    lay(office, DAY, NUMBERS[5:], None, noon(DAY, 9))
    judge(office, "head", "receipt", DAY, NUMBERS[3:7])
    line = check_figures(office, None, 2, 2)
    assert (line.items, line.passed) == (2, 2)


def test_a_list_that_is_thrown_away_says_nothing_any_more(office):
    draft = lay(office, DAY, NUMBERS, "head", noon(DAY, 8))
    judge(office, "head", "receipt", DAY, NUMBERS[:2])
    check_figures(office, None, 0, 2)
    discard(office, draft, noon(DAY, 16))
    check_figures(office, None, 2, 0)


def test_a_withdrawn_check_leaves_no_reason(office):
    lay(office, DAY, NUMBERS, "head", noon(DAY, 8))
    check = judge(office, "head", "receipt", DAY, NUMBERS[:2])
    withdraw(office, "head", check, noon(DAY, 17))
    check_figures(office, None, 0, 0)


def test_somebody_elses_verdict_on_the_same_item_counts(office):
    lay(office, DAY, NUMBERS, "carrier", noon(DAY, 8))
    judge(office, "head", "receipt", DAY, NUMBERS[:2])
    check_figures(office, None, 2, 0)


def test_returns_audited_by_who_delivered_them_do_not_count(office):
    judge(office, "head", "return", DAY, NUMBERS[:2])
    made = lay(office, DAY, NUMBERS[:2], "head", noon(DAY, 15), returned=True)
    seal(office, made, noon(DAY, 16))
    check_figures(office, 2, 0, 2, "return-audit")


def test_watched_items_do_not_count_for_who_delivered_them_and_choosing_them_is_no_judging(office):
    chosen = {"type": "selection", "about": PERIOD}
    pick = [{"subject": one, "class": "parcel", "photos": []} for one in NUMBERS[:3]]
    open = {"v": 1, "kind": "watch-pick", "unit": RURAL, "acting": RURAL, "date": PERIOD, "method": "on-site"}
    office.send("head", noon(DAY, 8), {**open, **chosen, "items": pick})
    judge(office, "head", "watch", DAY, NUMBERS[:3])
    lay(office, DAY, NUMBERS[:2], "head", noon(DAY, 15))
    line = check_figures(office, None, 1, 2, "advance-watch")
    assert reasons(line)["chosen"] == {"items": 3}


def test_an_item_that_only_an_earlier_list_bears_was_delivered_by_who_stood_there(office):
    """The latest list before the day looked at that bears the number."""
    later = DAY + timedelta(days=2)
    judge(office, "head", "receipt", later, NUMBERS[:3], noon(later))
    lay(office, DAY - timedelta(days=1), NUMBERS[:2], "carrier", noon(later, 13))
    lay(office, DAY, NUMBERS[:1], "head", noon(later, 14))
    lay(office, later + timedelta(days=1), NUMBERS[:3], "head", noon(later, 15))
    line = office.line("receipt-sample", later.isoformat(), RURAL)
    assert (line.done, reasons(line)["own-delivery"]) == (2, {"items": 1})
    assert office.faults(noon(later, 20)) == []


# ---------------------------------------------------------------- hand-overs


def test_a_route_handed_over_after_the_seal_belongs_to_who_really_walked_it(office):
    seal(office, lay(office, DAY, NUMBERS, "carrier", noon(DAY, 8)), noon(DAY, 9))
    judge(office, "head", "receipt", DAY, NUMBERS[:2])
    check_figures(office, 1, 2, 0)
    hand_over(office, DAY, "head", route="1")
    check_figures(office, 1, 0, 2)


def test_a_hand_over_frees_the_first_carrier_to_judge_and_a_later_one_replaces_it(office):
    lay(office, DAY, NUMBERS, "head", noon(DAY, 8))
    judge(office, "head", "receipt", DAY, NUMBERS[:2])
    check_figures(office, None, 0, 2)
