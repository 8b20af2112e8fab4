"""Facts that came together, from a phone or in a file: all in one transaction, and one never sinks its neighbours."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from webapp.core.database import is_sqlite
from webapp.core.outages import outage
from webapp.core.problems import Problem
from webapp.recording.operations import Outcome
from webapp.recording.schemas import Entry

log = logging.getLogger(__name__)
Recorder = Callable[[list[Entry]], list[Outcome]]  # records them in a transaction of its own


def take(entries: list[Entry], record: Recorder) -> list[Outcome]:
    """Record all in one transaction; if that fails, once more, then fact by fact.

    What is the server's own trouble and no fact's (a full disk, a lost connection) fails all that is left, to be sent
    again: raises ``busy``, ``disk-full`` or ``cannot-write``.
    """
    for last in (False, True):
        try:
            return record(entries)
        except DBAPIError as error:
            log.exception("%d facts together failed", len(entries))
            _stop_at_outage(error, again=not last)
    if not entries:
        raise Problem("server-error")
    return [_alone(entry, record) for entry in entries]


def _alone(entry: Entry, record: Recorder) -> Outcome:
    try:
        return record([entry])[0]
    except DBAPIError as error:
        log.exception("fact %s cannot be stored", entry.id)
        _stop_at_outage(error, again=False)
        return Outcome(entry.id, "refused", problem=Problem("server-error"))


def _stop_at_outage(error: DBAPIError, again: bool) -> None:
    """Raise the problem of an outage; but a lost connection or a deadlock of PostgreSQL is worth another try."""
    code = outage(error)
    if code and not (again and code == "busy" and not is_sqlite()):
        raise Problem(code) from error
