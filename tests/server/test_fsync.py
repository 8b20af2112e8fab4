"""Power loss: what a phone is told to be stored is on the disk by then. Counted in the system calls of a real server."""

import re

import pytest

from tests.server.phones import Phone, check_of, shot
from tests.server.traces import at_risk, exchanges, finished, tracer
from tests.serving import RunningServer


class TracedServer(RunningServer):
    """gunicorn under strace; ends by being killed, since a tracer passes no signal on."""

    def __init__(self, data, app: str = "webapp.wsgi:app", **more: str):
        super().__init__(data, TOUCHA_WORKERS="1", **more)
        self.trace = data.parent / "trace"
        self.before, self.app = tracer(self.trace), app


@pytest.fixture
def faults_of(demo_template, tmp_path):
    """``faults_of(**how)``: what a power loss could take of two pushes and two photos that such a server acknowledged."""

    def run(**how: str) -> list[str]:
        server = TracedServer(demo_template.copy(tmp_path), **how)
        server.start()
        try:
            phone = Phone(server)
            photos = [shot(1), shot(2)]
            assert phone.push(check_of(1, tuple(photos))).status == 200
            assert phone.push(*[check_of(n) for n in range(2, 22)]).status == 200
            assert [phone.put(photo).status for photo in photos] == [201, 201]
        finally:
            server.kill()
        found = exchanges(server.trace.read_text())
        kinds = [one.what.partition(" ")[0] for one in found]
        assert kinds == ["POST", "POST", "PUT", "PUT"], "strace did not see the requests"
        return [fault for one in found for fault in at_risk(one, server.data)]

    return run


def test_each_push_and_photo_is_on_the_disk_before_it_is_acknowledged(faults_of):
    assert faults_of() == []


@pytest.mark.parametrize(
    ("careless", "notices"),
    [
        ("database", "answered before the database was on the disk"),
        ("files", "the bytes of .* were not on the disk when it got its name"),
        ("folders", "photos was not on the disk with"),
    ],
)
def test_a_server_that_does_not_wait_for_the_disk_is_noticed(faults_of, careless, notices):
    faults = faults_of(app="tests.server.careless:app", CARELESS=careless)
    assert faults and all(re.search(notices, fault) for fault in faults if careless != "folders"), faults
    assert any(re.search(notices, fault) for fault in faults), faults


def test_calls_that_strace_tells_in_two_halves_count_when_they_end():
    trace = """7 fdatasync(12</data/toucha.sqlite-wal> <unfinished ...>
8 recvfrom(9<socket:[1]>, "GET /" <unfinished ...>
7 <... fdatasync resumed>) = 0
8 <... recvfrom resumed>, 8192) = 4"""
    assert finished(trace) == [
        "fdatasync(12</data/toucha.sqlite-wal> ) = 0",
        'recvfrom(9<socket:[1]>, "GET /" , 8192) = 4',
    ]
