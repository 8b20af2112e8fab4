"""The figures of problems in a browser: axe finds nothing, nothing is cut off, the links lead on, and paper holds the table."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk_pages import Served, browsing, serving
from tests.case_office import FIRST, FOURTH, SECOND, THIRD, Office, at
from tests.cast import CITY, COUNTY, RURAL
from tests.databases import dispose, settings_for
from webapp import create_app

PAGES = (
    f"/cases/figures?unit={COUNTY}&month=2026-11",
    f"/cases/figures?unit={COUNTY}&month=2026-10&at=end",
    f"/cases/figures?unit={COUNTY}&month=2026-08",
    f"/cases/figures?unit={CITY}&month=2026-11",
    f"/ledger/{RURAL}/relay-coverage/2026-11",
)


def _work(served: Served) -> None:
    office = Office(served.app, served.cast)
    for month in (9, 10, 11):
        good, back, late, *_ = office.finds(at(month, 2), FIRST, SECOND, THIRD, FOURTH, fault="stored")
        for case in (good, back):
            office.answers(case, at(month, 4))
        office.returns(back, at(month, 5))
        office.closes(good, at(month, 6))
        office.answers(late, at(month, 20))
        office.finds(at(month, 3), "锡林敖包居委会", login="head", unit=RURAL, acting=RURAL)


@pytest.fixture(scope="module")
def served(request, sqlite_template, tmp_path_factory):
    """Three months of work, made once: these tests only read."""
    folder = tmp_path_factory.mktemp("figures")

    def make(_dialect: str):
        app = create_app(settings_for(sqlite_template.fresh(folder), folder))
        request.addfinalizer(lambda: dispose(app))
        return app

    with serving(make, _work) as found:
        yield found


@pytest.mark.parametrize(
    ("screen", "scheme", "language"),
    [("phone", "light", "zh"), ("desk", "dark", "en"), ("phone", "dark", "en"), ("desk", "light", "zh")],
)
def test_axe_finds_nothing_and_nothing_is_cut_off(served, new_phone, new_desk, screen, scheme, language, tmp_path):  # fmt: skip
    context = {"phone": new_phone, "desk": new_desk}[screen](
        served, color_scheme=scheme, reduced_motion="reduce"
    )
    with browsing(context, served, strict=False) as page:
        for number, path in enumerate(PAGES):
            assert page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}").status == 200, path
            expect(page.locator("html")).to_have_attribute("lang", {"zh": "zh-CN"}.get(language, language))
            page.screenshot(path=tmp_path / f"{screen}-{scheme}-{number}.png", full_page=True)
            assert Axe().run(page).response["violations"] == [], path
            width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert width[0] <= width[1], path


def test_from_the_county_to_a_department_by_another_figure_and_to_another_month(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto(PAGES[0])
        page.get_by_role("link", name="超期未改").first.click()
        expect(page.locator("th[aria-sort]")).to_contain_text("超期未改")
        page.get_by_role("link", name="宝力根苏木支局").click()
        expect(page.locator("h1")).to_contain_text("宝力根苏木支局")
        page.locator(".months a").nth(9).click()
        expect(page.locator(".step-now")).to_have_text("2026年9月")


def test_on_paper_stand_the_figures_and_what_they_mean_and_nothing_to_press(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto(PAGES[0])
        page.emulate_media(media="print")
        expect(page.locator(".case-figures")).to_be_visible()
        expect(page.locator(".meanings")).to_be_visible()
        expect(page.locator(".page-actions")).to_be_hidden()
        expect(page.locator(".views")).to_be_hidden()
        width = page.evaluate("[document.querySelector('.case-figures').scrollWidth, window.innerWidth]")
        assert width[0] <= width[1]
