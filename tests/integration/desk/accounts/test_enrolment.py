"""Enrolling a phone: by link, QR and code; once, within a day, by whom it was issued for."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cast import PASSWORD, build_in, client_for, read
from webapp.core.database import transaction
from webapp.org.models import Device, Enrolment, Person

WECHAT = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/116.0 Mobile MicroMessenger/8.0.40"}
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/116.0 Mobile Safari/537.36"}
CHOSEN = {"password": "steppe-wind-42", "repeat": "steppe-wind-42"}


@pytest.fixture
def cast(app):
    return build_in(app)


def issue(app, cast, issuer="director", login="carrier"):
    """(path of the link, code, answer) as the issuer reads them."""
    answer = client_for(app, cast, issuer).post(f"/people/{cast.people[login]}/enrolment")
    assert answer.status_code == 200
    (link,) = re.findall(r'value="https?://[^/"]+(/enrol/[^"]+)"', answer.text)
    (code,) = re.findall(r"<strong>([A-Z2-9]{4} [A-Z2-9]{4})</strong>", answer.text)
    return link, code, answer


def rows(app):
    return read(app, lambda session: list(session.scalars(select(Enrolment).order_by(Enrolment.id))))


def who(client):
    found = re.search(r'id="who">([^<]+)<', client.get("/account").text)
    return found and found.group(1)


def test_a_director_enrols_a_carriers_phone_by_link(app, cast):
    link, _, _ = issue(app, cast)
    phone = app.test_client()
    page = phone.get(link)
    assert "张巴图" in page.text
    answer = phone.post(link, headers=PHONE)
    assert (answer.status_code, answer.location) == (302, "/app/")
    assert who(phone) == "张巴图"


def test_looking_at_the_link_uses_nothing_up(app, cast):
    link, _, _ = issue(app, cast)
    for _ in range(3):
        answer = app.test_client().get(link)
        assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert rows(app)[0].used_at is None
    assert app.test_client().post(link).status_code == 302


def test_a_link_works_once(app, cast):
    link, code, _ = issue(app, cast)
    assert app.test_client().post(link).status_code == 302
    again = app.test_client()
    assert again.get(link).status_code == 410
    assert again.post(link).status_code == 410
    assert again.post("/enrol", data={"code": code}).status_code == 410
    assert who(again) is None


def test_a_code_shows_whose_phone_it_will_be_and_then_signs_in(app, cast):
    _, code, _ = issue(app, cast)
    phone = app.test_client()
    assert phone.get("/enrol").status_code == 200
    page = phone.post("/enrol", data={"code": code.lower()})
    assert page.status_code == 200
    assert "张巴图" in page.text
    assert rows(app)[0].used_at is None
    assert phone.post("/enrol", data={"code": code, "confirm": "1"}).status_code == 302
    assert who(phone) == "张巴图"


@pytest.mark.parametrize("code", ["", "ABCD2345", "\x00", "码" * 3000, "ABCD234"])
def test_a_wrong_code_is_said_beside_the_field(app, cast, code):
    for form in ({"code": code}, {"code": code, "confirm": "1"}):
        answer = app.test_client().post("/enrol", data=form)
        assert answer.status_code == 410
        assert 'id="code-error"' in answer.text


@pytest.mark.parametrize("token", ["x", "%00", "..%2F", "名"])
def test_a_wrong_link_is_a_page_that_says_so(app, cast, token):
    assert app.test_client().get(f"/enrol/{token}").status_code in (404, 410)
    assert app.test_client().post(f"/enrol/{token}").status_code in (404, 410)


def test_an_enrolment_ends_after_a_day(app, cast):
    link, code, _ = issue(app, cast)
    with app.app_context(), transaction() as session:
        row = session.scalars(select(Enrolment)).one()
        row.expires_at -= timedelta(hours=24, seconds=1)
    assert app.test_client().get(link).status_code == 410
    assert app.test_client().post(link).status_code == 410
    assert app.test_client().post("/enrol", data={"code": code}).status_code == 410


def test_a_new_enrolment_voids_the_one_before(app, cast):
    first, _, _ = issue(app, cast)
    second, _, _ = issue(app, cast)
    assert app.test_client().post(first).status_code == 410
    assert app.test_client().post(second).status_code == 302


def test_only_hashes_are_kept_and_the_answer_is_never_cached(app, cast):
    link, code, answer = issue(app, cast)
    (row,) = rows(app)
    kept = f"{row.token_hash} {row.code_hash}"
    assert link.rpartition("/")[2] not in kept
    assert code.replace(" ", "") not in kept
    assert len(row.token_hash) == len(row.code_hash) == 64
    assert "no-store" in answer.headers["Cache-Control"]
    assert not set(code) & set("0O1IL")


def test_the_qr_code_is_drawn_without_style_or_script(app, cast):
    _, _, answer = issue(app, cast)
    (picture,) = re.findall(r'<svg class="qr".*?</svg>', answer.text, re.S)
    assert picture.count("h1v1h-1z") > 200
    assert "style" not in picture


def test_the_person_may_choose_a_password_while_enrolling(app, cast):
    link, _, _ = issue(app, cast)
    assert app.test_client().post(link, data=CHOSEN).status_code == 302
    login = {"login": "carrier", "password": "steppe-wind-42"}
    assert app.test_client().post("/login", data=login).status_code == 302


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"password": "12345678", "repeat": "12345678"}, "password"),
        ({"password": "steppe-wind-42", "repeat": "steppe"}, "repeat"),
        ({"password": "", "repeat": "steppe-wind-42"}, "repeat"),
    ],
)
def test_a_refused_password_leaves_the_enrolment_unused(app, cast, form, field):
    link, code, _ = issue(app, cast)
    by_code = {"code": code, "confirm": "1"} | form
    for answer in (app.test_client().post(link, data=form), app.test_client().post("/enrol", data=by_code)):
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    assert rows(app)[0].used_at is None
    assert app.test_client().post(link).status_code == 302


def test_without_a_password_the_old_one_stays_but_a_temporary_one_ends(app, cast):
    link, _, _ = issue(app, cast)
    app.test_client().post(link)
    old = {"login": "carrier", "password": PASSWORD}
    assert app.test_client().post("/login", data=old).status_code == 302
    director = client_for(app, cast, "director")
    director.post(f"/people/{cast.people['carrier']}/password")
    link, _, _ = issue(app, cast)
    phone = app.test_client()
    assert phone.post(link, headers=PHONE).location == "/app/"
    person = read(app, lambda session: cast.person(session, "carrier"))
    assert (person.temporary, person.password_hash) == (False, None)
    own = {"password": "steppe-wind-42", "repeat": "steppe-wind-42"}
    assert phone.post("/account", data=own).status_code == 302
    assert (
        app.test_client().post("/login", data={"login": "carrier", "password": "steppe-wind-42"}).status_code
        == 302
    )


def test_wechat_is_told_to_open_the_real_browser_and_offered_no_button(app, cast):
    link, _, _ = issue(app, cast)
    page = app.test_client().get(f"{link}?lang=en", headers=WECHAT)
    assert "Open in browser" in page.text
    assert 'name="password"' not in page.text
    assert 'name="password"' in app.test_client().get(link, headers=PHONE).text


@pytest.mark.parametrize(
    ("issuer", "login", "status"),
    [
        ("director", "lead", 200),
        ("county", "director", 200),
        ("league", "county", 200),
        ("admin", "region", 200),
        ("carrier", "carrier2", 404),
        ("lead", "carrier", 404),
        ("region", "carrier", 403),
        ("director", "head", 404),
        ("director", "county", 404),
        ("nextcounty", "carrier", 404),
        ("county", "nextcounty", 404),
        ("director", "director", 403),
    ],
)
def test_a_superior_enrols_for_one_person_at_or_below_the_own_role(app, cast, issuer, login, status):
    answer = client_for(app, cast, issuer).post(f"/people/{cast.people[login]}/enrolment")
    assert answer.status_code == status
    assert len(rows(app)) == (status == 200)


def test_a_deactivated_person_is_not_enrolled_and_open_enrolments_end(app, cast):
    link, _, _ = issue(app, cast)
    county = client_for(app, cast, "county")
    county.post(f"/people/{cast.people['carrier']}/deactivate")
    assert county.post(f"/people/{cast.people['carrier']}/enrolment").status_code == 409
    assert app.test_client().post(link).status_code == 410


def test_enrolling_a_phone_on_which_somebody_else_is_signed_in_changes_hands(app, cast):
    link, _, _ = issue(app, cast)
    phone = client_for(app, cast, "lead")
    assert phone.post(link).status_code == 302
    assert who(phone) == "张巴图"
    lead = read(
        app,
        lambda session: session.scalars(select(Device).where(Device.person_id == cast.people["lead"])).one(),
    )
    assert lead.revoked_at


def test_a_new_person_enrols_and_begins(app, cast):
    form = {
        "login": "d1502",
        "name": "王芳",
        "role": "carrier",
        "unit": "152502002",
        "first_day": "2099-01-01",
    }
    client_for(app, cast, "county").post("/people/new", data=form)
    cast.people["d1502"] = read(
        app, lambda session: session.scalars(select(Person.id).where(Person.login == "d1502")).one()
    )
    link, _, _ = issue(app, cast, "county", "d1502")
    phone = app.test_client()
    assert phone.post(link, headers=PHONE).location == "/"  # the role is still to come
    assert who(phone) == "王芳"


@pytest.mark.parametrize("by", ["link", "code"])
def test_a_phone_is_enrolled_over_https_though_the_page_tells_nobody_where_it_came_from(make_app, by):
    """The page's address is a key, so a browser sends no referrer with its form: its token has to do."""
    app = make_app("sqlite", HTTPS=True, SESSION_COOKIE_SECURE=True)
    cast = build_in(app)
    link, code, _ = issue(app, cast)
    app.config["WTF_CSRF_ENABLED"] = True
    phone, over = app.test_client(), {"base_url": "https://localhost", "headers": PHONE}
    path, form = (link, {}) if by == "link" else ("/enrol", {"code": code})

    def token(page) -> dict:
        assert page.status_code == 200, page.text
        return {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]}

    page = phone.get(path, **over)
    assert phone.post(path, data=form | CHOSEN, **over).status_code == 400, "without the token as before"
    if by == "code":
        page = phone.post(path, data=form | token(page), **over)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    done = phone.post(path, data=form | CHOSEN | token(page) | {"confirm": "1"}, **over)
    assert (done.status_code, done.location) == (302, "/app/")
