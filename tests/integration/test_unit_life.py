"""A unit's life guards every check: nothing stands in force that no line can count."""

from datetime import timedelta

import pytest

from tests.cast import CITY, RURAL, build_in, read
from tests.ledger_stories import OPENED, Office, about_fact, form, noon, parcels, passed, sealed
from tests.ledger_tables import MON, SUN, TUE, WED
from webapp.core.database import transaction
from webapp.ledger import operations as ledger
from webapp.org.models import Unit
from webapp.recording.models import Fact, Refusal

DAY = timedelta(days=1)


@pytest.fixture
def office(app):
    made = Office(app, build_in(app))
    yield made
    assert made.faults(noon(made.day, 23)) == []


def closed(office, last, *closings) -> None:
    with office.app.app_context(), transaction() as session:
        unit = session.get(Unit, CITY)
        unit.closed_on = last + DAY if last else None
        unit.closings = [[shut.isoformat(), again.isoformat()] for shut, again in closings]
        session.flush()
        ledger.rebuild(session, unit, noon(office.day))


def outcome_of(office, now, open: dict, login: str = "inspector", **more):
    (outcome,) = office.push(login, now, sealed(open), **more)
    return outcome


def test_a_check_after_the_last_day_of_a_closed_unit_is_refused_and_kept(office):
    closed(office, MON)
    outcome = outcome_of(office, noon(TUE), form("parcel", TUE, parcels(0, 19)))
    assert (outcome.state, outcome.problem.code) == ("refused", "unit-closed")
    assert outcome.problem.fields["date"] == TUE.isoformat()
    assert "2026" in outcome.problem.message("zh")
    kept = read(office.app, lambda session: [(row.code, row.unit_code) for row in session.query(Refusal)])
    assert kept == [("unit-closed", CITY)]
    assert read(office.app, lambda session: session.query(Fact).count()) == 0


def test_work_of_the_last_day_counts_although_it_arrives_after_the_closing(office):
    closed(office, MON)
    assert outcome_of(office, noon(WED), form("parcel", MON, parcels(0, 19))).state == "stored"


def test_a_check_before_the_unit_opened_or_while_it_was_shut_is_refused(office):
    before = form("parcel", OPENED - DAY, parcels(0, 19))
    assert outcome_of(office, noon(MON), before).problem.code == "unit-closed"
    closed(office, None, (MON, WED))
    assert outcome_of(office, noon(WED), form("parcel", TUE, parcels(0, 19))).problem.code == "unit-closed"
    assert outcome_of(office, noon(WED), form("parcel", WED, parcels(20, 39))).state == "stored"


def test_a_check_about_a_list_of_a_day_outside_the_units_life_is_refused(office):
    about = form("receipt", MON, passed(["X1"], "express"), about=(OPENED - DAY).isoformat())
    assert outcome_of(office, noon(MON), about).problem.code == "unit-closed"


def test_the_county_checks_no_closed_unit_either(office):
    closed(office, MON)
    visit = form("parcel", TUE, parcels(0, 19), acting="152502")
    assert outcome_of(office, noon(TUE), visit, login="county").problem.code == "unit-closed"
    assert outcome_of(office, noon(TUE), form("parcel", TUE, parcels(0, 1), unit=RURAL, acting="152502"), login="county").state == "stored"  # fmt: skip


def test_a_wrong_clock_is_looked_at_before_the_units_life(office):
    closed(office, TUE)
    said = noon(WED - 365 * DAY)
    open = form("parcel", WED - 365 * DAY, parcels(0, 19), started=said.isoformat(), ended=said.isoformat())
    (outcome,) = office.push("inspector", noon(SUN), sent := sealed(open), skew=noon(SUN) - said)
    assert outcome.held == "clock"
    own = about_fact("confirmation", sent["id"], SUN)
    for day, state in ((WED, "refused"), (TUE, "stored")):
        assert outcome_of(office, noon(SUN), {**own, "day": day.isoformat()}).state == state
