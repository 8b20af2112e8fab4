"""Up to which arrival a work on photos is done, so that a tick asks only about those that came after; when the last tick ended."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.core.database import db, transaction, upsert
from webapp.upkeep.models import UpkeepMark

# What was received before it is in the database by now, whatever its request waited for; servers' clocks differ less.
TICK = "tick"
OVERLAP = timedelta(hours=1)


def done_before(work: str, now: datetime, method: str = "") -> datetime | None:
    """Of all photos received before that instant the work is done, by this ``method``; None: of none."""
    mark = db.session.get(UpkeepMark, work, populate_existing=True)
    # A clock that was far ahead is not believed.
    if mark is None or mark.reached != method or mark.begun_at > now + OVERLAP:
        return None
    return mark.begun_at - OVERLAP


def note_done(work: str, now: datetime, method: str = "") -> None:
    """The work is done of all photos that were received until ``now``."""
    row = {"work": work, "begun_at": now, "reached": method}
    with transaction() as session:
        upsert(session, UpkeepMark, [row], ("work",))


def tick_lag(session: Session, now: datetime) -> float | None:
    """Seconds since the last tick had done its work; None: there was none."""
    mark = session.get(UpkeepMark, TICK, populate_existing=True)
    return (now - mark.begun_at).total_seconds() if mark else None
