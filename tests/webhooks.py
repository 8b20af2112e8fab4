"""A group robot's server on loopback, real sockets and real HTTP, that answers as a test tells it to."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Group:
    """What was posted, and the answers still to come: (status, headers, body); None: cut the line. Then ``errcode`` 0."""

    port: int = 0
    posted: list[tuple[str, dict]] = field(default_factory=list)  # path with query, content
    asked: list[str] = field(default_factory=list)  # paths of GETs: nobody may be led there
    answers: list[tuple | None] = field(default_factory=list)
    silent: threading.Event | None = None

    def says(self, errcode: int, status: int = 200) -> None:
        """The next answer, as WeCom and DingTalk give it."""
        self.answers.append((status, {}, json.dumps({"errcode": errcode, "errmsg": "…"})))

    @property
    def texts(self) -> list[str]:
        """The texts that were posted."""
        return [content["text"]["content"] for _path, content in self.posted]

    def webhook(self, path: str) -> str:
        """The address of a robot here."""
        return f"http://127.0.0.1:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.group.asked.append(self.path)
        self._answer(200, {}, '{"errcode": 0}')

    def do_POST(self):
        group: Group = self.server.group
        body = self.rfile.read(int(self.headers["Content-Length"]))
        group.posted.append((self.path, json.loads(body)))
        if group.silent is not None:
            group.silent.wait(30)
            return
        answer = group.answers.pop(0) if group.answers else (200, {}, '{"errcode": 0, "errmsg": "ok"}')
        if answer is not None:
            self._answer(*answer)

    def _answer(self, status: int, headers: dict, body: str):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_said):
        """Nothing on the screen."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that breaks off is what some tests are about."""


@contextmanager
def group_server(**behaviour):
    """``with group_server() as group``: a server until the block ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.group = Group(server.server_address[1], **behaviour)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.group
        finally:
            if server.group.silent:
                server.group.silent.set()
            server.shutdown()
            thread.join()
