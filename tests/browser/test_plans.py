"""A special check in a browser: planned at the desk, somebody named, and the department on that person's phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk_pages import Served, browsing, serving
from tests.cast import CITY, LEAGUE, NEXT_RURAL
from webapp.campaigns.queries import plans
from webapp.core.database import db


@pytest.fixture
def served(make_app):
    with serving(make_app, lambda _served: None) as found:
        yield found


def looked_at(page: Page) -> None:
    """axe finds nothing, and nothing is wider than the screen."""
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == [], page.url
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], page.url


def plan(page: Page, look: bool = True) -> None:
    """Enter a plan by the form, and name the other county's manager for a department of this one."""
    page.goto(f"/plans?unit={LEAGUE}")
    if look:
        looked_at(page)
    page.locator("main .empty a.button-primary").click()
    page.locator("#title").fill("接转点转投质量专项检查")
    for code in (CITY, NEXT_RURAL):
        page.locator(f'input[name="units"][value="{code}"]').check()
    if look:
        looked_at(page)
    page.locator("main form button.button-primary").click()
    expect(page.locator("h1")).to_contain_text("接转点转投质量专项检查")
    page.locator("#person").fill("nextcounty")
    page.locator("#unit").select_option(CITY)
    page.locator("#join button").click()
    expect(page.locator(".plan-team tbody tr")).to_have_count(1)
    if look:
        looked_at(page)


@pytest.mark.parametrize(("screen", "scheme", "language"), [("phone", "dark", "zh"), ("desk", "light", "en")])
def test_a_plan_is_made_at_the_desk(served: Served, new_phone, new_desk, screen, scheme, language):
    context = {"phone": new_phone, "desk": new_desk}[screen](
        served, color_scheme=scheme, reduced_motion="reduce"
    )
    with browsing(context, served, "league", strict=False) as page:
        page.goto(f"/login?lang={language}")
        plan(page)
        page.locator("a[href$='/change']").click()
        looked_at(page)
        page.locator("#minimum").fill("0")
        page.locator("#reason").fill("人手不足")
        page.locator("main form[method=post]").first.evaluate("form => form.noValidate = true")
        page.locator("main form button.button-primary").click()
        expect(page.locator("#minimum-error")).to_be_visible()
        looked_at(page)
        page.locator("#minimum").fill("3")
        page.locator("main form button.button-primary").click()
        expect(page.locator(".plan-story")).to_contain_text("人手不足")
    with served.app.app_context():
        (found,) = plans(db.session, LEAGUE)
        assert (found.minimum, set(found.units), len(found.team)) == (3, {CITY, NEXT_RURAL}, 1)


def test_who_is_named_finds_the_department_on_the_phone(served: Served, new_phone, new_desk):
    with browsing(new_desk(served), served, "league") as page:
        plan(page, look=False)
    # Without the worker, which goes on loading what may be wanted later when the page is closed.
    phone = new_phone(served, service_workers="block")
    with browsing(phone, served, "nextcounty", strict=False) as page:
        page.goto("/app/")
        page.locator(".bar-pick select").select_option(CITY)
        expect(page.locator("[data-by-plan]")).to_be_visible()
        page.locator('[data-kind="relay"]').first.tap()
        expect(page.locator("[data-point]").first).to_be_visible()
