"""Held, waiting, withdrawn, repeated: what is stored but not yet, or no longer, counted; and who may change that."""

from datetime import timedelta

import pytest

from tests.cast import CITY, COUNTY, FIRST_DAY, build_in, read
from tests.ledger_stories import Office, about_fact, form, noon, parcels, passed, sealed
from tests.ledger_tables import MON, SUN, TUE, WED
from webapp.core.database import transaction
from webapp.core.problems import Problem
from webapp.journal.models import Conflict, Fact, JournalRow, Refusal
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.recording import withdrawals
from webapp.recording.conflicts import decide

DAY, LATER = timedelta(days=1), SUN + timedelta(days=40)


@pytest.fixture
def office(app):
    made = Office(app, build_in(app))
    yield made
    assert made.faults(noon(made.day, 23)) == []


def check(day, first=0, last=19, **more) -> dict:
    return form("parcel", day, parcels(first, last), **more)


def state(office, fact_id: str) -> str:
    return read(office.app, lambda session: session.get(Fact, fact_id).state)


def items(office) -> int:
    return office.line("parcel-check", "2026-W47").items


def refused(office, login: str, now, open: dict) -> str:
    (outcome,) = office.push(login, now, sealed(open))
    assert outcome.state == "refused"
    return outcome.problem.code


def slow_phone(day) -> dict:
    """A check that a phone, a day behind, dates ``day``."""
    return check(day, started=noon(day).isoformat(), ended=noon(day, 12.5).isoformat())


# ---------------------------------------------------------------- held


def test_a_check_dated_tomorrow_is_confirmed_by_nobody_before_that_day_has_come(office):
    (outcome,) = office.push("inspector", noon(MON), held := sealed(check(TUE)))
    assert (outcome.state, outcome.held, state(office, held["id"])) == ("stored", "clock", "held")
    assert office.line("parcel-check", "2026-W47").items == 0
    early = about_fact("confirmation", held["id"], MON)
    for login in ("inspector", "director"):
        office.send(login, noon(MON, 13), early)  # as phones of the first release say it: void
        assert refused(office, login, noon(MON, 13), {**early, "day": TUE.isoformat()}) == "day-ahead"
        with pytest.raises(Problem, match="day-ahead"):
            office.desk(login, noon(MON), lambda s, me: withdrawals.confirm(s, me, noon(MON), held["id"]))
    assert (state(office, held["id"]), items(office)) == ("held", 0)
    office.push("lead", noon(TUE, 0.05))  # midnight alone makes no early word good
    assert (state(office, held["id"]), items(office)) == ("held", 0)
    office.send("inspector", noon(TUE, 0.1), about_fact("confirmation", held["id"], TUE))
    assert (state(office, held["id"]), items(office)) == ("in-force", 20)


def test_the_check_of_a_phone_a_day_behind_is_held_until_the_director_confirms_it(office):
    (outcome,) = office.push("inspector", noon(TUE), held := sealed(slow_phone(MON)), skew=DAY)
    assert outcome.held == "clock"
    assert office.push("inspector", noon(TUE), held)[0].held == "clock"  # and again
    assert refused(office, "lead", noon(TUE), about_fact("confirmation", held["id"], TUE)) == "forbidden"
    office.send("director", noon(TUE), about_fact("confirmation", held["id"], TUE))
    assert items(office) == 20


def test_a_held_check_can_be_withdrawn_and_then_no_confirmation_brings_it_back(office):
    (_,) = office.push("inspector", noon(MON), held := sealed(check(TUE)))
    office.send("inspector", noon(MON), about_fact("withdrawal", held["id"], MON, reason="日期错"))
    office.send("inspector", noon(TUE), about_fact("confirmation", held["id"], TUE))
    assert (state(office, held["id"]), items(office)) == ("withdrawn", 0)


def test_a_correction_with_the_right_date_frees_a_held_check(office):
    (_,) = office.push("inspector", noon(MON), held := sealed(check(TUE)))
    office.send("inspector", noon(MON), check(MON, amends=held["id"]))
    assert (state(office, held["id"]), items(office)) == ("held", 20)


def test_what_is_not_held_waits_for_no_confirmation(office):
    sent = office.send("inspector", noon(MON), check(MON))
    assert refused(office, "inspector", noon(MON), about_fact("confirmation", sent, MON)) == "bad-fact"


def open_in_june(office) -> None:
    with office.app.app_context(), transaction() as session:
        session.get(Unit, CITY).opened_on = FIRST_DAY


@pytest.fixture
def long_ago(office):
    """A check of the last day of a role, sent so late that the county manager has to confirm it."""
    now = noon(LATER)
    open_in_june(office)
    end = {"inspector": "former"}["inspector"]
    open = check(SUN - 145 * DAY, acting=CITY)  # 30 June, the former inspector's last day
    (outcome,) = office.push(end, now, held := sealed(open))
    assert (outcome.state, outcome.held) == ("stored", "role")
    return held["id"]


def test_work_of_a_role_that_ended_long_ago_is_for_the_county_manager_to_confirm(office, long_ago):
    own = about_fact("confirmation", long_ago, LATER)
    assert refused(office, "former", noon(LATER), own) == "forbidden"
    assert refused(office, "director", noon(LATER), own) == "forbidden"
    office.send("county", noon(LATER), {**own, "acting": COUNTY})
    assert state(office, long_ago) == "in-force"


def test_nobody_confirms_the_own_work_of_an_ended_role_by_sending_the_confirmation_first(office):
    now, held = noon(LATER), sealed(check(SUN - 145 * DAY))
    open_in_june(office)
    (early,) = office.push("former", now, sealed(about_fact("confirmation", held["id"], LATER)))
    assert early.state == "waiting"
    (outcome,) = office.push("former", now, held)
    assert (outcome.held, state(office, held["id"])) == ("role", "held")


# ---------------------------------------------------------------- waiting


def test_a_withdrawal_that_overtakes_its_check_takes_it_back_on_arrival(office):
    late = sealed(check(MON))
    gone = sealed(about_fact("withdrawal", late["id"], MON, reason="号码错"))
    assert office.push("inspector", noon(MON), gone)[0].state == "waiting"
    office.push("inspector", noon(MON), late)
    assert (state(office, late["id"]), state(office, gone["id"])) == ("withdrawn", "in-force")
    line = office.line("parcel-check", "2026-W47")
    assert (line.items, line.withdrawn) == (0, 1)


def test_a_stranger_cannot_lie_in_wait_for_somebody_elses_check(office):
    late = sealed(check(MON))
    for open in (about_fact("withdrawal", late["id"], MON, reason="x"), check(MON, 0, 4, amends=late["id"])):
        (outcome,) = office.push("lead", noon(MON), sealed(open))
        assert outcome.state == "waiting"
    office.push("inspector", noon(MON), late)
    assert (state(office, late["id"]), items(office)) == ("in-force", 20)


def test_a_correction_of_another_kind_is_no_correction_whichever_comes_first(office):
    late = sealed(check(MON))
    other = form("receipt", MON, passed(["X1"]), about=MON.isoformat(), amends=late["id"])
    assert office.push("inspector", noon(MON), wrong := sealed(other))[0].state == "waiting"
    office.push("inspector", noon(MON), late)
    assert (state(office, late["id"]), state(office, wrong["id"])) == ("in-force", "waiting")
    assert refused(office, "inspector", noon(MON), other) == "not-amendable"


# ---------------------------------------------------------------- who may


def test_the_author_withdraws_the_own_check_and_nobody_elses(office):
    sent = office.send("inspector", noon(MON), check(MON))
    own = about_fact("withdrawal", sent, MON, reason="记错")
    assert refused(office, "lead", noon(MON), own) == "foreign-id"
    assert refused(office, "director", noon(MON), own) == "foreign-id"
    with pytest.raises(Problem, match="reason-needed"):
        office.push("inspector", noon(MON), sealed(own | {"reason": " "}))
    office.send("inspector", noon(MON), own)
    assert state(office, sent) == "withdrawn"


def test_the_county_manager_withdraws_any_check_of_the_own_county(office):
    sent = office.send("inspector", noon(MON), check(MON))
    assert (
        refused(office, "nextcounty", noon(MON), about_fact("withdrawal", sent, MON, reason="x"))
        == "unknown-unit"
    )
    office.send("county", noon(MON), about_fact("withdrawal", sent, MON, acting=COUNTY, reason="未到现场"))
    assert state(office, sent) == "withdrawn"


def test_a_withdrawal_is_not_withdrawn(office):
    sent = office.send("inspector", noon(MON), check(MON))
    gone = office.send("inspector", noon(MON), about_fact("withdrawal", sent, MON, reason="记错"))
    assert (
        refused(office, "inspector", noon(MON), about_fact("withdrawal", gone, MON, reason="又对了"))
        == "bad-fact"
    )


@pytest.mark.parametrize(
    ("login", "more", "code"),
    [
        ("lead", {}, "not-amendable"),  # not the author
        ("inspector", {"kind": "receipt", "about": MON.isoformat()}, "not-amendable"),
    ],
)
def test_only_the_own_record_of_the_same_kind_is_corrected(office, login, more, code):
    sent = office.send("inspector", noon(MON), check(MON))
    open = {**check(MON, amends=sent), **more}
    if more:
        open["items"] = passed(["X1"])
    assert refused(office, login, noon(MON), open) == code


def test_somebody_without_a_fitting_role_that_day_is_refused_and_it_is_kept(office):
    assert refused(office, "carrier", noon(MON), check(MON)) == "role-not-held"
    assert refused(office, "former", noon(MON), check(MON)) == "role-not-held"
    assert refused(office, "mover", noon(MON), check(MON)) == "role-not-held"  # was an inspector until May
    kept = read(office.app, lambda session: [row.code for row in session.query(Refusal)])
    assert kept == ["role-not-held"] * 3
    assert read(office.app, lambda s: s.query(LedgerLine).filter(LedgerLine.items > 0).count()) == 0


# ---------------------------------------------------------------- once more


def test_repeats_leave_no_second_trace(office):
    envelope = sealed(check(MON))
    assert [office.push("inspector", noon(MON), envelope)[0].state for _ in range(4)] == ["stored"] + [
        "known"
    ] * 3
    rows = read(
        office.app, lambda session: session.query(JournalRow).filter_by(fact_id=envelope["id"]).count()
    )
    assert rows == 1


def test_a_number_of_somebody_else_is_refused_and_nothing_is_revealed(office):
    envelope = sealed(check(MON))
    office.push("inspector", noon(MON), envelope)
    (outcome,) = office.push("lead", noon(MON), envelope)
    assert (outcome.state, outcome.problem.code, outcome.problem.fields) == (
        "refused",
        "foreign-id",
        {"id": ""},
    )


def conflict(office, second: dict) -> tuple[str, str]:
    first = office.send("inspector", noon(MON), check(MON))
    other = sealed(second, first)
    states = [office.push("inspector", noon(MON), other)[0].state for _ in range(2)]
    assert states == ["conflict"] * 2
    assert read(office.app, lambda session: session.query(Conflict).count()) == 1
    return first, other["digest"]


def choose(office, login: str, first: str, digest: str, choice: str) -> None:
    office.desk(login, noon(MON), lambda s, me: decide(s, me, noon(MON), first, digest, choice))


def test_of_two_contents_under_one_number_the_first_counts_until_the_director_takes_the_second(office):
    first, digest = conflict(office, check(MON, 0, 9))
    assert items(office) == 20
    for login in ("inspector", "lead"):
        with pytest.raises(Problem, match="forbidden"):
            choose(office, login, first, digest, "second")
    choose(office, "director", first, digest, "second")
    assert (items(office), state(office, first)) == (10, "superseded")
    with pytest.raises(Problem, match="not-found"):
        choose(office, "director", first, digest, "first")


def test_the_director_may_leave_it_at_the_first(office):
    first, digest = conflict(office, check(MON, 0, 9))
    choose(office, "director", first, digest, "first")
    assert items(office) == 20


@pytest.mark.parametrize(
    "second",
    [
        form("receipt", MON, passed(["X1"]), about=MON.isoformat()),
        about_fact("withdrawal", "0193f0a1-0000-7000-8000-000000000001", MON, reason="x"),
    ],
)
def test_a_second_content_of_another_sort_cannot_be_taken(office, second):
    first, digest = conflict(office, second)
    with pytest.raises(Problem, match="not-amendable"):
        choose(office, "director", first, digest, "second")
    assert items(office) == 20


def test_a_second_content_of_a_day_without_the_role_cannot_be_taken(office):
    first, digest = conflict(office, check(MON - 400 * DAY))
    with pytest.raises(Problem, match="role-not-held"):
        choose(office, "director", first, digest, "second")
    assert (items(office), state(office, first)) == (20, "in-force")


def test_the_days_of_these_tests_are_in_one_week():
    assert (WED - MON, SUN - MON) == (2 * DAY, 6 * DAY)
