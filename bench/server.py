"""A real server to measure: gunicorn as ``run.py`` starts it, on data of its own beside the real ones."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp import settings

ROOT = settings.ROOT
UNSET = ("DATABASE_URL", "SECRET_KEY", "TOUCHA_HTTPS", "TOUCHA_PROXIES", "TOUCHA_BIND", "PYTHONWARNINGS")


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder on the disk of the real data (``/tmp`` may be memory, where nothing waits for a disk)."""
    parent = settings.data_directory()
    parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="bench-", dir=parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a demo server on ``data``: cookies without HTTPS, as on loopback."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**kept, "TOUCHA_DATA": str(data), "TOUCHA_DEMO": "1", **more}


@contextmanager
def serving(data: Path, **more: str) -> Iterator[str]:
    """gunicorn on ``data``; yields its address once it answers, ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.serving", "webapp.wsgi:app"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment(data, PORT=str(port), **more))
    try:
        _wait(server, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def processor_seconds() -> float:
    """What the processes that this one started, and theirs, have computed so far: of themselves and for the kernel."""
    spent = _processes()
    return sum(spent[pid][1] for pid in _below(os.getpid(), spent)) / os.sysconf("SC_CLK_TCK")


def below(pid: int) -> set[int]:
    """The processes that it started, and theirs."""
    return _below(pid, _processes())


def _processes() -> dict[int, tuple[int, int]]:
    """{process: (its parent, ticks that it has computed)}."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        found[int(stat.parent.name)] = int(words[1]), int(words[11]) + int(words[12])
    return found


def _below(pid: int, processes: dict[int, tuple[int, int]]) -> set[int]:
    own, found = {pid}, set()
    while more := {one for one, (parent, _) in processes.items() if parent in own} - found:
        found |= more
        own = more
    return found


def _wait(server: subprocess.Popen, url: str) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}; the reason stands above")
        try:
            with direct.open(f"{url}/api/ping", timeout=5):
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not answer within a minute")
