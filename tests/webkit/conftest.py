"""Phones that can be killed, in a real WebKit and in Chromium; without one a failure in CI and a skip elsewhere."""

import os
import shutil
import subprocess

import pytest

from tests.webkit.engines import Missing, chromium, webkit
from tests.webkit.phone import Phone


@pytest.fixture(scope="session")
def display():
    """An X display that nobody sees."""
    if not shutil.which("Xvfb"):
        _lacks("no screen for WebKit; on Debian: apt-get install xvfb")
    mine, its = os.pipe()
    command = ["Xvfb", "-displayfd", str(its), "-screen", "0", "480x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[its], stderr=subprocess.DEVNULL)
    os.close(its)
    with open(mine) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb ended before it said its number"
    yield f":{number}"
    server.terminate()
    server.wait(30)


@pytest.fixture(scope="session", params=["webkit", "chromium"])
def engine(request, tmp_path_factory):
    """One browser after the other."""
    try:
        if request.param == "chromium":
            return chromium()
        return webkit(tmp_path_factory.mktemp("webkit-home"), request.getfixturevalue("display"))
    except Missing as lack:
        _lacks(str(lack))


def _lacks(what: str) -> None:
    tell = pytest.fail if os.environ.get("CI") else pytest.skip
    tell(what)


@pytest.fixture
def new_phone(engine, tmp_path):
    """``new_phone(server, login, person)``: somebody's phone, switched on."""
    phones = []

    def make(server, login: str, person: str) -> Phone:
        phone = Phone(tmp_path / f"phone-{login}", engine, server.url, login, person)
        phones.append(phone)
        phone.switch_on()
        return phone

    yield make
    for phone in phones:
        phone.kill()
