"""Photos on pages of records: the marks beside them, and those of a review's forms; of another department none."""

import html
import json
import re
from datetime import timedelta

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, RURAL, client_for
from tests.desk_records import envelope, inspection, parcels, send
from tests.integration.desk.records.test_reviews import WEEK, letters
from tests.photos import named, picture, put

REVIEW = f"/records/reviews/form-review/{CITY}/{WEEK.code}?acting={COUNTY}"
CIRCLE = {"shape": "circle", "from": [0.25, 0.1], "to": [0.5, 0.3333]}
ARROW = {"shape": "arrow", "from": [0, 1], "to": [1, 0]}
OWN, MARKED, FOREIGN = (picture(colour) for colour in ("green", "red", "blue"))


@pytest.fixture
def cast(app):
    app.cast = company.build_in(app)
    return app.cast


def shown(page: str) -> dict[str, list]:
    """Each photo that the page links to, with the marks beside it."""
    found = re.findall(r'href="/api/photos/(\w{64})" data-photo([^>]*)>', page)
    marks = {digest: re.search(r'data-marks="([^"]*)"', rest) for digest, rest in found}
    return {digest: json.loads(html.unescape(one[1])) if one else [] for digest, one in marks.items()}


def test_a_records_page_gives_each_photo_its_own_marks(app, cast):
    items = parcels(2)
    items[0]["photos"], items[1]["photos"] = [named(OWN)], [named(MARKED)]
    marked = named(MARKED)["sha256"]
    sent = envelope(inspection(items), {"marks": {marked: [CIRCLE, ARROW]}})
    assert send(app, cast, "lead", sent).state == "stored"
    lead = client_for(app, cast, "lead")
    assert {put(lead, data).status_code for data in (OWN, MARKED)} == {201}
    page = client_for(app, cast, "county").get(f"/inspections/{sent['id']}").text
    assert shown(page) == {named(OWN)["sha256"]: [], marked: [CIRCLE, ARROW]}
    assert "（2 处圈画）" in page


def form(day, photo: bytes, unit: str = CITY, marks: list | None = None, **more) -> dict:
    """A letter form whose first letter has the photo, with the marks beside it."""
    open = letters(day) | {"unit": unit, "acting": unit}
    open["items"][0] |= {"photos": [named(photo)], **more}
    return envelope(open, {"marks": {named(photo)["sha256"]: marks}} if marks else None)


def test_a_review_shows_the_photos_of_its_forms_and_none_that_another_department_took(app, cast):
    foreign = form(WEEK.first, FOREIGN, RURAL)
    own = form(WEEK.first + timedelta(days=1), OWN, captures=[foreign["id"]])
    for who, sent, data in (("head", foreign, FOREIGN), ("inspector", own, OWN)):
        assert send(app, cast, who, sent).state == "stored"
        assert put(client_for(app, cast, who), data).status_code == 201
    page = client_for(app, cast, "county").get(REVIEW).text
    assert shown(page) == {named(OWN)["sha256"]: []}
    assert "data-judged" in page


def test_a_review_shows_what_was_drawn_beside_the_photos_of_its_forms(app, cast):
    for day, data, marks in ((0, OWN, None), (1, MARKED, [CIRCLE, ARROW])):
        sent = form(WEEK.first + timedelta(days=day), data, marks=marks)
        assert send(app, cast, "inspector", sent).state == "stored"
        assert put(client_for(app, cast, "inspector"), data).status_code == 201
    page = client_for(app, cast, "county").get(REVIEW).text
    assert shown(page) == {named(OWN)["sha256"]: [], named(MARKED)["sha256"]: [CIRCLE, ARROW]}
    assert "（2 处圈画）" in page


def test_a_photo_that_has_not_come_is_none_to_open(app, cast):
    assert send(app, cast, "inspector", form(WEEK.first, OWN)).state == "stored"
    assert shown(client_for(app, cast, "county").get(REVIEW).text) == {}
