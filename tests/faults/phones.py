"""Phones under node, stepped over stdio: one JSON line to them, one back."""

import json
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = Path(__file__).with_name("phone") / "host.js"


def node() -> str:
    """The path of node: the environment's own, else one on the path."""
    own = ROOT / ".venv" / "bin" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if not found:
        raise FileNotFoundError("node is missing: python3 run.py prepare installs it")
    return found


class Phones:
    """All phones of a run, in one process that serves many runs. ``mutation``: {file, before, after} of a module."""

    def __init__(self, mutation: dict | None = None):
        words = [node(), str(HOST)] + ([json.dumps(mutation)] if mutation else [])
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        # One zone for every phone: the wall time that stands in a fact must not depend on who runs the simulation.
        self._process = subprocess.Popen(words, env={**os.environ, "TZ": "Asia/Shanghai"}, **pipes)

    def tell(self, command: dict) -> dict:
        """``{"events": […], "left": tasks still waiting, "found": what was asked for}``."""
        line = json.dumps(command, separators=(",", ":")) + "\n"
        self._process.stdin.write(line.encode())
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the phones died at {line[:300]}")
        return json.loads(answer)

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
