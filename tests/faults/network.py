"""What lies between a phone and the server: each request meets the fate that the seed draws for it."""

import base64
import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.server import Answer, Killed, Server

PORTAL = Answer(200, {"content-type": "text/html"}, b"<!doctype html><title>WLAN</title>")
GATEWAY = Answer(502, {"content-type": "text/html"}, b"<h1>502 Bad Gateway</h1>")
BUSY = Answer(503, {"content-type": "application/json", "retry-after": "20"}, b'{"code": "busy"}')
SECOND = 1000

# How often each fate, where it is switched on at all.
FATES = (
    "lost-before",  # never reaches the server
    "lost-after",  # carried out, the answer is lost
    "silence-before",  # as lost, but only the phone's own timeout tells it
    "silence-after",
    "twice",  # carried out twice, the second time perhaps much later
    "late",  # arrives when the phone has long given up
    "cut-body",  # the server sees the beginning of it
    "cut-answer",
    "flip",  # a bit changes on the way there
    "portal",  # somebody else's page, with 200
    "gateway-before",  # 502, and the server never saw it
    "gateway-after",
    "turned-away",  # a proxy's own refusal, which is not the server's
    "busy",
    "crash-commit",  # the server's process ends before the commit
    "crash-file",  # and between a photo's file and its row
    "race",  # another request stored the same a moment ago, and this one looked before
    "dies",  # the phone ends while it takes the answer in
    "revoked",  # the session ends just before it arrives
)


@dataclass
class Request:
    """A request on its way."""

    id: int
    phone: str
    page: str
    method: str
    url: str
    headers: dict
    body: bytes
    cookie: str | None

    @property
    def person(self) -> str | None:
        """Whose store it speaks for."""
        return self.headers.get("X-Toucha-Person")


class Network:
    """Carries requests. ``at(ms, label, call)`` schedules, ``reply(request, answer or None, cut)`` answers a phone."""

    def __init__(self, server: Server, chance: random.Random, at: Callable, reply: Callable, note: Callable):
        self.server, self.chance, self.at, self.reply, self.note = server, chance, at, reply, note
        self.fates: dict[str, float] = {}  # how likely each is; empty: a good line
        self.down: set[str] = set()  # phones without signal
        self.faults = 0

    def carry(self, request: Request) -> None:
        """Decide what becomes of it."""
        fate = self._fate(request)
        if fate != "well":
            self.faults += 1
            self.note(
                f"{request.phone}{request.page} {request.method} {request.url[:24]} #{request.id}: {fate}"
            )
        getattr(self, "_" + fate.replace("-", "_"))(request)

    def _fate(self, request: Request) -> str:
        if request.phone in self.down:
            return "lost-before"
        drawn = self.chance.random()
        for fate, share in self.fates.items():
            drawn -= share
            if drawn < 0:
                return fate
        return "well"

    def _soon(self) -> int:
        return 20 + self.chance.randrange(400)

    def _serve(self, request: Request, answer: bool = True, body: bytes | None = None, **how) -> None:
        """The server does its part now; the answer, if any, needs its time. ``how``: cut, die."""
        try:
            found = self._ask(request, body)
        except Killed:
            found = None
        if answer:
            self.at(self._soon(), "answer", lambda: self.reply(request, found, **how))

    def _ask(self, request: Request, body: bytes | None = None) -> Answer:
        headers = {**request.headers, "Origin": "http://localhost"}
        if request.cookie:
            headers["Cookie"] = f"toucha={request.cookie}"
        length = len(request.body) if body is not None else None
        return self.server.request(
            request.method, request.url, headers, request.body if body is None else body, length
        )

    # ---------------------------------------------------------------- fates

    def _well(self, request: Request) -> None:
        self.at(self._soon(), "arrive", lambda: self._serve(request))

    def _lost_before(self, request: Request) -> None:
        self.at(self._soon(), "lost", lambda: self.reply(request, None))

    def _lost_after(self, request: Request) -> None:
        self.at(self._soon(), "arrive", lambda: (self._serve(request, False), self._lost_before(request)))

    def _silence_before(self, request: Request) -> None:
        pass

    def _silence_after(self, request: Request) -> None:
        self.at(self._soon(), "arrive", lambda: self._serve(request, False))

    def _twice(self, request: Request) -> None:
        self._well(request)
        again = self.chance.choice((50, 5 * SECOND, 300 * SECOND))
        self.at(
            self._soon() + again, "arrive again", lambda: self._serve(request, self.chance.random() < 0.5)
        )

    def _late(self, request: Request) -> None:
        wait = self.chance.choice((3, 20, 70, 200)) * SECOND
        self.at(wait, "arrive late", lambda: self._serve(request))

    def _cut_body(self, request: Request) -> None:
        part = request.body[: self.chance.randrange(len(request.body) or 1)]
        if self.chance.random() < 0.5:  # the connection broke, so nobody hears an answer
            self.at(
                self._soon(),
                "arrive cut",
                lambda: (self._serve(request, False, part), self._lost_before(request)),
            )
            return
        fitting = Request(**{**vars(request), "body": part})  # a proxy made the head fit
        self.at(self._soon(), "arrive cut", lambda: self._serve(fitting))

    def _cut_answer(self, request: Request) -> None:
        self.at(self._soon(), "arrive", lambda: self._serve(request, cut=True))

    def _dies(self, request: Request) -> None:
        self.at(self._soon(), "arrive", lambda: self._serve(request, die=True))

    def _flip(self, request: Request) -> None:
        changed = Request(**{**vars(request), "body": self._changed(request)})
        self.at(self._soon(), "arrive changed", lambda: self._serve(changed))

    def _changed(self, request: Request) -> bytes:
        """A bit of a photo, or a digit of a record's text: what the digests are for."""
        if request.method == "PUT":
            body = bytearray(request.body)
            body[self.chance.randrange(len(body))] ^= 1 << self.chance.randrange(8)
            return bytes(body)
        if request.method == "POST" and (facts := (push := json.loads(request.body))["facts"]):
            fact = self.chance.choice(facts)
            digit = self.chance.choice([n for n, sign in enumerate(fact["open"]) if sign.isdecimal()])
            other = str((int(fact["open"][digit]) + 1) % 10)
            fact["open"] = fact["open"][:digit] + other + fact["open"][digit + 1 :]
            return json.dumps(push).encode()
        return request.body

    def _answered(self, request: Request, answer: Answer) -> None:
        self.at(self._soon(), "answer", lambda: self.reply(request, answer))

    def _portal(self, request: Request) -> None:
        self._answered(request, PORTAL)

    def _gateway_before(self, request: Request) -> None:
        self._answered(request, GATEWAY)

    def _gateway_after(self, request: Request) -> None:
        self.at(
            self._soon(), "arrive", lambda: (self._serve(request, False), self._answered(request, GATEWAY))
        )

    def _turned_away(self, request: Request) -> None:
        status = self.chance.choice((403, 404, 407, 413, 511))
        self._answered(request, Answer(status, {"content-type": "text/html"}, b"<h1>Access denied</h1>"))

    def _busy(self, request: Request) -> None:
        self._answered(request, BUSY)

    def _crash_commit(self, request: Request) -> None:
        self._crash(request, "commit")

    def _crash_file(self, request: Request) -> None:
        self._crash(request, "file")

    def _crash(self, request: Request, where: str) -> None:
        def arrive():
            self.server.crash = where
            self._serve(request)

        self.at(self._soon(), "arrive and crash", arrive)

    def _race(self, request: Request) -> None:
        def arrive():
            self._serve(request, False)
            self.server.race = True
            self._serve(request)

        self.at(self._soon(), "arrive and race", arrive)

    def _revoked(self, request: Request) -> None:
        def arrive():
            if request.cookie:
                self.server.revoke(request.cookie)
            self._serve(request)

        self.at(self._soon(), "arrive revoked", arrive)


def request_of(event: dict, cookie: str | None) -> Request:
    """What a phone asked for."""
    body = event["text"].encode() if event["text"] is not None else base64.b64decode(event["bytes"] or "")
    names = ("id", "phone", "page", "method", "url", "headers")
    return Request(**{name: event[name] for name in names}, body=body, cookie=cookie)
