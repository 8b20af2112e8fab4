"""A document in the browser: written with live figures and kept as one types, checked, issued, sent, received, accepted."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk_pages import serving
from tests.cast import COUNTY
from tests.desk_records import today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.ledger import operations as ledger
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

WIDE = {"width": 1440, "height": 900}
LAST = period_of("month", today()).previous()
LINES = "members.total.relay-county"


def _opened(served) -> None:
    """The county's lines of the last month."""
    with served.app.app_context(), transaction() as session:
        unit = session.get(Unit, COUNTY)
        unit.ledger_from = LAST.first - timedelta(days=1)
        ledger.open_lines(session, unit, clock.now())


@pytest.fixture
def desk(make_app, new_desk, new_phone):
    """``desk(login, path)``: a page of this person; ``kind``: at 1440 px or on a phone."""
    with serving(make_app, _opened) as served:

        def shown(login: str, path: str, kind: str = "desk", **options) -> Page:
            new = {"desk": new_desk, "phone": new_phone}[kind]
            size = {"viewport": WIDE} if kind == "desk" else {}
            context = new(served, **size, reduced_motion="reduce", **options)
            context.add_cookies([served.cookie(login)])
            page = context.new_page()
            page.goto(path)
            return page

        yield shown


def begin(page: Page) -> None:
    page.locator('.paper-new form:has(input[value="relay-report"]) button').click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("接转点检查情况报告")


def sure(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.locator("#confirm [data-yes]").click()


def clean(page: Page) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def no_wider(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_from_the_first_word_to_its_acceptance(desk):
    county = desk("county", "/documents")
    expect(county.locator(".paper-due-row").first).to_contain_text("上报接转点检查情况")
    clean(county)
    begin(county)
    clean(county)
    field = county.locator("textarea[name=problems]")
    field.fill("本月旗县到点检查 ")
    county.locator(f'button[data-figure="{LINES}"]').click()
    expect(field).to_have_value(f"本月旗县到点检查 {{{{{LINES}}}}}")
    expect(county.locator("#problems-state")).to_have_text(re.compile(r"^\d\d:\d\d 已保存$"))
    now = county.locator(f'button[data-figure="{LINES}"]').inner_text()
    preview = county.locator("[data-section=problems] [data-preview]")
    expect(preview).to_have_text(f"本月旗县到点检查 {now}")
    expect(county.locator("[data-faults]")).to_be_hidden()

    league = desk("league", county.url)
    sure(league, "核稿通过")
    expect(league.get_by_text("已核稿，由本单位负责人签发。")).to_be_visible()
    county.reload()
    sure(county, "签发")
    expect(county.get_by_role("heading", level=1)).to_contain_text(f"转报〔{today().year}〕1号")
    expect(county.locator(".paper-sheet a.paper-figure")).to_have_text(now)
    clean(county)
    sure(county, "报送")
    expect(county.locator(".page-head")).to_contain_text("已报送")

    league.goto("/documents")
    league.get_by_role("link", name=re.compile("接转点检查情况报告")).first.click()
    sure(league, "签收")
    sure(league, "接受")
    expect(league.locator(".page-head")).to_contain_text("已接受")
    league.locator(".paper-sheet a.paper-figure").click()
    expect(league.get_by_text("没有变动").first).to_be_visible()
    league.get_by_role("link", name=re.compile("抽检接转点")).first.click()
    expect(league).to_have_url(re.compile(f"/ledger/{COUNTY}/relay-county/{LAST.code}"))
    inbox = desk("league", "/notices")
    expect(inbox.get_by_text("报来").first).to_be_visible()


def test_of_two_who_write_the_same_section_neither_loses_a_word(desk):
    first = desk("county", "/documents")
    begin(first)
    second = desk("county", first.url)
    first.locator("textarea[name=problems]").fill("先写的。")
    expect(first.locator("#problems-state")).to_contain_text("已保存")
    second.locator("textarea[name=problems]").fill("后写的。")
    box = second.locator("[data-section=problems] .paper-conflict")
    expect(box).to_contain_text("也写了这一段")
    expect(box.locator("[data-theirs]")).to_have_text("先写的。")
    clean(second)
    box.get_by_role("button", name="两份都留").click()
    expect(second.locator("#problems-state")).to_contain_text("已保存")
    first.reload()
    expect(first.locator("textarea[name=problems]")).to_have_value("先写的。\n后写的。")


def test_a_reference_that_no_figure_has_is_named_at_once(desk):
    page = desk("county", "/documents")
    begin(page)
    page.locator("textarea[name=problems]").fill("{{relay.nobody}}")
    expect(page.locator("[data-section=problems] [data-unknown-of]")).to_have_text(
        "没有这个数字：relay.nobody"
    )
    expect(page.locator("[data-faults]")).to_contain_text("relay.nobody")


def test_what_was_typed_before_the_script_came_is_saved_too(desk):
    page = desk("county", "/documents")
    held = []
    page.route("**/built/desk*.js", lambda script: held.append(script))
    begin(page)
    page.locator("textarea[name=problems]").fill("先写的。")
    expect(page.locator("#problems-state")).to_have_text("")
    for script in held:
        script.continue_()
    expect(page.locator("#problems-state")).to_contain_text("已保存")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_drafts_and_documents_fit_a_phone(desk, scheme):
    page = desk("county", "/documents", "phone", color_scheme=scheme)
    no_wider(page)
    clean(page)
    begin(page)
    no_wider(page)
    clean(page)


def test_without_a_script_the_form_is_saved_by_its_button(desk):
    page = desk("county", "/documents", java_script_enabled=False)
    page.locator('.paper-new form:has(input[value="relay-report"]) button').click()
    page.locator("textarea[name=problems]").fill("按要求检查。")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    expect(page.locator("textarea[name=problems]")).to_have_value("按要求检查。")
