"""What a department offers and who runs it, from which day on; which county-level unit is a bureau: page, guards, files."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError

from tests import cast as company
from tests.cast import CITY, COUNTY, FIRST_DAY, LEAGUE, NEXT_RURAL, RURAL
from tests.integration.desk.staff.test_units import brought, confirmed, lines, open_ledger, send, verified
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.journal.models import JournalRow
from webapp.ledger.models import LedgerLine
from webapp.org import queries
from webapp.org.models import Unit
from webapp.org.services import operator_on, services_on
from webapp.registers.divisions import add_county

DAY = timedelta(days=1)
OPENED = {"code": "152502777", "name": "新城支局", "setting": "rural"}
HEAD = "编号,名称,上级,城乡,服务,经营方式,性质\n"


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def today():
    return clock.local_date(clock.now())


@pytest.fixture
def manager(app, cast):
    return company.client_for(app, cast, "county")


@pytest.fixture
def league(app, cast):
    return company.client_for(app, cast, "league")


def offer(client, unit: str, service: str, day: date, offers: str = "yes"):
    form = {"service": service, "offers": offers, "first_day": day.isoformat()}
    return client.post(f"/units/{unit}/services", data=form)


def run_by(client, unit: str, operator: str, day: date):
    return client.post(f"/units/{unit}/operator", data={"operator": operator, "first_day": day.isoformat()})


def spans(app, unit: str) -> list:
    return company.read(app, lambda session: queries.services_of(session, [unit]).get(unit, []))


def operators(app, unit: str) -> list:
    return company.read(app, lambda session: queries.operators_of(session, [unit]).get(unit, []))


def bureau(app, unit: str) -> str | None:
    return company.read(app, lambda session: session.get(Unit, unit).bureau)


def told(app, unit: str) -> int:
    """How many entries say that something of the unit itself was changed: by these its phones learn of it."""
    query = select(JournalRow).where(JournalRow.unit_code == unit, JournalRow.entry == "unit")
    return company.read(app, lambda session: len(session.scalars(query).all()))


# ---------------------------------------------------------------- from a day on


def test_a_branch_opens_a_counter_and_closes_it_again_and_its_page_tells_both(app, manager, today):
    since, until = today - 20 * DAY, today - 4 * DAY
    assert offer(manager, RURAL, "counter", since).status_code == 302
    assert offer(manager, RURAL, "financial", today).status_code == 302
    assert offer(manager, RURAL, "counter", until + DAY, "no").status_code == 302
    assert spans(app, RURAL) == [
        ("delivery", FIRST_DAY, None),
        ("counter", since, until),
        ("financial", today, None),
    ]
    assert services_on(spans(app, RURAL), until) == {"delivery", "counter"}
    page = manager.get(f"/units/{RURAL}").text
    life = page.partition('id="life-title"')[2].partition("</section>")[0]
    assert life.index("金融") < life.index("投递") < life.index("营业") and "自办" in life
    assert told(app, RURAL) == 3
    assert verified(app, RURAL) == []


def test_the_ledger_is_counted_anew_when_a_service_changes(app, manager, today):
    open_ledger(app, RURAL, today - 20 * DAY)
    spoilt = update(LedgerLine).where(LedgerLine.unit_code == RURAL).values(done=99)
    with app.app_context(), transaction() as session:
        session.execute(spoilt)
    assert verified(app, RURAL) != []
    before = lines(app, RURAL, "pre-shift-meeting")
    assert offer(manager, RURAL, "counter", today - 5 * DAY).status_code == 302
    assert verified(app, RURAL) == []
    assert lines(app, RURAL, "pre-shift-meeting") == before


def test_a_wrong_entry_is_taken_back_by_the_opposite_of_the_same_day(app, manager, today):
    before = spans(app, RURAL)
    assert offer(manager, RURAL, "counter", today - 5 * DAY).status_code == 302
    assert offer(manager, RURAL, "counter", today - 5 * DAY, "no").status_code == 302
    assert spans(app, RURAL) == before
    # And entered with the right day, although that is earlier.
    assert offer(manager, RURAL, "counter", today - 9 * DAY).status_code == 302
    assert offer(manager, RURAL, "delivery", today - 2 * DAY, "no").status_code == 302
    assert offer(manager, RURAL, "delivery", today - 2 * DAY).status_code == 302
    assert spans(app, RURAL) == [*before, ("counter", today - 9 * DAY, None)]


def test_a_service_changes_neither_ahead_nor_long_ago_nor_to_what_it_is(app, manager, today):
    before = spans(app, RURAL)
    for service, day, offers in (
        ("counter", today + DAY, "yes"),
        ("counter", today - 31 * DAY, "yes"),
        ("delivery", today, "yes"),
        ("counter", today, "no"),
        ("parcels", today, "yes"),
        ("counter", today, "perhaps"),
    ):
        assert offer(manager, RURAL, service, day, offers).status_code == 422, (service, day, offers)
    assert spans(app, RURAL) == before
    assert offer(manager, RURAL, "counter", today - 5 * DAY).status_code == 302
    assert offer(manager, RURAL, "counter", today - 6 * DAY, "no").status_code == 422
    assert offer(manager, RURAL, "counter", today - 30 * DAY, "no").status_code == 422


def test_the_last_service_is_never_taken_for_who_offers_nothing_is_closed(app, manager, today):
    page = offer(manager, RURAL, "delivery", today, "no")
    assert page.status_code == 422 and "停用该部门" in page.text
    assert offer(manager, RURAL, "counter", today).status_code == 302
    # From today on there is another one, yesterday there would be none.
    assert offer(manager, RURAL, "delivery", today - DAY, "no").status_code == 422
    assert offer(manager, RURAL, "delivery", today, "no").status_code == 302
    assert offer(manager, RURAL, "counter", today, "no").status_code == 422
    assert services_on(spans(app, RURAL), today) == {"counter"}


def test_nothing_is_offered_after_the_last_day_nor_by_a_county(app, cast, manager, league, today):
    assert manager.post(f"/units/{RURAL}/close", data={"last_day": str(today - 3 * DAY)}).status_code == 302
    assert offer(manager, RURAL, "counter", today - 2 * DAY).status_code == 422
    assert run_by(manager, RURAL, "agency", today - 2 * DAY).status_code == 422
    assert offer(manager, RURAL, "counter", today - 3 * DAY).status_code == 302
    assert offer(league, COUNTY, "counter", today).status_code == 422
    assert run_by(league, COUNTY, "agency", today).status_code == 422
    assert spans(app, COUNTY) == [] and operators(app, COUNTY) == []


def test_an_outlet_given_to_an_agency_shows_since_when(app, manager, today):
    assert run_by(manager, RURAL, "own", today).status_code == 422
    assert run_by(manager, RURAL, "agency", today + DAY).status_code == 422
    assert run_by(manager, RURAL, "agency", today - 31 * DAY).status_code == 422
    assert run_by(manager, RURAL, "agency", today - 3 * DAY).status_code == 302
    assert operators(app, RURAL) == [(FIRST_DAY, "own"), (today - 3 * DAY, "agency")]
    assert operator_on(operators(app, RURAL), today - 4 * DAY) == "own"
    assert (
        "委代办" in manager.get(f"/units?unit={COUNTY}").text.partition("<tbody>")[2].partition("</tbody>")[0]
    )
    assert told(app, RURAL) == 1
    assert run_by(manager, RURAL, "own", today - 4 * DAY).status_code == 422
    assert run_by(manager, RURAL, "own", today - 3 * DAY).status_code == 302  # it was a mistake
    assert operator_on(operators(app, RURAL), today) == "own"


@pytest.mark.parametrize(
    ("login", "unit", "statuses"),
    [
        ("county", RURAL, {302}),
        ("league", RURAL, {302}),
        ("admin", RURAL, {302}),
        ("region", RURAL, {403}),
        ("director", CITY, {403}),
        ("carrier", CITY, {403}),
        ("director", RURAL, {404}),
        ("nextcounty", RURAL, {404}),
        ("county", NEXT_RURAL, {404}),
    ],
)
def test_who_keeps_the_unit_says_what_it_offers_and_nobody_else(app, cast, today, login, unit, statuses):
    client, before = company.client_for(app, cast, login), (spans(app, unit), operators(app, unit))
    assert {offer(client, unit, "counter", today).status_code} == statuses
    assert {run_by(client, unit, "agency", today).status_code} == statuses
    assert ((spans(app, unit), operators(app, unit)) == before) is (statuses != {302})


# ---------------------------------------------------------------- opened


def test_a_new_department_delivers_and_is_run_by_the_post_where_nothing_else_is_said(app, manager, today):
    form = OPENED | {"opened_on": today.isoformat()}
    assert manager.post(f"/units?unit={COUNTY}", data=form).status_code == 302
    assert spans(app, "152502777") == [("delivery", today, None)]
    assert operators(app, "152502777") == [(today, "own")]


def test_a_new_department_has_the_services_that_are_ticked_but_at_least_one(app, manager, today):
    form = OPENED | {"opened_on": today.isoformat(), "operator": "agency"}
    none = manager.post(f"/units?unit={COUNTY}", data=form | {"services": ""})
    assert none.status_code == 422 and 'id="services-error"' in none.text
    both = manager.post(f"/units?unit={COUNTY}", data=form | {"services": ["", "financial", "counter"]})
    assert both.status_code == 302
    assert services_on(spans(app, "152502777"), today) == {"counter", "financial"}
    assert operators(app, "152502777") == [(today, "agency")]


def test_a_county_is_opened_as_a_bureau_and_later_is_another_or_none(app, cast, manager, league, today):
    form = {"code": "152599", "name": "锡林郭勒盟投递局", "opened_on": today.isoformat()}
    assert league.post(f"/units?unit={LEAGUE}", data=form | {"services": ["delivery"]}).status_code == 422
    assert league.post(f"/units?unit={LEAGUE}", data=form | {"operator": "own"}).status_code == 422
    assert league.post(f"/units?unit={LEAGUE}", data=form | {"bureau": "delivery"}).status_code == 302
    assert bureau(app, "152599") == "delivery" and spans(app, "152599") == []
    assert "投递局</p>" in league.get("/units/152599").text
    details = {"name": "锡林郭勒盟营业局"}
    for said, kept in (("counter", "counter"), (None, "counter"), ("none", None)):
        more = {"bureau": said} if said else {}
        assert league.post("/units/152599/details", data=details | more).status_code == 302
        assert bureau(app, "152599") == kept
    assert told(app, "152599") == 3
    # Nobody but the league or an administrator makes a bureau of the own county.
    data = {"name": "锡林浩特市", "bureau": "counter"}
    assert manager.post(f"/units/{COUNTY}/details", data=data).status_code == 403
    assert bureau(app, COUNTY) is None


def test_no_department_is_a_bureau_neither_by_a_form_nor_in_the_database(app, manager, today):
    form = OPENED | {"opened_on": today.isoformat(), "bureau": "delivery"}
    assert manager.post(f"/units?unit={COUNTY}", data=form).status_code == 422
    data = {"name": "宝力根苏木支局", "bureau": "delivery"}
    assert manager.post(f"/units/{RURAL}/details", data=data).status_code == 422
    with app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        session.get(Unit, RURAL).bureau = "delivery"


def test_every_department_that_the_first_command_makes_delivers_from_its_first_day(app, today):
    with app.app_context(), transaction() as session:
        made = {unit.code for unit in add_county(session, COUNTY, today)}
        assert made
        assert queries.services_of(session, made) == {code: [("delivery", today, None)] for code in made}
        assert queries.operators_of(session, made) == {code: [(today, "own")] for code in made}


def test_what_many_units_offer_is_one_question(app, cast):
    with app.app_context():
        asked = []
        event.listen(db.engine, "before_cursor_execute", lambda *more: asked.append(more[2]))
        found = queries.services_of(db.session, [CITY, RURAL, NEXT_RURAL, COUNTY])
        assert len([one for one in asked if one.startswith("SELECT")]) == 1
    assert found == {code: [("delivery", FIRST_DAY, None)] for code in (CITY, RURAL, NEXT_RURAL)}


# ---------------------------------------------------------------- files


def test_a_file_opens_departments_with_their_services_and_says_the_same_again(app, manager, today):
    text = (
        HEAD
        + f"152502777,新城支局,{COUNTY},农村,投递、营业,委代办,\n"
        + f'152502778,南郊支局,{COUNTY},农村,"金融,营业",,\n'
        + f"152502779,北郊支局,{COUNTY},农村,,,\n"
    )
    brought(manager, "units", text)
    held = {code: services_on(spans(app, code), today) for code in ("152502777", "152502778", "152502779")}
    assert held == {
        "152502777": {"delivery", "counter"},
        "152502778": {"counter", "financial"},
        "152502779": {"delivery"},
    }
    assert operators(app, "152502777") == [(today, "agency")]
    assert operators(app, "152502778") == [(today, "own")]
    again = send(manager, "units", text)
    assert 'name="rows"' not in again.text and "errors-title" not in again.text
    # A file without these columns says nothing of them.
    plain = send(manager, "units", f"编号,名称,上级\n152502777,新城支局,{COUNTY}\n")
    assert 'name="rows"' not in plain.text and "errors-title" not in plain.text


def test_what_a_file_says_otherwise_of_services_is_told_row_by_row_and_not_done(app, manager):
    row = f"{RURAL},宝力根苏木支局,{COUNTY},农村"
    for cells, heading in (
        ("营业,,", "服务"),
        ("投递、营业,,", "服务"),
        ("投递、包裹,,", "服务"),
        (",委代办,", "经营方式"),
        (",租赁,", "经营方式"),
        (",,投递局", "性质"),
        (",,总局", "性质"),
    ):
        page = send(manager, "units", f"{HEAD}{row},{cells}\n").text
        errors = page.partition('id="errors-title"')[2].partition("</section>")[0]
        assert f"{heading}</td>" in errors and 'name="rows"' not in page, cells
    assert spans(app, RURAL) == [("delivery", FIRST_DAY, None)]


def test_a_file_makes_a_bureau_of_a_county_and_shows_the_change_first(app, cast, league):
    row = f"{COUNTY},锡林浩特市,{LEAGUE},,,,{{}}\n"
    preview = send(league, "units", HEAD + row.format("投递局"))
    changes = preview.text.partition('id="changes-title"')[2].partition("</section>")[0]
    assert "旗县局" in changes and changes.count("投递局") == 1
    rows = preview.text.partition('id="rows-title"')[2].partition("</section>")[0]
    assert "旗县局" in rows and "投递局" in rows  # the row as it will stand, with what stood before
    assert bureau(app, COUNTY) is None
    assert confirmed(league, "units", preview).status_code == 302
    assert bureau(app, COUNTY) == "delivery"
    brought(league, "units", HEAD + row.format("旗县局"))
    assert bureau(app, COUNTY) is None
    # Services are for departments.
    assert "errors-title" in send(league, "units", f"{HEAD}{COUNTY},锡林浩特市,{LEAGUE},,投递,,\n").text


def test_the_template_names_the_columns_that_the_file_may_have(manager):
    head = manager.get("/units/import/template.csv?sort=units").data.decode("utf-8-sig").splitlines()
    assert {"服务", "经营方式", "性质"} <= set(head[0].split(","))
    assert "投递、营业" in head[1]


def test_the_command_line_brings_services_with_the_same_checks(app, cast, tmp_path, today):
    file = tmp_path / "units.csv"
    head = "code,name,parent,setting,services,operator,bureau\n"
    file.write_text(f"{head}152502777,新城支局,{COUNTY},rural,counter/financial,agency,\n", encoding="utf-8")
    assert "1 new" in app.test_cli_runner().invoke(args=["import", "units", str(file)]).output
    assert services_on(spans(app, "152502777"), today) == {"counter", "financial"}
    file.write_text(f"{head}152502777,新城支局,{COUNTY},rural,delivery,agency,\n", encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["import", "units", str(file)])
    assert done.exit_code == 1 and "line 2: services: on-its-page" in done.output
    file.write_text(f"{head}{COUNTY},锡林浩特市,{LEAGUE},,,,counter bureau\n", encoding="utf-8")
    assert "1 changed" in app.test_cli_runner().invoke(args=["import", "units", str(file)]).output
    assert bureau(app, COUNTY) == "counter"
