"""A mail server on loopback, real sockets and real SMTP, that does what a test tells it to."""

import socketserver
import ssl
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


@dataclass
class Mailbox:
    """What arrived, and how the server behaves.

    ``refuses``: {recipient: answer such as ``550 5.1.1 unknown``}; ``silent``: it takes a mail and never answers;
    ``hangs_up``: it takes a mail and cuts the line instead of an answer; ``login``: the only name and password taken.
    """

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    hangs_up: bool = False
    silent: threading.Event | None = None
    login: str | None = None  # AUTH PLAIN, base64
    taken: threading.Event = field(default_factory=threading.Event)
    secured: int = 0  # connections that went over to TLS


class _Session(socketserver.StreamRequestHandler):
    """One connection [RFC 5321]: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA, RSET, NOOP, QUIT."""

    def handle(self):
        box: Mailbox = self.server.box
        if self.server.tls and self.server.at_once:
            self._secure()
        self._say("220 loopback ESMTP")
        entered, to = box.login is None, []
        while line := self.rfile.readline(2048):
            verb, _, rest = line.decode().strip().partition(" ")
            verb = verb.upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb in ("EHLO", "HELO"):
                self._hello()
            elif verb == "STARTTLS" and self.server.tls:
                self._say("220 go on")
                self._secure()
            elif verb == "AUTH":
                entered = rest.partition(" ")[2] == box.login
                self._say("235 in" if entered else "535 5.7.8 no such account")
            elif verb == "MAIL":
                self._say("250 ok" if entered else "530 5.7.0 who are you")
            elif verb == "RCPT":
                address = rest.partition("<")[2].partition(">")[0]
                said = box.refuses.get(address, "250 ok")
                to += [address] if said.startswith("250") else []
                self._say(said)
            elif verb == "DATA":
                if not self._data(to):
                    return
                to = []
            else:
                self._say("250 ok" if verb in ("RSET", "NOOP") else "502 not here")

    def _hello(self):
        more = ["STARTTLS"] if self.server.tls and not self.server.at_once else []
        lines = ["loopback", *more, "AUTH PLAIN", "8BITMIME"]
        for line in lines[:-1]:
            self._say(f"250-{line}")
        self._say(f"250 {lines[-1]}")

    def _data(self, to: list[str]) -> bool:
        box: Mailbox = self.server.box
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        box.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        box.recipients += to
        box.taken.set()
        if box.silent is not None:
            box.silent.wait(30)
            return False
        if box.hangs_up:
            return False
        self._say("250 taken")
        return True

    def _secure(self):
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.server.box.secured += 1
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def _say(self, text: str):
        self.wfile.write(text.encode() + b"\r\n")

    def finish(self):
        self.rfile.close()
        try:
            super().finish()
            self.request.close()
        except OSError:
            pass  # the other side was faster


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that breaks off is what some tests are about."""


@contextmanager
def mail_server(certificate: Path | None = None, at_once: bool = False, **behaviour):
    """``with mail_server() as box``: a server until the block ends; with a certificate it offers STARTTLS, or TLS at once."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.box = Mailbox(server.server_address[1], **behaviour)
        server.tls, server.at_once = None, at_once
        if certificate:
            server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.tls.load_cert_chain(certificate)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.box
        finally:
            if server.box.silent:
                server.box.silent.set()
            server.shutdown()
            thread.join()


def make_certificate(folder: Path) -> Path:
    """A key and a certificate of ``localhost`` in one file, for a day."""
    path = folder / "localhost.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "1",
    ]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run([*command, "-keyout", made[0], "-out", made[1]], check=True, capture_output=True)
    path.write_text(made[0].read_text() + made[1].read_text())
    return path
