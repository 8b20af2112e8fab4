"""The morning of a county, worked out by hand on a small world at half past nine of a Friday."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from tests import cast as company
from tests.cases import send_at
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, RURAL
from tests.desk_records import envelope, inspection, parcels
from webapp.core.clock import LOCAL
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.inquiries.morning import IDLE, LISTS, OVERDUE, SILENT, WAITING, idle_days, morning
from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.org.models import Device, Unit
from webapp.rulebook.models import DeliveryDays
from webapp.rulebook.periods import Calendar
from webapp.sampling.models import Manifest, ManifestItem

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=LOCAL)
DAY = timedelta(days=1)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def seen(app, code: str = COUNTY, now: datetime = NOW):
    with app.app_context():
        found = morning(db.session, db.session.get(Unit, code), now)
        db.session.expunge_all()
    return found


def spots(found, matter: str) -> dict[str, list[tuple[str, int]]]:
    """{unit right below: its spots as (unit, count)} in the order of the page."""
    return {
        row.unit.code: [(spot.unit.code, spot.count) for spot in row.spots]
        for row in found.matters[matter].rows
    }


def checked(app, cast, login: str, unit: str, day: date, failed: int = 0) -> str:
    """A parcel check of the unit's own people on the day, arrived at noon; its id."""
    sent = envelope(inspection(parcels(3, failed), unit=unit, acting=unit, date=day.isoformat()))
    at = datetime(day.year, day.month, day.day, 12, tzinfo=LOCAL)
    assert send_at(app, cast, login, sent, at).state == "stored"
    return sent["id"]


def listed(
    app, cast, unit: str, sealed: bool, day: date = TODAY, number: int = 1, classes=("express",)
) -> None:
    with app.app_context(), transaction() as session:
        one = Manifest(
            id=new_id(), unit_code=unit, day=day, number=number, created_by=cast.people["director"]
        )
        one.created_at = NOW - timedelta(hours=2)
        if sealed:
            one.sealed_at, one.sample_size = NOW - timedelta(hours=1), 1
        session.add(one)
        session.flush()
        for n, name in enumerate(classes):
            session.add(ManifestItem(manifest_id=one.id, number=f"98765{number}{n:07}", mail_class=name))


def test_departments_without_a_sealed_list_are_named_and_what_is_not_imported_comes_first(app, cast):
    assert spots(seen(app), LISTS) == {CITY: [(CITY, 1)], RURAL: [(RURAL, 1)]}
    listed(app, cast, CITY, sealed=False, classes=("express", "parcel"))
    assert list(spots(seen(app), LISTS)) == [RURAL, CITY]  # a draft is nearer to its end than nothing
    listed(app, cast, RURAL, sealed=True)
    found = seen(app)
    assert spots(found, LISTS) == {CITY: [(CITY, 1)]}
    assert [one.code for one in found.sealed] == [RURAL]
    assert (found.lists[CITY].state, found.lists[CITY].items) == ("draft", 2)
    listed(app, cast, RURAL, sealed=False, number=2)  # a supplement that is not sealed keeps the day open
    assert set(spots(seen(app), LISTS)) == {CITY, RURAL}


def test_who_has_no_delivery_today_owes_no_list(app, cast):
    with app.app_context(), transaction() as session:
        monday_to_thursday = 0b0001111
        session.add(
            DeliveryDays(unit_code=RURAL, first_day=date(2026, 1, 1), mask=monday_to_thursday, holidays=False)
        )
    found = seen(app)
    assert list(spots(found, LISTS)) == [CITY]
    assert (len(found.delivering), found.resting) == (1, 1)


def test_a_department_is_idle_after_three_delivery_days_without_a_record_of_its_own_people(app, cast):
    checked(app, cast, "lead", CITY, TODAY - 3 * DAY)  # two days since are over: not yet
    checked(app, cast, "head", RURAL, TODAY - 4 * DAY)
    found = seen(app)
    assert spots(found, IDLE) == {RURAL: [(RURAL, 1)]}
    quiet = found.matters[IDLE].rows[0].spots[0].quiet
    assert (quiet.last, quiet.days) == (TODAY - 4 * DAY, 3)
    checked(app, cast, "head", RURAL, TODAY - DAY)
    assert spots(seen(app), IDLE) == {}


def test_what_those_above_record_about_a_department_is_no_work_of_its_own(app, cast):
    with app.app_context(), transaction() as session:
        session.execute(update(Unit).values(ledger_from=TODAY - 10 * DAY))
    assert spots(seen(app), IDLE) == {CITY: [(CITY, 1)], RURAL: [(RURAL, 1)]}
    checked(app, cast, "lead", CITY, TODAY - DAY)
    with app.app_context(), transaction() as session:
        session.execute(update(Inspection).values(acting_code=COUNTY))
    found = seen(app)
    assert CITY in spots(found, IDLE)
    # Nothing is owed before the ledger began: ten days at most.
    assert {row.spots[0].quiet.days for row in found.matters[IDLE].rows} == {10}


def test_idle_days_are_delivery_days_that_are_over():
    weekdays = Calendar(masks=((date(2026, 1, 1), 0b0011111),))
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert idle_days(weekdays, friday, monday) == 0  # a weekend, and today is not over
    assert idle_days(Calendar(), friday, monday) == 2
    assert idle_days(weekdays, date(2026, 11, 16), friday) == 3
    assert idle_days(weekdays, friday, friday) == 0


def test_records_that_wait_overdue_problems_and_silent_phones_are_counted_where_they_are(app, cast):
    held = checked(app, cast, "lead", CITY, TODAY - 3 * DAY)
    checked(app, cast, "lead", CITY, TODAY - 30 * DAY, failed=2)  # one case; its deadline has passed
    with app.app_context(), transaction() as session:
        session.get(Fact, held).state = "held"
        device, _token = company.device_for(session, cast.people["nextcarrier"])
        session.get(Device, device).synced_at = NOW - 4 * DAY
        heard, _token = company.device_for(session, cast.people["head"])
        session.get(Device, heard).synced_at = NOW - 2 * DAY
    found = seen(app)
    assert spots(found, WAITING) == {CITY: [(CITY, 1)]}
    assert list(spots(found, OVERDUE)) == [CITY]
    assert spots(found, SILENT) == {}  # of the neighbouring county; and two days are no silence
    above = seen(app, LEAGUE)
    assert spots(above, SILENT) == {NEXT_COUNTY: [(NEXT_RURAL, 1)]}
    assert spots(above, WAITING) == {COUNTY: [(CITY, 1)]}
    assert above.matters[SILENT].rows[0].spots[0].phones[0].person == "郑阿木尔"


def test_a_league_counts_by_county_and_a_region_by_league_each_with_its_departments(app, cast):
    assert spots(seen(app, LEAGUE), LISTS) == {
        COUNTY: [(CITY, 1), (RURAL, 1)],
        NEXT_COUNTY: [(NEXT_RURAL, 1)],
    }
    found = seen(app, company.REGION)
    assert spots(found, LISTS) == {LEAGUE: [(NEXT_RURAL, 1), (CITY, 1), (RURAL, 1)]}
    assert (found.matters[LISTS].count, found.matters[LISTS].places) == (3, 3)
