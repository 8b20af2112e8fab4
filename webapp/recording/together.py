"""Many facts made on one page, such as an import: all of them or none, and each line of the ledger folded once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.ids import new_id
from webapp.org.rules import Actor
from webapp.recording.guards import Context
from webapp.recording.operations import freeze, record
from webapp.recording.schemas import entry_of
from webapp.rulebook.queries import editions_of


def record_all_at_desk(
    session: Session, actor: Actor, now: datetime, facts: Iterable[tuple[dict, dict | None]]
) -> int:
    """Record facts made on a page, each ``(open, personal)``, in their order; how many. Raises the first one's problem.

    The caller's transaction ends with the problem, so that nothing of the others stays.
    """
    rulebook = editions_of(session)
    entries = [entry_of(new_id(), *freeze({"v": 1, **open}, personal), rulebook) for open, personal in facts]
    for outcome in record(Context(session, actor, now, rulebook, actor.device_id), entries):
        if outcome.problem:
            raise outcome.problem
    return len(entries)
