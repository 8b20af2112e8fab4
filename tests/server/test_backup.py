"""A copy made while phones are sending, restored elsewhere: everything that was in when it began, and nothing by halves."""

import shutil
import subprocess
import sys
import time
from copy import copy
from pathlib import Path

import pytest

from tests.server.crowds import Crowd
from tests.server.keeping import rows, whole
from tests.server.phones import Phone
from tests.serving import ROOT, RunningServer


def make_copy(data: Path, target: Path) -> Path:
    """What docs/operating.md says to run every day."""
    command = [sys.executable, ROOT / "deploy" / "backup.py", data, target]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture
def restored(tmp_path):
    """``restored(copy)``: a server on a new folder made from the copy."""
    servers = []

    def restore(copied: Path) -> RunningServer:
        servers.append(RunningServer(Path(shutil.copytree(copied, tmp_path / "restored"))))
        servers[0].start()
        return servers[0]

    yield restore
    for server in servers:
        server.stop()


def as_of_now(phone: Phone) -> Phone:
    """The phone with what was acknowledged to it until now."""
    then = copy(phone)
    then.facts, then.photos = dict(phone.facts), dict(phone.photos)
    return then


def wait_for(crowd: Crowd, more: int) -> None:
    before, deadline = crowd.acknowledged, time.monotonic() + 60
    while crowd.acknowledged < before + more:
        crowd.look()
        assert time.monotonic() < deadline, f"nothing came in: {crowd.answers}"
        time.sleep(0.01)


def test_a_copy_of_a_busy_server_is_restored_elsewhere_and_phones_go_on_with_it(server, restored, tmp_path):
    crowd = Crowd([Phone(server) for _ in range(3)])
    with crowd.at_work():
        wait_for(crowd, 12)
        before = [as_of_now(phone) for phone in crowd.phones]
        copied = make_copy(server.data, tmp_path / "copies")
        wait_for(crowd, 6)
    assert crowd.answers == {}, "nobody was turned away while the copy was made"
    server.kill()

    again = restored(copied)
    whole(again.data, *before)
    known = {name for (name,) in rows(again.data, "SELECT id FROM facts UNION SELECT digest FROM photos")}
    for phone in crowd.phones:
        late = [fact for id, fact in phone.facts.items() if id not in known]
        phone.server = again  # the same session: the secret key is in the copy
        assert phone.request("GET", "/api/sync/pull").status == 200
        assert phone.push(*late).status == 200 if late else True
        for photo in [photo for name, photo in phone.photos.items() if name not in known]:
            assert phone.put(photo).status == 201
    whole(again.data, *crowd.phones)
