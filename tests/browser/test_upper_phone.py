"""A county manager in the field: Today of the county, a department chosen and visited without signal, one more of them done."""

import os

import pytest
from playwright.sync_api import Page, expect

from tests.browser.story_county import CITY, COUNTY, LEAGUE, build
from tests.browser.story_phone import Phone
from tests.serving import RunningServer

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
DUTY = '[data-duty="onsite-depts"]'


@pytest.fixture
def sign_in(sqlite_template, tmp_path, new_phone):
    """``sign_in(login)``: the person's phone, at a county of its own."""
    data = tmp_path / "data"
    data.mkdir()
    county = build(sqlite_template.fresh(data), data)
    server = RunningServer(data)
    server.start()

    def phone_of(login: str) -> Phone:
        phone = Phone(new_phone(server), login, county.people[login])
        phone.sign_in()
        return phone

    yield phone_of
    server.stop()


@pytest.fixture
def manager(sign_in):
    return sign_in("zhou")


def look(page: Page, name: str) -> None:
    """No screen is wider than the phone."""
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


def done(page: Page) -> int:
    return int(page.locator(f"{DUTY} progress").get_attribute("value"))


def test_a_county_manager_visits_a_department_without_signal_and_today_counts_one_more(manager):
    phone, page = manager, manager.page
    phone.today()
    expect(page.locator(".bar")).to_contain_text("锡林浩特市")
    assert done(page) == 0
    look(page, "today")
    phone.lose_signal()
    page.locator(DUTY).tap()
    expect(page.locator('[data-screen="places"]')).to_be_visible()
    look(page, "places")
    page.locator("#find").fill("宝力根街道")
    page.locator(f'[data-place="{CITY}"]').tap()
    expect(page.locator('[data-screen="place"] h1')).to_contain_text("宝力根街道")
    page.reload()  # a deep link, offline
    expect(page.locator('[data-screen="place"] h1')).to_contain_text("宝力根街道")
    look(page, "place")
    _visit(phone)
    expect(page.locator('[data-screen="place"] [data-asked="onsite-depts"]')).to_contain_text("待上传")
    page.locator(".bar-back").tap()
    expect(page.locator('[data-screen="places"]')).to_be_visible()
    phone.today()
    assert done(page) == 1  # by what waits on this phone
    phone.find_signal()
    phone.today()
    phone.settled()
    [record] = phone.held("records")
    assert (record["unit"], record["acting"], record["state"]) == (CITY, COUNTY, "stored")
    phone.today()
    assert done(page) == 1
    expect(page.locator(DUTY)).not_to_contain_text("待上传")
    look(page, "today-after")
    assert phone.said == []


def _visit(phone: Phone) -> None:
    page = phone.page
    page.locator('[data-kind="dept-visit"]').tap()
    expect(page.locator(f'[data-at="{CITY}"]')).to_contain_text("宝力根街道")
    page.locator("#f-findings").fill("三类邮件投递正常，报刊当日未到。")
    page.locator('[data-none="periodicals"]').check()
    expect(page.locator('[data-group="periodicals"]')).to_contain_text("无此类邮件")
    for group in ("express", "letters", "general"):
        for answer in page.locator(f'[data-group="{group}"] .choice-pass').all():
            answer.tap()
    look(page, "visit")
    phone.save()


def test_a_manager_who_is_also_a_director_sees_both(manager):
    """The county first; its departments stand in the same list."""
    page = manager.page
    manager.today()
    places = page.locator(".bar-pick select")
    assert places.locator("option").first.get_attribute("value") == COUNTY
    places.select_option(CITY)
    expect(page.locator("[data-kind='dept-visit']")).to_be_visible()
    manager.reopen()
    expect(manager.page.locator(".bar-pick select")).to_have_value(CITY)


def test_a_region_finds_its_way_from_a_league_to_a_department(sign_in):
    """Its special check is asked of leagues and made in their departments."""
    phone = sign_in("jiang")
    page = phone.page
    phone.today()
    page.locator('[data-duty="region-special"]').tap()
    page.locator(f'[data-place="{LEAGUE}"]').tap()
    place = page.locator('[data-screen="place"]')
    expect(place.locator("h1")).to_contain_text("锡林郭勒盟分公司")
    expect(place.locator('[data-asked="region-special"]')).to_be_visible()
    expect(place).not_to_contain_text("还没有取到")  # a league has no routes that could come
    look(page, "league")
    place.locator('[data-door="places"]').tap()
    expect(page.locator('[data-screen="places"] h1')).to_contain_text("锡林郭勒盟分公司")
    page.locator(f'[data-place="{CITY}"]').tap()
    expect(page.locator('[data-kind="dept-visit"]')).to_be_visible()
    page.locator(".bar-back").tap()
    page.locator(".bar-back").tap()
    expect(place.locator("h1")).to_contain_text("锡林郭勒盟分公司")
    assert phone.said == []


def test_the_same_screens_in_english_are_no_wider_than_the_phone(manager):
    page = manager.page
    page.evaluate("localStorage.setItem('toucha-language', 'en')")
    for path, screen in (
        ("/app/", "today"),
        ("/app/places/onsite-depts", "places"),
        (f"/app/place/{CITY}", "place"),
    ):
        page.goto(path)
        expect(page.locator(f'[data-screen="{screen}"] h1')).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == "en"
        look(page, f"en-{screen}")
    page.locator('[data-kind="dept-visit"]').tap()
    expect(page.locator('[data-group="express"]')).to_contain_text("None came")
    look(page, "en-visit")
