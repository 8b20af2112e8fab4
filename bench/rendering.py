"""The field app on a slow phone: how soon each tap is answered, and what a hundred photos cost.

A tap's answer is Event Timing's `duration`: from the touch to the next frame that is painted, in steps of 8 ms. The
CPU is throttled 6 ×, as DevTools does for the slowest phones; 500 records wait to be sent and there is no signal.
"""

import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import CDPSession, Locator, Page, sync_playwright

from bench import server
from bench.first_visit import ARGUMENTS, SETTLED, chromium, demo_county, serving, signed_in, until_usable
from bench.report import Figure, number

CPU = 6
ANSWER = 100  # ms
RECORDS = 500
ITEMS = 20
PHOTOS = 100
PHOTOS_AN_ITEM = 10
STEADY = 20  # photos after which everything that grows once has grown
GROWTH = 5  # MB of script's memory that 80 more photos may add: their names, not their bytes
# Every interaction (a tap, a key), and how long until it was painted.
WATCH = """
  window.interactions = [];
  new PerformanceObserver((list) => {
    for (const {interactionId, duration, name} of list.getEntries())
      if (interactionId) window.interactions.push({interactionId, duration, name});
  }).observe({type: 'event', buffered: true, durationThreshold: 16});
"""
# So many copies of the one record, each with an id of its own, as a long time without signal leaves them.
COPY = """async ([count]) => {
  const name = (await indexedDB.databases()).map(({name}) => name).find((name) => /^toucha-/.test(name));
  const opening = indexedDB.open(name);
  const db = await new Promise((resolve) => { opening.onsuccess = () => resolve(opening.result); });
  const tx = db.transaction('records', 'readwrite');
  const records = tx.objectStore('records');
  const all = records.getAll();
  await new Promise((resolve) => { all.onsuccess = resolve; });
  const [one] = all.result;
  for (let n = 1; n < count; n++) {
    const id = one.id.slice(0, -6) + String(n).padStart(6, '0');
    records.put({...one, id, created: one.created - n * 600000});
  }
  await new Promise((resolve) => { tx.oncomplete = resolve; });
  db.close();
}"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


@dataclass
class Hand:
    """Taps and keys on one page, and how soon each was answered: (what, ms)."""

    page: Page
    answers: list[tuple[str, float]] = field(default_factory=list)

    def tap(self, what: str, target: Locator) -> None:
        """One tap, answered before the next."""
        target.scroll_into_view_if_needed()
        self._settle()
        target.tap()
        self._answered(what)

    def type(self, what: str, target: Locator, text: str) -> None:
        """The text stands in the field at once; the key that ends it is what is measured."""
        target.fill(text)
        self._settle()
        target.press("Enter")
        self._answered(what)

    def _settle(self) -> None:
        self.page.wait_for_timeout(150)
        self.page.evaluate(PAINTED)
        self.page.evaluate("() => { window.interactions.length = 0; }")

    def _answered(self, what: str) -> None:
        """Entries come some frames later; one that is missing took less than the observer's 16 ms."""
        self.page.wait_for_timeout(300)
        self.page.evaluate(PAINTED)
        found = [one["duration"] for one in self.page.evaluate("() => window.interactions")]
        self.answers.append((what, max(found, default=16)))

    def figures(self, prefix: str) -> Iterator[Figure]:
        """The slowest answer of all, and what each sort of tap took beside it."""
        sorts: dict[str, list[float]] = {}
        for what, took in self.answers:
            sorts.setdefault(what, []).append(took)
        for what, took in sorts.items():
            beside = f"median {number(statistics.median(took))}, {len(took)} taps"
            yield Figure(f"{prefix}: {what}, slowest answer", max(took), "ms", ANSWER, beside=beside)


def measure(full: bool = False) -> Iterator[Figure]:
    """Taps in a check of 20 and in a queue of 500, then the memory of 100 photos."""
    with server.folder() as home, sync_playwright() as playwright:
        demo_county(home / "data")
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        with serving(home / "data") as url:
            context = signed_in(browser, url)
            context.add_init_script(WATCH)
            page = _app(context)
            context.set_offline(True)
            _one_record(page)
            page.evaluate(COPY, [RECORDS])
            session = context.new_cdp_session(page)
            _show_whole(session)
            session.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
            page.reload()
            until_usable(page)
            yield from _taps(page, home)
            session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            yield from _photos(page, _Memory(session, browser.new_browser_cdp_session()), home)
            context.close()
        browser.close()


def _show_whole(session: CDPSession) -> None:
    """The phone's whole screen inside the window: the desktop browser's own bar takes 87 px of it, and what lies outside is
    never painted, so that a button at the bottom seems to answer only when something above it changes."""
    window = session.send("Browser.getWindowForTarget")["windowId"]
    session.send("Browser.setWindowBounds", {"windowId": window, "bounds": {"width": 600, "height": 1000}})


def _app(context) -> Page:
    """Today, with the worker that holds the whole app."""
    page = context.new_page()
    page.goto("/app/")
    until_usable(page)
    page.evaluate(SETTLED)
    _tab(page, "records").tap()
    page.locator("tc-records h1").wait_for()
    return page


def _tab(page: Page, name: str) -> Locator:
    return page.locator(f".tabs a[href='/app/{name}']")


def _begin(page: Page) -> None:
    page.locator(".tabs a").first.tap()
    page.locator("[data-kind=parcel]").tap()
    page.locator("#entry").wait_for()


def _numbers(first: int, count: int) -> list[str]:
    return [f"98801234{n:05}" for n in range(first, first + count)]


def _item(page: Page, subject: str) -> Locator:
    return page.locator(f"[data-subject='{subject}']")


def _enter(page: Page, subject: str) -> None:
    page.locator("#entry").fill(subject)
    page.locator("#entry").press("Enter")
    _item(page, subject).wait_for()


def _save(page: Page) -> None:
    page.locator(".action-save").tap()
    _saved(page)


def _saved(page: Page) -> None:
    """Back on Today; the numbers are on no list of the day, which the phone may know and then asks about."""
    question, today = page.locator("dialog .button-primary"), page.locator("[data-screen=today]")
    question.or_(today).first.wait_for()
    if question.count():
        question.tap()
    today.wait_for()


def _one_record(page: Page) -> None:
    """A check of twenty, saved on the phone."""
    _begin(page)
    for subject in _numbers(0, ITEMS):
        _enter(page, subject)
        _item(page, subject).locator(".verdict-pass").tap()
    _save(page)


# ---------------------------------------------------------------- taps


def _taps(page: Page, folder: Path) -> Iterator[Figure]:
    hand = Hand(page)
    _check(hand, folder)
    yield from hand.figures(f"{CPU} × CPU, a check of {ITEMS}")
    hand = Hand(page)
    _queue(hand)
    yield from hand.figures(f"{CPU} × CPU, {RECORDS} records wait")


def _check(hand: Hand, folder: Path) -> None:
    page = hand.page
    hand.tap("beginning it", page.locator("[data-kind=parcel]"))
    page.locator("#entry").wait_for()
    subjects = _numbers(1000, ITEMS)
    for subject in subjects:
        hand.type("a number", page.locator("#entry"), subject)
        _item(page, subject).wait_for()
    for subject in subjects[:-2]:
        hand.tap("pass", _item(page, subject).locator(".verdict-pass"))
    for subject in subjects[-2:]:
        hand.tap("fail", _item(page, subject).locator(".verdict-fail"))
        hand.tap("a criterion", _item(page, subject).locator("fieldset .choice-fail").first)
        hand.tap("folding an item", _item(page, subject).locator(".item-more"))
        _item(page, subject).locator("input[type=file]").wait_for(state="detached")
        hand.tap("unfolding an item", _item(page, subject).locator(".item-more"))
        _item(page, subject).locator("input[type=file]").set_input_files(_picture(int(subject), folder))
        _item(page, subject).locator("tc-photo").wait_for()
    hand.tap("save", page.locator(".action-save"))
    _saved(page)


def _queue(hand: Hand) -> None:
    page = hand.page
    for _ in range(3):
        hand.tap("the records' tab", _tab(page, "records"))
        page.locator("a[data-record]").first.wait_for()
        hand.tap("the tab of Me", _tab(page, "me"))
        page.locator("tc-me h1").wait_for()
        hand.tap("the tab of Today", _tab(page, ""))
        page.locator("tc-today h1").wait_for()
    _tab(page, "records").tap()
    for _ in range(3):
        hand.tap("the next records", page.locator("tc-records p.center button"))
    hand.tap("send now", page.locator("[data-queue] > button"))
    hand.tap("a record", page.locator("a[data-record]").first)
    page.locator("[data-screen=record]").wait_for()


# ---------------------------------------------------------------- photos


def _picture(seed: int, folder: Path) -> Path:
    """A file of megapixels as a camera makes them, no two alike."""
    image = Image.effect_noise((1920, 1440), 4).convert("RGB")
    image.paste((seed % 256, seed // 256 % 256, 90), (0, 0, 400, 300 + random.Random(seed).randrange(900)))
    path = folder / f"{seed}.jpg"
    image.save(path, "JPEG", quality=85)
    return path


@dataclass
class _Memory:
    """What the page holds, by DevTools."""

    page: CDPSession
    browser: CDPSession

    def read(self) -> tuple[float, float]:
        """MB after a collection and under memory pressure: the script's heap, and the private memory of the largest page's process."""
        self.page.send("Memory.simulatePressureNotification", {"level": "critical"})  # caches of pictures go
        for _ in range(2):
            self.page.send("HeapProfiler.collectGarbage")
        heap = self.page.send("Runtime.getHeapUsage")["usedSize"]
        processes = self.browser.send("SystemInfo.getProcessInfo")["processInfo"]
        pages = [_private(one["id"]) for one in processes if one["type"] == "renderer"]
        return heap / 1e6, max(pages) / 1e6


def _private(pid: int) -> int:
    """Bytes that the process shares with nobody."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def _photos(page: Page, memory: _Memory, folder: Path) -> Iterator[Figure]:
    """A check with a hundred photos: the script's memory, the process's beside it, after 20 and after 100."""
    page.goto("/app/")
    until_usable(page)
    _begin(page)
    subjects = _numbers(2000, PHOTOS // PHOTOS_AN_ITEM)
    for subject in subjects:
        _enter(page, subject)
        _item(page, subject).locator(".verdict-pass").tap()
    read = {"before": memory.read()}
    for taken in range(PHOTOS):
        row = _item(page, subjects[taken // PHOTOS_AN_ITEM])
        if taken % PHOTOS_AN_ITEM == 0:
            row.locator(".item-more").tap()
        row.locator(".photos > .camera input").set_input_files(_picture(taken, folder))
        row.locator("tc-photo").nth(taken % PHOTOS_AN_ITEM).wait_for()
        if taken + 1 in (STEADY, PHOTOS):
            read[str(taken + 1)] = memory.read()
    page.locator(".bar-back").tap()
    page.locator("[data-screen=today]").wait_for()
    read["left"] = memory.read()
    steady, end = read[str(STEADY)], read[str(PHOTOS)]
    beside = ", ".join(f"{when} {number(heap)} ({number(process)})" for when, (heap, process) in read.items())
    yield Figure(
        f"photos {STEADY} to {PHOTOS}: growth of the script's memory", max(0, end[0] - steady[0]), "MB", GROWTH,
        beside=f"{beside}: MB, of the whole process in brackets",
    )  # fmt: skip
