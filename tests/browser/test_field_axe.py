"""The field app's screens of a director: axe finds nothing and nothing is wider than the phone, in both languages and colours."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk_pages import Served, browsing, serving
from tests.cast import CITY
from tests.desk_records import envelope, send, today
from tests.integration.ledger.test_duty_book import form

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
FORMS = ("balance", "meeting", "analysis", "letter", "watch-pick", "watch", "return", "shortage")


@pytest.fixture
def served(make_app):
    with serving(make_app, _work) as found:
        yield found


def _work(served: Served) -> None:
    """A problem, a requirement and chosen items for the forms, and a closed point for the register."""
    cast, day = served.cast, today().isoformat()
    gap = {"opening": 3, "received": 9, "delivered": 8, "returned": 1, "forwarded": 0, "carried": 2}
    head = {"present": [cast.people["lead"]], "requirements": ["补盖日戳"], "notes": 2}
    chosen = [{"subject": "RR473124829CN", "class": "registered"}]
    point = {"type": "point", "point": cast.points["甘珠尔社区居委会"], "op": "close", "reason": "拆迁"}
    facts = [
        envelope(form("balance", header=gap, about=day)),
        envelope(form("analysis", header=head), {"notes": {"header.notes": "分析"}}),
        envelope(form("watch-pick", chosen, about=day) | {"type": "selection"}),
        envelope({"v": 1, "unit": CITY, "acting": CITY, "date": day} | point),
    ]
    assert [send(served.app, cast, "director", one).state for one in facts] == ["stored"] * 4


def whole(page: Page, name: str) -> None:
    """Nothing for axe to find, nothing cut off."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    found = [
        (rule["id"], node["html"][:200])
        for rule in Axe().run(page).response["violations"]
        for node in rule["nodes"]
    ]
    assert found == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "en")])
def test_axe_finds_nothing_on_the_screens_of_the_duties(served, new_phone, scheme, language):
    context = new_phone(
        served, color_scheme=scheme, reduced_motion="reduce"
    )  # colours on their way are not measured
    context.add_init_script(f"localStorage.setItem('toucha-language', '{language}')")
    with browsing(context, served, "director", strict=False) as page:
        page.set_default_timeout(30_000)
        page.goto("/app/")
        expect(page.locator("[data-kind]").first).to_be_visible(timeout=30_000)
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
        whole(page, f"today-{language}")
        _help(page, language)
        for kind in FORMS:
            page.goto("/app/")
            page.locator(f'[data-kind="{kind}"]').click()
            expect(page.locator('[data-screen="check"] .action-save')).to_be_visible(timeout=30_000)
            whole(page, f"{kind}-{language}")
        _call(page, language)
        _books(page, language)


def _help(page: Page, language: str) -> None:
    """The first day stands on Today until it was read, and under help for ever; each duty has its article."""
    cards = page.locator("[data-first]")
    expect(cards.locator("li")).to_have_count(3)
    cards.locator("a").click()
    expect(page.locator("tc-help .first-cards li")).to_have_count(3)
    expect(page.locator("[data-article=receipt-sample]")).to_contain_text("10")
    page.locator("tc-help summary").first.click()
    whole(page, f"help-{language}")
    page.go_back()
    cards.locator("button").click()
    expect(cards).to_have_count(0)
    page.locator(".duty + details summary").first.click()
    expect(page.locator(".duty + details blockquote").first).to_be_visible()
    page.reload()
    expect(page.locator("[data-kind]").first).to_be_visible(timeout=30_000)
    expect(cards).to_have_count(0)


def _call(page: Page, language: str) -> None:
    page.goto("/app/relay")
    page.locator("a.point").first.click()
    expect(page.locator('[data-screen="check"] .point-card')).to_be_visible(timeout=30_000)
    whole(page, f"call-{language}")


def _books(page: Page, language: str) -> None:
    page.goto("/app/volumes")
    page.locator("#v-parcel-items").fill("12")
    page.locator("#v-parcel-items").blur()
    whole(page, f"volumes-{language}")
    page.locator(".action-save").click()
    expect(page.locator('[data-screen="today"]')).to_be_visible(timeout=30_000)
    page.goto("/app/register")
    page.locator("[data-closed] summary").click()
    page.locator("[data-change]").first.click()
    page.locator("#r-address").fill("团结大街 5 号")
    whole(page, f"register-{language}")
    page.locator("form button.button-primary").click()
    expect(page.locator("form")).to_have_count(0)
    page.goto("/app/records")
    expect(page.locator("[data-record]").nth(1)).to_be_visible(timeout=30_000)
    records = page.locator("[data-record]").evaluate_all("all => all.map((one) => one.dataset.record)")
    assert len(records) >= 2
    for number, record in enumerate(records[:2]):
        page.goto(f"/app/records/{record}")
        expect(page.locator("[data-told]")).to_be_visible(timeout=30_000)
        whole(page, f"record-{number}-{language}")
