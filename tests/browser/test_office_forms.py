"""The offices' forms in a browser: axe finds nothing, and from the page to the PDF of many departments it is two clicks."""

from datetime import timedelta

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk_pages import Served, browsing, serving
from tests.cast import CITY, COUNTY, RURAL
from tests.databases import dispose, settings_for
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp import create_app

PERIOD = f"{today():%Y-%m}"
PAGES = (
    f"/forms?unit={COUNTY}&period={PERIOD}",
    f"/forms?unit={CITY}&period={PERIOD}&form=parcel",
    f"/forms?unit={CITY}&period={(today() - timedelta(days=400)):%Y-%m}&form=letter",
)


def _work(served: Served) -> None:
    visit = inspection(parcels(3), unit=RURAL, acting=COUNTY)
    found = {"lead": inspection(parcels(20, failed=1)), "county": visit}
    for login, open in found.items():
        assert send(served.app, served.cast, login, envelope(open)).state == "stored"


@pytest.fixture(scope="module")
def served(request, sqlite_template, tmp_path_factory):
    """Checks of two departments."""
    folder = tmp_path_factory.mktemp("forms")

    def make(_dialect: str):
        app = create_app(settings_for(sqlite_template.fresh(folder), folder))
        request.addfinalizer(lambda: dispose(app))
        return app

    with serving(make, _work) as found:
        yield found


def looked_at(page, path: str) -> None:
    assert Axe().run(page).response["violations"] == [], path
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], path


@pytest.mark.parametrize(
    ("screen", "scheme", "language"),
    [("phone", "light", "zh"), ("desk", "dark", "en"), ("phone", "dark", "en"), ("desk", "light", "zh")],
)
def test_axe_finds_nothing_and_nothing_is_cut_off(served, new_phone, new_desk, screen, scheme, language):
    context = {"phone": new_phone, "desk": new_desk}[screen](
        served, color_scheme=scheme, reduced_motion="reduce"
    )
    with browsing(context, served, strict=False) as page:
        for path in PAGES:
            assert page.goto(f"{path}&lang={language}").status == 200, path
            looked_at(page, path)


def test_the_sheets_of_all_departments_are_made_while_the_page_says_how_far(served, new_desk, tmp_path):
    with browsing(new_desk(served), served, strict=False) as page:
        page.goto(PAGES[0])
        page.get_by_role("button", name="后台制作 PDF").click()
        page.wait_for_url("**/forms/batch")
        ready = page.get_by_role("link", name="PDF")
        expect(ready).to_be_visible(timeout=60_000)  # the page looks again by itself
        looked_at(page, "/forms/batch")
        with page.expect_download() as download:
            ready.click()
        file = tmp_path / "sheets.pdf"
        download.value.save_as(file)
        assert download.value.suggested_filename.startswith("国内小包检查记录表_锡林浩特市")
        assert [mark.title for mark in pypdf.PdfReader(file).outline] == [
            "宝力根街道投递部",
            "宝力根苏木支局",
        ]
