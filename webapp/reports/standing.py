"""Whether what a figure stands on is still what it was: the digests of lines and sums as they stand now. Read only."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from webapp.ledger.models import LedgerLine
from webapp.ledger.signatures import line_digest
from webapp.org.models import Unit
from webapp.reports.asked import BELOW, sums_digest
from webapp.rulebook.periods import parse_period


def stand_now(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """{key: its digest now}; what is gone has none."""
    found = {}
    for key in keys:
        unit, duty, period, *rest = key.split(" ")
        if rest == [BELOW]:
            of = session.get(Unit, unit)
            found |= sums_digest(session, of, [duty], parse_period(period)) if of else {}
        elif (line := session.get(LedgerLine, (unit, duty, period))) is not None:
            found[key] = line_digest(line)
    return found
