"""Roles begin and end in mid-week, and are entered late: the ledger's lines follow the roles of the days of the work."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cast import CITY, COUNTY, FIRST_DAY, RURAL, build_in
from tests.ledger_stories import Office, called, form, noon, parcels, passed
from tests.ledger_tables import FRI, MON, SUN, THU, TUE, WED
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.inspections.models import Inspection
from webapp.ledger.evidence import summaries
from webapp.org.models import Role, Unit
from webapp.recording.changes import roles
from webapp.rulebook.periods import period_of
from webapp.rulebook.queries import editions_of

DAY, NIGHT = timedelta(days=1), noon(SUN, 20)


@pytest.fixture
def office(app):
    made = Office(app, build_in(app))
    yield made
    assert made.faults(NIGHT) == []


def give(office, login: str, role: str, first_day, unit: str = CITY, last_day=None, now=NIGHT) -> str:
    form = {"unit": unit, "role": role, "first_day": first_day, "last_day": last_day}
    person = office.cast.people[login]
    return office.desk("county", now, lambda s, actor: roles.give_role(s, actor, now, person, form).id)


def end(office, login: str, role: str, last_day, unit: str = CITY, now=NIGHT) -> None:
    person = office.cast.people[login]
    which = (Role.person_id == person, Role.role == role, Role.unit_code == unit, Role.last_day.is_(None))

    def act(session, actor):
        held = session.scalars(select(Role.id).where(*which)).one()
        roles.end_role(session, actor, now, person, held, last_day)

    office.desk("county", now, act)


def add_carrier(office, login: str, first_day, now=NIGHT) -> None:
    form = {
        "login": login,
        "name": "新人",
        "unit": RURAL,
        "role": "carrier",
        "first_day": first_day,
        "last_day": None,
    }
    office.desk("county", now, lambda s, actor: roles.add_person(s, actor, now, form))


def volume(day, unit: str = RURAL, **counts) -> dict:
    said = {name: {"items": n, "returned": 0} for name, n in counts.items()}
    own = {"v": 1, "type": "volume", "unit": unit, "acting": unit, "date": day.isoformat()}
    return {**own, "about": day.isoformat(), "volumes": said}


def visit(office, day) -> None:
    """The county's manager samples one receipt of the day in the rural office."""
    receipt = form("receipt", day, passed(["X1"]), unit=RURAL, acting=COUNTY, about=day.isoformat())
    office.send("county", noon(day, 15), receipt)


def test_the_countys_visit_to_the_only_person_of_an_office_counts_until_a_second_one_begins(office):
    for day in (MON, TUE, WED):
        office.send("head", noon(day), volume(day, express=0, registered=0, parcel=5))
        visit(office, day)
    sample = ("receipt-sample",)
    assert [office.line(*sample, day.isoformat(), RURAL).met for day in (MON, TUE, WED)] == [True, True, True]
    add_carrier(office, "newcomer", TUE)  # entered on Sunday: has worked there since Tuesday
    assert [office.line(*sample, day.isoformat(), RURAL).met for day in (MON, TUE, WED)] == [
        True,
        False,
        False,
    ]


def test_the_countys_visit_counts_again_when_the_second_one_turns_out_to_have_left(office):
    give(office, "carrier2", "carrier", MON, RURAL)
    for day in (MON, WED):
        office.send("head", noon(day), volume(day, express=0, registered=0, parcel=5))
        visit(office, day)
    assert [office.line("receipt-sample", day.isoformat(), RURAL).met for day in (MON, WED)] == [False, False]
    end(office, "carrier2", "carrier", TUE, RURAL)
    assert [office.line("receipt-sample", day.isoformat(), RURAL).met for day in (MON, WED)] == [False, True]


def test_a_second_role_of_the_only_person_changes_nothing(office):
    office.send("head", noon(MON), volume(MON, express=0, registered=0, parcel=5))
    visit(office, MON)
    give(office, "head", "team_lead", MON, RURAL)
    assert office.line("receipt-sample", MON.isoformat(), RURAL).met


def test_an_inspector_appointed_in_mid_week_counts_from_that_day_on(office):
    points = office.cast.points
    eight = [points[name] for name in points if "社区" in name][:8]
    give(office, "carrier", "inspector", WED, now=noon(WED, 7))
    office.send(
        "carrier", noon(TUE, 12), form("relay", TUE, called(eight))
    )  # still a carrier: own route only
    office.send("carrier", noon(THU, 12), form("relay", THU, called(eight)))
    assert office.line("relay-city", "2026-W47").done == 1


def test_an_appointment_entered_late_makes_the_calls_since_then_count(office):
    points = office.cast.points
    eight = [points[name] for name in points if "社区" in name][:8]
    for day in (TUE, THU):
        office.send("carrier", noon(day), form("relay", day, called(eight)))
    office.advance(noon(FRI))
    assert office.line("relay-city", "2026-W47").done == 0
    give(office, "carrier", "inspector", WED)
    assert office.line("relay-city", "2026-W47").done == 1
    assert office.line("relay-monthly", "2026-11").done == 8


def test_a_role_that_ended_earlier_than_known_takes_the_work_since_then_out_of_the_count(office):
    for day, first in ((MON, 0), (THU, 20)):
        office.send("inspector", noon(day), form("parcel", day, parcels(first, first + 19)))
    assert office.line("parcel-check", "2026-W47").met
    end(office, "inspector", "inspector", WED)
    line = office.line("parcel-check", "2026-W47")
    assert (line.met, line.done) == (False, 1)
    assert ["not-counted-role", {"day": THU.isoformat(), "checks": 1}] in line.why


def test_a_role_whose_end_is_put_off_counts_again(office):
    office.send("inspector", noon(MON), form("parcel", MON, parcels(0, 19)))
    office.send("inspector", noon(THU), form("parcel", THU, parcels(20, 39)))
    end(office, "inspector", "inspector", WED)
    person = office.cast.people["inspector"]
    with office.app.app_context(), transaction() as session:
        held = session.scalars(select(Role.id).where(Role.person_id == person)).one()
        roles.end_role(session, office.cast.actor(session, "county", SUN), NIGHT, person, held, FRI)
    assert office.line("parcel-check", "2026-W47").met


def test_a_role_in_another_office_changes_nothing_here(office):
    office.send("inspector", noon(MON), form("parcel", MON, parcels(0, 19)))
    give(office, "inspector", "director", MON, RURAL)
    with office.app.app_context(), transaction() as session:
        assert set(session.scalars(select(Inspection.roles))) == {"inspector"}


def test_the_end_of_a_role_in_the_future_changes_no_line(office):
    office.send("inspector", noon(MON), form("parcel", MON, parcels(0, 19)))
    end(office, "inspector", "inspector", SUN + 9 * DAY)
    assert office.line("parcel-check", "2026-W47").done == 1


def test_a_role_is_not_given_before_the_unit_opened_nor_long_ago(office):
    for first_day in (FIRST_DAY - DAY, SUN - 31 * DAY):
        with pytest.raises(Problem) as caught:
            give(office, "carrier", "inspector", first_day)
        assert caught.value.fields == {"first_day": "early"}


def marks(office, duty: str, period, unit: str) -> dict:
    """{author's name: does the inspection count, as the page of the line marks it}."""
    with office.app.app_context():
        book = editions_of(db.session).on(period.first)
        found = summaries(db.session, db.session.get(Unit, unit), book.duties[duty], period)
        return {(one.author_name, one.day): one.counted for one in found}


def test_the_page_of_a_line_marks_what_counts_as_the_reasons_tell_it(office):
    office.send("head", noon(MON), volume(MON, express=0, registered=0, parcel=5))
    visit(office, MON)
    day = period_of("day", MON)
    assert marks(office, "receipt-sample", day, RURAL) == {("周苏日娜", MON): True}
    assert marks(office, "receipt-sample", day, COUNTY) == {("周苏日娜", MON): True}
    add_carrier(office, "newcomer", MON)  # no longer an office of one person: the county's visit is its own
    assert marks(office, "receipt-sample", day, RURAL) == {("周苏日娜", MON): False}
    late = form("receipt", WED, passed(["X2"]), unit=RURAL, about=MON.isoformat())
    office.send("head", noon(WED), late)
    assert marks(office, "receipt-sample", day, RURAL)["宝音", MON] is False
    points = [office.cast.points[name] for name in office.cast.points if "社区" in name][:2]
    office.send("inspector", noon(TUE), form("relay", TUE, called(points)))
    month = period_of("month", TUE)
    assert marks(office, "relay-register", month, CITY) == {("赵那仁", TUE): True}  # a call confirms
