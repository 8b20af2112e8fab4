"""Once a day: what is hard to believe of the last two weeks, county by county, becomes cases that somebody explains."""

from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from webapp.core.clock import local_date
from webapp.core.database import db, transaction
from webapp.org.models import Unit
from webapp.recording.changes.sightings import open_sightings
from webapp.signals.queries import find

# Phones bring what they held for days: looked at again, the same sighting has the same key.
BACK = timedelta(days=14)
STAMP = "signals.day"


def run(data: Path, now: datetime) -> int:
    """Look once a day, each county in a transaction of its own; how many signals are new."""
    today, stamp = local_date(now), data / STAMP
    if _looked(stamp) == today:
        return 0
    paths = db.session.scalars(select(Unit.path).where(Unit.level == "county").order_by(Unit.code)).all()
    new = sum(_look(path, today, now) for path in paths)
    stamp.write_text(today.isoformat(), encoding="ascii")
    return new


def _look(path: str, today: date, now: datetime) -> int:
    found = find(db.session, today - BACK, today, [path])
    if not found:
        return 0
    with transaction() as session:
        return open_sightings(session, found, now)


def _looked(stamp: Path) -> date | None:
    try:
        return date.fromisoformat(stamp.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
