"""The two browsers of the offline promise, as programs that selenium drives and that keep their disk when killed."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from selenium.webdriver.chrome.options import Options as ChromeOptions
from selenium.webdriver.common.options import ArgOptions
from selenium.webdriver.webkitgtk.options import Options as WebKitOptions

from tests.browser.conftest import ARGUMENTS, find_browser

PYTHON = "/usr/bin/python3"  # Debian's own: only it has the gi module
WEBKIT = "webkit2gtk-driver xvfb python3-gi gir1.2-webkit2-4.1"
ASK = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')"


class Missing(Exception):
    """What this machine lacks, and how to get it."""


@dataclass(frozen=True)
class Engine:
    """A driver's program, the environment of it and its browser, and what it is to start."""

    driver: str
    environment: dict[str, str]
    puts_off_updates: ClassVar[bool] = False

    def options(self, folder: Path) -> ArgOptions:
        """How the driver starts a browser whose disk is ``folder``."""
        raise NotImplementedError


class WebKit(Engine):
    """Our own small window around WebKitGTK (browser.py)."""

    def options(self, folder: Path) -> ArgOptions:
        options = WebKitOptions()
        options.binary_location = PYTHON
        options.add_argument(str(Path(__file__).with_name("browser.py")))
        options.add_argument(str(folder))
        return options


class Chromium(Engine):
    """Chrome or Chromium without a window. While its old worker is busy it lets a new one wait, for up to minutes."""

    puts_off_updates = True

    def options(self, folder: Path) -> ArgOptions:
        options = ChromeOptions()
        # Debian's, where it is: its driver drives no other.
        options.binary_location = shutil.which("chromium") or find_browser()
        more = (
            "--headless=new",
            "--window-size=500,800",
            "--disable-breakpad",
            f"--user-data-dir={folder / 'disk'}",
        )
        for argument in (*ARGUMENTS, *more):
            options.add_argument(argument)
        return options


def webkit(home: Path, display: str) -> WebKit:
    """WebKit on an X display; what else it keeps goes to ``home``. Raises Missing."""
    lacking = [name for name in ("WebKitWebDriver", PYTHON) if not shutil.which(name)]
    if not lacking:
        done = subprocess.run([PYTHON, "-c", ASK], capture_output=True, text=True)
        lacking = done.stderr.strip().splitlines()[-1:]
    if lacking:
        raise Missing(f"no WebKit to test with ({lacking[0]}); on Debian: apt-get install {WEBKIT}")
    return WebKit(
        "WebKitWebDriver",
        {
            **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
            "DISPLAY": display,
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "NO_AT_BRIDGE": "1",  # no accessibility bus: there is no session bus here
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            # Its sandbox needs namespaces that a container does not give; it opens our own server only.
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        },
    )


def chromium() -> Chromium:
    """Chromium. Raises Missing."""
    if not find_browser() or not shutil.which("chromedriver"):
        raise Missing("no Chromium that can be killed; on Debian: apt-get install chromium chromium-driver")
    return Chromium("chromedriver", dict(os.environ))
