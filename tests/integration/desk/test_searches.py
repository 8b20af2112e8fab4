"""What is searched for by name or number stands in no address: proxies write those down."""

import re
import secrets

import pytest

from tests import cast as company
from tests.cast import CITY
from webapp.desk.searches import KEPT, LONGEST

PLACES = (("/find", "q"), ("/people", "search"), (f"/points?unit={CITY}", "search"))


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.mark.parametrize("place, field", PLACES)
def test_the_form_posts_and_the_address_holds_a_key_alone(app, cast, place, field):
    county = company.client_for(app, cast, "county")
    form = county.get(place).text.partition('type="search"')[0].rpartition("<form")[2]
    assert 'method="post"' in form
    answer = county.post(place, data={field: "额尔敦", "unit": CITY})
    assert answer.status_code == 303
    assert "%E9" not in answer.location and "额" not in answer.location
    assert re.search(r"[?&]s=[\w-]{8}$", answer.location)
    for _ in range(2):  # again by Reload or Back
        page = county.get(answer.location, follow_redirects=True)
        assert page.status_code == 200 and "额尔敦" in page.text
    # Nor is it in an address of the page that follows.
    assert not re.search(r'(href|action)="[^"]*(%E9%A2%9D|额尔敦)', page.text)


@pytest.mark.parametrize("place, field", PLACES)
def test_an_address_of_before_is_led_to_the_empty_form_with_a_hint(app, cast, place, field):
    county = company.client_for(app, cast, "county")
    joint = "&" if "?" in place else "?"
    answer = county.get(f"{place}{joint}{field}=额尔敦&page=1")
    assert answer.status_code == 302 and field not in answer.location.partition("?")[2].replace("page", "")
    page = county.get(answer.location)
    assert (
        page.status_code == 200
        and "不再写在网址里" in page.text
        and "额尔敦" not in re.findall(r'type="search" value="([^"]*)"', page.text)
    )
    assert "不再写在网址里" not in county.get(answer.location).text  # said once


def test_a_key_that_is_not_known_says_so_and_is_no_error(app, cast):
    county = company.client_for(app, cast, "county")
    for key in ("nowhere", "王芳", "x" * 3000):
        page = county.get("/people", query_string={"s": key})
        assert page.status_code == 200 and "请重新输入" in page.text, key


def test_the_filters_the_pages_and_the_export_keep_the_search(app, cast):
    director = company.client_for(app, cast, "director")
    listed = director.post(
        "/points", data={"unit": CITY, "search": "社区", "kind": "mail-room", "state": "open"}
    )
    assert "kind=mail-room" in listed.location and "state=open" in listed.location
    page = director.get(listed.location).text
    assert page.count('href="/points/0') == 4
    export = re.search(r'href="(/points/export\.csv[^"]+)"', page)[1].replace("&amp;", "&")
    assert len(director.get(export).text.strip().splitlines()) == 5
    other = company.client_for(
        app, cast, "director"
    )  # another browser does not know the search: no file of more
    assert other.get(export).headers["Location"] == f"/points?unit={CITY}"


def test_several_tabs_each_keep_their_own_search_and_the_oldest_is_forgotten(app, cast):
    county = company.client_for(app, cast, "county")
    texts = [secrets.token_urlsafe(60)[:LONGEST] + "🐎牛"[n % 2] * 9 for n in range(KEPT + 1)]
    places = [county.post("/people", data={"search": text}).location for text in texts]
    assert len(set(places)) == KEPT + 1
    shown = [texts[n][:LONGEST] in county.get(place).text for n, place in enumerate(places)]
    assert shown == [False, *[True] * KEPT]
    again = county.post("/people", data={"search": texts[3]}).location
    assert again == places[3]
    assert len(county.get_cookie("searches").value) < 4000


def test_whoever_signs_in_next_at_this_computer_learns_nothing_of_it(app, cast):
    first = company.client_for(app, cast, "county")
    place = first.post("/people", data={"search": "张巴图"}).location
    left = first.get_cookie("searches").value
    first.post("/logout")
    assert first.get_cookie("searches") is None
    next_one = company.client_for(app, cast, "league")
    next_one.set_cookie("searches", left)
    assert "张巴图" not in re.findall(r'type="search" value="([^"]*)"', next_one.get(place).text)
    next_one.set_cookie("searches", "made.up")
    assert next_one.get(place).status_code == 200


def test_a_search_without_its_token_is_refused(make_app):
    app = make_app("sqlite", WTF_CSRF_ENABLED=True)
    cast = company.build_in(app)
    assert company.client_for(app, cast, "county").post("/find", data={"q": "张"}).status_code == 400
