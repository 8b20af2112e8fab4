"""A phone with a real browser on a disk of its own; its battery may die at any moment."""

import io
import random
import time
from contextlib import suppress
from pathlib import Path

import psutil
from PIL import Image
from playwright.sync_api import Error, Playwright, expect

from tests.browser.conftest import ARGUMENTS, LOCAL, PHONE, find_browser
from tests.browser.story_county import PASSWORD
from tests.browser.story_phone import HELD

PATIENCE = 15_000  # ms that a step may take on a slow machine
SENDING = 3  # seconds within which a record and its photo are usually under way
ADDRESSES = {"push": "/api/sync/push", "photo": "/api/photos/"}
CRITERION = "代收、入柜前经收件人同意"


def photo_of(number: str) -> dict:
    """A small photo, no two alike."""
    file = io.BytesIO()
    noise = random.Random(number).randbytes(320 * 240 * 3)
    Image.frombytes("RGB", (320, 240), noise).save(file, "JPEG")
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


class Handset:
    """One person's phone; what was on its disk when it died is there when it is switched on."""

    def __init__(self, playwright: Playwright, folder: Path, url: str, login: str, person: str):
        self._playwright, self.folder, self.url = playwright, folder, url
        self.login, self.person = login, person
        self._context = None
        self._armed = None  # (moment, delay, strike): what is to happen during this save

    def switch_on(self) -> None:
        """Start the browser, open the app; sign in where the session did not outlive the death."""
        self._context = self._playwright.chromium.launch_persistent_context(
            self.folder, executable_path=find_browser(), args=ARGUMENTS, base_url=self.url, **LOCAL, **PHONE
        )
        self._context.set_default_timeout(PATIENCE)
        self.page = self._context.pages[0]
        self.page.on("request", self._sees)
        self.page.goto("/login?next=/app/")
        if "/login" in self.page.url:
            self.page.locator("#login").fill(self.login)
            self.page.locator("#password").fill(PASSWORD)
            self.page.get_by_role("button", name="登录", exact=True).tap()
        self.page.locator("tc-today h1").wait_for()

    def kill(self) -> None:
        """SIGKILL to the browser and all its processes, as when the battery dies."""
        mine = f"--user-data-dir={self.folder}"
        every = [one for one in psutil.Process().children(recursive=True) if mine in _words(one)]
        every += [child for one in every for child in _children(one)]
        for one in every:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(every, 30)

    def switch_off(self) -> None:
        """Close it as one closes an app."""
        if self._context is not None:
            with suppress(Error):
                self._context.close()
            self._context = None

    # --- work

    def begin(self) -> None:
        """The screen of a check of parcels: a new one, or the draft that is there."""
        self.page.goto("/app/")
        self.page.locator("[data-kind=parcel]").tap()
        self.page.locator("#entry").wait_for()

    def fill_in(self, numbers: tuple[str, ...]) -> None:
        """A check of parcels, the first of which fails with a photo, up to the moment before it is saved."""
        self.begin()
        for number in numbers:
            self.page.locator("#entry").fill(number)
            self.page.locator("#entry").press("Enter")
            self._item(number).wait_for()
        self._fail(numbers[0])
        for number in numbers[1:]:
            self._item(number).locator(".verdict-pass").tap()
        self.is_complete(len(numbers))

    def is_complete(self, count: int) -> None:
        """Every item has its answer; the check can be saved."""
        expect(self.page.locator(".action-save")).to_have_text(f"提交 {count} 件", timeout=PATIENCE)

    def _item(self, number: str):
        return self.page.locator(f"[data-subject='{number}']")

    def _fail(self, number: str) -> None:
        row = self._item(number)
        row.locator(".verdict-fail").tap()
        row.locator("fieldset", has_text=CRITERION).locator(".choice-fail").tap()
        row.locator("input[type=file]").set_input_files(photo_of(number))
        expect(row.locator("tc-photo")).to_have_count(1, timeout=PATIENCE)

    def save(self, moment: str = "", delay: float = 0, strike=None) -> bool:
        """Tap save; ``strike()`` happens so long after the moment. Returns whether the phone said that it is saved."""
        self._armed = (moment, delay, strike) if strike else None
        said = False
        try:
            self.page.locator(".action-save").tap()
            self.page.get_by_role("button", name="先提交").tap()  # fewer than a full check asks for
            if self._armed and moment == "save":
                self._strike()
            self.page.locator("tc-today").wait_for()
            said = True
            deadline = time.monotonic() + SENDING
            while self._armed and time.monotonic() < deadline:
                self.page.wait_for_timeout(50)
        except Error:
            if self.alive:
                raise
        self._armed = None
        return said

    def _strike(self) -> None:
        (_, delay, strike), self._armed = self._armed, None
        time.sleep(delay)
        strike()

    def _sees(self, request) -> None:
        if self._armed and ADDRESSES.get(self._armed[0], "nowhere") in request.url:
            self._strike()

    @property
    def alive(self) -> bool:
        """Whether its browser runs."""
        mine = f"--user-data-dir={self.folder}"
        return any(mine in _words(one) for one in psutil.Process().children(recursive=True))

    # --- what it holds

    def held(self, store: str) -> list[dict]:
        """The rows of ``records``, ``photos`` or ``drafts`` on its disk."""
        return self.page.evaluate(HELD, [self.person, store])

    def settled(self) -> None:
        """Opened once more, everything arrives and nothing is left on its way."""
        self.page.goto("/app/")
        status = self.page.locator("[data-status]")
        expect(status).to_have_attribute("data-status", "all-in", timeout=PATIENCE)


def _words(process: psutil.Process) -> list[str]:
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return process.cmdline()
    return []


def _children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return process.children(recursive=True)
    return []
