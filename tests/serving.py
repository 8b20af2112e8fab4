"""Real servers for tests: gunicorn in a process of its own, which can be killed and started again."""

import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port on loopback that nobody uses at this moment, and that nobody else takes while its server is killed.

    Below those that the kernel gives to whoever names none; a part of its own for each process that tests in parallel.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    first = 10_000 + int(worker) % 20 * 1_000
    for port in random.sample(range(first, first + 1_000), 1_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port is free from {first} on")


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a demo server or command whose data are in ``data``."""
    unset = (
        "DATABASE_URL",
        "DATABASE_READ_URL",
        "RATELIMIT_STORAGE_URI",
        "SECRET_KEY",
        "TOUCHA_HTTPS",
        "TOUCHA_LOG",
        "TOUCHA_METRICS_TOKEN",
        "TOUCHA_PHOTOS",
        "TOUCHA_POOLER",
        "TOUCHA_PROXIES",
        "TOUCHA_WRITERS",
        "PYTHONWARNINGS",
    )
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return {**kept, "TOUCHA_DATA": str(data), "TOUCHA_DEMO": "1", **more}


def flask(data: Path, *words: str, **more: str) -> str:
    """``flask --app webapp …`` on those data; its output, or an error that shows it."""
    command = [sys.executable, "-m", "flask", "--app", "webapp", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(data, **more), capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        raise RuntimeError(
            f"flask {' '.join(words)}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        )
    return done.stdout


class RunningServer:
    """gunicorn with our settings on a port of its own; ``data`` outlives every kill."""

    root = ROOT  # the checkout whose code it runs; another one is another release
    before: tuple[str, ...] = ()  # what it is started by, such as a tracer
    app = "webapp.wsgi:app"

    def __init__(self, data: Path, **more: str):
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._more = more
        self._environment = environment(data, PORT=str(self.port), **more)
        self._log = data.parent / f"{data.name}-server.log"
        self._process = None

    def start(self) -> None:
        """Start on the same port and data; returns once it answers its ping."""
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.serving", self.app]
        command = [*self.before, *gunicorn]
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self.root, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    def kill(self) -> None:
        """SIGKILL to every process of it at once, as when the power fails."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    def kill_master(self) -> None:
        """SIGKILL to gunicorn's master alone, as the kernel does when memory runs out; its workers live on a moment."""
        self._process.kill()
        self._process.wait(30)

    @property
    def pid(self) -> int:
        """The process that was started: gunicorn's master, or what it was started by."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """SIGTERM, as a service manager says it; then the end of whatever is left."""
        if not self.running:
            return
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def flask(self, *words: str) -> str:
        """A command line on this server's data."""
        return flask(self.data, *words, **self._more)

    @property
    def log(self) -> str:
        """What the server has said so far."""
        return self._log.read_text(errors="replace")

    @property
    def log_file(self) -> Path:
        """Where it says it."""
        return self._log

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended with {self._process.returncode}:\n{self.log}")
            try:
                with urllib.request.urlopen(f"{self.url}/api/ping", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the server did not answer within a minute:\n{self.log}")


class DemoTemplate:
    """The demo county, made once by ``flask demo``, whoever else asks for it in ``folder``; :meth:`copy` is a fresh one."""

    def __init__(self, folder: Path):
        self.folder, made = folder / "demo", folder / "demo.made"
        with open(folder / "demo.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if made.exists():
                return
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir()
            flask(self.folder, "demo", "--thin")
            made.touch()

    def copy(self, folder: Path) -> Path:
        """A new data folder below ``folder``."""
        return Path(shutil.copytree(self.folder, folder / "data"))
