"""The app is offered for the home screen, and a record's link opens it for whoever may see the record."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.story_county import PARCELS
from tests.browser.story_phone import Phone

OFFER = """() => {
  const offer = Object.assign(new Event('beforeinstallprompt', {cancelable: true}), {prompt: async () => { window.prompted = true; }});
  window.dispatchEvent(offer);
  return offer.defaultPrevented;
}"""
SHARED = "navigator.share = async (what) => { window.shared = what; };"
NO_SHARE = """Object.defineProperty(navigator, 'share', {value: undefined});
  navigator.clipboard.writeText = async (text) => { window.copied = text; };"""


@pytest.fixture
def phones(story_server, new_phone):
    """``phones(login, script?, **options)``: somebody's phone, signed in, on Today."""
    server, county = story_server

    def make(login: str, script: str = "", **options) -> Phone:
        phone = Phone(new_phone(server, **options), login, county.people[login])
        phone.context.add_init_script(script or ";")
        phone.sign_in()
        phone.today()
        return phone

    return make


def test_the_browsers_offer_to_install_waits_under_me_until_it_is_taken(phones):
    phone = phones("li")
    page = phone.page
    phone.tab("我的")
    page.locator("tc-me h1").wait_for()
    button = page.get_by_role("button", name="安装到桌面")
    expect(button).to_have_count(0)
    assert page.evaluate(OFFER)  # the browser's own bar stays away
    button.tap()
    assert page.evaluate("window.prompted")
    expect(button).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("iPhone; CPU iPhone OS 17_0 like Mac OS X", "添加到主屏幕"),
        ("Linux; Android 10; MicroMessenger", "浏览器"),
    ],
)
def test_where_no_browser_offers_it_the_page_says_how(phones, name, words):
    phone = phones("li", user_agent=f"Mozilla/5.0 ({name})")
    phone.tab("我的")
    expect(phone.page.locator("tc-me .notice").first).to_contain_text(words)


def saved_check(phone: Phone) -> str:
    """One parcel, handed in and arrived; the record's id."""
    phone.begin("parcel")
    phone.enter(PARCELS[0])
    phone.item(PARCELS[0]).locator(".verdict-pass").tap()
    phone.save()
    phone.page.locator("dialog .button-primary").tap()
    phone.page.locator("tc-today").wait_for()
    phone.settled()
    return next(iter(phone.records()))


def test_a_records_link_opens_the_app_and_shows_the_record_to_whoever_may_see_it(phones):
    li = phones("li", SHARED)
    record = saved_check(li)
    li.page.goto(f"/app/records/{record}")
    li.page.get_by_role("button", name="把链接发给同事").tap()
    shared = li.page.evaluate("window.shared")
    assert shared["url"].endswith(f"/app/records/{record}") and PARCELS[0] not in str(shared)
    for login, sees in (("chen", True), ("wu", False)):
        colleague = phones(login)
        colleague.page.goto(shared["url"])
        door = colleague.page.get_by_role("link", name="到网页上看这条记录")
        door.tap()
        expect(colleague.page).to_have_url(re.compile(f"/inspections/{record}$"))
        body = colleague.page.locator("main")
        if sees:
            expect(body).to_contain_text("国内小包检查")
        else:
            expect(body).not_to_contain_text("国内小包检查")


def test_without_a_sheet_of_its_own_the_link_goes_into_the_clipboard(phones):
    li = phones("li", NO_SHARE)
    record = saved_check(li)
    li.page.goto(f"/app/records/{record}")
    li.page.get_by_role("button", name="把链接发给同事").tap()
    expect(li.page.locator(".toast")).to_contain_text("链接已复制")
    assert li.page.evaluate("window.copied").endswith(f"/app/records/{record}")
