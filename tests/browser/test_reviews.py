"""A county manager looks through last week's letter forms at the desk, judges and signs: the line of the county is met."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import cast as company
from tests.browser.desk_pages import Served, browsing
from tests.cast import CITY, COUNTY, LEAGUE
from tests.desk_records import envelope, send
from tests.integration.desk.records.test_reviews import WEEK, letters, tick

PICTURES = os.environ.get(
    "TOUCHA_PICTURES"
)  # a folder in which what is seen is kept, for whoever looks at it


@pytest.fixture
def served(make_app):
    app = make_app("sqlite")
    cast = company.build_in(app)
    for day in (WEEK.first, WEEK.first + timedelta(days=2)):
        assert send(app, cast, "inspector", envelope(letters(day))).state == "stored"
    tick(app)
    server = Served(app, cast)
    yield server
    server.stop()


def pictured(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_a_county_manager_opens_two_forms_judges_and_signs_and_the_line_is_met(served, new_context):
    with browsing(new_context(base_url=served.url, locale="zh-CN"), served) as page:
        page.goto(f"/ledger?unit={COUNTY}&period={WEEK.code}")
        page.locator("#own").get_by_role("link", name="每周审核平常函件检查表").click()
        expect(page.locator("#members-title + .table-wrap")).to_contain_text("未计入")
        page.get_by_role("link", name="审核", exact=True).click()
        forms = page.locator(".form-card")
        expect(forms).to_have_count(2)
        expect(page.locator("main input:checked")).to_have_count(0)
        for n in range(2):
            for group in forms.nth(n).locator("fieldset").all():
                group.get_by_text("合格", exact=True).click()
        page.get_by_label("检查方式").select_option("system")
        page.get_by_label("核实方式").select_option("system")
        page.get_by_role("button", name="签字确认").click()
        expect(page.locator(".flash, .notice-ok").first).to_have_text(re.compile("^\\s*已签字"))
        page.goto(f"/ledger/{COUNTY}/letter-review/{WEEK.code}")
        assert page.locator(".verdict-status").inner_text() == "达标"


@pytest.mark.skipif(not PICTURES, reason="only for whoever looks at the pictures")
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pictures(served, new_context, language, scheme, width):
    places = {
        "ledger": f"/ledger?unit={COUNTY}&period={WEEK.code}",
        "league": f"/ledger?unit={LEAGUE}&period={WEEK.month}",
        "line": f"/ledger/{COUNTY}/letter-review/{WEEK.code}",
        "month": f"/ledger/{COUNTY}/onsite-depts/{WEEK.month}",
        "due": f"/records/reviews?unit={COUNTY}",
        "review": f"/records/reviews/form-review/{CITY}/{WEEK.code}?acting={COUNTY}",
        "meeting": f"/records/reviews/unit-analysis/{COUNTY}/{WEEK.month}",
        "visits": f"/records/visits?unit={CITY}",
        "paper": f"/ledger/print?unit={COUNTY}&period={WEEK.month}",
        "unit": f"/units/{COUNTY}",
    }
    login = {"league": "league"}
    screen = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "base_url": served.url}
    for who in ("league", "county"):
        with browsing(new_context(**screen), served, who) as page:
            for name, place in places.items():
                if login.get(name, "county") == who:
                    page.goto(place + ("&" if "?" in place else "?") + f"lang={language}")
                    pictured(page, f"{name}-{language}-{scheme}-{width}")
