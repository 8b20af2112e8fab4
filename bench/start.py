"""``python3 run.py``: seconds until it says that it serves, the first time on empty data and then again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import server
from bench.report import Figure, median

AGAIN = 3  # runs on data that are there


def measure(full: bool = False) -> Iterator[Figure]:
    """The environment itself is there already: what is measured is the demo and the start."""
    with server.folder() as home:
        yield Figure("run.py: first start on empty data", _start(home / "data"), "s")
        again, beside = median(lambda: _start(home / "data"), AGAIN)
    yield Figure("run.py: started again", again, "s", 5, beside=beside)


def _start(data: Path) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "TOUCHA_DATA": str(data), "PORT": str(port)}
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, server.ROOT / "run.py"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        said = next((line for line in process.stdout if line.startswith("Ctrl-C")), None)
        took = time.monotonic() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    if said is None:
        raise RuntimeError("run.py ended before it served")
    return took
