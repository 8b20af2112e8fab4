"""Roles, accounts and devices ask for the password again, and sessions end."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.cast import PASSWORD, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels
from tests.photos import HEADERS
from webapp.core import clock
from webapp.core.database import transaction
from webapp.org.models import Device, Person, Role

ROLE = {"role": "inspector", "unit": "152502002", "first_day": "2026-11-21"}
# Whatever changes a role, an account or a device.
ASKING = {
    "devices.revoke",
    "enrolment.issue",
    "notice_choices.enter_mail",  # what outlasts the session: an address, a secret link, a way into a group
    "notice_choices.make_feed",
    "document_pages.issue",
    "people.add",
    "people.deactivate",
    "people.end_role",
    "people.give_role",
    "signing.rule",
    "signing.sign",
    "signing_grants.give",
    "reviews.sign",  # what is signed is signed by whoever knows the password
    "people.reactivate",
    "people.reset_password",
    "robots.add",
    "robots.remove",
    "second_factor.renew_codes",
    "second_factor.require",
    "second_factor.set_up",
    "second_factor.show",
    "second_factor.take_off",
    "unit_files.confirm",
    "units.issue_codes",
}


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


@pytest.fixture
def cast(app):
    return build_in(app)


def age(app, client, **values):
    """The session as if its moments lay that far back."""
    with app.app_context(), transaction() as session:
        past = {name: clock.now() - delta for name, delta in values.items()}
        session.execute(update(Device).where(Device.id == client.device_id).values(**past))


def stale(app, cast, login, minutes=16):
    client = client_for(app, cast, login)
    age(app, client, proved_at=timedelta(minutes=minutes))
    return client


def roles(app, cast, login):
    query = select(Role.role).where(Role.person_id == cast.people[login]).order_by(Role.id)
    return read(app, lambda session: list(session.scalars(query)))


def test_every_change_of_roles_accounts_and_devices_asks(app):
    asking = {name for name, view in app.view_functions.items() if getattr(view, "asks_password", False)}
    assert asking == ASKING


def test_after_a_quarter_of_an_hour_the_password_is_asked_and_what_was_typed_is_done(app, cast):
    client, way = stale(app, cast, "county"), f"/people/{cast.people['lead']}/roles"
    before = roles(app, cast, "lead")
    asked = client.post(way, data=ROLE)
    assert (asked.status_code, roles(app, cast, "lead")) == (403, before)
    assert all(f'name="{name}" value="{value}"' in asked.text for name, value in ROLE.items())
    assert f'action="{way}"' in asked.text
    wrong = client.post(way, data=ROLE | {"present_password": "wrong"})
    assert (wrong.status_code, roles(app, cast, "lead")) == (422, before)
    assert (
        'id="present_password-error"' in wrong.text
        and "wrong" not in wrong.text.partition("<form")[2].split('id="present_password"')[1][:80]
    )
    done = client.post(way, data=ROLE | {"present_password": PASSWORD})
    assert (done.status_code, roles(app, cast, "lead")) == (302, [*before, "inspector"])
    # For the next quarter of an hour nothing is asked.
    assert client.post(f"/people/{cast.people['lead']}/enrolment").status_code == 200


def test_within_the_quarter_nothing_is_asked(app, cast):
    client = stale(app, cast, "county", minutes=14)
    assert client.post(f"/people/{cast.people['lead']}/roles", data=ROLE).status_code == 302


def test_a_page_that_asks_leads_on_to_it(app, cast):
    client = stale(app, cast, "county")
    page = client.get("/account/second-factor?new=1")
    assert page.status_code == 403
    assert 'name="next" value="/account/second-factor?new=1"' in page.text
    form = {"next": "/account/second-factor?new=1", "present_password": PASSWORD}
    assert client.post("/account/again", data=form | {"present_password": "no"}).status_code == 422
    assert client.post("/account/again", data=form).location == "/account/second-factor?new=1"
    assert client.get("/account/second-factor?new=1").status_code == 200
    away = client.post("/account/again", data=form | {"next": "https://evil.example/"})
    assert away.location == "/"


def test_guessing_it_from_an_open_session_pauses(make_app):
    app = make_app("sqlite", LOGIN_FAILURES=3)
    client = stale(app, build_in(app), "county")
    codes = [client.post("/account/again", data={"present_password": "no"}).status_code for _ in range(4)]
    assert codes == [422, 422, 429, 429]


def test_who_has_no_password_needs_a_new_code_not_a_password_chosen_in_the_open_session(app, cast):
    with app.app_context(), transaction() as session:
        session.execute(update(Person).where(Person.login == "county").values(password_hash=None))
    client, way = stale(app, cast, "county"), f"/people/{cast.people['lead']}/roles"
    assert "开通码" in client.post(way, data=ROLE).text
    new = {"password": "steppe-wind-77", "repeat": "steppe-wind-77"}
    assert client.post("/account", data=new).status_code == 403
    assert 'name="password"' not in client.get("/account").text
    fresh = client_for(app, cast, "county")  # has just used its code
    assert fresh.post("/account", data=new).status_code == 302


@pytest.mark.parametrize(
    ("login", "synced", "hours", "status"),
    [
        ("lead", True, 24 * 179, 200),
        ("lead", True, 24 * 181, 302),
        ("lead", False, 11, 200),  # a computer that never synced: nothing can wait on it
        ("lead", False, 13, 302),
        ("county", True, 11, 200),
        ("county", True, 13, 302),
        ("admin", True, 13, 302),
        ("nextcounty", False, 13, 302),
    ],
)
def test_a_session_ends_when_it_was_not_used(app, cast, login, synced, hours, status):
    client, past = client_for(app, cast, login), timedelta(hours=hours)
    age(app, client, seen_at=past, proved_at=past, **({"synced_at": past} if synced else {}))
    assert client.get("/account").status_code == status


@pytest.mark.parametrize(
    ("login", "days", "status"),
    [("lead", 100, 200), ("lead", 181, 302), ("county", 6, 200), ("county", 8, 302)],
)
def test_a_session_ends_even_if_it_is_used_every_hour(app, cast, login, days, status):
    client = client_for(app, cast, login)
    age(app, client, proved_at=timedelta(days=days), created_at=timedelta(days=days), synced_at=timedelta(0))
    assert client.get("/account").status_code == status


def test_a_lead_who_is_also_county_manager_has_an_office_session(app, cast):
    client = client_for(app, cast, "lead")
    with app.app_context(), transaction() as session:
        role = Role(
            id="01970000-0000-7000-8000-000000000001", person_id=cast.people["lead"], unit_code="152502"
        )
        role.role, role.first_day = "county_manager", clock.local_date(clock.now())
        session.add(role)
    past = timedelta(hours=13)
    age(app, client, seen_at=past, synced_at=past)
    assert client.get("/account").status_code == 302


def test_looking_at_pages_keeps_an_office_session_alive(app, cast, monkeypatch):
    client, real = client_for(app, cast, "county"), clock.now
    for hours in (10, 20, 30):
        monkeypatch.setattr(clock, "now", lambda hours=hours: real() + timedelta(hours=hours))
        assert client.get("/account").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=43))
    assert client.get("/account").location.startswith("/login")


def test_a_phone_whose_session_ended_keeps_its_queue_and_is_asked_to_sign_in(app, cast):
    client = client_for(app, cast, "lead")
    past = timedelta(days=181)
    age(app, client, proved_at=past, seen_at=past, synced_at=past)
    body = {"facts": [envelope(inspection(parcels(20)))]}
    answer = client.post("/api/sync/push", json=body, headers=HEADERS)
    assert (answer.status_code, answer.json["code"]) == (401, "sign-in")
    client.post("/login", data={"login": "lead", "password": PASSWORD})
    again = client.post("/api/sync/push", json=body, headers=HEADERS)
    assert [row["state"] for row in again.json["results"]] == ["stored"]
