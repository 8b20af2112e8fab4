"""The worker that gunicorn starts: waitress takes requests in and sends answers out, threads only do the work.

gunicorn keeps what it is good at: a master that holds the port, starts and replaces processes, and hears signals. Its own
workers give a thread to each connection, though, as long as a phone on a bad line needs to send a photo: sixteen such
phones, or sixteen open connections on which nothing comes, and nobody else was answered for many seconds. waitress waits
for all of them in one loop, and a thread gets a request when it has come whole.
"""

import copy
import ctypes
import logging
import os
import sys
import time
import weakref

from flask import Flask
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.utilities import Error

from webapp.core.budgets import MEBI, Budget
from webapp.core.problems import Problem
from webapp.web.bodies import allowed_before

IN_MEMORY = 128 * 1024  # bytes; a larger body waits in a temporary file
ON_DISK = 512 * MEBI  # bytes of all such files together, if not more are needed for two queues of phones
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # their numbers in malloc.h
HEADERS = 64 * 1024  # bytes; an address and the cookies have a few thousand
CONNECTIONS = 400  # of one process, its temporary files beside them: far below the usual 1,024 open files
SILENCE = 120  # seconds without a byte after which a connection is closed
LOOP = 1.0  # seconds between two signs of life


def give_memory_back() -> None:
    """Tell glibc to return what large pictures took: by itself it keeps blocks below 32 MiB, for each thread its own."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return  # another C library
    mallopt(_MMAP_THRESHOLD, MEBI)
    mallopt(_ARENA_MAX, 2)


class Full(Error):
    """Too many large bodies are coming at once; the same request may go well later."""

    code, reason = 503, "Service Unavailable"


class Room:
    """What one body takes of a budget."""

    def __init__(self, budget: Budget):
        self._budget, self._taken = budget, 0

    def widen(self, length: int) -> None:
        """Take as much as ``length`` bytes need; raises ``busy``."""
        more = length - self._taken
        self._budget.take(more)
        self._taken += more

    def leave(self) -> None:
        """Give all of it back; again, it changes nothing."""
        taken, self._taken = self._taken, 0
        self._budget.give_back(taken)


class BoundedParser(HTTPRequestParser):
    """Refuses a body as soon as its head is here: what its door does not take, and what nobody signed in sends.

    What waits on the disk is counted as it comes, not as it is announced: who announces much and sends nothing holds no room.
    """

    app: Flask
    on_disk: Budget  # of all bodies of this process

    def __init__(self, adj):
        """One request on a connection."""
        super().__init__(adj)
        self._room = Room(self.on_disk)
        # A connection that breaks off closes nothing: the room is free again when the request is forgotten.
        weakref.finalize(self, self._room.leave).atexit = False

    def parse_header(self, header_plus) -> None:
        """The head; from here on the body has a limit of its own."""
        super().parse_header(header_plus)
        if self.body_rcv is None:
            return
        most = allowed_before(self.app, self.command, self.path, self.headers.get("COOKIE", ""))
        self.adj = copy.copy(self.adj)
        self.adj.max_request_body_size = most + 1  # waitress refuses what reaches it

    def received(self, data: bytes) -> int:
        """Bytes of the request, and how many of them were its own."""
        consumed = super().received(data)
        if self.body_bytes_received > IN_MEMORY and not self.error:
            try:
                self._room.widen(self.body_bytes_received)
            except Problem:
                self.error, self.completed = Full("too many large requests at once"), True
        return consumed

    def close(self) -> None:
        """Let the body go, and its room."""
        super().close()
        self._room.leave()


class BufferingWorker(Worker):
    """A process that serves one listening socket with waitress under gunicorn's master."""

    _server = None  # until the application has been loaded

    def run(self) -> None:
        """Serve until told to stop, then end what is under way."""
        give_memory_back()
        self._map: dict = {}
        # Two of the largest files at least: one of them alone is never too much.
        room = Budget(max(ON_DISK, 2 * self.wsgi.config["RESCUE_MAX_BYTES"]), seconds=0, waiting=0)
        parser = type("Parser", (BoundedParser,), {"app": self.wsgi, "on_disk": room})
        server = self._server = create_server(
            self._count,
            map=self._map,
            sockets=[one.sock for one in self.sockets],
            threads=self.cfg.threads,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENCE,
            max_request_header_size=HEADERS,
            inbuf_overflow=IN_MEMORY,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # ProxyFix believes as many proxies as the settings say
            log_socket_errors=False,
            ident=None,
        )
        server.channel_class = type("Channel", (HTTPChannel,), {"parser_class": parser})
        logging.getLogger("waitress.queue").setLevel(
            logging.ERROR
        )  # that a request waits for a thread is no event
        try:
            while self.alive and self.ppid == os.getppid():
                self._turn()
            self._finish(server)
        except Exception:
            self.log.exception("Exception in worker process")
            sys.exit(1)  # here, because gunicorn would print the error's words beside its log

    def handle_exit(self, sig, frame) -> None:
        """SIGTERM: wake the loop, so that it sees it at once."""
        super().handle_exit(sig, frame)
        if self._server:
            self._server.pull_trigger()

    def _count(self, environ, start_response):
        """The application; after ``max_requests`` the process makes room for a fresh one."""
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False
        return self.wsgi(environ, start_response)

    def _turn(self) -> None:
        self.notify()
        wasyncore.loop(timeout=LOOP, use_poll=True, map=self._map, count=1)

    def _finish(self, server) -> None:
        """Take no new connections; answer the requests that have begun, within ``graceful_timeout`` seconds."""
        server.accepting = False
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < deadline and self.ppid == os.getppid():
            channels = list(server.active_channels.values())
            for channel in channels:
                if not (channel.requests or channel.request or channel.total_outbufs_len):
                    channel.will_close = True
            if not channels:
                break
            self._turn()
        server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map)
