"""A real server, attacked by several people at once from a seed; then its memory, its log, and what it has stored."""

import json
import random
import shutil
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.attack import odd, pictures
from tests.attack.facts import Facts
from tests.attack.forms import Forms
from tests.attack.wire import Answer, Attacker, Blow, fault
from tests.serving import RunningServer
from webapp.core import clock

WHO = ("lead", "director", "county", "admin", "inspector", "league", None)
PAGES = ("/", "/ledger", "/attention", "/inspections", "/problems", "/cases", "/cases/orders/new", "/find", "/people", "/units", "/points", "/points/new",
         "/points/import", "/manifests", "/manifests/import", "/volumes", "/watch", "/rescue", "/rules", "/rules/editions",
         "/units/import", "/calendars", "/devices", "/charts", "/login", "/enrol", "/api/ledger", "/api/sync/pull",
         "/api/openapi.json", "/api/ping", "/app/", "/static/../x", "/%00", "/" + "a" * 3_000)  # fmt: skip
ODD_HEADERS = (
    {"Referer": "http://[::1"}, {"Origin": "http://[::1"}, {"Origin": "null"}, {"Accept-Language": "zh" * 900},
    {"X-Forwarded-For": "1.2.3.4, [::1"}, {"X-Toucha-Person": "x" * 900}, {"Cookie": "toucha=" + "a" * 4_000},
    {"Cookie": "toucha=.eJx; session=\"\\"}, {"User-Agent": "\u00e9" * 200}, {"Range": "bytes=9-1"}, {"If-None-Match": "W/"},
    {"Content-Type": "application/json; charset=nonsense"}, {"Content-Type": "multipart/form-data"}, {"Host": "a b"},
    {"Accept-Encoding": "gzip;q=x"}, {"X-Toucha": "2"},
)  # fmt: skip


@dataclass
class Tally:
    """What came of all blows."""

    requests: int = 0
    broken: list[str] = field(default_factory=list)
    worst: float = 0.0  # seconds
    memory: int = 0  # MB of one process
    largest: int = 0  # bytes of an answer
    statuses: dict[str, int] = field(default_factory=dict)  # of each kind of blow

    def line(self) -> str:
        """The last line of a run."""
        return (
            f"attack: {self.requests} requests, {len(self.broken)} broken, worst {self.worst:.1f} s, {self.memory} MB, "
            f"answer {-(-self.largest // 1000)} kB"
        )


class Siege:
    """One round on fresh data; ``tally`` is added to."""

    def __init__(self, data: Path, seed: int, tally: Tally, kept: Path, **environment: str):
        self.server = RunningServer(data, **environment)
        self._seed, self._tally, self._kept = seed, tally, kept
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._left = 0

    def run(self, requests: int, until: float) -> None:
        """Attack until so many requests are made, or the clock (``time.monotonic``) says so; then look."""
        self._left = requests
        self.server.start()
        try:
            watch = threading.Thread(target=self._watch)
            watch.start()
            threads = [
                threading.Thread(target=self._attack, args=(place, who, until))
                for place, who in enumerate(WHO)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self._ended.set()
            watch.join()
            self._measure()
        finally:
            self._ended.set()
            self.server.stop()
        self._look()

    # --- attacking

    def _attack(self, place: int, who: str | None, until: float) -> None:
        try:
            self._work(place, who, until)
        except Exception as error:  # a fault of our own must not look like an attack that found nothing
            self._broken(f"the harness itself, as {who}: {error!r}")
            raise

    def _work(self, place: int, who: str | None, until: float) -> None:
        chance = random.Random(f"{self._seed} {place}")
        attacker = Attacker(self.server.port, who)
        pulled = attacker.deal(Blow("pull", "GET", "/api/sync/pull"))
        person = (
            json.loads(pulled.body).get("person", {}).get("id", "") if who and pulled.status == 200 else ""
        )
        facts = Facts(chance, clock.local_date(clock.now()).isoformat())
        forms = Forms(chance, facts, list(PAGES), person)
        number = 0
        while self._may_go_on() and time.monotonic() < until:
            number += 1
            blow = self._choose(chance, facts, forms)
            answer = attacker.deal(blow)
            self._count(f"seed {self._seed}, {who} {number}", blow, answer)
            forms.seen(blow, answer)
            if answer.status == 401 or answer.headers.get("Location", "").startswith("/login"):
                attacker.sign_in()

    def _choose(self, chance: random.Random, facts: Facts, forms: Forms) -> Blow:
        sort = chance.random()
        if sort < 0.25:
            blow = facts.push()
        elif sort < 0.4:
            blow = pictures.put(chance)
        else:
            blow = forms.next()
        if chance.random() < 0.03:
            blow = Blow(
                blow.kind, blow.method, blow.path, blow.body, blow.type, {**blow.headers, **_header(chance)}
            )
        if chance.random() < 0.01:
            method = chance.choice(("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "POST"))
            blow = Blow(blow.kind, method, blow.path, blow.body, blow.type, blow.headers)
        return blow

    def _may_go_on(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0

    def _count(self, where: str, blow: Blow, answer: Answer) -> None:
        wrong = fault(blow, answer)
        with self._lock:
            tally = self._tally
            tally.requests += 1
            tally.worst = max(tally.worst, answer.seconds)
            tally.largest = max(tally.largest, len(answer.body))
            name = f"{blow.kind} {answer.status}"
            tally.statuses[name] = tally.statuses.get(name, 0) + 1
        if wrong:
            name = self._kept / f"{where.replace(' ', '-').replace(',', '')}.bin"
            name.write_bytes(blow.body or b"")
            self._broken(
                f"{where}: {blow.kind} {blow.method} {blow.path[:200]} {blow.headers}: {wrong} (its body: {name})"
            )

    def _broken(self, said: str) -> None:
        with self._lock:
            self._tally.broken.append(said)
        print(f"BROKEN {said}", flush=True)

    # --- looking

    def _watch(self) -> None:
        while not self._ended.wait(1):
            self._measure()

    def _measure(self) -> None:
        with suppress(OSError, ValueError):
            children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
            for child in children:
                peak = Path(f"/proc/{child}/status").read_text().partition("VmHWM:")[2].split()[0]
                self._tally.memory = max(self._tally.memory, int(peak) // 1024)

    def _look(self) -> None:
        if "Traceback" in self.server.log:
            kept = self._kept / f"server-{self._seed}.log"
            shutil.copyfile(self.server.log_file, kept)
            self._broken(f"seed {self._seed}: the server's log holds a traceback: {kept}")
        for words in (("check",), ("ledger", "verify")):
            try:
                said = self.server.flask(*words)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                self._broken(f"seed {self._seed}: flask {' '.join(words)}: {error}")
            else:
                print(
                    f"· flask {' '.join(words)}: {said.strip().splitlines()[-1] if said.strip() else 'silent'}",
                    flush=True,
                )


def _header(chance: random.Random) -> dict[str, str]:
    if chance.random() < 0.7:
        return dict(chance.choice(ODD_HEADERS))
    value = str(chance.choice(odd.TEXTS[:20])).encode(errors="replace").decode("latin-1")
    return {
        chance.choice(("Referer", "Origin", "Cookie")): value.replace("\n", "")
        .replace("\r", "")
        .replace("\0", "")[:3_000]
    }
