"""How many taps, clicks and keys the daily jobs take, each done whole in a real browser from the page on which it begins.

One county, one day: the director imports and draws, a carrier photographs, somebody else judges, the lead checks
parcels by their labels, the county manager reads. A tap is counted where a person touches the screen: the button that opens the
camera and the camera's shutter are two. Scrolling is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bench import server
from bench.first_visit import chromium
from bench.report import Figure
from tests.browser.conftest import ARGUMENTS, LOCAL, PHONE
from tests.browser.story_camera import CAMERA, hold
from tests.browser.story_county import COUNTY, County, build, s10
from tests.browser.story_office import sign_in
from tests.browser.story_phone import Phone, picture
from tests.databases import build_schema
from tests.desk_records import today
from tests.serving import RunningServer

RECEIPTS, TWENTY = 3, 20
EXPRESS = [s10("EA", 50000000 + n) for n in range(9 * TWENTY)]
PARCELS = [s10("PA", 60000000 + n) for n in range(TWENTY)]  # a tenth of all is drawn
LIMITS = {"carrier": 9, "lead": 26, "judge": 24, "director": 6, "county": 3}
_counted: dict[str, int] = {}


@dataclass
class Hand:
    """One person's hand on a page: whatever it touches is counted."""

    page: Page
    count: int = 0

    def tap(self, target: Locator | str) -> None:
        """One tap or click on what can be seen."""
        found = self.page.locator(target) if isinstance(target, str) else target
        found.first.click()
        self.count += 1

    def photograph(self, field: Locator, of: str) -> None:
        """The button that opens the camera, and the shutter."""
        field.first.set_input_files(picture(of))
        self.count += 2

    def choose(self, field: str, name: str, data: bytes) -> None:
        """The field that opens the system's list of files; the file in it is the system's own click."""
        self.page.locator(field).set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
        self.count += 1


def measure(full: bool = False) -> Iterator[Figure]:
    """All jobs, one after another: each finds what the one before left."""
    with server.folder() as home, sync_playwright() as playwright:
        data = home / "data"
        data.mkdir()
        county = _county(data)
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        running = RunningServer(data)
        running.start()
        try:
            _counted.update(_jobs(browser, running, county))
        finally:
            running.stop()
            browser.close()
    for who, most in LIMITS.items():
        yield Figure(f"taps of the {who}", _counted[who], "", most)


def last_line() -> str:
    """``taps: carrier 8 lead 23 …``."""
    return "taps: " + " ".join(f"{who} {_counted[who]}" for who in LIMITS)


def _county(data: Path) -> County:
    address = f"sqlite:///{data / 'toucha.sqlite'}"
    build_schema(address, data)
    return build(address, data)


def _jobs(browser: Browser, running: RunningServer, county: County) -> Iterator[tuple[str, int]]:
    desk = browser.new_context(**LOCAL, viewport={"width": 1280, "height": 800}, base_url=running.url)
    page = desk.new_page()
    sign_in(page, "chen")
    yield "director", _director(Hand(page))
    phones = {login: _phone(browser, running, county, login) for login in ("zhang", "li", "chen")}
    for phone in phones.values():
        phone.sign_in()
    yield "carrier", _carrier(phones["zhang"])
    yield "lead", _lead(phones["li"])
    yield "judge", _judge(phones["chen"])
    desk.clear_cookies()
    sign_in(page, "zhou")
    yield "county", _county_manager(Hand(page))


def _phone(browser: Browser, running: RunningServer, county: County, login: str) -> Phone:
    context = browser.new_context(**{**LOCAL, **PHONE, "base_url": running.url})
    phone = Phone(context, login, county.people[login])
    phone.page.add_init_script(CAMERA)
    return phone


def _director(hand: Hand) -> int:
    """From the start page: today's list is chosen, imported, sealed and drawn, and the draw is published."""
    page = hand.page
    hand.tap(page.locator("nav").get_by_role("link", name="清单", exact=True))
    hand.tap(page.get_by_role("link", name="导入清单"))
    listed = [(number, "特快") for number in EXPRESS] + [(number, "国内小包") for number in PARCELS]
    rows = "".join(f"一段,{number},{sort}\n" for number, sort in listed)
    hand.choose("#file", "投递清单.csv", f"道段,邮件号码,邮件类别\n{rows}".encode("gb18030"))
    page.locator(".import-tiles").wait_for()
    hand.tap(page.get_by_role("button", name="并封存"))
    hand.tap(page.get_by_role("button", name="道段已归班，公布抽样"))
    hand.tap("#confirm [data-yes]")
    expect(page.locator("section[aria-labelledby=draw-title] tbody th")).to_have_count(TWENTY)
    return hand.count


def _carrier(phone: Phone) -> int:
    """From Today: three drawn receipts photographed and handed in. The other seventeen follow uncounted."""
    hand = Hand(phone.page)
    _photograph(hand, RECEIPTS)
    phone.settled()
    _photograph(Hand(phone.page), TWENTY - RECEIPTS)
    phone.settled()
    return hand.count


def _photograph(hand: Hand, count: int) -> None:
    page = hand.page
    hand.tap("[data-kind=capture]")
    waiting = page.locator("li.item:not([data-taken=yes])")
    for _ in range(count):
        row = page.locator(f"[data-subject='{waiting.first.get_attribute('data-subject')}']")
        hand.photograph(row.locator(".photos > .camera input"), row.get_attribute("data-subject"))
        expect(row.locator("tc-photo")).to_have_count(1)
    hand.tap(".action-save")
    page.locator("tc-today").wait_for()


def _lead(phone: Phone) -> int:
    """From Today: twenty parcels by their labels, each with its verdict, saved."""
    hand = Hand(phone.page)
    hand.tap("[data-kind=parcel]")
    hand.tap(".action-scan")
    for number in PARCELS:
        hold(phone.page, number)
        hand.tap(phone.item(number).locator(".verdict-pass"))
    hand.tap(".action-save")
    phone.page.locator("tc-today").wait_for()
    return hand.count


def _judge(phone: Phone) -> int:
    """From Today: twenty receipts looked at, each with its verdict, saved."""
    phone.reopen()
    phone.awaits_photos(TWENTY)
    hand = Hand(phone.page)
    hand.tap("[data-kind=receipt]")
    hand.tap("a[data-day]")
    rows = phone.page.locator("li.item")
    expect(rows).to_have_count(TWENTY)
    for row in rows.all():
        hand.tap(row.locator(".verdict-pass"))
    hand.tap(".action-save")
    phone.page.locator("tc-verdicts").wait_for()
    phone.today()
    phone.settled()
    return hand.count


def _county_manager(hand: Hand) -> int:
    """From the ledger of the day: the figure, a check behind it, a photo in it."""
    page = hand.page
    page.goto(f"/ledger?unit={COUNTY}&period={today()}")
    row = page.locator("#ledger-matrix tbody tr", has_text="宝力根街道投递部")
    hand.tap(row.locator("a.cell-link", has_text="100%"))
    hand.tap("li.check a.check-link")
    hand.tap(".thumbs a")
    photo = page.locator("dialog.light-table img")
    expect(photo).to_have_js_property("complete", True)
    return hand.count
