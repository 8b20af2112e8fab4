"""A month is signed in the browser: what is open before it, the difference after a refusal, supplement, correction, and the archive."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk_pages import browsing, serving
from tests.cast import CITY, COUNTY
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
        office = found.office = Office(found.app, found.cast, FIRST)
        with found.app.app_context(), transaction() as session:
            for code in office.units:
                session.get(Unit, code).opened_on = FIRST
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
