"""How a browser looks and answers: chosen once, the same in app and desk, there before anything is painted."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import cast as company
from tests.browser.desk_pages import Served, browsing

DARK, LIGHT = "rgb(18, 22, 19)", "rgb(245, 241, 232)"  # --paper of the two schemes
# What the hand feels and the ear hears, written down instead.
LISTEN = """
  window.felt = []; window.heard = 0;
  navigator.vibrate = (pulses) => { window.felt.push(pulses); return true; };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { window.heard += 1; return start.apply(this, when); };
"""


@pytest.fixture
def served(make_app):
    app = make_app("sqlite")
    served = Served(app, company.build_in(app))
    yield served
    served.stop()


@pytest.fixture
def phone(served, new_phone):
    """The carrier's phone, whose system is light, at Me with the choices open."""
    context = new_phone(served, color_scheme="light", reduced_motion="reduce")
    context.add_init_script(LISTEN)
    with browsing(context, served, "carrier", strict=False) as page:
        page.set_default_timeout(30_000)
        page.goto("/app/")
        expect(page.locator('[data-screen="today"]')).to_be_visible()
        opened(page)
        yield page


def opened(page: Page) -> None:
    page.goto("/app/me")
    page.locator(".looks > summary").click()


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f'.looks input[name="look-{name}"][value="{value}"] + .choice-face').click()


def stands_on(page: Page, ground: str, *bar: str) -> None:
    """The colour of the page, once it has changed, and those of the browser's own bar."""
    expect(page.locator("body")).to_have_css("background-color", ground)
    metas = page.locator('meta[name="theme-color"]')
    assert set(metas.evaluate_all("all => all.map((one) => one.content)")) == set(bar)


def test_dark_is_chosen_in_the_app_and_holds_at_the_desk_and_after_a_reload(phone):
    stands_on(phone, LIGHT, "#0d5c40", "#17362a")
    choose(phone, "theme", "dark")
    stands_on(phone, DARK, "#17362a")
    # What the page waits for has done it before the body is there: no white flash at night.
    phone.add_init_script(
        "new MutationObserver((_, seen) => { if (!document.body) return;"
        " window.first = document.documentElement.dataset.theme; seen.disconnect(); })"
        ".observe(document, {childList: true, subtree: true})"
    )
    for path in ("/app/me", "/account"):
        phone.goto(path)
        stands_on(phone, DARK, "#17362a")
        assert phone.evaluate("window.first") == "dark", path
    expect(phone.locator('[data-looks] input[name="theme"][value="dark"]')).to_be_checked()
    phone.locator('[data-looks] input[name="theme"][value="system"]').check()
    stands_on(phone, LIGHT, "#0d5c40", "#17362a")


@pytest.mark.parametrize("value", ["large", "largest"])
def test_larger_text_on_the_smallest_phone_with_the_left_hand(phone, value):
    before = phone.locator(".me-card h2").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    choose(phone, "text", value)
    choose(phone, "hand", "left")
    after = phone.locator(".me-card h2").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert after / before == pytest.approx({"large": 1.15, "largest": 1.32}[value], abs=0.01)
    for path in ("/app/me", "/app/", "/app/mine", "/app/notices", "/app/records"):
        phone.goto(path)
        expect(phone.locator(".bar").first).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert not Axe().run(phone).response["violations"], path


def test_sound_and_vibration_are_given_until_they_are_switched_off(phone):
    choose(phone, "text", "large")
    assert phone.evaluate("[window.felt.length, window.heard]") == [1, 1]
    choose(phone, "sound", "off")
    assert phone.evaluate("[window.felt.length, window.heard]") == [2, 1]
    choose(phone, "vibration", "off")
    assert phone.evaluate("[window.felt.length, window.heard]") == [2, 1]
    opened(phone)
    expect(phone.locator('input[name="look-sound"][value="off"]')).to_be_checked()


def test_what_somebody_else_wrote_into_the_storage_harms_nothing(phone):
    for strange in ("{", "7", '{"theme": "pink", "text": 9}', "null"):
        phone.evaluate("(text) => localStorage.setItem('toucha-look', text)", strange)
        opened(phone)
        stands_on(phone, LIGHT, "#0d5c40", "#17362a")
        expect(phone.locator('input[name="look-theme"][value="system"]')).to_be_checked()
