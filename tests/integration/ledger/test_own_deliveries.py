"""Nobody judges the own deliveries: whatever was known first, the same line results [Reading: who]."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from tests.cast import CITY, RURAL, build_in
from tests.deliveries import NUMBERS, discard, hand_over, judge, lay, seal, withdraw
from tests.integration.ledger.test_rebuilt import fresh, histories
from tests.ledger_stories import OPENED, Office, form, noon, sealed
from tests.phone_sections import rows_of
from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.ledger.models import LedgerLine
from webapp.ledger.reasons import sentence
from webapp.org.queries import actor_of
from webapp.rulebook.rules import load
from webapp.sampling.queries import drawn_items, in_sample

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


def check_figures(office: Office, required, done, left_out, duty="receipt-sample", unit=RURAL) -> LedgerLine:
    """The stored line says so, and the whole ledger is what its facts give."""
    line = office.line(duty, PERIOD, unit)
    said = reasons(line).get("own-delivery", {}).get("items", 0)
    assert (line.required, line.done, said) == (required, done, left_out), line.why
    assert office.faults(EVENING) == []
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
    seal(office, lay(office, DAY, NUMBERS, "carrier", noon(DAY, 8), CITY), noon(DAY, 9), CITY)
    judge(office, "director", "receipt", DAY, NUMBERS[:2], unit=CITY)
    check_figures(office, 1, 2, 0, unit=CITY)
    hand_over(office, DAY, "director", unit=CITY, route="1")
    check_figures(office, 1, 0, 2, unit=CITY)
    hand_over(office, DAY, "carrier2", noon(DAY, 15), CITY, route="1")
    check_figures(office, 1, 2, 0, unit=CITY)


def test_a_single_item_handed_over_frees_its_first_carrier_to_judge_it_and_no_other(office):
    lay(office, DAY, NUMBERS, "director", noon(DAY, 8), CITY)
    judge(office, "director", "receipt", DAY, NUMBERS[:2], unit=CITY)
    check_figures(office, None, 0, 2, unit=CITY)
    hand_over(office, DAY, "carrier", unit=CITY, numbers=NUMBERS[:1])
    check_figures(office, None, 1, 1, unit=CITY)
    hand_over(office, DAY, "director", noon(DAY, 15), CITY, route="1")
    check_figures(office, None, 0, 2, unit=CITY)


def test_parcels_checked_days_later_were_delivered_by_whom_their_route_was_handed_to(office):
    later = DAY + timedelta(days=3)
    lay(office, DAY, NUMBERS, "carrier", noon(DAY, 8), CITY)
    week = f"{DAY:%G-W%V}"
    judge(office, "inspector", "parcel", later, NUMBERS, noon(later), CITY)
    assert office.line("parcel-check", week).items == 10
    hand_over(office, DAY, "inspector", noon(later, 13), CITY, route="1")
    line = office.line("parcel-check", week)
    assert (line.items, reasons(line)["own-delivery"]) == (0, {"items": 10})
    assert office.faults(noon(later, 20)) == []


def test_a_hand_over_for_another_day_says_nothing_of_this_one(office):
    lay(office, DAY, NUMBERS, "carrier", noon(DAY, 8), CITY)
    judge(office, "director", "receipt", DAY, NUMBERS[:2], unit=CITY)
    hand_over(office, DAY - timedelta(days=1), "director", noon(DAY, 15), CITY, route="1")
    hand_over(office, DAY + timedelta(days=1), "director", noon(DAY, 15), CITY, route="1")
    check_figures(office, None, 2, 0, unit=CITY)


@pytest.mark.parametrize(
    ("day", "to", "what", "code"),
    [
        (DAY + timedelta(days=2), "carrier2", {"route": "1"}, "bad-day"),
        (OPENED - timedelta(days=1), "carrier2", {"route": "1"}, "bad-day"),
        (DAY, "county", {"route": "1"}, "invalid"),
        (DAY, "head", {"route": "1"}, "invalid"),
        (DAY, "carrier2", {}, "invalid"),
        (DAY, "carrier2", {"numbers": [f"A{n:03}" for n in range(201)]}, "invalid"),
        (DAY, "carrier2", {"numbers": ["9" * 41]}, "invalid"),
        (DAY, "carrier2", {"route": "1", "numbers": ["1"]}, "invalid"),
    ],
)
def test_what_cannot_change_hands_is_refused(office, day, to, what, code):
    """A day that no list may bear, somebody who does not work there, nothing at all, too much, or both ways at once."""
    with pytest.raises(Problem) as refused:
        hand_over(office, day, to, noon(DAY), CITY, **what)
    assert refused.value.code == code


def test_only_the_keeper_of_the_lists_hands_over(office):
    for login in ("carrier", "inspector", "lead"):
        with pytest.raises(Problem) as refused:
            hand_over(office, DAY, "carrier2", unit=CITY, route="1", by=login)
        assert refused.value.code == "forbidden"


# ---------------------------------------------------------------- the phones


def captured(office: Office, login: str, at) -> str:
    """What becomes of the photo of every drawn receipt that this carrier sends."""
    photo = {"sha256": "ab" * 32, "size": 9, "type": "image/jpeg"}
    items = [{"subject": one, "class": "parcel", "photos": [photo]} for one in drawn(office)]
    open = form("capture", DAY, items, unit=CITY, about=PERIOD) | {"type": "capture"}
    (outcome,) = office.push(login, at, sealed(open))
    return outcome.problem.code if outcome.problem else outcome.state


def drawn(office: Office) -> list[str]:
    """The drawn numbers of the city's list."""
    with office.app.app_context():
        return [
            row.number
            for one, rows in drawn_items(db.session, CITY, DAY, DAY)
            for row in in_sample(one, rows)
        ]


def section(office: Office, login: str, name: str, at=EVENING) -> list[dict]:
    """A section of that person's phone."""
    with office.app.app_context():
        actor = actor_of(db.session, office.cast.person(db.session, login), DAY)
        return rows_of(db.session, actor, name, CITY, at)


def test_the_substitutes_phone_gets_the_draw_and_the_first_carriers_drops_it(office):
    made = lay(office, DAY, NUMBERS, "carrier", noon(DAY, 8), CITY)
    seal(office, made, noon(DAY, 9), CITY, reveal=True)
    assert section(office, "carrier", "draws")[0]["items"][0]["mine"]
    assert section(office, "carrier2", "draws") == []
    assert captured(office, "carrier2", noon(DAY, 12)) == "not-drawn"
    hand_over(office, DAY, "carrier2", unit=CITY, route="1")
    assert section(office, "carrier", "draws") == []
    assert section(office, "carrier2", "draws")[0]["items"][0]["mine"]
    assert captured(office, "carrier2", noon(DAY, 16)) == "stored"


def test_a_photo_taken_before_the_route_changed_hands_is_evidence_whenever_it_arrives(office):
    made = lay(office, DAY, NUMBERS, "carrier", noon(DAY, 8), CITY)
    seal(office, made, noon(DAY, 9), CITY, reveal=True)
    hand_over(office, DAY, "carrier2", unit=CITY, route="1")
    assert captured(office, "carrier", noon(DAY, 16)) == "stored"


def test_what_its_own_deliverer_judged_still_waits_for_somebody_else(office):
    made = lay(office, DAY, NUMBERS, "director", noon(DAY, 8), CITY)
    seal(office, made, noon(DAY, 9), CITY, reveal=True)
    (number,) = drawn(office)
    record = judge(office, "director", "receipt", DAY, [number], unit=CITY)
    assert not section(office, "inspector", "draws")[0]["items"][0]["judged"]
    (row,) = section(office, "director", "records")
    assert (row["id"], row["own"]) == (record, [number])
    judge(office, "inspector", "receipt", DAY, [number], unit=CITY)
    assert section(office, "inspector", "draws")[0]["items"][0]["judged"]


# ---------------------------------------------------------------- whatever comes first


def play(office: Office, order) -> tuple:
    """The day's acts in this order: two lists, one sealed and one thrown away, checks, a hand-over. Its lines."""
    lists: dict[str, str] = {}

    def listed(name: str, numbers, by: str) -> None:
        lists[name] = lay(office, DAY, numbers, by, unit=CITY)

    acts = {
        "import": lambda: listed("first", NUMBERS[:6], "carrier"),
        "seal": lambda: seal(office, lists["first"], noon(DAY, 13), CITY),
        "draft": lambda: listed("second", NUMBERS[6:], "inspector"),
        "discard": lambda: discard(office, lists["second"], noon(DAY, 14), CITY),
        "route": lambda: hand_over(office, DAY, "director", unit=CITY, route="1"),
        "check": lambda: judge(office, "director", "receipt", DAY, NUMBERS[:8], unit=CITY),
        "other": lambda: judge(office, "inspector", "receipt", DAY, NUMBERS[4:], unit=CITY),
        "parcels": lambda: judge(office, "inspector", "parcel", DAY, NUMBERS, unit=CITY),
    }
    for name in order:
        acts[name]()
        assert office.faults(EVENING) == [], (order, name)
    kept = ("receipt-sample", PERIOD), ("parcel-check", f"{DAY:%G-W%V}"), ("return-audit", PERIOD)
    rows = [office.line(duty, period) for duty, period in kept]
    return tuple((row.duty, row.required, row.done, row.met, row.items, row.passed, row.why) for row in rows)


ACTS = ("import", "seal", "draft", "discard", "route", "check", "other", "parcels")
BEFORE = (("import", "seal"), ("draft", "discard"), ("seal", "draft"))  # what cannot come the other way round


@st.composite
def orders(draw) -> tuple[str, ...]:
    """An order of the acts that can be."""
    rest, order = list(ACTS), []
    while rest:
        ready = [one for one in rest if not any(last == one and first in rest for first, last in BEFORE)]
        order.append(draw(st.sampled_from(ready)))
        rest.remove(order[-1])
    return tuple(order)


@pytest.fixture
def in_order(app):
    return play(fresh(app), ACTS)


@histories(8)
@given(order=orders())
def test_lists_hand_overs_and_checks_in_any_order_give_the_same_lines(app, in_order, order):
    assert play(fresh(app), order) == in_order
    receipts = in_order[0]
    assert receipts[1:4] == (1, 2, True), (
        "the inspector's verdicts on the two that the director delivered count"
    )
