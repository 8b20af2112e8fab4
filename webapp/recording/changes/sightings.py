"""What the server finds hard to believe is journalled in the unit that it is about, so that phones learn of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.cases import sightings as cases
from webapp.recording.journal_entries import SIGNAL
from webapp.recording.writing import writing
from webapp.rulebook.queries import editions_of
from webapp.signals.rules import Sighting


def open_sightings(session: Session, sightings: Sequence[Sighting], now: datetime) -> int:
    """A case for each that has none yet; how many were new."""
    if not (new := cases.unknown(session, sightings)):
        return 0
    with writing(session, now, {one.unit for one in new}) as work:
        new = cases.unknown(session, new)  # another timer may have been quicker
        for case in cases.open_for(session, editions_of(session), new, now):
            work.note([case.unit_code], SIGNAL.name, None, case.sole)
    return len(new)
