"""A phone behind somebody else's network: what the line answers is not the server's word until it is."""

import socket
import threading

import pytest
from playwright.sync_api import expect

from tests.browser.story_county import PARCELS
from tests.browser.story_office import everything_is_there_exactly_once
from tests.browser.story_phone import Phone
from tests.serving import RunningServer

HTML = b"<!doctype html><title>WLAN</title><p>Please accept our terms"
SAID = {
    "portal": (b"200 OK", HTML),
    "bad gateway": (b"502 Bad Gateway", b"<h1>502 Bad Gateway</h1>"),
    "cut": (b"200 OK", b'{"toucha": "ok", "ti'),  # less than it announces
}


class Line:
    """A port between phone and server: ``way`` None leads to the server, else its answer is the one of :data:`SAID`."""

    def __init__(self, server: RunningServer):
        self.way: str | None = None
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # closed: the test is over
            threading.Thread(target=self._one, args=(near,), daemon=True).start()

    def _one(self, near: socket.socket) -> None:
        """One request on one connection; whoever breaks it off ends it."""
        with near:
            try:
                asked = self._head(near)
                if self.way is None:
                    self._through(near, asked)
                else:
                    status, body = SAID[self.way]
                    length = len(body) + (100 if self.way == "cut" else 0)
                    head = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                    near.sendall(head % (status, length) + body)
            except OSError:
                pass

    @staticmethod
    def _head(near: socket.socket) -> bytes:
        """The request up to the end of its head, which then asks for one answer only."""
        asked = b""
        while b"\r\n\r\n" not in asked and (part := near.recv(65536)):
            asked += part
        head, end, body = asked.partition(b"\r\n\r\n")
        return head.replace(b"Connection: keep-alive", b"Connection: close") + end + body

    def _through(self, near: socket.socket, asked: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self._server.port)) as far:
            far.sendall(asked)
            threading.Thread(target=_pump, args=(near, far), daemon=True).start()
            _pump(far, near)


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while part := source.recv(65536):
            target.sendall(part)
    except OSError:
        pass  # the other direction has ended


@pytest.fixture
def line(story_server):
    line = Line(story_server[0])
    yield line
    line.close()


def test_portals_proxies_and_cut_answers_take_nothing_and_break_nothing(story_server, line, new_phone):
    running, county = story_server
    phone = Phone(new_phone(line), "li", county.people["li"])
    phone.sign_in()
    for number, way in zip(PARCELS, SAID, strict=False):
        line.way = way
        phone.reopen()  # the app itself comes from the worker, whatever the line says
        phone.begin("parcel")
        phone.enter(number)
        phone.item(number).locator(".verdict-pass").tap()
        phone.item(number).locator(".item-more").tap()
        phone.photograph(number, sideways=number == PARCELS[0])
        phone.save()
        phone.page.locator("dialog .button-primary").tap()
        phone.tab("记录")
        expect(phone.page.locator("a[data-record]")).to_have_count(PARCELS.index(number) + 1)
        phone.page.locator("[data-queue] > button").tap()
        expect(phone.page.locator("[data-queue] > button")).to_be_enabled()
        assert {row["state"] for row in phone.held("records")} == {"unsent"}
    line.way = None
    phone.today()
    phone.settled()
    everything_is_there_exactly_once(running, [phone])
    assert phone.said == []
