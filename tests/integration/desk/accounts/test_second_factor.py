"""The second factor: set up, asked after the password, each code once, required by a unit, removed from above."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from tests.cast import PASSWORD, build_in, client_for, read
from webapp.core import clock
from webapp.core.database import transaction
from webapp.org.models import RecoveryCode, SecondFactor, Unit


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


@pytest.fixture
def cast(app):
    return build_in(app)


@pytest.fixture
def time(monkeypatch):
    """``time(seconds)``: the clock stands there from now on, counted from the beginning of a step."""
    begin = clock.now().replace(second=0, microsecond=0)

    def go(seconds: int) -> int:
        monkeypatch.setattr(clock, "now", lambda: begin + timedelta(seconds=seconds))
        return int((begin + timedelta(seconds=seconds)).timestamp())

    go(0)
    return go


def key_on(page: str) -> str:
    return re.search(r'secret-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")


def set_up(client, time):
    """(the secret, the recovery codes), set up now."""
    key = key_on(client.get("/account/second-factor?new=1").text)
    page = client.post("/account/second-factor", data={"code": pyotp.TOTP(key).at(time(0))})
    assert page.status_code == 200, page.text
    return key, re.findall(r"<li>([A-Z0-9]{5}-[A-Z0-9]{5})</li>", page.text)


def sign_in(app, login="county", password=PASSWORD):
    client = app.test_client()
    return client, client.post("/login", data={"login": login, "password": password})


def test_after_the_password_a_code_is_asked_and_each_is_good_once(make_app, time, request):
    for dialect in ("sqlite", "postgresql"):
        app = make_app(dialect)
        cast = build_in(app)
        time(0)
        key, codes = set_up(client_for(app, cast, "county"), time)
        assert len(set(codes)) == 10
        first, second = pyotp.TOTP(key).at(time(0)), pyotp.TOTP(key).at(time(90))
        client, answer = sign_in(app)
        assert answer.location == "/login/code"
        assert client.get("/people").location.startswith("/login")  # half way is nowhere
        for wrong in (first, "000000", "名", "", second[:5]):  # `first` was used to set it up
            assert client.post("/login/code", data={"code": wrong}).status_code == 422, wrong
        assert client.post("/login/code", data={"code": f"{second[:3]} {second[3:]}"}).status_code == 302
        assert client.get("/people").status_code == 200
        other, _ = sign_in(app)
        assert other.post("/login/code", data={"code": second}).status_code == 422
        assert other.post("/login/code", data={"code": codes[0].lower()}).status_code == 302
        third, _ = sign_in(app)
        assert third.post("/login/code", data={"code": codes[0]}).status_code == 422


def test_a_phones_clock_may_be_half_a_minute_off_and_no_more(app, cast, time):
    key, _ = set_up(client_for(app, cast, "county"), time)
    for seconds, offset, status in ((300, -60, 422), (300, -30, 302), (300, 60, 422), (300, 30, 302)):
        code = pyotp.TOTP(key).at(time(seconds) + offset)
        client, _ = sign_in(app)
        assert client.post("/login/code", data={"code": code}).status_code == status, offset


def test_an_earlier_code_than_the_last_one_is_no_code_any_more(app, cast, time):
    key, _ = set_up(client_for(app, cast, "county"), time)
    late, early = pyotp.TOTP(key).at(time(300)), pyotp.TOTP(key).at(time(300) - 30)
    assert sign_in(app)[0].post("/login/code", data={"code": late}).status_code == 302
    assert sign_in(app)[0].post("/login/code", data={"code": early}).status_code == 422


def test_guessing_codes_with_the_right_password_pauses(make_app, time):
    app = make_app("sqlite", LOGIN_FAILURES=3)
    cast = build_in(app)
    set_up(client_for(app, cast, "county"), time)
    answers = []
    for _ in range(4):  # the password anew each time: it forgets no failure
        client, first = sign_in(app)
        answers.append(
            first.status_code
            if first.status_code == 429
            else client.post("/login/code", data={"code": "123456"}).status_code
        )
    assert answers == [422, 422, 429, 429]


def test_half_way_ends_after_minutes_and_with_the_password(app, cast, time):
    key, _ = set_up(client_for(app, cast, "county"), time)
    assert app.test_client().get("/login/code").location.startswith("/login")
    slow, _ = sign_in(app)
    code = pyotp.TOTP(key).at(time(301))
    assert slow.post("/login/code", data={"code": code}).location.startswith("/login")
    client, _ = sign_in(app)
    owner = client_for(app, cast, "county")
    new = {"current": PASSWORD, "password": "steppe-wind-77", "repeat": "steppe-wind-77"}
    assert owner.post("/account", data=new).status_code == 302
    assert client.post("/login/code", data={"code": code}).location.startswith("/login")


def test_setting_it_up_wants_a_code_of_it_and_signs_the_other_devices_out(app, cast, time):
    client, other = client_for(app, cast, "county"), client_for(app, cast, "county")
    page = client.get("/account/second-factor")
    key = key_on(page.text)
    assert key_on(client.get("/account/second-factor").text) == key  # the same one while it is being scanned
    refused = client.post("/account/second-factor", data={"code": "000000"})
    assert (refused.status_code, key_on(refused.text)) == (422, key)
    assert read(app, lambda session: session.scalars(select(SecondFactor)).all()) == []
    set_up(client, time)
    assert client.get("/people").status_code == 200
    assert other.get("/people").location.startswith("/login")


def test_neither_secret_nor_recovery_code_stands_in_the_database(app, cast, time):
    key, codes = set_up(client_for(app, cast, "county"), time)
    rows = read(app, lambda s: [*s.scalars(select(SecondFactor)), *s.scalars(select(RecoveryCode))])
    told = str([dict(vars(row)) for row in rows])
    assert len(rows) == 11
    assert not any(secret.replace("-", "") in told for secret in (key, *codes))


def test_new_recovery_codes_end_the_earlier_ones(app, cast, time):
    client = client_for(app, cast, "county")
    _key, old = set_up(client, time)
    page = client.post("/account/second-factor/codes")
    assert page.headers["Cache-Control"] == "no-store"
    new = re.findall(r"<li>([A-Z0-9]{5}-[A-Z0-9]{5})</li>", page.text)
    assert sign_in(app)[0].post("/login/code", data={"code": old[0]}).status_code == 422
    assert sign_in(app)[0].post("/login/code", data={"code": new[0]}).status_code == 302


@pytest.mark.parametrize("login", ["carrier", "lead", "director"])
def test_below_the_county_there_is_none(app, cast, login):
    client = client_for(app, cast, login)
    assert client.get("/account/second-factor").status_code == 403
    assert client.post("/account/second-factor", data={"code": "123456"}).status_code in (302, 403)
    assert "second-factor" not in client.get("/account").text


def required(app, code="1525"):
    with app.app_context(), transaction() as session:
        session.execute(update(Unit).where(Unit.code == code).values(second_factor=True))


def test_a_unit_that_requires_it_leads_everybody_concerned_to_set_it_up(app, cast, time):
    required(app)
    for login, led in (
        ("county", True),
        ("league", True),
        ("nextcounty", True),
        ("region", False),
        ("director", False),
    ):
        client = client_for(app, cast, login)
        for page in ("/ledger", "/people", "/devices", f"/people/{cast.people['lead']}"):
            answer = client.get(page)
            assert (answer.location == "/account/second-factor") is led, (login, page)
        assert client.get("/account").status_code == 200
        assert client.get("/api/sync/pull").status_code == 200  # what a phone holds goes on
    county = client_for(app, cast, "county")
    assert county.post(f"/people/{cast.people['lead']}/password").location == "/account/second-factor"
    set_up(county, time)
    assert county.get("/people").status_code == 200
    assert county.post("/account/second-factor/remove").status_code == 403


def test_the_ledger_of_programs_waits_for_it_and_a_phones_queue_does_not(app, cast, time):
    county = client_for(app, cast, "county")
    ledger = "/api/ledger?unit=152502&period=2026-11"
    assert county.get(ledger).status_code == 200
    required(app)
    answer = county.get(ledger)
    assert (answer.status_code, answer.json["code"]) == (403, "second-factor-missing")
    assert county.get("/api/sync/pull").status_code == 200
    push = county.post("/api/sync/push", json={"facts": []}, headers={"X-Toucha": "1"})
    assert push.status_code == 200


def test_where_it_is_optional_it_can_be_removed(app, cast, time):
    client = client_for(app, cast, "county")
    set_up(client, time)
    assert client.post("/account/second-factor/remove").location == "/account"
    assert sign_in(app)[1].location == "/"


@pytest.mark.parametrize(
    ("login", "status"),
    [("league", 302), ("admin", 302), ("county", 403), ("nextcounty", 404), ("director", 404)],
)
def test_who_keeps_a_unit_says_whether_it_requires_it(app, cast, login, status):
    answer = client_for(app, cast, login).post("/units/152502/second-factor", data={"required": "yes"})
    assert answer.status_code == status
    assert read(app, lambda session: session.get(Unit, "152502").second_factor) is (status == 302)


@pytest.mark.parametrize("how", ["password", "enrolment"])
def test_a_reset_or_a_used_code_from_above_removes_it(app, cast, time, how):
    set_up(client_for(app, cast, "county"), time)
    page = client_for(app, cast, "league").post(f"/people/{cast.people['county']}/{how}").text
    if how == "enrolment":
        assert (
            read(app, lambda session: len(session.scalars(select(SecondFactor)).all())) == 1
        )  # not before it is used
        assert app.test_client().post(re.search(r"/enrol/[\w-]{20,}", page)[0]).status_code == 302
        password = PASSWORD
    else:
        password = re.search(r'secret"><strong>(\w+)<', page)[1]
    assert read(app, lambda s: [*s.scalars(select(SecondFactor)), *s.scalars(select(RecoveryCode))]) == []
    assert sign_in(app, "county", password)[1].location in ("/", "/account")
