"""Chromium for the browser tests (through pytest-playwright's fixtures), and phones to hold in it.

``TOUCHA_CHROMIUM`` names the program (``run.py test`` sets it), else an installed one is taken. The browser resolves
no name but this machine's: like every test it calls nobody outside.
"""

import os
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.desk_pages import everything, serving
from tests.browser.story_county import build
from tests.serving import RunningServer

ARGUMENTS = [
    "--no-sandbox",  # containers and CI run as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Two pages of the desktop's address bar, drawn as each window opens. Playwright's own list is overruled by this one.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,PaintHolding,OptimizationHints,HttpsUpgrades",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# The smallest phone we promise: 360 × 740, touch, two device pixels to one of CSS.
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "screen": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36",
}
# Five seconds are playwright's own: enough for a machine that does nothing else.
expect.set_options(timeout=15_000)
LOCAL = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "service_workers": "allow"}


def find_browser() -> str | None:
    """The path of Chrome or Chromium."""
    names = ("google-chrome-stable", "google-chrome", "chromium", "chromium-browser")
    return os.environ.get("TOUCHA_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def base_url():
    """None: each context is given its server's address. (The plugin's own fixture warns on pytest 9.)"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """How Chromium is started; without one a failure in CI and a skip elsewhere."""
    path = find_browser()
    if path is None:
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell("no Chrome or Chromium: run `python3 run.py test`, which installs one")
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


@pytest.fixture
def new_phone(new_context):
    """``new_phone(server, **options)``: a phone's own context, its addresses relative to the server."""

    def make(server, **options):
        return new_context(**{**LOCAL, **PHONE, "base_url": server.url, **options})

    return make


@pytest.fixture
def new_desk(new_context):
    """``new_desk(server, **options)``: a computer's own context, its addresses relative to the server."""

    def make(server, **options):
        return new_context(
            **{**LOCAL, "viewport": {"width": 1280, "height": 800}, "base_url": server.url, **options}
        )

    return make


@pytest.fixture
def served(make_app):
    """A desk with something on each of its pages."""
    with serving(make_app, everything) as found:
        yield found


@pytest.fixture(scope="session")
def story(sqlite_template, tmp_path_factory):
    """The story's county, made once: its data folder, to be copied, and who is in it."""
    data = tmp_path_factory.mktemp("story") / "data"
    data.mkdir()
    return data, build(sqlite_template.fresh(data), data)


@pytest.fixture
def story_server(story, tmp_path):
    """(server, county): a running server whose county is the story's, on data of its own."""
    server = RunningServer(shutil.copytree(story[0], tmp_path / "data"))
    server.start()
    yield server, story[1]
    server.stop()
