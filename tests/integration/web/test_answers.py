"""What every answer carries: headers, one shape of errors, the right language."""

import re

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from tests import cast as company
from webapp.core.problems import CATALOGUE, Problem
from webapp.web.bodies import FORM
from webapp.web.problem_answers import CODES


@pytest.fixture
def cast(sqlite_app):
    return company.build_in(sqlite_app)


@pytest.fixture
def stranger(sqlite_app, cast):
    return company.client_for(sqlite_app, cast, "nobody")


@pytest.fixture
def county(sqlite_app, cast):
    return company.client_for(sqlite_app, cast, "county")


def raising(app, error, path="/raises", **options):
    """Add a page that fails with ``error``, before the first request is answered."""

    def fail():
        raise error

    app.add_url_rule(path, path, fail, **options)


def test_no_page_may_run_inline_code_or_be_framed(stranger):
    policy = stranger.get("/login").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy


def test_every_answer_says_what_it_may_use(stranger):
    headers = stranger.get("/login").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "microphone=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers  # the loopback demo has no certificate


def test_over_https_the_browser_is_told_to_stay_there(make_app):
    app = make_app("sqlite", HTTPS=True)
    assert "max-age=" in app.test_client().get("/login").headers["Strict-Transport-Security"]


def test_pages_of_a_signed_in_person_and_api_answers_are_kept_nowhere(county, stranger):
    assert county.get("/cases").headers["Cache-Control"] == "no-store"
    assert county.get("/no-such-page").headers["Cache-Control"] == "no-store"
    assert stranger.get("/api/no-such-thing").headers["Cache-Control"] == "no-store"


def test_the_api_answers_errors_in_one_shape(stranger):
    answer = stranger.get("/api/no-such-thing", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.json == {"code": "not-found", "message": "没有找到。", "fields": {}}


def test_the_desk_answers_errors_as_a_page_with_the_code(stranger):
    answer = stranger.get("/no-such-page")
    assert answer.status_code == 404
    assert "没有找到" in answer.text
    assert "not-found" in answer.text
    assert answer.mimetype == "text/html"


def test_a_wrong_method_names_the_right_ones(stranger):
    answer = stranger.put("/language")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_too_many_requests_says_when_to_come_back(sqlite_app):
    raising(sqlite_app, TooManyRequests(retry_after=30), "/api/raises")
    answer = sqlite_app.test_client().get("/api/raises")
    assert (answer.status_code, answer.json["code"]) == (429, "too-many-requests")
    assert answer.headers["Retry-After"] == "30"


def test_an_upload_that_is_too_large_is_refused_with_413(make_app):
    app = make_app("sqlite")
    answer = app.test_client().post("/language", data={"language": "en", "next": "x" * FORM})
    assert answer.status_code == 413
    assert "too-large" in answer.text


def test_a_form_without_its_token_is_told_to_reload(make_app):
    app = make_app("sqlite", WTF_CSRF_ENABLED=True)
    answer = app.test_client().post("/language", data={"language": "en"})
    assert answer.status_code == 400
    assert "form-expired" in answer.text


def test_an_error_of_our_own_tells_nothing_of_its_inside(make_app):
    app = make_app("sqlite", TESTING=False)
    raising(app, RuntimeError("the password is swordfish"))
    raising(app, RuntimeError("the password is swordfish"), "/api/raises")
    page, answer = app.test_client().get("/raises"), app.test_client().get("/api/raises")
    assert (page.status_code, answer.status_code) == (500, 500)
    assert "swordfish" not in page.text + answer.text
    assert answer.json["code"] == "server-error"
    assert "server-error" in page.text


def test_a_database_that_does_not_answer_is_busy_and_nothing_is_lost(sqlite_app):
    raising(sqlite_app, OperationalError("UPDATE", {}, Exception("database is locked")), "/api/raises")
    answer = sqlite_app.test_client().get("/api/raises")
    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    assert answer.headers["Retry-After"]


def test_a_problem_shows_the_fields_at_fault_and_the_way_back(sqlite_app):
    raising(sqlite_app, Problem("bad-period", {"period": "2026-W99"}))
    answer = sqlite_app.test_client().get("/raises", headers={"Referer": "http://localhost/ledger?unit=1"})
    assert answer.status_code == 422
    assert "2026-W99" in answer.text
    assert 'href="/ledger?unit=1"' in answer.text


def test_the_way_back_leads_to_no_other_server(sqlite_app):
    raising(sqlite_app, Problem("bad-period"))
    answer = sqlite_app.test_client().get("/raises", headers={"Referer": "http://elsewhere.example/trap"})
    assert "elsewhere" not in answer.text
    assert "trap" not in answer.text


def test_who_is_not_signed_in_is_led_to_the_login_and_back(stranger):
    answer = stranger.get("/ledger?period=2026-W47")
    assert answer.status_code == 302
    assert answer.location == "/login?next=%2Fledger%3Fperiod%3D2026-W47"


def test_who_is_not_signed_in_gets_401_from_the_api(stranger, sqlite_app):
    raising(sqlite_app, Problem("sign-in"), "/api/raises")
    answer = stranger.get("/api/raises")
    assert (answer.status_code, answer.json["code"]) == (401, "sign-in")


# ---------------------------------------------------------------- language


def language_of(answer) -> str:
    return re.search(r'<html lang="([^"]+)"', answer.text)[1]


def test_pages_are_chinese_unless_somebody_chose_otherwise(stranger):
    assert language_of(stranger.get("/login")) == "zh-CN"
    assert language_of(stranger.get("/login?lang=en")) == "en"
    assert language_of(stranger.get("/login?lang=xx")) == "zh-CN"


def test_a_guest_keeps_the_chosen_language_in_a_cookie(stranger):
    answer = stranger.post("/language", data={"language": "en", "next": "/login"})
    assert answer.location == "/login"
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert language_of(stranger.get("/login")) == "en"


def test_a_persons_language_goes_with_the_person_to_the_next_phone(sqlite_app, cast, county):
    county.post("/language", data={"language": "en"})
    elsewhere = company.client_for(sqlite_app, cast, "county")
    assert language_of(elsewhere.get("/cases")) == "en"


def test_the_language_form_leads_nowhere_else(stranger):
    for trap in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/\r\nX: 1", ""):
        assert stranger.post("/language", data={"language": "zh", "next": trap}).location == "/"


def test_an_unknown_language_is_refused(stranger):
    assert stranger.post("/language", data={"language": "fr"}).status_code == 422


def test_problems_of_the_api_speak_the_persons_language(stranger):
    assert stranger.get("/api/no-such-thing?lang=en").json["message"] == "Not found."


# ---------------------------------------------------------------- where one begins


@pytest.mark.parametrize(
    ("login", "start"),
    [
        ("nobody", "/login"),
        ("carrier", "/app/"),
        ("lead", "/app/"),
        ("inspector", "/app/"),
        ("director", "/ledger"),
        ("county", "/morning"),
        ("league", "/morning"),
        ("region", "/morning"),
        ("admin", "/people"),
    ],
)
def test_everybody_begins_where_the_own_work_is(sqlite_app, cast, login, start):
    assert company.client_for(sqlite_app, cast, login).get("/").location == start


def test_who_left_the_post_is_told_so_instead_of_seeing_a_ledger(sqlite_app, cast):
    former = company.client_for(sqlite_app, cast, "former")
    assert "今天没有岗位" in former.get("/").text
    assert former.get("/ledger").status_code == 403


@pytest.mark.parametrize(
    ("login", "seen", "unseen"),
    [
        ("director", ("/ledger", "/manifests", "/cases", "/people", "/app/"), ()),
        ("lead", ("/ledger", "/cases", "/app/"), ("/manifests", "/people")),
        ("region", ("/ledger", "/manifests", "/cases", "/people", "/app/"), ()),
        ("admin", ("/people",), ("/ledger", "/manifests", "/cases", "/app/")),
    ],
)
def test_the_navigation_shows_only_what_the_role_opens(sqlite_app, cast, login, seen, unseen):
    page = company.client_for(sqlite_app, cast, login).get("/no-such-page").text
    for place in seen:
        assert f'href="{place}"' in page
    for place in unseen:
        assert f'href="{place}"' not in page


def test_every_status_of_the_framework_has_a_sentence_of_ours():
    assert set(CODES.values()) <= set(CATALOGUE)
