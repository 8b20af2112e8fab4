"""The box that finds while one types, by keyboard alone; and the sheet of the keys that hold on a page."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk_pages import Served, browsing
from tests.cast import CITY, COUNTY, build_in
from tests.desk_records import envelope, inspection, parcels, send


@pytest.fixture
def served(make_app):
    app = make_app("sqlite")
    found = Served(app, build_in(app))
    assert send(app, found.cast, "lead", envelope(inspection(parcels(20, failed=2)))).state == "stored"
    yield found
    found.stop()


def chosen(page):
    """The option that the reader of a screen would hear."""
    name = page.locator("[role=combobox]").get_attribute("aria-activedescendant")
    return page.locator(f"#{name}") if name else None


def test_a_unit_is_found_and_opened_by_keys_alone(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto(f"/cases?unit={COUNTY}")
        page.keyboard.press("Control+k")
        text = page.locator("#palette [role=combobox]")
        expect(text).to_be_focused()
        expect(page.locator("[role=option]").first).to_have_text("今日概览")
        page.keyboard.type("根街道")
        expect(page.locator("[role=option]")).to_have_count(1)
        expect(text).to_have_attribute("aria-activedescendant", "palette-option-0")
        expect(page.locator("#palette [role=status]")).to_have_text("找到 1 项")
        page.keyboard.press("ArrowUp")  # back to the text
        assert chosen(page) is None
        page.keyboard.press("ArrowDown")
        expect(chosen(page)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/ledger?unit={CITY}")
        # What was opened lately comes first the next time.
        page.keyboard.press("/")
        expect(page.locator("[role=option]").first).to_contain_text("宝力根街道投递部")
        page.keyboard.press("Escape")
        page.keyboard.press("?")  # at once: nothing that was closed swallows it
        expect(page.locator("#palette")).to_be_hidden()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        expect(page.locator("#palette")).to_be_visible()


def test_escape_gives_the_focus_back_and_enter_with_nothing_chosen_leads_to_all_that_is_found(
    served, new_desk
):
    with browsing(new_desk(served), served) as page:
        page.goto(f"/ledger?unit={COUNTY}")
        link = page.locator(".matrix-unit a").first
        link.focus()
        page.keyboard.press("Control+k")
        page.keyboard.press("Escape")
        expect(link).to_be_focused()
        page.keyboard.press("Control+k")
        page.keyboard.type("没有这样的")
        expect(page.locator("#palette [role=status]")).to_contain_text("没有找到")
        page.keyboard.press("Enter")
        page.wait_for_url("**/find?s=*")
        expect(page.locator("main")).to_contain_text("没有找到“没有这样的”")


def test_ctrl_and_enter_open_a_new_tab_and_the_list_stays(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto(f"/ledger?unit={COUNTY}")
        page.keyboard.press("Control+k")
        page.keyboard.type("巴图")
        expect(page.locator("[role=option]")).to_have_count(1)
        with page.context.expect_page() as opened:
            page.keyboard.press("Control+Enter")
        opened.value.wait_for_url(f"**/people/{served.cast.people['carrier']}")
        expect(page.locator("#palette")).to_be_visible()


def test_without_an_answer_it_says_so_and_the_next_key_tries_again(served, new_desk):
    with browsing(new_desk(served), served, strict=False) as page:
        page.goto("/account")
        page.route("**/find/quick*", lambda route: route.abort())
        page.keyboard.press("Control+k")
        said = page.locator("#palette [role=status]")
        expect(said).to_have_text("没有响应，请重试。")
        page.unroute("**/find/quick*")
        page.keyboard.type("巴图")
        expect(page.locator("[role=option]")).to_have_count(1)
        # The session was ended elsewhere: its own words say so.
        page.context.clear_cookies()
        page.keyboard.type("x")
        expect(said).to_contain_text("登录")
        expect(page.locator("[role=option]")).to_have_count(0)


def test_of_two_answers_only_that_to_the_latest_text_is_shown(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto("/account")
        late = []

        def slowly(route):
            """The answer to the first word comes after that to the second."""
            if "%E5%B7%B4%E5%9B%BE" in (route.request.post_data or "") and not late:
                late.append(route)
            else:
                route.continue_()

        page.keyboard.press("Control+k")
        expect(page.locator("[role=option]").first).to_be_visible()
        page.route("**/find/quick*", slowly)
        text = page.locator("#palette [role=combobox]")
        text.fill("巴图")
        page.wait_for_timeout(400)
        assert late
        text.fill("根街道")
        expect(page.locator("[role=option]")).to_have_text(["宝力根街道投递部"])
        late[0].continue_()
        page.wait_for_timeout(300)
        expect(page.locator("[role=option]")).to_have_text(["宝力根街道投递部"])


def test_nothing_happens_to_whoever_types_but_for_ctrl_k(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto("/find")
        page.locator("#q").fill("")
        page.keyboard.type("a/b?")
        expect(page.locator("#q")).to_have_value("a/b?")
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.keyboard.press("Control+k")
        expect(page.locator("#palette")).to_be_visible()


def test_the_sheet_shows_the_keys_of_this_page_and_only_those_work(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto("/account")
        page.keyboard.press("?")
        shown = page.locator("#keys [data-key-of]:visible")
        expect(shown).to_have_count(3)
        page.keyboard.press("Escape")
        page.goto(f"/cases?unit={COUNTY}")
        page.keyboard.press("?")
        expect(shown).to_have_count(8)
        expect(page.locator("#keys [data-key-of=row-next] kbd")).to_have_text("j")
        expect(page.locator("#keys [data-key-of=find] kbd")).to_have_text(["Ctrl", "K", "/"])
        page.locator("[data-keys-on]").uncheck()
        page.keyboard.press("Escape")
        page.locator(".brand").focus()
        page.keyboard.press("j")
        page.keyboard.press("/")
        expect(page.locator(".brand")).to_be_focused()
        page.keyboard.press("Control+k")  # a key with Ctrl is no character
        expect(page.locator("#palette")).to_be_visible()


def test_what_was_opened_lately_is_forgotten_when_the_person_signs_out(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto("/account")
        page.keyboard.press("Control+k")
        page.keyboard.type("巴图")
        expect(page.locator("[role=option]")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url("**/people/*")
        assert "巴图" in page.evaluate("localStorage.getItem('toucha-recent')")
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url("**/login*")
        assert page.evaluate("localStorage.getItem('toucha-recent')") is None


@pytest.mark.parametrize(("screen", "scheme", "language"), [("phone", "dark", "en"), ("desk", "light", "zh")])
def test_axe_finds_nothing_while_it_is_open(served, new_phone, new_desk, screen, scheme, language):
    context = {"phone": new_phone, "desk": new_desk}[screen](
        served, color_scheme=scheme, reduced_motion="reduce"
    )
    with browsing(context, served, strict=False) as page:
        page.goto(f"/ledger?unit={COUNTY}&lang={language}")
        page.locator("[data-palette-open]").click()
        expect(page.locator("[role=option]").first).to_be_visible()
        assert Axe().run(page).response["violations"] == []
        page.locator("[role=combobox]").fill("社区")
        expect(page.locator("[role=option][aria-selected=true]")).to_be_visible()
        assert Axe().run(page).response["violations"] == []
        width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1]
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        assert Axe().run(page).response["violations"] == []


def test_without_scripts_the_magnifier_leads_to_the_page_that_finds(served, new_phone):
    with browsing(new_phone(served, java_script_enabled=False), served) as page:
        page.goto(f"/ledger?unit={COUNTY}")
        expect(page.locator("dialog").first).to_be_hidden()
        page.locator("[data-palette-open]").click()
        page.wait_for_url("**/find")
        page.locator("#q").fill("张巴图")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/people/"))
