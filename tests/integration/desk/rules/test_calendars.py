"""Delivery days: who sets them, which rule wins, and the ledger that follows."""

import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY, COUNTY, NEXT_RURAL, REGION, RURAL
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.journal.models import JournalRow
from webapp.ledger import operations as ledger
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.recording.facts import rulings
from webapp.rulebook import operations
from webapp.rulebook.models import DayException, DeliveryDays
from webapp.rulebook.queries import calendars_of

DAY = timedelta(days=1)
WORKDAYS = {f"d{n}": "1" for n in range(5)}


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def today():
    return clock.local_date(clock.now())


@pytest.fixture
def manager(app, cast):
    return company.client_for(app, cast, "county")


def words(answer) -> str:
    body = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def calendar(app, unit: str):
    return company.read(app, lambda session: calendars_of(session, [session.get(Unit, unit)])[unit])


def set_days(client, unit: str, first_day: date, **more):
    return client.post(f"/calendar/days?unit={unit}", data={"first_day": first_day.isoformat(), **more})


def except_day(client, unit: str, day: date, delivers: str, **more):
    form = {"day": day.isoformat(), "delivers": delivers, "name": "那达慕", **more}
    return client.post(f"/calendar/exceptions?unit={unit}", data=form)


def keep_public(app) -> None:
    with app.app_context(), transaction() as session:
        rulings.keep_public_days(session, clock.now())


def open_ledger(app, unit: str, since: date) -> None:
    with app.app_context(), transaction() as session:
        row = session.get(Unit, unit)
        row.opened_on = since
        ledger.open_lines(session, row, clock.now())


def applicable(app, unit: str, duty: str, day: date) -> bool:
    return company.read(
        app, lambda session: session.get(LedgerLine, (unit, duty, day.isoformat()))
    ).applicable


def verified(app, unit: str) -> list[str]:
    with app.app_context():
        found = ledger.differences(db.session, db.session.get(Unit, unit), clock.now())
        db.session.remove()
    return found


def test_the_county_sets_the_weekdays_and_the_ledger_follows_from_that_day_on(app, manager, today):
    open_ledger(app, RURAL, today - 20 * DAY)
    first = today - 10 * DAY
    assert set_days(manager, RURAL, first, **WORKDAYS).status_code == 422
    assert set_days(manager, RURAL, first, reason="周末从不投递", **WORKDAYS).status_code == 302
    weekend = next(day for day in (first + n * DAY for n in range(8)) if day.weekday() == 5)
    assert not applicable(app, RURAL, "pre-shift-meeting", weekend)
    assert applicable(
        app, RURAL, "pre-shift-meeting", weekend - 7 * DAY if weekend - 7 * DAY < first else weekend - DAY
    )
    assert verified(app, RURAL) == []
    form = {"first_day": first.isoformat(), "reason": "录错"}
    assert manager.post(f"/calendar/days/remove?unit={RURAL}", data=form).status_code == 302
    assert applicable(app, RURAL, "pre-shift-meeting", weekend)
    assert verified(app, RURAL) == []
    entries = company.read(app, lambda session: session.scalars(select(JournalRow.entry)).all())
    assert set(entries) == {"calendar"} and len(entries) == 4


def test_one_form_sets_all_rural_departments_of_the_county_and_no_other(app, manager, today):
    assert set_days(manager, RURAL, today, all="same", holidays="1", **WORKDAYS).status_code == 302
    rows = company.read(app, lambda session: session.scalars(select(DeliveryDays)).all())
    assert [(row.unit_code, row.mask, row.holidays) for row in rows] == [(RURAL, 31, True)]
    assert set_days(manager, RURAL, today, all="every").status_code == 302
    rows = company.read(app, lambda session: session.scalars(select(DeliveryDays)).all())
    assert sorted((row.unit_code, row.mask) for row in rows) == [(CITY, 0), (RURAL, 0)]


def test_a_holiday_of_the_county_holds_below_and_the_departments_own_make_up_day_beats_it(
    app, manager, today
):
    day = today + 5 * DAY
    assert except_day(manager, COUNTY, day, "no").status_code == 302
    assert not calendar(app, CITY).delivers(day)
    assert not calendar(app, RURAL).delivers(day)
    assert calendar(app, NEXT_RURAL).delivers(day)
    assert except_day(manager, CITY, day, "yes").status_code == 302
    assert calendar(app, CITY).delivers(day)
    assert not calendar(app, RURAL).delivers(day)
    form = {"day": day.isoformat()}
    assert manager.post(f"/calendar/exceptions/remove?unit={COUNTY}", data=form).status_code == 302
    assert calendar(app, RURAL).delivers(day)
    assert manager.post(f"/calendar/exceptions/remove?unit={COUNTY}", data=form).status_code == 404


def test_a_holiday_today_closes_yesterdays_line_a_day_later(app, manager, today):
    open_ledger(app, CITY, today - 5 * DAY)
    before = closing(app, today - DAY)
    assert except_day(manager, CITY, today, "no").status_code == 302
    assert closing(app, today - DAY) == before + DAY
    assert not applicable(app, CITY, "receipt-sample", today)
    assert verified(app, CITY) == []


def closing(app, day: date):
    return company.read(
        app, lambda session: session.get(LedgerLine, (CITY, "receipt-sample", day.isoformat()))
    ).closes_at


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"day": "2026-13-01", "delivers": "no", "name": "节"}, "日期"),
        ({"day": "2026-01-05", "delivers": "no", "name": "节"}, "请写明原因"),
        ({"day": "2199-01-05", "delivers": "maybe", "name": "节"}, "选择"),
        ({"day": "2199-01-05", "delivers": "no", "name": ""}, "填写"),
        ({"day": "2199-01-05", "delivers": "no", "name": "节" * 41}, "太长"),
        ({"day": "2199-01-05", "delivers": "no", "name": "节", "reason": "因" * 501}, "太长"),
    ],
)
def test_what_is_wrong_with_a_day_stands_beside_it(app, manager, form, said):
    page = manager.post(f"/calendar/exceptions?unit={CITY}", data=form)
    assert page.status_code == 422
    assert said in words(page)
    assert company.read(app, lambda session: session.scalars(select(DayException)).all()) == []


def test_public_holidays_matter_only_where_the_county_says_so(app, manager):
    keep_public(app)
    national = date(2026, 10, 1)
    assert calendar(app, RURAL).delivers(national)
    assert (
        set_days(manager, RURAL, date(2026, 9, 1), holidays="1", reason="通知", **WORKDAYS).status_code == 302
    )
    assert not calendar(app, RURAL).delivers(national)
    assert calendar(app, RURAL).delivers(date(2026, 10, 10))  # a Saturday that makes up for it
    assert calendar(app, CITY).delivers(national)
    page = words(manager.get(f"/calendar?unit={RURAL}&month=2026-10"))
    assert "1 不投递 国庆节" in page
    assert "10 投递 国庆节调休上班" in page


def test_a_year_that_the_table_does_not_know_is_said_on_the_page(app, manager):
    keep_public(app)
    set_days(manager, RURAL, date(2026, 9, 1), holidays="1", reason="通知", **WORKDAYS)
    assert "2199 年的法定节假日尚未公布" in words(manager.get(f"/calendar?unit={RURAL}&month=2199-05"))
    assert "2199 年的法定节假日尚未公布" in words(manager.get(f"/calendar?unit={COUNTY}&month=2199-05"))
    assert "尚未公布" not in words(manager.get(f"/calendar?unit={CITY}&month=2199-05"))
    assert "尚未公布" not in words(manager.get(f"/calendar?unit={RURAL}&month=2026-05"))


def test_the_timer_enters_a_year_that_the_package_newly_knows_once_and_counts_it(
    app, cast, manager, today, monkeypatch
):
    keep_public(app)
    with app.app_context(), transaction() as session:
        for row in session.scalars(select(DayException).where(DayException.day >= date(today.year, 1, 1))):
            session.delete(row)
    set_days(manager, RURAL, today, holidays="1", **dict.fromkeys((f"d{n}" for n in range(7)), "1"))
    open_ledger(app, RURAL, today - 3 * DAY)
    assert applicable(app, RURAL, "pre-shift-meeting", today)
    monkeypatch.setitem(operations.holidays, today, "New Year's Day")
    assert app.test_cli_runner().invoke(args=["tick"]).exit_code == 0
    assert not applicable(app, RURAL, "pre-shift-meeting", today)
    assert verified(app, RURAL) == []
    rows = select(DayException.day).where(DayException.day >= date(today.year, 1, 1))
    known = company.read(app, lambda session: session.scalars(rows).all())
    assert len(known) > 20
    keep_public(app)
    assert len(company.read(app, lambda session: session.scalars(rows).all())) == len(known)


def test_the_region_corrects_the_public_table_and_the_package_does_not_undo_it(app, cast, manager):
    keep_public(app)
    set_days(manager, RURAL, date(2026, 9, 1), holidays="1", reason="通知", **WORKDAYS)
    region = company.client_for(app, cast, "region")
    gone = {"day": "2026-10-02", "reason": "通知改期"}
    assert region.post(f"/calendar/exceptions/remove?unit={REGION}", data=gone).status_code == 302
    assert except_day(region, REGION, date(2026, 10, 9), "no", reason="通知改期").status_code == 302
    assert calendar(app, RURAL).delivers(date(2026, 10, 2))
    assert not calendar(app, RURAL).delivers(date(2026, 10, 9))
    keep_public(app)
    assert calendar(app, RURAL).delivers(date(2026, 10, 2))


def test_the_month_of_the_page_must_be_a_month(manager):
    assert manager.get(f"/calendar?unit={CITY}&month=2026-W40").status_code == 422
    assert manager.get(f"/calendar?unit={CITY}&month=winter").status_code == 422
    assert manager.get(f"/calendar?unit={CITY}&month=2199-12").status_code == 200
    assert manager.get(f"/calendar?unit={CITY}&month=2000-01").status_code == 200
