"""Events of security: what is recorded, what never is, who reads it, and that no flood fills the disk."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, PASSWORD
from tests.photos import HEADERS
from webapp.core.database import db, transaction
from webapp.desk.accounts.recorder import DEEDS, NO_DEEDS
from webapp.org.events import MOST, STRANGERS_BYTES, Event, Filter, Recorder, page
from webapp.org.models import Person, Role
from webapp.org.passwords import hashed

PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36"
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


@pytest.fixture
def cast(app):
    return company.build_in(app)


def told(app) -> list[dict]:
    """What is recorded, the oldest first."""
    files = sorted(app.config["EVENTS_DIRECTORY"].glob("*.log"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def last(app) -> dict:
    """The latest event without its instant and place."""
    event = told(app)[-1]
    assert event.pop("source") == "127.0.0.1" and "·" in event.pop("device")
    assert datetime.fromisoformat(event.pop("at")).utcoffset() is not None
    assert event.pop("times") == 1
    return event


def test_every_form_is_a_deed_or_said_to_be_none(app):
    forms = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    }
    assert forms == set(DEEDS) | NO_DEEDS
    assert not set(DEEDS) & NO_DEEDS


def test_signing_in_and_out_is_recorded_with_person_address_and_device(app, cast):
    with app.app_context(), transaction() as session:
        session.get(Person, cast.people["lead"]).password_hash = hashed(PASSWORD)
    client = app.test_client()
    form = {"login": "lead", "password": PASSWORD}
    assert client.post("/login", data=form, headers={"User-Agent": PHONE}).status_code == 302
    assert client.post("/logout", headers={"User-Agent": PHONE}).status_code == 302
    first, second = told(app)
    assert {first.pop("at") <= second.pop("at")} == {True}
    place = {"person": cast.people["lead"], "source": "127.0.0.1", "device": "Android · Chrome", "times": 1}
    assert (first, second) == ({"kind": "sign-in", **place}, {"kind": "sign-out", **place})
    assert client.post("/logout").status_code == 302 and len(told(app)) == 2  # nobody was signed in


def test_a_wrong_password_names_the_account_and_never_what_was_typed(app, cast):
    client, secret = app.test_client(), "my-Secret-typed-here"
    assert client.post("/login", data={"login": "lead", "password": secret}).status_code == 401
    assert last(app) == {"kind": "sign-in-failed", "about": cast.people["lead"]}
    assert client.post(f"/login?unit={CITY}", data={"login": secret, "password": "lead"}).status_code == 401
    assert last(app) == {"kind": "sign-in-failed"}  # nobody's name: not even where it was aimed
    for _ in range(app.config["LOGIN_FAILURES"]):
        answer = client.post("/login", data={"login": "lead", "password": secret})
    assert answer.status_code == 429
    assert {event["kind"] for event in told(app)} == {"sign-in-failed", "locked-out"}
    assert client.post("/enrol", data={"code": secret}).status_code == 410
    assert last(app)["kind"] == "enrolment-failed"
    assert secret not in str(told(app)) and "my-secret" not in str(told(app)).lower()


def test_a_wrong_present_password_is_an_event_and_two_that_differ_are_none(app, cast):
    with app.app_context(), transaction() as session:
        session.get(Person, cast.people["lead"]).password_hash = hashed(PASSWORD)
    lead = company.client_for(app, cast, "lead")
    lead.post("/account", data={"current": PASSWORD, "password": "another-word-9", "repeat": "x"})
    assert told(app) == []
    lead.post("/account", data={"current": "wrong", "password": "another-word-9", "repeat": "another-word-9"})
    assert last(app) == {"kind": "sign-in-failed", "person": cast.people["lead"]}
    lead.post(
        "/account", data={"current": PASSWORD, "password": "another-word-9", "repeat": "another-word-9"}
    )
    assert last(app) == {"kind": "password-changed", "person": cast.people["lead"]}


def test_a_second_factor_is_an_event_at_each_step_and_its_secret_never(app, cast):
    with app.app_context(), transaction() as session:
        session.get(Person, cast.people["county"]).password_hash = hashed(PASSWORD)
    first, other, form = app.test_client(), app.test_client(), {"login": "county", "password": PASSWORD}
    assert first.post("/login", data=form).status_code == 302
    page = first.get("/account/second-factor").text
    key = re.search(r'secret-key">([^<]+)<', page)[1].replace(" ", "")
    made = first.post("/account/second-factor", data={"code": pyotp.TOTP(key).now()})
    assert made.status_code == 200
    assert last(app) == {
        "kind": "second-factor", "person": cast.people["county"], "what": "second_factor.set_up",
    }  # fmt: skip
    before = len(told(app))
    assert other.post("/login", data=form).status_code == 302
    assert len(told(app)) == before, "a password alone is no sign-in"
    assert other.post("/login/code", data={"code": "no code"}).status_code >= 400
    assert last(app) == {"kind": "sign-in-failed", "about": cast.people["county"]}
    first.post("/account/second-factor/remove")
    assert last(app)["what"] == "second_factor.take_off"
    assert key not in str(told(app)) and PASSWORD not in str(told(app))


def test_what_a_superior_does_to_an_account_names_both(app, cast):
    county, lead = company.client_for(app, cast, "county"), cast.people["lead"]
    who = {"person": cast.people["county"], "about": lead}
    phone = company.client_for(app, cast, "lead").device_id
    role = {"role": "inspector", "unit": CITY, "first_day": date.today().isoformat()}
    for address, form, event in (
        (f"/people/{lead}/password", {}, {"kind": "password-reset"}),
        (f"/people/{lead}/enrolment", {}, {"kind": "enrolment-issued"}),
        (f"/people/{lead}/roles", role, {"kind": "role", "what": "inspector", "unit": CITY}),
        (f"/people/{lead}/name", {"name": "李琴"}, {"kind": "person", "what": "people.rename"}),
        (f"/devices/{phone}/revoke", {}, {"kind": "device-ended"}),
        (f"/people/{lead}/deactivate", {}, {"kind": "person", "what": "people.deactivate"}),
    ):
        assert county.post(address, data=form).status_code < 400, address
        assert last(app) == {**who, **event}, address
    before = len(told(app))
    assert (
        county.post(f"/people/{lead}/roles", data={**role, "unit": CITY, "first_day": "x"}).status_code == 422
    )
    assert len(told(app)) == before  # nothing was done
    assert "李琴" not in str(told(app))
    new = {
        "login": "newone",
        "name": "新来的",
        "role": "carrier",
        "unit": CITY,
        "first_day": date.today().isoformat(),
    }
    assert county.post("/people/new", data=new).status_code == 302
    found = last(app)
    assert company.read(app, lambda session: session.get(Person, found["about"]).login) == "newone"
    assert (found["what"], found["unit"], "新来的" in str(told(app))) == ("carrier", CITY, False)


def test_refused_access_is_recorded_even_of_a_get_and_names_what_is_there_alone(app, cast):
    carrier, stranger = (company.client_for(app, cast, login) for login in ("carrier", "nextcounty"))
    number = "9988012345678"
    assert carrier.get(f"/people?unit={number}").status_code == 403
    assert last(app) == {"kind": "refused", "person": cast.people["carrier"], "what": "forbidden GET /people"}
    lead = cast.people["lead"]
    assert stranger.get(f"/people/{lead}").status_code == 404
    me = {"kind": "refused", "person": cast.people["nextcounty"]}
    assert last(app) == {**me, "about": lead, "what": "not-found GET /people/<person_id>"}
    assert stranger.get(f"/ledger?unit={CITY}").status_code == 404
    assert last(app) == {**me, "unit": CITY, "what": "not-found GET /ledger"}
    before = len(told(app))
    assert stranger.get(f"/ledger?unit={number}").status_code == 404  # there is none: a slip, no refusal
    assert stranger.get("/people/01939d3c-0000-7000-8000-000000000000").status_code == 404
    assert app.test_client().get(f"/people/{lead}").status_code == 302  # not signed in
    assert len(told(app)) == before
    answer = carrier.post(
        "/api/sync/push", json={"facts": []}, headers={**HEADERS, "Origin": "https://elsewhere"}
    )
    assert answer.status_code == 403
    assert last(app)["what"] == "wrong-origin POST /api/sync/push"
    assert number not in str(told(app))


def test_each_file_that_leaves_is_recorded_by_its_name(app, cast):
    county = company.client_for(app, cast, "county")
    assert county.get(f"/ledger.xlsx?unit={CITY}&period=2026-11").status_code == 200
    who = {"kind": "export", "person": cast.people["county"]}
    assert last(app) == {**who, "unit": CITY, "what": "投递台账_宝力根街道投递部_2026年11月.xlsx"}
    assert county.get(f"/points/export.csv?unit={CITY}").status_code == 200
    assert last(app)["unit"] == CITY and last(app)["what"].endswith(".csv")
    county.get(f"/ledger?unit={CITY}")
    assert len(told(app)) == 2


def test_settings_are_recorded_with_their_unit_and_the_work_itself_is_not(app, cast):
    county, director = (company.client_for(app, cast, login) for login in ("county", "director"))
    form = {"setting": "rural", "first_day": date.today().isoformat()}
    assert county.post(f"/units/{CITY}/setting", data=form).status_code in (302, 422)
    form = {"name": "宝力根投递部", "reveal": "after"}
    assert county.post(f"/units/{CITY}/details", data=form).status_code == 302
    assert last(app) == {
        "kind": "settings",
        "person": cast.people["county"],
        "unit": CITY,
        "what": "units.change",
    }
    form = {"service": "counter", "offers": "yes", "first_day": date.today().isoformat()}
    assert county.post(f"/units/{CITY}/services", data=form).status_code == 302
    assert last(app)["what"] == "units.set_service"
    before = len(told(app))
    assert director.post("/manifests/import", data={"unit": CITY, "day": str(date.today())}).status_code < 500
    assert len(told(app)) == before


# ---------------------------------------------------------------- the page


def rows(answer) -> list[str]:
    """The words of each row of the table."""
    body = answer.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def keep(app, *events: Event) -> None:
    recorder = Recorder(app.config["EVENTS_DIRECTORY"])
    for event in events:
        recorder.record(event)


def test_each_reads_of_the_own_people_and_units_and_below_the_county_nobody(app, cast):
    people, now = cast.people, datetime.now(UTC)
    keep(
        app,
        Event(now, "sign-in", people["lead"]),
        Event(now, "sign-in", people["nextcarrier"]),
        Event(now, "password-reset", people["region"], people["director"]),
        Event(now, "refused", people["nextcounty"], unit=CITY, what="not-found GET /ledger"),
        Event(now, "sign-in-failed"),
    )
    seen = {
        login: len(rows(company.client_for(app, cast, login).get("/events")))
        for login in ("county", "nextcounty", "league", "region", "admin")
    }
    # The next county's own manager was refused at ours: both read it. What concerns nobody is for the top alone.
    assert seen == {"county": 3, "nextcounty": 2, "league": 4, "region": 5, "admin": 5}
    for login in ("director", "lead", "carrier", "inspector"):
        assert company.client_for(app, cast, login).get("/events").status_code == 403
    assert (
        company.client_for(app, cast, "county").get(f"/events?person={people['nextcarrier']}").status_code
        == 404
    )
    assert app.test_client().get("/events").headers["Location"].startswith("/login")


def test_of_somebody_who_moved_each_county_reads_its_own_days(app, cast):
    with app.app_context(), transaction() as session:
        role = session.query(Role).filter_by(person_id=cast.people["mover"], role="carrier").one()
        role.last_day, new = date(2026, 10, 31), company.NEXT_RURAL
        session.add(
            Role(
                id=company.new_id(),
                person_id=role.person_id,
                unit_code=new,
                role="carrier",
                first_day=date(2026, 11, 5),
            )
        )
    days = [datetime(2026, month, day, 4, tzinfo=UTC) for month, day in ((10, 20), (11, 3), (11, 20))]
    keep(app, *(Event(day, "sign-in", cast.people["mover"]) for day in days))
    with app.app_context():
        read = {
            login: [
                event.at.day
                for event in page(
                    db.session, cast.actor(db.session, login), app.config["EVENTS_DIRECTORY"], Filter()
                )[0]
            ]
            for login in ("county", "nextcounty")
        }
    assert read == {"county": [3, 20], "nextcounty": [20, 3]}  # between the two, both


def test_the_page_filters_by_kind_person_and_day_and_turns_without_a_gap(app, cast):
    people = cast.people
    signs = [
        Event(NOON + timedelta(hours=n), "sign-in", people["lead" if n % 2 else "director"])
        for n in range(130)
    ]
    keep(app, *signs, Event(NOON, "role", people["county"], people["lead"], CITY, "inspector"))
    county, seen, url = company.client_for(app, cast, "county"), [], "/events?kind=sign-in"
    while url:
        answer = county.get(url)
        seen += re.findall(r'datetime="([^"]+)"', answer.text)
        found = re.search(r'rel="next" href="([^"]+)"', answer.text)
        url = found and found[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 130 and seen == sorted(seen, reverse=True)
    [role] = rows(county.get("/events?kind=role"))
    assert "李斯琴" in role and "周苏日娜" in role and "质检员" in role and "宝力根街道投递部" in role
    keep(app, Event(NOON, "refused", people["carrier"], what="forbidden GET /people"))
    [refused] = rows(county.get("/events?kind=refused"))
    assert "您的岗位不能做这件事。 GET /people" in refused
    of_lead = rows(county.get(f"/events?person={people['lead']}&until=2026-11-20"))
    assert len(of_lead) == 7 and all("李斯琴" in row for row in of_lead)
    for strange in (
        "kind=x",
        "until=9999",
        "after=zz",
        "after=2026-11-20.99999999999",
        "person=x",
        "after=9.9.9",
    ):
        assert county.get(f"/events?{strange}").status_code == 200, strange


def test_a_page_reads_so_many_lines_and_no_more(app, cast, monkeypatch):
    """However rare what is sought for: the pages before a hit are empty, and lead on to it."""
    monkeypatch.setattr("webapp.org.events.LOOKED_AT", 100)
    signs = [Event(NOON + timedelta(minutes=n), "sign-in", cast.people["lead"]) for n in range(250)]
    keep(app, Event(NOON, "role", cast.people["county"], cast.people["lead"], CITY, "inspector"), *signs)
    county, url, found = company.client_for(app, cast, "county"), "/events?kind=role", []
    for _ in range(3):
        text = county.get(url).text
        found.append("质检员" in text)
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        url = onward and onward[1].replace("&amp;", "&")
    assert (found, url) == ([False, False, True], None)


def test_a_torn_line_or_one_of_another_release_is_passed_over(app, cast):
    keep(app, Event(NOON, "sign-in", cast.people["lead"]))
    [file] = app.config["EVENTS_DIRECTORY"].glob("*")
    with file.open("a") as more:
        more.write('{"at":"2026-11-20T0\n{"at":"2026-11-20T04:00:00+00:00","kind":"sign-in","new":1}\n[]\n')
    assert len(rows(company.client_for(app, cast, "county").get("/events"))) == 1


def test_old_files_go_with_the_tick(app, cast):
    keep(app, Event(NOON - timedelta(days=800), "sign-in"), Event(datetime.now(UTC), "sign-in"))
    assert app.test_cli_runner().invoke(args=["tick"]).exit_code == 0
    assert len(told(app)) == 1


# ---------------------------------------------------------------- floods


def test_a_flood_of_failures_leaves_few_lines_and_says_how_many(tmp_path, app, cast):
    recorder = Recorder(app.config["EVENTS_DIRECTORY"])
    for n in range(1000):
        recorder.record(
            Event(
                NOON + timedelta(milliseconds=n),
                "sign-in-failed",
                None,
                cast.people["lead"],
                source="10.0.0.1",
            )
        )
    assert [line["times"] for line in told(app)] == [2**n for n in range(10)]
    for n in range(5000):  # from ever new addresses
        recorder.record(Event(NOON, "sign-in-failed", source=f"10.1.{n // 256}.{n % 256}"))
    recorder.record(
        Event(NOON, "export", cast.people["county"], what="清单.xlsx")
    )  # others are not drowned by it
    assert told(app)[-1]["kind"] == "export"
    assert len(told(app)) < 10 + MOST + 15
    assert {line["kind"] for line in told(app)} == {"sign-in-failed", "flood", "export"}
    [_, row] = rows(company.client_for(app, cast, "county").get("/events"))
    assert "512" in row
    recorder.record(Event(NOON + timedelta(minutes=1), "sign-in-failed", source="10.0.0.1"))
    assert told(app)[-1]["times"] == 1


def test_strangers_cannot_fill_a_days_file_beyond_its_bound_and_people_still_can_be_read(tmp_path):
    recorder = Recorder(tmp_path)
    recorder.record(Event(NOON, "sign-in-failed", source="10.0.0.1"))
    [file] = tmp_path.iterdir()
    with file.open("a") as more:
        more.write("x" * STRANGERS_BYTES + "\n")
    recorder.record(Event(NOON, "sign-in-failed", source="10.0.0.2"))
    assert "10.0.0.2" not in file.read_text()
    recorder.record(Event(NOON, "role", "somebody"))
    assert "somebody" in file.read_text()


def test_a_disk_that_takes_no_event_stops_no_answer(app, cast, caplog):
    app.config["EVENTS_DIRECTORY"].write_text("a file where the folder should be")
    county = company.client_for(app, cast, "county")
    assert county.get(f"/ledger.xlsx?unit={COUNTY}&period=2026-11").status_code == 200
    assert "a line of events is not kept" in caplog.text
