"""What a server asked the kernel for, as strace wrote it down: which requests were answered before they were durable."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CALLS = "recvfrom,sendto,fsync,fdatasync,rename,renameat,renameat2"
_LINE = re.compile(r"^(?P<thread>\d+) +(?P<rest>.*)$")
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(?P<rest>.*)$")
_ON = re.compile(r"^(?P<call>\w+)\(\d+<(?P<path>[^>]*)>")
_RENAME = re.compile(r'^rename\w*\((?:[^"]*?)"(?P<before>[^"]+)",[^"]*"(?P<after>[^"]+)"')
_BEGINS = re.compile(r'"(?P<what>POST /api/sync/push|PUT /api/photos/[0-9a-f]+)')
_ANSWERED = re.compile(r'"HTTP/1\.1 20[01] ')


def tracer(trace: Path) -> tuple[str, ...]:
    """The command that a server is started by; where no process may be traced, a failure in CI and a skip elsewhere."""
    tell = pytest.fail if os.environ.get("CI") else pytest.skip
    if shutil.which("strace") is None:
        tell("strace is missing: apt-get install strace")
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True)
    if tried.returncode:
        tell(
            f"strace may not trace here (ptrace is forbidden; a container needs SYS_PTRACE): {tried.stderr.strip()}"
        )
    return ("strace", "-f", "-y", "-s", "100", "-e", f"trace={CALLS}", "-o", str(trace))


@dataclass
class Exchange:
    """A request that was answered with success, and the calls that were done in between, in order."""

    what: str
    calls: list[str]

    def synced(self, path: str, begin: int = 0) -> int | None:
        """The number of the first call from ``begin`` on that waited for the disk to have ``path`` (its end)."""
        for number, call in enumerate(self.calls[begin:], begin):
            found = _ON.match(call)
            if found and found["call"] in ("fsync", "fdatasync") and found["path"].endswith(path):
                return number
        return None

    def renamed(self, name: str) -> tuple[int, str] | None:
        """When a file got this name, and what it was called before."""
        for number, call in enumerate(self.calls):
            found = _RENAME.match(call)
            if found and found["after"].endswith(f"/{name}"):
                return number, found["before"]
        return None


def finished(trace: str) -> list[str]:
    """The calls in the order in which they came to their end; an answer counts from when it begins to be sent."""
    begun: dict[str, str] = {}
    done = []
    for line in trace.splitlines():
        thread, rest = _LINE.match(line).group("thread", "rest")
        if rest.endswith("<unfinished ...>"):
            begun[thread] = rest.removesuffix("<unfinished ...>")
            if rest.startswith("sendto("):
                done.append(rest)
        elif resumed := _RESUMED.match(rest):
            whole = begun.pop(thread, "") + resumed["rest"]
            if not whole.startswith("sendto("):
                done.append(whole)
        else:
            done.append(rest)
    return done


def exchanges(trace: str) -> list[Exchange]:
    """Pushes and photos that were answered with success; one at a time, as the test sent them."""
    found, current = [], None
    for call in finished(trace):
        if call.startswith("recvfrom(") and (begins := _BEGINS.search(call)):
            current = Exchange(begins["what"], [])
        elif current and call.startswith("sendto(") and _ANSWERED.search(call):
            found.append(current)
            current = None
        elif current and call.endswith(" = 0"):
            current.calls.append(call)
    return found


def at_risk(exchange: Exchange, data: Path) -> list[str]:
    """What of this acknowledged request a power loss right after the answer could take away."""
    faults, begin = [], 0
    if exchange.what.startswith("PUT"):
        name = exchange.what.rpartition("/")[2]
        moved = exchange.renamed(name)
        if moved is None:
            return [f"{name} never got its name"]
        begin, draft = moved
        file = exchange.synced(draft)
        if file is None or file > begin:
            faults.append(f"the bytes of {name} were not on the disk when it got its name")
        for folder in (data / "photos" / name[:2], data / "photos", data):
            if exchange.synced(str(folder), begin) is None:
                faults.append(f"{folder.relative_to(data.parent)} was not on the disk with {name} in it")
    if exchange.synced("/toucha.sqlite-wal", begin) is None:
        faults.append(f"{exchange.what[:20]} was answered before the database was on the disk")
    return faults
