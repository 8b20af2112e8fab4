"""The director's other duties on a phone: what is typed there without a number reaches the server as it was said."""

import os

import pytest
from playwright.sync_api import Page, expect

from tests.browser.story_phone import Phone, picture

CLOSED = "回民社区居委会"
SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look


@pytest.fixture
def director(story_server, new_phone):
    """Chen's phone, signed in at a county of its own."""
    server, county = story_server
    phone = Phone(new_phone(server), "chen", county.people["chen"])
    phone.sign_in()
    return phone


def look(page: Page, name: str) -> None:
    """No screen is wider than the phone."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


def begin(phone: Phone, kind: str) -> Page:
    phone.today()
    phone.page.locator(f'[data-kind="{kind}"]').click()
    expect(phone.page.locator('[data-screen="check"] .action-save')).to_be_visible()
    return phone.page


def save(page: Page) -> None:
    page.locator(".action-save").click()
    expect(page.locator('[data-screen="today"]')).to_be_visible()


def test_the_directors_duties_are_typed_on_the_phone_and_arrive(director):
    phone = director
    page = phone.page
    phone.today()
    look(page, "today")
    phone.lose_signal()
    _balance(phone)
    _meeting(phone)
    _letters(phone)
    _watch(phone)
    _shortage(phone)
    _volumes(phone)
    _register(phone)
    phone.find_signal()
    phone.today()
    phone.settled()
    _read_back(phone)
    _reopen(phone)
    states = {(one["type"], one["kind"]): (one["state"], one["problem"]) for one in phone.records().values()}
    assert set(states.values()) == {("stored", None)}, states
    assert {kind for _, kind in states} >= {"balance", "meeting", "letter", "watch-pick", "watch", "shortage"}
    assert {sort for sort, _ in states} == {"inspection", "selection", "volume", "point"}
    phone.today()
    look(page, "today-after")
    assert phone.said == []


def _balance(phone: Phone) -> None:
    page = begin(phone, "balance")
    counts = {"opening": 3, "received": 40, "delivered": 35, "returned": 2, "forwarded": 1, "carried": 3}
    for code, count in counts.items():
        page.locator(f"#f-{code}").fill(str(count))
    expect(page.locator('[data-field="carried"] .chip-bad')).to_contain_text("2")
    look(page, "balance")
    save(page)


def _meeting(phone: Phone) -> None:
    page = begin(phone, "meeting")
    assert page.locator("input[type=checkbox]:checked").count() == 0
    page.locator('[data-field="present"] button').click()
    page.locator("#f-notes").fill("通报昨日抽查")
    page.locator("#f-requirements").fill("补盖日戳\n注明代收关系")
    look(page, "meeting")
    save(page)


def _letters(phone: Phone) -> None:
    page = begin(phone, "letter")
    for tag in ("1号楼", "1号楼", "2号楼"):
        page.locator("#tag-new").fill(tag)
        page.locator('[data-stratum="nonlocal"]').click()
    page.locator('[data-stratum="local"]').click()
    expect(page.locator(".items .field-error")).to_have_count(1)
    for number in range(4):
        page.locator(".items .verdict-pass").nth(number).click()
    look(page, "letters")
    save(page)


def _watch(phone: Phone) -> None:
    page = begin(phone, "watch-pick")
    phone.enter("RR473124829CN")
    page.locator("#class-0").select_option("registered")
    look(page, "watch-pick")
    save(page)
    page = begin(phone, "watch")
    page.locator("label.choice", has=page.locator('input[value="covert"]')).click()
    page.locator('[data-subject="RR473124829CN"] .verdict-pass').click()
    look(page, "watch")
    save(page)


def _shortage(phone: Phone) -> None:
    page = begin(phone, "shortage")
    page.locator("#f-short").fill("2")
    page.locator("#f-damaged").fill("0")
    page.locator("#f-refund").fill("1.5")
    page.locator(".verdict-pass").click()
    look(page, "shortage")
    save(page)


def _volumes(phone: Phone) -> None:
    phone.today()
    phone.page.locator('a[href="/app/volumes"]').click()
    phone.page.locator("#v-parcel-items").fill("12")
    phone.page.locator("#v-parcel-returned").fill("0")
    phone.page.locator("#v-express-items").fill("7")
    phone.page.locator("#v-express-items").blur()
    look(phone.page, "volumes")
    save(phone.page)


def _register(phone: Phone) -> None:
    page = phone.page
    page.locator('a.start[href="/app/register"]').click()
    page.locator("[data-confirm]").first.click()
    expect(page.locator("[data-point] .chip-quiet")).to_have_count(1)
    page.locator("[data-new]").click()
    page.locator("#r-name").fill("北村村邮站")
    page.locator("#r-kind").select_option("village")
    page.locator("#r-keeper").fill("王")
    page.locator("[data-photo] input[type=file]").set_input_files(picture("北村村邮站"))
    expect(page.locator("[data-photo] tc-photo img")).to_be_visible()
    look(page, "register")
    page.locator("form button.button-primary").click()
    expect(page.locator("form")).to_have_count(0)
    expect(page.get_by_role("heading", name="北村村邮站")).to_be_visible()  # before the server knows of it
    page.locator("section", has_text=CLOSED).locator("[data-change]").click()
    page.locator("form .button-danger").click()
    page.locator("dialog input, dialog textarea").first.fill("小区拆迁")
    page.locator("dialog .button-danger").click()
    expect(page.locator("section", has_text=CLOSED)).to_contain_text("已停用")


def _read_back(phone: Phone) -> None:
    """The record of a volume and of a new point says what was typed."""
    page = phone.page
    told = {"volume": ("国内小包", "12 件", "0"), "point": ("北村村邮站", "村邮站", "王")}
    for kind, words in told.items():
        mine = [one for one in phone.records().values() if one["type"] == kind]
        last = next(one for one in mine if kind == "volume" or "北村" in one["open"])
        page.goto(f"/app/records/{last['id']}")
        for word in words:
            expect(page.locator("[data-told]")).to_contain_text(word)
        look(page, f"record-{kind}")


def _reopen(phone: Phone) -> None:
    """What was closed is offered to nobody, and the director finds it again."""
    page = phone.page
    page.goto("/app/relay")
    expect(page.locator("a.point b")).to_have_count(8)  # of eight one was closed, and one is new
    expect(page.locator("a.point b", has_text=CLOSED)).to_have_count(0)
    page.goto("/app/register")
    page.locator("[data-closed] summary").click()
    look(page, "register-closed")
    page.locator("[data-reopen]").click()
    expect(page.locator("[data-closed] .chip")).to_contain_text("已恢复")
    page.goto("/app/")
    phone.settled()
    page.goto("/app/register")
    expect(page.locator("[data-closed]")).to_have_count(0)
