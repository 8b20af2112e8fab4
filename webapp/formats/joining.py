"""Several PDFs as one file, without their pages ever being in the memory of the process that asks."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROCESS = str(Path(__file__).with_name("join_process.py"))
SECONDS = 240  # thousands of pages take seconds, on a busy machine a minute


def join(parts: Sequence[Path], out: Path) -> None:
    """Write the pages of ``parts``, one after the other with their bookmarks, to ``out``; it is there whole or not at all.

    Raises RuntimeError with what went wrong.
    """
    paths = "\n".join(map(str, [*parts, out]))
    done = subprocess.run(  # noqa: S603 - a program of ours; the paths are of our own folder
        [sys.executable, "-I", PROCESS], input=paths.encode(), capture_output=True, timeout=SECONDS
    )
    if done.returncode:
        raise RuntimeError(f"PDFs are not joined: {done.stderr.decode(errors='replace')[-500:]}")
