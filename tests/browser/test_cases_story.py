"""A problem to its end, in both languages: found in a cellar, assigned, answered without signal, returned, answered again, looked at
again by another, closed. Another one is overdue up to the region: a work order, and a dispute in which the finding is upheld."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import story_field as field, story_office as office
from tests.browser.story_cases import a_receipt_fails, answer, open_case
from tests.browser.story_county import CITY, COUNTY, REGION, County, build
from tests.browser.story_phone import Phone
from tests.cases import send_at
from tests.cast import Cast
from tests.databases import dispose, settings_for
from tests.desk_records import envelope, inspection, parcels, today
from tests.serving import RunningServer
from webapp import create_app
from webapp.core import clock

LONG_AGO = timedelta(days=40)


def _long_ago(app, county: County) -> None:
    """A parcel check that failed forty days ago and that nobody answered: by now the region sees it."""
    at = clock.now() - LONG_AGO
    sent = envelope(inspection(parcels(20, 1), date=clock.local_date(at).isoformat()))
    assert send_at(app, Cast(people=county.people), "zhao", sent, at).state == "stored"


@pytest.fixture
def county_with(sqlite_template, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    url = sqlite_template.fresh(data)
    county = build(url, data)
    app = create_app(settings_for(url, data))
    _long_ago(app, county)
    a_receipt_fails(app, county)
    dispose(app)
    server = RunningServer(data)
    server.start()
    try:
        yield server, county
    finally:
        server.stop()


class Story:
    """Everybody's phone and desk, in one language."""

    def __init__(self, server, county, language, new_phone, new_desk):
        self.server, self.county, self.language = server, county, language
        self.new_phone, self.new_desk = new_phone, new_desk

    def phone(self, login: str, language: str | None = None) -> Phone:
        """The person's phone, signed in."""
        phone = Phone(self.new_phone(self.server, reduced_motion="reduce"), login, self.county.people[login])
        phone.sign_in()
        phone.page.evaluate(f"localStorage.setItem('toucha-language', '{language or self.language}')")
        phone.today()
        return phone

    def desk(self, login: str) -> Page:
        """The person's desk, signed in."""
        page = self.new_desk(self.server).new_page()
        office.sign_in(page, login)
        if self.language != page.locator("html").get_attribute("lang")[:2]:  # it is kept with the person
            page.locator("details.menu summary").click()
            page.get_by_role("button", name="English").click()
            expect(page.locator("html")).to_have_attribute("lang", "en")
        return page

    def says(self, zh: str, en: str) -> str:
        """The words of the language."""
        return en if self.language == "en" else zh


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_problem_to_its_end_and_another_up_to_the_region(county_with, language, new_phone, new_desk):
    story = Story(*county_with, language, new_phone, new_desk)
    zhao = _found_in_the_cellar(story)
    case = _assigned_at_the_desk(story)
    zhang = story.phone("zhang")
    _answered_in_the_cellar(zhang, case)
    _returned(zhao, case)
    zhang.today()
    zhang.settled()
    _answered_in_the_cellar(zhang, case)
    _closed_by_another(story, case)
    late = _pressed_by_the_region(story)
    _ordered_and_answered(story, late)
    _disputed_and_upheld(story, zhang)
    for command in (("ledger", "verify"), ("check",)):
        assert story.server.flask(*command).strip() == "No fault found."
    assert zhao.said + zhang.said == []


def _found_in_the_cellar(story: Story) -> Phone:
    zhao = story.phone("zhao", "zh")
    field.the_inspector_calls_at_two_points(zhao, story.county)
    zhao.find_signal()
    zhao.today()
    zhao.settled()
    zhao.page.evaluate(f"localStorage.setItem('toucha-language', '{story.language}')")
    return zhao


def _case_of(page: Page, words: str) -> str:
    """The address of the only case with these words on a list of cases."""
    link = page.locator("tbody a", has_text=words).first
    return link.get_attribute("href").split("?")[0]


def _assigned_at_the_desk(story: Story) -> str:
    chen = story.desk("chen")
    chen.goto(f"/cases?unit={CITY}")
    address = _case_of(chen, story.says("积压", "piled up"))
    chen.goto(address)
    assign = story.says("指定责任人", "Assign")
    form = chen.locator(".move-form").filter(has=chen.locator("select[name=owner]"))
    form.locator("summary").click()
    form.locator("select[name=owner]").select_option(story.county.people["zhang"])
    form.get_by_role("button", name=assign, exact=True).click()
    expect(chen.locator(".flash")).to_be_visible()
    expect(chen.locator("main")).to_contain_text("张巴图")
    return address.rsplit("/", 1)[1]


def _answered_in_the_cellar(zhang: Phone, case: str) -> None:
    zhang.today()
    zhang.page.goto(f"/app/case/{case}")
    zhang.page.locator("[data-move=answer]").wait_for(
        timeout=30_000
    )  # the phone was told that it is its turn
    zhang.lose_signal()
    answer(zhang)
    zhang.page.locator("[data-submit]").tap()
    expect(zhang.page.locator("[data-ahead]")).to_be_visible()
    zhang.find_signal()
    zhang.today()
    zhang.settled()


def _returned(zhao: Phone, case: str) -> None:
    zhao.today()
    open_case(zhao, "check")
    page = zhao.page
    assert page.url.endswith(case)
    page.locator("[data-move=return]").tap()
    page.locator("#m-text").fill("照片看不清登记簿")
    page.locator("[data-submit]").tap()
    expect(page.locator("[data-form]")).to_have_count(0)
    zhao.today()
    zhao.settled()
    assert [row["state"] for row in zhao.records().values() if row["type"] == "case-move"] == ["stored"]


def _closed_by_another(story: Story, case: str) -> None:
    chen = story.phone("chen")
    open_case(chen, "check")
    page = chen.page
    page.locator("[data-move=close]").tap()
    page.locator("dialog .button-primary").tap()
    expect(page.locator("[data-state=closed]").first).to_be_visible()
    chen.today()
    chen.settled()
    manager = story.desk("zhou")
    manager.goto(f"/cases/{case}")
    expect(manager.locator("main")).to_contain_text(story.says("已销号", "Closed"))


def _pressed_by_the_region(story: Story) -> str:
    jiang = story.desk("jiang")
    jiang.goto(f"/cases?unit={REGION}&level=region")
    address = _case_of(jiang, "")
    jiang.goto(address)
    expect(jiang.locator(".rung-reached")).to_have_count(4)
    _move_at_the_desk(jiang, story.says("催办", "Press"))
    return address.rsplit("/", 1)[1]


def _ordered_and_answered(story: Story, late: str) -> None:
    zhou = story.desk("zhou")
    zhou.goto(f"/cases?unit={COUNTY}&level=county")
    zhou.locator(f"tbody tr:has(a[href^='/cases/{late}']) input[type=checkbox]").check()
    zhou.get_by_role("button", name=story.says("为所选签发督办单", "Work order about the chosen")).click()
    zhou.locator("#text").fill("三日内整改到位并报送照片")
    zhou.get_by_role("button", name=story.says("签发", "Issue"), exact=True).click()
    expect(zhou.locator("main")).to_contain_text(f"督〔{today().year}〕1号")
    order = zhou.url.split("?")[0].rsplit("/", 1)[1]
    chen = story.desk("chen")
    chen.goto(f"/cases/{order}")
    _move_at_the_desk(chen, story.says("签收", "Receive"))
    chen.goto(f"/cases/{order}")
    _move_at_the_desk(chen, story.says("回复", "Answer"), "已整改，照片见问题")
    expect(chen.locator("main")).to_contain_text(story.says("已回复", "Answered"))


def _disputed_and_upheld(story: Story, zhang: Phone) -> None:
    """The carrier says that the receipt was signed; the county looks and upholds the finding, and the carrier is told."""
    zhang.today()
    zhang.page.goto("/app/mine")
    zhang.page.locator("[data-group=turn] [data-case]").first.tap()
    zhang.page.locator("[data-move=dispute]").tap()
    zhang.page.locator("#m-text").fill("签收联在背面")
    zhang.page.locator("[data-submit]").tap()
    expect(zhang.page.locator("[data-form]")).to_have_count(0)
    zhang.today()
    zhang.settled()
    zhou = story.desk("zhou")
    zhou.goto(f"/cases?unit={COUNTY}&type=dispute")
    zhou.goto(_case_of(zhou, ""))
    _move_at_the_desk(zhou, story.says("维持原结论", "Uphold the finding"), "背面也没有签收")
    expect(zhou.locator("main")).to_contain_text(story.says("维持原结论", "Finding upheld"))


def _move_at_the_desk(page: Page, move: str, words: str | None = None) -> None:
    """Open the form of the move, fill in the words, send it, and say yes where it asks."""
    form = page.locator(".move-form").filter(
        has=page.get_by_role("button", name=move, exact=True, include_hidden=True)
    )
    if form.locator("summary").count():
        form.locator("summary").click()
    if words:
        form.locator("textarea").fill(words)
    form.get_by_role("button", name=move, exact=True).click()
    page.locator("#confirm[open] [data-yes], .flash").first.wait_for()
    if page.locator("#confirm[open]").count():
        page.locator("#confirm [data-yes]").click()
    expect(page.locator(".flash")).to_be_visible()
