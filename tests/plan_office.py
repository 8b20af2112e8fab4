"""Plans of special checks for tests with the cast: what somebody says at the desk, and what a phone says of the calls."""

from datetime import date, datetime, timedelta

from tests.cast import CITY, LEAGUE, NEXT_RURAL, Cast
from webapp.org.models import Unit
from webapp.recording.facts import plan
from webapp.recording.operations import record_at_desk

DAY = timedelta(days=1)


def member(cast: Cast, login: str, unit: str, first: date, last: date) -> dict:
    """Somebody of the team, as a plan says it."""
    days = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    return {"person": cast.people[login], "unit": unit, **days}


def whole(first: date, *team: dict, **more) -> dict:
    """A plan of two units from ``first`` on for twelve days, three points each, reported nine days after."""
    last = first + 11 * DAY
    said = {
        "title": "接转点专项检查",
        "subject": "relay",
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "report_day": (last + 9 * DAY).isoformat(),
        "units": [CITY, NEXT_RURAL],
        "minimum": 3,
        "team": list(team),
    }
    return said | more


def step(session, me, now: datetime, op: str, owner: str = LEAGUE, **said) -> str:
    """One step of a plan at the desk; the fact's id."""
    body = plan.body(me, session.get(Unit, owner), now, op, **said)
    return record_at_desk(session, me, now, body).id
