"""What a worker holds after a long day: records, photos, pulls and pages, as fast as the server takes them, for minutes (``--full``: an hour).

The kernel's own count of what each process has in memory (VmRSS), every second. What matters is the second half: by then
everything that is read once is read.
"""

import http.client
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from bench import server, world
from bench.report import Figure, number
from bench.sending import Request, Sent, batch, heartbeat, photo, prepare, send, visit

MINUTES, FULL = 4, 60
measured: dict[str, float] = {}  # by the name under which a program asks for it
WRITERS = 4
MOST, GROWTH = 200, 1.03  # MB of a worker; the second half against the first
PAGES = ("/api/sync/pull", "/app/")


def measure(full: bool = False) -> Iterator[Figure]:
    """The largest worker at the end, and how much more the second half took than the first."""
    seconds = (FULL if full else MINUTES) * 60
    with server.folder() as home:
        phones = prepare(home / "data")
        with server.serving(home / "data", SECRET_KEY=world.SECRET_KEY) as url:
            sizes, sent = _worked(urlsplit(url).netloc, phones, seconds)
    middle = len(sizes) // 2
    # Of the first half its last third: before, a process still learns.
    first, second = max(sizes[middle * 2 // 3 : middle]), max(sizes[middle:])
    measured["memory"] = second
    beside = f"{number(sent)} requests in {seconds // 60} minutes"
    yield Figure("memory: the largest worker", second, "MB", MOST, aim=True, beside=beside)
    yield Figure(
        "memory: the second half against the first", second / first, "times", GROWTH, aim=True, beside=f"{number(first)} MB then"
    )  # fmt: skip


def _worked(host: str, phones: list[world.Phone], seconds: float) -> tuple[list[int], int]:
    """(MB of the largest worker second by second, how many requests there were)."""
    end, faults, counts, sizes = time.monotonic() + seconds, [], [0] * WRITERS, []
    threads = [
        threading.Thread(target=_work, args=(host, phones[n::WRITERS], n, end, faults, counts))
        for n in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    while time.monotonic() < end and not faults:
        sizes.append(_largest())
        time.sleep(1)
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sizes, sum(counts)


def _work(
    host: str,
    phones: list[world.Phone],
    number_: int,
    end: float,
    faults: list[Exception],
    counts: list[int],
) -> None:
    rng, sent = random.Random(f"memory {number_}"), Sent()
    makers: list[Callable[[world.Phone], Request]] = [
        lambda phone: visit(phone, rng),
        lambda phone: photo(phone, rng),
        lambda phone: batch(phone, rng, 20),
        heartbeat,
    ]
    connection = http.client.HTTPConnection(host, timeout=120)
    try:
        for phone in cycle(phones):
            for make in makers:
                send(connection, make(phone), sent)
            for path in PAGES:
                _read(connection, path, phone.cookie)
            counts[number_] += len(makers) + len(PAGES)
            if time.monotonic() > end or faults:
                return
    except Exception as error:  # told by the thread that measures
        faults.append(error)
    finally:
        connection.close()


def _read(connection: http.client.HTTPConnection, path: str, cookie: str) -> None:
    connection.request("GET", path, headers={"Cookie": cookie, "X-Toucha": "1", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (200, 503):
        raise RuntimeError(f"{path} answered {answer.status}")


def _largest() -> int:
    """MB of the largest process below this one."""
    sizes = []
    for pid in server.below(os.getpid()):
        try:
            said = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue  # it has just ended
        sizes.append(int(said.partition("VmRSS:")[2].split()[0]) // 1000)
    return max(sizes, default=0)
