"""One run: phones, people, a server and a plan of faults, all of it decided by the seed."""

import base64
import hashlib
import heapq
import itertools
import random
from collections.abc import Callable

from tests.faults.network import FATES, SECOND, Network, Request, request_of
from tests.faults.oracle import Oracle
from tests.faults.phones import Phones
from tests.faults.server import START, Answer, Server
from tests.faults.users import Users

MINUTE = 60 * SECOND
SLOWED = ("act", "answer", "fail", "ring", "load")  # what a slow phone may leave half done for a while


class Failure(AssertionError):
    """What the oracle found; the text tells the seed and the plan."""


class Simulation:
    """Phones, server and network under one clock. ``keep``: these fates only; ``often``: acts that are to be frequent."""

    def __init__(
        self,
        server: Server,
        phones: Phones,
        seed: int,
        keep: tuple[str, ...] | None = None,
        often: tuple[str, ...] = (),
    ):
        self.server, self.phones, self.seed = server, phones, seed
        self.chance = random.Random(seed)
        self.log: list[str] = []
        self.trace = hashlib.sha256()
        self._heap: list[tuple[int, int, str, Callable]] = []
        self._order = itertools.count()
        self._timers: set[int] = set()
        self.slowness = 0.0
        self.network = Network(server, random.Random(seed + 1), self.at, self.reply, self.note)
        self.oracle = Oracle(server)
        self.users = Users(self, random.Random(seed + 2))
        self.keep, self.often = keep, often

    # ---------------------------------------------------------------- time

    @property
    def now(self) -> int:
        """The true time, ms."""
        return self.server.time.ms

    def at(self, wait: int, label: str, call: Callable) -> None:
        """Do it ``wait`` ms from now."""
        heapq.heappush(self._heap, (self.now + round(wait), next(self._order), label, call))

    def note(self, text: str) -> None:
        """A line of the plan, told if the run fails."""
        self.log.append(f"{(self.now - int(START.timestamp() * 1000)) / 1000:9.2f}s {text}")
        self.trace.update(self.log[-1].encode())

    def step(self) -> bool:
        """The next thing that happens; False when nothing is left."""
        if not self._heap:
            return False
        when, _order, _label, call = heapq.heappop(self._heap)
        self.server.time.ms = max(when, self.now)
        call()
        return True

    def until(self, done: Callable[[], bool], limit: int) -> bool:
        """Go on until ``done``, at most ``limit`` ms; whether it was reached."""
        end = self.now + limit
        while not done():
            if not self._heap or self._heap[0][0] > end:
                self.server.time.ms = end
                return done()
            self.step()
        return True

    # ---------------------------------------------------------------- phones

    def tell(self, do: str, **how):
        """A command to the phones; what came of it is taken in at once."""
        if do in SLOWED and self.chance.random() < self.slowness:
            how.setdefault("tasks", self.chance.randrange(12))  # the rest is done with the next command
        reply = self.phones.tell({"do": do, "time": self.now, **how})
        for event in reply["events"]:
            self._take(event)
        return reply["found"]

    def _take(self, event: dict) -> None:
        name = event["event"]
        if name == "request":
            self.trace.update(f"{event['method']} {event['url']} {event['text']}".encode())
            request = request_of(event, self.users.cookie(event["phone"]))
            self.oracle.sending(request)
            self.network.carry(request)
        elif name == "abort":
            self.oracle.sent(event["id"])
        elif name == "timer":
            self._timers.add(event["id"])
            self.at(event["ms"], "timer", lambda: self._ring(event["id"]))
        elif name == "cancel":
            self._timers.discard(event["id"])
        else:
            self.oracle.hear(event)
            self.users.hear(event)
            if name != "status":
                self.note(
                    " ".join(
                        f"{key}={value}" for key, value in event.items() if key not in ("said", "photos")
                    )
                )

    def _ring(self, timer: int) -> None:
        if timer in self._timers:
            self._timers.discard(timer)
            self.tell("ring", id=timer)

    def reply(self, request: Request, answer: Answer | None, cut: bool = False, die: bool = False) -> None:
        """An answer, or the news that the line broke, reaches the phone; it may end while it takes the answer in."""
        self.oracle.sent(request.id)
        if answer is None:
            self.tell("fail", id=request.id)
            return
        self.trace.update(f"{request.id} {answer.status} ".encode() + answer.body)
        self.oracle.answered(request, answer)
        body = base64.b64encode(answer.body).decode()
        how = {"tasks": self.chance.randrange(40)} if die else {}
        self.tell(
            "answer", id=request.id, status=answer.status, headers=answer.headers, bytes=body, cut=cut, **how
        )
        if die:
            self.users.dies(request.phone)

    # ---------------------------------------------------------------- a run

    def run(self) -> None:
        """Faults, then quiet; raises :class:`Failure`."""
        self.server.reset(self.seed)
        self.phones.tell({"do": "reset", "seed": self.seed, "time": self.now})
        self._draw_fates()
        self.users.begin()
        self.until(lambda: self.users.done, 48 * 60 * MINUTE)
        self.slowness, self.network.fates = 0.0, {}
        self.network.down.clear()
        self.note("quiet")
        self.users.settle()
        if self.oracle.faults or self.oracle.check(self.users.looks()):
            raise Failure(self.story())

    def _draw_fates(self) -> None:
        """Each run knows some of the fates, from rarely to often."""
        allowed = [fate for fate in FATES if self.keep is None or fate in self.keep]
        chosen = [fate for fate in allowed if self.keep or self.chance.random() < 0.4]
        share = (0.4 if self.keep else self.chance.choice((0.05, 0.2, 0.5))) / max(1, len(chosen))
        self.network.fates = dict.fromkeys(chosen, share)
        self.slowness = self.chance.choice((0, 0, 0.1, 0.4))
        self.note(f"slowness {self.slowness}, fates {', '.join(chosen)}: {share:.3f} each")

    def story(self) -> str:
        """The seed, what is wrong, and the plan."""
        faults = "\n".join(f"  {fault}" for fault in self.oracle.faults)
        plan = "\n".join(f"  {line}" for line in self.log)
        return f"seed {self.seed}: the promise is broken\n{faults}\nThe plan:\n{plan}\n(again: python3 run.py faults --runs 1 --seed {self.seed})"
