"""People and their dated roles, kept by a superior."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from tests.cast import CITY, COUNTY, LEAGUE, NEXT_RURAL, PASSWORD, RURAL, bare, build_in, client_for, read
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.org import operations
from webapp.org.models import Person, Role

TODAY = clock.local_date(clock.now())


@pytest.fixture
def cast(app):
    return build_in(app)


def new(**changes):
    form = {"login": "d1502", "name": "王芳", "role": "carrier", "unit": CITY, "first_day": TODAY.isoformat()}
    return form | changes


def roles_of(app, cast, login):
    query = select(Role).join(Person, Person.id == Role.person_id).where(Person.login == login)
    return read(app, lambda session: list(session.scalars(query.order_by(Role.first_day, Role.id))))


def errors(answer):
    return set(re.findall(r'id="([\w-]+)-error"', answer.text))


def names(answer):
    return set(re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', answer.text))


# --- the list


def test_a_director_sees_the_own_department_alone(app, cast):
    seen = names(client_for(app, cast, "director").get("/people"))
    assert seen == {"张巴图", "王其其格", "李斯琴", "赵那仁", "陈高娃", "刘洋", "孙萨仁"}


def searched(client, text: str, **filters: str):
    return client.post("/people", data={"search": text, **filters}, follow_redirects=True)


def test_a_county_manager_sees_the_county_and_not_the_next_one(app, cast):
    seen = names(client_for(app, cast, "county").get("/people"))
    assert {"张巴图", "宝音", "周苏日娜"} <= seen
    assert not seen & {"吴海", "郑阿木尔", "冯格日勒", "系统管理员"}


def test_the_list_narrows_to_a_unit_a_role_and_a_name(app, cast):
    county = client_for(app, cast, "county")
    assert names(county.get(f"/people?unit={RURAL}")) == {"宝音"}
    assert names(county.get("/people?role=team_lead")) == {"李斯琴"}
    assert names(searched(county, "巴图")) == {"张巴图"}
    assert names(searched(county, "CARRIER2")) == {"王其其格"}
    assert names(searched(county, "巴图", unit=RURAL)) == set()
    assert "没有找到" in searched(county, "%").text


def test_a_role_filter_speaks_of_today(app, cast):
    assert names(client_for(app, cast, "county").get("/people?role=inspector")) == {"赵那仁", "宝音"}


def test_a_unit_of_the_next_county_is_not_found_like_one_that_does_not_exist(app, cast):
    county = client_for(app, cast, "county")
    there, nowhere = county.get(f"/people?unit={NEXT_RURAL}"), county.get("/people?unit=999")
    assert there.status_code == nowhere.status_code == 404
    assert bare(there).replace(NEXT_RURAL, "999") == bare(nowhere)


@pytest.mark.parametrize(
    "query", ["unit=%00", "s=%00", "page=0", "page=-1", "page=99999999", "page=x", "state=x"]
)
def test_a_strange_question_breaks_nothing(app, cast, query):
    assert client_for(app, cast, "county").get(f"/people?{query}").status_code in (200, 404)


def test_a_long_list_is_cut_into_pages_that_keep_the_question(app, cast):
    county = client_for(app, cast, "county")
    with app.app_context(), transaction() as session:
        actor = cast.actor(session, "county")
        for number in range(60):
            form = new(login=f"n{number:03d}", name=f"新{number}") | {"first_day": TODAY, "last_day": None}
            operations.add_person(session, actor, clock.now(), form)
    first = searched(county, "新")
    assert len(names(first)) == 50
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    assert len(names(county.get("/people" + following.replace("&amp;", "&")))) == 10


def test_listing_a_hundred_people_asks_as_often_as_listing_ten(sqlite_app):
    cast = build_in(sqlite_app)
    county = client_for(sqlite_app, cast, "county")

    def queries():
        asked = []
        with sqlite_app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        county.get("/people")
        return len(asked)

    few = queries()
    with sqlite_app.app_context(), transaction() as session:
        actor = cast.actor(session, "county")
        for number in range(40):
            form = new(login=f"n{number:03d}") | {"first_day": TODAY, "last_day": None}
            operations.add_person(session, actor, clock.now(), form)
    assert queries() <= few


# --- entering people and giving roles


def test_a_manager_enters_a_carrier_and_is_led_to_the_page_with_the_enrolment(app, cast):
    county = client_for(app, cast, "county")
    answer = county.post("/people/new", data=new())
    assert answer.status_code == 302
    page = county.get(answer.location)
    assert "王芳" in page.text
    assert "/enrolment" in page.text
    (role,) = roles_of(app, cast, "d1502")
    assert (role.role, role.unit_code, role.granted_by) == ("carrier", CITY, cast.people["county"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"login": "carrier"}, "login"),
        ({"login": " CARRIER "}, "login"),
        ({"login": "x"}, "login"),
        ({"name": ""}, "name"),
        ({"unit": NEXT_RURAL}, "unit"),
        ({"unit": "999"}, "unit"),
        ({"unit": COUNTY}, "role"),
        ({"role": "league_inspector"}, "role"),
        ({"role": "king"}, "role"),
        ({"first_day": "soon"}, "first_day"),
        ({"first_day": (TODAY - timedelta(days=31)).isoformat()}, "first_day"),
        ({"last_day": (TODAY - timedelta(days=1)).isoformat()}, "last_day"),
    ],
)
def test_a_wrong_entry_is_explained_beside_its_field_and_nobody_is_entered(app, cast, changes, field):
    answer = client_for(app, cast, "county").post("/people/new", data=new(**changes))
    assert answer.status_code in (403, 409, 422)
    assert errors(answer) == {field}
    count = read(app, lambda session: len(session.scalars(select(Person)).all()))
    assert count == len(cast.people)


def test_units_out_of_sight_are_refused_like_units_that_do_not_exist(app, cast):
    county = client_for(app, cast, "county")
    there, nowhere = (county.post("/people/new", data=new(unit=unit)) for unit in (NEXT_RURAL, "999999999"))
    assert bare(there) == bare(nowhere)


@pytest.mark.parametrize("login", ["carrier", "lead", "inspector", "director", "region"])
def test_only_managers_enter_people(app, cast, login):
    client = client_for(app, cast, login)
    assert client.get("/people/new").status_code == 403
    assert client.post("/people/new", data=new()).status_code == 403


def give(client, person_id, **form):
    return client.post(f"/people/{person_id}/roles", data=form)


def test_a_person_may_hold_several_roles(app, cast):
    county, inspector = client_for(app, cast, "county"), cast.people["inspector"]
    first = TODAY.isoformat()
    assert give(county, inspector, role="carrier", unit=RURAL, first_day=first).status_code == 302
    held = {(role.role, role.unit_code) for role in roles_of(app, cast, "inspector")}
    assert held == {("inspector", CITY), ("carrier", RURAL)}


def test_the_same_role_twice_at_once_is_refused(app, cast):
    county = client_for(app, cast, "county")
    answer = give(county, cast.people["carrier"], role="carrier", unit=CITY, first_day=TODAY.isoformat())
    assert answer.status_code == 422
    assert errors(answer) == {"first_day"}


def test_a_role_ends_on_its_last_day_by_name_of_who_ended_it(app, cast):
    county = client_for(app, cast, "county")
    (role,) = roles_of(app, cast, "lead")
    where = f"/people/{cast.people['lead']}/roles/{role.id}/end"
    assert county.post(where, data={"last_day": TODAY.isoformat()}).status_code == 302
    (role,) = roles_of(app, cast, "lead")
    assert (role.last_day, role.ended_by) == (TODAY, cast.people["county"])
    assert "周苏日娜" in county.get(f"/people/{cast.people['lead']}").text


def test_a_role_to_come_is_taken_back_by_ending_it_before_it_begins(app, cast):
    county = client_for(app, cast, "county")
    begins = TODAY + timedelta(days=10)
    give(county, cast.people["lead"], role="inspector", unit=CITY, first_day=begins.isoformat())
    role = next(role for role in roles_of(app, cast, "lead") if role.role == "inspector")
    where = f"/people/{cast.people['lead']}/roles/{role.id}/end"
    assert county.post(where, data={"last_day": (begins - timedelta(days=2)).isoformat()}).status_code == 422
    assert county.post(where, data={"last_day": (begins - timedelta(days=1)).isoformat()}).status_code == 302
    assert "Taken back" in county.get(f"/people/{cast.people['lead']}?lang=en").text


def test_a_role_that_ended_long_ago_is_not_reopened(app, cast):
    with app.app_context(), transaction() as session:
        role = session.scalars(select(Role).where(Role.person_id == cast.people["former"])).one()
        role.last_day = TODAY - timedelta(days=31)
        role_id = role.id
    county = client_for(app, cast, "county")
    answer = county.post(
        f"/people/{cast.people['former']}/roles/{role_id}/end", data={"last_day": TODAY.isoformat()}
    )
    assert answer.status_code == 422
    assert roles_of(app, cast, "former")[0].last_day == TODAY - timedelta(days=31)


def test_nobody_changes_the_own_roles_or_account(app, cast):
    county, own = client_for(app, cast, "county"), cast.people["county"]
    (role,) = roles_of(app, cast, "county")
    assert give(county, own, role="director", unit=CITY, first_day=TODAY.isoformat()).status_code == 403
    end = county.post(f"/people/{own}/roles/{role.id}/end", data={"last_day": TODAY.isoformat()})
    codes = [
        county.post(f"/people/{own}/{act}").status_code for act in ("password", "deactivate", "enrolment")
    ]
    assert [end.status_code, *codes] == [403, 403, 403, 403]
    assert roles_of(app, cast, "county")[0].last_day is None


def test_an_operation_refuses_a_grant_above_the_own_rank(app, cast):
    form = {"role": "league_inspector", "unit": LEAGUE, "first_day": TODAY, "last_day": None}
    with (
        app.app_context(),
        pytest.raises(Problem, match="above-own-role|forbidden|invalid"),
        transaction() as session,
    ):
        operations.give_role(session, cast.actor(session, "county"), cast.people["lead"], form)


# --- who may be managed


def test_a_person_of_the_next_county_does_not_exist(app, cast):
    county = client_for(app, cast, "county")
    there = cast.people["nextcarrier"]
    assert county.get(f"/people/{there}").status_code == 404
    for act in ("roles", "name", "password", "deactivate", "reactivate", "enrolment"):
        assert county.post(f"/people/{there}/{act}", data=new()).status_code == 404
    assert county.get("/people/%00").status_code == 404


def test_who_also_works_in_the_next_county_is_seen_with_the_roles_here_and_kept_there(app, cast):
    with app.app_context(), transaction() as session:
        form = {"role": "carrier", "unit": NEXT_RURAL, "first_day": TODAY, "last_day": None}
        operations.give_role(session, cast.actor(session, "league"), cast.people["carrier"], form)
    county, carrier = client_for(app, cast, "county"), cast.people["carrier"]
    page = county.get(f"/people/{carrier}")
    assert page.status_code == 200
    assert "格日勒敖都" not in page.text
    assert county.post(f"/people/{carrier}/password").status_code == 403
    assert client_for(app, cast, "league").post(f"/people/{carrier}/password").status_code == 200


def test_a_director_cannot_reset_the_county_manager_who_is_director_here_too(app, cast):
    with app.app_context(), transaction() as session:
        form = {"role": "director", "unit": CITY, "first_day": TODAY, "last_day": None}
        operations.give_role(session, cast.actor(session, "league"), cast.people["county"], form)
    director = client_for(app, cast, "director")
    assert director.get(f"/people/{cast.people['county']}").status_code == 200
    assert director.post(f"/people/{cast.people['county']}/password").status_code == 403
    assert director.post(f"/people/{cast.people['county']}/enrolment").status_code == 403


def test_a_reset_password_is_shown_once_ends_all_sessions_and_must_be_changed(app, cast):
    carrier = client_for(app, cast, "carrier")
    answer = client_for(app, cast, "director").post(f"/people/{cast.people['carrier']}/password")
    (word,) = re.findall(r"<strong>([A-Z2-9]{10})</strong>", answer.text)
    assert "no-store" in answer.headers["Cache-Control"]
    assert carrier.get("/account").status_code == 302
    back = app.test_client()
    assert back.post("/login", data={"login": "carrier", "password": PASSWORD}).status_code == 401
    assert back.post("/login", data={"login": "carrier", "password": word}).location == "/account"
    assert back.get("/devices").status_code == 302
    own = {"current": word, "password": "steppe-wind-42", "repeat": "steppe-wind-42"}
    assert back.post("/account", data=own).status_code == 302
    assert back.get("/devices").status_code == 200


def test_a_reset_lifts_the_pause(make_app):
    app = make_app("sqlite", LOGIN_FAILURES=1)
    cast = build_in(app)
    client = app.test_client()
    assert client.post("/login", data={"login": "carrier", "password": "wrong"}).status_code == 429
    answer = client_for(app, cast, "director").post(f"/people/{cast.people['carrier']}/password")
    (word,) = re.findall(r"<strong>([A-Z2-9]{10})</strong>", answer.text)
    assert client.post("/login", data={"login": "carrier", "password": word}).status_code == 302


def test_deactivating_ends_sessions_and_reactivating_lets_in_again(app, cast):
    county, where = client_for(app, cast, "county"), f"/people/{cast.people['lead']}"
    lead, login = client_for(app, cast, "lead"), {"login": "lead", "password": PASSWORD}
    assert county.post(f"{where}/deactivate").status_code == 302
    assert lead.get("/account").status_code == 302
    assert app.test_client().post("/login", data=login).status_code == 401
    assert county.post(f"{where}/password").status_code == 409
    assert "李斯琴" not in names(county.get("/people"))
    assert names(county.get("/people?state=inactive")) == {"李斯琴"}
    assert county.post(f"{where}/reactivate").status_code == 302
    assert app.test_client().post("/login", data=login).status_code == 302


@pytest.mark.parametrize("login", ["director", "region", "lead"])
def test_who_does_not_keep_people_cannot_deactivate(app, cast, login):
    answer = client_for(app, cast, login).post(f"/people/{cast.people['carrier']}/deactivate")
    assert answer.status_code in (403, 404)
    assert read(app, lambda session: cast.person(session, "carrier").active)


def test_a_name_is_corrected(app, cast):
    county = client_for(app, cast, "county")
    where = f"/people/{cast.people['lead']}/name"
    assert county.post(where, data={"name": "李斯琴高娃"}).status_code == 302
    assert errors(county.post(where, data={"name": ""})) == {"name"}
    assert read(app, lambda session: cast.person(session, "lead").name) == "李斯琴高娃"


def test_someone_whose_roles_all_ended_is_still_kept_where_they_were(app, cast):
    with app.app_context(), transaction() as session:
        role = session.scalars(select(Role).where(Role.person_id == cast.people["lead"])).one()
        role.first_day, role.last_day = date(2026, 1, 1), TODAY - timedelta(days=1)
    county = client_for(app, cast, "county")
    assert county.get(f"/people/{cast.people['lead']}").status_code == 200
    assert county.post(f"/people/{cast.people['lead']}/deactivate").status_code == 302
    assert not read(app, lambda session: cast.person(session, "lead").active)
