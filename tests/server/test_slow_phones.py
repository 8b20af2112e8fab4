"""Phones on bad lines wait for themselves only: the others are answered meanwhile. Two threads, many more connections."""

import hashlib
import os
import signal
import socket

import pytest

from tests.server.keeping import whole
from tests.server.phones import PATIENCE, Phone, check_of, shot

UPLOADS, SILENT = 8, 30


class SlowUpload:
    """A photo of which a part has been sent, on a line that then stands still."""

    def __init__(self, phone: Phone, photo: bytes, sent: float = 0.5):
        self.photo, port = photo, phone.server.port
        head = (
            f"PUT /api/photos/{hashlib.sha256(photo).hexdigest()} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Cookie: {phone.cookie}\r\nX-Toucha: 1\r\nContent-Type: image/jpeg\r\n"
            f"Content-Length: {len(photo)}\r\nConnection: close\r\n\r\n"
        )
        data = head.encode() + photo
        at = len(head) + int(len(photo) * sent) if sent else len(head) // 2
        self._rest = data[at:]
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._socket.sendall(data[:at])

    def finish(self) -> bytes:
        """Send the rest; the status line of the answer."""
        self._socket.sendall(self._rest)
        answer = b"".join(iter(lambda: self._socket.recv(65536), b""))
        self._socket.close()
        return answer.partition(b"\r\n")[0]


@pytest.fixture
def narrow(make_server):
    """A server that works on two requests at a time."""
    return make_server(TOUCHA_WORKERS="1", TOUCHA_THREADS="2")


def test_eight_slow_photos_and_silent_connections_hold_nobody_up(narrow):
    phone = Phone(narrow)
    silent = [socket.create_connection(("127.0.0.1", narrow.port)) for _ in range(SILENT)]
    uploads = [SlowUpload(phone, shot(n), 0.5 if n % 2 else 0) for n in range(UPLOADS)]
    # None of them can end before this test says so: whoever waited for one of them would wait for ever.
    assert phone.request("GET", "/api/ping").json["toucha"] == "ok"
    assert phone.push(check_of(1)).status == 200
    assert phone.put(shot("quick")).status == 201
    assert Phone(narrow, "director").request("GET", "/api/sync/pull").status == 200
    for upload in uploads:
        assert upload.finish() == b"HTTP/1.1 201 CREATED"
        phone.photos[hashlib.sha256(upload.photo).hexdigest()] = upload.photo
    for one in silent:
        one.close()
    whole(narrow.data, phone)


def test_a_server_that_is_told_to_stop_lets_photos_under_way_come_in(narrow):
    phone = Phone(narrow)
    silent = socket.create_connection(("127.0.0.1", narrow.port))
    upload = SlowUpload(phone, shot(1))
    assert phone.request("GET", "/api/ping").status == 200
    os.kill(narrow.pid, signal.SIGTERM)
    silent.settimeout(PATIENCE)
    assert silent.recv(1) == b"", "a connection on which nothing is under way is closed"
    assert upload.finish() == b"HTTP/1.1 201 CREATED"
    silent.close()
    narrow.stop()
    assert not narrow.running


def test_workers_whose_master_was_killed_leave_the_port_to_the_next_server(narrow):
    phone = Phone(narrow)
    upload = SlowUpload(phone, shot(1))
    narrow.kill_master()
    narrow.start()
    assert Phone(narrow).push(check_of(1)).status == 200
    with pytest.raises((OSError, AssertionError)):
        assert upload.finish().startswith(b"HTTP"), "its server is gone"
