"""A failed check becomes somebody's case: answered on a phone without signal, looked at again, closed; refusals are told."""

import json
import os
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.story_county import CITY, NORTHWARDS, County, build
from tests.browser.story_phone import Phone, picture
from tests.cast import Cast
from tests.databases import dispose, settings_for
from tests.desk_records import envelope, send, today
from tests.photos import picture as small
from tests.serving import RunningServer
from webapp import create_app

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
POINT = NORTHWARDS[0]


@dataclass
class Place:
    """The county with failed checks in it, its server, and phones on demand."""

    server: RunningServer
    county: County
    new_phone: object

    def phone(self, login: str, **options) -> Phone:
        """The person's phone, signed in."""
        phone = Phone(self.new_phone(self.server, **options), login, self.county.people[login])
        phone.sign_in()
        return phone


def failed(county: County, point: str, criterion: str, note: str, method: str = "on-site") -> dict:
    """A call at a relay point that fails for one criterion, as the inspector's phone sends it."""
    item = {
        "subject": county.points[point], "verdict": "fail", "answers": {criterion: "fail"},
        "photos": [{"sha256": "ab" * 32, "size": len(small()), "type": "image/jpeg"}], "position": "refused",
    }  # fmt: skip
    day = today().isoformat()
    open = {
        "v": 1, "type": "inspection", "unit": CITY, "acting": CITY, "date": day, "kind": "relay",
        "method": method, "items": [item],
    }  # fmt: skip
    return envelope(open, {"notes": {"0": note}})


@pytest.fixture
def place(sqlite_template, tmp_path, new_phone):
    data = tmp_path / "data"
    data.mkdir()
    url = sqlite_template.fresh(data)
    county = build(url, data)
    app = create_app(settings_for(url, data))
    sent = failed(county, POINT, "registered", "两件小包没有登记")
    outcome = send(app, Cast(people=county.people), "zhao", sent)
    assert outcome.state == "stored", outcome
    dispose(app)
    server = RunningServer(data)
    server.start()
    yield Place(server, county, new_phone)
    server.stop()


def look(page: Page, name: str) -> None:
    """No screen is wider than the phone."""
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


def take_photo(page: Page, of: str) -> None:
    before = page.locator("[data-form] tc-photo").count()
    page.locator("[data-form] input[type=file]").set_input_files(picture(of))
    expect(page.locator("[data-form] tc-photo")).to_have_count(before + 1)


def test_a_carrier_answers_without_signal_and_the_inspector_looks_again(place):
    zhang = place.phone("zhang")
    page = zhang.page
    zhang.today()
    expect(page.locator("[data-mine]")).to_contain_text("1 件待办理")
    look(page, "today")
    page.locator("[data-mine]").tap()
    card = page.locator("[data-group=turn] [data-case]")
    expect(card).to_contain_text(POINT)
    expect(card).to_contain_text("赵那仁：两件小包没有登记")
    expect(card.locator("[data-due]")).to_contain_text("还有")
    look(page, "mine")
    zhang.lose_signal()
    card.tap()
    look(page, "case")
    page.locator("[data-move=answer]").tap()
    page.locator("#m-text").fill("已补登记，并向门卫说明要求")
    page.locator("#m-cause").select_option("method")
    take_photo(page, "ledger")
    expect(page.locator("[data-saved=saved]")).to_be_visible()
    look(page, "answer")
    case = page.url
    zhang.reopen()  # the app is killed with the answer half done
    page = zhang.page
    page.goto(case)
    expect(page.locator("#m-text")).to_have_value("已补登记，并向门卫说明要求")
    expect(page.locator("#m-cause")).to_have_value("method")
    expect(page.locator("[data-form] tc-photo")).to_have_count(1)
    page.locator("[data-submit]").tap()
    expect(page.locator("[data-ahead]")).to_contain_text("已保存，待上传")
    expect(page.locator(".case-expected")).to_contain_text("待复查")
    expect(page.locator("[data-move]")).to_have_count(0)  # nothing more before the server has told of it
    look(page, "ahead")
    zhang.reopen()
    page = zhang.page
    page.goto("/app/mine")
    expect(page.locator("[data-group=waiting] [data-case]")).to_contain_text("已保存，待上传")
    zhang.find_signal()
    zhang.today()
    zhang.settled()
    [record] = zhang.records().values()
    assert (record["state"], record["type"]) == ("stored", "case-move")
    assert json.loads(record["open"])["photos"][0]["sha256"] == record["photos"][0]["sha256"]
    page.goto(case)
    expect(page.locator("[data-history='1'] [data-step]")).to_have_count(1)
    expect(page.locator("[data-ahead]")).to_have_count(0)
    look(page, "answered")
    assert zhang.said == []
