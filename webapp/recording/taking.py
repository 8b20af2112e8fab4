"""Facts that came together, from a phone or in a file: all in one transaction, and one never sinks its neighbours."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from webapp.core.database import is_sqlite
from webapp.core.outages import outage, told
from webapp.core.problems import Problem
from webapp.core.turns import NoTurn
from webapp.recording.entries import Entry
from webapp.recording.operations import Outcome

log = logging.getLogger(__name__)
Recorder = Callable[[list[Entry]], list[Outcome]]  # records them in a transaction of its own
Keeper = Callable[[Entry, Problem], None]  # keeps one that cannot be recorded, in a transaction of its own
UNRECORDED = "server-error"


def take(entries: list[Entry], record: Recorder, keep: Keeper) -> list[Outcome]:
    """Record all in one transaction; if that fails, once more, then fact by fact.

    What is the server's own trouble and no fact's (a full disk, a lost connection) fails all that is left, to be sent
    again: raises ``busy``, ``disk-full`` or ``cannot-write``. Whatever else one fact raises is told as its refusal, and
    the fact is kept: else the phone's queue would stand still before it for good.
    """
    for last in (False, True):
        try:
            return record(entries)
        except Problem:
            raise
        except Exception as error:
            log.error("%d facts together failed: %s", len(entries), told(error))
            stop_at_outage(error, again=not last)
            if not isinstance(error, DBAPIError):
                break  # no other writer had a part in it
    if not entries:
        raise Problem(UNRECORDED)
    return [_alone_or_kept(entry, record, keep) for entry in entries]


def _alone_or_kept(entry: Entry, record: Recorder, keep: Keeper) -> Outcome:
    outcome = _alone(entry, record)
    if outcome.problem and outcome.problem.code == UNRECORDED:
        try:
            keep(entry, outcome.problem)
        except Exception as error:
            log.error("fact %s cannot be kept either: %s", entry.id, told(error))
            stop_at_outage(error)
    return outcome


def _alone(entry: Entry, record: Recorder) -> Outcome:
    try:
        return record([entry])[0]
    except Problem:
        raise
    except Exception as error:
        log.error("fact %s cannot be stored: %s", entry.id, told(error))
        stop_at_outage(error)
        return Outcome(entry.id, "refused", problem=Problem(UNRECORDED))


def stop_at_outage(error: Exception, again: bool = False) -> None:
    """Raise the problem of an outage; but a lost connection or a deadlock of PostgreSQL is worth another try (``again``)."""
    code = outage(error)
    again = again and code == "busy" and not is_sqlite() and not isinstance(error, NoTurn)
    if code and not again:
        raise Problem(code) from error
