"""Who guesses at passwords is stopped; whom they guess at is not locked out by it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.cast import PASSWORD, bare, build_in, client_for, read
from webapp.core import clock
from webapp.org.models import LoginFailure
from webapp.org.throttling import network

LIMITS = {"LOGIN_FAILURES": 3, "LOGIN_FAILURES_ANYWHERE": 6}
HOME, STRANGER = "10.1.1.1", "203.0.113.7"


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    return make_app(request.param, **LIMITS)


@pytest.fixture
def sqlite(make_app):
    return make_app("sqlite", **LIMITS)


def sign_in(app, login, password=PASSWORD, address=HOME, client=None):
    client = client or app.test_client()
    form = {"login": login, "password": password}
    return client, client.post("/login", data=form, environ_base={"REMOTE_ADDR": address})


def guess(app, login, times, address=STRANGER):
    """The status of each of ``times`` wrong passwords, each from a new browser."""
    places = address if isinstance(address, list) else [address] * times
    return [sign_in(app, login, f"guess-{n}", places[n])[1].status_code for n in range(times)]


def at(monkeypatch, delta):
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + delta)


def test_a_stranger_locks_nobody_out_of_the_own_phone_nor_of_another_network(app):
    build_in(app)
    phone, _ = sign_in(app, "lead")
    phone.post("/logout")
    assert guess(app, "lead", 4) == [401, 401, 429, 429]
    assert sign_in(app, "lead", address=STRANGER)[1].status_code == 429  # the right one, too
    assert (
        sign_in(app, "lead", address=STRANGER, client=phone)[1].status_code == 302
    )  # the own phone beside them
    assert sign_in(app, "lead", address="10.9.9.9")[1].status_code == 302


def test_guessing_from_many_networks_pauses_all_that_are_unknown_and_no_known_device(app):
    build_in(app)
    phone, _ = sign_in(app, "lead")
    phone.post("/logout")
    places = [f"198.51.100.{number}" for number in range(7)]
    assert guess(app, "lead", 7, places) == [401] * 5 + [429, 429]
    answer = sign_in(app, "lead", address="10.9.9.9")[1]
    assert (answer.status_code, "60" in answer.text) == (429, True)
    assert sign_in(app, "lead", client=phone)[1].status_code == 302


def test_after_an_hour_one_more_guess_pauses_all_unknown_networks_again(sqlite, monkeypatch):
    build_in(sqlite)
    guess(sqlite, "lead", 6, [f"198.51.100.{number}" for number in range(6)])
    at(monkeypatch, timedelta(minutes=61))
    assert guess(sqlite, "lead", 1, "198.51.100.77") == [429]
    at(monkeypatch, timedelta(minutes=61))
    assert sign_in(sqlite, "lead")[1].status_code == 302


def test_a_known_device_has_a_counter_of_its_own(sqlite):
    build_in(sqlite)
    phone, _ = sign_in(sqlite, "lead")
    phone.post("/logout")
    codes = [sign_in(sqlite, "lead", "wrong", client=phone)[1].status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    assert sign_in(sqlite, "lead")[1].status_code == 302  # a new browser in the same network


def test_a_device_that_is_known_for_one_person_is_a_stranger_to_all_others(sqlite):
    cast = build_in(sqlite)
    phone, _ = sign_in(sqlite, "carrier", address=STRANGER)
    phone.post("/logout")
    guess(sqlite, "lead", 3)
    assert sign_in(sqlite, "lead", address=STRANGER, client=phone)[1].status_code == 429
    # Two people of one computer are both known on it.
    shared, _ = sign_in(sqlite, "carrier")
    sign_in(sqlite, "director", client=shared)
    shared.post("/logout")
    for login in ("carrier", "director"):
        guess(sqlite, login, 3)
        assert sign_in(sqlite, login, address=STRANGER, client=shared)[1].status_code == 302
    assert cast


def test_a_forged_or_borrowed_cookie_makes_no_device_known(sqlite):
    build_in(sqlite)
    guess(sqlite, "lead", 3)
    for value in ("0" * 43, "lead", ""):
        client = sqlite.test_client()
        client.set_cookie(sqlite.config["KNOWN_COOKIE_NAME"], value)
        assert sign_in(sqlite, "lead", address=STRANGER, client=client)[1].status_code == 429
        answer = sign_in(sqlite, "lead", client=client)[1]
        (made,) = (one for one in answer.headers.getlist("Set-Cookie") if one.startswith("toucha-known="))
        assert not value or value not in made  # nobody chooses by which token a browser is known
        assert "HttpOnly" in made and "SameSite=Lax" in made


@pytest.mark.parametrize("how", ["password", "enrolment"])
def test_a_superior_lifts_the_pause(app, how):
    cast = build_in(app)
    guess(app, "lead", 6, [f"198.51.100.{number}" for number in range(6)])
    assert sign_in(app, "lead")[1].status_code == 429
    client_for(app, cast, "director").post(f"/people/{cast.people['lead']}/{how}")
    assert sign_in(app, "lead")[1].status_code == (401 if how == "password" else 302)


@pytest.mark.parametrize("how", ["revoke", "reset", "change"])
def test_a_lost_phone_is_a_stranger_again(sqlite, how):
    cast = build_in(sqlite)
    lost, _ = sign_in(sqlite, "lead", address=STRANGER)
    with lost.session_transaction() as cookie:
        device = cookie["_user_id"].partition(".")[0]
    mine, password = client_for(sqlite, cast, "lead"), PASSWORD
    if how == "revoke":
        mine.post(f"/devices/{device}/revoke")
    elif how == "change":
        password = "steppe-wind-77"
        mine.post("/account", data={"current": PASSWORD, "password": password, "repeat": password})
    else:
        page = client_for(sqlite, cast, "director").post(f"/people/{cast.people['lead']}/password").text
        password = re.search(r'secret"><strong>(\w+)<', page)[1]
    guess(sqlite, "lead", 3)
    assert sign_in(sqlite, "lead", password, STRANGER, lost)[1].status_code == 429
    assert sign_in(sqlite, "lead", password)[1].status_code == 302


def test_known_and_unknown_names_are_answered_and_counted_alike(sqlite):
    build_in(sqlite)
    for password in ("wrong", "wrong", "wrong", "wrong"):
        known, unknown = (sign_in(sqlite, login, password)[1] for login in ("lead", "lead-no"))
        assert known.status_code == unknown.status_code
        assert bare(known) == bare(unknown).replace("lead-no", "lead")
    rows = select(LoginFailure.name_hash, func.count()).group_by(LoginFailure.name_hash)
    assert [count for _name, count in read(sqlite, lambda session: session.execute(rows).all())] == [2, 2]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.9", "network 192.0.2.9"),
        ("::ffff:192.0.2.9", "network 192.0.2.9"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "network 2001:db8:1:2::/64"),
        ("fe80::1%eth0", "network fe80::/64"),
        (None, "network ?"),
        ("unix:", "network ?"),
    ],
)
def test_a_network_is_an_ipv4_address_or_what_one_subscriber_has_of_ipv6(address, name):
    assert network(address).name == name
