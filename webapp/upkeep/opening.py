"""What `flask tick` does with the ledger: it opens the lines of the units that are due, each in a transaction of its own.

Several ticks at once, of one server or more, share the units: what one has locked the others leave to it.
"""

from datetime import datetime

from webapp.core.database import db, transaction
from webapp.journal import chain
from webapp.ledger.due import due_units, is_due
from webapp.ledger.operations import open_lines
from webapp.org.models import Unit
from webapp.recording.writing import writing


def run(now: datetime) -> int:
    """Open what is due; how many lines were looked at. Idempotent."""
    lines, left = 0, []
    for code in due_units(db.session, now):
        opened = _open(code, now)
        if opened is None:
            left.append(code)
        else:
            lines += opened
    # Somebody was writing there, a phone or another tick: after it, if it is still due.
    return lines + sum(_open(code, now, wait=True) or 0 for code in left)


def _open(code: str, now: datetime, wait: bool = False) -> int | None:
    """How many lines; None where somebody holds the unit's journal and is not waited for."""
    with transaction() as session:
        if not wait and not chain.lock_free(session, code):
            return None
        # A push of the same unit waits, and folds what it then finds.
        with writing(session, now, [code]):
            return open_lines(session, session.get(Unit, code), now) if is_due(session, code, now) else 0
