"""The desk's pages in a browser: axe finds nothing, nothing is cut off, and the small scripts help."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk_pages import browsing
from tests.cast import CITY, COUNTY
from tests.desk_records import today
from webapp.rulebook.periods import period_of


# Each page twice, on the other screen in the other colours and language: all four ways of each would take twice as long.
@pytest.mark.parametrize(
    ("screen", "scheme", "language", "first"),
    [
        ("phone", "light", "zh", 0),
        ("desk", "dark", "en", 0),
        ("phone", "dark", "en", 1),
        ("desk", "light", "zh", 1),
    ],
)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    served, new_phone, new_desk, screen, scheme, language, first
):
    context = {"phone": new_phone, "desk": new_desk}[screen](
        served, color_scheme=scheme, reduced_motion="reduce"
    )
    with browsing(context, served, strict=False) as page:
        page.goto(f"/login?lang={language}")
        for path in served.pages()[first::2]:
            answer = page.goto(path)
            assert answer.status == (404 if path == "/no-such-page" else 200), path
            found = [
                (rule["id"], node["html"][:200])
                for rule in Axe().run(page).response["violations"]
                for node in rule["nodes"]
            ]
            assert found == [], path
            width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert width[0] <= width[1], path


FILE = """邮件号,邮件种类,道段,收件人姓名,地址,退回,退件原因
9876543219991,特快,1,张三,锡林大街128号3号楼2单元501室,是,客户关机
9876543219992,快件,9,,,,
9876543219993,包裹,,李四,5号楼,也许,
123,挂号,2,,,,
"""


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_axe_finds_nothing_where_the_director_brings_a_list(served, new_phone, new_desk, screen):
    context = {"phone": new_phone, "desk": new_desk}[screen](served)
    with browsing(context, served, "director", strict=False) as page:
        for path in served.lists:
            page.goto(path)
            assert Axe().run(page).response["violations"] == [], path
        page.goto(f"/manifests/import?unit={CITY}")
        assert Axe().run(page).response["violations"] == []
        long = FILE + "".join(f"{n:013},快件,1,,,,\n" for n in range(450))
        page.locator("#file").set_input_files(
            {"name": "清单.csv", "mimeType": "text/csv", "buffer": long.encode()}
        )
        page.locator(".import-tiles").wait_for()  # as soon as the file was chosen
        page.locator(".file-columns summary").click()
        assert Axe().run(page).response["violations"] == []
        width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1]
        # 450 times the same fault is one line that says so.
        expect(page.locator(".chip", has_text=re.compile("45[0-9]"))).to_be_visible()
        page.goto(f"/manifests/import?unit={CITY}")
        page.locator("#file").set_input_files(_file("单据,品类\n9876543219991,特快\n"))
        page.locator("#needs-number").wait_for()
        assert Axe().run(page).response["violations"] == []
        width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1]


def _file(text: str) -> dict:
    return {"name": "清单.csv", "mimeType": "text/csv", "buffer": text.encode()}


def _at_once(page, press):
    """Press what is on the page without any scrolling."""
    box, height = press.bounding_box(), page.evaluate("window.innerHeight")
    assert box and box["y"] >= 0 and box["y"] + box["height"] <= height
    assert page.evaluate("window.scrollY") == 0
    press.click()


def test_a_list_is_brought_sealed_and_revealed_by_six_clicks(served, new_desk):
    with browsing(new_desk(served, viewport={"width": 1280, "height": 800}), served, "director") as page:
        page.goto("/")
        _at_once(page, page.locator(".topnav a[href='/manifests']"))
        _at_once(page, page.locator(".page a.button-primary", has_text="导入").first)
        page.locator("#file").scroll_into_view_if_needed()
        assert page.evaluate("window.scrollY") == 0
        rows = "".join(f"{n:013},特快,1\n" for n in range(11, 31))
        page.locator("#file").set_input_files(_file(f"邮件号,邮件种类,道段\n{rows}"))
        _at_once(page, page.locator("button[name=then]", has_text="导入 20 件并封存"))
        reveal = page.locator("form[action$='/reveal'] button")
        reveal.wait_for()
        _at_once(page, reveal)
        _at_once(page, page.locator("#confirm [data-yes]"))
        expect(page.locator(".flash", has_text="已公布")).to_be_visible()


def test_columns_are_chosen_with_the_keyboard_and_no_column_is_taken_twice(served, new_desk):
    with browsing(new_desk(served), served, "director") as page:
        page.goto(f"/manifests/import?unit={CITY}")
        page.locator("#file").set_input_files(_file("邮件号,邮件种类,道段\n9876543219991,特快,1\n"))
        page.locator(".import-tiles").wait_for()
        page.locator(".file-columns summary").focus()
        page.keyboard.press("Enter")
        # The number is in the third column: the first gives it up.
        page.locator("#column-2").select_option("number")
        expect(page.locator("#column-0")).to_have_value("")
        expect(page.locator("#column-2")).to_have_value("number")
        expect(page.locator(".file-columns details")).to_have_attribute("open", "")
        page.locator("#column-0").select_option("route")
        expect(page.locator("#errors-title")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "left", "over"),
    [
        ("zh", "还可输入 1 字", "超出 1 字（最多 40 字），请删减。"),
        ("en", "1 characters left", "1 characters too many (at most 40); please shorten it."),
    ],
)
def test_the_desk_says_how_many_characters_are_left_and_cuts_none(
    served, new_phone, language, left, over, tmp_path
):
    with browsing(new_phone(served), served) as page:
        page.goto(f"/people/new?lang={language}")
        name, said = page.locator("#name"), page.locator("#name + p")
        name.fill("𠮷" * 19)
        assert said.is_hidden()
        name.fill("𠮷" * 39)
        assert said.inner_text() == left
        name.fill("👍🏽" * 41)
        assert said.inner_text() == over
        assert name.input_value() == "👍🏽" * 41
        assert not name.evaluate("field => field.checkValidity()")
        page.screenshot(path=tmp_path / "limit.png")
        name.fill("👍🏽" * 40)
        assert name.evaluate("field => field.checkValidity()")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_in_an_open_menu_or_dialog(served, new_desk, language):
    with browsing(new_desk(served), served, strict=False) as page:
        page.goto(f"/inspections/{served.ids['failed']}?lang={language}")
        page.locator("details.menu summary").click()
        assert Axe().run(page).response["violations"] == []
        page.keyboard.press("Escape")
        expect(page.locator("details.menu[open]")).to_have_count(0)
        page.locator("#reason").fill("试")
        page.locator("form[data-confirm] button").click()
        expect(page.locator("#confirm")).to_be_visible()
        assert Axe().run(page).response["violations"] == []


def test_a_withdrawal_asks_first_and_cancelling_withdraws_nothing(served, new_phone):
    with browsing(new_phone(served), served) as page:
        page.goto(f"/inspections/{served.ids['failed']}")
        page.locator("#reason").fill("号码抄错")
        page.locator("form[data-confirm] button").tap()
        page.locator("#confirm button[value=no]").tap()
        assert page.locator("form[data-confirm]").count() == 1
        page.locator("form[data-confirm] button").tap()
        page.locator("#confirm [data-yes]").tap()
        page.locator(".flash").wait_for()
        assert page.locator("form[data-confirm]").count() == 0
        assert "已撤回" in page.locator("main").inner_text()


def test_every_page_works_without_scripts(served, new_phone):
    with browsing(new_phone(served, java_script_enabled=False), served) as page:
        page.goto(f"/inspections/{served.ids['failed']}")
        page.locator("#reason").fill("号码抄错")
        page.locator("form[data-confirm] button").click()
        expect(page.locator("main")).to_contain_text("已撤回")
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_list_of_cases_is_gone_through_by_keys(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto(f"/cases?unit={COUNTY}")
        links = page.locator("[data-row] th a")
        assert links.count() >= 2
        page.keyboard.press("j")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("k")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("x")
        expect(page.locator("[data-row] input").nth(0)).to_be_checked()
        # Whoever types is left alone, and whoever has turned the keys off.
        page.locator("#search").fill("x")
        expect(page.locator("[data-row] input").nth(0)).to_be_checked()
        page.keyboard.press("Tab")
        page.get_by_role("button", name="快捷键").last.click()
        page.locator("[data-keys-on]").uncheck()
        page.keyboard.press("Escape")
        links.nth(0).focus()
        page.keyboard.press("x")
        expect(page.locator("[data-row] input").nth(0)).to_be_checked()
        page.get_by_role("button", name="快捷键").last.click()
        page.locator("[data-keys-on]").check()
        page.keyboard.press("Escape")
        links.nth(0).focus()
        page.keyboard.press("a")
        page.wait_for_url("**/cases/assign?case=*")
        page.go_back()
        page.locator("[data-row] th a").nth(0).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/cases/[0-9a-f-]{36}$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_was_assigned_at_once_is_undone_under_the_thumb(served, new_phone, scheme):
    with browsing(new_phone(served, color_scheme=scheme), served, strict=False) as page:
        case = page.goto(served.cases[0]) and page.url.rsplit("/", 1)[1]
        before = page.locator(".summary").inner_text()
        page.goto(f"/cases/assign?case={case}")
        page.locator("[name=owner]").select_option(served.cast.people["lead"])
        page.get_by_role("button", name="指定责任人").tap()
        undo = page.get_by_role("button", name="撤销", exact=True)
        undo.wait_for()
        assert Axe().run(page).response["violations"] == []
        assert undo.bounding_box()["height"] >= 44
        undo.tap()
        expect(page.get_by_role("status")).to_contain_text("已恢复 1 项，共 1 项")
        assert Axe().run(page).response["violations"] == []
        page.goto(f"/cases/{case}")
        assert page.locator(".summary").inner_text() == before


def test_from_a_figure_to_the_failed_item_in_two_taps_on_a_phone(served, new_phone):
    with browsing(new_phone(served), served) as page:
        page.goto(f"/ledger?unit={COUNTY}&period={period_of('week', today()).code}")
        page.locator("a.cell-link", has_text="国内小包检查").first.tap()
        page.locator("a.check-link").first.tap()
        page.wait_for_url("**/inspections/*")
        assert page.locator("li.item").count() == 20
