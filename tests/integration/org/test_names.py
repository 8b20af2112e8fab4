"""Names and logins: one spelling, found in any form; of two namesakes each is told; old records keep the name of their day."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cases import cases_in
from tests.cast import CITY, NEXT_RURAL, PASSWORD, RURAL, build_in, client_for, read
from tests.desk_lists import words
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core.database import transaction
from webapp.org.models import Person
from webapp.org.queries import by_login


def searched(client, path: str, **sought: str):
    """The answer to a search: posted, then shown under its key."""
    return client.get(client.post(path, data=sought).location)


@pytest.fixture
def cast(app):
    return build_in(app)


def enter(app, cast, login: str, name: str, role: str = "carrier", unit: str = CITY) -> str:
    """Enter a person as the county manager does; the person's page."""
    form = {"login": login, "name": name, "role": role, "unit": unit, "first_day": today().isoformat()}
    answer = client_for(app, cast, "county").post("/people/new", data=form)
    assert answer.status_code == 302, words(answer)
    return answer.location


def person(app, login: str) -> Person:
    return read(app, lambda session: session.scalar(select(Person).where(Person.login == login)))


# ---------------------------------------------------------------- one spelling


@pytest.mark.parametrize("written", ["王　芳", "王 芳", "王\u200b芳", "\ufeff王芳 "])
def test_a_name_spread_with_an_ideographic_space_is_stored_without_it(app, cast, written):
    enter(app, cast, "d1502", written)
    assert person(app, "d1502").name == "王芳"


@pytest.mark.parametrize("sought", ["王芳", "王　芳", "王 芳", "ｄ１５０２", "D1502", "d1502\u200b"])
def test_whoever_is_entered_is_found_in_any_form(app, cast, sought):
    page = enter(app, cast, "Ｄ１５０２", "王　芳")
    county = client_for(app, cast, "county")
    assert searched(county, "/find", q=sought).location == page
    assert "王芳" in searched(county, "/people", search=sought).text


@pytest.mark.parametrize("dot", "·・•‧⋅．")
def test_a_mongolian_name_is_found_with_every_middle_dot_and_without(app, cast, dot):
    page = enter(app, cast, "d1503", f"孟和{dot}巴图")
    assert person(app, "d1503").name == "孟和·巴图"
    county = client_for(app, cast, "county")
    for sought in ("孟和·巴图", "孟和•巴图", "孟和 巴图", "孟和巴图", "和‧巴"):
        assert searched(county, "/find", q=sought).location == page, sought


@pytest.mark.parametrize("typed", ["director", "Ｄｉｒｅｃｔｏｒ", " director\u200b", "DIRECTOR\u3000"])
def test_a_login_signs_in_in_any_form(app, cast, typed):
    answer = app.test_client().post("/login", data={"login": typed, "password": PASSWORD})
    assert answer.status_code == 302


@pytest.mark.parametrize("hyphen", "‐‑–—－﹣")
def test_a_login_with_another_hyphen_is_the_same_login(app, cast, hyphen):
    enter(app, cast, f"li{hyphen}na", "李娜")
    assert person(app, "li-na")
    form = {
        "login": "li-na",
        "name": "李娜",
        "role": "carrier",
        "unit": CITY,
        "first_day": today().isoformat(),
    }
    taken = client_for(app, cast, "county").post("/people/new", data=form)
    assert "li-na" in taken.text and taken.status_code != 302


def test_a_login_without_the_hyphen_is_another_persons(app, cast):
    enter(app, cast, "li-na", "李娜")
    enter(app, cast, "lina", "李娜")
    assert person(app, "lina").id != person(app, "li-na").id


@pytest.mark.parametrize("form", ["{}", "　{}　", "{0[0]}{0[1]}—{0[2]}", "\u200b{}"])
def test_an_enrolment_code_is_read_in_any_form(app, cast, form):
    page = enter(app, cast, "d1504", "赵六")
    issued = client_for(app, cast, "county").post(f"{page}/enrolment")
    code = re.search(r"[A-Z2-9]{4}.?[A-Z2-9]{4}", words(issued))[0].replace(" ", "").replace("-", "")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    typed = form.format(wide if "[" not in form else [code[:2].lower(), code[2:5], code[5:]])
    assert "赵六" in app.test_client().post("/enrol", data={"code": typed}).text


def test_a_login_of_before_the_one_spelling_still_finds_its_owner(app, cast):
    """Where the plain spelling is another's, the migration left it as it was."""
    enter(app, cast, "li-na", "李娜")
    with app.app_context(), transaction() as session:
        session.get(Person, cast.people["carrier"]).login = "li—na"
        session.flush()
        assert by_login(session, "li—na").id == cast.people["carrier"]
        assert by_login(session, "Li–Na").name == "李娜"


def test_letters_that_are_no_latin_are_found_in_capitals_and_small(app, cast):
    page = enter(app, cast, "d1505", "Батбаяр Дорж")
    assert searched(client_for(app, cast, "county"), "/find", q="БАТБАЯР").location == page


# ---------------------------------------------------------------- two of one name


def test_of_two_namesakes_in_the_find_box_each_shows_unit_and_login(app, cast):
    enter(app, cast, "d0021", "王芳")
    enter(app, cast, "d0022", "王芳", "inspector", RURAL)
    found = words(searched(client_for(app, cast, "county"), "/find", q="王芳"))
    assert "d0021" in found and "d0022" in found


def test_a_record_of_one_of_two_namesakes_says_which(app, cast):
    enter(app, cast, "d0021", "李斯琴")
    sent = envelope(inspection(parcels(3)))
    send(app, cast, "lead", sent)
    page = client_for(app, cast, "county").get(f"/inspections/{sent['id']}")
    assert "李斯琴（lead）" in words(page)


def test_namesakes_whose_logins_end_alike_show_the_whole_login(app, cast):
    enter(app, cast, "east-0021", "王芳")
    enter(app, cast, "west-0021", "王芳")
    pulled = client_for(app, cast, "lead").get("/api/sync/pull").json
    [people] = [one["rows"] for section in pulled["sections"] for one in [section] if one["name"] == "people"]
    assert {"王芳（east-0021）", "王芳（west-0021）"} <= {one["name"] for one in people}
    assert "李斯琴" in {one["name"] for one in people}


def test_a_namesake_in_another_county_marks_nobody(app, cast):
    enter(app, cast, "d0021", "王芳")
    form = {
        "login": "d0099",
        "name": "王芳",
        "role": "carrier",
        "unit": NEXT_RURAL,
        "first_day": today().isoformat(),
    }
    assert client_for(app, cast, "nextcounty").post("/people/new", data=form).status_code == 302
    people = client_for(app, cast, "lead").get("/api/sync/pull").json["sections"]
    assert any(
        row.get("name") == "王芳"
        for section in people
        if section["name"] == "people"
        for row in section["rows"]
    )


# ---------------------------------------------------------------- a new name


def renamed(app, cast, login: str, name: str, **more):
    return client_for(app, cast, "county").post(
        f"/people/{cast.people[login]}/name", data={"name": name, **more}
    )


def test_an_old_record_shows_the_name_of_its_day_and_a_new_one_the_new_name(app, cast):
    old = envelope(inspection(parcels(3), date=(today() - timedelta(days=2)).isoformat()))
    send(app, cast, "lead", old)
    assert renamed(app, cast, "lead", "李敏").status_code == 302
    new = envelope(inspection(parcels(3, first=10)))
    send(app, cast, "lead", new)
    county = client_for(app, cast, "county")
    assert "李斯琴" in words(county.get(f"/inspections/{old['id']}"))
    assert "李敏" not in words(county.get(f"/inspections/{old['id']}"))
    assert "李敏" in words(county.get(f"/inspections/{new['id']}"))


def test_a_record_that_came_before_the_new_name_of_the_same_day_keeps_the_old_one(app, cast):
    sent = envelope(inspection(parcels(3, failed=1)))
    send(app, cast, "lead", sent)
    renamed(app, cast, "lead", "李敏")
    assert "李斯琴" in words(client_for(app, cast, "county").get(f"/inspections/{sent['id']}"))


def test_ledger_and_problems_of_old_days_show_the_name_of_their_day(app, cast):
    day = today() - timedelta(days=2)
    send(app, cast, "lead", envelope(inspection(parcels(3, failed=1), date=day.isoformat())))
    renamed(app, cast, "lead", "李敏")
    county = client_for(app, cast, "county")
    case = cases_in(app)[0].id
    for path in (f"/cases/{case}", f"/ledger/{CITY}/parcel-check/{day:%G-W%V}"):
        page = county.get(path, follow_redirects=True)
        assert page.status_code == 200, path
        assert "李斯琴" in words(page), path


def test_the_persons_page_lists_earlier_names(app, cast):
    renamed(app, cast, "lead", "李　敏")
    renamed(app, cast, "lead", "李敏 (大)")
    page = words(client_for(app, cast, "county").get(f"/people/{cast.people['lead']}"))
    assert "李斯琴" in page and "李敏（大）" in page
    assert page.index("李敏（大）") < page.index("曾用名") < page.rindex("李斯琴")


def test_a_misspelt_name_is_corrected_everywhere(app, cast):
    sent = envelope(inspection(parcels(3), date=(today() - timedelta(days=2)).isoformat()))
    send(app, cast, "lead", sent)
    renamed(app, cast, "lead", "李斯芹", misspelt="true")
    assert "李斯芹" in words(client_for(app, cast, "county").get(f"/inspections/{sent['id']}"))
    assert "曾用名" not in words(client_for(app, cast, "county").get(f"/people/{cast.people['lead']}"))


def test_somebody_is_found_by_the_earlier_name(app, cast):
    renamed(app, cast, "lead", "李敏")
    answer = searched(client_for(app, cast, "county"), "/find", q="李斯琴")
    assert answer.location == f"/people/{cast.people['lead']}"
