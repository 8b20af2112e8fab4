"""HAProxy as ``deploy/`` has it, in front of two servers: one of them dies under load, and to the phones nothing happened."""

import os
import re
import shutil
import socket
import subprocess
import time
from types import SimpleNamespace

import pytest

from tests.cast import PASSWORD, build_at
from tests.databases import build_schema
from tests.server.crowds import Crowd
from tests.server.keeping import whole
from tests.server.phones import Phone
from tests.serving import ROOT, RunningServer, free_port

SETTINGS = ROOT / "deploy" / "haproxy.cfg"
BEHIND = {
    "SECRET_KEY": "the key of this cell, the same on both",
    "TOUCHA_DEMO": "0",
    "TOUCHA_HTTPS": "1",
    "TOUCHA_PROXIES": "1",
    "TOUCHA_WORKERS": "1",
}
PATIENCE = 60  # seconds on a busy machine


@pytest.fixture
def pair(postgres_server, tmp_path):
    """(two servers on one PostgreSQL and one folder of photos, the address of that database)."""
    postgres_server.create("balanced")
    url, photos = postgres_server.url("balanced"), tmp_path / "photos"
    photos.mkdir(exist_ok=True)
    build_schema(url, tmp_path)
    build_at(url, tmp_path)
    servers = []
    for name in ("one", "two"):
        data = tmp_path / name
        data.mkdir()
        (data / "photos").symlink_to(photos)  # mounted on both
        servers.append(RunningServer(data, DATABASE_URL=url, **BEHIND))
    try:
        for server in servers:
            server.start()
        yield servers, url
    finally:
        for server in servers:
            server.stop()
        postgres_server.drop("balanced")


@pytest.fixture
def balanced(pair, tmp_path):
    """A started HAProxy in front of them: its address, as phones take a server's."""
    program = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell("no haproxy; on Debian: apt-get install haproxy")
    port, text = free_port(), SETTINGS.read_text()
    text = re.sub(r"bind :443 .*", f"bind 127.0.0.1:{port}", text)
    for number, server in enumerate(pair[0], 1):
        text = text.replace(f"app{number}:8000", f"127.0.0.1:{server.port}")
    (tmp_path / "haproxy.cfg").write_text(text.replace("slowstart 10s", ""))
    process = subprocess.Popen([program, "-db", "-f", tmp_path / "haproxy.cfg"])
    try:
        _wait(port)
        yield SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("haproxy took no connection within a minute")


def test_a_server_dies_behind_the_balancer_and_comes_back(pair, balanced):
    (one, two), url = pair
    crowd = Crowd([Phone(balanced, password=PASSWORD) for _ in range(3)])
    with crowd.at_work():
        crowd.gets_in(6)
        one.kill()
        crowd.gets_in(6)  # of the other alone
        one.start()
        crowd.gets_in(3)
        two.kill()
        crowd.gets_in(6)  # the balancer has seen that the first is back
    # What was on its way to the one that died: HAProxy says so, and a phone sends it again.
    assert set(crowd.answers) <= {"broken", (502, None), (503, None), (503, "busy")}, crowd.answers
    whole(one.data, *crowd.phones, url=url)
