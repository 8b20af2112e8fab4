"""A phone without signal hands its queue over as a file; the director brings it in; later the phone sends it all the same."""

import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.story_county import PASSWORD
from tests.browser.story_phone import Phone
from tests.serving import RunningServer

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
NUMBERS = ("9880200000001", "9880200000002")


@pytest.fixture
def office(story_server, new_phone, new_desk):
    """The team lead's phone and the director's computer, at a county of their own."""
    server, county = story_server
    phone = Phone(new_phone(server), "li", county.people["li"])
    phone.sign_in()
    return phone, new_desk(server, accept_downloads=True), server


def look(page: Page, name: str) -> None:
    """Nothing is wider than the screen, and axe finds nothing."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert Axe().run(page).response["violations"] == [], name


def test_a_queue_comes_by_file_first_and_from_the_phone_afterwards(office, tmp_path):
    phone, desk, server = office
    phone.today()
    phone.lose_signal()
    _check(phone)
    phone.context.clear_cookies()  # and the session has expired
    file = _save(phone, tmp_path)
    record, before = next(iter(phone.records().values())), phone.held("photos")
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        inside = set(archive.namelist())
    photo = record["photos"][0]["sha256"]
    assert inside == {"facts.jsonl", "drafts.json", "manifest.json", f"photos/{photo}"}
    _bring(desk, file)
    assert _facts(server, record["id"]) == [("李斯琴", "陈高娃")]
    assert (phone.records()[record["id"]]["state"], phone.held("photos")) == ("unsent", before)
    phone.find_signal()
    phone.page.goto("/login?next=/app/")
    phone.page.locator("#login").fill(phone.login)
    phone.page.locator("#password").fill(PASSWORD)
    phone.page.get_by_role("button", name="登录", exact=True).tap()
    phone.settled()
    assert phone.records()[record["id"]]["state"] == "stored"
    assert _facts(server, record["id"]) == [("李斯琴", "陈高娃")], "it was known"
    assert phone.said == []


def _check(phone: Phone) -> None:
    """Two parcels, one of which fails, with a photo."""
    phone.begin("parcel")
    for number in NUMBERS:
        phone.enter(number)
    phone.item(NUMBERS[0]).locator(".verdict-pass").tap()
    row = phone.item(NUMBERS[1])
    row.locator(".verdict-fail").tap()
    row.locator("fieldset", has_text="代收、入柜前经收件人同意").locator(".choice-fail").tap()
    phone.photograph(NUMBERS[1])
    phone.save()
    phone.page.get_by_role("button", name="先提交").tap()  # fewer than twenty
    phone.page.locator("tc-today").wait_for()


def _save(phone: Phone, folder: Path) -> Path:
    page = phone.page
    page.goto("/app/rescue")
    expect(page.locator("[data-holds]")).to_have_text("记录 1 条，照片 1 张，草稿 0 份")
    look(page, "rescue-phone")
    page.locator("[data-make]").tap()
    expect(page.locator("[data-rescue]")).to_have_attribute("data-rescue", "made", timeout=30_000)
    look(page, "rescue-phone-made")
    with page.expect_download() as download:
        page.locator("[data-save]").tap()
    name = download.value.suggested_filename
    assert name.startswith("toucha-li-") and name.endswith(".zip")
    download.value.save_as(folder / name)
    return folder / name


def _bring(desk: BrowserContext, file: Path) -> None:
    page = desk.new_page()
    page.goto("/login?next=/rescue")
    page.locator("#login").fill("chen")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator("#file").set_input_files(file)
    look(page, "rescue-desk")
    page.get_by_role("button", name="先预览").click()
    expect(page.locator("h1")).to_contain_text("李斯琴")
    look(page, "rescue-desk-preview")
    page.set_viewport_size({"width": 360, "height": 740})
    look(page, "rescue-desk-preview-360")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.locator(".notice-ok")).to_contain_text("都已导入")
    look(page, "rescue-desk-result-360")


def _facts(server: RunningServer, fact: str) -> list[tuple]:
    """Author and bringer of each fact of this number."""
    query = (
        "SELECT author.name, bringer.name FROM facts JOIN people author ON author.id = author_id"
        " LEFT JOIN people bringer ON bringer.id = brought_by WHERE facts.id = ?"
    )
    with closing(sqlite3.connect(server.data / "toucha.sqlite")) as database:
        return database.execute(query, [fact]).fetchall()
