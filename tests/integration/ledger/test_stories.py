"""What happens to the lines of the five duties when facts come late, are corrected or taken back, or an office changes."""

from datetime import date, timedelta

import pytest

from tests.cast import CITY, COUNTY, RURAL, add_points, build_in
from tests.ledger_stories import Office, about_fact, called, failed, form, noon, parcels, passed, sealed
from tests.ledger_tables import FRI, MON, SAT, SUN, THU, TUE, WED
from webapp.core.database import transaction
from webapp.org.models import Unit, UnitSetting
from webapp.registers.models import RelayPoint

WEEK, NEXT_MON = "2026-W47", SUN + timedelta(days=1)


@pytest.fixture
def office(app):
    return Office(app, build_in(app))


def volume(day: date, parcel: int | None, unit: str = CITY, **others) -> dict:
    said = {name: {"items": n, "returned": None} for name, n in {"parcel": parcel, **others}.items()}
    own = {"v": 1, "type": "volume", "unit": unit, "acting": unit, "date": day.isoformat()}
    return {**own, "about": day.isoformat(), "volumes": said}


def check(day: date, first: int, last: int, **more) -> dict:
    return form("parcel", day, parcels(first, last), **more)


def test_a_check_that_arrives_after_the_week_has_closed_still_counts_for_it(office):
    office.send("inspector", noon(MON), check(MON, 0, 19))
    assert office.status("parcel-check", WEEK, noon(NEXT_MON)) in ("missed", "unknown")
    office.send("lead", noon(NEXT_MON + timedelta(days=9)), check(SAT, 20, 39))
    assert office.status("parcel-check", WEEK, noon(NEXT_MON)) == "met"
    assert office.faults(noon(NEXT_MON + timedelta(days=9))) == []


def test_an_amended_check_counts_as_amended_and_an_amendment_that_was_withdrawn_restores_it(office):
    first = office.send("inspector", noon(MON), check(MON, 0, 19))
    second = office.send("inspector", noon(MON, 13), check(MON, 0, 18, amends=first))
    assert office.line("parcel-check", WEEK).done == 0
    office.send("inspector", noon(MON, 14), about_fact("withdrawal", second, MON, reason="改错了"))
    line = office.line("parcel-check", WEEK)
    assert (line.done, line.withdrawn) == (1, 1)
    assert office.faults(noon(MON, 15)) == []


def test_of_two_amendments_the_greater_number_is_in_force_in_whatever_order_they_come(office):
    low, high = sorted((sealed(check(MON, 0, 0))["id"], sealed(check(MON, 0, 1))["id"]))
    first = office.send("inspector", noon(MON), check(MON, 0, 19))
    office.send("inspector", noon(MON), check(MON, 0, 24, amends=first), id=high)
    office.send("inspector", noon(MON), check(MON, 0, 9, amends=first), id=low)
    assert office.line("parcel-check", WEEK).items == 25
    assert office.faults(noon(MON, 15)) == []


def test_an_amendment_that_comes_before_its_parent_waits_for_it(office):
    parent = sealed(check(MON, 0, 9))
    (outcome,) = office.push("inspector", noon(MON), sealed(check(MON, 0, 19, amends=parent["id"])))
    assert outcome.state == "waiting"
    assert office.line("parcel-check", WEEK).items == 0
    assert office.faults(noon(MON, 15)) == []
    office.push("inspector", noon(MON), parent)
    assert office.line("parcel-check", WEEK).items == 20
    assert office.faults(noon(MON, 15)) == []


def test_a_corrected_date_moves_the_check_to_the_other_week(office):
    first = office.send("inspector", noon(NEXT_MON), check(NEXT_MON, 0, 19))
    office.send("inspector", noon(NEXT_MON, 13), check(SUN, 0, 19, amends=first))
    assert office.line("parcel-check", WEEK).done == 1
    assert office.line("parcel-check", "2026-W48").done == 0
    assert office.faults(noon(NEXT_MON, 14)) == []


def test_a_withdrawn_check_is_as_if_never_made_but_is_counted_as_withdrawn(office):
    gone = office.send("inspector", noon(MON), check(MON, 0, 19))
    office.send("inspector", noon(MON), check(MON, 0, 4))
    office.send("county", noon(TUE), about_fact("withdrawal", gone, TUE, acting=COUNTY, reason="未到现场"))
    line = office.line("parcel-check", WEEK)
    assert (line.done, line.items, line.withdrawn) == (0, 5, 1)
    assert office.faults(noon(TUE, 14)) == []


def test_the_same_check_sent_three_times_counts_once(office):
    envelope = sealed(check(MON, 0, 19))
    states = [office.push("inspector", noon(MON), envelope)[0].state for _ in range(3)]
    assert states == ["stored", "known", "known"]
    assert office.line("parcel-check", WEEK).items == 20


def test_a_volume_that_comes_later_decides_a_short_session(office):
    office.send("inspector", noon(MON), check(MON, 0, 18))
    office.send("inspector", noon(THU), check(THU, 20, 39))
    assert office.status("parcel-check", WEEK, noon(NEXT_MON)) == "unknown"
    office.send("director", noon(FRI), volume(MON, 19))
    assert office.status("parcel-check", WEEK, noon(NEXT_MON)) == "met"
    office.send("director", noon(FRI, 13), volume(MON, 25))
    assert office.status("parcel-check", WEEK, noon(NEXT_MON)) == "missed"
    office.send("director", noon(FRI, 14), volume(MON, None))
    assert office.status("parcel-check", WEEK, noon(NEXT_MON)) == "unknown"
    assert office.faults(noon(FRI, 15)) == []


def test_a_correction_of_the_volume_moves_every_line_of_that_day(office):
    office.send("director", noon(TUE), volume(TUE, 19, express=0, registered=0))
    office.send("inspector", noon(TUE, 13), form("receipt", TUE, passed(["P1", "P2"]), about=TUE.isoformat()))
    assert office.status("receipt-sample", TUE.isoformat(), noon(TUE, 14)) == "met"
    office.send("director", noon(WED), volume(TUE, 21, express=0, registered=0) | {"date": WED.isoformat()})
    line = office.line("receipt-sample", TUE.isoformat())
    assert (line.required, line.done, line.met) == (3, 2, False)
    assert office.faults(noon(WED, 14)) == []


def test_a_sample_taken_after_the_next_delivery_day_does_not_count_but_is_named(office):
    office.send("director", noon(TUE), volume(TUE, 5, express=0, registered=0))
    office.send("inspector", noon(FRI), form("receipt", THU, passed(["P1"]), about=TUE.isoformat()))
    line = office.line("receipt-sample", TUE.isoformat())
    assert (line.met, line.done) == (False, 0)
    assert ["not-counted-late", {"day": THU.isoformat(), "checks": 1}] in line.why
    office.send("inspector", noon(FRI), form("receipt", WED, passed(["P1"]), about=TUE.isoformat()))
    assert office.line("receipt-sample", TUE.isoformat()).met


def test_two_verdicts_on_one_receipt_and_a_fail_wins_until_it_is_withdrawn(office):
    office.send("director", noon(TUE), volume(TUE, 5, express=0, registered=0))
    office.send("director", noon(TUE, 13), form("receipt", TUE, passed(["P1"]), about=TUE.isoformat()))
    bad = form("receipt", TUE, failed(["P1"], "legible"), about=TUE.isoformat())
    fail = office.send("inspector", noon(TUE, 14), bad)
    line = office.line("receipt-sample", TUE.isoformat())
    assert (line.items, line.passed, line.failed, line.met) == (1, 0, 1, True)
    office.send("inspector", noon(TUE, 15), about_fact("withdrawal", fail, TUE, reason="看错"))
    line = office.line("receipt-sample", TUE.isoformat())
    assert (line.items, line.passed, line.failed, line.withdrawn) == (1, 1, 0, 1)
    assert office.faults(noon(TUE, 16)) == []


# ---------------------------------------------------------------- an office changes


def turn(office, unit: str, first_day: date, setting: str, before: str) -> None:
    with office.app.app_context(), transaction() as session:
        session.add(UnitSetting(unit_code=unit, first_day=date(2026, 1, 1), setting=before))
        session.add(UnitSetting(unit_code=unit, first_day=first_day, setting=setting))
        session.get(Unit, unit).setting = setting


def test_an_office_that_turns_from_rural_to_city_in_mid_month_changes_with_the_next_period(office):
    """Wednesday 18 November: the week of the 16th and the month of November stay rural; W48 and December are city."""
    turn(office, RURAL, WED, "city", "rural")
    for day in (SUN, NEXT_MON, date(2026, 12, 1)):
        office.advance(noon(day))
    periods = {
        "relay-rural": ("2026-W46", "2026-W47"),
        "relay-coverage": ("2026-10", "2026-11"),
        "letter-check-rural": ("2026-10", "2026-11"),
        "relay-city": ("2026-W48", "2026-W49"),
        "parcel-check": ("2026-W48", "2026-W49"),
    }
    for duty, (last_but_one, last) in periods.items():
        assert office.line(duty, last_but_one, RURAL) is not None, duty
        assert office.line(duty, last, RURAL) is not None, duty
    gone = {
        "relay-rural": "2026-W48",
        "relay-coverage": "2026-12",
        "letter-check-rural": "2026-12",
        "relay-city": "2026-W47",
        "parcel-check": "2026-W47",
    }
    assert {duty for duty, period in gone.items() if office.line(duty, period, RURAL)} == set()
    assert office.line("relay-monthly", "2026-11", RURAL) is not None  # of both
    assert office.line("relay-monthly", "2026-12", RURAL) is not None
    assert office.faults(noon(date(2026, 12, 1))) == []


def test_a_call_in_the_week_of_the_change_counts_for_the_rural_duty(office):
    turn(office, RURAL, WED, "city", "rural")
    villages = [one for name, one in office.cast.points.items() if name.endswith("嘎查")][:5]
    office.send("head", noon(THU), form("relay", THU, called(villages), unit=RURAL))
    assert office.line("relay-rural", WEEK, RURAL).met
    assert office.line("relay-city", WEEK, RURAL) is None
    assert office.faults(noon(THU)) == []


def twelve(office) -> list[str]:
    with office.app.app_context(), transaction() as session:
        return add_points(session, office.cast, CITY, 12)


def retire(office, point: str, closed_on: date, now) -> None:
    own = {"v": 1, "type": "point", "unit": CITY, "acting": CITY, "date": closed_on.isoformat()}
    office.send(
        "director",
        now,
        {**own, "point": point, "op": "close", "day": closed_on.isoformat(), "reason": "拆迁"},
    )


def test_a_point_closed_in_mid_week_no_longer_belongs_to_the_week_nor_to_the_month(office):
    added = twelve(office)  # with the 8 of the cast: 20 points
    office.send("inspector", noon(MON), form("relay", MON, called(added[:10])))
    week, month = office.line("relay-city", WEEK), office.line("relay-monthly", "2026-11")
    assert (week.done, month.done, month.required) == (1, 10, 20)
    retire(office, added[0], THU, noon(THU))
    week, month = office.line("relay-city", WEEK), office.line("relay-monthly", "2026-11")
    assert (week.done, month.done, month.required) == (0, 9, 19)
    assert office.faults(noon(THU)) == []


def test_a_point_opened_in_mid_month_belongs_to_the_month_if_seven_days_are_left(office):
    own = {"v": 1, "type": "point", "unit": CITY, "acting": CITY}
    values = {"kind": "property"}
    cases = ((date(2026, 11, 24), "新区物业", 9), (date(2026, 11, 25), "新区收发室", 9))
    for day, name, population in cases:
        point = sealed(own)["id"]
        opened = {"op": "open", "point": point, "day": day.isoformat(), "values": {**values, "name": name}}
        office.send("director", noon(day), {**own, "date": day.isoformat(), **opened})
        assert office.line("relay-monthly", "2026-11").required == population, name
    assert office.line("relay-city", "2026-W48").why[0][1]["size"] == 8  # opened in mid-week, both


def test_a_unit_that_closes_keeps_its_full_periods_only(office):
    with office.app.app_context(), transaction() as session:
        session.get(Unit, RURAL).closed_on = SUN
    office.advance(noon(NEXT_MON))
    assert office.line("receipt-sample", SAT.isoformat(), RURAL) is not None
    assert office.line("receipt-sample", SUN.isoformat(), RURAL) is None
    assert office.line("relay-rural", "2026-W46", RURAL) is not None
    assert office.line("relay-rural", WEEK, RURAL) is None


def test_an_office_without_points_has_no_relay_duty(office):
    with office.app.app_context(), transaction() as session:
        session.query(RelayPoint).filter_by(unit_code=RURAL).delete()
    office.advance(noon(TUE))
    for duty, period in (("relay-rural", WEEK), ("relay-monthly", "2026-11"), ("relay-coverage", "2026-11")):
        assert office.status(duty, period, noon(NEXT_MON), RURAL) == "not-applicable"
