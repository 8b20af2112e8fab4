"""Cookies and headers as ASVS 5.0 chapter V3 asks for them, and headers that are no addresses."""

import pytest

from tests import cast as company
from tests.cast import CITY, PASSWORD
from tests.desk_records import envelope, inspection, parcels, send
from tests.photos import HEADERS, named, picture, put
from webapp.core.database import transaction
from webapp.org.models import Person
from webapp.org.passwords import hashed

HTTPS = {"base_url": "https://localhost"}
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36"}


@pytest.fixture
def app(make_app):
    return make_app("sqlite", HTTPS=True, SESSION_COOKIE_SECURE=True)


@pytest.fixture
def cast(app):
    cast = company.build_in(app)
    with app.app_context(), transaction() as session:
        session.get(Person, cast.people["lead"]).password_hash = hashed(PASSWORD)
    return cast


def handed_out(answer) -> dict[str, str]:
    """The cookies of an answer: {name: the rest}."""
    return {line.partition("=")[0]: line.partition("=")[2] for line in answer.headers.getlist("Set-Cookie")}


def signed_in(app) -> tuple:
    client = app.test_client()
    return client, client.post("/login", data={"login": "lead", "password": PASSWORD}, **HTTPS)


def session_of(answer) -> str:
    return next(
        rest
        for name, rest in handed_out(answer).items()
        if name.removeprefix("__Host-") == "toucha" and rest[0] != ";"
    ).partition(";")[0]


def test_under_https_every_cookie_is_of_this_host_alone(app, cast):
    client, answer = signed_in(app)
    answers = [
        answer,
        client.post("/language", data={"language": "en"}, **HTTPS),
        client.post("/find", data={"q": "王"}, **HTTPS),
        client.post("/logout", **HTTPS),
    ]
    found = [(name, rest) for answer in answers for name, rest in handed_out(answer).items()]
    assert {name for name, _ in found} == {
        "__Host-toucha",
        "__Host-toucha-known",
        "__Host-lang",
        "__Host-searches",
    }
    for name, rest in found:
        assert "; Secure" in rest and "; HttpOnly" in rest and "; Path=/" in rest, name
        assert "SameSite=Lax" in rest and "Domain" not in rest, name
    assert len(str(answers[0].headers)) < 4096


def test_a_phone_that_was_signed_in_before_stays_so_and_gets_the_new_name(app, cast):
    _, answer = signed_in(app)
    value = session_of(answer)
    phone = app.test_client()
    phone.set_cookie("toucha", value, secure=True)
    pulled = phone.get("/api/sync/pull", **HTTPS)
    assert pulled.status_code == 200
    cookies = handed_out(pulled)
    assert cookies["toucha"].startswith(";") and "Max-Age=0" in cookies["toucha"]
    assert "Max-Age=0" not in cookies["__Host-toucha"]
    assert phone.get_cookie("toucha") is None
    assert phone.get("/api/sync/pull", **HTTPS).status_code == 200
    assert phone.post("/logout", **HTTPS).status_code == 302
    assert phone.get("/api/sync/pull", **HTTPS).status_code == 401


def test_the_old_name_counts_for_nothing_beside_the_new_one_or_when_it_is_forged(app, cast):
    client, answer = signed_in(app)
    client.set_cookie("toucha", "eyJfdXNlcl9pZCI6IngifQ.aaaa.bbbb", secure=True)
    assert client.get("/api/sync/pull", **HTTPS).status_code == 200
    stranger = app.test_client()
    stranger.set_cookie("toucha", session_of(answer)[:-2] + "xx", secure=True)
    assert stranger.get("/api/sync/pull", **HTTPS).status_code == 401
    # A page with a form still works: its token is in the new session.
    old = app.test_client()
    old.set_cookie("lang", "en", secure=True)
    assert 'lang="en"' in old.get("/login", **HTTPS).text


def test_without_https_names_are_plain(make_app):
    app = make_app("sqlite")
    cast = company.build_in(app)
    client = company.client_for(app, cast, "lead")
    assert set(handed_out(client.post("/language", data={"language": "en"}))) == {"toucha", "lang"}
    assert "Strict-Transport-Security" not in client.get("/login").headers


@pytest.mark.parametrize(
    "below, said", [(False, "max-age=31536000"), (True, "max-age=31536000; includeSubDomains")]
)
def test_hosts_below_are_included_only_where_the_settings_say_so(make_app, below, said):
    client = make_app("sqlite", HTTPS=True, HSTS_SUBDOMAINS=below).test_client()
    for path in ("/login", "/api/ping", "/static/css/desk.css", "/nowhere"):
        assert client.get(path, buffered=True, **HTTPS).headers["Strict-Transport-Security"] == said, path


def test_signing_out_at_a_computer_empties_its_cache_and_never_what_waits_in_it(app, cast):
    client, _ = signed_in(app)
    answer = client.post("/logout", **HTTPS)
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "已退出登录" in client.get(answer.location, **HTTPS).text  # the next page still says so
    client, _ = signed_in(app)
    assert "Clear-Site-Data" not in client.post("/logout", headers=PHONE, **HTTPS).headers


def test_photos_stay_on_a_phone_and_not_on_a_computer(make_app):
    app = make_app("sqlite")
    cast = company.build_in(app)
    lead, photo = company.client_for(app, cast, "lead"), picture()
    [item] = parcels(1)
    assert put(lead, photo).status_code == 201
    assert (
        send(app, cast, "lead", envelope(inspection([{**item, "photos": [named(photo)]}]))).state == "stored"
    )
    for variant in ("", "/thumbnail"):
        path = f"/api/photos/{named(photo)['sha256']}{variant}"
        assert lead.get(path).headers["Cache-Control"] == "no-store"
        assert lead.get(path, headers=PHONE).headers["Cache-Control"].startswith("private, ")
        assert "sandbox" in lead.get(path).headers["Content-Security-Policy"]


def test_every_answer_bears_the_headers(app, cast):
    client, _ = signed_in(app)
    for path in (
        "/login",
        f"/ledger?unit={CITY}",
        "/api/ping",
        "/static/css/desk.css",
        "/nowhere",
        "/app/",
        "/api/docs",
    ):
        headers = client.get(path, buffered=True, **HTTPS).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        assert "unsafe-inline" not in policy and "'unsafe-eval'" not in policy and "*" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), path
        assert (
            headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
        ), path
        microphone = "microphone=(self)" if path.startswith("/app/") else "microphone=()"
        assert microphone in headers["Permissions-Policy"], path
        assert "Access-Control-Allow-Origin" not in headers, path
    assert client.get(f"/ledger?unit={CITY}", **HTTPS).headers["Cache-Control"] == "no-store"
    page = client.get(f"/ledger?unit={CITY}", **HTTPS).headers["Content-Security-Policy"]
    assert "object-src 'none'" in page and "base-uri 'none'" in page and "form-action 'self'" in page


NO_ADDRESSES = (
    "http://[::1",
    "http://]",
    "https://localhost:99999",
    "https://localhost:x/",
    "http://[v1.x]:y",
    "//[",
)


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_a_header_that_is_no_address_is_refused_and_breaks_nothing(make_app, address):
    app = make_app("sqlite", TESTING=False, WTF_CSRF_ENABLED=True, HTTPS=True, RATELIMIT_ENABLED=True)
    cast = company.build_in(app)
    client = company.client_for(app, cast, "lead")
    for name in ("Referer", "Origin"):
        for method, path in (
            ("GET", "/nowhere"),
            ("GET", "/login"),
            ("POST", "/login"),
            ("POST", "/find"),
            ("GET", "/ledger"),
            ("GET", "/api/sync/pull"),
        ):
            answer = client.open(path, method=method, headers={name: address}, **HTTPS)
            assert 400 <= answer.status_code < 500, (name, method, path, answer.status_code)
    answer = client.post(
        "/api/sync/push", json={"facts": []}, headers={**HEADERS, "Origin": address}, **HTTPS
    )
    assert 400 <= answer.status_code < 500
    host = address.rpartition("/")[2] or "["
    for path in ("/login", "/", "/ledger", "/api/ping"):
        assert client.get(path, headers={"Host": host}).status_code < 500, path
        assert client.get(path, query_string={"next": address, "lang": address}).status_code < 500, path
    for target in (address, "/" + address, "/[", "/\\[::1", "/x?[::1"):
        answer = client.get("/login", query_string={"next": target})
        assert answer.status_code < 500 and not answer.headers.get("Location", "/").startswith(
            ("http", "//")
        ), target


def test_a_referer_of_another_site_is_as_harmless_as_before(app, cast):
    client, _ = signed_in(app)
    for address in ("https://elsewhere.example/x", "about:blank", "android-app://com.x", ""):
        assert client.get("/account", headers={"Referer": address}, **HTTPS).status_code == 200
