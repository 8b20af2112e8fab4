"""The field app's first visit in a real Chromium: its bytes, its round trips, its time; then reopened, then offline.

The throttle is that of a mid-range phone on a bad line: 4 × CPU, 1.44 Mbit/s, 562 ms latency (CDP's, as in the
rival's measurement). Enketo Express 7.6, the nearest public rival, needed 1.76 MB, 9.6 s and two visits on it.
"""

import gzip
import json
import os
import re
import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from bench import server, wire, world
from bench.report import Figure, spread
from webapp import settings
from webapp.core import clock
from webapp.core.database import transaction
from webapp.demo import county as demo
from webapp.demo.county import DEMO_PASSWORD

RUNS = 5
measured: dict[str, float] = {}  # by the names under which a program asks for them
CPU, BITS, LATENCY = 4, 1.44e6, 562
LOGIN = "inspector"
PHONE = {
    "viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
    "locale": "zh-CN", "timezone_id": "Asia/Shanghai",
}  # fmt: skip
# The desktop browser draws its address bar's list as two pages of its own, just as ours opens: a phone's does not. The
# last word about features counts, so what Playwright switches off for the sake of steady figures is repeated here.
FEATURES = "WebUIOmniboxPopup,WebUIOmniboxAimPopup,PaintHolding,OptimizationHints,MediaRouter,LensOverlay,HttpsUpgrades"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    f"--disable-features={FEATURES}",
]  # fmt: skip
# Usable: Today shows what is due and can be opened, and the frame with it has been painted. Live: the app's script has taken it over.
WATCH = """
  const painted = (name, where) => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector(where)) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => { window[name] = performance.now(); }));
    });
    watch.observe(document, {childList: true, subtree: true, attributes: true});
  };
  painted('usable', 'main .duty, main .start');
  painted('live', 'tc-today > .page :is(.duty, .start)');
"""
# What was fetched, not found in a cache, before Today stood there.
ASKED = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter((one) => one.startTime < window.usable && one.transferSize)
  .map((one) => ({name: new URL(one.name).pathname, start: one.fetchStart, end: one.responseEnd}))"""
SETTLED = "navigator.serviceWorker.ready.then((it) => Boolean(it.active))"


def measure(full: bool = False) -> Iterator[Figure]:
    """All figures of the first visit and of those that follow it."""
    with server.folder() as home, sync_playwright() as playwright:
        demo_county(home / "data")
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        with serving(home / "data") as direct, wire.metered(direct) as (url, meter):
            yield from _bytes(browser, url, meter)
            visits = [_visits(browser, url) for _ in range(RUNS)]
        yield from _times(visits)
        offline = _offline(browser, home / "data")
        browser.close()
    yield Figure("first visit: visits until it works without the server", offline, "", 1, beside="rival: 2")


def demo_county(data: Path) -> None:
    """The demo's county in a new data folder."""
    app = world.open_app(data)
    with app.app_context(), transaction() as session:
        demo.build(session, clock.now())
    world.close(app)


def serving(data: Path):
    """A server on that folder whose sessions outlive it."""
    return server.serving(data, SECRET_KEY=world.SECRET_KEY)


def chromium() -> str:
    """The path of the browser."""
    names = ("google-chrome-stable", "google-chrome", "chromium", "chromium-browser")
    found = os.environ.get("TOUCHA_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise RuntimeError("no Chromium: `python3 run.py bench` finds or installs one")
    return found


def signed_in(browser, url: str) -> BrowserContext:
    """A browser that has a session and nothing else: no page was opened in it."""
    context = browser.new_context(base_url=url, **PHONE)
    form = context.request.get("/login").text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    sent = {"csrf_token": token, "login": LOGIN, "password": DEMO_PASSWORD}
    answer = context.request.post("/login", form=sent, max_redirects=0)
    if answer.status != 302:
        raise RuntimeError(f"signing in as {LOGIN} answered {answer.status}")
    context.add_init_script(WATCH)
    return context


def _open(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/app/", wait_until="commit")
    until_usable(page)
    return page


def until_usable(page: Page) -> tuple[float, float]:
    """Seconds from the navigation's start until Today was usable, and until its script ran."""
    page.wait_for_selector("tc-today", state="attached", timeout=60_000)
    for _ in range(600):
        if found := page.evaluate("window.live"):
            return page.evaluate("window.usable") / 1000, found / 1000
        page.wait_for_timeout(50)
    raise RuntimeError("Today did not become usable within half a minute")


# ---------------------------------------------------------------- bytes


def _bytes(browser, url: str, meter: wire.Meter) -> Iterator[Figure]:
    """What the server sends until the worker holds the whole app; the scanner, which comes later, apart."""
    context = signed_in(browser, url)
    meter.reset()
    page = _open(context)
    page.evaluate(SETTLED)
    page.wait_for_timeout(3000)
    found = meter.by_path()
    context.close()
    scanner = {path for path in found if path in _scanner()}
    first = sum(count for path, count in found.items() if path not in scanner)
    yield Figure("first visit: script and style, gzipped", _gzipped() / 1024, "KiB", 60)
    yield Figure(
        "first visit: all that is sent",
        first / 1000,
        "kB",
        150,
        beside=f"rival: 1,760 kB; {_largest(found, scanner)}",
    )
    yield Figure(
        "first visit: the scanner, afterwards", sum(found[path] for path in scanner) / 1000, "kB",
        beside="in the background, when the page is idle",
    )  # fmt: skip


def _assets() -> dict:
    return json.loads((Path(settings.folder("static")) / "built" / "assets.json").read_text())


def _first_files() -> list[str]:
    assets = _assets()
    return [assets["app.js"], assets["app.css"], *assets.get("preload", ())]


def _gzipped() -> int:
    built = Path(settings.folder("static")) / "built"
    return sum(len(gzip.compress((built / name).read_bytes(), 9)) for name in _first_files())


def _scanner() -> set[str]:
    """What is fetched when the page is idle, as best effort: the reader and its wasm."""
    return {f"/static/built/{name}" for name in _assets()["scanner"]}


def _largest(found: dict[str, int], scanner: set[str]) -> str:
    rest = sorted(((count, path) for path, count in found.items() if path not in scanner), reverse=True)
    return ", ".join(f"{path.rpartition('/')[2] or path} {count / 1000:.0f}" for count, path in rest[:6])


# ---------------------------------------------------------------- times


def _visits(browser, url: str) -> tuple[float, float, int, float]:
    """On the throttle: seconds until Today is usable and live, round trips in sequence before; seconds when reopened."""
    context = signed_in(browser, url)
    page = context.new_page()
    _throttle(context, page)
    first, live, rounds = _go(page)
    page.evaluate(SETTLED)
    page.wait_for_timeout(1000)
    page.close()
    page = context.new_page()
    _throttle(context, page)
    again, _, _ = _go(page)
    context.close()
    return first, live, rounds, again


def _throttle(context: BrowserContext, page: Page) -> None:
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    line = {
        "offline": False,
        "latency": LATENCY,
        "downloadThroughput": BITS / 8,
        "uploadThroughput": BITS / 8,
    }
    session.send("Network.emulateNetworkConditions", line)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU})


def _go(page: Page) -> tuple[float, float, int]:
    page.goto("/app/", wait_until="commit")
    return *until_usable(page), rounds_of(page.evaluate(ASKED))


def rounds_of(requests: list[dict]) -> int:
    """How many requests follow one another: each begins after the one before was answered."""
    depth: list[tuple[float, int]] = []
    for one in sorted(requests, key=lambda one: one["start"]):
        before = max((deep for end, deep in depth if 0 < end <= one["start"]), default=0)
        depth.append((one["end"], before + 1))
    return max((deep for _, deep in depth), default=0)


def _times(visits: list[tuple[float, int, float]]) -> Iterator[Figure]:
    first, live, rounds, again = zip(*visits, strict=True)
    measured.update(first=statistics.median(first), reopened=statistics.median(again))
    yield Figure(
        "first visit, throttled: Today usable", statistics.median(first), "s", 1.5,
        beside=f"rival: 9.6 s; {spread(first)}",
    )  # fmt: skip
    yield Figure(
        "first visit, throttled: its script runs", statistics.median(live), "s", 2.5, beside=spread(live)
    )
    yield Figure(
        "first visit: round trips in sequence", statistics.median(rounds), "", 2, beside=spread(rounds)
    )
    yield Figure(
        "reopened, throttled: Today usable", statistics.median(again), "s", 0.4, beside=spread(again)
    )


def _offline(browser, data: Path) -> int:
    """How many visits it takes until the app opens with the server gone; 3 stands for more than two."""
    for visits in (1, 2):
        with serving(data) as url:
            context = signed_in(browser, url)
            for _ in range(visits):
                page = _open(context)
                page.evaluate(SETTLED)
                page.close()
        try:
            _open(context)
            return visits
        except Error:  # whatever the browser says: it did not open
            continue
        finally:
            context.close()
    return 3
