"""What counts is said as it is typed; what is taken away can be put back; a form that was only looked at leaves nothing."""

import os
import re

import pytest
from playwright.sync_api import expect

from tests.browser.story_county import PARCELS
from tests.browser.story_phone import Phone, picture
from tests.desk_records import parcels

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
STRANGERS = [item["subject"] for item in parcels(4, first=40)]


def look(phone: Phone, name: str) -> None:
    """No screen is wider than the phone."""
    if SHOTS:
        phone.page.screenshot(path=f"{SHOTS}/{name}.png")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360, name


@pytest.fixture
def phones(story_server, new_phone):
    """``phones(login)``: somebody's phone, signed in."""
    server, county = story_server

    def hold(login: str) -> Phone:
        phone = Phone(new_phone(server), login, county.people[login])
        phone.sign_in()
        return phone

    return hold


def seal_three(phone: Phone) -> None:
    """The director's list of the day bears three parcels."""
    page = phone.page
    page.goto("/manifests/import?unit=152502002")
    rows = ["邮件号,邮件种类,道段", *(f"{number},国内小包,1" for number in PARCELS[:3])]
    file = {"name": "清单.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode("gb18030")}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form[action*='confirm'] button[name=then]").click()  # import and seal
    expect(page.locator("form[action$='/reveal']")).to_have_count(1)


def test_parcels_that_are_not_on_the_days_list_are_said_not_to_count_as_they_are_typed(phones):
    seal_three(phones("chen"))
    phone = phones("li")
    page = phone.page
    phone.today()
    phone.lose_signal()
    phone.begin("parcel")
    for number in STRANGERS:
        phone.enter(number)
    expect(page.locator('[data-uncounted="off-list"]')).to_have_count(4)
    expect(page.locator(".toast")).to_contain_text("不在当日清单上，不计")
    expect(page.locator("[data-least]")).to_have_attribute("data-least", "3")
    look(phone, "counts-off-list")
    for row in page.locator(".items .verdict-pass").all():
        row.tap()
    phone.save()
    expect(page.locator("dialog")).to_contain_text("有效只有 0 件，最低 3 件")
    look(phone, "counts-short")
    page.locator("dialog .button-primary").tap()
    expect(page.locator(".toast")).to_contain_text("不计为一次检查")
    phone.begin("parcel")
    for number in PARCELS[:3]:
        phone.enter(number)
        phone.item(number).locator(".verdict-pass").tap()
    expect(page.locator("[data-uncounted]")).to_have_count(0)
    phone.save()
    expect(page.locator(".toast")).to_contain_text("计为一次检查：有效 3 件，最低 3 件")
    phone.find_signal()
    phone.today()
    phone.settled()
    expect(page.locator('[data-duty="parcel-check"]')).to_contain_text("1 / 2")
    last = list(phone.records())[-1]
    page.goto(f"/app/records/{last}")
    expect(page.locator('[data-counts="session"]')).to_contain_text("计一次")
    look(phone, "counts-record")
    assert phone.said == []


def test_a_form_that_was_only_looked_at_is_no_draft_and_one_that_was_emptied_vanishes(phones):
    phone = phones("li")
    page = phone.page
    phone.today()
    phone.begin("parcel")
    expect(page.locator("#entry")).to_be_visible()
    page.reload()
    expect(page.locator("#entry")).to_be_visible()
    page.locator("[data-back]").tap()
    expect(page.locator('[data-screen="today"]')).to_be_visible()
    assert phone.held("drafts") == []
    phone.begin("parcel")
    phone.enter(PARCELS[5])
    phone.item(PARCELS[5]).locator(".item-more").tap()
    phone.item(PARCELS[5]).get_by_role("button", name="移出这件").tap()
    expect(phone.item(PARCELS[5])).to_have_count(0)
    page.locator("[data-back]").tap()
    expect(page.locator(".tile-draft")).to_have_count(0)
    assert phone.held("drafts") == []


def test_what_is_taken_out_comes_back_within_five_seconds_and_back_closes_what_is_open_on_top(phones):
    phone = phones("li")
    page = phone.page
    phone.today()
    phone.begin("parcel")
    expect(page.locator("#entry")).to_have_attribute("inputmode", "numeric")
    page.locator(".entry-keys").tap()
    expect(page.locator("#entry")).to_have_attribute("inputmode", "text")
    look(phone, "entry")
    for number in PARCELS[:2]:
        phone.enter(number)
    row = phone.item(PARCELS[0])
    row.locator(".item-more").tap()
    row.locator("input[type=file]").set_input_files(picture("包裹"))
    expect(row.locator("tc-photo")).to_have_count(1)
    row.locator(".photo-remove").tap()
    expect(row.locator("tc-photo")).to_have_count(0)
    look(phone, "undo")
    page.locator(".toast-undo").tap()
    expect(row.locator("tc-photo")).to_have_count(1)
    row.get_by_role("button", name="移出这件").tap()
    expect(row).to_have_count(0)
    page.locator(".toast-undo").tap()
    expect(row.locator("tc-photo")).to_have_count(1)
    row.locator("tc-photo button").tap()
    expect(page.locator("dialog.light-table")).to_be_visible()
    page.go_back()
    expect(page.locator("dialog.light-table")).to_have_count(0)
    expect(page.locator("#entry")).to_be_visible()
    page.go_back()
    expect(page.locator('[data-screen="today"]')).to_be_visible()
    assert len(phone.held("drafts")) == 1
    assert phone.said == []


def test_who_gives_up_a_correction_is_told_that_the_first_record_stays(phones):
    phone = phones("li")
    page = phone.page
    phone.today()
    phone.begin("parcel")
    phone.enter(PARCELS[0])
    phone.item(PARCELS[0]).locator(".verdict-pass").tap()
    phone.save()
    page.locator("dialog .button-primary").tap()
    expect(page.locator('[data-screen="today"]')).to_be_visible()
    page.goto(f"/app/records/{next(iter(phone.records()))}")
    page.get_by_role("button", name="更正").tap()
    page.get_by_role("button", name="放弃这次更正").tap()
    expect(page.locator(".page[data-record]")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("原来的记录保持不变")
    assert len(phone.records()) == 1


def test_a_check_that_was_given_up_comes_back_at_once_or_within_the_week(phones):
    phone = phones("li")
    page = phone.page
    phone.today()
    phone.begin("parcel")
    for number in PARCELS[:2]:
        phone.enter(number)
    expect(phone.item(PARCELS[1])).to_be_visible()
    page.get_by_role("button", name="放弃这份检查").tap()
    expect(page.locator('[data-screen="today"]')).to_be_visible()
    expect(page.locator("[data-draft]")).to_have_count(0)
    page.locator(".toast-undo").tap()
    expect(page.locator("[data-draft]")).to_contain_text(f"{PARCELS[0][:2]} {PARCELS[0][2:5]}")
    expect(page.locator("[data-draft]")).to_contain_text("等 2 件")
    page.locator("[data-draft]").tap()
    page.get_by_role("button", name="放弃这份检查").tap()
    expect(page.locator('[data-screen="today"]')).to_be_visible()
    phone.reopen()
    page = phone.page
    phone.tab("记录")
    page.locator("[data-discarded] summary").tap()
    look(phone, "given-up")
    page.get_by_role("button", name="找回").tap()
    expect(page.locator("[data-discarded]")).to_have_count(0)
    phone.today()
    page.locator("[data-draft]").tap()
    expect(page.locator("li.item")).to_have_count(2)
    assert phone.said == []


def test_nobody_is_led_in_a_circle_and_a_missing_volume_is_a_door(phones):
    carrier, lead, director = phones("zhang"), phones("li"), phones("chen")
    carrier.page.goto("/app/me")
    expect(carrier.page.locator(".menu a[href='/logout']")).to_be_visible()
    expect(carrier.page.locator("[data-desk]")).to_have_count(0)
    lead.page.goto("/app/me")
    lead.page.locator("[data-desk]").tap()
    expect(lead.page).to_have_url(re.compile(r"/ledger"))
    director.today()
    director.page.locator('[data-door="volumes"]').first.tap()
    expect(director.page.locator("#v-parcel-items")).to_be_visible()
    look(director, "volumes-door")


def test_a_text_is_never_cut_the_phone_says_how_much_is_left(phones):
    phone = phones("chen")
    page = phone.page
    phone.today()
    phone.begin("meeting")
    page.locator("#f-notes").fill("👨‍👩‍👧" * 495)
    expect(page.locator('[data-field="notes"] [data-left]')).to_have_attribute("data-left", "5")
    page.locator("#f-notes").fill("𠮷" * 510)
    expect(page.locator('[data-field="notes"] [data-left]')).to_contain_text("超出 10 字")
    look(phone, "limit")
    page.locator('[data-field="present"] button').click()
    phone.save()
    expect(page.locator('[data-field="notes"].item-lacking')).to_be_visible()  # refused, before it is mended
    page.locator("#f-notes").fill("👍🏽" * 500)
    phone.save()
    expect(page.locator('[data-screen="today"]')).to_be_visible()
    phone.settled()
    [record] = phone.records().values()
    assert record["state"] == "stored"
