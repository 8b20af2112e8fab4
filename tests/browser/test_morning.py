"""The morning in a browser: its questions by keys and by thumb, the press, and the charts with their tables on paper."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk_pages import serving
from tests.cast import CITY, COUNTY, LEAGUE
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.demo.county import DEMO_PASSWORD
from webapp.ledger import operations as ledger
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

WIDE = {"width": 1440, "height": 900}


THURSDAY = period_of("week", today()).first - timedelta(days=4)  # of last week: a week belongs to its month


def _checked(served) -> None:
    """A check of last week with failures, and the days of its month."""
    with served.app.app_context(), transaction() as session:
        unit = session.get(Unit, CITY)
        unit.ledger_from = THURSDAY.replace(day=1)
        ledger.open_lines(session, unit, clock.now())
    sent = envelope(inspection(parcels(20, failed=9), date=THURSDAY.isoformat()))
    assert send(served.app, served.cast, "lead", sent).state == "stored"


@pytest.fixture
def opened(make_app, new_desk, new_phone):
    """``opened(kind, path, **options)``: a page of the county manager, at 1440 px or on a phone of 390."""
    with serving(make_app, _checked) as served:

        def shown(kind: str, path: str, **options):
            new = {"desk": new_desk, "phone": new_phone}[kind]
            size = {"viewport": WIDE} if kind == "desk" else {}
            context = new(served, **size, reduced_motion="reduce", **options)
            context.add_cookies([served.cookie("county")])
            page = context.new_page()
            page.goto(path)
            return page

        yield shown


@pytest.fixture
def signed_in(demo_server, new_desk, new_phone):
    """``signed_in(kind, login)``: whoever of the demo begins the day, at 1440 px or on a phone of 390."""

    def shown(kind: str, login: str):
        new = {"desk": new_desk, "phone": new_phone}[kind]
        size = {"viewport": WIDE} if kind == "desk" else {}
        page = new(demo_server, **size, reduced_motion="reduce").new_page()
        page.goto("/login")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(DEMO_PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/morning")
        return page

    return shown


CHARTS = f"/ledger/charts?unit={COUNTY}&duty=parcel-check&period={THURSDAY:%Y-%m}"


def faults(page) -> list:
    """What axe finds, and whether anything reaches beyond the screen."""
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [
        (rule["id"], node["html"][:200])
        for rule in Axe().run(page).response["violations"]
        for node in rule["nodes"]
    ]
    return [*found, *([f"{width} px too wide"] if width > 0 else [])]


@pytest.mark.parametrize(("kind", "scheme"), [("phone", "light"), ("desk", "dark"), ("desk", "light")])
def test_a_county_presses_with_one_tap_and_reads_that_it_did(opened, kind, scheme):
    page = opened(kind, "/", color_scheme=scheme)
    assert page.url.endswith("/morning")
    assert faults(page) == []
    first = page.locator("#lists .morning-row:has(button)").first
    unit = first.locator(".morning-unit").inner_text()
    button = first.get_by_role("button", name=re.compile(f"催办.*{unit}"))
    if kind == "phone":
        button.tap()
    else:  # by keys alone
        button.focus()
        page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text(unit)
    assert page.url.endswith(f"/morning?unit={COUNTY}#lists")
    row = page.locator("#lists .morning-row", has_text=unit)
    expect(row).to_contain_text(re.compile(r"\d\d:\d\d 您已催办"))
    expect(row.get_by_role("button")).to_have_count(0)
    assert faults(page) == []


@pytest.mark.parametrize("kind", ["phone", "desk"])
def test_a_league_opens_its_counties_down_to_the_departments(signed_in, kind):
    page = signed_in(kind, "league")
    row = page.locator("#lists .morning-row").first
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    below = row.locator(".morning-below a")
    expect(below.first).to_be_visible()
    assert below.count() > 1 and faults(page) == []
    row.locator(".morning-unit").click()
    page.wait_for_url(re.compile(r"/morning\?unit=\d+#lists"))
    page.get_by_role("link", name="锡林郭勒盟分公司").click()
    page.wait_for_url(f"**/morning?unit={LEAGUE}")


def test_a_tile_leads_to_its_question(signed_in):
    page = signed_in("phone", "county")
    page.locator(".morning-tiles a[href='#closing']").tap()
    expect(page.locator("#closing")).to_be_in_viewport()


@pytest.mark.parametrize(("kind", "language"), [("phone", "en"), ("desk", "zh")])
def test_each_chart_opens_its_table_and_each_of_its_marks_is_reached_by_tab(opened, kind, language):
    page = opened(kind, f"{CHARTS}&lang={language}")
    tables = page.locator(".chart-table")
    assert tables.count() == 4
    for n in range(4):
        tables.nth(n).locator("summary").focus()
        page.keyboard.press("Enter")
        expect(tables.nth(n).locator("table")).to_be_visible()
    assert faults(page) == []
    marks = page.locator("svg.chart a")
    nameless = "all => all.filter(one => one.tabIndex < 0 || !one.getAttribute('aria-label')).length"
    assert marks.count() > 5 and marks.evaluate_all(nameless) == 0
    marks.first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('svg') !== null")
    # A mark leads to what it says.
    page.locator("svg.pareto a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases?*criterion=feedback*")


def test_on_paper_each_table_stands_below_its_chart(opened):
    page = opened("desk", CHARTS)
    page.emulate_media(media="print")
    tables = page.locator(".chart-table table").all()
    assert len(tables) == 4
    assert all(table.bounding_box()["height"] > 20 for table in tables)
    assert page.locator(".chart-table summary").first.is_hidden()
