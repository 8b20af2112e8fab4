"""Where tests write what no disk has to keep. Needs only the standard library: tests/running.py asks it, too."""

import os
import shutil

FOLDER = "/dev/shm"
ROOM = 4 * 1024**3  # bytes


def in_memory() -> str | None:
    """A folder whose files cost no disk; None where there is none, or little room as in many containers.

    A database of a test is 400 files in PostgreSQL and waits for the disk at each commit in SQLite.
    """
    roomy = os.access(FOLDER, os.W_OK) and shutil.disk_usage(FOLDER).free >= ROOM
    return FOLDER if roomy else None
