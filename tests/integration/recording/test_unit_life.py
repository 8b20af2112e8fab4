"""A unit's life guards every check: nothing stands in force that no line can count."""

from datetime import timedelta

import pytest

from tests.cast import CITY, RURAL, build_in, client_for, read
from tests.ledger_stories import OPENED, Office, about_fact, form, noon, parcels, passed, sealed
from tests.ledger_tables import MON, SUN, TUE, WED
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.dates import day_text
from webapp.core.problems import Problem
from webapp.journal.models import Fact, Refusal
from webapp.ledger import operations as ledger
from webapp.org.models import Unit
from webapp.recording.changes import units

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


def shut_back(office, last, now):
    return office.desk("county", now, lambda session, me: units.close(session, me, now, CITY, last))


def test_an_office_is_not_closed_behind_the_back_of_its_records(office):
    first, _, third = (
        office.send("inspector", noon(day), form("parcel", day, parcels(0, 19))) for day in (TUE, TUE, WED)
    )
    with pytest.raises(Problem) as caught:
        shut_back(office, MON, noon(SUN))
    assert caught.value.code == "records-after"
    for language, days in (
        ("zh", f"3 条有效记录（2026年11月{TUE.day}日、2026年11月{WED.day}日）"),
        ("en", f"3, of {TUE.day} Nov 2026, "),
    ):
        assert days in caught.value.message(language)
    assert read(office.app, lambda session: session.get(Unit, CITY).closed_on) is None
    office.send("inspector", noon(SUN), about_fact("withdrawal", third, SUN, reason="重复"))
    shut_back(office, TUE, noon(SUN))  # Tuesday's records are of its last day
    assert read(office.app, lambda session: session.get(Unit, CITY).closed_on) == WED
    with pytest.raises(Problem):
        shut_back(office, MON, noon(SUN))  # given anew, an earlier last day asks again


def test_the_county_reads_how_many_records_of_which_days_stand_in_the_way_of_a_closing(office):
    now = clock.now()
    today = clock.local_date(now)
    office.send(
        "inspector",
        now,
        form("parcel", today, parcels(0, 19), started=now.isoformat(), ended=now.isoformat()),
    )
    manager = client_for(office.app, office.cast, "county")
    answer = manager.post(f"/units/{CITY}/close", data={"last_day": (today - DAY).isoformat()})
    assert answer.status_code == 422
    assert f"1 条有效记录（{day_text(today, 'zh')}）" in answer.text
    assert manager.post(f"/units/{CITY}/close", data={"last_day": today.isoformat()}).status_code == 302
