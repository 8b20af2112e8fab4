"""The ledger as wide as the screen, and on paper: what a county manager reads at a desk, prints and signs."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests import cast as company
from tests.browser.desk_pages import Served, browsing
from tests.cast import COUNTY, FIRST_DAY
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.demo.county import DEMO_PASSWORD
from webapp.ledger.operations import open_lines
from webapp.org.dated_attributes import begin
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

A4 = (595, 842)  # points


def pages(page) -> list[tuple[int, int]]:
    """The sizes of the pages that Chromium prints, in points: read from the PDF's own page objects."""
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/Type\s*/Page\b.*?/MediaBox\s*\[([\d. ]+)\]", pdf, re.DOTALL)
    assert len(boxes) == len(re.findall(rb"/Type\s*/Page\b", pdf))
    return [tuple(round(float(number)) for number in box.split()[2:]) for box in boxes]


@pytest.fixture
def demo_page(demo_server, new_desk):
    """``demo_page(width)``: the county manager of the demo, sixteen departments, at a screen of that width."""

    def signed_in(width: int, height: int = 900):
        page = new_desk(demo_server, viewport={"width": width, "height": height}).new_page()
        page.goto("/login")
        page.locator("input[name=login]").fill("county")
        page.locator("input[name=password]").fill(DEMO_PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/morning")
        return page

    return signed_in


def months() -> list[str]:
    """This month so far, and the last one, which is over."""
    month = period_of("month", today())
    return [month.code, month.previous().code]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_month_of_sixteen_departments_is_one_sheet_of_a4(demo_page, language):
    page = demo_page(1440)
    for month in months():
        page.goto(f"/ledger/print?unit={COUNTY}&period={month}&lang={language}")
        assert page.locator(".sheet-units tbody tr").count() == 17  # and all together
        own = page.locator(".sheet-own").count()  # the county's own duties: a sheet of their own
        assert pages(page) == [A4] * (1 + own), month


def test_on_a_phone_each_sheet_moves_by_itself_and_the_page_stays(demo_page):
    page = demo_page(360)
    page.goto(f"/ledger/print?unit={COUNTY}&period={months()[1]}")
    expect(page.locator(".sheet-own")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_paper_stands_the_sheet_alone_with_boxes_to_sign(demo_page):
    page = demo_page(1440)
    page.goto(f"/ledger/print?unit={COUNTY}&period={months()[1]}")
    page.emulate_media(media="print")
    for gone in (".topbar", ".views", ".period", ".page-head", "[data-print]", ".tabs"):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    assert page.locator(".sign-box:visible").all_inner_texts()[0].startswith("编制：周苏日娜")
    assert page.locator(".sign-box:visible").count() == 3
    assert (
        page.locator(".sheet-units thead").evaluate("e => getComputedStyle(e).display")
        == "table-header-group"
    )
    idle = page.locator(".sheet-units tbody tr", has_text="毛登牧场支局").inner_text()
    assert re.search(r"签收质量抽查、退件复核.*：\d+ 天缺业务量", idle)
    assert re.search(r"班前会.*：\d+ 天未开展", idle)


def test_a_department_prints_a_row_for_each_duty(demo_page):
    page = demo_page(1440)
    page.goto("/ledger/print?unit=152502002&period=" + months()[1])
    assert page.locator(".sheet-duties tbody tr").count() >= 12
    assert pages(page) == [A4]


@pytest.fixture
def long_county(make_app):
    """A county of sixty departments in which hardly one has begun."""
    app = make_app("sqlite")
    served = Served(app, company.build_in(app))
    assert send(app, served.cast, "lead", envelope(inspection(parcels(20)))).state == "stored"
    with app.app_context(), transaction() as session:
        path = session.get(Unit, COUNTY).path
        for number in range(300, 358):
            one = Unit(
                code=f"{COUNTY}{number}", parent_code=COUNTY, level="department", setting="rural",
                name=f"第{number}支局", opened_on=FIRST_DAY, path=f"{path}{COUNTY}{number}/",
            )  # fmt: skip
            session.add(one)
            session.flush()
            begin(session, one)
            open_lines(session, one, clock.now() - timedelta(days=2))
    yield served
    served.stop()


def test_a_longer_county_goes_on_to_more_pages_with_its_heads_and_no_row_is_cut(long_county, new_desk):
    with browsing(new_desk(long_county), long_county) as page:
        page.goto(
            f"/ledger/print?unit={COUNTY}&period={period_of('month', today() - timedelta(days=2)).code}"
        )
        assert page.locator(".sheet-units tbody tr").count() >= 59
        printed = pages(page)
        assert 2 <= len(printed) <= 5
        assert set(printed) == {A4}
        page.emulate_media(media="print")
        rows = page.locator(".sheet-units tbody tr")
        assert {rows.nth(n).evaluate("e => getComputedStyle(e).breakInside") for n in range(3)} == {"avoid"}


# ---------------------------------------------------------------- on the screen


@pytest.mark.parametrize(
    ("width", "language"), [(1280, "en"), (1440, "zh"), (1440, "en"), (1920, "zh"), (1920, "en")]
)
def test_the_matrix_takes_the_whole_screen_and_says_what_lies_further_right(demo_page, width, language):
    page = demo_page(width)
    page.goto(f"/ledger?unit={COUNTY}&period={months()[1]}&lang={language}")
    view = page.locator(".matrix-wrap")
    assert view.bounding_box()["width"] >= width - 80
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    beyond = view.evaluate("e => e.scrollWidth - e.clientWidth")
    sign = page.locator(".matrix-more button")
    if not beyond:
        assert not sign.is_visible()
        return
    said = int(re.search(r"\d+", sign.inner_text())[0])
    assert said >= 1
    assert page.locator(".matrix-frame[data-more]").count() == 1
    first, head = page.locator(".matrix-unit").first, page.locator(".matrix thead th").nth(3)
    before = first.bounding_box()["x"]
    for _ in range(4):
        if sign.is_visible():
            sign.click()
            page.evaluate(
                "() => new Promise((heard) => requestAnimationFrame(() => requestAnimationFrame(heard)))"
            )  # the page hears of scrolling a frame later
    assert not sign.is_visible()
    assert page.locator(".matrix-frame[data-more]").count() == 0
    assert first.bounding_box()["x"] == before  # the units stay in sight
    view.evaluate("e => e.scrollTo(0, 400)")
    assert abs(head.bounding_box()["y"] - view.bounding_box()["y"]) < 3  # and so do the heads


def test_at_1920_a_whole_month_fits_without_scrolling(demo_page):
    page = demo_page(1920, 1080)
    page.goto(f"/ledger?unit={COUNTY}&period={months()[1]}")
    assert page.locator(".matrix-wrap").evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize("width", [360, 390, 1440])
def test_one_department_is_shown_with_a_row_for_each_duty_and_nothing_beyond_the_edge(demo_page, width):
    page = demo_page(width)
    page.goto("/ledger?unit=152502002&period=" + months()[1])
    assert page.locator(".matrix").count() == 0
    rows = page.locator(".turned tbody tr")
    assert rows.count() >= 12
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".table-wrap").first.evaluate("e => e.scrollWidth <= e.clientWidth")
    row = rows.filter(has_text="国内小包检查").first
    assert row.locator(".status").is_visible()
    row.locator("a.cell-link").click()
    page.wait_for_url("**/ledger/152502002/parcel-check/*")
