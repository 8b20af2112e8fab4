"""A temporary password opens one page, for a week; a changed one ends the codes of before."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tests.cast import PASSWORD, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels
from tests.photos import HEADERS
from webapp.core import clock
from webapp.core.database import Base, transaction
from webapp.desk.accounts.gate import OPEN
from webapp.org.models import Person

OWN = "steppe-wind-77"


def sign_in(app, login, password):
    client = app.test_client()
    return client, client.post("/login", data={"login": login, "password": password})


def reset(app, cast, login="lead", by="director") -> str:
    page = client_for(app, cast, by).post(f"/people/{cast.people[login]}/password?lang=en").text
    assert "It holds until" in page
    return re.search(r'secret"><strong>(\w+)<', page)[1]


def code_link(app, cast, login="lead", by="director") -> str:
    page = client_for(app, cast, by).post(f"/people/{cast.people[login]}/enrolment").text
    return re.search(r"/enrol/[\w-]{20,}", page)[0]


def counts(app) -> dict:
    tables = [table for name, table in Base.metadata.tables.items() if name not in ("login_failures",)]
    return read(
        app,
        lambda session: {t.name: session.scalar(select(func.count()).select_from(t)) for t in tables},
    )


def hashes(app):
    columns = (Person.id, Person.password_hash, Person.active, Person.name)
    return read(app, lambda session: session.execute(select(*columns).order_by(Person.id)).all())


def test_with_a_temporary_password_nothing_at_all_is_posted_but_an_own_one(sqlite_app):
    app = sqlite_app
    cast = build_in(app)
    with app.app_context(), transaction() as session:
        session.execute(update(Person).where(Person.login == "county").values(temporary=True))
    client, _answer = sign_in(app, "county", PASSWORD)
    before = counts(app), hashes(app)
    values = {"person_id": cast.people["lead"], "code": "152502002", "unit": "152502002", "day": "2026-11-20"}
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN or not rule.methods & {"POST", "PUT"}:
            continue
        known = {name: values.get(name, "01970000-0000-7000-8000-000000000000") for name in rule.arguments}
        known |= {"sha256": "0" * 64} if "sha256" in rule.arguments else {}
        with app.test_request_context():
            url = app.url_map.bind("localhost").build(rule.endpoint, known)
        if url.startswith("/api/"):
            method = client.put if "PUT" in rule.methods else client.post
            answer = method(url, json={"facts": []}, headers=HEADERS)
            assert (answer.status_code, answer.json["code"]) == (403, "temporary-password"), url
        else:
            form = {
                "role": "carrier",
                "unit": "152502002",
                "first_day": "2026-11-21",
                "name": "谁",
                "login": "x1",
            }
            answer = client.post(url, data=form)
            assert (answer.status_code, answer.location) == (302, "/account"), url
        asked += 1
    assert asked > 40
    assert (counts(app), hashes(app)) == before


def test_a_temporary_password_is_good_for_a_week_and_says_so(sqlite_app, monkeypatch):
    app = sqlite_app
    cast = build_in(app)
    word = reset(app, cast)
    client, answer = sign_in(app, "lead", word)
    assert answer.location == "/account"
    assert "It holds until" in client.get("/account?lang=en").text
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=7, minutes=1))
    body = {"facts": [envelope(inspection(parcels(20)))]}
    gone = client.post("/api/sync/push", json=body, headers=HEADERS)
    assert (gone.status_code, gone.json["code"]) == (401, "sign-in")  # the phone keeps its queue and says so
    answer = sign_in(app, "lead", word)[1]
    assert answer.status_code == 403
    assert "临时密码已过期" in answer.text
    assert sign_in(app, "lead", "wrong")[1].status_code == 401  # told to nobody else
    again = reset(app, cast)
    assert sign_in(app, "lead", again)[1].location == "/account"


def test_an_own_password_ends_the_temporary_ones_week(sqlite_app):
    cast = build_in(sqlite_app)
    word = reset(sqlite_app, cast)
    client, _ = sign_in(sqlite_app, "lead", word)
    client.post("/account", data={"current": word, "password": OWN, "repeat": OWN})
    person = read(sqlite_app, lambda session: cast.person(session, "lead"))
    assert (person.temporary, person.temporary_until) == (False, None)
    assert client.get("/ledger").status_code == 200


@pytest.mark.parametrize("how", ["change", "reset", "deactivate"])
def test_an_enrolment_dies_with_the_password_of_its_person(app, how):
    cast = build_in(app)
    link = code_link(app, cast)
    if how == "change":
        form = {"current": PASSWORD, "password": OWN, "repeat": OWN}
        assert client_for(app, cast, "lead").post("/account", data=form).status_code == 302
    elif how == "reset":
        reset(app, cast)
    else:
        client_for(app, cast, "county").post(f"/people/{cast.people['lead']}/deactivate")
        client_for(app, cast, "county").post(f"/people/{cast.people['lead']}/reactivate")
    assert app.test_client().post(link).status_code == 410
    assert app.test_client().post(code_link(app, cast)).status_code == 302


def test_the_command_line_resets_whom_nobody_else_can(sqlite_app):
    build_in(sqlite_app)
    done = sqlite_app.test_cli_runner().invoke(args=["reset", "ADMIN"])
    word = done.output.split()[1]
    assert sign_in(sqlite_app, "admin", word)[1].location == "/account"
    assert sqlite_app.test_cli_runner().invoke(args=["reset", "nobody"]).exit_code == 1
