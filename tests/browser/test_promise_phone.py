"""A phone whose page is killed in the middle of a check: what the screen called saved is there when it is opened again."""

import json

import pytest
from playwright.sync_api import Error, expect

from tests.browser.story_county import build
from tests.browser.story_phone import Phone, picture
from tests.serving import RunningServer

NUMBERS = [f"98802000001{number:02}" for number in range(20)]
FAILED = "代收、入柜前经收件人同意"


@pytest.fixture
def phone(sqlite_template, tmp_path, new_phone):
    """The team lead's phone, signed in at a county of its own, then without signal."""
    data = tmp_path / "data"
    data.mkdir()
    county = build(sqlite_template.fresh(data), data)
    server = RunningServer(data)
    server.start()
    try:
        phone = Phone(new_phone(server), "li", county.people["li"])
        phone.sign_in()
        phone.today()
        phone.lose_signal()
        yield phone
    finally:
        server.stop()


def kill(phone: Phone) -> None:
    """The page's process ends at once, without a last word; then the person opens the app again."""
    with phone.page.expect_event("crash"):
        try:
            phone.page.goto("chrome://crash")
        except Error:
            pass  # nobody is left to answer
    phone.reopen()


def resume(phone: Phone) -> None:
    phone.page.locator("a[href^='/app/check/']").first.tap()
    expect(phone.page.locator("li.item").first).to_be_visible()


def drafts(phone: Phone) -> list[dict]:
    return phone.held("drafts")


def saved(phone: Phone) -> None:
    """The screen says that what was entered is on the phone."""
    expect(phone.page.locator("[data-saved]")).to_have_attribute("data-saved", "saved")


def test_a_page_killed_at_the_steps_of_a_twenty_item_check_loses_no_answer_and_doubles_no_record(phone):
    phone.begin("parcel")
    for number in NUMBERS:
        phone.enter(number)
    expect(phone.page.locator("li.item")).to_have_count(20)
    saved(phone)
    kill(phone)  # after the numbers
    assert [item["subject"] for item in drafts(phone)[0]["items"]] == NUMBERS
    answered = 0
    for upto in (1, 10, 19):  # after an answer
        resume(phone)
        for number in NUMBERS[answered:upto]:
            phone.item(number).locator(".verdict-pass").tap()
        answered = upto
        saved(phone)
        kill(phone)
        assert [item["verdict"] for item in drafts(phone)[0]["items"]].count("pass") == answered
    _with_the_camera(phone)
    _while_it_is_saved(phone)


def _with_the_camera(phone: Phone) -> None:
    """The last one fails: killed while the camera is open, and after the photo was taken."""
    resume(phone)
    row = phone.item(NUMBERS[19])
    row.locator(".verdict-fail").tap()
    row.locator("fieldset", has_text=FAILED).locator(".choice-fail").tap()
    with phone.page.expect_file_chooser():
        row.locator("label.camera").tap()
    kill(phone)
    assert "fail" in drafts(phone)[0]["items"][19]["answers"].values()
    resume(phone)
    row = phone.item(NUMBERS[19])
    if not row.locator("input[type=file]").count():
        row.locator(".verdict-fail").tap()
    row.locator("input[type=file]").set_input_files(picture(NUMBERS[19]))
    expect(row.locator("tc-photo")).to_have_count(1)
    saved(phone)
    kill(phone)
    photos = drafts(phone)[0]["items"][19]["photos"]
    assert [one["sha256"] for one in phone.held("photos")] == [one["sha256"] for one in photos]
    assert len(photos) == 1


def _while_it_is_saved(phone: Phone) -> None:
    """Killed as the finger leaves the button: a whole draft or a whole record, never both and never two."""
    resume(phone)
    phone.save()
    kill(phone)
    if drafts(phone):
        assert phone.records() == {}
        resume(phone)
        phone.save()
        phone.page.locator("tc-today").wait_for()
    kill(phone)
    assert drafts(phone) == []
    records = list(phone.records().values())
    assert len(records) == 1
    items = json.loads(records[0]["open"])["items"]
    assert [item["subject"] for item in items] == NUMBERS
    assert [item["verdict"] for item in items] == ["pass"] * 19 + ["fail"]
    assert len(items[19]["photos"]) == len(phone.held("photos")) == 1
    phone.find_signal()
    phone.today()
    phone.settled()
    assert [one["state"] for one in phone.records().values()] == ["stored"]
