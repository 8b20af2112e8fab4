"""The matrix by keys and as cards: one stop for Tab, arrows from cell to cell, rows close together, one card a department."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_ledger_paper import months
from tests.cast import COUNTY
from webapp.demo.county import DEMO_PASSWORD


@pytest.fixture
def matrix(demo_server, new_desk, new_phone):
    """``matrix(new, **options)``: last month's ledger of the demo's county, sixteen departments."""

    def shown(kind: str = "desk", **options):
        context = {"desk": new_desk, "phone": new_phone}[kind](demo_server, **options)
        page = context.new_page()
        page.goto("/login")
        page.locator("input[name=login]").fill("county")
        page.locator("input[name=password]").fill(DEMO_PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/morning")
        page.goto(f"/ledger?unit={COUNTY}&period={months()[1]}")
        return page

    return shown


def place(page) -> list[int]:
    """Row and column of the cell that holds the focus; the heads are row 0."""
    return page.evaluate(
        "() => {const cell = document.activeElement.closest('#ledger-matrix :is(th, td)');"
        " return cell && [cell.parentElement.rowIndex, cell.cellIndex]}"
    )


def test_every_cell_is_reached_by_the_arrow_keys_and_enter_opens_it(matrix):
    page = matrix()
    table = page.locator("#ledger-matrix")
    expect(table).to_have_attribute("role", "grid")
    assert table.locator("[tabindex='0']").count() == 1
    table.locator("[tabindex='0']").focus()
    assert place(page) == [1, 0]
    rows, columns = table.locator("tr").count(), table.locator("thead th").count()
    seen = {tuple(place(page))}
    page.keyboard.press("Control+Home")
    for row in range(rows):
        for column in range(columns):
            assert place(page) == [row, column]
            seen.add((row, column))
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowDown")
    assert len(seen) == rows * columns
    page.keyboard.press("Control+End")
    assert place(page) == [rows - 1, columns - 1]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert place(page) == [rows - 1, columns - 1]
    page.keyboard.press("Home")
    assert place(page) == [rows - 1, 0]
    page.keyboard.press("End")
    assert table.locator("[tabindex='0']").count() == 1
    # Tab leaves it, and comes back to the cell that was left.
    page.keyboard.press("Tab")
    assert place(page) is None
    page.keyboard.press("Shift+Tab")
    assert place(page) == [rows - 1, columns - 1]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ledger/{COUNTY}/**")


def test_the_cell_that_holds_the_focus_is_never_below_the_heads_or_the_first_column(matrix):
    page = matrix(viewport={"width": 1024, "height": 700})
    table = page.locator("#ledger-matrix")
    table.locator("[tabindex='0']").focus()
    page.keyboard.press("Control+End")
    for key in ["ArrowLeft"] * 11 + ["ArrowUp"] * 15:
        page.keyboard.press(key)
        inside = page.evaluate(
            "() => {const cell = document.activeElement.closest('th, td'), box = cell.getBoundingClientRect();"
            " const corner = document.querySelector('.matrix-corner').getBoundingClientRect();"
            " return [box.left - corner.right, box.top - corner.bottom]}"
        )
        assert min(inside) >= -2, (key, inside)


def test_the_arrows_leave_whoever_is_elsewhere_alone_and_the_sheet_names_them(matrix):
    page = matrix()
    page.locator("#matrix-name").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#matrix-name")).to_be_focused()
    page.locator(".brand").focus()
    page.keyboard.press("?")
    expect(page.locator("#keys [data-key-of=cell-move] kbd")).to_have_text(["↑", "↓", "←", "→"])


def test_rows_stand_close_together_after_a_reload_too(matrix):
    page = matrix()
    height = page.locator("#ledger-matrix").bounding_box()["height"]
    page.get_by_role("button", name="紧凑").click()
    close = page.locator("#ledger-matrix").bounding_box()["height"]
    assert close < 0.75 * height
    page.reload()
    expect(page.get_by_role("button", name="紧凑")).to_have_attribute("aria-pressed", "true")
    assert page.locator("#ledger-matrix").bounding_box()["height"] == close
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="宽松").click()
    assert page.locator("#ledger-matrix").bounding_box()["height"] == height


def test_columns_are_chosen_and_kept_in_the_address(matrix):
    page = matrix()
    page.locator(".matrix-columns summary").click()
    boxes = page.locator(".matrix-columns input[type=checkbox]")
    for n in range(2, boxes.count()):
        boxes.nth(n).uncheck()
    page.locator(".matrix-columns button").click()
    page.wait_for_url("**col=*")
    expect(page.locator(".matrix-duty")).to_have_count(2)
    page.locator(".matrix-duty a").last.click()
    page.wait_for_url(re.compile("col=.*sort="))
    expect(page.locator(".matrix-duty")).to_have_count(2)
    page.locator(".step[rel=prev]").click()
    page.wait_for_url(re.compile("col=.*sort="))


def test_on_a_phone_a_department_is_a_card_that_opens_and_is_found_by_its_name(matrix):
    page = matrix("phone")
    cards = page.locator("#ledger-matrix tbody tr")
    assert cards.count() == 16
    assert page.locator("#ledger-matrix .cell:visible").count() == 0
    state = cards.first.locator(".matrix-card .status")
    expect(state.locator("svg")).to_be_visible()
    assert state.inner_text() in ("未达标", "无法判定", "待完成", "进行中", "达标")
    height = page.locator("#ledger-matrix").bounding_box()["height"]
    assert height < 16 * 160
    cards.first.locator("summary").tap()
    expect(cards.first.locator("a.cell-link").first).to_be_visible()
    page.locator("#matrix-name").fill("毛登")
    expect(page.locator("#ledger-matrix tbody tr:visible")).to_have_count(1)
    expect(page.locator(".filter [role=status]")).to_have_text("显示 1 个")
    page.locator("#matrix-name").fill("")
    expect(page.locator("#ledger-matrix tbody tr:visible")).to_have_count(16)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_cards_open_and_the_links_are_gone_through_one_by_one(matrix):
    page = matrix("phone", java_script_enabled=False)
    expect(page.locator("#matrix-name")).to_be_hidden()
    card = page.locator("#ledger-matrix tbody tr").nth(2)
    card.locator("summary").tap()
    card.locator("a.cell-link").first.tap()
    page.wait_for_url("**/ledger/*/*/*")
