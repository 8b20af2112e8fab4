"""Signing in, signing out, and the own password."""

import re
from datetime import timedelta

import argon2
import pytest
from sqlalchemy import select, update

from tests.cast import PASSWORD, bare, build_in, client_for, read
from webapp.core import clock
from webapp.core.database import transaction
from webapp.org.models import Device, LoginFailure, Person
from webapp.org.queries import sha256

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/116.0 Mobile Safari/537.36"}
WECHAT = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/116.0 Mobile MicroMessenger/8.0.40"}


@pytest.fixture
def cast(app):
    return build_in(app)


def sign_in(app, login, password=PASSWORD, client=None, headers=None, **query):
    client = client or app.test_client()
    form = {"login": login, "password": password}
    return client, client.post("/login", data=form, headers=headers, query_string=query)


def devices(app, cast, login):
    query = select(Device).where(Device.person_id == cast.people[login]).order_by(Device.id)
    return read(app, lambda session: list(session.scalars(query)))


@pytest.mark.parametrize(
    ("login", "headers", "place"),
    [
        ("carrier", PHONE, "/app/"),
        ("lead", PHONE, "/app/"),
        ("inspector", PHONE, "/app/"),
        ("director", PHONE, "/app/"),
        ("director", {}, "/"),
        ("county", PHONE, "/"),
        ("admin", {}, "/"),
    ],
)
def test_each_role_begins_where_its_work_is(app, cast, login, headers, place):
    client, answer = sign_in(app, login, headers=headers)
    assert (answer.status_code, answer.location) == (302, place)
    assert client.get("/account").status_code == 200


def test_the_login_name_may_be_typed_in_capitals_full_width_and_with_spaces(app, cast):
    assert sign_in(app, "  ＤＩＲＥＣＴＯＲ ")[1].status_code == 302


def test_the_cookie_carries_a_random_token_of_which_only_the_hash_is_kept(app, cast):
    client, _ = sign_in(app, "carrier", headers=PHONE)
    with client.session_transaction() as cookie:
        device_id, _dot, token = cookie["_user_id"].partition(".")
        assert cookie.permanent
    (device,) = devices(app, cast, "carrier")
    assert device.id == device_id
    assert len(token) >= 43
    assert token not in device.token_hash
    assert device.name == "Android · Chrome"


def test_the_token_of_forms_is_there_from_the_beginning(app, cast):
    """Made with the first form, it went with an older cookie that came back with a phone's request under way."""
    client = app.test_client()
    client.post("/login", data={"login": "lead", "password": PASSWORD})
    with client.session_transaction() as cookie:
        token = cookie.get("csrf_token")
    client.get("/account")
    with client.session_transaction() as cookie:
        assert cookie["csrf_token"] == token is not None


def test_a_session_lasts_weeks_in_the_field(app, cast):
    _, answer = sign_in(app, "carrier")
    expires = next(part for part in answer.headers["Set-Cookie"].split("; ") if part.startswith("Expires="))
    assert re.search(r"20\d\d", expires)
    assert app.config["PERMANENT_SESSION_LIFETIME"] >= timedelta(days=90)
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("change", ["token", "device", "garbage", "empty"])
def test_a_cookie_that_names_no_session_signs_nobody_in(app, cast, change):
    client = client_for(app, cast, "carrier")
    with client.session_transaction() as cookie:
        device_id, _dot, token = cookie["_user_id"].partition(".")
        forged = {"token": f"{device_id}.x", "device": f"x.{token}", "garbage": "x", "empty": "."}
        cookie["_user_id"] = forged[change]
    assert client.get("/account").location.startswith("/login")


def test_unknown_names_and_wrong_passwords_are_answered_alike(app, cast):
    wrong = sign_in(app, "carrier", "not the password")[1]
    unknown = sign_in(app, "nosuchname", "not the password")[1]
    assert wrong.status_code == unknown.status_code == 401
    assert bare(wrong).replace("carrier", "nosuchname") == bare(unknown)


def test_unknown_names_cost_the_server_as_much_as_known_ones(app, cast, monkeypatch):
    asked = []
    real = argon2.PasswordHasher.verify
    monkeypatch.setattr(
        argon2.PasswordHasher, "verify", lambda self, *given: asked.append(1) or real(self, *given)
    )
    sign_in(app, "carrier", "wrong")
    sign_in(app, "nosuchname", "wrong")
    assert len(asked) == 2


@pytest.mark.parametrize("login", ["carrier", "nosuchname"])
def test_a_name_pauses_after_too_many_wrong_passwords_known_or_not(make_app, login):
    app = make_app("sqlite", LOGIN_FAILURES=3, LOGIN_PAUSE_MINUTES=15)
    build_in(app)
    codes = [sign_in(app, login, "wrong")[1].status_code for _ in range(4)]
    assert codes == [401, 401, 429, 429]
    answer = sign_in(app, login)[1]
    assert answer.status_code == 429
    assert "15" in answer.text


def test_the_pause_ends_and_a_right_password_forgets_the_failures(make_app):
    app = make_app("sqlite", LOGIN_FAILURES=3, LOGIN_PAUSE_MINUTES=15)
    build_in(app)
    for _ in range(3):
        sign_in(app, "carrier", "wrong")
    with app.app_context(), transaction() as session:
        session.execute(update(LoginFailure).values(paused_until=clock.now() - timedelta(seconds=1)))
    assert sign_in(app, "carrier")[1].status_code == 302
    assert [sign_in(app, "carrier", "wrong")[1].status_code for _ in range(2)] == [401, 401]


def test_another_persons_failures_pause_nobody_else(make_app):
    app = make_app("sqlite", LOGIN_FAILURES=2)
    build_in(app)
    for _ in range(2):
        sign_in(app, "lead", "wrong")
    assert sign_in(app, "carrier")[1].status_code == 302


def test_failures_of_yesterday_are_swept(app, cast):
    sign_in(app, "nosuchname", "wrong")
    with app.app_context(), transaction() as session:
        session.execute(update(LoginFailure).values(last_at=clock.now() - timedelta(days=2)))
    sign_in(app, "carrier")
    names = select(LoginFailure.name_hash).distinct()
    assert read(app, lambda session: session.scalars(names).all()) == [sha256("carrier")]


@pytest.mark.parametrize("login", ["a\x00b", "名" * 5000, "' OR 1=1 --", ""])
def test_strange_names_are_refused_like_any_other(app, cast, login):
    assert sign_in(app, login)[1].status_code == 401


def test_a_hash_with_old_parameters_is_renewed_when_its_person_signs_in(app, cast):
    before = read(app, lambda session: cast.person(session, "carrier").password_hash)
    sign_in(app, "carrier")
    after = read(app, lambda session: cast.person(session, "carrier").password_hash)
    assert before != after
    assert sign_in(app, "carrier")[1].status_code == 302


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("/people?unit=152502002", "/people?unit=152502002"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\nevil", "/"),
    ],
)
def test_signing_in_leads_on_only_within_this_server(app, cast, target, place):
    assert sign_in(app, "county", next=target)[1].location == place


def test_a_guest_is_led_to_the_login_and_back(app, cast):
    answer = app.test_client().get("/people?unit=152502002")
    assert answer.status_code == 302
    assert answer.location == "/login?next=%2Fpeople%3Funit%3D152502002"


def test_signing_in_again_on_the_same_browser_keeps_one_device(app, cast):
    client, _ = sign_in(app, "carrier")
    sign_in(app, "carrier", client=client)
    assert len(devices(app, cast, "carrier")) == 1
    assert client.get("/account").status_code == 200


def test_another_person_on_the_same_phone_ends_the_first_ones_session(app, cast):
    client, _ = sign_in(app, "carrier")
    sign_in(app, "lead", client=client)
    (first,) = devices(app, cast, "carrier")
    assert first.revoked_at
    assert "李斯琴" in client.get("/account").text


def test_signing_out_asks_first_and_then_ends_the_session_for_good(app, cast):
    client = client_for(app, cast, "carrier")
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    assert client.get("/logout").status_code == 200
    assert client.get("/account").status_code == 200
    assert client.post("/logout").location == "/login?out=1"
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert client.get("/account").status_code == 302


def test_a_deactivated_person_is_out_at_once_and_cannot_come_in(app, cast):
    client = client_for(app, cast, "carrier")
    with app.app_context(), transaction() as session:
        session.get(Person, cast.people["carrier"]).active = False
    assert client.get("/account").status_code == 302
    assert sign_in(app, "carrier")[1].status_code == 401


def test_looking_at_pages_writes_nothing(app, cast):
    client = client_for(app, cast, "county")
    before = devices(app, cast, "county")[0].seen_at
    for page in ("/account", "/devices", "/people", "/people/new", f"/people/{cast.people['carrier']}"):
        assert client.get(page).status_code == 200
    assert devices(app, cast, "county")[0].seen_at == before


def test_wechat_is_told_to_open_the_real_browser(app, cast):
    assert "Open in browser" in app.test_client().get("/login?lang=en", headers=WECHAT).text
    assert "Open in browser" not in app.test_client().get("/login?lang=en", headers=PHONE).text


NEW = {"current": PASSWORD, "password": "steppe-wind-42", "repeat": "steppe-wind-42"}


def test_a_changed_password_signs_out_the_other_devices_and_not_this_one(app, cast):
    here, there = client_for(app, cast, "carrier"), client_for(app, cast, "carrier")
    assert here.post("/account", data=NEW).status_code == 302
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert sign_in(app, "carrier", "steppe-wind-42")[1].status_code == 302
    assert sign_in(app, "carrier", PASSWORD)[1].status_code == 401


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"current": "wrong"}, "current"),
        ({"repeat": "steppe-wind-43"}, "repeat"),
        ({"password": "12345678", "repeat": "12345678"}, "password"),
        ({"password": "", "repeat": ""}, "password"),
    ],
)
def test_a_refused_password_change_says_so_beside_the_field(app, cast, fault, field):
    answer = client_for(app, cast, "carrier").post("/account", data=NEW | fault)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert sign_in(app, "carrier")[1].status_code == 302


def test_guessing_the_present_password_from_a_found_phone_pauses_too(make_app):
    app = make_app("sqlite", LOGIN_FAILURES=3)
    client = client_for(app, build_in(app), "carrier")
    codes = [client.post("/account", data=NEW | {"current": "wrong"}).status_code for _ in range(4)]
    assert codes == [422, 422, 429, 429]
