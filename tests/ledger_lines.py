"""Lines of the ledger set down by hand, for what sums and shows them."""

from datetime import date

from webapp.core.clock import end_of_day
from webapp.core.database import transaction
from webapp.ledger.models import LedgerLine
from webapp.rulebook.periods import parse_period


def add_line(
    app, unit: str, duty: str, period: str, closes: date, met: bool = False, applicable: bool = True, **more
):
    """A line that closes at the end of that day."""
    span = parse_period(period)
    values = dict.fromkeys(
        ("done", "items", "passed", "failed", "drawn", "drawn_passed", "announced", "withdrawn", "voided"), 0
    )
    values |= {"required": 1, "uncertain": False, "started": met, "why": [], "edition": "2026", **more}
    with app.app_context(), transaction() as session:
        session.add(
            LedgerLine(
                unit_code=unit, duty=duty, period=period, last_day=span.last, month=span.month, as_of=span.first,
                applicable=applicable, met=met, closes_at=end_of_day(closes), **values,
            )
        )  # fmt: skip
