"""A meter between browser and server: every byte that crosses, by request, whoever in the browser asks for it."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_REQUEST = re.compile(rb"(?:GET|POST|PUT|HEAD) (\S+) HTTP/1\.1\r\n")


class Meter:
    """Counts the bytes that the server sends, by path; ``reset`` begins anew."""

    def __init__(self):
        self._lock = threading.Lock()
        self.received: list[tuple[str, int]] = []

    def reset(self) -> None:
        """Forget what was counted."""
        with self._lock:
            self.received = []

    def add(self, path: str, count: int) -> None:
        """So many bytes came in answer to a request for ``path``."""
        with self._lock:
            self.received.append((path, count))

    def by_path(self) -> dict[str, int]:
        """{path: bytes}, heads of answers included."""
        found: dict[str, int] = {}
        with self._lock:
            for path, count in self.received:
                found[path] = found.get(path, 0) + count
        return found


@contextmanager
def metered(url: str) -> Iterator[tuple[str, Meter]]:
    """A port that leads to the server at ``url``: its address and its meter."""
    meter = Meter()
    listener = socket.create_server(("127.0.0.1", 0))
    target = (urlsplit(url).hostname, urlsplit(url).port)
    threading.Thread(target=_accept, args=(listener, target, meter), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", meter
    finally:
        listener.close()


def _accept(listener: socket.socket, target, meter: Meter) -> None:
    while True:
        try:
            near, _ = listener.accept()
            far = socket.create_connection(target)
        except OSError:
            return  # closed: the measurement is over
        path = ["?"]
        threading.Thread(target=_up, args=(near, far, path), daemon=True).start()
        threading.Thread(target=_down, args=(far, near, path, meter), daemon=True).start()


def _up(near: socket.socket, far: socket.socket, path: list[str]) -> None:
    """Requests: one at a time on a connection, as browsers do, so the last one named is the one answered."""
    while data := _read(near):
        if match := _REQUEST.match(data):
            path[0] = match[1].decode().partition("?")[0]
        _send(far, data)
    _end(far)


def _down(far: socket.socket, near: socket.socket, path: list[str], meter: Meter) -> None:
    while data := _read(far):
        meter.add(path[0], len(data))
        _send(near, data)
    _end(near)


def _read(side: socket.socket) -> bytes:
    try:
        return side.recv(65536)
    except OSError:
        return b""


def _send(side: socket.socket, data: bytes) -> None:
    try:
        side.sendall(data)
    except OSError:
        pass  # that side has gone; the reader of it ends the connection


def _end(side: socket.socket) -> None:
    try:
        side.shutdown(socket.SHUT_WR)
    except OSError:
        side.close()
