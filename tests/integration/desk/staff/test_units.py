"""Units kept by their county: a department turns from rural to city, closes, opens; files bring a whole office."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY, COUNTY, NEXT_RURAL, RURAL
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.ledger import operations as ledger
from webapp.ledger.models import LedgerLine
from webapp.org import queries
from webapp.org.models import Enrolment, Person, Role, Route, Unit
from webapp.rulebook.periods import period_of
from webapp.sampling.operations import within_life

DAY = timedelta(days=1)


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def today():
    return clock.local_date(clock.now())


@pytest.fixture
def manager(app, cast):
    return company.client_for(app, cast, "county")


def open_ledger(app, unit: str, since: date) -> None:
    with app.app_context(), transaction() as session:
        row = session.get(Unit, unit)
        row.opened_on = since
        ledger.open_lines(session, row, clock.now())


def verified(app, unit: str) -> list[str]:
    with app.app_context():
        found = ledger.differences(db.session, db.session.get(Unit, unit), clock.now())
        db.session.remove()
    return found


def lines(app, unit: str, duty: str) -> set[str]:
    query = select(LedgerLine.period).where(LedgerLine.unit_code == unit, LedgerLine.duty == duty)
    return company.read(app, lambda session: set(session.scalars(query)))


def test_a_department_that_turns_to_city_has_the_weeks_before_as_rural_and_those_after_as_city(
    app, manager, today
):
    open_ledger(app, RURAL, today - 90 * DAY)
    # The Wednesday of a week that lies wholly in the past, so that the week itself is still rural.
    turned = today - timedelta(days=today.weekday()) - 12 * DAY
    form = {"setting": "city", "first_day": turned.isoformat()}
    assert manager.post(f"/units/{RURAL}/setting", data=form).status_code == 302
    week = period_of("week", turned)
    assert week.code in lines(app, RURAL, "relay-rural")
    assert week.code not in lines(app, RURAL, "relay-city")
    assert week.next().code in lines(app, RURAL, "relay-city")
    assert week.next().code not in lines(app, RURAL, "relay-rural")
    month = period_of("month", turned)
    began_rural = month.first < turned
    assert (month.code in lines(app, RURAL, "letter-check-rural")) is began_rural
    assert verified(app, RURAL) == []
    page = manager.get(f"/units/{RURAL}").text
    assert "城市" in page and "农村" in page


def test_a_setting_is_not_changed_ahead_nor_long_ago_nor_to_what_it_is(app, manager, today):
    for day, setting in ((today + DAY, "city"), (today - 31 * DAY, "city"), (today, "rural")):
        form = {"setting": setting, "first_day": day.isoformat()}
        assert manager.post(f"/units/{RURAL}/setting", data=form).status_code == 422
    assert company.read(app, lambda session: session.get(Unit, RURAL).setting) == "rural"


def test_a_department_that_closes_has_no_duties_from_the_day_after(app, manager, today):
    open_ledger(app, RURAL, today - 20 * DAY)
    last = today - 5 * DAY
    assert manager.post(f"/units/{RURAL}/close", data={"last_day": last.isoformat()}).status_code == 302
    days = lines(app, RURAL, "pre-shift-meeting") | lines(app, RURAL, "receipt-sample")
    assert last.isoformat() in days
    assert (last + DAY).isoformat() not in days
    assert verified(app, RURAL) == []


def test_a_county_opens_a_department_and_no_second_one_of_its_code(app, manager, today):
    form = {"code": "152502777", "name": "新城投递部", "setting": "city", "opened_on": today.isoformat()}
    assert manager.post(f"/units?unit={COUNTY}", data=form).status_code == 302
    assert manager.post(f"/units?unit={COUNTY}", data=form).status_code == 422
    assert company.read(app, lambda session: session.get(Unit, "152502777").path).endswith(
        "/152502/152502777/"
    )
    assert lines(app, "152502777", "pre-shift-meeting")
    assert verified(app, "152502777") == []


def test_nobody_but_an_administrator_renames_the_own_county(app, cast, manager):
    assert manager.post(f"/units/{COUNTY}/details", data={"name": "别名"}).status_code == 403
    admin = company.client_for(app, cast, "admin")
    assert admin.post(f"/units/{COUNTY}/details", data={"name": "别名"}).status_code == 302


def test_a_route_is_walked_by_a_carrier_of_the_department_only(app, cast, manager, today):
    form = {"code": "3", "name": "三段", "carrier": "nextcarrier", "first_day": today.isoformat()}
    assert manager.post(f"/units/{CITY}/routes", data=form).status_code == 422
    assert manager.post(f"/units/{CITY}/routes", data={**form, "carrier": "carrier2"}).status_code == 302
    assert "王其其格" in manager.get(f"/units/{CITY}").text


# ---------------------------------------------------------------- files


def send(client, sort: str, text: str):
    data = {"sort": sort, "file": (io.BytesIO(text.encode("gb18030")), f"{sort}.csv")}
    return client.post("/units/import", data=data, content_type="multipart/form-data")


def confirmed(client, sort: str, preview):
    rows = preview.text.partition('name="rows" value="')[2].partition('"')[0]
    assert rows, "nothing waits for a confirmation"
    return client.post("/units/import/confirm", data={"sort": sort, "rows": rows})


def brought(client, sort: str, text: str) -> None:
    assert confirmed(client, sort, send(client, sort, text)).status_code == 302


def test_three_files_start_an_office_and_the_same_files_again_change_nothing(app, manager, today):
    units = f"上级,名称,编号,城乡,启用日期\n{COUNTY},新城投递部,152502777,城市,{today:%Y/%m/%d}\n"
    staff = (
        "登录名,姓名,单位,岗位,起始日期,截止日期\n"
        f"d1,王芳,152502777,投递员,{today},\nd1,王芳,152502777,检查员,{today},\nd2,白音,152502777,主任,{today},\n"
    )
    routes = f"部门,道段号,道段名,投递员登录名,起始日期\n152502777,1,一段,d1,{today}\n"
    files = (("units", units), ("staff", staff), ("routes", routes))
    for sort, text in files:
        brought(manager, sort, text)
    for sort, text in files:
        again = send(manager, sort, text)
        assert again.status_code == 200
        assert 'name="rows"' not in again.text and "errors-title" not in again.text, sort
    held = select(Role.role).join(Person, Person.id == Role.person_id).where(Person.login == "d1")
    assert company.read(app, lambda session: sorted(session.scalars(held))) == ["carrier", "inspector"]
    sheet = manager.post("/units/152502777/enrolments")
    assert sheet.text.count("<svg") >= 2 and "no-store" in sheet.headers["Cache-Control"]
    assert company.read(app, lambda session: len(session.scalars(select(Enrolment)).all())) == 2


def test_a_preview_writes_nothing(app, manager, today):
    send(manager, "staff", f"登录名,姓名,单位,岗位\nd9,王芳,{CITY},投递员\n")
    assert (
        company.read(app, lambda session: session.scalar(select(Person).where(Person.login == "d9"))) is None
    )


def test_each_wrong_row_names_its_line_and_field_and_the_good_ones_wait(manager, today):
    rows = (
        f"d1,王芳,{CITY},投递员\nd2,王芳,{CITY},局长\nd3,王芳,{NEXT_RURAL},投递员\n"
        f"d4,王芳,{CITY},盟市检查人员\ncarrier,别人,{CITY},检查员\ncounty,周苏日娜,{CITY},主任\n"
    )
    page = send(manager, "staff", f"某局人员\n登录名,姓名,单位,岗位\n{rows}").text
    errors = page.partition('id="errors-title"')[2].partition("</section>")[0]
    assert [f"第 {line} 行" in errors or f"Line {line}" in errors for line in range(3, 9)] == [False] + [
        True
    ] * 5
    assert 'name="rows"' in page


def test_a_row_that_has_become_wrong_since_the_preview_stops_the_whole_file(app, cast, manager, today):
    text = f"部门,道段号,道段名,投递员登录名\n{CITY},7,七段,\n{CITY},8,八段,carrier2\n"
    preview = send(manager, "routes", text)
    with app.app_context(), transaction() as session:
        for role in session.scalars(select(Role).where(Role.person_id == cast.people["carrier2"])):
            role.last_day = today - DAY
    assert confirmed(manager, "routes", preview).status_code == 409
    found = select(Route.code).where(Route.unit_code == CITY)
    assert company.read(app, lambda session: sorted(session.scalars(found))) == ["1", "2"]


def test_a_file_without_its_columns_is_refused(manager):
    assert send(manager, "units", "甲,乙\n1,2\n").status_code == 422


def test_the_command_line_imports_with_the_same_checks(app, cast, tmp_path, today):
    file = tmp_path / "staff.csv"
    file.write_text(
        f"login,name,unit,role\nd1,王芳,{CITY},carrier\nd2,白音,{CITY},nobody\n", encoding="utf-8"
    )
    done = app.test_cli_runner().invoke(args=["import", "staff", str(file)])
    assert done.exit_code == 1 and "line 3: role" in done.output
    file.write_text(f"login,name,unit,role\nd1,王芳,{CITY},carrier\n", encoding="utf-8")
    assert "1 new" in app.test_cli_runner().invoke(args=["import", "staff", str(file)]).output
    assert "1 same" in app.test_cli_runner().invoke(args=["import", "staff", str(file)]).output


# ---------------------------------------------------------------- closed and opened again


def test_a_department_that_reopens_has_duties_again_but_none_for_the_days_between(app, manager, today):
    open_ledger(app, RURAL, today - 40 * DAY)
    shut, again = today - 12 * DAY, today - 3 * DAY
    last = {"last_day": (shut - DAY).isoformat()}
    assert manager.post(f"/units/{RURAL}/close", data=last).status_code == 302
    before = lines(app, RURAL, "pre-shift-meeting")
    assert manager.post(f"/units/{RURAL}/reopen", data={"first_day": again.isoformat()}).status_code == 302
    days = lines(app, RURAL, "pre-shift-meeting")
    assert before < days
    assert {day.isoformat() for day in (shut - DAY, again, today)} <= days
    assert not {(shut + n * DAY).isoformat() for n in range(9)} & days
    assert not {period_of("week", day).code for day in (shut, again - DAY)} & lines(app, RURAL, "relay-rural")
    assert verified(app, RURAL) == []
    assert "恢复" in manager.get(f"/units/{RURAL}").text
    # And it may close once more, but not before it was reopened.
    assert manager.post(f"/units/{RURAL}/close", data=last).status_code == 422
    assert manager.post(f"/units/{RURAL}/close", data={"last_day": today.isoformat()}).status_code == 302
    assert verified(app, RURAL) == []


def test_a_month_in_which_a_department_was_closed_keeps_only_what_is_due_every_three_days(
    app, manager, today
):
    first = (today.replace(day=1) - DAY).replace(day=1)  # the month before
    open_ledger(app, RURAL, first)
    with app.app_context(), transaction() as session:
        unit = session.get(Unit, RURAL)
        unit.closings = [[(first + 9 * DAY).isoformat(), (first + 19 * DAY).isoformat()]]
        session.flush()
        ledger.rebuild(session, unit, clock.now())
    month = period_of("month", first).code
    assert month not in lines(app, RURAL, "relay-monthly")
    assert month in lines(app, RURAL, "shortage-damage")
    assert verified(app, RURAL) == []


def test_a_closing_yet_to_come_is_taken_back_and_leaves_no_trace(app, manager, today):
    form = {"last_day": (today + 9 * DAY).isoformat()}
    assert manager.post(f"/units/{RURAL}/close", data=form).status_code == 302
    form = {"first_day": (today + 10 * DAY).isoformat()}
    assert manager.post(f"/units/{RURAL}/reopen", data=form).status_code == 302
    closed, closings = company.read(
        app, lambda s: (s.get(Unit, RURAL).closed_on, s.get(Unit, RURAL).closings)
    )
    assert (closed, closings) == (None, [])


def test_a_unit_is_reopened_neither_before_its_closing_nor_ahead_nor_while_it_is_open(app, manager, today):
    page = manager.post(f"/units/{RURAL}/reopen", data={"first_day": today.isoformat()})
    assert page.status_code == 422
    manager.post(f"/units/{RURAL}/close", data={"last_day": (today - 5 * DAY).isoformat()})
    for day in (today - 5 * DAY, today + DAY):
        answer = manager.post(f"/units/{RURAL}/reopen", data={"first_day": day.isoformat()})
        assert answer.status_code == 422, day


def test_nothing_is_listed_for_a_day_on_which_the_office_was_closed(app, manager, today):
    with app.app_context(), transaction() as session:
        session.get(Unit, RURAL).closings = [[(today - 9 * DAY).isoformat(), (today - 3 * DAY).isoformat()]]
    with app.app_context():
        unit = db.session.get(Unit, RURAL)
        for day, refused in ((today - 10 * DAY, False), (today - 9 * DAY, True), (today - 3 * DAY, False)):
            try:
                within_life(unit, day, today)
                assert not refused, day
            except Problem:
                assert refused, day


def test_a_closed_route_is_walked_again_and_nobody_walked_it_in_between(app, cast, manager, today):
    route = company.read(app, lambda s: s.scalar(select(Route.id).where(Route.unit_code == CITY)))
    walks = {"carrier": "carrier", "first_day": today.isoformat()}
    assert manager.post(f"/units/{CITY}/routes/{route}/reopen", data=walks).status_code == 422
    manager.post(f"/units/{CITY}/routes/{route}/close")
    with app.app_context(), transaction() as session:
        session.get(Route, route).closed_on = today - 4 * DAY
    early = walks | {"first_day": (today - 5 * DAY).isoformat()}
    assert manager.post(f"/units/{CITY}/routes/{route}/reopen", data=early).status_code == 422
    assert manager.post(f"/units/{CITY}/routes/{route}/reopen", data=walks).status_code == 302

    def walked(day):
        return company.read(app, lambda session: queries.carriers_on(session, CITY, day).get(route))

    assert walked(today - 5 * DAY) == walked(today) == cast.people["carrier"]
    assert walked(today - 4 * DAY) is None


# ---------------------------------------------------------------- the ledger's first day, apart from the opening


def begins(manager, code: str, day: date):
    return manager.post(f"/units/{code}/ledger", data={"ledger_from": day.isoformat()})


def test_of_the_days_before_its_ledger_began_an_office_owes_nothing(app, manager, today):
    open_ledger(app, RURAL, today - 60 * DAY)
    owed = lines(app, RURAL, "pre-shift-meeting")
    first = today - 20 * DAY
    assert begins(manager, RURAL, first).status_code == 302
    days = lines(app, RURAL, "pre-shift-meeting")
    assert min(days) == first.isoformat() and days < owed
    assert period_of("week", first - 7 * DAY).code not in lines(app, RURAL, "relay-rural")
    assert verified(app, RURAL) == []
    assert "台账自" in manager.get(f"/units/{RURAL}").text
    # Put back to the opening, all that it owed is there again.
    assert begins(manager, RURAL, today - 60 * DAY).status_code == 302
    assert lines(app, RURAL, "pre-shift-meeting") == owed
    assert verified(app, RURAL) == []


def test_a_ledger_that_begins_ahead_is_empty_until_its_day_has_come(app, manager, today):
    open_ledger(app, RURAL, today - 5 * DAY)
    assert begins(manager, RURAL, today + 5 * DAY).status_code == 302
    assert lines(app, RURAL, "pre-shift-meeting") == set()
    assert verified(app, RURAL) == []
    with app.app_context(), transaction() as session:
        ledger.open_lines(session, session.get(Unit, RURAL), clock.now() + 6 * DAY)
    ahead = {(today + n * DAY).isoformat() for n in (5, 6)}
    assert lines(app, RURAL, "pre-shift-meeting") == ahead


def test_a_ledger_does_not_begin_before_its_office_nor_years_ahead(app, cast, manager, today):
    assert begins(manager, RURAL, company.FIRST_DAY - DAY).status_code == 422
    assert begins(manager, RURAL, today + 367 * DAY).status_code == 422
    assert begins(company.client_for(app, cast, "nextcounty"), COUNTY, today).status_code in (403, 404)
    assert begins(company.client_for(app, cast, "director"), CITY, today).status_code in (403, 404)
    assert company.read(app, lambda session: session.get(Unit, RURAL).ledger_from) is None


def test_an_office_of_long_ago_is_entered_with_a_ledger_that_begins_today(app, manager, today):
    old = {"code": "152502778", "name": "老城投递部", "setting": "city", "opened_on": "2026-02-03"}
    assert manager.post(f"/units?unit={COUNTY}", data=old).status_code == 422
    early = old | {"ledger_from": (today - 31 * DAY).isoformat()}
    assert manager.post(f"/units?unit={COUNTY}", data=early).status_code == 422
    form = old | {"ledger_from": today.isoformat()}
    assert manager.post(f"/units?unit={COUNTY}", data=form).status_code == 302
    opened, first = company.read(
        app, lambda s: (s.get(Unit, "152502778").opened_on, s.get(Unit, "152502778").ledger_first)
    )
    assert (opened, first) == (date(2026, 2, 3), today)
    assert lines(app, "152502778", "pre-shift-meeting") == {today.isoformat()}
    assert verified(app, "152502778") == []


def test_a_file_tells_from_which_day_on_the_ledgers_are_kept_and_changes_it(app, manager, today):
    head = "编号,名称,上级,城乡,启用日期,台账起始日期\n"
    row = f"152502779,南郊投递部,{COUNTY},城市,2026-03-01,{{}}\n"
    brought(manager, "units", head + row.format(today.isoformat()))
    assert company.read(app, lambda session: session.get(Unit, "152502779").ledger_first) == today
    later = today + 3 * DAY
    brought(manager, "units", head + row.format(later.isoformat()))
    assert company.read(app, lambda session: session.get(Unit, "152502779").ledger_first) == later
    assert lines(app, "152502779", "pre-shift-meeting") == set()
    assert verified(app, "152502779") == []
