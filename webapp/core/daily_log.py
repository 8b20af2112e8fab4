"""A log that begins a new file each local day. Several processes may write it: a line is one append, and none renames.

(The standard library's rotating handlers rename the file under each other's hands.)
"""

import logging
import os
from datetime import UTC, date, datetime
from pathlib import Path

from webapp.core.clock import local_date

ENDING = ".log"


class DailyLog(logging.Handler):
    """Appends each message as one line to ``<folder>/<day>.log``, readable by its owner and group only."""

    def __init__(self, folder: Path):
        super().__init__(logging.INFO)
        self._folder = Path(folder)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line; what cannot be written is told on stderr, and the answer still leaves."""
        try:
            day = local_date(datetime.fromtimestamp(record.created, UTC))
            line = self.format(record).replace("\n", " ") + "\n"
            self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            handle = os.open(
                self._folder / f"{day.isoformat()}{ENDING}", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640
            )
            try:
                os.write(handle, line.encode())
            finally:
                os.close(handle)
        except OSError:
            self.handleError(record)


def prune(folder: Path, before: date) -> int:
    """Delete the files of days before ``before``; returns how many. Files of another name are let alone."""
    old = [path for path in Path(folder).glob(f"????-??-??{ENDING}") if path.name < before.isoformat()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
