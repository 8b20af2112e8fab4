"""A phone whose browser can be killed: what a person sees and taps there, and how it dies."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil
from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.proxy import Proxy, ProxyType
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.file_detector import UselessFileDetector
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.story_county import PASSWORD
from tests.browser.story_phone import HELD, LINE, picture
from tests.serving import free_port
from tests.webkit.engines import Engine
from tests.webkit.release import NEWER

PATIENCE = 30  # seconds that a condition may take on a slow machine
# What a tap may meet while the page is drawing itself: the next look decides.
PASSING = (
    NoSuchElementException,
    StaleElementReferenceException,
    ElementClickInterceptedException,
    ElementNotInteractableException,
)
AIM = """const [one] = arguments;
window.hit = false;
one.addEventListener('click', () => { window.hit = true; }, {once: true, capture: true});
one.scrollIntoView({block: 'center'});"""
HIT = "return window.hit !== false"  # unknown on a page that the tap opened
SIGN_IN = "[data-status=stuck] a[href^='/login']"
WORKER = "() => navigator.serviceWorker.ready.then(({active}) => active.state)"
CACHES = "() => caches.keys()"
ASKED = "async (address) => performance.getEntriesByName(location.origin + address).length"
SCRIPT = "async () => document.querySelector('script[type=module]').src.split('/').at(-1)"


class Phone:
    """One person's phone; its disk is ``folder`` and stays when the browser is killed."""

    def __init__(self, folder: Path, engine: Engine, server: str, login: str, person: str):
        self.folder, self.server, self.login, self.person = folder, server, login, person
        self._engine = engine
        self._process: subprocess.Popen | None = None  # the driver's; the browser is its child
        self._driver: webdriver.Remote | None = None
        folder.mkdir()

    # --- power

    def switch_on(self) -> None:
        """Start the browser on this phone's disk."""
        port = free_port()
        with open(self.folder / "browser.log", "ab") as log:
            command = [self._engine.driver, f"--port={port}"]
            self._process = subprocess.Popen(command, env=self._engine.environment, stdout=log, stderr=log)
        _wait_for_port(port, self._process)
        options = self._engine.options(self.folder)
        direct = ClientConfig(f"http://127.0.0.1:{port}", proxy=Proxy({"proxyType": ProxyType.DIRECT}))
        self._driver = webdriver.Remote(RemoteConnection(client_config=direct), options=options)
        self._driver.file_detector = UselessFileDetector()  # a file's path is its path: all on one machine
        self._driver.set_script_timeout(PATIENCE)

    def kill(self) -> None:
        """SIGKILL to the browser and all its processes, as when the battery dies."""
        if self._process is None:
            return
        browser = psutil.Process(self._process.pid).children(recursive=True)
        for pid in [*(process.pid for process in browser), self._process.pid]:
            os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while not all(map(_is_gone, browser)):
            assert time.monotonic() < deadline, "the browser survived SIGKILL"
            time.sleep(0.01)
        self._process = None
        if self._driver:
            self._driver.command_executor.close()

    def dies_and_comes_back(self) -> None:
        """Killed, switched on, the app opened again."""
        self.kill()
        self.switch_on()
        self.today()

    # --- seeing and tapping

    def until(self, condition, what: str):
        """What ``condition()`` returns once it is true; fails with ``what`` it waited for."""
        wait = WebDriverWait(self._driver, PATIENCE, 0.05, PASSING)
        try:
            return wait.until(lambda _: condition())
        except TimeoutException:
            raise AssertionError(f"no {what}; the page shows:\n{self.text}") from None

    @property
    def text(self) -> str:
        """All that the page says."""
        return self._driver.find_element("css selector", "body").text

    def see(self, selector: str, containing: str = "") -> WebElement:
        """The first element of ``selector`` whose text contains ``containing``, as soon as there is one."""

        def look() -> WebElement | None:
            return next((one for one in self.all(selector) if containing in one.text), None)

        return self.until(look, f"{selector} {containing}")

    def all(self, selector: str) -> list[WebElement]:
        """The elements that are there now."""
        return self._driver.find_elements("css selector", selector)

    def tap(self, selector: str, containing: str = "") -> None:
        """Scroll to the element, clear of the bars, and tap it; again if it moved away under the finger."""

        def tapped() -> bool:
            one = self.see(selector, containing)
            self._driver.execute_script(AIM, one)
            one.click()
            return self._driver.execute_script(HIT)

        self.until(tapped, f"a tap on {selector} {containing}")

    def type(self, selector: str, text: str) -> None:
        """Type into a field."""
        self.see(selector).send_keys(text)

    def run(self, function: str, argument=None):
        """What an (async) JavaScript function answers on the page."""
        script = (
            f"const done = arguments[1]; ({function})(arguments[0]).then(done, (e) => done(`failed: ${{e}}`))"
        )
        return self._driver.execute_async_script(script, argument)

    # --- the line

    def sign_in(self) -> None:
        """The one visit with signal: sign in, and the app keeps itself."""
        self.open("/login?next=/app/")
        self.type("#login", self.login)
        self.type("#password", PASSWORD)
        self.tap("button", "登录")
        self.settled()
        self.until(lambda: self.run(WORKER) == "activated", "service worker in charge")

    def has_signal(self) -> bool:
        """Whether the server answers this phone."""
        return self.run(LINE)

    def settled(self) -> None:
        """Everything arrived, and nothing is on its way."""
        self.see("[data-status=all-in]", "同步")

    def settled_even_if_signed_out(self) -> None:
        """The same; Chromium writes its cookies half a minute late, so a kill may have taken the login along."""
        self.until(lambda: self.all("[data-status=all-in]") or self.all(SIGN_IN), "end of the sending")
        if self.all(SIGN_IN):
            self.sign_in()
        self.settled()

    def asked_for(self, address: str) -> int:
        """How often this page has asked for the address."""
        return self.run(ASKED, address)

    # --- the app

    def today(self) -> None:
        """Open the app."""
        self.open("/app/")
        self.see("tc-today h1")

    def open(self, address: str) -> None:
        """Go to an address of the server, as from a link outside the app."""
        self._driver.get(f"{self.server}{address}")

    def runs(self) -> str:
        """The name of the script of the page that is open: each version's own."""
        return self.run(SCRIPT)

    def kept_versions(self) -> list[str]:
        """The versions of which the worker keeps files."""
        return sorted(name.removeprefix("toucha-") for name in self.run(CACHES))

    def newer(self) -> str:
        """What became of the version that the server offers: ``installed`` or ``redundant``."""
        return self.until(lambda: self.run(NEWER), "newer version")

    def take_over(self, today: str) -> None:
        """Agree to the newer version, in which the first tab is called ``today``."""
        self.tap(".notice button", "现在切换")
        try:
            self.see(".tabs a", today)
        except AssertionError:
            if not self._engine.puts_off_updates:
                raise
            self.dies_and_comes_back()
            self.see(".tabs a", today)

    def photograph(self, subject: str, sideways: bool = False) -> None:
        """Take a photo of the item; it is on the phone's disk when this returns."""
        made = picture(subject, sideways)
        file = self.folder / made["name"]
        file.write_bytes(made["buffer"])
        row = f"[data-subject='{subject}']"
        self.see(f"{row} input[type=file]").send_keys(str(file))
        self.see(f"{row} tc-photo img")
        self.draft_is_kept()

    def enter(self, number: str) -> None:
        """Type a number and confirm it."""
        self.type("#entry", number + Keys.ENTER)
        self.see(f"[data-subject='{number}']")

    def draft_is_kept(self) -> None:
        """The screen says that the last answer is on the disk."""
        self.see("[data-saved=saved]")

    # --- what it holds

    def held(self, store: str) -> list[dict]:
        """The rows of ``records``, ``photos`` or ``drafts`` on this phone's disk."""
        return self.run(HELD, [self.person, store])

    @property
    def errors(self) -> list[str]:
        """What its pages complained of since the phone was new."""
        log = (self.folder / "browser.log").read_text(errors="replace")
        return [line for line in log.splitlines() if line.startswith("CONSOLE JS ERROR")]

    def records(self) -> dict[str, dict]:
        """The own records by id."""
        return {row["id"]: row for row in self.held("records")}

    def photos(self) -> set[str]:
        """Digests of all photos that the own records name."""
        opened = [json.loads(row["open"]) for row in self.held("records")]
        return {photo["sha256"] for one in opened for item in one["items"] for photo in item["photos"]}


def _is_gone(process: psutil.Process) -> bool:
    """Whether it has ended; that somebody has yet to take note of its end does not matter."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _wait_for_port(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the driver ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the driver did not open its port")
