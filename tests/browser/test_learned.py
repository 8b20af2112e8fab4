"""A carrier reads on the phone what became of the own receipts, without signal too; who delivers nothing reads nothing of the kind."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.desk_pages import Served, browsing, serving
from tests.cast import CITY
from tests.deliveries import NUMBERS, lay, seal
from tests.desk_records import today
from tests.ledger_stories import Office, failed, form, noon, passed

DAY = today() - timedelta(days=2)


@pytest.fixture
def served(make_app):
    with serving(make_app, _work) as found:
        yield found


def _work(served: Served) -> None:
    """Three receipts of the carrier's were looked at, one of them has no date."""
    office = Office(served.app, served.cast, day=DAY)
    seal(office, lay(office, DAY, NUMBERS, "carrier", unit=CITY), noon(DAY, 13), unit=CITY, reveal=True)
    items = [*passed(NUMBERS[:2]), *failed(NUMBERS[2:3], "time")]
    office.send("inspector", noon(DAY, 15), form("receipt", DAY, items, about=DAY.isoformat()))


@pytest.mark.parametrize(
    ("language", "said", "fault"),
    [
        ("zh", "抽查 3 件，不合格 1 件：未注明日期时间 1 件。", "未注明日期时间"),
        ("en", "3 receipts looked at. 1 not in order: Date and time not noted 1.", "Date and time not noted"),
    ],
)
def test_a_carrier_learns_what_was_found_of_the_own_receipts(served, new_phone, language, said, fault):
    context = new_phone(served)
    context.add_init_script(f"localStorage.setItem('toucha-language', '{language}')")
    with browsing(context, served, "carrier", strict=False) as page:
        page.set_default_timeout(30_000)
        page.goto("/app/")
        expect(page.locator('[data-screen="today"]')).to_be_visible(timeout=30_000)
        page.goto("/app/records")
        card = page.locator("[data-learned]")
        expect(card.locator("[data-month]")).to_contain_text(said, timeout=30_000)
        page.evaluate("navigator.serviceWorker.ready.then((it) => Boolean(it.active))")
        context.set_offline(True)
        page.reload()
        card.locator("summary").click()
        expect(card.locator("li")).to_have_count(1)
        expect(card.locator("li")).to_contain_text(fault)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_delivers_nothing_has_no_such_line(served, new_phone):
    with browsing(new_phone(served), served, "director", strict=False) as page:
        page.goto("/app/records")
        expect(page.locator('[data-screen="records"] .page')).to_be_visible(timeout=30_000)
        expect(page.locator("[data-learned]")).to_have_count(0)
