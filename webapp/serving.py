"""gunicorn's settings: ``gunicorn --config python:webapp.serving webapp.wsgi:app``.

Its own kind of worker (webapp/buffering.py): a phone on a bad line takes a minute for a photo, and must not hold a thread
meanwhile. Measured with 64 uploads at 20 kbit/s beside 100 silent connections: a ping took 10 s with gunicorn's threads,
0.2 s with this.
"""

import ctypes
import gc
import os
import shutil
import sys
import tempfile

_host = os.environ.get("TOUCHA_BIND", "127.0.0.1")
if os.environ.get("TOUCHA_DEMO", "").lower() in ("1", "true", "yes", "on") and _host not in (
    "127.0.0.1",
    "::1",
    "localhost",
):
    sys.exit(
        f"Toucha does not start: a demo, whose passwords are published, is not served on {_host} but on 127.0.0.1 only."
    )

bind = f"{f'[{_host}]' if ':' in _host else _host}:{os.environ.get('PORT', '8000')}"
worker_class = "webapp.buffering.BufferingWorker"
workers = int(os.environ.get("TOUCHA_WORKERS", "2"))
threads = int(os.environ.get("TOUCHA_THREADS", "16"))
# The application is loaded, and readiness asked, once by the master before it forks: a server that must not start says so
# once and ends with its own code (two workers that failed to boot at the same moment ended in gunicorn's traceback).
preload_app = True
# A worker whose loop has not turned for so long is stuck; slow phones and slow pages do not stop it.
timeout = 120
graceful_timeout = 20
# Memory that leaks anywhere is given back now and then; the jitter keeps the workers apart.
max_requests = 20_000
max_requests_jitter = 2_000
# Workers touch a file to show that they live: not on a disk that may be slow.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  (a folder of the kernel's, not a name)
loglevel = "warning"
errorlog = "-"
# No access log: it would hold who looked at what for ever. The proxy's may, under its own retention.
accesslog = None
# glibc gives each of a worker's threads a heap of its own, and pictures leave holes in all of them: after 4,000 requests with photos
# a worker held 234 MB with sixteen heaps. Two are enough, for one thread at a time computes.
HEAPS = 2
_M_ARENA_MAX = -8


# A request makes some thousands of objects, hardly any in circles: they need not be looked through every 700.
LOOK_AFTER = 20_000


def when_ready(_server):
    """The application is loaded and no worker forked: what is there now stays, and no collection looks at it again (60 ms each)."""
    gc.collect()
    gc.freeze()


def post_fork(_server, _worker):
    """A worker begins. Where there is no glibc there are no such heaps."""
    gc.set_threshold(LOOK_AFTER, 10, 10)
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, HEAPS)
    except (OSError, AttributeError):
        return


# What the processes count together for /metrics lies in a folder of this server's own; the library reads its name when it is loaded.
_counts = tempfile.mkdtemp(prefix="toucha-metrics-") if os.environ.get("TOUCHA_METRICS_TOKEN") else None
if _counts:
    os.environ.update(PROMETHEUS_MULTIPROC_DIR=_counts)


def on_exit(_server):
    """gunicorn's master ends: nobody counts any more."""
    if _counts:
        shutil.rmtree(_counts, ignore_errors=True)


# It is steered by signals; a control socket would be one more thing to guard.
control_socket_disable = True
