"""The worker that gunicorn starts: waitress takes requests in and sends answers out, threads only do the work.

gunicorn keeps what it is good at: a master that holds the port, starts and replaces processes, and hears signals. Its own
workers give a thread to each connection, though, as long as a phone on a bad line needs to send a photo: sixteen such
phones, or sixteen open connections on which nothing comes, and nobody else was answered for many seconds. waitress waits
for all of them in one loop, and a thread gets a request when it has come whole.
"""

import logging
import os
import sys
import time

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.server import create_server

# Bytes of a body; the application's own limits are lower, and its answers explain them.
LARGEST = (int(os.environ.get("TOUCHA_RESCUE_MB", "200")) + 17) * 1024 * 1024
IN_MEMORY = 1024 * 1024  # a larger body waits in a temporary file
CONNECTIONS = 400  # of one process, its temporary files beside them: far below the usual 1,024 open files
SILENCE = 120  # seconds without a byte after which a connection is closed
LOOP = 1.0  # seconds between two signs of life


class BufferingWorker(Worker):
    """A process that serves one listening socket with waitress under gunicorn's master."""

    _server = None  # until the application has been loaded

    def run(self) -> None:
        """Serve until told to stop, then end what is under way."""
        self._map: dict = {}
        server = self._server = create_server(
            self._count,
            map=self._map,
            sockets=[one.sock for one in self.sockets],
            threads=self.cfg.threads,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENCE,
            max_request_body_size=LARGEST,
            inbuf_overflow=IN_MEMORY,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # ProxyFix believes as many proxies as the settings say
            log_socket_errors=False,
            ident=None,
        )
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
