"""Take the pictures of README and web app manifest from a running demo: ``python3 run.py tour``."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, LOCAL, PHONE, find_browser
from tests.serving import RunningServer, flask
from webapp.core.clock import local_date, now
from webapp.demo.county import CITY, DEMO_PASSWORD
from webapp.rulebook.periods import period_of
from webapp.sampling.rules import check_digit

ROOT = Path(__file__).resolve().parent.parent
PICTURES, ICONS = ROOT / "docs" / "pictures", ROOT / "static" / "icons"
DESK = {**LOCAL, "viewport": {"width": 1280, "height": 800}}
MONTH = period_of("month", local_date(now()) - timedelta(days=7)).code  # there is something to see in it
WEEK = period_of("week", local_date(now())).previous().code
LAST = period_of("month", local_date(now())).previous().code


@contextmanager
def demo() -> Iterator[RunningServer]:
    """A server with a fresh demo county."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "demo"
        data.mkdir()
        flask(data, "demo")
        server = RunningServer(data)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def signed_in(browser: Browser, server: RunningServer, login: str, **options) -> Page:
    """A page on which somebody of the demo has signed in."""
    page = browser.new_context(base_url=server.url, **options).new_page()
    page.goto("/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def parcels_of(day: date) -> list[str]:
    """Three parcels of the demo's list of the day (webapp/demo/county.py)."""
    serials = [f"{day:%m%d}{number:04d}" for number in (2, 5, 8)]
    return [f"PA{serial}{check_digit(serial)}CN" for serial in serials]


def keep(page: Page, path: Path, colours: int = 128) -> None:
    """The page as it stands, with few colours: small enough for a README."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)  # what slides in has arrived
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(colours, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)
    print(f"{path.stat().st_size // 1024:5} kB  {path.relative_to(ROOT)}")


def phones(browser: Browser, server: RunningServer) -> None:
    """What carriers, team leads, inspectors and directors hold in their hands."""
    director = signed_in(browser, server, "director", **LOCAL, **PHONE)
    director.goto("/app/")
    director.wait_for_selector(".duty")
    director.click("[data-first] button")  # a day like any other
    director.wait_for_selector("[data-first]", state="detached")
    keep(director, PICTURES / "today.png")
    keep(director, ICONS / "screenshot-today.png")
    carrier = signed_in(browser, server, "carrier", **LOCAL, **PHONE)
    carrier.goto("/app/receipts")
    carrier.wait_for_selector("main li, main .card")
    keep(carrier, PICTURES / "receipts.png")
    keep(carrier, ICONS / "screenshot-receipts.png")
    check_of_parcels(browser, server)
    inspector = signed_in(
        browser, server, "inspector", **LOCAL, **PHONE, color_scheme="dark",
        geolocation={"latitude": 43.94, "longitude": 116.05}, permissions=["geolocation"],
    )  # fmt: skip
    inspector.goto("/app/relay")
    inspector.wait_for_selector("[data-point]")
    keep(inspector, PICTURES / "relay-dark.png")
    inspector.goto("/app/map")
    inspector.wait_for_selector("[data-mark]")
    keep(inspector, PICTURES / "map-dark.png")


def check_of_parcels(browser: Browser, server: RunningServer) -> None:
    """A check that has begun. On a Tuesday or Thursday the demo's lead has looked at all parcels already: the picture of before stays."""
    if local_date(now()).weekday() in (1, 3):
        print("      (parcels.png: not on Tuesdays and Thursdays)")
        return
    lead = signed_in(browser, server, "lead", **LOCAL, **PHONE)
    lead.goto("/app/")
    lead.click("[data-kind=parcel]")
    entry = lead.wait_for_selector("#entry")
    for number in parcels_of(local_date(now())):
        entry.fill(number)
        entry.press("Enter")
    for row, verdict in enumerate(("pass", "fail"), 1):  # the newest stands first and waits
        lead.locator(f".items .verdict-{verdict}").nth(row).tap()
    lead.locator(".choice-fail").first.tap()
    lead.locator(".item-more").nth(2).tap()
    lead.evaluate("scrollTo(0, 0)")
    keep(lead, PICTURES / "parcels.png")


def desks(browser: Browser, server: RunningServer) -> None:
    """What managers read."""
    county = signed_in(browser, server, "county", **DESK)
    for name, address in {
        "morning": "/morning",
        "ledger": f"/ledger?period={MONTH}",
        "charts": f"/ledger/charts?unit={CITY}&period={MONTH}",
        "why": f"/ledger/{CITY}/parcel-check/{WEEK}",
        "print": f"/ledger/print?unit={CITY}&period={LAST}",
        "rules": f"/rules?unit={CITY}",
    }.items():
        county.goto(address)
        keep(county, PICTURES / f"{name}.png")
    county.goto(f"/ledger?period={MONTH}")
    keep(county, ICONS / "screenshot-ledger.png")
    before = period_of("month", local_date(now())).previous().previous().code  # all its lines are closed
    county.goto(f"/signing/{CITY}/{before}")
    keep(county, PICTURES / "signing.png")
    league = signed_in(browser, server, "league", **DESK)
    league.goto("/documents")
    league.get_by_role("link", name="检报").first.click()
    league.locator(".paper-sheet").scroll_into_view_if_needed()
    league.locator(".paper-sheet").evaluate("one => scrollTo(0, one.offsetTop - 70)")
    keep(league, PICTURES / "document.png")
    director = signed_in(browser, server, "director", **DESK)
    director.goto("/manifests")
    director.click("main table a, main .cards a, main li a")
    keep(director, PICTURES / "draw.png")


def main() -> None:
    """All pictures, anew."""
    PICTURES.mkdir(exist_ok=True)
    with demo() as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        phones(browser, server)
        desks(browser, server)
        browser.close()


if __name__ == "__main__":
    main()
