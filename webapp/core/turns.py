"""Whose turn it is to write: a fair queue in front of SQLite's write lock, and a bounded number of writers on PostgreSQL.

SQLite lets one write at a time, and lets whoever waits sleep and try again: by chance, for longer the longer one has waited. With
eight writers the unluckiest in a hundred waited 2.6 to 4.2 s, and some until they were turned away, for a lock that is held for
20 ms. Here the threads of a process come in the order in which they asked. Processes take turns by two files beside the database:
who holds ``-next`` is the next to get ``-turn``, so that a process with a long queue of its own does not shut out another one.

Whatever writes much (a tick, a rebuild) does so in many transactions, and asks anew before each: phones come in between.

It is a comfort and no safeguard: ``BEGIN IMMEDIATE`` still decides, also against programs that know nothing of the queue, and waits for
those as long again. Where the files cannot be opened or locked, each process queues alone. The files are empty; the kernel lets go of
them when a process dies, and whoever deletes them loses nothing but the order of those who wait.

PostgreSQL lets many write at a time. When it hangs, though (its synchronous standby is gone, its disk answers nothing), each request
that writes holds a thread of the process for good, and soon nobody reads a page. So at most some write at a time (:class:`Gate`);
the others wait as long as those inside come and go, and are turned away at once while nobody does.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine

STALL = 2.0  # seconds in which no writer of PostgreSQL begins or ends: it hangs
PAUSE = 0.0002  # seconds between two looks at a file that another process holds; one thread of a process looks (1 % of a core)


class NoTurn(Exception):
    """Others wrote for so long that one's turn did not come."""


class Gate:
    """Lets a number of threads in at a time, in the order in which they asked."""

    def __init__(self, places: int, stall: float | None = None):
        """``stall``: so many seconds after anybody came out or in it is taken to hang, and who asks is turned away."""
        self._places, self._free, self._stall = places, places, stall
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._moved = time.monotonic()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Wait for a place, at most so long, and have it inside; raises :class:`NoTurn`."""
        self.enter(seconds)
        try:
            yield
        finally:
            self.leave()

    def enter(self, seconds: float) -> None:
        """Wait for a place, at most so long; raises :class:`NoTurn`."""
        called, came = threading.Event(), False
        with self._guard:
            if self._free:
                self._free -= 1
                self._moved = time.monotonic()
                return
            self._waiting.append(called)
        try:
            came = self._wait(called, time.monotonic() + seconds)
        finally:  # also when the wait is interrupted
            if not came:
                self._give_up(called)
        if not came:
            raise NoTurn("others of this process write")

    def fresh(self) -> "Gate":
        """Another one, in which nobody is."""
        return Gate(self._places, self._stall)

    def leave(self) -> None:
        """Give the place to whoever waits longest."""
        with self._guard:
            self._moved = time.monotonic()
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1

    def _wait(self, called: threading.Event, deadline: float) -> bool:
        while (left := self._until(deadline) - time.monotonic()) > 0:
            if called.wait(left):
                return True
        return called.is_set()

    def _until(self, deadline: float) -> float:
        return deadline if self._stall is None else min(deadline, self._moved + self._stall)

    def _give_up(self, called: threading.Event) -> None:
        """Wait no longer; who was called at that very moment passes the place on."""
        with self._guard:
            if not called.is_set():
                self._waiting.remove(called)
                return
        self.leave()


class Turn:
    """The right to write to one database, held by one thread at a time."""

    def __init__(self, database: Path):
        """``database``: the file of SQLite; the queue's own lie beside it."""
        self._next, self._turn = (database.with_name(f"{database.name}-{end}") for end in ("next", "turn"))
        self._gate = Gate(1)

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Wait for one's turn, at most so long, and have it inside; raises :class:`NoTurn`."""
        deadline = time.monotonic() + seconds
        with self._gate.held(seconds):
            handle = self._lock_files(deadline)
            try:
                yield
            finally:
                _let_go(handle)

    def _lock_files(self, deadline: float) -> int | None:
        """Among the processes; the handle to let go of, or None where files cannot be locked here."""
        coming = _lock(self._next, deadline)
        try:
            return _lock(self._turn, deadline)
        finally:
            _let_go(coming)


def _lock(path: Path, deadline: float) -> int | None:
    """The file, locked for this handle alone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        return None
    try:
        _wait(handle, deadline)
    except OSError:  # a file system without such locks
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    return handle


def _wait(handle: int, deadline: float) -> None:
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise NoTurn("other programs write") from None
        time.sleep(PAUSE)


def _let_go(handle: int | None) -> None:
    """By word too, not by closing alone: a program that was started meanwhile may have a copy of the handle for a moment.

    Raises nothing: what was written inside is committed already.
    """
    if handle is not None:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_UN)
        with suppress(OSError):
            os.close(handle)


turn_at = cache(Turn)
_gates: WeakKeyDictionary[Engine, Gate] = WeakKeyDictionary()


def _forget_threads() -> None:
    """Of a copied process only the thread that copied it lives on: nobody there gives back a turn that another thread held."""
    turn_at.cache_clear()
    for engine, gate in list(_gates.items()):
        _gates[engine] = gate.fresh()


os.register_at_fork(after_in_child=_forget_threads)


def limit_writers(engine: Engine, places: int) -> None:
    """So many threads of this process may write to that PostgreSQL at a time; SQLite has its own queue."""
    if engine.dialect.name == "postgresql":
        _gates[engine] = Gate(places, STALL)


def turn_of(engine: Engine, seconds: float):
    """One's turn at the engine's database, to be used by ``with``; in memory, and of PostgreSQL without a limit, none is waited for."""
    gate = _gates.get(engine)
    if gate is not None:
        return gate.held(seconds)
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return nullcontext()
    return turn_at(Path(name)).held(seconds)
