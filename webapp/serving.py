"""gunicorn's settings: ``gunicorn --config python:webapp.serving webapp.wsgi:app``.

Threads, not sync workers: one phone on a bad line holds a request open for a minute, and four of them starved
sync workers and were cut off at the timeout; threads wait for them and answer the others meanwhile.
"""

import os
import sys

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
worker_class = "gthread"
workers = int(os.environ.get("TOUCHA_WORKERS", "2"))
threads = int(os.environ.get("TOUCHA_THREADS", "16"))
# A worker that has answered nothing for so long is stuck; a slow upload is not, its thread waits.
timeout = 120
graceful_timeout = 20
keepalive = 15  # phones send several requests in a row over one connection
# Memory that leaks anywhere is given back now and then; the jitter keeps the workers apart.
max_requests = 20_000
max_requests_jitter = 2_000
# Workers touch a file to show that they live: not on a disk that may be slow.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  (a folder of the kernel's, not a name)
loglevel = "warning"
errorlog = "-"
# No access log: it would hold who looked at what for ever. The proxy's may, under its own retention.
accesslog = None
# It is steered by signals; a control socket would be one more thing to guard.
control_socket_disable = True
