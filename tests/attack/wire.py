"""One blow, how it is dealt, and what its answer is held against."""

import json
import time
import urllib.parse
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse

from tests.server.phones import TOKEN
from webapp.demo.county import DEMO_PASSWORD
from webapp.web.bodies import EXPLAINED

PATIENCE = 60  # seconds; a request that takes longer is broken
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Blow:
    """One request. ``kind`` says who thought of it."""

    kind: str
    method: str
    path: str
    body: bytes | None = None
    type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back; ``status`` 0 where the connection was cut."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")


class Attacker:
    """Somebody signed in at the demo (or nobody), on one connection after another."""

    def __init__(self, port: int, login: str | None = None):
        self.login, self._port, self._cookies = login, port, {}
        if login:
            self.sign_in()

    def sign_in(self) -> bool:
        """Sign in anew; whether it went well (somebody may have closed the account meanwhile)."""
        self._cookies = {}
        token = TOKEN.search(self.deal(Blow("sign-in", "GET", "/login")).text)
        form = {"login": self.login or "", "password": DEMO_PASSWORD, "csrf_token": token[1] if token else ""}
        body = urllib.parse.urlencode(form).encode()
        return self.deal(Blow("sign-in", "POST", "/login", body, FORM)).status == 302

    def deal(self, blow: Blow) -> Answer:
        """Send it and wait for the answer."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= ({"Content-Type": blow.type} if blow.type else {}) | blow.headers
        begun = time.monotonic()
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request(blow.method, blow.path, blow.body, headers)
            answer = connection.getresponse()
            body = answer.read()
            self._remember(answer)
        except (OSError, HTTPException) as error:
            return Answer(0, {}, repr(error).encode(), time.monotonic() - begun)
        finally:
            connection.close()
        return Answer(answer.status, dict(answer.headers), body, time.monotonic() - begun)

    def _remember(self, answer: HTTPResponse) -> None:
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value


def fault(blow: Blow, answer: Answer) -> str | None:
    """What of the answer is broken; None where it is as promised."""
    if answer.seconds >= PATIENCE:
        return f"no answer within {PATIENCE} s"
    if answer.status == 0:  # a body that no door takes is cut off before it is through
        return None if blow.body and len(blow.body) > EXPLAINED else f"no answer: {answer.text}"
    if answer.status >= 500 and not (answer.status == 503 and answer.headers.get("Retry-After")):
        return f"{answer.status}: {answer.text[:300]}"
    if "Traceback (most" in answer.text[:100_000]:
        return "an answer that shows the server's inside"
    if (
        blow.path.startswith("/api/")
        and blow.method != "HEAD"
        and answer.status >= 400
        and "json" in answer.headers.get("Content-Type", "")
    ):
        return (
            None
            if {"code", "message", "fields"} == set(json.loads(answer.body))
            else "an error of another shape"
        )
    return None
