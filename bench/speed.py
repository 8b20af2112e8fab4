"""What a request costs the server, and how long the unluckiest of many phones waits: a real gunicorn on SQLite. Then what is read,
the first visit and memory, each measured by its own part: all that we promise of speed, in one run.

Costs are processor time of the server's processes, so a busy machine changes them little; waiting is by the clock.
"""

import http.client
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from urllib.parse import urlsplit

from bench import batches, first_visit, memory, reads, server, world
from bench.report import Figure, number
from bench.sending import Request, Sent, cost, heartbeat, photo, prepare, send, visit

WRITERS = 8
SECONDS, FULL = 20, 60  # of load on the queue
REQUESTS = 100  # of each sort whose cost is asked
APART = 4  # departments to which nobody writes before their turn
LIMITS = {"tail": 1.0, "photo": 12.0, "single": 6.0, "heartbeat": 3.0}
_found: dict[str, float] = {}


def measure(full: bool = False) -> Iterator[Figure]:
    """The cost of a photo, a visit and a heartbeat; the wait of eight phones that write without a pause; what a batch costs."""
    seconds = FULL if full else SECONDS
    with server.folder() as home:
        phones = prepare(home / "data")
        with server.serving(home / "data", SECRET_KEY=world.SECRET_KEY) as url:
            host = urlsplit(url).netloc
            yield from _costs(host, phones[APART:])
            yield from _waits(host, phones[APART:], seconds)
            yield _department(host, phones[:APART], seconds / 4)
    yield from batches.measure(_found, full)
    for part in (reads, first_visit, memory):
        yield from part.measure(full)
        _found.update(part.measured)


def last_line() -> str:
    """For programs: seconds (tail, first, reopened), processor milliseconds, queries (pulls), ratios, MB; bench/README.md says which."""
    return "speed: " + " ".join(f"{name} {value:.3g}" for name, value in _found.items())


def _costs(host: str, phones: list[world.Phone]) -> Iterator[Figure]:
    rng = random.Random("costs")
    makers: dict[str, Callable[[world.Phone], Request]] = {
        "photo": lambda phone: photo(phone, rng),
        "single": lambda phone: visit(phone, rng),
        "heartbeat": heartbeat,
    }
    words = {"photo": "a photo of 200 kB", "single": "a push of one record", "heartbeat": "a push of none"}
    for name, maker in makers.items():
        _found[name] = cost(host, [maker(phone) for phone in islice(cycle(phones), REQUESTS)])
        yield Figure(f"speed: {words[name]}", _found[name], "CPU-ms", LIMITS.get(name), aim=True)


def _load(host: str, phones: list[world.Phone], writers: int, seconds: float, seed: str) -> Sent:
    """So many phones write record after record, each as soon as the last one was answered."""
    sent, faults, end = Sent(), [], time.monotonic() + seconds

    def write(number: int) -> None:
        rng, connection = random.Random(f"{seed} {number}"), http.client.HTTPConnection(host, timeout=120)
        turn = cycle(phones[number % len(phones) :: writers] or phones)
        try:
            while time.monotonic() < end and not faults:
                send(connection, visit(next(turn), rng), sent)
        except Exception as error:  # told by the thread that measures
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sent


def _waits(host: str, phones: list[world.Phone], seconds: float) -> Iterator[Figure]:
    sent = _load(host, phones, WRITERS, seconds, "waits")
    ordered = sorted(sent.seconds)
    _found["tail"], _found["busy"] = ordered[int(len(ordered) * 0.99)], sent.busy
    beside = f"median {number(statistics.median(ordered))} s, slowest {number(ordered[-1])} s of {len(ordered):,} in {number(seconds)} s"
    yield Figure(
        f"speed: {WRITERS} writers, 99 of 100 within", _found["tail"], "s", LIMITS["tail"], aim=True, beside=beside
    )  # fmt: skip
    yield Figure(f"speed: {WRITERS} writers, turned away", sent.busy, "requests", 0, aim=True)


def _department(host: str, phones: list[world.Phone], seconds: float) -> Figure:
    """Records a second of one department by eight clients, of those by one; in turns, the better of two each.

    Each run has a department of its own that nobody has written to: what a day holds already makes the next record dearer.
    """
    rates: dict[int, list[float]] = {1: [], WRITERS: []}
    fresh = iter(phones)
    for run in range(2):
        for writers, found in rates.items():
            begin = time.perf_counter()
            sent = _load(host, [next(fresh)], writers, seconds / 2, f"department {run} {writers}")
            found.append(len(sent.seconds) / (time.perf_counter() - begin))
    alone, together = max(rates[1]), max(rates[WRITERS])
    _found["department"] = together / alone
    beside = f"{number(alone)} and {number(together)} records/s"
    return Figure(f"speed: one department, {WRITERS} clients of one", together / alone, "times", 1, aim=True, at_least=True, beside=beside)  # fmt: skip
