"""What an attacker tries over HTTP with accounts, enrolments and phones: the neighbour, the subordinate, the dismissed."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.cast import PASSWORD, bare, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels
from tests.photos import HEADERS, picture, put
from webapp.core import clock
from webapp.core.database import transaction
from webapp.org.models import Device, Enrolment, Person, Role

# Every way to lay hands on another person's account.
SEIZURES = (
    "/people/{person}/password",
    "/people/{person}/enrolment",
    "/people/{person}/deactivate",
    "/people/{person}/reactivate",
    "/people/{person}/name",
    "/people/{person}/roles",
    "/devices/{device}/revoke",
)
FORM = {"name": "谁", "role": "carrier", "unit": "152502002", "first_day": "2026-11-21"}


@pytest.fixture
def cast(app):
    return build_in(app)


def state(app, login: str):
    """All that a seizure could have changed."""

    def ask(session):
        person = session.scalar(select(Person).where(Person.login == login))
        roles = session.scalars(select(Role.role).where(Role.person_id == person.id).order_by(Role.id)).all()
        open_codes = session.scalars(select(Enrolment.id).where(Enrolment.person_id == person.id)).all()
        phones = session.scalars(select(Device.revoked_at).where(Device.person_id == person.id)).all()
        return person.password_hash, person.active, person.temporary, person.name, roles, open_codes, phones

    return read(app, ask)


def sign_in(app, login: str, password: str = PASSWORD):
    client = app.test_client()
    return client, client.post("/login", data={"login": login, "password": password})


def pushed(client):
    return client.post("/api/sync/push", json={"facts": [envelope(inspection(parcels(20)))]}, headers=HEADERS)


@pytest.mark.parametrize("login", ["carrier", "director", "county"])
def test_the_neighbouring_county_cannot_touch_anybody_and_learns_nothing(app, cast, login):
    phone = client_for(app, cast, login).device_id
    attacker, before = client_for(app, cast, "nextcounty"), state(app, login)
    nobody = "01970000-0000-7000-8000-000000000000"
    for way in SEIZURES:
        real = attacker.post(way.format(person=cast.people[login], device=phone), data=FORM)
        none = attacker.post(way.format(person=nobody, device=nobody), data=FORM)
        assert (real.status_code, bare(real)) == (404, bare(none)), way
    assert state(app, login) == before


@pytest.mark.parametrize("attacker", ["carrier", "lead", "inspector", "director", "county"])
def test_nobody_lays_hands_on_a_superior(app, cast, attacker):
    superior = {"director": "county", "county": "league"}.get(attacker, "director")
    phone = client_for(app, cast, superior).device_id
    client, before = client_for(app, cast, attacker), state(app, superior)
    for way in SEIZURES:
        status = client.post(way.format(person=cast.people[superior], device=phone), data=FORM).status_code
        assert status in (403, 404), way
    assert state(app, superior) == before


def test_no_role_makes_itself_greater(app, cast):
    for login in ("carrier", "director", "county", "league", "admin"):
        client, before = client_for(app, cast, login), state(app, login)
        for role, unit in (("county_manager", "152502"), ("admin", "15"), ("region_supervisor", "15")):
            form = {"role": role, "unit": unit, "first_day": "2026-11-21"}
            client.post(f"/people/{cast.people[login]}/roles", data=form)
        assert state(app, login)[:5] == before[:5], login


def test_a_dismissed_persons_phone_and_cookie_end_at_once_for_pages_push_pull_and_photos(app, cast):
    lead = client_for(app, cast, "lead")
    assert pushed(lead).status_code == 200
    assert (
        client_for(app, cast, "county").post(f"/people/{cast.people['lead']}/deactivate").status_code == 302
    )
    assert pushed(lead).status_code == 401
    assert lead.get("/api/sync/pull").status_code == 401
    assert put(lead, picture()).status_code == 401
    assert lead.get("/ledger").location.startswith("/login")
    assert sign_in(app, "lead")[1].status_code == 401
    client_for(app, cast, "county").post(f"/people/{cast.people['lead']}/reactivate")
    assert pushed(lead).status_code == 401  # the old session stays dead


def test_a_revoked_phone_is_out_at_once_and_the_other_one_is_not(app, cast):
    lost, kept = client_for(app, cast, "lead"), client_for(app, cast, "lead")
    assert kept.post(f"/devices/{lost.device_id}/revoke").status_code == 302
    assert (pushed(lost).status_code, pushed(kept).status_code) == (401, 200)


def test_a_reset_ends_the_thiefs_session_and_the_old_password(app, cast):
    thief, _answer = sign_in(app, "lead")
    assert pushed(thief).status_code == 200
    shown = client_for(app, cast, "director").post(f"/people/{cast.people['lead']}/password")
    assert shown.status_code == 200
    assert pushed(thief).status_code == 401
    assert sign_in(app, "lead")[1].status_code == 401


def test_with_a_temporary_password_nothing_is_pushed_pulled_or_looked_at(app, cast):
    with app.app_context(), transaction() as session:
        session.execute(update(Person).where(Person.login == "lead").values(temporary=True))
    client, answer = sign_in(app, "lead")
    assert answer.location == "/account"
    refused = [pushed(client), client.get("/api/sync/pull"), put(client, picture())]
    refused += [
        client.get("/api/ledger?unit=152502002&period=2026-11"),
        client.get(f"/api/photos/{'0' * 64}"),
    ]
    assert [(one.status_code, one.json["code"]) for one in refused] == [(403, "temporary-password")] * 5
    assert "临时密码" in refused[0].json["message"]
    assert client.get("/ledger").location == "/account"
    assert client.get("/api/ping").status_code == 200
    own = {"current": PASSWORD, "password": "steppe-wind-77", "repeat": "steppe-wind-77"}
    assert client.post("/account", data=own).status_code == 302
    assert [row["state"] for row in pushed(client).json["results"]] == ["stored"]


def test_a_code_is_used_once_ends_in_time_and_dies_with_the_role_of_its_person(app, cast):
    county = client_for(app, cast, "county")
    way = f"/people/{cast.people['lead']}/enrolment"

    def link() -> str:
        return re.search(r"/enrol/[\w-]{20,}", county.post(way).text)[0]

    first = link()
    assert app.test_client().post(first).status_code == 302
    assert app.test_client().post(first).status_code == 410
    late = link()
    with app.app_context(), transaction() as session:
        session.execute(update(Enrolment).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert app.test_client().post(late).status_code == 410
    last = link()
    county.post(f"/people/{cast.people['lead']}/deactivate")
    assert app.test_client().post(last).status_code == 410


def test_a_cookie_of_one_person_never_names_anothers_phone(app, cast):
    mine, theirs = client_for(app, cast, "carrier"), client_for(app, cast, "county")
    with mine.session_transaction() as cookie:
        token = cookie["_user_id"].partition(".")[2]
        cookie["_user_id"] = f"{theirs.device_id}.{token}"
    assert mine.get("/api/sync/pull").status_code == 401


def test_anothers_page_cannot_write_in_my_name(app, cast):
    lead = client_for(app, cast, "lead")
    body = {"facts": []}
    tries = [
        lead.post("/api/sync/push", json=body),
        lead.post("/api/sync/push", json=body, headers={"X-Toucha": "1", "Origin": "https://evil.example"}),
        lead.post("/api/sync/push", json=body, headers={"X-Toucha": "1", "Origin": "null"}),
    ]
    assert [(one.status_code, one.json["code"]) for one in tries] == [(403, "wrong-origin")] * 3
    form = lead.post("/api/sync/push", data="{}", headers=HEADERS, content_type="text/plain")
    assert (form.status_code, form.json["code"]) == (415, "wrong-type")
    other = lead.get("/api/sync/pull", headers={"X-Toucha-Person": cast.people["carrier"]})
    assert (other.status_code, other.json["code"]) == (409, "other-person")
