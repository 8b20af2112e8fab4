"""A log that begins a new file each local day. Several processes may write it: a line is one append, and none renames.

(The standard library's rotating handlers rename the file under each other's hands.)
"""

import logging
import os
from datetime import UTC, date, datetime
from pathlib import Path

from webapp.core.clock import local_date

ENDING = ".log"
log = logging.getLogger(__name__)


class DailyLog(logging.Handler):
    """Appends each message as one line to ``<folder>/<day>.log``, readable by its owner and group only."""

    def __init__(self, folder: Path):
        super().__init__(logging.INFO)
        self._folder = Path(folder)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line; what cannot be written is told on stderr, and the answer still leaves."""
        append(self._folder, datetime.fromtimestamp(record.created, UTC), self.format(record))


def append(folder: Path, at: datetime, text: str, most: int | None = None) -> None:
    """One line more in the file of the local day of ``at``, unless that has ``most`` bytes already.

    What cannot be written is told in the server's log, without its text, and the answer still leaves.
    """
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        path = folder / f"{local_date(at).isoformat()}{ENDING}"
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            if most is None or os.fstat(handle).st_size < most:
                os.write(handle, text.replace("\n", " ").encode() + b"\n")
        finally:
            os.close(handle)
    except OSError as error:
        log.error("a line of %s is not kept: %s", folder.name, error)


def lines_of(folder: Path, day: date) -> list[str]:
    """The lines of a local day, the oldest first; none where there is no file."""
    try:
        return (folder / f"{day.isoformat()}{ENDING}").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def days_of(folder: Path) -> list[date]:
    """The days that have a file, the latest first."""
    return sorted(
        (date.fromisoformat(path.stem) for path in folder.glob(f"????-??-??{ENDING}")), reverse=True
    )


def prune(folder: Path, before: date) -> int:
    """Delete the files of days before ``before``; returns how many. Files of another name are let alone."""
    old = [path for path in Path(folder).glob(f"????-??-??{ENDING}") if path.name < before.isoformat()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
