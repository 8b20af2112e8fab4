"""Whether what a figure stands on is still what it was: the digests of lines and sums as they stand now. Read only."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.ledger.models import LedgerLine
from webapp.ledger.signatures import line_digest
from webapp.org.models import Unit
from webapp.reports.asked import BELOW, sums_digest
from webapp.rulebook.periods import parse_period


def stand_now(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """{key: its digest now}; what is gone has none. One query for the lines of a period, one for the sums of a unit and period."""
    sums: dict[tuple[str, str], list[str]] = {}
    lines: dict[str, set[tuple[str, str]]] = {}
    for key in keys:
        unit, duty, period, *rest = key.split(" ")
        if rest == [BELOW]:
            sums.setdefault((unit, period), []).append(duty)
        else:
            lines.setdefault(period, set()).add((unit, duty))
    found = {}
    for (code, period), duties in sums.items():
        unit = session.get(Unit, code)
        found |= sums_digest(session, unit, duties, parse_period(period)) if unit else {}
    for period, asked in lines.items():
        query = select(LedgerLine).where(
            LedgerLine.period == period,
            LedgerLine.unit_code.in_({unit for unit, _ in asked}),
            LedgerLine.duty.in_({duty for _, duty in asked}),
        )
        for line in session.scalars(query):
            if (line.unit_code, line.duty) in asked:
                found[f"{line.unit_code} {line.duty} {period}"] = line_digest(line)
    return found


def moved(session: Session, digests: Mapping[str, str]) -> list[str]:
    """Those keys whose line or sum is not what it was when the digests were frozen."""
    now = stand_now(session, digests)
    return [key for key, then in digests.items() if now.get(key) != then]
