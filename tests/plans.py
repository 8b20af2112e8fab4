"""Steps of the plan of a special check for tests without a database: units are those of ``upper_tables``."""

from datetime import date, datetime

from tests.upper_tables import at, nov
from webapp.campaigns.rules import CHANGE, ENTER, SUMMARISE, Step

FIRST, LAST, REPORT = nov(2), nov(20), nov(30)
EARLY = at(nov(1, 10))  # entered in October


def entered(plan="plan-1", came: datetime = EARLY, **said) -> Step:
    """A plan of two units, five points each, and what it says otherwise."""
    whole = {
        "title": "2026",
        "subject": "relay",
        "first_day": FIRST,
        "last_day": LAST,
        "report_day": REPORT,
        "units": ("A1a", "A1b"),
        "minimum": 5,
        "team": (),
    }
    return Step(plan, plan, ENTER, came.date(), came, "somebody", whole | said)


def changed(came: datetime, plan="plan-1", **said) -> Step:
    """What is changed of it then."""
    return Step(f"{plan}-{came:%m%d}", plan, CHANGE, came.date(), came, "somebody", said, "改期")


def summed(issued: date, plan="plan-1", came: datetime | None = None) -> Step:
    """Its summary, issued on that day."""
    said = {"issued": issued, "text": "共检查两个投递部。", "document": None}
    return Step(f"{plan}-sum", plan, SUMMARISE, issued, came or at(issued, 20), "somebody", said)
