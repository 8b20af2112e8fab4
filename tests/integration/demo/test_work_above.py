"""The demo's county, leagues and region have a quarter of own work, of which each kind of outcome can be looked at."""

import calendar
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from webapp.core.database import db, transaction
from webapp.demo import around, county
from webapp.demo.above import FORGOTTEN, JOINT, months_of
from webapp.documents.models import Document
from webapp.inspections.models import Inspection, Item
from webapp.journal.models import Fact, JournalRow, Refusal
from webapp.ledger.models import LedgerLine
from webapp.ledger.operations import Key, differences, fold_all
from webapp.ledger.rules import status
from webapp.org.models import Person, Unit
from webapp.org.queries import operators_of, services_of
from webapp.photos.chosen_store import store_of
from webapp.photos.models import PhotoRef
from webapp.photos.rules import RECORD
from webapp.upkeep.check import faults

NOW = datetime(2026, 11, 18, 4, tzinfo=UTC)  # a Wednesday in the middle of a month
OWED = {
    county.COUNTY: {
        "letter-onsite-county-month", "letter-onsite-county-year", "letter-review", "onsite-depts", "quality-meeting",
        "quality-bulletin", "relay-county", "relay-county-report", "relay-county-review",
    },
    county.LEAGUE: {
        "letter-onsite-league-half-year", "letter-onsite-league-month", "letter-review-league", "onsite-depts",
        "inspection-report", "parcel-onsite", "quality-bulletin", "quality-meeting", "relay-league-month",
        "relay-league-quarter",
    },
    county.REGION: {"region-letters", "region-relay", "region-reports", "region-special", "region-special-bulletin"},
}  # fmt: skip


def build(app, now: datetime) -> None:
    """The whole demo as of a moment."""
    with app.app_context(), transaction() as session:
        assert county.build(session, now, store_of(app.config))


def story(unit: str, duty: str) -> dict[str, str]:
    """{period: status} of a duty of the unit."""
    rows = db.session.scalars(select(LedgerLine).where(LedgerLine.unit_code == unit, LedgerLine.duty == duty))
    return {row.period: status(row, NOW) for row in rows}


def reasons(unit: str, duty: str, period: str) -> list[str]:
    return [code for code, _ in db.session.get(LedgerLine, (unit, duty, period)).why]


def test_each_upper_duty_that_is_kept_has_lines_as_the_story_tells(sqlite_app):
    build(sqlite_app, NOW)
    with sqlite_app.app_context():
        for look in (
            each_duty_has_lines,
            the_county_had_a_good_a_short_and_a_running_month,
            most_weeks_are_signed_one_late_one_early_one_by_nobody,
            the_league_has_a_met_quarter_and_one_under_way,
            the_region_left_one_month_out,
            the_bureau_does_what_it_owes,
            a_joint_check_is_two_records_of_one_day,
            the_new_units_are_an_agency_a_counter_and_a_bureau,
            documents_were_sent_in_time_late_and_returned,
            everything_came_the_one_way_in,
        ):
            look()
        units = db.session.scalars(select(Unit)).all()
        assert [fault for unit in units for fault in differences(db.session, unit, NOW)] == []
        assert faults(db.session, store_of(sqlite_app.config)) == []


def each_duty_has_lines():
    for unit, duties in OWED.items():
        stored = set(db.session.scalars(select(LedgerLine.duty).where(LedgerLine.unit_code == unit)))
        assert stored == duties, unit
        first = db.session.scalar(select(func.min(LedgerLine.last_day)).where(LedgerLine.unit_code == unit))
        assert first >= db.session.get(Unit, unit).ledger_from
    for unit in OWED:  # each has something of everything
        seen = {one for duty in OWED[unit] for one in story(unit, duty).values()}
        assert {"met", "missed", "partial"} <= seen, unit
    assert story(county.NEXT_COUNTY, "onsite-depts")["2026-10"] == "missed"  # who does nothing is seen, too


def documents_were_sent_in_time_late_and_returned():
    own, above = county.COUNTY, county.LEAGUE
    assert story(own, "relay-county-report") == {"2026-09": "met", "2026-10": "met", "2026-11": "due"}
    assert story(own, "quality-bulletin") == {"2026-09": "met", "2026-10": "missed", "2026-11": "due"}
    assert reasons(own, "quality-bulletin", "2026-10") == ["document-late"]
    assert story(above, "inspection-report") == {"2026-09": "met", "2026-10": "met", "2026-11": "due"}
    states = set(db.session.scalars(select(Document.state)))
    assert states == {"accepted", "issued", "returned"}


def the_county_had_a_good_a_short_and_a_running_month():
    own = county.COUNTY
    assert story(own, "onsite-depts") == {"2026-09": "met", "2026-10": "missed", "2026-11": "partial"}
    assert story(own, "letter-onsite-county-month") == {
        "2026-09": "met", "2026-10": "missed", "2026-11": "partial",
    }  # fmt: skip
    assert story(own, "relay-county-review")["2026-10"] == "missed"
    assert "not-counted-late" in reasons(own, "relay-county-review", "2026-10")
    assert story(own, "quality-meeting") == {"2026-09": "met", "2026-10": "met", "2026-11": "due"}
    told = {duty: covered(own, duty, "2026-10") for duty in ("onsite-depts", "letter-onsite-county-month")}
    assert told["onsite-depts"]["152502004"] == "short-groups"  # nobody looked at periodicals
    assert told["letter-onsite-county-month"]["152502003"] == "short-items"  # four letters
    assert covered(own, "relay-county", "2026-10")[FORGOTTEN] == "not-begun"
    assert [one for one in covered(own, "relay-county", "2026-10").values() if one] == ["not-begun"]


def covered(unit: str, duty: str, period: str) -> dict[str, str]:
    """{department: why it does not count, or nothing}."""
    [(_, [(_, _, line)])] = fold_all(db.session, [Key(unit, duty, period)], NOW)
    return {one.unit: one.reason for one in line.covered}


def most_weeks_are_signed_one_late_one_early_one_by_nobody():
    weeks = story(county.COUNTY, "letter-review")
    missed = sorted(week for week, one in weeks.items() if one == "missed")
    assert missed == ["2026-W40", "2026-W42", "2026-W44"]
    assert reasons(county.COUNTY, "letter-review", "2026-W40")[-1] == "not-counted-unfinished"
    assert reasons(county.COUNTY, "letter-review", "2026-W42") == ["cover-all"]
    assert reasons(county.COUNTY, "letter-review", "2026-W44")[-1] == "not-counted-late"
    assert list(weeks.values()).count("met") >= 6
    assert list(story(county.LEAGUE, "letter-review-league").values()).count("missed") == 1


def the_league_has_a_met_quarter_and_one_under_way():
    assert story(county.LEAGUE, "parcel-onsite") == {"2026-Q3": "met", "2026-Q4": "partial"}
    assert story(county.LEAGUE, "onsite-depts") == {
        "2026-09": "met",
        "2026-10": "missed",
        "2026-11": "partial",
    }
    assert story(county.LEAGUE, "relay-league-month")["2026-09"] == "met"
    assert story(county.LEAGUE, "relay-league-month")["2026-10"] == "missed"


def the_region_left_one_month_out():
    assert story(county.REGION, "region-letters") == {
        "2026-09": "missed", "2026-10": "partial", "2026-11": "due",
    }  # fmt: skip
    assert story(county.REGION, "region-relay")["2026-09"] == "met"
    assert story(county.REGION, "region-reports")["2026-09"] == "met"
    assert story(county.REGION, "region-special") == {"2026-Q3": "met", "2026-Q4": "partial"}


def the_bureau_does_what_it_owes():
    for duty in OWED[county.COUNTY]:
        assert "missed" not in story(around.BUREAU, duty).values(), duty
        assert "met" in story(around.BUREAU, duty).values(), duty
    assert db.session.get(LedgerLine, (around.BUREAU, "letter-review", "2026-W44")).required == 2


def a_joint_check_is_two_records_of_one_day():
    query = select(Inspection.acting_code, Inspection.kind, Inspection.work_date)
    rows = db.session.execute(query.where(Inspection.unit_code == JOINT)).all()
    visited = {day for acting, kind, day in rows if (acting, kind) == (county.COUNTY, "dept-visit")}
    counted = {day for acting, kind, day in rows if (acting, kind) == (county.LEAGUE, "parcel")}
    assert len(visited & counted) == 1


def the_new_units_are_an_agency_a_counter_and_a_bureau():
    bureau = db.session.get(Unit, around.BUREAU)
    assert (bureau.level, bureau.bureau, bureau.parent_code) == ("county", "delivery", county.LEAGUE)
    codes = [around.BUREAU_CITY, around.AGENCY_OUTLET]
    services, operators = services_of(db.session, codes), operators_of(db.session, codes)
    assert {one for one, *_ in services[around.BUREAU_CITY]} == {"delivery", "counter"}
    assert [operator for _, operator in operators[around.AGENCY_OUTLET]] == ["agency"]
    leagues = db.session.scalars(select(Unit.code).where(Unit.level == "league").order_by(Unit.code)).all()
    assert leagues == [county.LEAGUE, around.LEAGUE]
    logins = select(Person.login).where(Person.password_hash.is_not(None))
    assert set(db.session.scalars(logins)) == set(county.DEMO_LOGINS)


def everything_came_the_one_way_in():
    above = {county.COUNTY, county.LEAGUE, county.REGION, around.BUREAU, around.LEAGUE, around.COUNTY}
    done = select(Fact.acting_code, Fact.state).where(Fact.acting_code.in_(above), Fact.type == "inspection")
    rows = db.session.execute(done).all()
    assert {acting for acting, _ in rows} == above and {state for _, state in rows} == {"in-force"}
    # What a phone pushed wrongly belongs to the demo; nothing of the work above was refused.
    assert db.session.scalar(select(func.count()).where(Refusal.unit_code.in_(above))) == 0
    journal = db.session.execute(select(JournalRow.unit_code, JournalRow.at).order_by(JournalRow.seq)).all()
    for unit in {unit for unit, _ in journal}:  # the past was recorded before what came after it
        times = [at for one, at in journal if one == unit]
        assert times == sorted(times), unit
    unseen = select(func.count()).select_from(Item).join(Inspection, Inspection.id == Item.inspection_id)
    pictured = select(PhotoRef.ordinal).where(
        PhotoRef.fact_id == Item.inspection_id, PhotoRef.source == RECORD, PhotoRef.ordinal == Item.ordinal
    )
    assert db.session.scalar(unseen.where(Inspection.kind == "relay", ~pictured.exists())) == 0


@pytest.mark.parametrize("month", range(1, 13))
def test_the_story_has_a_day_for_everything_in_whatever_month_it_is_told(month):
    for today in (
        date(2026, month, 1),
        date(2026, month, calendar.monthrange(2026, month)[1]),
    ):
        months = months_of(date(2025, 10, 1), today)
        assert [one.age for one in months] == list(range(len(months) - 1, -1, -1))
        assert months[-1].period.first == today.replace(day=1)
        for one in months:
            assert one.day(19) in one.period and one.day(19).weekday() < 5
            assert one.next_month(9) in one.period.next()
