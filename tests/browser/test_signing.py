"""A month is signed in the browser: what is open before it, the difference after a refusal, supplement, correction, and the archive."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk_pages import browsing, serving
from tests.cast import CITY, COUNTY, LEAGUE, RURAL
from tests.integration.desk.signing.test_months import FIRST, MONTH, TUESDAY
from tests.ledger_stories import Office, form, noon, parcels
from webapp.core import clock
from webapp.core.database import transaction
from webapp.org.models import Unit

MONTH_OF_CITY = f"/signing/{CITY}/{MONTH.code}"


@pytest.fixture
def served(make_app):
    """A county whose department checked twenty parcels in the month before last; ``office`` sends what comes late."""

    def worked(found) -> None:
        office = found.office = Office(found.app, found.cast, FIRST, (CITY, RURAL, COUNTY, LEAGUE))
        with found.app.app_context(), transaction() as session:
            for code in office.units:
                unit = session.get(Unit, code)
                unit.opened_on = unit.ledger_from = FIRST
        office.send("lead", noon(TUESDAY), form("parcel", TUESDAY, parcels(1, 20)))
        office.advance(clock.now())

    with serving(make_app, worked) as found:
        yield found


def late(served, first: int) -> None:
    """Twenty parcels of the next day, which a phone kept in a drawer."""
    items = parcels(first, first + 19)
    served.office.send("lead", clock.now(), form("parcel", TUESDAY + timedelta(days=1), items))


def clean(page: Page) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def sign(page: Page, name: str, reason: str | None = None) -> None:
    """By the form's button; the password is asked for where it was not given lately."""
    if reason:
        page.get_by_label("原因").first.fill(reason)
    page.get_by_role("button", name=name).click()


def test_from_the_refusal_to_the_correction_and_the_archive(served, new_desk, tmp_path):
    with browsing(new_desk(served), served, "county", strict=False) as county:
        county.goto(f"/signing?unit={COUNTY}&period={MONTH.code}")
        clean(county)
        county.get_by_role("link", name=re.compile("宝力根街道投递部")).first.click()
        expect(county).to_have_url(re.compile(MONTH_OF_CITY))
        expect(county.get_by_text("各项均已截止。")).to_be_visible()
        late(served, 21)
        sign(county, "审签本月")
        expect(county.locator(".sign-moved")).to_contain_text("您看到的")
        clean(county)
        sign(county, "审签本月")
        expect(county.locator(".sign-versions")).to_contain_text("第 1 版")
        late(served, 41)
        county.reload()
        expect(county.get_by_role("heading", name=re.compile("补录"))).to_be_visible()
        clean(county)
        with county.expect_download() as caught:
            county.get_by_role("link", name="归档文件").click()
        archive = tmp_path / "month.zip"
        caught.value.save_as(archive)
        county.goto("/verify")
        county.set_input_files("input[type=file]", archive)
        county.get_by_role("button", name="核验").click()
        expect(county.get_by_text("这份文件与签发的完全一致")).to_be_visible()
        expect(county.locator("main")).to_contain_text("parcel-check")
        clean(county)
    with browsing(new_desk(served), served, "league", strict=False) as league:
        league.goto(MONTH_OF_CITY)
        sign(league, "审签第 2 版", "手机迟到")
        expect(league.locator(".sign-versions")).to_contain_text("手机迟到")
        expect(league.get_by_role("heading", name=re.compile("补录"))).to_have_count(0)
        league.get_by_role("link", name="看这一版").click()
        expect(league.get_by_text("这一版已被更正")).to_be_visible()
        clean(league)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_wizard_and_the_signed_month_fit_a_phone(served, new_phone, scheme):
    with browsing(new_phone(served, color_scheme=scheme), served, "county", strict=False) as page:
        page.goto(MONTH_OF_CITY)
        clean(page)
        sign(page, "审签本月")
        expect(page.locator(".sign-versions")).to_contain_text("第 1 版")
        clean(page)


def submit(page: Page, action: str, **filled: str) -> None:
    """The form that leads to the address, filled, and its question answered: whatever the language."""
    form = page.locator(f'form[action$="{action}"]')
    expect(form).to_be_attached()
    if not form.is_visible():
        form.locator("xpath=ancestor::details").locator("summary").click()
    for name, text in filled.items():
        form.locator(f"[name={name}]").fill(text)
    asks = form.get_attribute("data-confirm")
    with page.expect_navigation():
        form.get_by_role("button").last.click()
        if asks:
            page.locator("#confirm [data-yes]").click()


def written(page: Page) -> str:
    """Save the working copy; its address."""
    with page.expect_navigation():
        page.locator(".paper-draft > .row .button").click()
    return page.url


def sent(league: Page, region: Page, address: str) -> None:
    """Checked by the region, issued and sent by the league, received by the region."""
    region.goto(address)
    submit(region, "/check")
    league.goto(address)
    submit(league, "/issue")
    submit(league, "/steps/send")
    region.goto(address)
    submit(region, "/steps/receive")


def reported(league: Page, region: Page) -> str:
    """The league's inspection report of the month: sent, returned, written again and accepted; the address of what was accepted."""
    league.goto(f"/documents?unit={LEAGUE}")
    form = league.locator('.paper-new form:has(input[value="inspection-report"])')
    form.locator("select").select_option(MONTH.code)
    with league.expect_navigation():
        form.get_by_role("button").click()
    for field in league.locator("textarea").all():
        field.fill("已按要求检查。")
    first = written(league)
    sent(league, region, first)
    number = re.search(r"检报〔\d+〕\d+号", region.locator("h1").inner_text())[0]
    submit(region, "/steps/reject", reason="请补充第八项")
    league.goto(first)
    submit(league, "/correct")
    assert league.url != first
    league.locator("textarea[name=causes]").fill("新进人员培训不到位。")
    again = written(league)
    sent(league, region, again)
    submit(region, "/steps/accept")
    expect(region.locator(".paper-sheet")).to_contain_text(number)
    expect(region.locator(".paper-sheet")).to_contain_text("新进人员培训不到位")
    clean(region)
    return again


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_leagues_month_from_the_signatures_to_a_report_that_was_returned_and_sent_again(
    served, new_desk, tmp_path, language
):
    def desk(login: str):
        return browsing(new_desk(served), served, login, strict=False)

    with desk("county") as county, desk("league") as league, desk("region") as region:
        for page in (county, league, region):
            page.goto(f"/morning?lang={language}")
        for page, unit in ((county, CITY), (county, RURAL), (league, COUNTY)):
            page.goto(f"/signing/{unit}/{MONTH.code}")
            submit(page, "/sign")
            expect(page.locator(".sign-versions li")).to_have_count(1)
        report = reported(league, region)

        late(served, 21)
        league.goto(f"/signing/{CITY}/{MONTH.code}")
        submit(league, "/sign", reason="一部手机迟到")
        expect(league.locator(".sign-versions li")).to_have_count(2)
        league.goto(report)
        league.locator(".paper-moved summary").click()
        expect(league.locator(".paper-moved a").first).to_be_visible()
        clean(league)
        with league.expect_download() as caught:
            league.get_by_role("link", name="PDF").click()
        caught.value.save_as(tmp_path / "report.pdf")
        league.goto("/verify")
        league.set_input_files("input[type=file]", tmp_path / "report.pdf")
        submit(league, "/verify")
        expect(league.locator(".notice-ok")).to_be_visible()
        expect(league.locator(".sign-faults li").first).to_be_visible()
